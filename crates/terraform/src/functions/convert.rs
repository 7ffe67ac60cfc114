//! Functions that change the type of a value or how it is marked.

use super::OnUnknown::{Handles, Shallow};
use super::{BOOL, Call, Function, LIST, MANY, MAP, NUMBER, STRING, function};
use crate::types::{Type, convert, set_of};
use crate::value::{describe, has_sensitive};
use proofmark_hcl::Expr;
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("tostring", 1, 1, STRING, Shallow, |call| to(call, &Type::String)),
    function("tonumber", 1, 1, NUMBER, Shallow, |call| to(call, &Type::Number)),
    function("tobool", 1, 1, BOOL, Shallow, |call| to(call, &Type::Bool)),
    function("tolist", 1, 1, LIST, Shallow, to_list),
    function("toset", 1, 1, LIST, Shallow, to_set),
    function("tomap", 1, 1, MAP, Shallow, to_map),
    function("sensitive", 1, 1, None, Handles, |call| {
        Ok(Value { is_sensitive: true, ..call.argument(0)?.clone() })
    }),
    function("nonsensitive", 1, 1, None, Handles, |call| {
        Ok(Value { is_sensitive: false, ..call.argument(0)?.clone() })
    }),
    function("issensitive", 1, 1, BOOL, Shallow, |call| {
        call.data(Data::Bool(has_sensitive(call.argument(0)?)))
    }),
    function("ephemeralasnull", 1, 1, None, Handles, |call| Ok(call.argument(0)?.clone())),
    function("coalesce", 1, MANY, None, Handles, coalesce),
];

fn to(call: &Call<'_>, kind: &Type) -> Result<Value, String> {
    let mut no_default = |_: &Expr| Value::new(Data::Null, call.span);
    convert(call.argument(0)?.clone(), kind, &mut no_default)
}

fn to_list(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::List(_) | Data::Null => Ok(value.clone()),
        _ => Err(format!("a list is required, and this is {}", describe(value))),
    }
}

fn to_set(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::List(elements) => {
            Ok(Value { data: Data::List(set_of(elements.to_vec()).into()), ..value.clone() })
        }
        Data::Null => Ok(value.clone()),
        _ => Err(format!("a set is required, and this is {}", describe(value))),
    }
}

fn to_map(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::Map(_) | Data::Null => Ok(value.clone()),
        _ => Err(format!("a map is required, and this is {}", describe(value))),
    }
}

/// The first argument that is neither null nor an empty text.
fn coalesce(call: &Call<'_>) -> Result<Value, String> {
    for value in call.arguments {
        match &value.data {
            Data::Null => {}
            Data::String(text) if text.is_empty() => {}
            Data::Unknown(unknown) if !unknown.known.is_set => {
                let rest: Vec<&Value> = call.arguments.iter().collect();
                return Ok(crate::value::unknown_from(unknown.known.shape, call.span, &rest));
            }
            _ => return Ok(value.clone()),
        }
    }
    Err(String::from("all arguments are null or empty"))
}

//! Functions that change the type of a value or how it is marked.

use super::{BOOL, Call, Function, LIST, MANY, MAP, NUMBER, STRING, function};
use crate::types::{Type, convert, set_of};
use crate::value::{describe, has_sensitive};
use proofmark_hcl::Expr;
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("tostring", (1, 1), STRING, |call| to(call, &Type::String)).shallow(),
    function("tonumber", (1, 1), NUMBER, |call| to(call, &Type::Number)).shallow(),
    function("tobool", (1, 1), BOOL, |call| to(call, &Type::Bool)).shallow(),
    function("tolist", (1, 1), LIST, to_list).shallow(),
    function("toset", (1, 1), LIST, to_set).shallow(),
    function("tomap", (1, 1), MAP, to_map).shallow(),
    function("sensitive", (1, 1), None, |call| {
        Ok(Value { is_sensitive: true, ..Value::clone(call.argument(0)?) })
    })
    .handles_unknown(),
    function("nonsensitive", (1, 1), None, |call| {
        Ok(Value { is_sensitive: false, ..Value::clone(call.argument(0)?) })
    })
    .handles_unknown(),
    function("issensitive", (1, 1), BOOL, |call| call.data(Data::Bool(has_sensitive(call.argument(0)?))))
        .shallow(),
    function("ephemeralasnull", (1, 1), None, |call| Ok(Value::clone(call.argument(0)?))).handles_unknown(),
    function("coalesce", (1, MANY), None, coalesce).handles_unknown(),
];

fn to(call: &Call<'_>, kind: &Type) -> Result<Value, String> {
    let mut no_default = |_: &Expr| Value::new(Data::Null, call.span);
    convert(Value::clone(call.argument(0)?), kind, &mut no_default)
}

fn to_list(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::List(_) | Data::Null => Ok(Value::clone(value)),
        _ => Err(format!("a list is required, and this is {}", describe(value))),
    }
}

fn to_set(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::List(elements) => Ok(value.with_data(Data::List(set_of(elements.to_vec()).into()))),
        Data::Null => Ok(Value::clone(value)),
        _ => Err(format!("a set is required, and this is {}", describe(value))),
    }
}

fn to_map(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::Map(_) | Data::Null => Ok(Value::clone(value)),
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
            _ => return Ok(Value::clone(value)),
        }
    }
    Err(String::from("all arguments are null or empty"))
}

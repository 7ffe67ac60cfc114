//! Functions that change the type of a value or how it is marked.

use super::{Call, Function, MANY, OnUnknown, encode_json};
use crate::types::{Type, convert, set_of};
use crate::value::{describe, has_sensitive, is_wholly_known};
use proofmark_hcl::Expr;
use proofmark_model::{Data, Shape, StepKind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "tostring", arity: (1, 1), shape: Some(Shape::String), unknown: OnUnknown::Shallow, run: |call| to(call, &Type::String) },
    Function { name: "tonumber", arity: (1, 1), shape: Some(Shape::Number), unknown: OnUnknown::Shallow, run: |call| to(call, &Type::Number) },
    Function { name: "tobool", arity: (1, 1), shape: Some(Shape::Bool), unknown: OnUnknown::Shallow, run: |call| to(call, &Type::Bool) },
    Function { name: "tolist", arity: (1, 1), shape: Some(Shape::List), unknown: OnUnknown::Shallow, run: to_list },
    Function { name: "toset", arity: (1, 1), shape: Some(Shape::List), unknown: OnUnknown::Shallow, run: to_set },
    Function { name: "tomap", arity: (1, 1), shape: Some(Shape::Map), unknown: OnUnknown::Shallow, run: to_map },
    Function { name: "sensitive", arity: (1, 1), shape: None, unknown: OnUnknown::Handles, run: |call| Ok(Value { is_sensitive: true, ..call.argument(0)?.clone() }) },
    Function { name: "nonsensitive", arity: (1, 1), shape: None, unknown: OnUnknown::Handles, run: |call| Ok(Value { is_sensitive: false, ..call.argument(0)?.clone() }) },
    Function { name: "issensitive", arity: (1, 1), shape: Some(Shape::Bool), unknown: OnUnknown::Shallow, run: |call| call.data(Data::Bool(has_sensitive(call.argument(0)?))) },
    Function { name: "ephemeralasnull", arity: (1, 1), shape: None, unknown: OnUnknown::Handles, run: |call| Ok(call.argument(0)?.clone()) },
    Function { name: "jsonencode", arity: (1, 1), shape: Some(Shape::String), unknown: OnUnknown::Shallow, run: json_encode },
    Function { name: "coalesce", arity: (1, MANY), shape: None, unknown: OnUnknown::Handles, run: coalesce },
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
        Data::List(elements) => Ok(Value { data: Data::List(set_of(elements.to_vec()).into()), ..value.clone() }),
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

/// A text where everything is known; else the structure itself, so that rules can still read what is known of it.
fn json_encode(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    if is_wholly_known(value) {
        return call.string(encode_json(value));
    }
    Ok(Value { origin: value.origin.used_at(call.span, StepKind::Operand), ..value.clone() })
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

//! Functions that change the type of a value or how it is marked, or choose among values.

use super::signature::{Function, any, function};
use super::{BOOL, Call, LIST, MAP, Made, NUMBER, STRING, wrong};
use crate::conversion::convert_plain;
use crate::types::{Type, unify};
use crate::value::{describe, is_wholly_known, unknown_from};
use proofmark_model::{Data, ListKind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("tostring", &[any("v").or_null()], STRING, |call| to(call, &Type::String)).shallow(),
    function("tonumber", &[any("v").or_null()], NUMBER, |call| to(call, &Type::Number)).shallow(),
    function("tobool", &[any("v").or_null()], BOOL, |call| to(call, &Type::Bool)).shallow(),
    function("tolist", &[any("v").or_null()], LIST, to_list).shallow().keeps_marks(),
    function("toset", &[any("v").or_null()], LIST, |call| to(call, &Type::Set(Box::new(Type::Any))))
        .shallow(),
    function("tomap", &[any("v").or_null()], MAP, |call| to(call, &Type::Map(Box::new(Type::Any))))
        .shallow()
        .keeps_marks(),
    function("sensitive", &[any("value").or_null()], None, |call| marked(call, true))
        .handles_unknown()
        .handles_sensitive(),
    function("nonsensitive", &[any("value").or_null()], None, |call| marked(call, false))
        .handles_unknown()
        .handles_sensitive(),
    function("issensitive", &[any("value").or_null()], BOOL, is_sensitive)
        .handles_unknown()
        .handles_sensitive(),
    function("ephemeralasnull", &[any("value").or_null()], None, |call| Ok(Value::clone(call.argument(0)?)))
        .handles_unknown()
        .keeps_marks(),
    function("coalesce", &[], None, coalesce).and_many(any("vals").or_null()).handles_unknown(),
];

fn to(call: &Call<'_>, kind: &Type) -> Made {
    Ok(convert_plain(Value::clone(call.argument(0)?), kind)?)
}

/// A list. The places of a set's elements are not known while one element is not.
fn to_list(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    match &value.data {
        Data::List(elements) if elements.kind() == ListKind::Set && !is_wholly_known(value) => {
            call.unknown_shape(LIST)
        }
        _ => to(call, &Type::List(Box::new(Type::Any))),
    }
}

fn marked(call: &Call<'_>, is_sensitive: bool) -> Made {
    Ok(Value { is_sensitive, ..Value::clone(call.argument(0)?) })
}

/// Whether the value itself is sensitive; what is inside it does not count. One that is not known may become so.
fn is_sensitive(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    if value.as_unknown().is_some() && !value.is_sensitive {
        return call.unknown_shape(BOOL);
    }
    call.bool(value.is_sensitive)
}

/// The first argument that is neither null nor an empty text, as the one type that all of them can become.
fn coalesce(call: &Call<'_>) -> Made {
    let types: Vec<Type> = call.arguments.iter().map(Type::of).collect();
    let Some(kind) = unify(&types).filter(|_| !types.is_empty()) else {
        let all: Vec<&str> = call.arguments.iter().map(describe).collect();
        return wrong(format!("all arguments must have one type, and these are {}", all.join(", ")));
    };
    for value in call.arguments {
        match &value.data {
            Data::Null => {}
            Data::String(text) if text.is_empty() => {}
            Data::Unknown(unknown) if !unknown.known.is_set => {
                let rest: Vec<&Value> = call.arguments.iter().collect();
                return Ok(unknown_from(kind.shape().or(unknown.known.shape), call.span, &rest));
            }
            _ => return Ok(convert_plain(Value::clone(value), &kind)?),
        }
    }
    wrong("all arguments are null or empty")
}

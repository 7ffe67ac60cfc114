//! Functions over lists, sets and maps.

use super::{Call, Function, MANY, OnUnknown};
use crate::value::{describe, number};
use proofmark_model::{Attribute, Data, Map, Shape, Value};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "length", arity: (1, 1), shape: Some(Shape::Number), unknown: OnUnknown::Handles, run: length },
    Function { name: "merge", arity: (0, MANY), shape: Some(Shape::Map), unknown: OnUnknown::Handles, run: merge },
];

#[allow(clippy::cast_precision_loss, reason = "no collection is that large")]
fn length(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::List(elements) => call.data(number(elements.len() as f64)),
        Data::Map(map) if map.unknown_rest.is_none() => call.data(number(map.entries().len() as f64)),
        Data::String(text) => call.data(number(text.chars().count() as f64)),
        Data::Unknown(_) | Data::Map(_) => Ok(crate::value::unknown_from(Some(Shape::Number), call.span, &[value])),
        _ => Err(format!("a list, map or string is required, and this is {}", describe(value))),
    }
}

fn merge(call: &Call<'_>) -> Result<Value, String> {
    let mut entries: Vec<Attribute> = Vec::new();
    let mut rest = None;
    for value in call.arguments {
        match &value.data {
            Data::Null => {}
            Data::Map(map) => {
                entries.extend(map.entries().iter().cloned());
                rest = rest.or_else(|| map.unknown_rest.as_ref().map(Arc::clone));
            }
            Data::Unknown(unknown) => {
                // What came before may be overwritten by what is not known.
                entries.clear();
                rest = Some(Arc::clone(unknown));
            }
            _ => return Err(format!("maps are required, and this is {}", describe(value))),
        }
    }
    let mut merged = Map::new(entries);
    merged.unknown_rest = rest;
    call.data(Data::Map(Arc::new(merged)))
}

//! Functions over sets.

use super::{Call, Function, LIST, MANY, function};
use crate::limits::MAX_ELEMENTS;
use crate::types::set_of;
use crate::value::to_text;
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("setunion", (1, MANY), LIST, set_union),
    function("setintersection", (1, MANY), LIST, set_intersection),
    function("setsubtract", (2, 2), LIST, set_subtract),
    function("setsymmetricdifference", (1, MANY), LIST, set_difference),
    function("setproduct", (2, MANY), LIST, set_product),
];

fn holds(elements: &[Value], wanted: &Value) -> bool {
    elements.iter().any(|element| {
        element.data == wanted.data || (to_text(wanted).is_some() && to_text(element) == to_text(wanted))
    })
}

fn set_union(call: &Call<'_>) -> Result<Value, String> {
    let mut all = Vec::new();
    for index in 0..call.arguments.len() {
        all.extend_from_slice(call.list(index)?);
    }
    call.values(set_of(all))
}

fn set_intersection(call: &Call<'_>) -> Result<Value, String> {
    let mut kept = call.list(0)?.to_vec();
    for index in 1..call.arguments.len() {
        let other = call.list(index)?;
        kept.retain(|element| holds(other, element));
    }
    call.values(set_of(kept))
}

fn set_subtract(call: &Call<'_>) -> Result<Value, String> {
    let removed = call.list(1)?;
    let kept = call.list(0)?.iter().filter(|element| !holds(removed, element)).cloned().collect();
    call.values(set_of(kept))
}

fn set_difference(call: &Call<'_>) -> Result<Value, String> {
    let mut current = call.list(0)?.to_vec();
    for index in 1..call.arguments.len() {
        let other = call.list(index)?;
        let mut next: Vec<Value> = current.iter().filter(|element| !holds(other, element)).cloned().collect();
        next.extend(other.iter().filter(|element| !holds(&current, element)).cloned());
        current = next;
    }
    call.values(set_of(current))
}

fn set_product(call: &Call<'_>) -> Result<Value, String> {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for index in 0..call.arguments.len() {
        let elements = call.list(index)?;
        if rows.len().saturating_mul(elements.len()) > MAX_ELEMENTS {
            return Err(format!("more than {MAX_ELEMENTS} elements"));
        }
        let mut longer = Vec::with_capacity(rows.len() * elements.len());
        for row in &rows {
            longer.extend(elements.iter().map(|element| row.iter().chain([element]).cloned().collect()));
        }
        rows = longer;
    }
    call.data(Data::List(rows.into_iter().map(|row| Value::list(row, call.span)).collect()))
}

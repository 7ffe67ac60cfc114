//! Functions over sets.

use super::signature::{Function, any, function, set};
use super::{Call, LIST, Made, Refusal, check_count, encode_json, wrong};
use crate::conversion::{convert_plain, set_of};
use crate::types::Type;
use crate::value::{describe, is_wholly_known};
use proofmark_model::{Data, Known, ListKind, SmolStr, Value};
use std::collections::BTreeSet;

pub(super) const FUNCTIONS: &[Function] = &[
    function("setunion", &[set("first_set")], LIST, set_union).and_many(set("other_sets")).shallow(),
    function("setintersection", &[set("first_set")], LIST, |call| narrowed(call, intersection))
        .and_many(set("other_sets"))
        .handles_unknown(),
    function("setsubtract", &[set("a"), set("b")], LIST, |call| narrowed(call, subtraction))
        .handles_unknown(),
    function("setsymmetricdifference", &[set("first_set")], LIST, set_difference).and_many(set("other_sets")),
    function("setproduct", &[], LIST, set_product).and_many(any("sets")).handles_unknown().keeps_marks(),
];

/// The elements of all arguments as those of one set: converted to one type.
fn one_type(call: &Call<'_>) -> Result<Vec<Vec<Value>>, Refusal> {
    let lists: Vec<&[Value]> = call.arguments.iter().filter_map(Value::as_list).collect();
    let all: Vec<Value> = lists.iter().flat_map(|list| list.iter().cloned()).collect();
    let kind = Type::List(Box::new(Type::Any));
    let converted = convert_plain(Value::list(all, call.span), &kind)
        .map_err(|_| "the elements of all sets must have one type")?;
    let mut rest = converted.as_list().unwrap_or(&[]);
    let mut parts = Vec::with_capacity(lists.len());
    for list in lists {
        let (part, after) = rest.split_at_checked(list.len()).unwrap_or((rest, &[]));
        parts.push(part.to_vec());
        rest = after;
    }
    Ok(parts)
}

/// What tells known elements of one type apart.
fn keys_of(elements: &[Value]) -> BTreeSet<SmolStr> {
    elements.iter().map(encode_json).collect()
}

fn set_union(call: &Call<'_>) -> Made {
    let all: Vec<Value> = one_type(call)?.into_iter().flatten().collect();
    check_count(all.len())?;
    call.elements(ListKind::Set, set_of(all))
}

/// A set that is made by taking elements away: what is not known can only take away more.
fn narrowed(call: &Call<'_>, narrow: fn(Vec<Vec<Value>>) -> Vec<Value>) -> Made {
    let first = call.argument(0)?;
    if call.arguments.iter().all(is_wholly_known) {
        return call.elements(ListKind::Set, set_of(narrow(one_type(call)?)));
    }
    let most = first.as_list().map(|elements| elements.len() as u64);
    let known = Known { shape: LIST, max_length: most, ..Known::default() };
    call.unknown(known, &call.arguments.iter().collect::<Vec<_>>())
}

fn intersection(sets: Vec<Vec<Value>>) -> Vec<Value> {
    let mut sets = sets.into_iter();
    let mut kept = sets.next().unwrap_or_default();
    for other in sets {
        let keys = keys_of(&other);
        kept.retain(|element| keys.contains(&encode_json(element)));
    }
    kept
}

fn subtraction(sets: Vec<Vec<Value>>) -> Vec<Value> {
    let mut sets = sets.into_iter();
    let mut kept = sets.next().unwrap_or_default();
    for other in sets {
        let keys = keys_of(&other);
        kept.retain(|element| !keys.contains(&encode_json(element)));
    }
    kept
}

fn set_difference(call: &Call<'_>) -> Made {
    let mut sets = one_type(call)?.into_iter();
    let mut current = sets.next().unwrap_or_default();
    for other in sets {
        let (here, there) = (keys_of(&current), keys_of(&other));
        current.retain(|element| !there.contains(&encode_json(element)));
        current.extend(other.into_iter().filter(|element| !here.contains(&encode_json(element))));
    }
    call.elements(ListKind::Set, set_of(current))
}

fn set_product(call: &Call<'_>) -> Made {
    if call.arguments.len() < 2 {
        return wrong("at least two sets are required");
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let mut is_set = false;
    for value in call.arguments {
        let Data::List(elements) = &value.data else {
            if value.as_unknown().is_some() {
                return call.unknown_shape(LIST);
            }
            return wrong(format!("`sets` must be sets or lists, and one is {}", describe(value)));
        };
        is_set |= elements.kind() == ListKind::Set;
        check_count(rows.len().saturating_mul(elements.len()))?;
        let elements = elements_of_one_type(value)?;
        let mut longer = Vec::with_capacity(rows.len() * elements.len());
        for row in &rows {
            longer.extend(elements.iter().map(|element| row.iter().chain([element]).cloned().collect()));
        }
        rows = longer;
    }
    let rows: Vec<Value> = rows.into_iter().map(|row| Value::list(row, call.span)).collect();
    if is_set && !call.arguments.iter().all(is_wholly_known) {
        return call.unknown_shape(LIST);
    }
    if is_set { call.elements(ListKind::Set, set_of(rows)) } else { call.elements(ListKind::List, rows) }
}

fn elements_of_one_type(value: &Value) -> Result<Vec<Value>, Refusal> {
    let converted = convert_plain(Value::clone(value), &Type::List(Box::new(Type::Any)))?;
    Ok(converted.as_list().unwrap_or(&[]).to_vec())
}

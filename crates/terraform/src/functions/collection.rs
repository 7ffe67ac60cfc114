//! Functions that read lists, sets and maps.

use super::signature::{Function, Kind, Parameter, any, function, list, number, string};
use super::{BOOL, Call, LIST, Made, NUMBER, Refusal, encode_json, wrong};
use crate::conversion::convert_plain;
use crate::operators::equality;
use crate::types::Type;
use crate::value::{describe, is_encoded, is_wholly_known, to_bool, unknown_from};
use proofmark_model::{Data, Elements, ListKind, MapKind, SmolStr, Value};
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    function("length", &[any("value")], NUMBER, length).handles_unknown().handles_sensitive(),
    function("keys", &[any("inputMap")], LIST, keys).shallow().keeps_marks(),
    function("values", &[any("mapping")], LIST, values).shallow().keeps_marks(),
    function("lookup", &[any("inputMap"), string("key")], None, lookup)
        .or_one(any("default").or_null())
        .handles_unknown()
        .handles_sensitive(),
    function("element", &[any("list"), number("index")], None, element).shallow().keeps_marks(),
    function("index", &[any("list"), any("value")], NUMBER, index).handles_unknown(),
    function("contains", &[any("list"), any("value")], BOOL, contains).handles_unknown(),
    function("slice", &[any("list"), number("start_index"), number("end_index")], LIST, slice)
        .shallow()
        .keeps_marks(),
    function("reverse", &[any("list")], LIST, reverse).shallow().keeps_marks(),
    function("one", &[any("list")], None, one).shallow().keeps_marks(),
    function("alltrue", &[bools("list")], BOOL, |call| truth(call, false)).handles_unknown(),
    function("anytrue", &[bools("list")], BOOL, |call| truth(call, true)).handles_unknown(),
    function("matchkeys", &[list("values"), list("keys"), list("searchset")], LIST, match_keys),
];

const fn bools(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Bools, takes_null: false }
}

/// Whether a set holds an element that is not known, and that may so equal another.
fn is_open_set(elements: &Elements) -> bool {
    elements.kind() == ListKind::Set && elements.len() > 1 && !elements.iter().all(is_wholly_known)
}

fn length(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let size = match &value.data {
        _ if is_encoded(value) => return call.unknown_shape(NUMBER),
        Data::List(elements) if is_open_set(elements) => return call.unknown_shape(NUMBER),
        Data::List(elements) => elements.len(),
        Data::Map(map) if map.unknown_rest.is_none() => map.entries().len(),
        Data::String(text) => text.graphemes(true).count(),
        Data::Unknown(_) | Data::Map(_) => return call.unknown_shape(NUMBER),
        _ => {
            return wrong(format!("a string, list, set or map is required, and this is {}", describe(value)));
        }
    };
    let made = call.data(Data::Integer(i64::try_from(size).unwrap_or(i64::MAX)))?;
    Ok(Value { is_sensitive: value.is_sensitive, ..made })
}

fn keys(call: &Call<'_>) -> Made {
    let map = call.map(0)?;
    if map.unknown_rest.is_some() {
        return call.unknown_shape(LIST);
    }
    let keys = map.entries().iter().map(|entry| Value::string(SmolStr::clone(&entry.name), entry.name_span));
    call.elements(list_like(map.kind), keys.collect())
}

fn values(call: &Call<'_>) -> Made {
    let map = call.map(0)?;
    if map.unknown_rest.is_some() {
        return call.unknown_shape(LIST);
    }
    let values = map.entries().iter().map(|entry| Value::clone(&entry.value));
    call.elements(list_like(map.kind), values.collect())
}

/// Maps give lists, objects give tuples.
fn list_like(kind: MapKind) -> ListKind {
    if kind == MapKind::Map { ListKind::List } else { ListKind::Tuple }
}

fn lookup(call: &Call<'_>) -> Made {
    let (value, key) = (call.argument(0)?, call.argument(1)?);
    let default = call.arguments.get(2);
    let is_sensitive = value.is_sensitive || key.is_sensitive;
    if value.as_unknown().is_some() || key.as_unknown().is_some() {
        let made = call.unknown_shape(None)?;
        return Ok(Value { is_sensitive: made.is_sensitive || is_sensitive, ..made });
    }
    let map = call.map(0)?;
    let name = call.text(1)?;
    let found = match (map.value(&name), &map.unknown_rest, default) {
        (Some(found), _, _) => Value::clone(found),
        (None, Some(_), _) => unknown_from(None, call.span, &[value]),
        (None, None, Some(default)) => like_the_others(call, map.kind, default)?,
        (None, None, None) => return wrong(format!("the map has no key `{name}`")),
    };
    Ok(Value { is_sensitive: found.is_sensitive || is_sensitive, ..found })
}

/// The default of `lookup`, which has the type of a map's other values.
fn like_the_others(call: &Call<'_>, kind: MapKind, default: &Value) -> Made {
    let first = call.map(0)?.entries().first().map(|entry| &entry.value);
    let (MapKind::Map, Some(first)) = (kind, first) else { return Ok(Value::clone(default)) };
    let wanted = match &first.data {
        Data::String(_) => Type::String,
        Data::Integer(_) | Data::Float(_) => Type::Number,
        Data::Bool(_) => Type::Bool,
        Data::List(_) => Type::List(Box::new(Type::Any)),
        Data::Map(_) => Type::Map(Box::new(Type::Any)),
        Data::Null | Data::Unknown(_) => Type::Any,
    };
    let converted = convert_plain(Value::clone(default), &wanted);
    Ok(converted.map_err(|message| format!("`default` must be like the values of the map: {message}"))?)
}

/// The elements of a list or tuple, whose places mean something.
fn places<'c>(call: &'c Call<'_>, index: usize) -> Result<&'c Elements, Refusal> {
    let value = call.argument(index)?;
    match &value.data {
        Data::List(elements) if elements.kind() != ListKind::Set => Ok(elements),
        Data::List(_) => wrong("a list is required, and this is a set, whose elements have no places"),
        _ => wrong(format!("a list is required, and this is {}", describe(value))),
    }
}

fn element(call: &Call<'_>) -> Made {
    let elements = places(call, 0)?;
    let (size, index) = (i64::try_from(elements.len()).unwrap_or(i64::MAX), call.integer(1)?);
    if size == 0 {
        return wrong("the list is empty");
    }
    if index < 0 {
        return wrong("`index` must not be negative");
    }
    let found = usize::try_from(index.rem_euclid(size)).ok().and_then(|place| elements.get(place));
    found.cloned().ok_or_else(|| "there is no such element".into())
}

fn index(call: &Call<'_>) -> Made {
    let (list, wanted) = (call.argument(0)?, call.argument(1)?);
    if list.as_unknown().is_some() || wanted.as_unknown().is_some() {
        return call.unknown_shape(NUMBER);
    }
    for (place, element) in places(call, 0)?.iter().enumerate() {
        match equality(element, wanted) {
            Some(true) => return call.data(Data::Integer(i64::try_from(place).unwrap_or(i64::MAX))),
            Some(false) => {}
            None => return call.unknown_shape(NUMBER),
        }
    }
    wrong("the list does not hold the value")
}

fn contains(call: &Call<'_>) -> Made {
    let (list, wanted) = (call.argument(0)?, call.argument(1)?);
    if list.as_unknown().is_some() {
        return call.unknown_shape(BOOL);
    }
    let mut is_unknown = false;
    for element in call.list(0)? {
        match equality(element, wanted) {
            Some(true) => return call.bool(true),
            Some(false) => {}
            None => is_unknown = true,
        }
    }
    if is_unknown { call.unknown_shape(BOOL) } else { call.bool(false) }
}

fn slice(call: &Call<'_>) -> Made {
    let elements = places(call, 0)?;
    let (start, end) = (usize::try_from(call.integer(1)?), usize::try_from(call.integer(2)?));
    let (Ok(start), Ok(end)) = (start, end) else { return wrong("the places must not be negative") };
    if start > end {
        return wrong("`start_index` must not be greater than `end_index`");
    }
    match elements.get(start..end) {
        Some(found) => call.elements(elements.kind(), found.to_vec()),
        None => wrong(format!("`end_index` must not be greater than the {} elements", elements.len())),
    }
}

fn reverse(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let Data::List(elements) = &value.data else {
        return wrong(format!("a list is required, and this is {}", describe(value)));
    };
    let kind = if elements.kind() == ListKind::Tuple { ListKind::Tuple } else { ListKind::List };
    call.elements(kind, elements.iter().rev().cloned().collect())
}

fn one(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let Data::List(elements) = &value.data else {
        return wrong(format!("a list or set is required, and this is {}", describe(value)));
    };
    if is_open_set(elements) {
        return call.unknown_shape(None);
    }
    match &elements[..] {
        [] => call.data(Data::Null),
        [only] => Ok(Value::clone(only)),
        _ => wrong(format!("at most one element is allowed, and there are {}", elements.len())),
    }
}

/// Whether one element is `decisive`, or else none is. Null counts as false.
fn truth(call: &Call<'_>, decisive: bool) -> Made {
    let value = call.argument(0)?;
    let Some(elements) = value.as_list() else { return call.unknown_shape(BOOL) };
    let mut is_unknown = false;
    for element in elements {
        let found = if element.is_null() { Some(false) } else { to_bool(element) };
        match found {
            Some(found) if found == decisive => return call.bool(decisive),
            Some(_) => {}
            None => is_unknown = true,
        }
    }
    if is_unknown { call.unknown_shape(BOOL) } else { call.bool(!decisive) }
}

fn match_keys(call: &Call<'_>) -> Made {
    let (values, keys, wanted) = (call.list(0)?, call.list(1)?, call.list(2)?);
    if values.len() != keys.len() {
        return wrong(format!("there are {} values and {} keys", values.len(), keys.len()));
    }
    let wanted: BTreeSet<SmolStr> = wanted.iter().map(comparable).collect();
    let pairs = values.iter().zip(keys).filter(|(_, key)| wanted.contains(&comparable(key)));
    call.elements(ListKind::List, pairs.map(|(value, _)| Value::clone(value)).collect())
}

/// What two keys have in common if they are equal once both have one type.
fn comparable(key: &Value) -> SmolStr {
    crate::value::to_text(key).unwrap_or_else(|| encode_json(key))
}

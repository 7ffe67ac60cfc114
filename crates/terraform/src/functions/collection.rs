//! Functions that read lists, sets and maps, or put them together.

use super::{BOOL, Call, Function, LIST, MANY, MAP, NUMBER, function};
use crate::limits::MAX_ELEMENTS;
use crate::operators::equality;
use crate::value::{describe, number, to_bool, to_text, unknown_from};
use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("length", (1, 1), NUMBER, length).handles_unknown(),
    function("merge", (0, MANY), MAP, merge).handles_unknown(),
    function("concat", (1, MANY), LIST, concat).shallow(),
    function("flatten", (1, 1), LIST, flatten).shallow(),
    function("keys", (1, 1), LIST, keys).shallow(),
    function("values", (1, 1), LIST, values).shallow(),
    function("lookup", (2, 3), None, lookup).handles_unknown(),
    function("element", (2, 2), None, element).shallow(),
    function("index", (2, 2), NUMBER, index),
    function("contains", (2, 2), BOOL, contains).handles_unknown(),
    function("distinct", (1, 1), LIST, distinct),
    function("compact", (1, 1), LIST, compact),
    function("reverse", (1, 1), LIST, |call| call.values(call.list(0)?.iter().rev().cloned().collect()))
        .shallow(),
    function("slice", (3, 3), LIST, slice).shallow(),
    function("chunklist", (2, 2), LIST, chunk_list).shallow(),
    function("coalescelist", (1, MANY), LIST, coalesce_list).shallow(),
    function("one", (1, 1), None, one).shallow(),
    function("alltrue", (1, 1), BOOL, |call| truth(call, false)).handles_unknown(),
    function("anytrue", (1, 1), BOOL, |call| truth(call, true)).handles_unknown(),
    function("zipmap", (2, 2), MAP, zip_map).handles_unknown(),
    function("range", (1, 3), LIST, range),
    function("sort", (1, 1), LIST, sort),
    function("matchkeys", (3, 3), LIST, match_keys),
    function("transpose", (1, 1), MAP, transpose),
    function("list", (0, MANY), LIST, |call| call.values(call.arguments.to_vec())).handles_unknown(),
    function("map", (0, MANY), MAP, old_map),
];

#[allow(clippy::cast_precision_loss, reason = "no collection is that large")]
fn length(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::List(elements) => call.data(number(elements.len() as f64)),
        Data::Map(map) if map.unknown_rest.is_none() => call.data(number(map.entries().len() as f64)),
        Data::String(text) => call.data(number(text.chars().count() as f64)),
        Data::Unknown(_) | Data::Map(_) => Ok(unknown_from(NUMBER, call.span, &[value])),
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

fn concat(call: &Call<'_>) -> Result<Value, String> {
    let mut elements = Vec::new();
    for index in 0..call.arguments.len() {
        elements.extend_from_slice(call.list(index)?);
    }
    call.values(elements)
}

fn flatten(call: &Call<'_>) -> Result<Value, String> {
    let mut flat = Vec::new();
    let mut unknown = None;
    flatten_into(call.list(0)?, &mut flat, &mut unknown)?;
    match unknown {
        // An element that is not known may be a list itself.
        Some(value) => Ok(unknown_from(LIST, call.span, &[&value])),
        None => call.values(flat),
    }
}

fn flatten_into(
    elements: &[Value],
    flat: &mut Vec<Value>,
    unknown: &mut Option<Value>,
) -> Result<(), String> {
    for element in elements {
        match &element.data {
            Data::List(inner) => flatten_into(inner, flat, unknown)?,
            Data::Unknown(inner) if inner.known.shape.is_none_or(|shape| Some(shape) == LIST) => {
                *unknown = Some(Value::clone(element));
            }
            _ => flat.push(Value::clone(element)),
        }
        if flat.len() > MAX_ELEMENTS {
            return Err(format!("more than {MAX_ELEMENTS} elements"));
        }
    }
    Ok(())
}

fn keys(call: &Call<'_>) -> Result<Value, String> {
    let map = call.map(0)?;
    if map.unknown_rest.is_some() {
        return Ok(unknown_from(LIST, call.span, &[call.argument(0)?]));
    }
    call.values(
        map.entries()
            .iter()
            .map(|entry| Value::string(SmolStr::clone(&entry.name), entry.name_span))
            .collect(),
    )
}

fn values(call: &Call<'_>) -> Result<Value, String> {
    let map = call.map(0)?;
    if map.unknown_rest.is_some() {
        return Ok(unknown_from(LIST, call.span, &[call.argument(0)?]));
    }
    call.values(map.entries().iter().map(|entry| Value::clone(&entry.value)).collect())
}

fn lookup(call: &Call<'_>) -> Result<Value, String> {
    let (value, key) = (call.argument(0)?, call.argument(1)?);
    if value.as_unknown().is_some() || key.as_unknown().is_some() {
        return Ok(unknown_from(None, call.span, &[value, key]));
    }
    let map = call.map(0)?;
    let name = call.text(1)?;
    match (map.value(&name), &map.unknown_rest, call.arguments.get(2)) {
        (Some(found), _, _) => Ok(Value::clone(found)),
        (None, Some(_), _) => Ok(unknown_from(None, call.span, &[value])),
        (None, None, Some(default)) => Ok(Value::clone(default)),
        (None, None, None) => Err(format!("there is no key `{name}`")),
    }
}

fn element(call: &Call<'_>) -> Result<Value, String> {
    let elements = call.list(0)?;
    let size = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    if size == 0 {
        return Err(String::from("the list is empty"));
    }
    let index = usize::try_from(call.integer(1)?.rem_euclid(size)).unwrap_or(0);
    elements.get(index).cloned().ok_or_else(|| String::from("there is no such element"))
}

fn index(call: &Call<'_>) -> Result<Value, String> {
    let wanted = call.argument(1)?;
    let found = call.list(0)?.iter().position(|element| equality(element, wanted) == Some(true));
    match found {
        Some(index) => call.data(Data::Integer(i64::try_from(index).unwrap_or(i64::MAX))),
        None => Err(String::from("the list does not hold the value")),
    }
}

fn contains(call: &Call<'_>) -> Result<Value, String> {
    let (list, wanted) = (call.argument(0)?, call.argument(1)?);
    if list.as_unknown().is_some() {
        return Ok(unknown_from(BOOL, call.span, &[list, wanted]));
    }
    let mut result = Some(false);
    for element in call.list(0)? {
        // The list has one type, so that a text beside a number compares as text.
        let loose = matches!((to_text(element), to_text(wanted)), (Some(a), Some(b)) if a == b);
        match if loose { Some(true) } else { equality(element, wanted) } {
            Some(true) => return call.data(Data::Bool(true)),
            None => result = None,
            Some(false) => {}
        }
    }
    match result {
        Some(value) => call.data(Data::Bool(value)),
        None => Ok(unknown_from(BOOL, call.span, &[list, wanted])),
    }
}

/// The elements, each once, in the order in which they come first.
pub(super) fn unique(elements: &[Value]) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    let mut texts = std::collections::BTreeSet::new();
    for element in elements {
        if texts.insert(format!("{}", element.data)) {
            kept.push(Value::clone(element));
        }
    }
    kept
}

fn distinct(call: &Call<'_>) -> Result<Value, String> {
    call.values(unique(call.list(0)?))
}

fn compact(call: &Call<'_>) -> Result<Value, String> {
    let is_kept = |value: &&Value| !value.is_null() && value.as_str() != Some("");
    call.values(call.list(0)?.iter().filter(is_kept).cloned().collect())
}

fn slice(call: &Call<'_>) -> Result<Value, String> {
    let elements = call.list(0)?;
    let (start, end) = (usize::try_from(call.integer(1)?), usize::try_from(call.integer(2)?));
    let found = match (start, end) {
        (Ok(start), Ok(end)) => elements.get(start..end),
        _ => None,
    };
    found.map_or_else(
        || Err(String::from("the ends lie outside the list")),
        |found| call.values(found.to_vec()),
    )
}

fn chunk_list(call: &Call<'_>) -> Result<Value, String> {
    let elements = call.list(0)?;
    match usize::try_from(call.integer(1)?) {
        Ok(0) => call.values(vec![Value::list(elements.to_vec(), call.span)]),
        Ok(size) => {
            call.values(elements.chunks(size).map(|chunk| Value::list(chunk.to_vec(), call.span)).collect())
        }
        Err(_) => Err(String::from("the size must not be negative")),
    }
}

fn coalesce_list(call: &Call<'_>) -> Result<Value, String> {
    let first =
        call.arguments.iter().find(|value| value.as_list().is_some_and(|elements| !elements.is_empty()));
    first.cloned().ok_or_else(|| String::from("all lists are empty"))
}

fn one(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::Null => call.data(Data::Null),
        Data::List(elements) => match &**elements {
            [] => call.data(Data::Null),
            [only] => Ok(Value::clone(only)),
            _ => Err(String::from("the list has more than one element")),
        },
        _ => Ok(Value::clone(value)),
    }
}

/// Whether one element is `decisive`, or else none is.
fn truth(call: &Call<'_>, decisive: bool) -> Result<Value, String> {
    let value = call.argument(0)?;
    if value.as_unknown().is_some() {
        return Ok(unknown_from(BOOL, call.span, &[value]));
    }
    let mut is_unknown = false;
    for element in call.list(0)? {
        match to_bool(element) {
            Some(found) if found == decisive => return call.data(Data::Bool(decisive)),
            Some(_) => {}
            // Null counts as false.
            None if element.is_null() && !decisive => return call.data(Data::Bool(false)),
            None if element.is_null() => {}
            None => is_unknown = true,
        }
    }
    if is_unknown { Ok(unknown_from(BOOL, call.span, &[value])) } else { call.data(Data::Bool(!decisive)) }
}

fn zip_map(call: &Call<'_>) -> Result<Value, String> {
    let (names, held) = (call.argument(0)?, call.argument(1)?);
    let is_unknown = !crate::value::is_wholly_known(names) || held.as_unknown().is_some();
    if is_unknown {
        return Ok(unknown_from(MAP, call.span, &[names, held]));
    }
    let (names, held) = (call.list(0)?, call.list(1)?);
    if names.len() != held.len() {
        return Err(format!("there are {} keys and {} values", names.len(), held.len()));
    }
    let mut entries = Vec::with_capacity(names.len());
    for (name, value) in names.iter().zip(held) {
        let text = to_text(name).ok_or("all keys must be strings")?;
        entries.push(Attribute { name: text, name_span: name.origin.span, value: Value::clone(value) });
    }
    call.data(Data::Map(Arc::new(Map::new(entries))))
}

fn range(call: &Call<'_>) -> Result<Value, String> {
    let (start, end) = match call.arguments.len() {
        1 => (0.0, call.number(0)?),
        _ => (call.number(0)?, call.number(1)?),
    };
    let step = if call.arguments.len() == 3 {
        call.number(2)?
    } else if start <= end {
        1.0
    } else {
        -1.0
    };
    if step == 0.0 || (step > 0.0) != (start <= end) && start != end {
        return Err(String::from("the step leads away from the end"));
    }
    let mut elements = Vec::new();
    let mut current = start;
    while if step > 0.0 { current < end } else { current > end } {
        if elements.len() >= MAX_ELEMENTS {
            return Err(format!("more than {MAX_ELEMENTS} elements"));
        }
        elements.push(Value::new(number(current), call.span));
        current += step;
    }
    call.values(elements)
}

fn sort(call: &Call<'_>) -> Result<Value, String> {
    let mut texts = Vec::new();
    for element in call.list(0)? {
        texts.push(to_text(element).ok_or("all elements must be strings")?);
    }
    texts.sort();
    call.strings(texts)
}

fn match_keys(call: &Call<'_>) -> Result<Value, String> {
    let (values, keys, wanted) = (call.list(0)?, call.list(1)?, call.list(2)?);
    if values.len() != keys.len() {
        return Err(format!("there are {} values and {} keys", values.len(), keys.len()));
    }
    let is_wanted =
        |key: &Value| wanted.iter().any(|other| to_text(other).is_some() && to_text(other) == to_text(key));
    call.values(
        values
            .iter()
            .zip(keys)
            .filter(|(_, key)| is_wanted(key))
            .map(|(value, _)| Value::clone(value))
            .collect(),
    )
}

fn transpose(call: &Call<'_>) -> Result<Value, String> {
    let mut turned = std::collections::BTreeMap::<_, Vec<Value>>::new();
    for entry in call.map(0)?.entries() {
        for element in entry.value.as_list().ok_or("all values must be lists")? {
            let name = to_text(element).ok_or("all elements must be strings")?;
            turned.entry(name).or_default().push(Value::string(SmolStr::clone(&entry.name), entry.name_span));
        }
    }
    let entries = turned.into_iter().map(|(name, held)| Attribute {
        name,
        name_span: call.span,
        value: Value::list(held, call.span),
    });
    call.data(Data::Map(Arc::new(Map::new(entries.collect()))))
}

/// `map(key, value, …)`, which Terraform 0.12 replaced by braces.
fn old_map(call: &Call<'_>) -> Result<Value, String> {
    let mut entries = Vec::new();
    for pair in call.arguments.chunks(2) {
        let [key, value] = pair else { return Err(String::from("the last key has no value")) };
        let name = to_text(key).ok_or("all keys must be strings")?;
        entries.push(Attribute { name, name_span: key.origin.span, value: Value::clone(value) });
    }
    call.data(Data::Map(Arc::new(Map::new(entries))))
}

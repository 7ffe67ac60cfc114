//! Functions that put lists and maps together, or apart.

use super::signature::{Function, Kind, Parameter, any, function, list, number, strings};
use super::string::element_text;
use super::{Call, LIST, MAP, Made, Refusal, check_count, encode_json, wrong};
use crate::conversion::convert_plain;
use crate::expression::is_set;
use crate::operators::equality;
use crate::types::Type;
use crate::value::{describe, has_sensitive, is_wholly_known, to_text, unknown_from};
use proofmark_model::{
    Attribute, Data, Elements, Known, ListKind, Map, MapKind, Shape, SmolStr, Unknown, Value,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("merge", &[], MAP, merge).and_many(any("maps").or_null()).handles_unknown().keeps_marks(),
    function("concat", &[], LIST, concat).and_many(any("seqs")).handles_unknown().keeps_marks(),
    function("flatten", &[any("list")], LIST, flatten).shallow().keeps_marks(),
    function("distinct", &[list("list")], LIST, distinct).handles_unknown(),
    function("compact", &[strings("list")], LIST, compact).handles_unknown(),
    function("chunklist", &[list("list"), number("size")], LIST, chunk_list).shallow().keeps_marks(),
    function("coalescelist", &[], LIST, coalesce_list).and_many(any("vals").or_null()).handles_unknown(),
    function("zipmap", &[strings("keys"), any("values")], MAP, zip_map).handles_unknown().handles_sensitive(),
    function("sort", &[strings("list")], LIST, sort).shallow(),
    function("transpose", &[STRING_LISTS], MAP, transpose),
    function("list", &[], LIST, |call| call.elements(ListKind::List, call.arguments.to_vec()))
        .and_many(any("vals").or_null())
        .handles_unknown()
        .keeps_marks(),
    function("map", &[], MAP, old_map).and_many(any("vals").or_null()).keeps_marks(),
];

const STRING_LISTS: Parameter = Parameter { name: "values", kind: Kind::StringLists, takes_null: false };

fn merge(call: &Call<'_>) -> Made {
    let mut entries: Vec<Attribute> = Vec::new();
    let mut rest = None;
    let mut kind = MapKind::Map;
    for value in call.arguments {
        match &value.data {
            Data::Null => {}
            Data::Map(map) => {
                if let Some(unknown) = &map.unknown_rest {
                    // Any name that came before may be overwritten.
                    entries.clear();
                    rest = Some(Arc::clone(unknown));
                }
                entries.extend(map.entries().iter().cloned());
                check_count(entries.len())?;
                if map.kind != MapKind::Map {
                    kind = MapKind::Object;
                }
            }
            Data::Unknown(unknown) if may_be_map(unknown) => {
                entries.clear();
                rest = Some(Arc::clone(unknown));
            }
            _ => return wrong(format!("maps are required, and one is {}", describe(value))),
        }
    }
    let mut merged = Map::new(entries);
    merged.unknown_rest = rest;
    merged.kind = if call.arguments.iter().all(Value::is_null) { MapKind::Object } else { kind };
    call.data(Data::Map(Arc::new(merged)))
}

fn may_be_map(unknown: &Unknown) -> bool {
    unknown.known.shape.is_none_or(|shape| shape == Shape::Map)
}

fn concat(call: &Call<'_>) -> Made {
    if call.arguments.is_empty() {
        return wrong("at least one list is required");
    }
    let mut elements = Vec::new();
    let mut kind = ListKind::List;
    let mut is_open = false;
    for value in call.arguments {
        match &value.data {
            Data::List(inner) if inner.kind() != ListKind::Set => {
                elements.extend_from_slice(inner);
                if inner.kind() == ListKind::Tuple {
                    kind = ListKind::Tuple;
                }
            }
            Data::List(_) => {
                return wrong("lists are required, and one is a set; `tolist` gives its elements an order");
            }
            Data::Unknown(unknown) if unknown.known.shape.is_none_or(|shape| shape == Shape::List) => {
                is_open = true
            }
            _ => return wrong(format!("lists are required, and one is {}", describe(value))),
        }
        check_count(elements.len())?;
    }
    if is_open {
        return open_list(call, elements.len(), None);
    }
    if kind == ListKind::Tuple {
        return call.elements(kind, elements);
    }
    let together = Value::list(elements, call.span);
    match convert_plain(Value::clone(&together), &Type::List(Box::new(Type::Any))) {
        Ok(converted) => call.elements(kind, converted.as_list().unwrap_or(&[]).to_vec()),
        Err(_) => Ok(together),
    }
}

/// A list of which only the bounds of its length are known.
fn open_list(call: &Call<'_>, least: usize, most: Option<usize>) -> Made {
    let known = Known {
        shape: LIST,
        min_length: (least > 0).then_some(least as u64),
        max_length: most.map(|most| most as u64),
        ..Known::default()
    };
    call.unknown(known, &call.arguments.iter().collect::<Vec<_>>())
}

fn flatten(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let Some(elements) = value.as_list() else {
        return wrong(format!("a list or set is required, and this is {}", describe(value)));
    };
    let mut flat = Flat::default();
    flat.add(elements, false)?;
    if flat.is_open {
        // An element that is not known may be a list itself.
        return open_list(call, flat.elements.len(), None);
    }
    let made = call.elements(ListKind::Tuple, flat.elements)?;
    Ok(Value { is_sensitive: flat.is_sensitive, ..made })
}

#[derive(Default)]
struct Flat {
    elements: Vec<Value>,
    is_open: bool,
    /// Whether one of the inner lists is: the elements cannot be told apart any more.
    is_sensitive: bool,
}

impl Flat {
    fn add(&mut self, elements: &[Value], is_sensitive: bool) -> Result<(), Refusal> {
        self.is_sensitive |= is_sensitive;
        for element in elements {
            match &element.data {
                Data::List(inner) => self.add(inner, element.is_sensitive)?,
                Data::Unknown(inner) if inner.known.shape.is_none_or(|shape| shape == Shape::List) => {
                    self.is_open = true;
                }
                _ => self.elements.push(Value::clone(element)),
            }
            check_count(self.elements.len())?;
        }
        Ok(())
    }
}

/// The most elements that are not known and that `distinct` compares with all others.
const MAX_COMPARED: usize = 64;

fn distinct(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let Some(elements) = value.as_list() else { return open_list(call, 0, None) };
    let unknown = elements.iter().filter(|element| !is_wholly_known(element)).count();
    let is_decided = unknown == 0 || unknown <= MAX_COMPARED && all_differ(elements);
    if !is_decided {
        let known = elements.iter().filter(|element| is_wholly_known(element)).map(encode_json);
        let least = known.collect::<BTreeSet<SmolStr>>().len().max(1);
        return open_list(call, least, Some(elements.len()));
    }
    let mut seen = BTreeSet::new();
    let is_new = |element: &&Value| !is_wholly_known(element) || seen.insert(encode_json(element));
    call.elements(ListKind::List, elements.iter().filter(is_new).cloned().collect())
}

/// Whether each element that is not known surely differs from every other one.
fn all_differ(elements: &[Value]) -> bool {
    let is_unlike = |element: &Value, other: &Value| equality(element, other) == Some(false);
    elements.iter().enumerate().filter(|(_, element)| !is_wholly_known(element)).all(|(place, element)| {
        elements.iter().enumerate().all(|(index, other)| index == place || is_unlike(element, other))
    })
}

fn compact(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let Some(elements) = value.as_list() else { return open_list(call, 0, None) };
    let is_empty = |value: &&Value| value.is_null() || value.as_str() == Some("");
    let kept: Vec<Value> = elements.iter().filter(|element| !is_empty(element)).cloned().collect();
    let sure = kept.iter().filter(|element| is_filled(element)).count();
    if sure < kept.len() {
        return open_list(call, sure, Some(kept.len()));
    }
    call.elements(ListKind::List, kept)
}

/// Whether a text is surely neither null nor empty.
fn is_filled(value: &Value) -> bool {
    let Some(unknown) = value.as_unknown() else { return true };
    let known = &unknown.known;
    let has_text =
        known.prefix.is_some() || known.suffix().is_some() || known.min_length.is_some_and(|least| least > 0);
    is_set(value) && has_text
}

fn chunk_list(call: &Call<'_>) -> Made {
    let elements = call.list(0)?;
    let Ok(size) = usize::try_from(call.integer(1)?) else { return wrong("`size` must not be negative") };
    let size = if size == 0 { elements.len().max(1) } else { size };
    let chunk =
        |chunk: &[Value]| Value::new(Data::List(Elements::new(ListKind::List, chunk.to_vec())), call.span);
    call.elements(ListKind::List, elements.chunks(size).map(chunk).collect())
}

fn coalesce_list(call: &Call<'_>) -> Made {
    if call.arguments.is_empty() {
        return wrong("at least one list is required");
    }
    for value in call.arguments {
        match &value.data {
            Data::List(elements) if elements.kind() == ListKind::Set => {
                return wrong("lists are required, and one is a set");
            }
            Data::List(_) | Data::Unknown(_) => {}
            _ => return wrong(format!("lists are required, and one is {}", describe(value))),
        }
    }
    let is_taken = |value: &&Value| value.as_list().is_none_or(|elements| !elements.is_empty());
    match call.arguments.iter().find(is_taken) {
        Some(value) if value.as_unknown().is_some() => call.unknown_shape(LIST),
        Some(value) => Ok(Value::clone(value)),
        None => wrong("all lists are empty"),
    }
}

fn zip_map(call: &Call<'_>) -> Made {
    let (names, held) = (call.argument(0)?, call.argument(1)?);
    let is_sensitive = has_sensitive(names) || held.is_sensitive;
    if !is_wholly_known(names) || held.as_unknown().is_some() {
        let made = unknown_from(MAP, call.span, &[names, held]);
        return Ok(Value { is_sensitive: made.is_sensitive || is_sensitive, ..made });
    }
    let Data::List(values) = &held.data else {
        return wrong(format!("`values` must be a list, and it is {}", describe(held)));
    };
    let names = call.list(0)?;
    if values.kind() == ListKind::Set {
        return wrong("`values` must be a list, and it is a set");
    }
    if names.len() != values.len() {
        return wrong(format!("there are {} keys and {} values", names.len(), values.len()));
    }
    let mut entries = Vec::with_capacity(names.len());
    for (name, value) in names.iter().zip(values.iter()) {
        let text = element_text(name, "all keys")?;
        entries.push(Attribute { name: text, name_span: name.origin.span, value: Value::clone(value) });
    }
    let kind = if values.kind() == ListKind::List { MapKind::Map } else { MapKind::Object };
    let made = call.object(kind, entries)?;
    Ok(Value { is_sensitive, ..made })
}

/// Sorts by bytes. Where one element is not known, none of the places is.
fn sort(call: &Call<'_>) -> Made {
    let elements = call.list(0)?;
    if !elements.iter().all(is_wholly_known) {
        let unknown = unknown_from(Some(Shape::String), call.span, &elements.iter().collect::<Vec<_>>());
        return call.elements(ListKind::List, elements.iter().map(|_| Value::clone(&unknown)).collect());
    }
    let mut sorted = Vec::with_capacity(elements.len());
    for element in elements {
        sorted.push((element_text(element, "all elements")?, element));
    }
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    call.elements(ListKind::List, sorted.into_iter().map(|(_, element)| Value::clone(element)).collect())
}

fn transpose(call: &Call<'_>) -> Made {
    let mut turned = BTreeMap::<SmolStr, Vec<Value>>::new();
    for entry in call.map(0)?.entries() {
        for element in entry.value.as_list().ok_or("no value may be null")? {
            let name = element_text(element, "all elements")?;
            turned.entry(name).or_default().push(Value::string(SmolStr::clone(&entry.name), entry.name_span));
        }
    }
    let entries = turned.into_iter().map(|(name, held)| Attribute {
        name,
        name_span: call.span,
        value: Value::new(Data::List(Elements::new(ListKind::List, held)), call.span),
    });
    call.object(MapKind::Map, entries.collect())
}

/// `map(key, value, …)`, which Terraform 0.12 replaced by braces.
fn old_map(call: &Call<'_>) -> Made {
    let mut entries = Vec::new();
    for pair in call.arguments.chunks(2) {
        let [key, value] = pair else { return wrong("the last key has no value") };
        let name = to_text(key).ok_or("all keys must be strings")?;
        entries.push(Attribute { name, name_span: key.origin.span, value: Value::clone(value) });
    }
    call.object(MapKind::Map, entries)
}

//! Conversion of values to types, as variables, arguments of functions, conditionals and collections need it.

use crate::operators::equality;
use crate::types::{Member, Type, unify};
use crate::value::{describe, is_encoded, to_bool, to_number, to_text};
use proofmark_hcl::Expr;
use proofmark_model::{Attribute, Data, Elements, ListKind, MapKind, Shape, Value};
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::sync::Arc;

/// Evaluates the default of an optional attribute.
type Default<'d> = &'d mut dyn FnMut(&Expr) -> Value;

/// Converts `value` to `kind`, as Terraform does for variables and arguments. `default` evaluates the default of an
/// optional attribute.
///
/// # Errors
/// Says what is required.
pub(crate) fn convert(value: Value, kind: &Type, default: Default<'_>) -> Result<Value, String> {
    if value.is_null() || *kind == Type::Any || value.as_unknown().is_some() {
        return Ok(with_shape(value, kind));
    }
    match kind {
        Type::Any => Ok(value),
        Type::Bool => scalar(value, "bool", |value| to_bool(value).map(Data::Bool)),
        Type::Number => scalar(value, "number", |value| to_number(value).map(|n| keep_number(value, n))),
        Type::String => {
            // A text of JSON may be kept as its structure; see the crate's README.
            if is_encoded(&value) {
                return Ok(value);
            }
            scalar(value, "string", |value| to_text(value).map(Data::String))
        }
        Type::List(inner) => sequence(value, inner, ListKind::List, default),
        Type::Set(inner) => sequence(value, inner, ListKind::Set, default),
        Type::Tuple(kinds) => tuple(value, kinds, default),
        Type::Map(inner) => map(value, inner, default),
        Type::Object(members) => object(value, members, default),
    }
}

/// Converts to a type that holds no defaults.
///
/// # Errors
/// Says what is required.
pub(crate) fn convert_plain(value: Value, kind: &Type) -> Result<Value, String> {
    let span = value.origin.span;
    convert(value, kind, &mut |_| Value::new(Data::Null, span))
}

fn wrong(wanted: &str, value: &Value) -> String {
    format!("a {wanted} is required, and this is {}", describe(value))
}

fn with_shape(value: Value, kind: &Type) -> Value {
    let (Data::Unknown(unknown), Some(shape)) = (&value.data, kind.shape()) else { return value };
    // A number that is not known becomes a text that is not known; nothing becomes a list.
    let is_scalar = |shape: Shape| !matches!(shape, Shape::List | Shape::Map);
    if unknown.known.shape.is_some_and(|own| own == shape || !is_scalar(own) || !is_scalar(shape)) {
        return value;
    }
    let mut unknown = (**unknown).clone();
    unknown.known.shape = Some(shape);
    Value { data: Data::Unknown(Arc::new(unknown)), ..value }
}

fn scalar(value: Value, wanted: &str, convert: impl Fn(&Value) -> Option<Data>) -> Result<Value, String> {
    match convert(&value) {
        Some(data) => Ok(Value { data, ..value }),
        None => match &value.data {
            Data::String(text) if !value.is_sensitive => {
                let shown: String = text.chars().take(40).collect();
                Err(format!("a {wanted} is required, and {shown:?} is none"))
            }
            _ => Err(wrong(wanted, &value)),
        },
    }
}

fn keep_number(value: &Value, number: f64) -> Data {
    match &value.data {
        data @ (Data::Integer(_) | Data::Float(_)) => Data::clone(data),
        Data::String(text) => {
            text.parse().map_or_else(|_| crate::value::written_number(number), Data::Integer)
        }
        _ => crate::value::number(number),
    }
}

fn sequence(value: Value, inner: &Type, kind: ListKind, default: Default<'_>) -> Result<Value, String> {
    let wanted = if kind == ListKind::Set { "set" } else { "list" };
    let Data::List(elements) = &value.data else { return Err(wrong(wanted, &value)) };
    let mut converted = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        let element = convert(Value::clone(element), inner, default);
        converted.push(element.map_err(|message| format!("element {index}: {message}"))?);
    }
    if inner.is_open() {
        converted = one_type(converted, wanted)?;
    }
    if kind == ListKind::Set {
        converted = set_of(converted);
    }
    let data = Data::List(Elements::new(kind, converted));
    Ok(Value { data, ..value })
}

/// Elements of the one type that all of them can become.
fn one_type(elements: Vec<Value>, wanted: &str) -> Result<Vec<Value>, String> {
    let types: Vec<Type> = elements.iter().map(Type::of).collect();
    match unify(&types) {
        Some(kind) if types.iter().any(|own| *own != kind) => {
            elements.into_iter().map(|element| convert_plain(element, &kind)).collect()
        }
        Some(_) => Ok(elements),
        None if types.iter().any(Type::is_open) => Ok(elements),
        None => Err(format!("the elements of a {wanted} need one type, and these have none in common")),
    }
}

fn tuple(value: Value, kinds: &[Type], default: Default<'_>) -> Result<Value, String> {
    let Data::List(elements) = &value.data else { return Err(wrong("tuple", &value)) };
    if elements.len() != kinds.len() {
        return Err(format!(
            "a tuple of {} elements is required, and this has {}",
            kinds.len(),
            elements.len()
        ));
    }
    let mut converted = Vec::with_capacity(elements.len());
    for (element, kind) in elements.iter().zip(kinds) {
        converted.push(convert(Value::clone(element), kind, default)?);
    }
    Ok(Value { data: Data::List(converted.into()), ..value })
}

fn map(value: Value, inner: &Type, default: Default<'_>) -> Result<Value, String> {
    let Data::Map(map) = &value.data else { return Err(wrong("map", &value)) };
    let mut values = Vec::with_capacity(map.entries().len());
    for entry in map.entries() {
        let converted = convert(Value::clone(&entry.value), inner, default);
        values.push(converted.map_err(|message| format!("element `{}`: {message}", entry.name))?);
    }
    if inner.is_open() {
        values = one_type(values, "map")?;
    }
    let entries = map.entries().iter().zip(values).map(|(entry, value)| entry.with_value(value));
    let mut converted = map.with_entries(entries.collect());
    converted.kind = MapKind::Map;
    Ok(Value { data: Data::Map(Arc::new(converted)), ..value })
}

fn object(value: Value, members: &[Member], default: Default<'_>) -> Result<Value, String> {
    let Data::Map(map) = &value.data else { return Err(wrong("object", &value)) };
    let mut entries = Vec::with_capacity(members.len());
    for member in members {
        let given = map.get(&member.name);
        let named = |message: String| format!("attribute `{}`: {message}", member.name);
        let made = match (given, &member.default) {
            (Some(entry), None) => convert(Value::clone(&entry.value), &member.kind, default),
            (Some(entry), Some(_)) if !entry.value.is_null() => {
                convert(Value::clone(&entry.value), &member.kind, default)
            }
            // What is not there may still come with what is not known.
            (None, _) if map.unknown_rest.is_some() => continue,
            (_, Some(expr)) => {
                let fallback = default(expr);
                convert(fallback, &member.kind, default)
            }
            (None, None) if member.is_optional => Ok(value.with_data(Data::Null)),
            (None, None) => return Err(format!("the attribute `{}` is required", member.name)),
        };
        let value = made.map_err(named)?;
        let name_span = given.map_or(value.origin.span, |entry| entry.name_span);
        entries.push(Attribute { name: SmolStr::clone(&member.name), name_span, value });
    }
    let mut converted = map.with_entries(entries);
    converted.kind = MapKind::Object;
    Ok(Value { data: Data::Map(Arc::new(converted)), ..value })
}

/// The elements of a set: each once, in the order in which Terraform walks them (texts by their bytes, numbers by
/// size, other things by what they are hashed from).
pub(crate) fn set_of(elements: Vec<Value>) -> Vec<Value> {
    let is_scalar = |value: &Value| value.as_map().is_none() && value.as_list().is_none();
    let mut sorted = elements;
    if sorted.iter().all(is_scalar) {
        sorted.sort_by(order);
    } else {
        sorted.sort_by_cached_key(|value| {
            let mut key = String::new();
            write_key(value, &mut key);
            (value.is_null(), value.as_unknown().is_some(), key)
        });
    }
    sorted.dedup_by(|a, b| equality(a, b) == Some(true));
    sorted
}

/// Null stands behind what is known, and what is not known behind everything.
fn order(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| (value.as_unknown().is_some(), value.is_null());
    let by_value = match (&a.data, &b.data) {
        (Data::String(a), Data::String(b)) => a.cmp(b),
        (Data::Integer(_) | Data::Float(_), Data::Integer(_) | Data::Float(_)) => {
            to_number(a).partial_cmp(&to_number(b)).unwrap_or(Ordering::Equal)
        }
        (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    };
    rank(a).cmp(&rank(b)).then(by_value)
}

/// The text by which cty orders the elements of a set that have no order of their own; see its `appendSetHashBytes`.
fn write_key(value: &Value, key: &mut String) {
    match &value.data {
        Data::Null => key.push('~'),
        Data::Unknown(_) => key.push('?'),
        Data::Bool(value) => key.push(if *value { 'T' } else { 'F' }),
        Data::String(text) => key.push_str(&format!("{text:?}")),
        Data::Integer(_) | Data::Float(_) => key.push_str(&to_text(value).unwrap_or_default()),
        Data::List(elements) => {
            let (open, close) = if elements.kind() == ListKind::Tuple { ('<', '>') } else { ('[', ']') };
            key.push(open);
            for element in elements.iter() {
                write_key(element, key);
                key.push(';');
            }
            key.push(close);
        }
        Data::Map(map) => {
            let is_map = map.kind == MapKind::Map;
            key.push(if is_map { '{' } else { '<' });
            for entry in map.entries() {
                if is_map {
                    key.push_str(&format!("{:?}:", entry.name));
                }
                write_key(&entry.value, key);
                key.push(';');
            }
            key.push(if is_map { '}' } else { '>' });
        }
    }
}

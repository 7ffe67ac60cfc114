//! text/template's own functions (`funcs.go`).

use super::{Call, Function, Parameter, check_bytes, fail};
use crate::execute::Outcome;
use crate::limits::MAX_TEXT_BYTES;
use crate::print::{as_text, sprint, sprintf, sprintln};
use crate::text::Text;
use crate::trace::Trace;
use crate::value::{Data, IntType, TEXT_MAP_TYPE, Value};
use std::cmp::Ordering;
use std::fmt::Write;

pub(super) const TABLE: &[Function] = &[
    // `and` and `or` never run as functions: they stop early.
    Function::variadic("and", &[Parameter::Any], Parameter::Any, |call| Ok(Value::clone(call.argument(0)))),
    Function::variadic("or", &[Parameter::Any], Parameter::Any, |call| Ok(Value::clone(call.argument(0)))),
    Function::new("not", &[Parameter::Any], |call| Ok((!call.argument(0).is_true()).into())),
    // Charts have no values that are functions.
    Function::variadic("call", &[Parameter::Any], Parameter::Any, |call| {
        fail(format!("non-function {} of type {}", call.written, call.argument(0).type_name()))
    }),
    Function::variadic("html", &[], Parameter::Any, |call| Ok(escaped(call, escape_html))),
    Function::variadic("js", &[], Parameter::Any, |call| Ok(escaped(call, escape_script))),
    Function::variadic("urlquery", &[], Parameter::Any, |call| Ok(escaped(call, escape_query))),
    Function::variadic("index", &[Parameter::Any], Parameter::Any, index),
    Function::variadic("slice", &[Parameter::Any], Parameter::Any, super::list::slice),
    Function::new("len", &[Parameter::Any], length),
    Function::variadic("print", &[], Parameter::Any, |call| Ok(marked(sprint(&call.arguments)))),
    Function::variadic("println", &[], Parameter::Any, |call| Ok(marked(sprintln(&call.arguments)))),
    Function::variadic("printf", &[Parameter::Text], Parameter::Any, format),
    Function::variadic("eq", &[Parameter::Any], Parameter::Any, equals_any),
    Function::new("ne", &[Parameter::Any, Parameter::Any], |call| {
        Ok((!equals(call, call.argument(0), call.argument(1))?).into())
    }),
    Function::new("lt", &[Parameter::Any, Parameter::Any], |call| ordered(call, Ordering::is_lt)),
    Function::new("le", &[Parameter::Any, Parameter::Any], |call| ordered(call, Ordering::is_le)),
    Function::new("gt", &[Parameter::Any, Parameter::Any], |call| ordered(call, Ordering::is_gt)),
    Function::new("ge", &[Parameter::Any, Parameter::Any], |call| ordered(call, Ordering::is_ge)),
];

/// A text whose bytes know where they came from.
pub(super) fn marked((text, trace): (Text, Trace)) -> Value {
    Value::new(Data::Text(text), trace)
}

fn format(call: &Call<'_>) -> Outcome<Value> {
    let (pattern, trace) = call.marked(0);
    call.arguments.iter().try_for_each(|value| super::weigh(call.run, value, 0))?;
    match sprintf((&pattern, &trace), call.arguments.get(1..).unwrap_or(&[])) {
        Some(printed) => Ok(marked(printed)),
        None => check_bytes(MAX_TEXT_BYTES + 1).map(|()| Value::nil()),
    }
}

fn length(call: &Call<'_>) -> Outcome<Value> {
    let value = call.argument(0);
    let length = match &value.data {
        Data::Text(text) => text.as_str().len(),
        Data::List(list) => list.items.len(),
        Data::Dict(dict) => dict.len(),
        Data::Object(object) if object.entries().is_some() => {
            object.entries().map_or(0, |entries| entries.len())
        }
        Data::Nil | Data::Invalid => return fail("len of nil pointer"),
        _ => return fail(format!("len of type {}", value.type_name())),
    };
    Ok(Value::int(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// `index x 1 "a"`: elements and keys, step by step.
fn index(call: &Call<'_>) -> Outcome<Value> {
    let mut value = Value::clone(call.argument(0));
    if value.is_nil() {
        return fail("index of untyped nil");
    }
    for key in call.arguments.get(1..).unwrap_or(&[]) {
        value = match (&value.data, &key.data) {
            (Data::List(list), Data::Int(number, _)) => {
                let place = usize::try_from(*number).ok();
                match place.and_then(|place| list.items.get(place)) {
                    Some(item) => item.clone(),
                    None => return fail(format!("index out of range: {number}")),
                }
            }
            (Data::Text(text), Data::Int(number, _)) => {
                let place = usize::try_from(*number).ok();
                match place.and_then(|place| text.as_str().as_bytes().get(place)) {
                    Some(byte) => Value::new(Data::Int(i64::from(*byte), IntType::Byte), value.trace.clone()),
                    None => return fail(format!("index out of range: {number}")),
                }
            }
            (Data::List(_) | Data::Text(_), Data::Nil | Data::Invalid) => {
                return fail("cannot index slice/array with nil");
            }
            (Data::List(_) | Data::Text(_), _) => {
                return fail(format!("cannot index slice/array with type {}", key.type_name()));
            }
            (Data::Dict(dict), Data::Text(name)) => match dict.get(name.as_str()) {
                Some(found) => found,
                None if dict.type_name() == TEXT_MAP_TYPE => Value::text(""),
                None => Value::nil(),
            },
            (Data::Dict(_), Data::Nil | Data::Invalid) => {
                return fail("value is nil; should be of type string");
            }
            (Data::Dict(_), _) => {
                return fail(format!("value has type {}; should be string", key.type_name()));
            }
            (Data::Nil | Data::Invalid, _) => return fail("index of nil pointer"),
            _ => return fail(format!("can't index item of type {}", value.type_name())),
        };
    }
    Ok(value)
}

/// What may be compared with what (`basicKind`).
#[derive(PartialEq, Eq)]
enum Basic {
    Bool,
    Int,
    Float,
    Text,
}

fn basic(value: &Value) -> Option<Basic> {
    Some(match value.data {
        Data::Bool(_) => Basic::Bool,
        Data::Int(..) => Basic::Int,
        Data::Float(_) => Basic::Float,
        Data::Text(_) => Basic::Text,
        _ => return None,
    })
}

fn equals_any(call: &Call<'_>) -> Outcome<Value> {
    let (first, rest) = (call.argument(0), call.arguments.get(1..).unwrap_or(&[]));
    if rest.is_empty() {
        return fail("missing argument for comparison");
    }
    for other in rest {
        if equals(call, first, other)? {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

fn equals(call: &Call<'_>, left: &Value, right: &Value) -> Outcome<bool> {
    if left.is_nil() || right.is_nil() {
        return Ok(left.is_nil() && right.is_nil());
    }
    match (basic(left), basic(right)) {
        (Some(first), Some(second)) if first != second => incompatible(left, right),
        (Some(_), Some(_)) => match (&left.data, &right.data) {
            (Data::Int(left, _), Data::Int(right, _)) => Ok(left == right),
            _ => super::convert::is_deeply_equal(call.run, (left, right)),
        },
        _ if matches!(left.data, Data::List(_) | Data::Dict(_))
            || matches!(right.data, Data::List(_) | Data::Dict(_)) =>
        {
            let odd = if matches!(left.data, Data::List(_) | Data::Dict(_)) { left } else { right };
            super::weigh(call.run, odd, 0)?;
            fail(format!("non-comparable type {}: {}", as_text(odd), odd.type_name()))
        }
        (None, None) => super::convert::is_deeply_equal(call.run, (left, right)),
        _ => incompatible(left, right),
    }
}

fn incompatible<T>(left: &Value, right: &Value) -> Outcome<T> {
    fail(format!("incompatible types for comparison: {} and {}", left.type_name(), right.type_name()))
}

fn ordered(call: &Call<'_>, accepts: fn(Ordering) -> bool) -> Outcome<Value> {
    let (left, right) = (call.argument(0), call.argument(1));
    let ordering = match (&left.data, &right.data) {
        (Data::Int(left, _), Data::Int(right, _)) => Some(left.cmp(right)),
        (Data::Float(left), Data::Float(right)) => left.partial_cmp(right),
        (Data::Text(left), Data::Text(right)) => Some(left.as_str().cmp(right.as_str())),
        (Data::Time(left), Data::Time(right)) => Some(left.seconds.cmp(&right.seconds)),
        _ => {
            return match (basic(left), basic(right)) {
                (Some(first), Some(second)) if first != second => incompatible(left, right),
                _ => fail("invalid type for comparison"),
            };
        }
    };
    Ok(ordering.is_some_and(accepts).into())
}

fn escaped(call: &Call<'_>, escape: fn(&str) -> String) -> Value {
    let (text, trace) = match call.arguments.as_slice() {
        [one] => super::convert::text_of(one),
        several => sprint(several),
    };
    Value::text(escape(text.as_str())).from_trace(&trace)
}

fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\0' => escaped.push('\u{fffd}'),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn escape_script(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            '\'' => escaped.push_str("\\'"),
            '"' => escaped.push_str("\\\""),
            '<' => escaped.push_str("\\u003C"),
            '>' => escaped.push_str("\\u003E"),
            '&' => escaped.push_str("\\u0026"),
            '=' => escaped.push_str("\\u003D"),
            _ if character < ' ' || (!character.is_ascii() && character.is_control()) => {
                let written = write!(escaped, "\\u{:04X}", u32::from(character));
                debug_assert!(written.is_ok());
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// `url.QueryEscape`.
pub(super) fn escape_query(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte))
            }
            b' ' => escaped.push('+'),
            _ => {
                let written = write!(escaped, "%{byte:02X}");
                debug_assert!(written.is_ok());
            }
        }
    }
    escaped
}

//! JSON text.

use super::known::skeleton;
use super::{Made, Refusal, wrong};
use proofmark_model::{Attribute, Data, HOLE, Map, Shape, SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::fmt::Write;

/// The JSON text of a value, with a hole for what is not known, as `jsonencode` writes it: keys sorted, `<`, `>`, `&` and
/// the line separators escaped.
pub(crate) fn encode_json(value: &Value) -> SmolStr {
    let mut text = String::new();
    write_json(value, &mut text);
    text.into()
}

/// The value that a JSON text holds. It has no place of its own: the text was made here.
pub(super) fn decode_json(text: &str, span: Span) -> Made {
    match serde_json::from_str(text) {
        Ok(json) => Ok(from_json(&json, span)),
        Err(error) if error.to_string().starts_with("recursion limit") => {
            Err(Refusal::Limit(String::from("the JSON is nested more than 127 levels deep")))
        }
        Err(error) => wrong(format!("the text is no JSON: {error}")),
    }
}

fn from_json(json: &serde_json::Value, span: Span) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::new(Data::Null, span),
        Json::Bool(value) => Value::new(Data::Bool(*value), span),
        Json::String(text) => Value::string(text.as_str(), span),
        Json::Array(elements) => {
            Value::list(elements.iter().map(|element| from_json(element, span)).collect(), span)
        }
        Json::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| Attribute {
                name: SmolStr::new(name),
                name_span: span,
                value: from_json(value, span),
            });
            Value::map(Map::new(entries.collect()), span)
        }
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Value::new(Data::Integer(value), span),
            (None, Some(value)) if value.abs() < EXACT_BELOW => Value::new(crate::value::number(value), span),
            _ => Value::unknown(Unknown::because("the number is beyond 64 bits"), span),
        },
    }
}

/// From this on, a number is not kept exactly: 2^63.
pub(super) const EXACT_BELOW: f64 = 9_223_372_036_854_775_808.0;

fn write_json(value: &Value, into: &mut String) {
    match &value.data {
        Data::Null => into.push_str("null"),
        Data::Unknown(unknown) => match (&unknown.known.shape, skeleton(value)) {
            (_, Some(text)) if text.chars().any(|letter| letter != HOLE) => write_text(&text, into),
            (Some(Shape::String), _) => push(into, format_args!("\"{HOLE}\"")),
            _ => into.push(HOLE),
        },
        Data::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
        Data::Integer(value) => push(into, value),
        Data::Float(value) => push(into, value),
        Data::String(text) => write_text(text, into),
        Data::List(elements) => {
            into.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    into.push(',');
                }
                write_json(element, into);
            }
            into.push(']');
        }
        Data::Map(map) => write_map(map, into),
    }
}

fn write_map(map: &Map, into: &mut String) {
    into.push('{');
    for (index, entry) in map.entries().iter().enumerate() {
        if index > 0 {
            into.push(',');
        }
        write_text(&entry.name, into);
        into.push(':');
        write_json(&entry.value, into);
    }
    if map.unknown_rest.is_some() {
        // More entries may follow; without a hole the text would pass for all there is.
        into.push(HOLE);
    }
    into.push('}');
}

fn write_text(text: &str, into: &mut String) {
    into.push('"');
    for character in text.chars() {
        match character {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                push(into, format_args!("\\u{:04x}", u32::from(character)))
            }
            control if control < ' ' => push(into, format_args!("\\u{:04x}", u32::from(control))),
            other => into.push(other),
        }
    }
    into.push('"');
}

fn push(into: &mut String, part: impl std::fmt::Display) {
    // Writing to a text cannot fail.
    let _ = write!(into, "{part}");
}

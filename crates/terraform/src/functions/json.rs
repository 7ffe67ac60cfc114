//! JSON text.

use proofmark_model::{Data, HOLE, Map, SmolStr, Value};
use std::fmt::Write;

/// The JSON text of a value, with a hole for what is not known, as `jsonencode` writes it: keys sorted, `<`, `>`, `&` and the line separators escaped.
pub(crate) fn encode_json(value: &Value) -> SmolStr {
    let mut text = String::new();
    write_json(value, &mut text);
    text.into()
}

fn write_json(value: &Value, into: &mut String) {
    match &value.data {
        Data::Null => into.push_str("null"),
        Data::Unknown(_) => into.push(HOLE),
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

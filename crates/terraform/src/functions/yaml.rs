//! YAML text, as `yamlencode` writes it.

use super::json::encode_json;
use proofmark_model::{Data, Value};

/// The YAML text of a known value: texts in double quotes, two spaces of indent, keys sorted.
pub(super) fn encode_yaml(value: &Value) -> String {
    let mut text = String::new();
    match &value.data {
        Data::Map(map) if !map.entries().is_empty() => write_block(value, 0, &mut text),
        Data::List(elements) if !elements.is_empty() => write_block(value, 0, &mut text),
        _ => {
            text.push_str(&scalar(value));
            text.push('\n');
            // A scalar document is ended explicitly, as go-yaml does for plain scalars.
            if !matches!(value.data, Data::String(_) | Data::Map(_) | Data::List(_)) {
                text.push_str("...\n");
            }
        }
    }
    text
}

fn write_block(value: &Value, indent: usize, into: &mut String) {
    let pad = "  ".repeat(indent);
    match &value.data {
        Data::Map(map) => {
            for (index, entry) in map.entries().iter().enumerate() {
                // The first entry of a map in a list stands behind its dash.
                if index > 0 || !into.ends_with("- ") {
                    into.push_str(&pad);
                }
                into.push_str(&quote(&entry.name));
                into.push(':');
                write_child(&entry.value, indent, into);
            }
        }
        Data::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                if index > 0 || !into.ends_with("- ") {
                    into.push_str(&pad);
                }
                into.push_str("- ");
                if is_block(element) {
                    write_block(element, indent + 1, into);
                } else {
                    into.push_str(&scalar(element));
                    into.push('\n');
                }
            }
        }
        _ => {}
    }
}

fn write_child(value: &Value, indent: usize, into: &mut String) {
    if !is_block(value) {
        into.push(' ');
        into.push_str(&text_or_scalar(value, indent + 1));
        into.push('\n');
        return;
    }
    into.push('\n');
    // Lists stand at the indent of their key.
    let deeper = usize::from(value.as_map().is_some());
    write_block(value, indent + deeper, into);
}

fn is_block(value: &Value) -> bool {
    match &value.data {
        Data::Map(map) => !map.entries().is_empty(),
        Data::List(elements) => !elements.is_empty(),
        _ => false,
    }
}

/// A text of several lines is a literal block.
fn text_or_scalar(value: &Value, indent: usize) -> String {
    match &value.data {
        Data::String(text) if text.contains('\n') && !text.contains('\r') => {
            let pad = "  ".repeat(indent);
            let (mark, body) = match text.strip_suffix('\n') {
                Some(body) => ("|", body),
                None => ("|-", text.as_str()),
            };
            let lines: Vec<String> = body
                .split('\n')
                .map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") })
                .collect();
            format!("{mark}\n{}", lines.join("\n"))
        }
        _ => scalar(value),
    }
}

fn scalar(value: &Value) -> String {
    match &value.data {
        Data::Map(_) => String::from("{}"),
        Data::List(_) => String::from("[]"),
        Data::String(text) => quote(text),
        _ => encode_json(value).to_string(),
    }
}

fn quote(text: &str) -> String {
    format!("{text:?}")
}

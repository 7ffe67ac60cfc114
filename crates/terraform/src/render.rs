//! A model as JSON text, for `proofmark render`.

use crate::functions::write_text;
use proofmark_model::{Attribute, Data, UnitModel, Value};

/// A root module as JSON: `resources` (a list of `address`, `kind` and `attributes`) and `outputs` (a map from name to
/// value).
///
/// A value that is not known is `{"unknown": "reason"}`, a sensitive one the text `(sensitive)`.
#[must_use]
pub fn render_model(model: &UnitModel) -> String {
    let mut text = String::from("{\n  \"resources\": [");
    for (index, resource) in model.resources.iter().enumerate() {
        text.push_str(if index > 0 { ",\n    {\"address\": " } else { "\n    {\"address\": " });
        write_text(&resource.address.0, &mut text);
        text.push_str(", \"kind\": ");
        write_text(&resource.kind.0, &mut text);
        text.push_str(", \"attributes\": ");
        write_value(&resource.attributes, &mut text);
        text.push('}');
    }
    text.push_str("\n  ],\n  \"outputs\": ");
    write_entries(&model.outputs, &mut text);
    text.push_str("\n}\n");
    text
}

/// One value as JSON; see [`render_model`].
#[must_use]
pub fn render_value(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

fn write_value(value: &Value, into: &mut String) {
    if value.is_sensitive {
        return into.push_str("\"(sensitive)\"");
    }
    match &value.data {
        Data::Null => into.push_str("null"),
        Data::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
        Data::Integer(value) => into.push_str(&value.to_string()),
        Data::Float(value) => into.push_str(&value.to_string()),
        Data::String(text) => write_text(text, into),
        Data::Unknown(unknown) => {
            into.push_str("{\"unknown\": ");
            write_text(&unknown.reason, into);
            into.push('}');
        }
        Data::List(elements) => {
            into.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    into.push_str(", ");
                }
                write_value(element, into);
            }
            into.push(']');
        }
        Data::Map(map) => write_entries(map.entries(), into),
    }
}

fn write_entries(entries: &[Attribute], into: &mut String) {
    into.push('{');
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            into.push_str(", ");
        }
        write_text(&entry.name, into);
        into.push_str(": ");
        write_value(&entry.value, into);
    }
    into.push('}');
}

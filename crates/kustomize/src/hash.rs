//! The hash behind the names of generated objects.

use crate::node::scalar;
use crate::object::Object;
use proofmark_syntax::{Node, NodeData};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What kustomize puts behind the name of an object with these contents: ten characters of its SHA-256, in an alphabet
/// that spells no words.
pub(crate) fn name_hash(object: &Object) -> String {
    let mut text = contents(object).to_string();
    // Go's encoder writes these so that its output may stand in HTML.
    for (character, code) in [
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u{2028}", "\\u2028"),
        ("\u{2029}", "\\u2029"),
    ] {
        text = text.replace(character, code);
    }
    let digest = Sha256::digest(text.as_bytes());
    let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hexadecimal.chars().take(10).map(letter).collect()
}

fn letter(character: char) -> char {
    match character {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    }
}

/// What counts: kind, name and data; everything for other kinds.
fn contents(object: &Object) -> Value {
    let node = &object.node;
    let kind = object.kind();
    let part = |key: &str| node.get(key).map_or_else(|| Value::String(String::new()), to_json);
    let mut map: BTreeMap<&str, Value> = BTreeMap::new();
    let optional = match kind.as_str() {
        "ConfigMap" => "binaryData",
        "Secret" => {
            map.insert("type", part("type"));
            "stringData"
        }
        _ => return to_json(node),
    };
    map.insert("kind", Value::String(kind.to_string()));
    // kustomize means to take the name in, and looks for it where none is.
    map.insert("name", Value::String(String::new()));
    map.insert("data", part("data"));
    if let Some(more) = node.get(optional).filter(|more| matches!(more.data, NodeData::Mapping(_))) {
        map.insert(optional, to_json(more));
    }
    // In order of key, as Go writes maps.
    let sorted = map.into_iter().map(|(key, value)| (key.to_owned(), value));
    Value::Object(sorted.collect())
}

/// The tree as JSON; what nobody knows is null.
pub(crate) fn to_json(node: &Node) -> Value {
    match &node.data {
        NodeData::Null | NodeData::Template(_) => Value::Null,
        NodeData::Bool(value) => Value::Bool(*value),
        NodeData::Integer(value) => Value::from(*value),
        NodeData::Float(value) => Value::from(*value),
        NodeData::String(text) => Value::String(text.to_string()),
        NodeData::Sequence(elements) => elements.iter().map(to_json).collect(),
        NodeData::Mapping(entries) => {
            let mut sorted: Vec<(String, Value)> = entries
                .iter()
                .filter_map(|entry| Some((scalar(&entry.key)?.to_string(), to_json(&entry.value))))
                .collect();
            sorted.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(sorted.into_iter().collect())
        }
    }
}

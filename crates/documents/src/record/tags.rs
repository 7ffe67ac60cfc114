//! Dictionaries of tags: which keys there are, and which values each may have.

use super::{Record, has_key_line};
use crate::classify::stem;
use crate::facts::Facts;
use proofmark_model::{Resource, Value};
use proofmark_syntax::{Entry, NodeData};

pub(super) fn may_hold(path: &str, text: &str) -> bool {
    let name = stem(path);
    (name.contains("tag") || name.contains("label"))
        && (has_key_line(text, "tags") || has_key_line(text, "labels"))
}

/// A resource `tag_dictionary`: `tags` of {key, values}, and `values` by key.
pub(super) fn recognize(record: &Record<'_>) -> Vec<Resource> {
    let entry = ["tags", "labels"].iter().find_map(|key| record.root.entry(key));
    let Some(entry) = entry.filter(|_| !record.is_manifest()) else { return Vec::new() };
    let tags: Option<Vec<Value>> = entry.value.entries().iter().map(describe).collect();
    match tags {
        Some(tags) if !tags.is_empty() => {
            let header = entry.key.span;
            let mut facts = Facts::new(header);
            let mut values = Facts::new(header);
            for tag in tags.iter().filter_map(Value::as_map) {
                if let (Some(key), Some(list)) = (tag.get("key"), tag.value("values")) {
                    values.set_named(
                        key.value.as_str().unwrap_or("").into(),
                        key.name_span,
                        Value::clone(list),
                    );
                }
            }
            facts.set("values", values.finish(header));
            facts.list("tags", tags);
            vec![record.resource("tag_dictionary", facts.finish(header))]
        }
        _ => Vec::new(),
    }
}

/// A key with its allowed values: a list, or a text with `|` between them.
fn describe(entry: &Entry) -> Option<Value> {
    let value = &entry.value;
    let list = match &value.data {
        NodeData::Mapping(_) => value.get("values").or_else(|| value.get("allowed"))?,
        _ => value,
    };
    let values = match &list.data {
        NodeData::String(text) => {
            let parts = text.split('|').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| Value::string(part, list.span)).collect()
        }
        NodeData::Sequence(elements) => {
            elements.iter().map(|element| Value::from_node(element, element.span)).collect()
        }
        _ => Vec::new(),
    };
    let mut facts = Facts::new(entry.key.span);
    facts.text("key", entry.key.as_str()?);
    facts.set("values", Value::list(values, list.span));
    Some(facts.finish_over(entry.key.span, entry.key.span.join(entry.value.span)))
}

//! Samples: what a service logs, and what it answers about its health.

use super::Record;
use crate::facts::Facts;
use proofmark_model::{Resource, Value};
use proofmark_syntax::{Node, NodeData};

pub(super) fn may_log(path: &str, text: &str) -> bool {
    path.ends_with(".json")
        && text.contains("\"level\"")
        && text.contains("\"message\"")
        && text.contains("\"timestamp\"")
}

/// A resource `log_record`: `record` as written, and `fields` of {name, value}.
pub(super) fn recognize_log(record: &Record<'_>) -> Vec<Resource> {
    let is_text = |key: &str| record.root.get(key).is_some_and(|node| node.as_str().is_some());
    if !(is_text("level") && is_text("message") && record.root.get("timestamp").is_some()) {
        return Vec::new();
    }
    vec![record.resource("log_record", sample(record, "record"))]
}

pub(super) fn may_health(path: &str, text: &str) -> bool {
    path.ends_with(".json")
        && text.contains("\"status\"")
        && (names_health(path) || PARTS.iter().any(|part| text.contains(part)))
}

/// Keys under which a health response lists what the service depends on.
const PARTS: [&str; 4] = ["components", "checks", "dependencies", "services"];

/// Whether the file is about health by its name, as samples of answers usually are.
fn names_health(path: &str) -> bool {
    crate::classify::stem(path).contains("health")
}

/// A resource `health_response`: `response` as written, `fields` of {name, value}, and `components`, whatever their key
/// is called.
pub(super) fn recognize_health(record: &Record<'_>) -> Vec<Resource> {
    let has_status = record.root.get("status").is_some_and(|node| node.as_str().is_some());
    let parts = PARTS.iter().find_map(|key| record.root.entry(key));
    let parts = parts.filter(|entry| is_list_of_parts(&entry.value));
    let has_time = record.root.get("timestamp").is_some() || record.root.get("uptime_seconds").is_some();
    if !has_status || !(names_health(record.path) || (parts.is_some() && has_time)) {
        return Vec::new();
    }
    let mut attributes = Facts::new(record.header());
    attributes.extend(&sample(record, "response"));
    if let Some(parts) = parts {
        attributes.set("components", Value::from_node(&parts.value, parts.key.span));
    }
    vec![record.resource("health_response", attributes.finish(record.header()))]
}

fn is_list_of_parts(node: &Node) -> bool {
    matches!(&node.data, NodeData::Mapping(entries) if !entries.is_empty())
        || matches!(&node.data, NodeData::Sequence(elements) if elements.iter().any(|part| part.get("name").is_some()))
}

fn sample(record: &Record<'_>, name: &str) -> Value {
    let header = record.header();
    let mut facts = Facts::new(header);
    facts.text("path", record.path);
    facts.set(name, record.tree());
    let fields = record.root.entries().iter().map(|entry| {
        let mut field = Facts::new(entry.key.span);
        field.text("name", entry.key.as_str().unwrap_or(""));
        field.set("value", Value::from_node(&entry.value, entry.key.span));
        field.finish_over(entry.key.span, entry.key.span.join(entry.value.span))
    });
    facts.list("fields", fields.collect());
    facts.finish(header)
}

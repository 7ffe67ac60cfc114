//! Interface descriptions in OpenAPI.

use super::{Record, has_key_line};
use crate::facts::Facts;
use proofmark_model::{Resource, Value};
use proofmark_syntax::Node;

/// The operations that a path may have (OpenAPI 3.1, section 4.8.9).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

pub(super) fn may_hold(_path: &str, text: &str) -> bool {
    has_key_line(text, "openapi")
        || has_key_line(text, "swagger")
        || text.contains("\"openapi\"")
        || text.contains("\"swagger\"")
}

/// A resource `openapi`: `version`, `servers`, `security` as written, and `operations` of {path, method, security,
/// responses}.
pub(super) fn recognize(record: &Record<'_>) -> Vec<Resource> {
    let version = record.root.get("openapi").or_else(|| record.root.get("swagger"));
    let Some(version) = version.filter(|_| record.root.get("info").is_some()) else { return Vec::new() };
    let header = record.header();
    let mut facts = Facts::new(header);
    facts.text("path", record.path);
    let version_text = version.span;
    facts.set("version", Value::from_node(version, version_text));
    for key in ["servers", "security", "components", "info"] {
        if let Some(entry) = record.root.entry(key) {
            facts.set(key, Value::from_node(&entry.value, entry.key.span));
        }
    }
    let paths = record.root.get("paths").map_or(&[][..], Node::entries);
    let operations = paths.iter().flat_map(|path| {
        let methods = path
            .value
            .entries()
            .iter()
            .filter(|entry| entry.key.as_str().is_some_and(|method| METHODS.contains(&method)));
        methods.map(|method| {
            let mut facts = Facts::new(method.key.span);
            facts.text("path", path.key.as_str().unwrap_or(""));
            facts.text("method", method.key.as_str().unwrap_or(""));
            for key in ["security", "responses", "operationId", "summary"] {
                if let Some(entry) = method.value.entry(key) {
                    facts.set(key, Value::from_node(&entry.value, entry.key.span));
                }
            }
            facts.finish_over(method.key.span, method.key.span.join(method.value.span))
        })
    });
    facts.list("operations", operations.collect());
    vec![record.resource("openapi", facts.finish(header))]
}

//! Settings that need no rearranging: their tree is their attributes.

use super::{Place, Record, has_key_line};
use crate::facts::Facts;
use proofmark_model::{Resource, Value};
use proofmark_syntax::{Node, NodeData};

pub(super) fn may_route(_path: &str, text: &str) -> bool {
    has_key_line(text, "route") && has_key_line(text, "receivers")
}

/// A resource `alertmanager_config` with the file's own keys.
pub(super) fn recognize_routing(record: &Record<'_>) -> Vec<Resource> {
    let has_receivers = record.root.get("receivers").is_some_and(|node| !node.elements().is_empty());
    match has_receivers && record.root.at_path(&["route", "receiver"]).is_some() {
        true => vec![record.resource("alertmanager_config", record.tree())],
        false => Vec::new(),
    }
}

pub(super) fn may_stack(_path: &str, text: &str) -> bool {
    text.contains("prometheusSpec:")
}

/// A resource `prometheus_stack` with the values of the kube-prometheus-stack chart, also where they stand below the name
/// of the chart in an umbrella chart's values.
pub(super) fn recognize_stack(record: &Record<'_>) -> Vec<Resource> {
    let is_stack = |node: &Node| node.at_path(&["prometheus", "prometheusSpec"]).is_some();
    if record.is_manifest() {
        return Vec::new();
    }
    if is_stack(record.root) {
        return vec![record.resource("prometheus_stack", record.tree())];
    }
    let below = record.root.entries().iter().find(|entry| is_stack(&entry.value));
    let resource = below.map(|entry| {
        let attributes = Value::from_node(&entry.value, entry.key.span);
        let name = crate::classify::stem(record.path);
        record.part("prometheus_stack", &name, Place::of(entry), attributes)
    });
    resource.into_iter().collect()
}

/// The three signals and what their settings are called.
const SIGNALS: [(&str, [&str; 3]); 3] = [
    ("traces", ["traces", "tracing", "trace"]),
    ("logs", ["logs", "logging", "log"]),
    ("metrics", ["metrics", "metric", "monitoring"]),
];
/// Keys that tell the settings of a signal from other maps of that name.
const SIGNAL_KEYS: [&str; 8] = [
    "enabled",
    "export_to",
    "exporter",
    "exporters",
    "sampling_rate",
    "json_format",
    "retention_days",
    "cardinality_limit",
];

pub(super) fn may_observe(_path: &str, text: &str) -> bool {
    let has = |names: &[&str; 3]| names.iter().any(|name| has_key_line(text, name));
    SIGNALS.iter().filter(|(_, names)| has(names)).count() >= 2
}

/// A resource `observability_config`: `traces`, `logs` and `metrics` as written, whatever of their names is used. Two of
/// them make such a file.
pub(super) fn recognize_observability(record: &Record<'_>) -> Vec<Resource> {
    if record.is_manifest() {
        return Vec::new();
    }
    let header = record.header();
    let mut facts = Facts::new(header);
    facts.text("path", record.path);
    let mut count = 0;
    for (signal, names) in SIGNALS {
        let entry = names.iter().find_map(|name| record.root.entry(name));
        let Some(entry) = entry.filter(|entry| is_signal(&entry.value)) else { continue };
        facts.set(signal, Value::from_node(&entry.value, entry.key.span));
        count += 1;
    }
    match count >= 2 {
        true => vec![record.resource("observability_config", facts.finish(header))],
        false => Vec::new(),
    }
}

fn is_signal(node: &Node) -> bool {
    matches!(node.data, NodeData::Mapping(_)) && SIGNAL_KEYS.iter().any(|key| node.get(key).is_some())
}

pub(super) fn may_protect(path: &str, text: &str) -> bool {
    is_settings(path)
        || (path.ends_with(".json") && text.contains("\"enforcement\"") && text.contains("\"conditions\""))
}

/// Whether the file holds the settings that the Settings app and safe-settings apply.
fn is_settings(path: &str) -> bool {
    matches!(path, ".github/settings.yml" | ".github/settings.yaml") || path.starts_with(".github/repos/")
}

/// A resource `repository_settings` (branch protection and access in a settings file) or `branch_ruleset` (an exported
/// ruleset), with the file's own keys.
pub(super) fn recognize_protection(record: &Record<'_>) -> Vec<Resource> {
    if is_settings(record.path) && !record.root.entries().is_empty() {
        return vec![record.resource("repository_settings", record.tree())];
    }
    let is_ruleset = record.root.get("rules").is_some_and(|node| matches!(node.data, NodeData::Sequence(_)))
        && record.root.get("enforcement").is_some();
    match is_ruleset {
        true => vec![record.resource("branch_ruleset", record.tree())],
        false => Vec::new(),
    }
}

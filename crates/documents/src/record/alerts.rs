//! Alert rules: Prometheus rule files, `PrometheusRule` manifests, and plain lists of alerts.

use super::Record;
use crate::facts::Facts;
use proofmark_model::{Resource, Value};
use proofmark_source::{Span, join_path, normalize_path, parent_path};
use proofmark_syntax::{Node, NodeData};

/// Keys of a plain list of alerts.
const LIST_KEYS: [&str; 3] = ["alerts", "alert_rules", "alerting_rules"];

pub(super) fn may_hold(_path: &str, text: &str) -> bool {
    text.contains("alert")
}

/// A resource `alert_rules`: `format` (`prometheus` or `list`) and `alerts` of {name, condition, severity, notification,
/// runbook, runbook_exists, pending, labels, annotations}, each only where it is written. `watched` is one text of all
/// names and conditions in lower case, for rules that ask whether anything watches a topic.
pub(super) fn recognize(record: &Record<'_>) -> Vec<Resource> {
    let prometheus = prometheus_alerts(record);
    let (format, alerts) = match prometheus.is_empty() {
        false => ("prometheus", prometheus),
        true => ("list", listed_alerts(record)),
    };
    if alerts.is_empty() {
        return Vec::new();
    }
    let header = record.header();
    let mut facts = Facts::new(header);
    facts.text("path", record.path);
    facts.text("format", format);
    facts.text("watched", watched(&alerts));
    facts.list("alerts", alerts.into_iter().map(|alert| describe(record, alert)).collect());
    vec![record.resource("alert_rules", facts.finish(header))]
}

fn watched(alerts: &[&Node]) -> String {
    let mut text = String::new();
    for node in alerts.iter().flat_map(|alert| [first(alert, &NAMES), first(alert, &CONDITIONS)]).flatten() {
        text.push_str(&node.as_str().unwrap_or("").to_lowercase());
        text.push('\n');
    }
    text
}

/// The alerting rules in `groups[].rules[]`; recording rules have no name of an alert.
fn prometheus_alerts<'r>(record: &'r Record<'_>) -> Vec<&'r Node> {
    let is_custom = record.root.get("kind").and_then(Node::as_str) == Some("PrometheusRule");
    let groups = if is_custom { record.root.at_path(&["spec", "groups"]) } else { record.root.get("groups") };
    let groups = groups.map_or(&[][..], Node::elements);
    let rules = groups.iter().flat_map(|group| group.get("rules").map_or(&[][..], Node::elements));
    rules.filter(|rule| rule.get("alert").is_some() && rule.get("expr").is_some()).collect()
}

/// The elements of a list of alerts, if each names itself and something to watch.
fn listed_alerts<'r>(record: &'r Record<'_>) -> Vec<&'r Node> {
    if record.is_manifest() {
        return Vec::new();
    }
    let list = LIST_KEYS.iter().find_map(|key| record.root.get(key));
    let elements = list.map_or(&[][..], Node::elements);
    let is_alert = |node: &&Node| first(node, &NAMES).is_some() && first(node, &CONDITIONS).is_some();
    if !record.is_broken && elements.iter().any(|node| !is_alert(&node)) {
        return Vec::new();
    }
    elements.iter().filter(is_alert).collect()
}

const NAMES: [&str; 4] = ["alert", "name", "title", "id"];
const CONDITIONS: [&str; 5] = ["expr", "condition", "expression", "query", "threshold"];
const SEVERITIES: [&str; 3] = ["severity", "priority", "level"];
const NOTIFICATIONS: [&str; 6] =
    ["notification", "notifications", "notify", "channels", "receivers", "receiver"];
const RUNBOOKS: [&str; 4] = ["runbook", "runbook_url", "runbookUrl", "runbook_link"];
const DURATIONS: [&str; 3] = ["for", "duration", "window"];

/// The first of these keys that has a value.
fn first<'n>(node: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().find_map(|key| node.get(key).filter(|value| value.data != NodeData::Null))
}

fn describe(record: &Record<'_>, alert: &Node) -> Value {
    let name = first(alert, &NAMES);
    let header = name.map_or(alert.span, |name| name.span);
    let mut facts = Facts::new(header);
    let nested = |map: &str, keys: &[&str]| alert.get(map).and_then(|node| first(node, keys));
    let known = [
        ("name", name),
        ("condition", first(alert, &CONDITIONS)),
        ("severity", first(alert, &SEVERITIES).or_else(|| nested("labels", &SEVERITIES))),
        ("notification", first(alert, &NOTIFICATIONS)),
        ("runbook", first(alert, &RUNBOOKS).or_else(|| nested("annotations", &RUNBOOKS))),
        ("pending", first(alert, &DURATIONS)),
        ("labels", alert.get("labels")),
        ("annotations", alert.get("annotations")),
    ];
    for (key, node) in known {
        if let Some(node) = node {
            facts.set(key, Value::from_node(node, node.span));
        }
    }
    let runbook = first(alert, &RUNBOOKS).or_else(|| nested("annotations", &RUNBOOKS));
    if let Some((target, span)) = runbook.and_then(|node| node.as_str().map(|text| (text, node.span)))
        && let Some(exists) = runbook_exists(record, target)
    {
        facts.set("runbook_exists", truth_at(exists, span));
    }
    facts.finish_over(header, alert.span)
}

fn truth_at(value: bool, span: Span) -> Value {
    Value::new(proofmark_model::Data::Bool(value), span)
}

/// Whether the file that a runbook's path or address means is here; `None` for addresses elsewhere and for templates,
/// which nobody can look up.
fn runbook_exists(record: &Record<'_>, target: &str) -> Option<bool> {
    if target.contains("{{") || target.contains("${") {
        return None;
    }
    let path = target.split(['#', '?']).next().unwrap_or("");
    let is_here = |path: Option<String>| path.is_some_and(|path| record.workspace.find(&path).is_some());
    if let Some((_, address)) = path.split_once("://") {
        // A page of a code host names a path of the repository behind its branch: `…/blob/main/docs/runbooks/x.md`.
        let parts: Vec<&str> = address.split('/').collect();
        let is_known = (1..parts.len()).any(|skip| is_here(parts.get(skip..).map(|parts| parts.join("/"))));
        return is_known.then_some(true);
    }
    let from_root = normalize_path(path.trim_start_matches('/'));
    Some(is_here(from_root) || is_here(join_path(parent_path(record.path), path)))
}

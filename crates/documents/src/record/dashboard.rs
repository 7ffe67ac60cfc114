//! Grafana dashboards.

use super::Record;
use crate::facts::Facts;
use proofmark_model::{Resource, Value};
use proofmark_syntax::{Node, NodeData};

pub(super) fn may_hold(path: &str, text: &str) -> bool {
    path.ends_with(".json") && text.contains("\"panels\"") && text.contains("\"title\"")
}

/// A resource `grafana_dashboard`: `wrapper` (the envelope of the HTTP API, where there is one), `dashboard` as written,
/// `panels` with those inside rows, `queries` of {expression, panel}, and `expressions`, one text of all queries.
pub(super) fn recognize(record: &Record<'_>) -> Vec<Resource> {
    let wrapped = record.root.entry("dashboard").filter(|entry| entry.value.get("panels").is_some());
    let dashboard = wrapped.map_or(record.root, |entry| &entry.value);
    let Some(panels) =
        dashboard.entry("panels").filter(|entry| matches!(entry.value.data, NodeData::Sequence(_)))
    else {
        return Vec::new();
    };
    let listed = panels.value.elements();
    let is_panel = |panel: &Node| panel.get("type").is_some() || record.is_broken;
    if listed.is_empty() || !listed.iter().all(is_panel) {
        return Vec::new();
    }
    let header = panels.key.span;
    let mut facts = Facts::new(header);
    if let Some(entry) = wrapped {
        facts.set("wrapper", Value::string("dashboard", entry.key.span));
    }
    facts.set("dashboard", Value::from_node(dashboard, header));
    let all: Vec<&Node> = listed.iter().flat_map(with_nested).collect();
    facts.set(
        "panels",
        Value::list(all.iter().map(|panel| Value::from_node(panel, panel.span)).collect(), header),
    );
    let expressions: Vec<&str> =
        all.iter().flat_map(|panel| expressions(panel)).filter_map(Node::as_str).collect();
    facts.text("expressions", expressions.join("\n"));
    facts.list("queries", all.iter().flat_map(|panel| queries(panel)).collect());
    let mut resource = record.resource("grafana_dashboard", facts.finish(header));
    resource.header = header;
    vec![resource]
}

fn with_nested(panel: &Node) -> impl Iterator<Item = &Node> {
    std::iter::once(panel).chain(panel.get("panels").map_or(&[][..], Node::elements))
}

/// The query of each target of a panel that is a text.
fn expressions(panel: &Node) -> impl Iterator<Item = &Node> {
    let targets = panel.get("targets").map_or(&[][..], Node::elements);
    targets.iter().filter_map(|target| {
        target.get("expr").or_else(|| target.get("query")).filter(|node| node.as_str().is_some())
    })
}

fn queries(panel: &Node) -> Vec<Value> {
    let described = expressions(panel).map(|expression| {
        let mut facts = Facts::new(expression.span);
        facts.set("expression", Value::from_node(expression, expression.span));
        if let Some(title) = panel.get("title") {
            facts.set("panel", Value::from_node(title, title.span));
        }
        facts.finish(expression.span)
    });
    described.collect()
}

//! Coverage thresholds, whichever tool enforces them.
//!
//! A `coverage_threshold` has `tool`, `scope` (`global`, a path, `flag:NAME`), `metric` (`lines`, `branches`, `functions`,
//! `statements`, `total`), `minimum` in percent, `is_enforced`, and `is_relative` where the tool compares with the base
//! commit instead of a number.

use crate::context::{Extent, FileContext, Placed, entry_place};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};

/// The names of the metrics that JavaScript's tools count.
const METRICS: [&str; 4] = ["lines", "branches", "functions", "statements"];

/// One threshold.
pub struct Threshold<'t> {
    /// The tool.
    pub tool: &'t str,
    /// What it applies to.
    pub scope: &'t str,
    /// What it counts.
    pub metric: &'t str,
    /// The number.
    pub minimum: Value,
    /// Whether falling below fails the run.
    pub is_enforced: bool,
    /// Where it stands.
    pub span: Span,
}

/// Adds a threshold.
pub fn emit_threshold(context: &mut FileContext<'_>, threshold: Threshold<'_>) {
    let span = threshold.span;
    let mut fields = MapBuilder::default();
    fields.set_text("tool", threshold.tool, span);
    fields.set_text("scope", threshold.scope, span);
    fields.set_text("metric", threshold.metric, span);
    fields.set_bool("is_enforced", threshold.is_enforced, span);
    fields.set_bool("is_relative", threshold.minimum.as_str() == Some("auto"), span);
    if matches!(threshold.minimum.data, Data::Integer(_) | Data::Float(_) | Data::Unknown(_)) {
        fields.put("minimum", span, threshold.minimum);
    }
    let address = format!("coverage_threshold.{}.{}.{}", threshold.tool, threshold.scope, threshold.metric);
    context.emit_fields("coverage_threshold", &address, Extent { span, header: span }, fields);
}

/// Jest's settings, with `coverageThreshold` taken apart.
pub fn read_jest(context: &mut FileContext<'_>, place: &Placed<'_>) {
    context.emit_node("jest_config", place);
    let scopes = place.node.get("coverageThreshold").map(Node::entries).unwrap_or_default();
    for scope in scopes {
        let name = scope.key.as_str().unwrap_or("");
        let group = Group { tool: "jest", scope: name, is_enforced: true };
        emit_metrics(context, group, scope.value.entries());
    }
}

/// Settings of nyc and c8, whose thresholds count only with `check-coverage`.
pub fn read_nyc(context: &mut FileContext<'_>, place: &Placed<'_>) {
    context.emit_node("nyc_config", place);
    let is_enforced = place.node.get("check-coverage").is_some_and(|node| node.data == NodeData::Bool(true));
    emit_metrics(context, Group { tool: "nyc", scope: "global", is_enforced }, place.node.entries());
}

/// What thresholds that stand together have in common; see [`Threshold`].
struct Group<'t> {
    tool: &'t str,
    scope: &'t str,
    is_enforced: bool,
}

fn emit_metrics(context: &mut FileContext<'_>, group: Group<'_>, entries: &[Entry]) {
    let Group { tool, scope, is_enforced } = group;
    for entry in entries {
        let Some(metric) = entry.key.as_str().filter(|name| METRICS.contains(name)) else { continue };
        let minimum = Value::from_node(&entry.value, entry.key.span);
        let span = entry_place(entry);
        emit_threshold(context, Threshold { tool, scope, metric, minimum, is_enforced, span });
    }
}

/// Codecov's settings, with the targets of its status checks taken apart.
pub fn read_codecov(context: &mut FileContext<'_>, place: &Placed<'_>) {
    context.emit_node("codecov_config", place);
    let checks =
        place.node.at_path(&["coverage", "status", "project"]).map(Node::entries).unwrap_or_default();
    for check in checks {
        let name = check.key.as_str().unwrap_or("");
        // `project: {target: 80}` is short for `project: {default: {target: 80}}`.
        let target = if name == "target" { Some(check) } else { check.value.entry("target") };
        let scope = if matches!(name, "default" | "target") { "global" } else { name };
        let is_enforced =
            check.value.get("informational").is_none_or(|node| node.data != NodeData::Bool(true));
        if let Some(target) = target {
            emit_target(context, scope, is_enforced, target);
        }
    }
    for flag in place.node.get("flags").map(Node::entries).unwrap_or_default() {
        let scope = format!("flag:{}", flag.key.as_str().unwrap_or(""));
        if let Some(target) = flag.value.entry("target") {
            emit_target(context, &scope, true, target);
        }
    }
}

fn emit_target(context: &mut FileContext<'_>, scope: &str, is_enforced: bool, target: &Entry) {
    let minimum = percent(&Value::from_node(&target.value, target.key.span));
    let span = entry_place(target);
    emit_threshold(
        context,
        Threshold { tool: "codecov", scope, metric: "total", minimum, is_enforced, span },
    );
}

/// `80`, `80.5`, `"80%"` as a number.
pub fn percent(value: &Value) -> Value {
    let Some(text) = value.as_str() else { return Value::clone(value) };
    let number = text.trim().trim_end_matches('%').trim();
    let data = match (number.parse::<i64>(), number.parse::<f64>()) {
        (Ok(number), _) => Data::Integer(number),
        (_, Ok(number)) => Data::Float(number),
        _ => return Value::clone(value),
    };
    value.with_data(data)
}

//! Renovate.

use crate::context::{FileContext, Placed};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};

/// Presets with a waiting time for packages of npm, in days ("Default presets", `security:minimumReleaseAgeNpm`).
const WAITING_PRESETS: [&str; 2] = ["security:minimumReleaseAgeNpm", "config:best-practices"];

/// The days that those presets wait.
const PRESET_DAYS: i64 = 3;

/// Reads the settings as they stand, with `update_rules`: one for all updates and one for each entry of `packageRules`, in
/// the form that Dependabot's settings have too.
pub fn read(context: &mut FileContext<'_>, place: &Placed<'_>) {
    let root = place.node;
    let mut fields = MapBuilder::of(&Value::from_node(root, place.header));
    let mut rules = vec![general_rule(root, place.header)];
    let presets = texts(root.get("extends"));
    if presets.iter().any(|preset| WAITING_PRESETS.contains(preset)) {
        rules.push(preset_rule(root.get("extends").map_or(place.header, |node| node.span)));
    }
    for element in root.get("packageRules").map(Node::elements).unwrap_or_default() {
        let managers = texts(element.get("matchManagers"));
        let ecosystems = if managers.is_empty() { vec!["*"] } else { managers };
        rules.extend(ecosystems.iter().map(|ecosystem| rule(root, element, ecosystem)));
    }
    fields.set("update_rules", Value::list(rules, place.span));
    context.emit_fields("renovate_config", "renovate_config", place.extent(), fields);
}

/// What holds for all updates.
fn general_rule(root: &Node, header: Span) -> Value {
    let managers = texts(root.get("enabledManagers"));
    let ecosystem = if managers.is_empty() { "*".to_owned() } else { managers.join(" ") };
    let rule = rule(root, root, &ecosystem);
    let mut fields = MapBuilder::of(&rule);
    if rule.at_path(&["interval"]).is_none()
        && let Some(preset) =
            texts(root.get("extends")).iter().find_map(|preset| preset.strip_prefix("schedule:"))
    {
        fields.set_text("interval", preset, header);
    }
    fields.finish(root.span, header)
}

fn preset_rule(span: Span) -> Value {
    let mut fields = MapBuilder::default();
    fields.set_text("ecosystem", "npm", span);
    fields.set("cooldown_days", Value::new(Data::Integer(PRESET_DAYS), span));
    fields.finish(span, span)
}

/// The settings in `node`, with what they leave unsaid taken from `root`.
fn rule(root: &Node, node: &Node, ecosystem: &str) -> Value {
    let header = node.entries().first().map_or(node.span, |entry| entry.key.span);
    let said = |name: &str| node.get(name).or_else(|| root.get(name));
    let mut fields = MapBuilder::default();
    fields.set_text("ecosystem", ecosystem, header);
    if let Some(schedule) = said("schedule") {
        fields.set_text("interval", &texts(Some(schedule)).join(", "), schedule.span);
    }
    if let Some((age, days)) = said("minimumReleaseAge").and_then(|age| Some((age, days(age.as_str()?)?))) {
        fields.set("cooldown_days", Value::new(Data::Integer(days), age.span));
    }
    if let Some(limit) = said("prConcurrentLimit") {
        fields.set("max_open", Value::from_node(limit, limit.span));
    }
    let is_true = |name: &str| said(name).is_some_and(|node| node.data == NodeData::Bool(true));
    fields.set_bool("merges_itself", is_true("automerge"), header);
    fields.set_bool("is_grouped", node.get("groupName").is_some(), header);
    fields.finish(node.span, header)
}

/// A waiting time such as `3 days` or `2 weeks` in whole days.
fn days(text: &str) -> Option<i64> {
    let (number, unit) = text.trim().split_once(char::is_whitespace)?;
    let number: i64 = number.parse().ok()?;
    match unit.trim().trim_end_matches('s') {
        "day" => Some(number),
        "week" => number.checked_mul(7),
        "month" => number.checked_mul(30),
        "hour" => Some(number / 24),
        _ => None,
    }
}

/// A text or the texts of a list.
fn texts(node: Option<&Node>) -> Vec<&str> {
    let Some(node) = node else { return Vec::new() };
    match node.as_str() {
        Some(text) => vec![text],
        None => node.elements().iter().filter_map(Node::as_str).collect(),
    }
}

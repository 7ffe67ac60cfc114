//! Policies for the rotation of secrets.

use super::Record;
use crate::facts::Facts;
use proofmark_model::{Data, Resource, Value};
use proofmark_syntax::{Entry, Node};

/// Keys under which such a policy stands.
const KEYS: [&str; 6] = [
    "rotation_policies",
    "rotation_policy",
    "secret_rotation",
    "secrets_rotation",
    "key_rotation",
    "rotation",
];
/// How a class says how often it is renewed.
const SCHEDULES: [&str; 6] = ["schedule", "interval", "every", "frequency", "period", "rotate_every"];

pub(super) fn may_hold(_path: &str, text: &str) -> bool {
    KEYS.iter().any(|key| super::has_key_line(text, key))
}

/// A resource `secret_rotation`: `classes`, each with its `name`, what is written about it, and `interval_days` where its
/// schedule can be read as days.
pub(super) fn recognize(record: &Record<'_>) -> Vec<Resource> {
    let Some(policy) = KEYS.iter().find_map(|key| record.root.entry(key)) else { return Vec::new() };
    let classes: Vec<Value> = policy.value.entries().iter().filter_map(describe).collect();
    if classes.is_empty() {
        return Vec::new();
    }
    let header = policy.key.span;
    let mut facts = Facts::new(header);
    facts.list("classes", classes);
    vec![record.resource("secret_rotation", facts.finish(header))]
}

fn describe(class: &Entry) -> Option<Value> {
    let schedule = SCHEDULES.iter().find_map(|key| class.value.get(key))?;
    let mut facts = Facts::new(class.key.span);
    facts.extend(&Value::from_node(&class.value, class.key.span));
    facts.text("name", class.key.as_str().unwrap_or(""));
    if !facts.has("schedule") {
        facts.set("schedule", Value::from_node(schedule, schedule.span));
    }
    if let Some(days) = interval_days(schedule) {
        facts.set("interval_days", Value::new(Data::Integer(days), schedule.span));
    }
    Some(facts.finish_over(class.key.span, class.key.span.join(class.value.span)))
}

/// The days of a schedule such as `every 90 days`, `90d`, `P3M`, `quarterly`; months count 31 days and years 366, so that
/// a limit is never passed unnoticed. Cron expressions are left to those who know the calendar.
fn interval_days(schedule: &Node) -> Option<i64> {
    if let proofmark_syntax::NodeData::Integer(days) = schedule.data {
        return Some(days);
    }
    let text = schedule.as_str()?.trim().to_ascii_lowercase();
    let named =
        [("daily", 1), ("weekly", 7), ("monthly", 31), ("quarterly", 92), ("yearly", 366), ("annually", 366)];
    if let Some((_, days)) = named.iter().find(|(name, _)| *name == text) {
        return Some(*days);
    }
    let rest = text.strip_prefix("every").unwrap_or(&text).trim_start();
    let rest = rest.strip_prefix('p').unwrap_or(rest);
    let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let count: i64 = rest.get(..digits)?.parse().ok()?;
    let days = match rest.get(digits..)?.trim() {
        "d" | "day" | "days" => 1,
        "w" | "week" | "weeks" => 7,
        "m" | "mo" | "month" | "months" => 31,
        "y" | "year" | "years" => 366,
        _ => return None,
    };
    count.checked_mul(days)
}

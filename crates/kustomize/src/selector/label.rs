//! Selectors of labels, as `kubectl get -l` takes them.

use crate::node::scalar;
use proofmark_syntax::Node;
use smol_str::SmolStr;

/// Whether labels (or annotations) fit a selector such as `app=web,tier in (front, back),!legacy`. An empty one fits all.
pub(crate) fn matches_labels(selector: &str, labels: Option<&Node>) -> bool {
    requirements(selector).iter().all(|requirement| fits(requirement, labels))
}

/// The parts between commas that stand in no parentheses.
fn requirements(selector: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let is_separator = |character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    };
    selector.split(is_separator).map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn fits(requirement: &str, labels: Option<&Node>) -> bool {
    let value = |key: &str| -> Option<SmolStr> { scalar(labels?.get(key.trim())?) };
    if let Some(key) = requirement.strip_prefix('!') {
        return value(key).is_none();
    }
    if let Some((key, wanted)) = requirement.split_once("!=") {
        return value(key).is_none_or(|value| value != wanted.trim());
    }
    if let Some((key, wanted)) = requirement.split_once("==").or_else(|| requirement.split_once('=')) {
        return value(key).is_some_and(|value| value == wanted.trim());
    }
    if let Some((head, set)) = requirement.split_once('(') {
        let mut words = head.split_whitespace();
        let (key, operator) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let is_in =
            |value: SmolStr| set.trim_end_matches(')').split(',').any(|member| member.trim() == value);
        let found = value(key);
        return match operator {
            "notin" => found.is_none_or(|value| !is_in(value)),
            _ => found.is_some_and(is_in),
        };
    }
    value(requirement).is_some()
}

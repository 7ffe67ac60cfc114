//! The counts on the front page.

use proofmark_scan::{RuleSet, Stage};
use std::fmt::Write;

/// A sentence on the rules, and a table of the frameworks.
pub(super) fn render(rules: &RuleSet) -> String {
    let of_stage = |stage: Stage| rules.rules.iter().filter(|rule| rule.stage == stage).count();
    let mut text = format!(
        "\n{} rules are on by default, {} more are previews.\n\n| framework | controls | rules |\n|---|---|---|\n",
        of_stage(Stage::Stable),
        of_stage(Stage::Preview),
    );
    for framework in &rules.frameworks {
        let reaches = |rule: &&proofmark_scan::Rule| {
            rule.stage != Stage::Retired
                && rule.controls.iter().any(|control| control.framework() == framework.id.0)
        };
        let reached = rules.rules.iter().filter(reaches).count();
        let _ = writeln!(text, "| {} | {} | {reached} |", framework.title, framework.controls.len());
    }
    text.push('\n');
    text
}

//! `proofmark explain` and `proofmark rules show`.

use super::Status;
use crate::args::RulesArguments;
use crate::failure::Failure;
use crate::output::print;
use crate::session::{rule_named, rules_of};
use crate::words::{param_text, severity_name};
use proofmark_scan::{Rule, RuleSet, Stage};
use std::fmt::Write as _;

/// Says what a rule asks for, why, what to do, and what it rests on.
///
/// # Errors
/// When no rule has that name.
pub fn run(name: &str, arguments: &RulesArguments) -> Result<Status, Failure> {
    let rule_set = rules_of(arguments)?;
    let rule = rule_named(&rule_set, name)?;
    print(&describe(rule, &rule_set)).map(|()| Status::Clean)
}

fn describe(rule: &Rule, rule_set: &RuleSet) -> String {
    let mut text = format!("{}\n{}\n\n", rule.id, rule.title);
    let stage = match rule.stage {
        Stage::Stable => "",
        Stage::Preview => ", preview",
        Stage::Retired => ", retired",
    };
    let severity = severity_name(rule.severity);
    let _ = writeln!(text, "Severity {severity}, version {}{stage}.", rule.version);
    let resources: Vec<&str> = rule.resources.iter().map(|kind| kind.as_str()).collect();
    let _ = writeln!(text, "Judges {}.\n", resources.join(", "));
    let _ = writeln!(text, "Why: {}\nFix: {}\n", rule.why, rule.fix);
    if let Some(reason) = &rule.retired {
        let _ = writeln!(text, "Retired: {reason}\n");
    }
    conditions(&mut text, rule);
    if !rule.params.is_empty() {
        text.push_str("Parameters:\n");
        for (name, param) in &rule.params {
            let unit = param.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
            let why = param.why.as_deref().map(|why| format!("  {why}")).unwrap_or_default();
            let _ = writeln!(text, "  {name} = {}{unit}{why}", param_text(&param.default));
        }
        text.push('\n');
    }
    list(&mut text, "Controls", rule.controls.iter().map(|control| control_line(control, rule_set)));
    list(&mut text, "Also known as", rule.aliases.iter().map(|alias| alias.id.to_string()));
    list(&mut text, "Sources", rule.sources.iter().map(ToString::to_string));
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn conditions(text: &mut String, rule: &Rule) {
    let named = [("when", &rule.when), ("each", &rule.each)];
    for (name, condition) in named {
        if let Some(condition) = condition {
            let _ = writeln!(text, "  {name}: {}", condition.text);
        }
    }
    for condition in &rule.require {
        let _ = writeln!(text, "  require: {}", condition.text);
    }
    text.push('\n');
}

fn control_line(control: &proofmark_scan::ControlId, rule_set: &RuleSet) -> String {
    let controls = rule_set.frameworks.iter().flat_map(|framework| &framework.controls);
    match controls.into_iter().find(|known| known.id == *control) {
        Some(known) => format!("{control}  {}", known.title),
        None => control.to_string(),
    }
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "{title}:");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text.push('\n');
}

//! `rules/CATALOG.md`: every rule.

use proofmark_scan::{Rule, RuleSet, Stage};
use std::collections::BTreeMap;
use std::fmt::Write;

const INTRODUCTION: &str = "# Rules

Every rule by area. `proofmark explain RULE` shows one with its reason, its fix and its sources; the examples of a rule lie
under `fixtures/rules`. Names in other tools work wherever a rule id does.

This page is generated: `cargo xtask generate`.
";

/// The page.
pub(super) fn render(rules: &RuleSet) -> String {
    let mut areas: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in &rules.rules {
        areas.entry(rule.id.0.split('/').next().unwrap_or("")).or_default().push(rule);
    }
    let mut page = INTRODUCTION.to_owned();
    for (area, rules) in areas {
        let _ = write!(page, "\n## {area} ({})\n\n", rules.len());
        page.push_str(
            "| rule | requirement | severity | controls | also known as |\n|---|---|---|---|---|\n",
        );
        for rule in rules {
            page.push_str(&row(rule));
        }
    }
    page
}

fn row(rule: &Rule) -> String {
    let name = rule.id.0.split_once('/').map_or("", |(_, name)| name);
    let stage = match rule.stage {
        Stage::Stable => "",
        Stage::Preview => " *(preview)*",
        Stage::Retired => " *(retired)*",
    };
    let controls: Vec<String> = rule.controls.iter().map(ToString::to_string).collect();
    let mut aliases: Vec<&str> = rule.aliases.iter().map(|alias| alias.id.as_str()).collect();
    aliases.sort_unstable();
    aliases.dedup();
    format!(
        "| [`{name}`](../fixtures/rules/{}){stage} | {} | {} | {} | {} |\n",
        rule.id,
        rule.title.replace('|', "\\|"),
        format!("{:?}", rule.severity).to_lowercase(),
        controls.join(", "),
        aliases.join(", "),
    )
}

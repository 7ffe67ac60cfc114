//! Rules and the frameworks that they speak for.

use super::log::{
    ComponentReference, Configuration, Help, Message, Relationship, Rule, RuleProperties, Taxon,
    TaxonReference, Taxonomy,
};
use crate::shown::cut;
use proofmark_findings::ScanResult;
use proofmark_frameworks::{Control, ControlId};
use proofmark_rules::{Confidence, Severity, Stage};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// GitHub shows no more tags of a rule.
const SHOWN_TAGS: usize = 10;
/// GitHub takes no longer names.
const MAX_NAME_CHARS: usize = 200;
/// GitHub takes no longer descriptions (1,024, of which some are kept for the note that something was cut).
const MAX_DESCRIPTION_CHARS: usize = 980;

/// The rules of a log with the frameworks they refer to.
pub struct RuleTable<'a> {
    /// Descriptors, in order of the rule set.
    pub rules: Vec<Rule<'a>>,
    /// The place of a rule (by its place in the rule set) among the descriptors.
    pub index: BTreeMap<usize, usize>,
    /// One taxonomy for each framework.
    pub taxonomies: Vec<Taxonomy<'a>>,
}

/// Describes these rules (by place in the rule set).
pub fn describe_rules<'a>(result: &'a ScanResult, used: &BTreeSet<usize>) -> RuleTable<'a> {
    let chosen: Vec<_> = used.iter().filter_map(|&i| Some((i, result.rule_set.rules.get(i)?))).collect();
    let controls: BTreeSet<&ControlId> = chosen.iter().flat_map(|(_, rule)| &rule.controls).collect();
    let (taxonomies, taxa) = describe_frameworks(result, &controls);
    let mut table = RuleTable { rules: Vec::new(), index: BTreeMap::new(), taxonomies };
    for (place, rule) in chosen {
        table.index.insert(place, table.rules.len());
        table.rules.push(describe_rule(rule, &taxa));
    }
    table
}

/// Where a control stands: the framework's name, its place among the taxonomies, the control's place in it.
type Taxa<'a> = BTreeMap<&'a ControlId, (&'a str, usize, usize)>;

fn describe_frameworks<'a>(
    result: &'a ScanResult,
    used: &BTreeSet<&'a ControlId>,
) -> (Vec<Taxonomy<'a>>, Taxa<'a>) {
    let mut taxonomies = Vec::new();
    let mut taxa = Taxa::new();
    for framework in &result.rule_set.frameworks {
        let controls: Vec<&Control> =
            framework.controls.iter().filter(|control| used.contains(&control.id)).collect();
        if controls.is_empty() {
            continue;
        }
        for (index, control) in controls.iter().enumerate() {
            taxa.insert(&control.id, (&framework.id.0, taxonomies.len(), index));
        }
        taxonomies.push(Taxonomy {
            name: Cow::Borrowed(&framework.id.0),
            full_name: Cow::Borrowed(&framework.title),
            version: Some(Cow::Borrowed(&*framework.edition)).filter(|edition| !edition.is_empty()),
            information_uri: Some(Cow::Borrowed(&*framework.source))
                .filter(|uri| uri.starts_with("https://")),
            is_comprehensive: false,
            taxa: controls.into_iter().map(describe_control).collect(),
        });
    }
    (taxonomies, taxa)
}

fn describe_control(control: &Control) -> Taxon<'_> {
    Taxon {
        id: Cow::Borrowed(control.id.number()),
        short_description: Message {
            text: non_empty(cut(&control.title, MAX_DESCRIPTION_CHARS), &control.id.0),
        },
    }
}

fn describe_rule<'a>(rule: &'a proofmark_rules::Rule, taxa: &Taxa<'a>) -> Rule<'a> {
    let relationships = rule.controls.iter().filter_map(|control| {
        let &(name, component, index) = taxa.get(control)?;
        let tool_component = ComponentReference { name: Cow::Borrowed(name), index: component };
        let id = Cow::Borrowed(control.number());
        Some(Relationship { target: TaxonReference { id, index, tool_component }, kinds: ["relevant"] })
    });
    Rule {
        id: Cow::Borrowed(&rule.id.0),
        name: cut(&rule.id.0, MAX_NAME_CHARS),
        short_description: Message { text: non_empty(cut(&rule.title, MAX_DESCRIPTION_CHARS), &rule.id.0) },
        full_description: Message { text: non_empty(cut(&rule.why, MAX_DESCRIPTION_CHARS), &rule.title) },
        help: help(rule),
        help_uri: rule.sources.first().map(|uri| Cow::Borrowed(&**uri)).filter(|uri| is_web(uri)),
        default_configuration: Configuration { level: level(rule.severity) },
        relationships: relationships.collect(),
        properties: RuleProperties {
            tags: tags(rule),
            precision: precision(rule.confidence),
            problem_severity: problem_severity(rule.severity),
            security_severity: security_severity(rule.severity),
            version: rule.version,
            stage: stage(rule.stage),
        },
    }
}

fn is_web(uri: &str) -> bool {
    (uri.starts_with("https://") || uri.starts_with("http://")) && !uri.contains(char::is_whitespace)
}

fn help(rule: &proofmark_rules::Rule) -> Help<'_> {
    let mut text = format!("{}\n\nWhy: {}\n\nFix: {}", rule.title, rule.why, rule.fix);
    let mut markdown = format!("**{}**\n\n{}\n\n**Fix.** {}", rule.title, rule.why, rule.fix);
    if !rule.controls.is_empty() {
        let controls: Vec<&str> = rule.controls.iter().map(|control| control.0.as_str()).collect();
        text.push_str(&format!("\n\nControls: {}", controls.join(", ")));
        markdown.push_str(&format!("\n\n**Controls.** `{}`", controls.join("`, `")));
    }
    let aliases: Vec<&str> = rule.aliases.iter().map(|alias| alias.id.as_str()).collect();
    if !aliases.is_empty() {
        text.push_str(&format!("\n\nAlso known as: {}", aliases.join(", ")));
        markdown.push_str(&format!("\n\n**Also known as** `{}`", aliases.join("`, `")));
    }
    for (index, source) in rule.sources.iter().enumerate() {
        text.push_str(if index == 0 { "\n\nSources:\n" } else { "\n" });
        text.push_str(source);
        markdown.push_str(if index == 0 { "\n\n**Sources**\n\n" } else { "\n" });
        markdown.push_str(&format!("- <{source}>"));
    }
    Help { text: text.into(), markdown: markdown.into() }
}

/// `security` (GitHub's security view asks for it), the frameworks, then controls while there is room.
fn tags(rule: &proofmark_rules::Rule) -> Vec<Cow<'_, str>> {
    let mut tags = vec![Cow::Borrowed("security")];
    let frameworks: BTreeSet<&str> = rule.controls.iter().map(ControlId::framework).collect();
    tags.extend(frameworks.into_iter().filter(|name| !name.is_empty()).map(Cow::Borrowed));
    tags.extend(rule.controls.iter().map(|control| Cow::Borrowed(control.0.as_str())));
    tags.truncate(SHOWN_TAGS);
    tags
}

fn non_empty<'a>(text: Cow<'a, str>, fallback: &'a str) -> Cow<'a, str> {
    if text.trim().is_empty() { Cow::Borrowed(fallback) } else { text }
}

/// How loud a result is.
pub fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

/// GitHub reads a number: above 9 critical, from 7 high, from 4 medium, below low; nothing for what does no harm.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Preview => "preview",
        Stage::Stable => "stable",
        Stage::Retired => "retired",
    }
}

//! From the text of a configuration file to its settings.

use super::environments::{read_environments, read_inputs};
use super::fields::{Problems, first_line};
use super::{Configuration, Named, RuleParams};
use proofmark_findings::{Target, Waiver, WaiverSource, WaiverState, is_date};
use proofmark_model::SmolStr;
use proofmark_rules::{ParamValue, Params, Severity};
use proofmark_source::{Diagnostic, FileId, Impact};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use std::collections::BTreeMap;

pub(super) const KEYS: [&str; 15] = [
    "packs",
    "enable",
    "disable",
    "params",
    "include",
    "exclude",
    "fail_on",
    "fail_on_unknown",
    "waivers",
    "environments",
    "rules",
    "variable_files",
    "variables",
    "workspace",
    "values_files",
];
pub(super) const WAIVER_KEYS: [&str; 8] =
    ["rule", "address", "path", "reason", "alternative", "approver", "approved", "expires"];
const SEVERITIES: [(&str, Severity); 5] = [
    ("info", Severity::Info),
    ("low", Severity::Low),
    ("medium", Severity::Medium),
    ("high", Severity::High),
    ("critical", Severity::Critical),
];

/// Reads the text of a configuration file.
///
/// # Errors
/// Everything that is wrong with it, in order of place; a configuration is used whole or not at all.
pub fn parse_configuration(file: FileId, text: &str) -> Result<Configuration, Vec<Diagnostic>> {
    let parsed = parse_yaml(file, text, YamlDialect::Core);
    let mut problems = Problems::default();
    problems
        .list
        .extend(parsed.diagnostics.into_iter().filter(|diagnostic| diagnostic.impact != Impact::None));
    let configuration = match parsed.documents.as_slice() {
        [] => Configuration::default(),
        [document] if document.root.data == NodeData::Null => Configuration::default(),
        [document] => read(&document.root, &mut problems),
        [_, second, ..] => {
            let help = Some("keep one document".to_owned());
            problems.add(second.span, "a configuration is one document".to_owned(), help);
            Configuration::default()
        }
    };
    if problems.list.is_empty() {
        return Ok(configuration);
    }
    problems.list.sort_by_key(|diagnostic| diagnostic.span);
    Err(problems.list)
}

fn read(root: &Node, problems: &mut Problems) -> Configuration {
    if !problems.check_keys(root, "the configuration", &KEYS) {
        return Configuration::default();
    }
    let (waivers, waiver_rules) = read_waivers(root, problems).into_iter().unzip();
    Configuration {
        packs: problems.texts(root, "packs"),
        enable: problems.texts(root, "enable").unwrap_or_default(),
        disable: problems.texts(root, "disable").unwrap_or_default(),
        params: read_params(root, problems),
        include: plain(problems.texts(root, "include")),
        exclude: plain(problems.texts(root, "exclude")),
        fail_on: read_severity(root, problems),
        fail_on_unknown: problems.truth(root, "fail_on_unknown"),
        waivers,
        waiver_rules,
        inputs: read_inputs(root, problems),
        environments: read_environments(root, problems),
        rules: problems.text(root, "rules").map(|folder| folder.name.to_string()),
    }
}

fn plain(texts: Option<Vec<Named>>) -> Vec<String> {
    texts.unwrap_or_default().into_iter().map(|text| text.name.to_string()).collect()
}

fn read_severity(root: &Node, problems: &mut Problems) -> Option<Severity> {
    let written = problems.text(root, "fail_on")?;
    let found = SEVERITIES.iter().find(|(name, _)| written.name == *name).map(|(_, severity)| *severity);
    if found.is_none() {
        let names: Vec<&str> = SEVERITIES.iter().map(|(name, _)| *name).collect();
        let help = format!("the severities are {}", super::fields::list(&names));
        problems.add(written.span, format!("there is no severity `{}`", written.name), Some(help));
    }
    found
}

pub(super) fn read_params(parent: &Node, problems: &mut Problems) -> Vec<RuleParams> {
    let Some(node) = parent.get("params") else { return Vec::new() };
    if !matches!(node.data, NodeData::Mapping(_) | NodeData::Null) {
        problems.mistyped(node, "params", "a map from the id of a rule to the values of its parameters");
    }
    let mut params = Vec::new();
    for entry in node.entries() {
        let name = SmolStr::from(entry.key.as_str().unwrap_or(""));
        if !matches!(entry.value.data, NodeData::Mapping(_)) {
            problems.mistyped(&entry.value, &name, "a map from the name of a parameter to its value");
        }
        let mut values = Params::new();
        for param in entry.value.entries() {
            match param_value(&param.value) {
                Some(value) => drop(values.insert(param.key.as_str().unwrap_or("").into(), value)),
                None => {
                    problems.mistyped(&param.value, "the value of a parameter", "a scalar, a list or a map")
                }
            }
        }
        params.push(RuleParams { rule: Named { name, span: entry.key.span }, values });
    }
    params
}

pub(super) fn param_value(node: &Node) -> Option<ParamValue> {
    Some(match &node.data {
        NodeData::Bool(value) => ParamValue::Boolean(*value),
        NodeData::Integer(value) => ParamValue::Integer(*value),
        NodeData::Float(value) => ParamValue::Number(*value),
        NodeData::String(text) => ParamValue::String(SmolStr::clone(text)),
        NodeData::Sequence(elements) => {
            ParamValue::List(elements.iter().map(param_value).collect::<Option<Vec<_>>>()?)
        }
        NodeData::Mapping(entries) => {
            let pairs = entries
                .iter()
                .map(|entry| Some((entry.key.as_str()?.to_owned(), param_value(&entry.value)?)));
            ParamValue::Map(pairs.collect::<Option<BTreeMap<_, _>>>()?)
        }
        NodeData::Null | NodeData::Template(_) => return None,
    })
}

fn read_waivers(root: &Node, problems: &mut Problems) -> Vec<(Waiver, Named)> {
    let Some(node) = root.get("waivers") else { return Vec::new() };
    if !matches!(node.data, NodeData::Sequence(_) | NodeData::Null) {
        problems.mistyped(node, "waivers", "a list of waivers");
    }
    let known = |node: &&Node| problems.check_keys(node, "a waiver", &WAIVER_KEYS);
    let nodes: Vec<&Node> = node.elements().iter().filter(known).collect();
    nodes.into_iter().filter_map(|node| read_waiver(node, problems)).collect()
}

fn read_waiver(node: &Node, problems: &mut Problems) -> Option<(Waiver, Named)> {
    let rule = problems.required(node, "rule", "the waiver");
    let reason = problems.required(node, "reason", "the waiver");
    let approver = problems.required(node, "approver", "the waiver");
    let expires = read_date(node, "expires", problems);
    if node.get("expires").is_none() {
        let help = Some("add `expires: YYYY-MM-DD`, the last day on which it holds".to_owned());
        problems.add(first_line(node), "the waiver has no `expires`".to_owned(), help);
    }
    let target = read_target(node, problems);
    let approved = read_date(node, "approved", problems);
    let alternative = problems.text(node, "alternative").map(|text| text.name.to_string());
    let rule = rule?;
    let waiver = Waiver {
        rule: SmolStr::clone(&rule.name),
        target: target?,
        reason: reason?.name.to_string(),
        alternative,
        approver: Some(approver?.name.to_string()),
        approved,
        expires: Some(expires?),
        source: WaiverSource::Configuration,
        state: WaiverState::Unused,
    };
    Some((waiver, rule))
}

fn read_target(node: &Node, problems: &mut Problems) -> Option<Target> {
    let address = problems.text(node, "address");
    let path = problems.text(node, "path");
    match (address, path) {
        (Some(address), None) => Some(Target::Address(address.name)),
        (None, Some(path)) => Some(Target::Path(path.name)),
        (Some(_), Some(path)) => {
            let help = Some("keep the one that says it more narrowly".to_owned());
            problems.add(path.span, "the waiver has an `address` and a `path`".to_owned(), help);
            None
        }
        (None, None) => {
            let help = Some("add `address: …` (a resource) or `path: …` (files)".to_owned());
            problems.add(first_line(node), "the waiver does not say what it covers".to_owned(), help);
            None
        }
    }
}

fn read_date(node: &Node, key: &str, problems: &mut Problems) -> Option<SmolStr> {
    let date = problems.text(node, key)?;
    if is_date(&date.name) {
        return Some(date.name);
    }
    let help = Some("write it as YYYY-MM-DD".to_owned());
    problems.add(date.span, format!("`{key}` is `{}`, which is no day", date.name), help);
    None
}

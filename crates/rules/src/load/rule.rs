//! Rule files.

use super::RULE_REFERENCE;
use super::condition::ConditionReader;
use super::fields::{Errors, check_keys, list, optional, parse_mapping, required, text, texts, word};
use super::param::{read_params, read_values};
use crate::check::{Scope, Wanted};
use crate::nearest::did_you_mean;
use crate::{Alias, Condition, Confidence, EditTemplate, Param, Rule, RuleId, Severity, Stage};
use proofmark_frameworks::ControlId;
use proofmark_source::{Diagnostic, FileId, Span};
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The keys of a rule file.
pub(crate) const RULE_KEYS: [&str; 17] = [
    "title",
    "severity",
    "confidence",
    "stage",
    "version",
    "resource",
    "when",
    "each",
    "require",
    "params",
    "controls",
    "aliases",
    "why",
    "fix",
    "edit",
    "sources",
    "retired",
];
pub(super) const ALIAS_KEYS: [&str; 2] = ["id", "params"];
pub(super) const EDIT_KEYS: [&str; 3] = ["set", "before", "extract"];

const SEVERITIES: [(&str, Severity); 5] = [
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
    ("info", Severity::Info),
];
const CONFIDENCES: [(&str, Confidence); 3] =
    [("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];
const STAGES: [(&str, Stage); 3] =
    [("preview", Stage::Preview), ("stable", Stage::Stable), ("retired", Stage::Retired)];

/// A rule with the places that matter to checks across files.
pub(super) struct Loaded {
    pub rule: Rule,
    /// Where each control stands, in order of [`Rule::controls`].
    pub control_spans: Vec<Span>,
}

pub(super) fn load(id: RuleId, file: FileId, text: &str) -> Result<Loaded, Vec<Diagnostic>> {
    let mut errors = Errors::new(file);
    let loaded = parse_mapping(text, &mut errors).and_then(|root| read(id, &root, text, &mut errors));
    errors.finish(loaded)
}

fn read(id: RuleId, root: &Node, file_text: &str, errors: &mut Errors) -> Option<Loaded> {
    check_keys(root, &RULE_KEYS, errors);
    let params = optional(root, "params", errors).map(|node| read_params(node, errors)).unwrap_or_default();
    let conditions = read_conditions(root, file_text, &params, errors);
    let controls = read_controls(root, errors);
    let aliases = read_aliases(root, &params, errors);
    let prose = read_prose(root, errors);
    let resources = required(root, "resource", "name the kind of resource, or a list of kinds", errors)
        .map(|node| texts(node, "resource", errors).into_iter().map(|(kind, _)| kind).collect());
    let (stage, retired) = read_stage(root, errors);
    let confidence =
        optional(root, "confidence", errors).and_then(|node| word(node, "confidence", &CONFIDENCES, errors));
    let version = read_version(root, errors);
    let (prose, resources, conditions) = (prose?, resources?, conditions?);
    let (controls, control_spans) = controls.into_iter().unzip();
    let rule = Rule {
        id,
        title: prose.title,
        severity: prose.severity,
        confidence: confidence.unwrap_or_default(),
        stage,
        version,
        resources,
        when: conditions.when,
        each: conditions.each,
        require: conditions.require,
        params,
        controls,
        aliases,
        why: prose.why,
        fix: prose.fix,
        edit: conditions.edit,
        sources: prose.sources,
        retired,
    };
    Some(Loaded { rule, control_spans })
}

/// What a rule says to people.
struct Prose {
    title: SmolStr,
    severity: Severity,
    why: SmolStr,
    fix: SmolStr,
    sources: Vec<SmolStr>,
}

fn read_prose(root: &Node, errors: &mut Errors) -> Option<Prose> {
    let title = required(root, "title", "state the requirement positively, without a full stop", errors)
        .and_then(|node| text(node, "title", errors).map(|title| (title, node)));
    if let Some((title, node)) = &title
        && title.ends_with('.')
    {
        errors.key(node.span, "`title` ends with a full stop", "leave it away: titles stand in lists");
    }
    let severity = required(root, "severity", "write `critical`, `high`, `medium`, `low` or `info`", errors)
        .and_then(|node| word(node, "severity", &SEVERITIES, errors));
    let why = read_sentence(root, "why", "say what harm comes from a failure", errors);
    let fix = read_sentence(root, "fix", "say what to do about a failure", errors);
    let sources = required(root, "sources", "link the documentation that the rule rests on", errors)
        .map(|node| read_sources(node, errors));
    Some(Prose { title: title?.0, severity: severity?, why: why?, fix: fix?, sources: sources? })
}

fn read_sentence(root: &Node, key: &str, help: &str, errors: &mut Errors) -> Option<SmolStr> {
    let node = required(root, key, help, errors)?;
    let sentence = text(node, key, errors)?;
    if !sentence.ends_with('.') {
        errors.key(node.span, format!("`{key}` does not end with a full stop"), "write whole sentences");
    }
    Some(sentence)
}

fn read_sources(node: &Node, errors: &mut Errors) -> Vec<SmolStr> {
    let mut sources = Vec::new();
    for (source, node) in list(node, "sources", errors) {
        if !source.starts_with("https://") && !source.starts_with("http://") {
            errors.key(node.span, "the source is not a link", "write `https://…`");
        }
        sources.push(source);
    }
    sources
}

fn read_stage(root: &Node, errors: &mut Errors) -> (Stage, Option<SmolStr>) {
    let stage = optional(root, "stage", errors).and_then(|node| word(node, "stage", &STAGES, errors));
    let retired = optional(root, "retired", errors).and_then(|node| text(node, "retired", errors));
    match (stage, &retired) {
        (Some(Stage::Retired), None) => {
            let span = root.get("stage").map_or(root.span, |node| node.span);
            errors.key(span, "a retired rule needs its reason", "add `retired: why, and what replaces it`");
        }
        (Some(Stage::Preview | Stage::Stable), Some(_)) => {
            let span = root.get("retired").map_or(root.span, |node| node.span);
            errors.key(span, "`retired` contradicts `stage`", "leave one of the two away");
        }
        _ => {}
    }
    let stage = if retired.is_some() { Stage::Retired } else { stage.unwrap_or_default() };
    (stage, retired)
}

fn read_version(root: &Node, errors: &mut Errors) -> u32 {
    let Some(node) = optional(root, "version", errors) else { return 1 };
    match node.data {
        NodeData::Integer(version) if version >= 1 => u32::try_from(version).unwrap_or(u32::MAX),
        _ => {
            errors.key(
                node.span,
                "`version` is not a whole number from 1",
                "raise it when a verdict changes",
            );
            1
        }
    }
}

/// The expressions of a rule.
struct Conditions {
    when: Option<Condition>,
    each: Option<Condition>,
    require: Vec<Condition>,
    edit: Option<EditTemplate>,
}

fn read_conditions(
    root: &Node,
    text: &str,
    params: &BTreeMap<SmolStr, Param>,
    errors: &mut Errors,
) -> Option<Conditions> {
    let outer = Scope { params, has_element: false };
    let mut reader = ConditionReader { text, scope: outer, used: BTreeSet::new() };
    let when = optional(root, "when", errors).map(|node| reader.read(node, "when", Wanted::Truth, errors));
    let each = optional(root, "each", errors).map(|node| reader.read(node, "each", Wanted::List, errors));
    reader.scope = Scope { params, has_element: each.is_some() };
    let require = required(root, "require", "write the condition that must hold", errors).map(|node| {
        let nodes = if matches!(node.data, NodeData::Sequence(_)) {
            node.elements()
        } else {
            std::slice::from_ref(node)
        };
        if nodes.is_empty() {
            errors.key(node.span, "`require` is empty", "write the condition that must hold");
        }
        nodes.iter().filter_map(|node| reader.read(node, "require", Wanted::Truth, errors)).collect()
    });
    let edit = optional(root, "edit", errors).and_then(|node| read_edit(node, &mut reader, errors));
    // While a condition cannot be read, nobody knows which parameters it uses.
    if errors.found.is_empty() {
        report_unused(root, params, &reader.used, errors);
    }
    Some(Conditions { when: flat(when)?, each: flat(each)?, require: require?, edit })
}

/// A condition that is there must have been read.
fn flat(condition: Option<Option<Condition>>) -> Option<Option<Condition>> {
    match condition {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

fn report_unused(
    root: &Node,
    params: &BTreeMap<SmolStr, Param>,
    used: &BTreeSet<SmolStr>,
    errors: &mut Errors,
) {
    for name in params.keys().filter(|name| !used.contains(*name)) {
        let span =
            root.get("params").and_then(|node| node.entry(name)).map_or(root.span, |entry| entry.key.span);
        errors.key(
            span,
            format!("parameter `{name}` is never used"),
            &format!("read it as `params.{name}`, or drop it"),
        );
    }
}

fn read_edit(node: &Node, reader: &mut ConditionReader<'_>, errors: &mut Errors) -> Option<EditTemplate> {
    check_keys(node, &EDIT_KEYS, errors);
    let mut name = |key| optional(node, key, errors).and_then(|value| text(value, key, errors));
    let (before, extract) = (name("before"), name("extract"));
    if extract.is_some() {
        if let Some(entry) = node.entry("set").or(node.entry("before")) {
            errors.key(entry.key.span, "`extract` stands alone", "leave the other away");
        }
        return Some(EditTemplate { set: BTreeMap::new(), before: None, extract });
    }
    let entries = required(node, "set", "write `set: { attribute: value }`", errors)?;
    if entries.entries().is_empty() {
        errors.key(
            entries.span,
            "`set` is not a mapping of attributes to values",
            "write `set: { attribute: value }`",
        );
    }
    Some(EditTemplate { set: read_settings(entries, reader, errors), before, extract })
}

/// The attributes that an edit sets, each with the expression that gives its value.
fn read_settings(
    entries: &Node,
    reader: &mut ConditionReader<'_>,
    errors: &mut Errors,
) -> BTreeMap<SmolStr, Condition> {
    let mut set = BTreeMap::new();
    for entry in entries.entries() {
        let Some(path) = entry.key.as_str() else {
            errors.key(entry.key.span, "the attribute is not a text", "put it in quotes");
            continue;
        };
        let value = match &entry.value.data {
            NodeData::Bool(_) | NodeData::Integer(_) | NodeData::Float(_) => {
                let written = Node::new(NodeData::String(plain(&entry.value)), entry.value.span);
                reader.read(&written, "set", Wanted::Value, errors)
            }
            _ => reader.read(&entry.value, "set", Wanted::Value, errors),
        };
        if let Some(value) = value {
            set.insert(SmolStr::new(path), value);
        }
    }
    set
}

/// A scalar that YAML has resolved, as CEL writes it.
fn plain(node: &Node) -> SmolStr {
    match &node.data {
        NodeData::Bool(value) => smol_str::format_smolstr!("{value}"),
        NodeData::Integer(value) => smol_str::format_smolstr!("{value}"),
        NodeData::Float(value) => smol_str::format_smolstr!("{value:?}"),
        _ => SmolStr::default(),
    }
}

fn read_controls(root: &Node, errors: &mut Errors) -> Vec<(ControlId, Span)> {
    let help = "name at least one control, such as `soc2/CC6.1`";
    let Some(node) = required(root, "controls", help, errors) else { return Vec::new() };
    let mut controls: Vec<(ControlId, Span)> = Vec::new();
    for (control, node) in list(node, "controls", errors) {
        if !control
            .split_once('/')
            .is_some_and(|(framework, number)| !framework.is_empty() && !number.is_empty())
        {
            errors.key(
                node.span,
                format!("`{control}` is not a control"),
                "write `framework/number`, such as `soc2/CC6.1`",
            );
        } else if controls.iter().any(|(known, _)| known.0 == control) {
            errors.add(RULE_REFERENCE, node.span, format!("control `{control}` is named twice"), None);
        } else {
            controls.push((ControlId(control), node.span));
        }
    }
    controls
}

fn read_aliases(root: &Node, params: &BTreeMap<SmolStr, Param>, errors: &mut Errors) -> Vec<Alias> {
    let Some(node) = optional(root, "aliases", errors) else { return Vec::new() };
    if node.elements().is_empty() {
        errors.key(node.span, "`aliases` is not a list with at least one element", "write `[CKV_AWS_16]`");
    }
    let mut aliases: Vec<Alias> = Vec::new();
    for element in node.elements() {
        let Some(alias) = read_alias(element, params, errors) else { continue };
        if aliases.contains(&alias) {
            errors.add(RULE_REFERENCE, element.span, format!("alias `{}` is named twice", alias.id), None);
        } else {
            aliases.push(alias);
        }
    }
    aliases
}

fn read_alias(node: &Node, params: &BTreeMap<SmolStr, Param>, errors: &mut Errors) -> Option<Alias> {
    if !matches!(node.data, NodeData::Mapping(_)) {
        return text(node, "aliases", errors).map(|id| Alias { id, params: BTreeMap::new() });
    }
    check_keys(node, &ALIAS_KEYS, errors);
    let id =
        required(node, "id", "name the rule of the other tool", errors).and_then(|id| text(id, "id", errors));
    let written = required(node, "params", "give the values with which the rule means the same", errors)?;
    let mut values = read_values(written, errors);
    for (name, value) in &mut values {
        let span = written.entry(name).map_or(written.span, |entry| entry.value.span);
        match params.get(name) {
            Some(param) => match value.clone().fit(param.kind) {
                Some(fitting) => *value = fitting,
                None => errors.key(
                    span,
                    format!("`{name}` is not of type `{}`", param.kind),
                    "give a value of that type",
                ),
            },
            None => {
                let help = did_you_mean(name, params.keys().map(SmolStr::as_str));
                errors.add(RULE_REFERENCE, span, format!("the rule has no parameter `{name}`"), help);
            }
        }
    }
    Some(Alias { id: id?, params: values })
}

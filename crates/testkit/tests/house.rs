//! What must hold between rules, fixtures and frameworks.

use proofmark_scan::{FileId, RuleId, Stage, Workspace, rule_schema};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_folder_of_examples_belongs_to_a_rule() {
    let rules = testkit::rules();
    let fixtures = testkit::open("fixtures/rules");
    let folders: BTreeSet<String> = fixtures.files().iter().map(|file| rule_folder(&file.path)).collect();
    let orphans: Vec<&String> =
        folders.iter().filter(|folder| rules.rule(&RuleId(folder.as_str().into())).is_none()).collect();
    assert!(orphans.is_empty(), "no rule for {orphans:?}");
}

/// `aws/rds-instance-encrypted` of `aws/rds-instance-encrypted/pass/main.tf`.
fn rule_folder(path: &str) -> String {
    path.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
}

#[test]
fn texts_for_people_are_whole_sentences() {
    for rule in &testkit::rules().rules {
        let id = &rule.id;
        assert!(!rule.title.ends_with('.'), "{id}: the title is a heading");
        assert!(
            rule.why.ends_with('.') && rule.fix.ends_with('.'),
            "{id}: `why` and `fix` end with a full stop"
        );
        let says_nothing = rule.why.contains("best practice") || rule.fix.contains("should be considered");
        assert!(!says_nothing, "{id}: say what happens, and what to do");
        assert!(
            rule.sources.iter().all(|source| source.starts_with("https://")),
            "{id}: sources are addresses"
        );
    }
}

#[test]
fn the_packs_that_run_by_default_turn_rules_on() {
    let rules = testkit::rules();
    let stable = rules.rules.iter().filter(|rule| rule.stage == Stage::Stable).count();
    assert!(stable >= 80, "only {stable} stable rules");
    for pack in ["soc2", "hipaa", "gdpr", "engineering"] {
        let reached =
            rules.rules.iter().filter(|rule| rule.controls.iter().any(|id| id.framework() == pack)).count();
        assert!(reached > 20, "{pack} reaches {reached} rules only");
    }
}

#[test]
fn every_rule_file_is_valid_by_its_schema() {
    let schema = jsonschema::validator_for(&rule_schema()).unwrap();
    let files = testkit::open("rules");
    let mut checked = 0;
    for (number, entry) in files.files().iter().enumerate() {
        let folder = entry.path.split('/').next().unwrap_or("");
        if !entry.path.ends_with(".yaml") || matches!(folder, "frameworks" | "packs") {
            continue;
        }
        let file = FileId(u32::try_from(number).unwrap());
        let parsed = parse_yaml(file, files.load(file).unwrap(), YamlDialect::Core);
        let rule = as_json(&parsed.documents[0].root);
        let errors: Vec<String> = schema.iter_errors(&rule).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", entry.path);
        checked += 1;
    }
    assert!(checked > 80, "only {checked} rule files");
}

fn as_json(node: &Node) -> Value {
    match &node.data {
        NodeData::Null => Value::Null,
        NodeData::Bool(value) => (*value).into(),
        NodeData::Integer(value) => (*value).into(),
        NodeData::Float(value) => (*value).into(),
        NodeData::String(text) | NodeData::Template(text) => text.as_str().into(),
        NodeData::Sequence(elements) => elements.iter().map(as_json).collect(),
        NodeData::Mapping(entries) => entries
            .iter()
            .map(|entry| (entry.key.as_str().unwrap_or("").to_owned(), as_json(&entry.value)))
            .collect(),
    }
}

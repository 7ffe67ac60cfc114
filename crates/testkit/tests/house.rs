//! What must hold between rules, fixtures and frameworks.

use proofmark_scan::{RuleId, Stage, Workspace};
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

//! Files in, rules or located errors out.

use super::{load_rule, load_rule_set, load_rules_beside};
use crate::{ParamType, ParamValue, Rule, RuleId, RuleSet, Severity, Stage};
use proofmark_source::{Diagnostic, FileId, MemoryWorkspace, Workspace};

const GOOD: &str = "title: It is encrypted
severity: high
resource: aws_db_instance
require: self.storage_encrypted == true
controls: [soc2/CC6.1]
why: Disks get lost.
fix: Encrypt it.
sources: [https://example.org]
";

fn load(text: &str) -> Result<Rule, Vec<Diagnostic>> {
    load_rule(RuleId("aws/x".into()), FileId(0), text)
}

/// Each error as `the text it points at: message`.
fn errors(text: &str) -> Vec<String> {
    match load(text) {
        Ok(_) => Vec::new(),
        Err(errors) => {
            errors.iter().map(|error| format!("{}: {}", error.span.slice(text), error.message)).collect()
        }
    }
}

/// The errors of the good rule with one line replaced (by its key) or added.
fn errors_with(line: &str) -> Vec<String> {
    let key = line.split(':').next().unwrap_or("");
    let kept = GOOD.lines().filter(|kept| kept.split(':').next() != Some(key));
    errors(&format!("{}\n{line}\n", kept.collect::<Vec<_>>().join("\n")))
}

#[test]
fn a_whole_rule_loads() {
    let rule = load(
        r#"
title: Backups are kept long enough
severity: critical
confidence: medium
stage: preview
version: 3
resource: [aws_db_instance, aws_rds_cluster]
when: self.replica == null
each: self.things
require:
  - it.days >= params.min_days
  - it.on
params:
  min_days: { default: 30, type: number, unit: days, why: A month. }
controls: [soc2/A1.2, "hipaa/164.308(a)(7)(ii)(A)"]
aliases: [{ id: CKV_AWS_133, params: { min_days: 1 } }, seed/TF-RDS-001]
why: It is bad.
fix: Set it.
edit: { set: { days: params.min_days, on: true } }
sources: [https://example.org]
"#,
    )
    .unwrap();
    assert_eq!((rule.severity, rule.stage, rule.version), (Severity::Critical, Stage::Preview, 3));
    assert_eq!(rule.resources, ["aws_db_instance", "aws_rds_cluster"]);
    assert_eq!((rule.require.len(), rule.aliases.len(), rule.controls.len()), (2, 2, 2));
    let param = &rule.params["min_days"];
    assert_eq!((&param.default, param.kind), (&ParamValue::Number(30.0), ParamType::Number));
    assert_eq!(rule.aliases[0].params["min_days"], ParamValue::Number(1.0));
    assert_eq!(rule.edit.unwrap().set["on"].text, "true");
}

#[test]
fn an_edit_sets_or_extracts() {
    let with = |edit: &str| format!("{GOOD}edit: {edit}\n");
    let rule = load(&with("{ extract: env }")).unwrap();
    assert_eq!(rule.edit.unwrap().extract.as_deref(), Some("env"));
    let rule = load(&with("{ set: { permissions: '{}' }, before: jobs }")).unwrap();
    assert_eq!(rule.edit.unwrap().before.as_deref(), Some("jobs"));
    assert_eq!(errors(&with("{ extract: env, set: { on: true } }")), ["set: `extract` stands alone"]);
    assert_eq!(errors(&with("{ before: jobs }")), ["before: `set` is missing"]);
}

#[test]
fn what_is_missing_is_told() {
    for key in ["title", "severity", "resource", "require", "controls", "why", "fix", "sources"] {
        let text: Vec<&str> = GOOD.lines().filter(|line| !line.starts_with(&format!("{key}:"))).collect();
        let found = errors(&text.join("\n"));
        assert_eq!(found.len(), 1, "{key}: {found:?}");
        assert!(found[0].ends_with(&format!("`{key}` is missing")), "{found:?}");
    }
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    assert_eq!(errors_with("serverity: high"), ["serverity: unknown key `serverity`"]);
    assert_eq!(errors_with("severity: huge"), ["huge: `severity` has an unknown value"]);
    assert_eq!(errors_with("title: It is done."), ["It is done.: `title` ends with a full stop"]);
    assert_eq!(errors_with("why: no stop"), ["no stop: `why` does not end with a full stop"]);
    assert_eq!(errors_with("controls: []"), ["[]: `controls` is not a list with at least one element"]);
    assert_eq!(errors_with("controls: [CC6.1]"), ["CC6.1: `CC6.1` is not a control"]);
    assert_eq!(errors_with("controls: [a/1, a/1]"), ["a/1: control `a/1` is named twice"]);
    assert_eq!(errors_with("sources: [somewhere]"), ["somewhere: the source is not a link"]);
    assert_eq!(errors_with("resource: 3"), ["3: `resource` is not a text"]);
    assert_eq!(errors_with("version: 0"), ["0: `version` is not a whole number from 1"]);
    assert_eq!(errors_with("require: []"), ["[]: `require` is empty"]);
    assert_eq!(errors_with("stage: retired"), ["retired: a retired rule needs its reason"]);
    assert_eq!(errors_with("when:"), ["when: `when` has no value"]);
    assert_eq!(errors_with("params: { x: { default: 1 } }"), ["x: parameter `x` is never used"]);
    assert_eq!(
        errors_with("params: { x: { default: 1, type: string } }"),
        ["1: the default is not of type `string`"]
    );
    assert_eq!(errors_with("aliases: [{ id: A, params: { x: 1 } }]"), ["1: the rule has no parameter `x`"]);
    assert_eq!(errors_with("aliases: [A, A]"), ["A: alias `A` is named twice"]);
    assert_eq!(errors("- a"), ["- a: the file is not a mapping of keys to values"]);
    assert_eq!(errors("").len(), 1);
    assert!(!errors("a: [").is_empty());
}

#[test]
fn all_errors_are_told_at_once() {
    assert_eq!(
        errors(&GOOD.replace("high", "huge").replace("Encrypt it.", "Encrypt it").replace("self.", "slef."))
            .len(),
        3
    );
}

#[test]
fn errors_in_conditions_point_into_the_file() {
    assert_eq!(errors_with("require: self.a == 1 && slef.b == 2"), ["slef: unknown name `slef`"]);
    assert_eq!(errors_with("require: 'self.a == 1 && slef.b == 2'"), ["slef: unknown name `slef`"]);
    assert_eq!(errors_with("require: |\n  self.a == 1 &&\n  slef.b == 2"), ["slef: unknown name `slef`"]);
    assert_eq!(errors_with("require: [self.a == 1, 'f(self.b)']"), ["f(self.b): unknown function `f`"]);
    assert_eq!(errors_with("require: \"self.a == '\\u0041' && slef.b == 2\"").len(), 1);
    assert_eq!(errors_with("require: self.a ==").len(), 1);
}

fn workspace(files: &[(&str, &str)]) -> MemoryWorkspace {
    MemoryWorkspace::new(files.iter().copied())
}

fn set_errors(files: &[(&str, &str)]) -> Vec<String> {
    let workspace = workspace(files);
    match load_rule_set(&workspace) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .iter()
            .map(|error| {
                let text = workspace.load(error.span.file).unwrap();
                format!("{} {}: {}", workspace.path(error.span.file), error.span.slice(text), error.message)
            })
            .collect(),
    }
}

const SOC2: (&str, &str) = (
    "frameworks/soc2.yaml",
    "id: soc2\ntitle: T\nedition: E\nsource: https://example.org\ngroups:\n  - title: G\n    controls:\n      - { id: CC6.1, title: Access is limited, reach: full }\n",
);

#[test]
fn a_folder_of_files_becomes_a_set() {
    let pack = ("packs/soc2.yaml", "title: SOC 2\ncontrols: [soc2]\n");
    let workspace = workspace(&[("aws/x.yaml", GOOD), SOC2, pack, ("README.md", "no rule")]);
    let set = load_rule_set(&workspace).unwrap();
    assert_eq!((set.rules.len(), set.packs.len(), set.frameworks.len()), (1, 1, 1));
    assert_eq!(set.rules[0].id.0, "aws/x");
    assert_eq!(set.digest.len(), 64);
    assert_eq!(RuleSet::from_bytes(&set.to_bytes().unwrap()).unwrap(), set);
}

#[test]
fn the_digest_follows_every_byte() {
    let digest = |text: &str| load_rule_set(&workspace(&[("aws/x.yaml", text)])).unwrap().digest;
    assert_eq!(digest(GOOD), digest(GOOD));
    assert_ne!(digest(GOOD), digest(&format!("{GOOD}# more\n")));
}

#[test]
fn names_across_files_must_exist() {
    let other = GOOD.replace("soc2/CC6.1", "soc2/CC6.2");
    assert_eq!(
        set_errors(&[("aws/x.yaml", &other), SOC2]),
        ["aws/x.yaml soc2/CC6.2: unknown control `soc2/CC6.2`"]
    );
    let pack = ("packs/p.yaml", "title: P\ncontrols: [soc3]\nparams: { aws/y: { a: 1 } }\n");
    assert_eq!(
        set_errors(&[("aws/x.yaml", GOOD), SOC2, pack]),
        ["packs/p.yaml soc3: unknown control `soc3`", "packs/p.yaml aws/y: unknown rule `aws/y`"]
    );
    let framework = format!("{}params: {{ aws/x: {{ days: 1 }} }}\n", SOC2.1);
    assert_eq!(
        set_errors(&[("aws/x.yaml", GOOD), ("frameworks/soc2.yaml", &framework)]),
        ["frameworks/soc2.yaml aws/x: rule `aws/x` has no parameter `days`"]
    );
    assert_eq!(set_errors(&[("x.yaml", GOOD)]).len(), 1);
    assert_eq!(set_errors(&[("aws/X.yaml", GOOD)]), ["aws/X.yaml : `aws/X` is not a rule id"]);
}

#[test]
fn rules_of_a_repository_stand_beside_the_built_in_ones() {
    let base = load_rule_set(&workspace(&[("aws/x.yaml", GOOD), SOC2])).unwrap();
    let own = load_rules_beside(
        &workspace(&[("policy/rules/own/y.yaml", GOOD), ("main.tf", "")]),
        "policy/rules",
        &base,
    );
    let own = own.unwrap();
    assert_eq!(own.rules[0].id.0, "own/y");
    let mut merged = base.clone();
    merged.merge(own).unwrap();
    assert_eq!(merged.rules.len(), 2);
    assert_ne!(merged.digest, base.digest);
    assert!(load_rules_beside(&workspace(&[("aws/x.yaml", GOOD)]), "", &base).is_err());
    assert!(merged.merge(base).is_err());
}

use super::environments::ENVIRONMENT_KEYS;
use super::parse::{KEYS, WAIVER_KEYS};
use super::{Configuration, configuration_schema, parse_configuration, resolve_rules};
use proofmark_rules::RuleSet;
use proofmark_source::{Diagnostic, FileId, LineIndex};

fn parse(text: &str) -> Result<Configuration, Vec<Diagnostic>> {
    parse_configuration(FileId(0), text)
}

/// Each problem as `line: message (help)`.
fn problems(text: &str) -> Vec<String> {
    describe(text, &parse(text).unwrap_err())
}

fn describe(text: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let lines = LineIndex::new(text);
    let describe = |problem: &Diagnostic| {
        let help = problem.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}: {}{help}", lines.line_number(problem.span.start), problem.message)
    };
    diagnostics.iter().map(describe).collect()
}

#[test]
fn an_empty_file_changes_nothing() {
    assert!(parse("").unwrap().packs.is_none());
    assert!(parse("# nothing yet\n").unwrap().waivers.is_empty());
}

#[test]
fn everything_that_is_wrong_is_told_with_its_line() {
    let text =
        "pack: [soc2]\nfail_on: severe\nexclude: { a: 1 }\nenvironments:\n  prod: { variable_file: [a] }\n";
    assert_eq!(
        problems(text),
        [
            "1: `the configuration` has no key `pack` (did you mean `packs`?)",
            "2: there is no severity `severe` (the severities are `info`, `low`, `medium`, `high`, `critical`)",
            "3: `exclude` is a map (it should be a list of texts)",
            "5: `prod` has no key `variable_file` (did you mean `variable_files`?)",
        ]
    );
}

#[test]
fn what_is_wrong_with_an_environment_is_told_with_its_line() {
    let text = "workspace: [a]\nenvironments:\n  prod:\n    paths: []\n    variables: { a: null }\n  dev: 3\n  dev: { paths: [\"a[\"] }\n";
    assert_eq!(
        problems(text),
        [
            "1: `workspace` is a list (it should be a text)",
            "4: `paths` names nothing (leave it out for the whole repository)",
            "5: `a` is empty (it should be a scalar, a list or a map)",
            "6: `dev` is a number (it should be a map with the keys `paths`, `variable_files`, `variables`, `workspace`, `values_files`, `params`)",
            "7: `a[` is not a path pattern: unclosed character class; missing ']'",
        ]
    );
}

#[test]
fn a_waiver_needs_a_reason_an_approver_and_an_end() {
    let text = "waivers:\n  - rule: a/b\n    expires: soon\n";
    assert_eq!(
        problems(text),
        [
            "2: the waiver has no `reason` (add `reason: …`)",
            "2: the waiver has no `approver` (add `approver: …`)",
            "2: the waiver does not say what it covers (add `address: …` (a resource) or `path: …` (files))",
            "3: `expires` is `soon`, which is no day (write it as YYYY-MM-DD)",
        ]
    );
}

#[test]
fn names_that_nobody_has_are_told_with_the_nearest() {
    let text = "packs: [sco2]\ndisable: [aws/none]\n";
    let configuration = parse(text).unwrap();
    let problems = resolve_rules(&configuration, &RuleSet::default()).unwrap_err();
    assert_eq!(describe(text, &problems), ["1: unknown pack `sco2`", "2: unknown rule `aws/none`"]);
}

#[test]
fn paths_are_seen_from_the_root() {
    let text = "variable_files: [./prod.tfvars, \"*.prod.tfvars\", \"env/*.tfvars\"]\nexclude: [\"*.md\", /out, a/b]\n\
                rules: ../rules\nenvironments: { prod: { paths: [., ./live/prod] } }\n";
    let configuration = parse(text).unwrap().seen_from("shop/web");
    let files: Vec<&str> =
        configuration.inputs.variable_files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(files, ["shop/web/prod.tfvars", "shop/web/**/*.prod.tfvars", "shop/web/env/*.tfvars"]);
    let paths = configuration.environments[0].paths.iter().flatten().map(|path| path.name.as_str());
    assert_eq!(paths.collect::<Vec<_>>(), ["shop/web", "shop/web/live/prod"]);
    assert_eq!(configuration.exclude, ["shop/web/**/*.md", "shop/web/out", "shop/web/a/b"]);
    assert_eq!(configuration.rules.as_deref(), Some("shop/rules"));
}

#[test]
fn the_schema_knows_the_keys_that_the_parser_takes() {
    let schema = configuration_schema();
    let properties = &schema["properties"];
    let keys = |schema: &serde_json::Value| -> Vec<String> {
        schema["properties"].as_object().unwrap().keys().map(String::from).collect()
    };
    let sorted = |names: &[&str]| {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(keys(&schema), sorted(&KEYS));
    assert_eq!(keys(&properties["waivers"]["items"]), sorted(&WAIVER_KEYS));
    assert_eq!(keys(&properties["environments"]["additionalProperties"]), sorted(&ENVIRONMENT_KEYS));
}

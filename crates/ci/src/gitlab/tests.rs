//! What is too large for a fixture: limits, and which files are read together.

use crate::CiReader;
use proofmark_model::{ReadSettings, Reader, Unit, UnitModel};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};
use std::fmt::Write;

fn units(workspace: &MemoryWorkspace) -> Vec<Unit> {
    let ids = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = ids.filter(|file| CiReader.claim(workspace, *file).is_some()).collect();
    CiReader.units(workspace, &claimed, &ReadSettings::default())
}

fn read(files: &[(&str, &str)]) -> UnitModel {
    let workspace = MemoryWorkspace::new(files.iter().copied());
    let units = units(&workspace);
    CiReader.read(&workspace, &units[0], &ReadSettings::default())
}

fn jobs(model: &UnitModel) -> usize {
    model.resources.iter().filter(|resource| resource.kind.0 == "gitlab_job").count()
}

fn codes(model: &UnitModel) -> Vec<&'static str> {
    let mut codes: Vec<&str> = model.diagnostics.iter().map(|diagnostic| diagnostic.code.0).collect();
    codes.dedup();
    codes
}

#[test]
fn files_that_others_include_are_read_with_them() {
    let workspace = MemoryWorkspace::new([
        (".gitlab-ci.yml", "include: ci/*.gitlab-ci.yml\nchild: {trigger: {include: child.yml}}\n"),
        ("child.yml", "a: {script: a}\n"),
        ("ci/a.gitlab-ci.yml", "include: more.yml\n"),
        ("more.yml", "b: {script: b}\n"),
        ("other/x.gitlab-ci.yml", "include: other/y.gitlab-ci.yml\n"),
        ("other/y.gitlab-ci.yml", "include: other/x.gitlab-ci.yml\n"),
        ("unused.yml", "c: {script: c}\n"),
    ]);
    let paths =
        |unit: &Unit| unit.files.iter().map(|file| workspace.path(*file)).collect::<Vec<_>>().join(" ");
    let units = units(&workspace);
    let described: Vec<String> = units.iter().map(|unit| format!("{}: {}", unit.path, paths(unit))).collect();
    assert_eq!(
        described,
        [
            ": .gitlab-ci.yml child.yml ci/a.gitlab-ci.yml more.yml",
            "other/x.gitlab-ci.yml: other/x.gitlab-ci.yml other/y.gitlab-ci.yml",
        ]
    );
    let model = CiReader.read(&workspace, &units[0], &ReadSettings::default());
    let read: Vec<&str> = model.files.iter().map(|used| workspace.path(used.file)).collect();
    assert_eq!(read, [".gitlab-ci.yml", "child.yml", "ci/a.gitlab-ci.yml", "more.yml"]);
}

#[test]
fn a_thousand_jobs_are_read() {
    let mut text = String::from(
        "default: {image: 'alpine:3.22', before_script: [apk add curl, apk add git], retry: 1}\n\
         variables: {A: '1', B: '2', C: '3', D: '4'}\n\
         .base: {stage: test, rules: [{if: $CI_COMMIT_TAG}], variables: {E: '5'}}\n\
         .lines: {script: [echo one, echo two]}\n",
    );
    for index in 0..1000 {
        writeln!(
            text,
            "job{index}:\n  extends: .base\n  script:\n    - !reference [.lines, script]\n    - echo {index}"
        )
        .unwrap();
    }
    let model = read(&[(".gitlab-ci.yml", &text)]);
    assert_eq!((jobs(&model), model.diagnostics.len()), (1000, 0));
}

#[test]
fn jobs_beyond_the_limit_are_told_and_left_out() {
    let mut text = String::new();
    for index in 0..30 {
        let values: Vec<String> = (0..200).map(|value| format!("v{value}")).collect();
        writeln!(text, "job{index}: {{script: a, parallel: {{matrix: [{{X: [{}]}}]}}}}", values.join(", "))
            .unwrap();
    }
    let model = read(&[(".gitlab-ci.yml", &text)]);
    assert_eq!((jobs(&model), codes(&model)), (5000, vec!["gitlab-limit"]));
}

#[test]
fn files_beyond_the_limit_are_told_and_left_out() {
    let files: Vec<(String, String)> = (0..200)
        .map(|index| (format!("ci/{index:03}.yml"), format!("job{index}: {{script: a}}\n")))
        .collect();
    let mut all: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.push((".gitlab-ci.yml", "include: ci/*.yml\n"));
    let model = read(&all);
    assert_eq!((jobs(&model), codes(&model)), (150, vec!["gitlab-include"]));
}

#[test]
fn long_chains_of_bases_end() {
    let mut text = String::from("job: {extends: .b0, script: a}\n");
    for index in 0..3000 {
        writeln!(text, ".b{index}: {{extends: .b{}}}", index + 1).unwrap();
    }
    let model = read(&[(".gitlab-ci.yml", &text)]);
    assert!(codes(&model).contains(&"gitlab-extends"));
}

#[test]
fn references_that_double_end() {
    let mut text = String::from(".r0: {script: [echo]}\n");
    for index in 1..10 {
        let before = format!("!reference [.r{}, script]", index - 1);
        let list = [before.as_str(); 20].join(", ");
        writeln!(text, ".r{index}: {{script: [{list}]}}").unwrap();
    }
    text.push_str("job: {script: [!reference [.r9, script]]}\n");
    let model = read(&[(".gitlab-ci.yml", &text)]);
    assert!(codes(&model).contains(&"gitlab-reference"));
}

#[test]
fn files_that_include_many_others_in_circles_end() {
    let files: Vec<(String, String)> = (0..20)
        .map(|index| (format!("ci/{index}.yml"), format!("include: ci/*.yml\nj{index}: {{script: a}}\n")))
        .collect();
    let mut all: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.push((".gitlab-ci.yml", "include: ci/*.yml\n"));
    let model = read(&all);
    assert!(codes(&model).contains(&"gitlab-include"));
}

#[test]
fn odd_values_are_told_and_break_nothing() {
    let values = [
        "",
        "1",
        "true",
        "[]",
        "{}",
        "[[], {}, 1]",
        "{a: {b: [c]}}",
        "'$[[ inputs.x ]]'",
        "!reference []",
        "[[[x]]]",
    ];
    let keywords = [
        "include",
        "stages",
        "default",
        "variables",
        "workflow",
        "image",
        "spec",
        "job",
        ".hidden",
        "job: {script: a, extends",
        "job: {script: a, needs",
        "job: {script: a, rules",
        "job: {parallel: {matrix",
        "job: {trigger",
        "job: {trigger: {include",
        "job: {inherit",
        "job: {environment",
        "job: {services",
        "job: {only",
        "job: {run",
        "job: {cache",
        "job: {variables",
    ];
    for keyword in keywords {
        for value in values {
            let closing = "}".repeat(keyword.matches('{').count());
            let text = format!("{keyword}: {value}{closing}\nlast: {{script: echo}}\n");
            let headed = format!("spec: {{inputs: {{x: {{default: {value}}}}}}}\n---\n{text}");
            for text in [text, headed] {
                let model = read(&[(".gitlab-ci.yml", &text), ("a.yml", "include: .gitlab-ci.yml")]);
                let has_last =
                    model.resources.iter().any(|resource| resource.address.0.ends_with("job.last"));
                assert!(has_last || !model.diagnostics.is_empty(), "{text}");
            }
        }
    }
}

//! A plan beside its source: both give the same verdicts, and together they give each verdict once.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use proofmark_scan::{FileId, MemoryWorkspace, ScanResult, Settings, Workspace, scan};
use std::collections::BTreeSet;

/// Rules that read attributes, blocks, unknown keys, references, and policies.
const RULES: [&str; 7] = [
    "aws/kms-key-rotated",
    "aws/rds-instance-backups-kept",
    "aws/rds-instance-encrypted",
    "aws/s3-bucket-public-access-blocked",
    "aws/s3-bucket-versioned",
    "aws/s3-policy-principal-named",
    "aws/security-group-admin-ports-closed",
];

/// The project without its plan, its plan alone, or both.
fn project(keep: impl Fn(&str) -> bool) -> MemoryWorkspace {
    let files = testkit::open("fixtures/projects/planned");
    let ids = (0..files.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let kept = ids.filter(|file| keep(files.path(*file)));
    MemoryWorkspace::new(kept.map(|file| (files.path(file).to_owned(), files.load(file).unwrap().to_owned())))
}

fn verdicts(workspace: &MemoryWorkspace) -> ScanResult {
    let mut settings = Settings::new(testkit::rules(), testkit::DAY);
    settings.rules = RULES.iter().map(|rule| (*rule).into()).collect();
    scan(workspace, &settings).unwrap()
}

/// What was judged how; with the file in which it was found.
fn rows(workspace: &MemoryWorkspace, result: &ScanResult) -> Vec<(String, String)> {
    let row = |evaluation: &proofmark_scan::Evaluation| {
        let rule = &result.rule_set.rules[result.instances[evaluation.instance].rule].id;
        let address = &evaluation.subject.address;
        let verdict = format!("{rule}: {:?} {address} {:?}", evaluation.verdict, evaluation.element);
        (verdict, workspace.path(evaluation.span.file).to_owned())
    };
    result.evaluations.iter().map(row).collect()
}

#[test]
fn a_plan_is_judged_as_its_source() {
    let (source, plan) = (project(|path| path != "plan.json"), project(|path| path == "plan.json"));
    let judged = |workspace: &MemoryWorkspace| -> BTreeSet<String> {
        rows(workspace, &verdicts(workspace)).into_iter().map(|(verdict, _)| verdict).collect()
    };
    let of_source = judged(&source);
    assert!(
        of_source.iter().any(|row| row.contains("Fail")) && of_source.iter().any(|row| row.contains("Pass"))
    );
    assert_eq!(of_source, judged(&plan));
}

#[test]
fn a_plan_stands_for_its_source() {
    let source = project(|path| path != "plan.json");
    let both = project(|_| true);
    let result = verdicts(&both);
    let units: Vec<&str> = result
        .units
        .iter()
        .filter(|unit| unit.reader == "terraform")
        .map(|unit| unit.path.as_str())
        .collect();
    assert_eq!(units, ["plan.json"]);
    // Each verdict once, at its line of the source.
    assert_eq!(rows(&both, &result), rows(&source, &verdicts(&source)));
}

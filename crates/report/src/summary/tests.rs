use super::*;
use crate::testing::{scan, workspace};

#[test]
fn the_lines_end_with_the_ledger() {
    let workspace = workspace();
    let summary = summarize(&scan(&workspace));
    insta::assert_snapshot!(summary.lines().join("\n"), @r#"
    1 finding: 1 high
    1 passed, 1 failed, 1 waived, 1 unknown; 3 rules on 3 resources in 2 environments
    waivers: 1 used
    hipaa: 1 control, 1 failed
    soc2: 3 controls, 1 failed, 1 not evaluated, 1 passed
    6 files: 2 read, 1 partly read, 1 not read, 1 excluded, 1 unrecognized
    "#);
    assert_eq!(summary.unread.len(), 2);
}

#[test]
fn nothing_is_said_as_nothing() {
    let workspace = workspace();
    let mut result = scan(&workspace);
    result.evaluations.clear();
    result.files.clear();
    let summary = summarize(&result);
    assert_eq!(summary.failure_line(), "no findings");
    assert_eq!(summary.lines().last().map(String::as_str), Some("0 files"));
}

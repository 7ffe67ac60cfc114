use super::*;
use crate::testing::{crowded, scan, workspace};

#[test]
fn findings_become_annotations() {
    let workspace = workspace();
    insta::assert_snapshot!(render_github(&scan(&workspace), &workspace), @r#"
    ::error file=infra/main.tf,line=2,endLine=2,col=23,endColumn=36,title=RDS instance is encrypted at rest (aws/rds-instance-encrypted)::aws_db_instance.main%0A`storage_encrypted` is false (only in prod)%0AFix: Set `storage_encrypted` to true.
    1 finding: 1 high
    6 files: 2 read, 1 partly read, 1 not read, 1 excluded, 1 unrecognized
    "#);
}

#[test]
fn beyond_what_github_shows_findings_are_lines() {
    let workspace = workspace();
    let text = render_github(&crowded(&workspace, 50), &workspace);
    let of = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((of("::error "), of("::warning "), of("infra/main.tf:2: ")), (10, 10, 30));
}

#[test]
fn what_files_say_is_no_command() {
    assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    let workspace = workspace();
    let mut result = crowded(&workspace, 30);
    for evaluation in &mut result.evaluations {
        evaluation.message = "x\n::add-mask::y".to_owned();
    }
    assert!(render_github(&result, &workspace).lines().all(|line| !line.starts_with("::add")));
}

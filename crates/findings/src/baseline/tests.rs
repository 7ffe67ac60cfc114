use super::*;
use crate::assign_fingerprints;
use crate::testing::{Scene, evaluation};

fn problems(text: &str) -> Vec<String> {
    let found = Baseline::parse(FileId(0), text).err().unwrap_or_default();
    found.into_iter().map(|d| format!("{}..{} {}", d.span.start, d.span.end, d.message)).collect()
}

#[test]
fn what_is_recorded_is_known_the_next_time() {
    let scene = Scene::new();
    let mut evaluations = vec![evaluation(3), evaluation(9)];
    assign_fingerprints(&mut evaluations, &scene.instances, &scene.rule_set, &scene.workspace);
    let workspace = proofmark_source::MemoryWorkspace::new([("main.tf", "")]);
    let result = scene.result(evaluations.clone());
    let text = Baseline::record(&result, &workspace).render();
    let baseline = Baseline::parse(FileId(0), &text).unwrap();
    evaluations.truncate(1);
    let mut new = evaluation(20);
    new.fingerprint = "0".repeat(64);
    evaluations.push(new);
    let counts = baseline.mark(&mut evaluations);
    assert_eq!(counts, BaselineCounts { known: 1, new: 1, gone: 1 });
    assert!(evaluations[0].is_known && !evaluations[1].is_known);
}

#[test]
fn an_empty_baseline_is_valid() {
    let text = Baseline::default().render();
    assert_eq!(Baseline::parse(FileId(0), &text), Ok(Baseline::default()));
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    assert_eq!(problems(r#"{"schema_version": "2"}"#), [r#"19..22 `schema_version` is not `"1"`"#]);
    assert_eq!(problems(r#"{"schema_version": "1", "findings": 3}"#), ["36..37 `findings` is not a list"]);
    let text = r#"{"schema_version": "1", "findings": [{"path": "a", "address": "b", "rule": "c", "fingerprint": "x"}]}"#;
    assert_eq!(problems(text), ["95..98 the fingerprint is not 64 hexadecimal digits"]);
    assert!(!problems("{").is_empty());
    assert!(!problems("").is_empty());
}

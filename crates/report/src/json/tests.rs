use super::*;
use crate::testing::{crowded, scan, workspace};
use serde_json::Value;

fn parsed() -> Value {
    let workspace = workspace();
    serde_json::from_str(&render_json(&scan(&workspace), &workspace)).unwrap()
}

#[test]
fn the_report_is_valid_against_its_schema() {
    let schema = scan_result_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let report = parsed();
    let errors: Vec<_> =
        validator.iter_errors(&report).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut broken = report;
    broken["evaluations"][0]["verdict"] = "maybe".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn the_committed_schema_is_that_of_the_types() {
    let committed: Value =
        serde_json::from_str(include_str!("../../../../schemas/scan-result.schema.json")).unwrap();
    assert_eq!(committed, scan_result_schema(), "write it anew with `cargo xtask generate`");
}

#[test]
fn an_evaluation_has_the_fields_of_the_contract() {
    let report = parsed();
    let evaluation = &report["evaluations"][0];
    insta::assert_snapshot!(serde_json::to_string_pretty(evaluation).unwrap(), @r#"
    {
      "aliases": [
        "CKV_AWS_16"
      ],
      "element": null,
      "environments": [
        "prod"
      ],
      "fingerprint": "bef1a0f464bc8fc45aeec6f029769156f28ef516b7e1202ded32b42bc18a3c54",
      "known": false,
      "location": {
        "end_column": 36,
        "end_line": 2,
        "path": "main.tf",
        "start_column": 23,
        "start_line": 2
      },
      "message": "`storage_encrypted` is false",
      "observations": [
        {
          "location": {
            "end_column": 36,
            "end_line": 2,
            "path": "main.tf",
            "start_column": 23,
            "start_line": 2
          },
          "path": "storage_encrypted",
          "present": true,
          "trail": [
            {
              "location": {
                "end_column": 18,
                "end_line": 2,
                "path": "variables.tf",
                "start_column": 13,
                "start_line": 2
              },
              "message": "variable `encrypted`"
            }
          ],
          "value": false
        }
      ],
      "params": {},
      "related": [
        {
          "location": {
            "end_column": 18,
            "end_line": 2,
            "path": "variables.tf",
            "start_column": 13,
            "start_line": 2
          },
          "message": "the default of variable `encrypted`"
        }
      ],
      "resource": {
        "address": "aws_db_instance.main",
        "kind": "aws_db_instance",
        "location": {
          "end_column": 34,
          "end_line": 1,
          "path": "main.tf",
          "start_column": 1,
          "start_line": 1
        }
      },
      "rule": "aws/rds-instance-encrypted",
      "severity": "high",
      "verdict": "fail",
      "waiver": null
    }
    "#);
}

#[test]
fn secrets_never_leave() {
    let workspace = workspace();
    let text = render_json(&scan(&workspace), &workspace);
    assert!(text.contains("(sensitive)") && !text.contains("hunter2"));
}

#[test]
fn sums_tie_out() {
    let report = parsed();
    let ledger = report["summary"]["ledger"].as_object().unwrap();
    let total = ledger["total"].as_u64().unwrap();
    assert_eq!(
        ledger.iter().filter(|(name, _)| *name != "total").map(|(_, n)| n.as_u64().unwrap()).sum::<u64>(),
        total
    );
    assert_eq!(report["files"].as_array().unwrap().len() as u64, total);
    let verdicts = report["summary"]["verdicts"].as_object().unwrap();
    let judged: u64 = verdicts.values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(report["evaluations"].as_array().unwrap().len() as u64, judged);
}

#[test]
fn many_evaluations_are_one_a_line_and_in_order() {
    let workspace = workspace();
    // More than are rendered side by side.
    let result = crowded(&workspace, 3_000);
    let text = render_json(&result, &workspace);
    let lines = text.lines().filter(|line| line.starts_with("  {") && line.contains("\"verdict\":"));
    let prints: Vec<String> = lines
        .map(|line| serde_json::from_str::<Value>(line.trim_end_matches(',')).unwrap())
        .map(|entry| entry["fingerprint"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<&String> = result.evaluations.iter().map(|e| &e.fingerprint).collect();
    assert!(prints.iter().eq(expected), "{} lines", prints.len());
}

#[test]
fn a_writer_that_takes_no_more_is_told() {
    let workspace = workspace();
    let mut full: &mut [u8] = &mut [0; 1_000];
    let error = write_json(&scan(&workspace), &workspace, &mut full).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WriteZero);
}

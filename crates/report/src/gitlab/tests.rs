use super::*;
use crate::testing::{crowded, scan, workspace};
use serde_json::Value;

#[test]
fn code_quality_is_an_array_of_issues() {
    let workspace = workspace();
    insta::assert_snapshot!(render_gitlab_codequality(&scan(&workspace), &workspace), @r#"
    [
     {"type":"issue","check_name":"aws/rds-instance-encrypted","description":"`storage_encrypted` is false (only in prod)","categories":["Security"],"severity":"critical","fingerprint":"bef1a0f464bc8fc45aeec6f029769156f28ef516b7e1202ded32b42bc18a3c54","location":{"path":"infra/main.tf","lines":{"begin":2,"end":2}}}
    ]
    "#);
    let mut result = crowded(&workspace, 3);
    for evaluation in &mut result.evaluations {
        evaluation.fingerprint = "same".to_owned();
        evaluation.environments = vec![evaluation.subject.address.0.clone()];
    }
    let issues: Value = serde_json::from_str(&render_gitlab_codequality(&result, &workspace)).unwrap();
    let prints: HashSet<&str> =
        issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), 3);
}

#[test]
fn sast_has_what_the_schema_asks_for() {
    let workspace = workspace();
    let text = render_gitlab_sast(&scan(&workspace), &workspace, Some("2026-11-22T14:05:00"));
    insta::assert_snapshot!(text, @r#"
    {
     "version": "15.0.2",
     "scan": {
      "analyzer": {"id":"proofmark","name":"Proofmark","version":"0.1.0","vendor":{"name":"Proofmark"},"url":"https://github.com/proofmark/proofmark"},
      "scanner": {"id":"proofmark","name":"Proofmark","version":"0.1.0","vendor":{"name":"Proofmark"},"url":"https://github.com/proofmark/proofmark"},
      "type": "sast",
      "start_time": "2026-11-22T14:05:00",
      "end_time": "2026-11-22T14:05:00",
      "status": "success",
      "messages": [{"level":"warn","value":"infra/logo.png was not read: the file is binary"}]
     },
     "vulnerabilities": [
      {"id":"2bd8105d-f933-8dcf-827b-8e629b18b72a","name":"RDS instance is encrypted at rest","description":"aws_db_instance.main: `storage_encrypted` is false (only in prod). A lost disk shows what it holds.","severity":"High","solution":"Set `storage_encrypted` to true.","identifiers":[{"type":"proofmark_rule_id","name":"aws/rds-instance-encrypted","value":"aws/rds-instance-encrypted"},{"type":"soc2","name":"soc2/CC6.1","value":"CC6.1"},{"type":"hipaa","name":"hipaa/164.312(a)(2)(iv)","value":"164.312(a)(2)(iv)"}],"location":{"file":"infra/main.tf","start_line":2,"end_line":2},"tracking":{"type":"source","items":[{"file":"infra/main.tf","start_line":2,"end_line":2,"signatures":[{"algorithm":"scope_offset","value":"bef1a0f464bc8fc45aeec6f029769156f28ef516b7e1202ded32b42bc18a3c54"}]}]}}
     ]
    }
    "#);
}

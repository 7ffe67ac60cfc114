use super::*;
use crate::testing::{at, crowded, scan, workspace};
use serde_json::Value;

fn render(profile: SarifProfile) -> Value {
    let workspace = workspace();
    let options = SarifOptions { profile, ..SarifOptions::default() };
    serde_json::from_str(&render_sarif(&scan(&workspace), &workspace, &options).unwrap()).unwrap()
}

fn assert_valid(log: &Value) {
    // The public schema has one pattern with a stray bracket, which a strict reader of patterns refuses.
    let text = include_str!("../../../../schemas/sarif-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(log).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn both_profiles_are_valid_against_the_public_schema() {
    assert_valid(&render(SarifProfile::Github));
    assert_valid(&render(SarifProfile::Full));
}

#[test]
fn the_github_profile_shows_what_is_to_be_done() {
    let log = render(SarifProfile::Github);
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
    assert_eq!(run["results"].as_array().unwrap().len(), 1);
    insta::assert_snapshot!(serde_json::to_string_pretty(&run["results"][0]).unwrap(), @r#"
    {
      "codeFlows": [
        {
          "message": {
            "text": "where `storage_encrypted` comes from"
          },
          "threadFlows": [
            {
              "locations": [
                {
                  "location": {
                    "message": {
                      "text": "variable `encrypted`"
                    },
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "infra/variables.tf"
                      },
                      "region": {
                        "endColumn": 18,
                        "endLine": 2,
                        "startColumn": 13,
                        "startLine": 2
                      }
                    }
                  }
                },
                {
                  "location": {
                    "message": {
                      "text": "storage_encrypted = false"
                    },
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "infra/main.tf"
                      },
                      "region": {
                        "endColumn": 36,
                        "endLine": 2,
                        "startColumn": 23,
                        "startLine": 2
                      }
                    }
                  }
                }
              ]
            }
          ]
        }
      ],
      "level": "error",
      "locations": [
        {
          "logicalLocations": [
            {
              "fullyQualifiedName": "aws_db_instance.main",
              "kind": "resource"
            }
          ],
          "physicalLocation": {
            "artifactLocation": {
              "uri": "infra/main.tf"
            },
            "region": {
              "endColumn": 36,
              "endLine": 2,
              "startColumn": 23,
              "startLine": 2
            }
          }
        }
      ],
      "message": {
        "text": "`storage_encrypted` is false (only in prod)"
      },
      "partialFingerprints": {
        "primaryLocationLineHash": "a8be04807b7e56b5:1",
        "proofmark/v1": "bef1a0f464bc8fc45aeec6f029769156f28ef516b7e1202ded32b42bc18a3c54"
      },
      "properties": {
        "environments": [
          "prod"
        ]
      },
      "relatedLocations": [
        {
          "id": 1,
          "message": {
            "text": "the default of variable `encrypted`"
          },
          "physicalLocation": {
            "artifactLocation": {
              "uri": "infra/variables.tf"
            },
            "region": {
              "endColumn": 18,
              "endLine": 2,
              "startColumn": 13,
              "startLine": 2
            }
          }
        }
      ],
      "ruleId": "aws/rds-instance-encrypted",
      "ruleIndex": 0
    }
    "#);
    insta::assert_snapshot!(serde_json::to_string_pretty(&run["tool"]["driver"]["rules"][0]).unwrap(), @r#"
    {
      "defaultConfiguration": {
        "level": "error"
      },
      "fullDescription": {
        "text": "A lost disk shows what it holds."
      },
      "help": {
        "markdown": "**RDS instance is encrypted at rest**\n\nA lost disk shows what it holds.\n\n**Fix.** Set `storage_encrypted` to true.\n\n**Controls.** `soc2/CC6.1`, `hipaa/164.312(a)(2)(iv)`\n\n**Also known as** `CKV_AWS_16`\n\n**Sources**\n\n- <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html>",
        "text": "RDS instance is encrypted at rest\n\nWhy: A lost disk shows what it holds.\n\nFix: Set `storage_encrypted` to true.\n\nControls: soc2/CC6.1, hipaa/164.312(a)(2)(iv)\n\nAlso known as: CKV_AWS_16\n\nSources:\nhttps://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"
      },
      "helpUri": "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
      "id": "aws/rds-instance-encrypted",
      "name": "aws/rds-instance-encrypted",
      "properties": {
        "precision": "high",
        "problem.severity": "error",
        "security-severity": "8.0",
        "stage": "stable",
        "tags": [
          "security",
          "hipaa",
          "soc2",
          "soc2/CC6.1",
          "hipaa/164.312(a)(2)(iv)"
        ],
        "version": 1
      },
      "relationships": [
        {
          "kinds": [
            "relevant"
          ],
          "target": {
            "id": "CC6.1",
            "index": 0,
            "toolComponent": {
              "index": 1,
              "name": "soc2"
            }
          }
        },
        {
          "kinds": [
            "relevant"
          ],
          "target": {
            "id": "164.312(a)(2)(iv)",
            "index": 0,
            "toolComponent": {
              "index": 0,
              "name": "hipaa"
            }
          }
        }
      ],
      "shortDescription": {
        "text": "RDS instance is encrypted at rest"
      }
    }
    "#);
    insta::assert_snapshot!(serde_json::to_string_pretty(&run["invocations"]).unwrap(), @r#"
    [
      {
        "executionSuccessful": true,
        "toolExecutionNotifications": [
          {
            "descriptor": {
              "id": "ledger"
            },
            "level": "note",
            "message": {
              "text": "6 files: 2 read, 1 partly read, 1 not read, 1 excluded, 1 unrecognized"
            }
          },
          {
            "descriptor": {
              "id": "file-not-read"
            },
            "level": "warning",
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "infra/logo.png"
                  }
                }
              }
            ],
            "message": {
              "text": "`infra/logo.png` was not read: the file is binary"
            }
          },
          {
            "descriptor": {
              "id": "hcl-syntax"
            },
            "level": "warning",
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "infra/variables.tf"
                  },
                  "region": {
                    "endColumn": 2,
                    "endLine": 3,
                    "startColumn": 1,
                    "startLine": 3
                  }
                }
              }
            ],
            "message": {
              "text": "a brace is missing; close the block"
            }
          }
        ]
      }
    ]
    "#);
}

#[test]
fn the_full_profile_shows_everything_by_kind() {
    let log = render(SarifProfile::Full);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let kinds: Vec<_> = results
        .iter()
        .map(|result| {
            let waived = result["suppressions"].as_array().is_some_and(|list| !list.is_empty());
            format!("{} {} {waived}", result["kind"].as_str().unwrap(), result["level"].as_str().unwrap())
        })
        .collect();
    assert_eq!(kinds, ["fail error false", "pass none false", "fail error true", "open none false"]);
    // The unknown one stands behind two characters that are one and two units in UTF-16.
    assert_eq!(results[3]["locations"][0]["physicalLocation"]["region"]["startColumn"], 91);
    assert!(!log.to_string().contains("hunter2"));
}

#[test]
fn paths_are_encoded_and_relative_to_the_repository() {
    assert_eq!(uri::path_uri("a b/ü:%.tf"), "a%20b/%C3%BC%3A%25.tf");
    let log = render(SarifProfile::Full);
    assert_eq!(log["runs"][0]["artifacts"][3]["location"]["uri"], "policies/encryption%20policy.md");
}

#[test]
fn edits_become_fixes() {
    let workspace = workspace();
    let result = scan(&workspace);
    let index = result.evaluations.iter().position(|e| !e.related.is_empty()).unwrap();
    let span = at(&workspace, "infra/main.tf", &["var.encrypted"]);
    let fixes = BTreeMap::from([(index, vec![TextEdit { span, replacement: "true".to_owned() }])]);
    let options = SarifOptions { fixes: Some(&fixes), category: Some("prod"), ..SarifOptions::default() };
    let log: Value = serde_json::from_str(&render_sarif(&result, &workspace, &options).unwrap()).unwrap();
    assert_valid(&log);
    let change = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["deletedRegion"]["startColumn"], 23);
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "true");
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "prod/");
}

#[test]
fn beyond_the_limit_the_most_severe_stay() {
    let workspace = workspace();
    let result = crowded(&workspace, 30_000);
    let text = render_sarif(&result, &workspace, &SarifOptions::default()).unwrap();
    let log: Value = serde_json::from_str(&text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of = |level: &str| results.iter().filter(|result| result["level"] == level).count();
    assert_eq!((results.len(), of("error"), of("warning")), (25_000, 15_000, 10_000));
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notes[1]["descriptor"]["id"], "results-left-out");
}

#[test]
fn the_check_finds_what_code_scanning_refuses() {
    let workspace = workspace();
    let result = scan(&workspace);
    let places = Places::new(&workspace, "");
    let options = SarifOptions::default();
    let mut log = assemble::build_log(&result, &places, &options, 10);
    assert_eq!(check::check(&log, SarifProfile::Github), Ok(()));
    log.runs[0].tool.driver.rules[0].properties.tags = vec!["x".into(); 21];
    let error = check::check(&log, SarifProfile::Github).unwrap_err().to_string();
    assert_eq!(error, "the SARIF report has 21 tags, more than the 20 that code scanning takes");
    log.runs[0].tool.driver.rules[0].properties.tags.clear();
    log.runs[0].results[0].locations[0].physical_location.artifact_location.uri = "/etc/passwd".into();
    assert!(check::check(&log, SarifProfile::Github).is_err());
}

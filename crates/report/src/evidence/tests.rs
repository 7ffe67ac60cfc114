use super::*;
use crate::testing::{scan, workspace};

#[test]
fn the_evidence_for_a_framework() {
    let workspace = workspace();
    let options = EvidenceOptions {
        generated_at: Some("2026-11-22 14:05 UTC"),
        command: Some("proofmark evidence . --framework soc2 --out evidence"),
        period: None,
    };
    let text = render_evidence(&scan(&workspace), &workspace, "soc2", &options).unwrap();
    insta::assert_snapshot!(text, @r#"
    # Evidence: SOC 2

    This report shows what the files of one repository say about the controls of one framework, at one moment. It states facts about files; whether the organization meets the framework is for its auditor to judge.

    ## 1. Subject and method

    |  |  |
    | --- | --- |
    | **Framework** | SOC 2 |
    | **Edition** | TSC 2017 with the 2022 points of focus |
    | **Official text** | <https://www.aicpa-cima.com/> |
    | **Repository** | shop |
    | **Fetched from** | `https://git.example.com/shop.git` |
    | **Commit** | `cccccccccccccccccccccccccccccccccccccccc` |
    | **Branch** | `main` |
    | **Working tree** | equal to the commit |
    | **Scanned path** | `infra` |
    | **As of** | 2026-11-22 |
    | **Tool** | proofmark 0.1.0 |
    | **Rules, SHA-256** | `dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd` |
    | **Packs** | soc2, hipaa |
    | **Generated** | 2026-11-22 14:05 UTC |
    | **Made again by** | `proofmark evidence . --framework soc2 --out evidence` |

    ### Environments

    The files were judged in each of these environments. A row that names none holds in every environment that is about it.

    | Environment | Workspace | Variable files |
    | --- | --- | --- |
    | dev | not known |  |
    | prod | `live` | `infra/prod.tfvars` |

    ## 2. Completeness

    Every file that was discovered is in exactly one state, and each is listed at the end.

    | Discovered | = read | + read in part | + not read | + excluded | + unrecognized |
    | ---: | ---: | ---: | ---: | ---: | ---: |
    | 6 | 2 | 1 | 1 | 1 | 1 |

    | Reader | Units | Resources | Units not understood whole |
    | --- | ---: | ---: | ---: |
    | terraform | 1 | 3 | 0 |

    ### Not read whole

    | Where | What happened |
    | --- | --- |
    | `infra/logo.png` | not read: the file is binary |
    | `infra/variables.tf` | read in part |
    | `infra/variables.tf:3` | a brace is missing |

    ### Excluded

    | By | Files and folders |
    | --- | ---: |
    | .gitignore | 1 |

    ## 3. Controls at a glance

    3 controls: 1 failed, 1 not evaluated, 1 passed.

    | Control | Asks for | Files show | Status | Fail | Waived | Unknown | Pass | N/A |
    | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | [CC6.1](#control-cc6-1) | Access to data is restricted | a part | **failed** | 1 | 1 | 1 | 0 | 0 |
    | [CC6.2](#control-cc6-2) | Access is granted and withdrawn by a set procedure | nothing | **not evaluated** | 0 | 0 | 0 | 0 | 0 |
    | [A1.2](#control-a1-2) | Backups are made and kept | all | **passed** | 0 | 0 | 0 | 1 | 0 |

    - **failed**: at least one failure that nobody has accepted.
    - **not evaluated**: in scope, but nothing could be judged; the reason stands with the control.
    - **incomplete**: a verdict is unknown, or only accepted failures speak for it.
    - **attested**: a valid record in the repository speaks for it, and no rule against it.
    - **passed**: all that could be judged passed; waived failures are counted beside.
    - **not applicable**: everything was read, and nothing is of the kind it speaks about.

    ## 4. Controls in detail

    ### Logical access

    <a id="control-cc6-1"></a>

    #### CC6.1: Access to data is restricted

    **failed**: 1 failure is not accepted.

    Files show a part of this control. Beyond files: How keys are handed out.

    | Record | Owner | Reviewed | State |
    | --- | --- | --- | --- |
    | `policies/encryption policy.md` | jane | not said | names no day of a review |

    | Rule | Requirement | Severity | Fail | Waived | Unknown | Pass | N/A |
    | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | [aws/rds-instance-encrypted](#rule-aws-rds-instance-encrypted-1) | RDS instance is encrypted at rest | high | 1 | 1 | 1 | 0 | 0 |

    <a id="control-cc6-2"></a>

    #### CC6.2: Access is granted and withdrawn by a set procedure

    **not evaluated**: no record at `policies/access*.md`.

    No configuration file shows this control. Beyond files: Who has access.

    A record is expected at `policies/access*.md`; the repository has none.

    ### Availability

    <a id="control-a1-2"></a>

    #### A1.2: Backups are made and kept

    **passed**: 1 judgement passed.

    Files can show this control fully.

    | Rule | Requirement | Severity | Fail | Waived | Unknown | Pass | N/A |
    | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
    | [aws/rds-instance-backups-kept](#rule-aws-rds-instance-backups-kept-0) | RDS instance keeps automated backups long enough | medium | 0 | 0 | 0 | 1 | 0 |

    Rules that met no resource: `aws/s3-bucket-encrypted`.

    ## 5. Evidence by rule

    ### Rules that met no resource

    The files that were read hold nothing of the kinds that these rules speak about.

    | Rule | Requirement | Kinds |
    | --- | --- | --- |
    | `aws/s3-bucket-encrypted` | S3 bucket is encrypted | `aws_db_instance` |

    <a id="rule-aws-rds-instance-backups-kept-0"></a>

    ### `aws/rds-instance-backups-kept`

    **RDS instance keeps automated backups long enough**. A lost disk shows what it holds. Fix: Set `storage_encrypted` to true.

    - Version 1, severity medium
    - Speaks about `aws_db_instance`
    - Parameters: `min_days = 7`
    - Controls: [A1.2](#control-a1-2)
    - Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html>

    | Fail | Waived | Unknown | Pass | N/A |
    | ---: | ---: | ---: | ---: | ---: |
    | 0 | 0 | 0 | 1 | 0 |

    | Verdict | Resource | Where | What was found | Values |
    | --- | --- | --- | --- | --- |
    | pass | `aws_db_instance.main` | `infra/main.tf:3` | `backup_retention_period` is 7 | `backup_retention_period = 7` at `infra/main.tf:3` |

    <a id="rule-aws-rds-instance-encrypted-1"></a>

    ### `aws/rds-instance-encrypted`

    **RDS instance is encrypted at rest**. A lost disk shows what it holds. Fix: Set `storage_encrypted` to true.

    - Version 1, severity high
    - Speaks about `aws_db_instance`
    - Controls: [CC6.1](#control-cc6-1)
    - Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html>

    | Fail | Waived | Unknown | Pass | N/A |
    | ---: | ---: | ---: | ---: | ---: |
    | 1 | 1 | 1 | 0 | 0 |

    | Verdict | Resource | Where | What was found | Values |
    | --- | --- | --- | --- | --- |
    | **fail** | `aws_db_instance.main` | `infra/main.tf:2` | `storage_encrypted` is false (only in prod) | `storage_encrypted = false` at `infra/main.tf:2`, from variable `encrypted` at `infra/variables.tf:2` |
    | **waived** | `aws_db_instance.test` | `infra/main.tf:8` | `storage_encrypted` is false. Accepted: anonymous \| test data | `storage_encrypted = false` at `infra/main.tf:8` |
    | unknown | `aws_db_instance.später 𝄞` | `infra/main.tf:11` | `storage_encrypted` is (unknown: variable `later` has no default and no variable file sets it) | `storage_encrypted` is unknown (variable `later` has no default and no variable file sets it) at `infra/main.tf:11`<br>`password = (sensitive)` at `infra/main.tf:11` |

    ## 6. Accepted failures

    All waivers of the scan, also where their rules speak for other frameworks only.

    | State | Rule | Covers | Reason | Instead | Approved | Expires | Written |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | used | `aws/rds-instance-encrypted` | `infra/main.tf:8` | anonymous \| test data | not said | jane | 2027-01-31 (70 days left) | `infra/main.tf:6` |

    ## 7. Unknown verdicts

    | Because | Verdicts | Resources |
    | --- | ---: | --- |
    | variable `later` has no default and no variable file sets it | 1 | `aws_db_instance.später 𝄞` |

    ## 8. What needs other evidence

    | Control | What files do not show | Record in the repository |
    | --- | --- | --- |
    | [CC6.1](#control-cc6-1) | How keys are handed out. | `policies/encryption policy.md` |
    | [CC6.2](#control-cc6-2) | Who has access. | none at `policies/access*.md` |

    ## 9. Limits of this report

    - It describes files, not running systems. What was changed by hand, or never applied, is not seen.
    - It describes one moment. That a control worked over a period needs reports over that period.
    - A rule shows a part of a control. A control that passed may still lack what no rule asks for.
    - An unknown verdict is neither a pass nor a failure, and a waived failure remains a failure.
    - Values that must not be shown stand as `(sensitive)`; long values are cut.
    - Titles of controls are in the tool's own words; the official text decides.

    ## 10. Sign-off

    | Role | Name | Date | Signature |
    | --- | --- | --- | --- |
    | Prepared by |  |  |  |
    | Reviewed by |  |  |  |
    | Accepted by |  |  |  |

    ## Appendix: population of files

    | File | Taken for | State | Bytes | SHA-256 |
    | --- | --- | --- | ---: | --- |
    | `infra/logo.png` |  | not read: the file is binary | 4 |  |
    | `infra/main.tf` | terraform | read | 371 |  |
    | `infra/notes.txt` |  | unrecognized | 5 |  |
    | `infra/variables.tf` | terraform | read in part | 43 |  |
    | `node_modules` |  | excluded by .gitignore | 4 |  |
    | `policies/encryption policy.md` |  | read | 20 |  |
    "#);
}

#[test]
fn an_unknown_framework_has_none() {
    let workspace = workspace();
    assert_eq!(render_evidence(&scan(&workspace), &workspace, "nope", &EvidenceOptions::default()), None);
}

#[test]
fn secrets_never_leave() {
    let workspace = workspace();
    let result = scan(&workspace);
    for framework in ["soc2", "hipaa"] {
        let text = render_evidence_html(&result, &workspace, framework, &EvidenceOptions::default()).unwrap();
        assert!(text.contains("(sensitive)") && !text.contains("hunter2"));
    }
}

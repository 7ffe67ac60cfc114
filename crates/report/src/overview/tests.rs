use super::*;
use crate::testing::{scan, workspace};

#[test]
fn the_overview_fits_on_a_page() {
    let workspace = workspace();
    insta::assert_snapshot!(render_markdown(&scan(&workspace), &workspace), @r#"
    # Proofmark

    **1 finding: 1 high**. 1 passed, 1 failed, 1 waived, 1 unknown; 3 rules on 3 resources in 2 environments.

    | Framework | Controls |
    | --- | --- |
    | HIPAA Security Rule | 1 failed |
    | SOC 2 | 1 failed, 1 not evaluated, 1 passed |

    ## Findings

    | Severity | Where | Resource | What | Rule |
    | --- | --- | --- | --- | --- |
    | high | `main.tf:2` | `aws_db_instance.main` | `storage_encrypted` is false (only in prod) | `aws/rds-instance-encrypted` |

    ## Files

    6 files: 2 read, 1 partly read, 1 not read, 1 excluded, 1 unrecognized

    | Not read whole | Why |
    | --- | --- |
    | `logo.png` | the file is binary |
    | `variables.tf` | read in part |
    "#);
}

use super::*;
use crate::testing::{scan, workspace};

#[test]
fn every_judged_resource_is_a_case() {
    let workspace = workspace();
    insta::assert_snapshot!(render_junit(&scan(&workspace), &workspace), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="proofmark" tests="4" failures="1" errors="0" skipped="2" time="0">
      <testsuite name="aws/rds-instance-backups-kept" tests="1" failures="0" errors="0" skipped="0" time="0">
        <testcase name="aws_db_instance.main" classname="aws/rds-instance-backups-kept" file="infra/main.tf" line="3" time="0"/>
      </testsuite>
      <testsuite name="aws/rds-instance-encrypted" tests="3" failures="1" errors="0" skipped="2" time="0">
        <testcase name="aws_db_instance.main" classname="aws/rds-instance-encrypted" file="infra/main.tf" line="2" time="0">
          <failure type="high" message="`storage_encrypted` is false (only in prod)">infra/main.tf:2&#10;`storage_encrypted` is false (only in prod)&#10;&#10;Why: A lost disk shows what it holds.&#10;Fix: Set `storage_encrypted` to true.</failure>
        </testcase>
        <testcase name="aws_db_instance.test" classname="aws/rds-instance-encrypted" file="infra/main.tf" line="8" time="0">
          <skipped message="waived: anonymous | test data"/>
        </testcase>
        <testcase name="aws_db_instance.später 𝄞" classname="aws/rds-instance-encrypted" file="infra/main.tf" line="11" time="0">
          <skipped message="unknown: `storage_encrypted` is (unknown: variable `later` has no default and no variable file sets it)"/>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn xml_has_no_control_characters() {
    assert_eq!(escape("<a&\"\u{1}\n>"), "&lt;a&amp;&quot;\u{fffd}&#10;&gt;");
}

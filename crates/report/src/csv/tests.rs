use super::*;
use crate::testing::{scan, workspace};

#[test]
fn every_evaluation_is_a_row() {
    let workspace = workspace();
    insta::assert_snapshot!(render_csv(&scan(&workspace), &workspace), @r#"
    verdict,waived,known,severity,rule,rule_version,title,resource,kind,element,environments,path,start_line,start_column,end_line,end_column,message,values,params,controls,waiver_reason,waiver_approver,waiver_expires,fingerprint
    fail,false,false,high,aws/rds-instance-encrypted,1,RDS instance is encrypted at rest,aws_db_instance.main,aws_db_instance,,prod,infra/main.tf,2,23,2,36,`storage_encrypted` is false,storage_encrypted = false,,soc2/CC6.1; hipaa/164.312(a)(2)(iv),,,,bef1a0f464bc8fc45aeec6f029769156f28ef516b7e1202ded32b42bc18a3c54
    pass,false,false,medium,aws/rds-instance-backups-kept,1,RDS instance keeps automated backups long enough,aws_db_instance.main,aws_db_instance,,,infra/main.tf,3,29,3,30,`backup_retention_period` is 7,backup_retention_period = 7,min_days = 7,soc2/A1.2,,,,f9bbe93cf87d2a936ba461739a06d072ca05ddb4c630af40499c97d5a705cf0f
    fail,true,false,high,aws/rds-instance-encrypted,1,RDS instance is encrypted at rest,aws_db_instance.test,aws_db_instance,,,infra/main.tf,8,23,8,28,`storage_encrypted` is false,storage_encrypted = false,,soc2/CC6.1; hipaa/164.312(a)(2)(iv),anonymous | test data,jane,2027-01-31,75c5e46ba91d111ad9119ae1370b8358a1dab0979446c232183d0168d9b577a0
    unknown,false,false,high,aws/rds-instance-encrypted,1,RDS instance is encrypted at rest,aws_db_instance.später 𝄞,aws_db_instance,,,infra/main.tf,11,90,11,99,`storage_encrypted` is (unknown: variable `later` has no default and no variable file sets it),storage_encrypted = (unknown: variable `later` has no default and no variable file sets it); password = (sensitive),,soc2/CC6.1; hipaa/164.312(a)(2)(iv),,,,431a6fb7dcd8a6468f8833da9eb3e31624e06bc100891fe3d876c0b6b6c28c91
    "#);
}

#[test]
fn cells_are_quoted_and_never_run() {
    let cell = |text: &str| {
        let mut written = String::new();
        write_cell(&mut written, text);
        written
    };
    assert_eq!(cell("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
    assert_eq!(cell("=1+1"), "\"'=1+1\"");
    assert_eq!(cell("plain"), "plain");
}

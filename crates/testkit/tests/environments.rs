//! A project that is deployed to several environments, and what its report says about each of them.

use proofmark_scan::{Evaluation, Settings, Workspace, parse_configuration, scan};

/// Rules whose verdicts differ: by variable file, by workspace, by parameter, by folder, and by what exists at all.
const RULES: [&str; 5] = [
    "aws/rds-instance-backups-kept",
    "aws/rds-instance-multi-zone",
    "aws/s3-bucket-versioned",
    "aws/security-group-data-ports-internal",
    "aws/sns-topic-encrypted",
];

#[test]
fn a_verdict_names_the_environments_that_it_is_about() {
    let workspace = testkit::open("fixtures/projects/environments");
    let file = workspace.find("proofmark.yaml").unwrap();
    let mut settings = Settings::new(testkit::rules(), testkit::DAY);
    settings.configuration = parse_configuration(file, workspace.load(file).unwrap()).unwrap();
    settings.configuration_file = Some(file);
    settings.rules = RULES.iter().map(|rule| (*rule).into()).collect();
    let result = scan(&workspace, &settings).unwrap();
    let row = |evaluation: &Evaluation| {
        let span = evaluation.span;
        let line = workspace.line_index(span.file).line_number(span.start);
        let rule = &result.rule_set.rules[result.instances[evaluation.instance].rule].id;
        let verdict = format!("{:?}", evaluation.verdict).to_lowercase();
        let place = evaluation.where_it_holds().map(|place| format!(", {place}")).unwrap_or_default();
        let (path, address) = (workspace.path(span.file), &evaluation.subject.address);
        let names = evaluation.environments.join(" ");
        format!("{path}:{line}: {verdict} {rule}: {address}{place} [{names}]\n")
    };
    insta::assert_snapshot!(result.evaluations.iter().map(row).collect::<String>(), @r"
    bootstrap/main.tf:2: pass aws/s3-bucket-versioned: aws_s3_bucket.state []
    edge/dev/main.tf:5: notapplicable aws/security-group-data-ports-internal: aws_security_group.edge [dev]
    edge/prod/main.tf:18: fail aws/security-group-data-ports-internal: aws_security_group.edge [prod]
    infra/main.tf:32: fail aws/s3-bucket-versioned: aws_s3_bucket.exports, only in prod [prod]
    infra/main.tf:32: pass aws/s3-bucket-versioned: aws_s3_bucket.exports, only in dev, staging [dev staging]
    infra/main.tf:44: fail aws/sns-topic-encrypted: aws_sns_topic.alarms[0], only in prod [prod]
    infra/modules/orders/main.tf:26: fail aws/rds-instance-backups-kept: module.orders.aws_db_instance.this, only in prod [prod]
    infra/modules/orders/main.tf:26: pass aws/rds-instance-backups-kept: module.orders.aws_db_instance.this, in staging [staging]
    infra/modules/orders/main.tf:26: pass aws/rds-instance-backups-kept: module.orders.aws_db_instance.this, in dev [dev]
    infra/modules/orders/main.tf:27: fail aws/rds-instance-multi-zone: module.orders.aws_db_instance.this, only in dev, staging [dev staging]
    infra/modules/orders/main.tf:27: pass aws/rds-instance-multi-zone: module.orders.aws_db_instance.this, only in prod [prod]
    ");
}

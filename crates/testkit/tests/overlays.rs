//! A project with a base and three overlays, and what its report says about each of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use proofmark_scan::{Evaluation, ScanResult, Settings, Workspace, scan};

/// Rules whose verdicts differ: by an image, by patches of both kinds, by replicas, and by what exists at all.
const RULES: [&str; 5] = [
    "kubernetes/container-image-tag-fixed",
    "kubernetes/container-not-privileged",
    "kubernetes/container-privilege-escalation-off",
    "kubernetes/deployment-runs-enough-replicas",
    "kubernetes/pod-host-network-not-shared",
];

fn judge(workspace: &dyn Workspace, environment: Option<&str>) -> ScanResult {
    let mut settings = Settings::new(testkit::rules(), testkit::DAY);
    settings.rules = RULES.iter().map(|rule| (*rule).into()).collect();
    settings.environments = environment.into_iter().map(Into::into).collect();
    scan(workspace, &settings).unwrap()
}

#[test]
fn each_overlay_is_an_environment_and_the_base_is_judged_in_them() {
    let workspace = testkit::open("fixtures/projects/overlays");
    let result = judge(&workspace, None);
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
    app/base/deployment.yaml:6: fail kubernetes/deployment-runs-enough-replicas: Deployment.default.orders, only in dev, staging [dev staging]
    app/base/deployment.yaml:10: pass kubernetes/pod-host-network-not-shared: Deployment.default.orders, only in dev, staging [dev staging]
    app/base/deployment.yaml:15: pass kubernetes/container-image-tag-fixed: Deployment.default.orders, only in prod, staging [prod staging]
    app/base/deployment.yaml:23: pass kubernetes/container-privilege-escalation-off: Deployment.default.orders [dev prod staging]
    app/base/deployment.yaml:24: pass kubernetes/container-not-privileged: Deployment.default.orders, only in prod, staging [prod staging]
    app/migration.yaml:7: pass kubernetes/pod-host-network-not-shared: Job.default.migration, only in prod, staging [prod staging]
    app/migration.yaml:12: pass kubernetes/container-image-tag-fixed: Job.default.migration, only in prod, staging [prod staging]
    app/migration.yaml:13: pass kubernetes/container-not-privileged: Job.default.migration, only in prod, staging [prod staging]
    app/migration.yaml:14: fail kubernetes/container-privilege-escalation-off: Job.default.migration, only in prod, staging [prod staging]
    app/overlays/dev/debug.yaml:11: fail kubernetes/container-not-privileged: Deployment.default.orders, only in dev [dev]
    app/overlays/dev/kustomization.yaml:6: fail kubernetes/container-image-tag-fixed: Deployment.default.orders, only in dev [dev]
    app/overlays/prod/kustomization.yaml:6: pass kubernetes/deployment-runs-enough-replicas: Deployment.default.orders, only in prod [prod]
    app/overlays/prod/kustomization.yaml:12: fail kubernetes/pod-host-network-not-shared: Deployment.default.orders, only in prod [prod]
    jobs/cleanup.yaml:10: pass kubernetes/pod-host-network-not-shared: CronJob.default.cleanup []
    jobs/cleanup.yaml:14: pass kubernetes/container-image-tag-fixed: CronJob.default.cleanup []
    jobs/cleanup.yaml:15: pass kubernetes/container-not-privileged: CronJob.default.cleanup []
    jobs/cleanup.yaml:15: fail kubernetes/container-privilege-escalation-off: CronJob.default.cleanup []
    ");
}

#[test]
fn one_environment_alone_leaves_the_other_overlays_out() {
    let workspace = testkit::open("fixtures/projects/overlays");
    let result = judge(&workspace, Some("prod"));
    let units: Vec<&str> = result.units.iter().map(|unit| unit.path.as_str()).collect();
    assert_eq!(units, ["", "app/overlays/prod", "jobs"]);
    assert!(result.evaluations.iter().all(|one| one.environments.is_empty() || one.environments == ["prod"]));
}

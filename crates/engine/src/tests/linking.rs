//! Functions that look at other resources.

use super::{describe, evaluate, resource, rule};
use proofmark_model::Resource;

/// Judges the first of `address: tree` pairs.
fn judge(require: &str, resources: &[(&str, &str)]) -> String {
    let mut offset = 0;
    let resources: Vec<Resource> = resources
        .iter()
        .map(|(address, tree)| {
            let made = resource(address, tree, offset, true);
            offset += tree.len() + 1;
            made
        })
        .collect();
    describe(&evaluate(&rule(&format!("require: {require:?}")), &resources))
}

const BLOCKED: &str = "linked('block', 'bucket').exists(b, b.on == true)";

#[test]
fn a_reference_links() {
    let bucket = ("bucket.b", "{}");
    assert_eq!(
        judge(BLOCKED, &[bucket, ("block.x", "{bucket: (ref bucket.b.id), on: true}")]),
        "pass: block.x.on = true"
    );
    assert_eq!(
        judge(BLOCKED, &[bucket, ("block.x", "{bucket: (ref bucket.b.id)}")]),
        "fail: block.x.on absent"
    );
    assert_eq!(
        judge(BLOCKED, &[bucket, ("block.x", "{bucket: (ref bucket.other.id), on: true}")]),
        r#"fail: linked("block", "bucket") = 0"#
    );
}

#[test]
fn a_literal_name_links() {
    let bucket = ("bucket.b", "bucket: logs");
    assert!(judge(BLOCKED, &[bucket, ("block.x", "{bucket: logs, on: true}")]).starts_with("pass"));
    assert!(judge(BLOCKED, &[bucket, ("block.x", "{bucket: other, on: true}")]).starts_with("fail"));
    assert!(
        judge(BLOCKED, &[("bucket.b", "{}"), ("block.x", "{bucket: logs, on: true}")]).starts_with("fail")
    );
}

#[test]
fn an_undecided_candidate_leaves_it_open_unless_the_known_decide() {
    let bucket = ("bucket.b", "bucket: logs");
    let undecided = ("block.x", "{bucket: (unknown), on: true}");
    let decided = ("block.y", "{bucket: logs, on: true}");
    assert!(judge(BLOCKED, &[bucket, undecided]).starts_with("unknown"));
    assert!(judge(BLOCKED, &[bucket, undecided, decided]).starts_with("pass"));
    assert!(judge("size(linked('block', 'bucket')) >= 1", &[bucket, undecided, decided]).starts_with("pass"));
    assert!(
        judge("size(linked('block', 'bucket')) == 1", &[bucket, undecided, decided]).starts_with("unknown")
    );
    assert!(
        judge("linked('block', 'bucket').all(b, b.on != true)", &[bucket, undecided, decided])
            .starts_with("fail")
    );
}

#[test]
fn instances_match_by_key_where_the_reference_has_one() {
    let block = |reference: &str| format!("{{bucket: '(ref {reference}.id)', on: true}}");
    let judge_with =
        |own: &str, reference: &str| judge(BLOCKED, &[(own, "{}"), ("block.x", &block(reference))]);
    assert!(judge_with("bucket.b[0]", "bucket.b[0]").starts_with("pass"));
    assert!(judge_with("bucket.b[0]", "bucket.b").starts_with("pass"));
    assert!(judge_with("bucket.b[1]", "bucket.b[0]").starts_with("fail"));
}

#[test]
fn links_go_through_paths_lists_and_other_resources() {
    let subject = ("group.g", "{}");
    let nested = ("rule.r", "{set: [{ids: [(ref group.z.id)]}, {ids: [(ref group.g.id)]}]}");
    assert!(judge("size(linked('rule', 'set.ids')) == 1", &[subject, nested]).starts_with("pass"));
    let chain = [("vpc.v", "{}"), ("log.l", "vpc: (ref subnet.s.vpc)"), ("subnet.s", "vpc: (ref vpc.v.id)")];
    assert!(judge("size(linked('log', 'vpc')) == 1", &chain).starts_with("pass"));
}

#[test]
fn a_module_that_was_not_read_may_hold_the_link() {
    let resources = [("bucket.b", "{}"), ("module.m", "{source: elsewhere, bucket: (ref bucket.b.id)}")];
    let mut made: Vec<Resource> = resources
        .iter()
        .enumerate()
        .map(|(index, (address, tree))| resource(address, tree, index * 100, true))
        .collect();
    made[1].kind = proofmark_model::Kind("module".into());
    let judged = evaluate(&rule(&format!("require: {BLOCKED:?}")), &made);
    assert!(
        judged[0].message.contains("`module.m` receives this resource and was not read"),
        "{}",
        judged[0].message
    );
    made.push(resource("module.m.bucket.inner", "{}", 300, true));
    assert!(describe(&evaluate(&rule(&format!("require: {BLOCKED:?}")), &made)).starts_with("fail"));
}

#[test]
fn a_target_is_followed_by_reference_and_by_name() {
    let subject = ("task.t", "role: (ref role.r.arn)");
    let role = ("role.r", "{name: runner, path: /x}");
    assert_eq!(
        judge("target(self.role).path == '/x'", &[subject, role]),
        "pass: role unknown; role.r.path = \"/x\""
    );
    assert!(judge("target(self.role).path == '/y'", &[subject, role]).starts_with("fail"));
    assert!(judge("target(self.role).path == '/x'", &[("task.t", "role: runner"), role]).starts_with("pass"));
    assert!(judge("target(self.role) == null", &[("task.t", "role: stranger"), role]).starts_with("pass"));
    assert!(judge("target(self.role) == null", &[("task.t", "{}"), role]).starts_with("pass"));
    assert!(
        judge("target(self.role).path == '/x'", &[("task.t", "role: (unknown)"), role])
            .starts_with("unknown")
    );
    assert!(judge("target(self.role).path == '/x'", &[subject]).starts_with("unknown"));
}

#[test]
fn the_kind_of_a_target_is_told_by_reference_and_by_name() {
    let role = ("role.r", "{name: runner}");
    let judge_kind = |own: &str, others: &[(&str, &str)]| {
        let mut resources = vec![("task.t", own)];
        resources.extend_from_slice(others);
        judge("kind(self.role) == 'role'", &resources)
    };
    assert!(judge_kind("role: (ref role.r.arn)", &[role]).starts_with("pass"));
    assert!(judge_kind("role: runner", &[role]).starts_with("pass"));
    assert!(judge_kind("role: (ref user.u.arn)", &[("user.u", "{}")]).starts_with("fail"));
    assert!(judge_kind("role: stranger", &[role]).starts_with("fail"));
    assert!(judge_kind("{}", &[role]).starts_with("fail"));
    assert!(judge_kind("role: (ref role.r.arn)", &[]).starts_with("unknown"));
}

#[test]
fn resources_lists_a_kind() {
    let subject = ("account.a", "{}");
    assert!(
        judge("resources('trail').exists(t, t.on)", &[subject, ("trail.t", "on: true")]).starts_with("pass")
    );
    assert_eq!(judge("resources('trail').exists(t, t.on)", &[subject]), r#"fail: resources("trail") = 0"#);
}

#[test]
fn values_elsewhere_are_related_and_the_place_stays_inside() {
    let resources =
        [resource("bucket.b", "a: 1", 0, true), resource("block.x", "{bucket: (ref bucket.b.id)}", 50, true)];
    let evaluation = &evaluate(&rule(&format!("require: {BLOCKED:?}")), &resources)[0];
    assert_eq!(evaluation.span, resources[0].header);
    assert_eq!(evaluation.related[0].message, "`block.x.on` is not set");
}

#[test]
fn a_missing_link_is_told_in_words() {
    let evaluation =
        &evaluate(&rule(&format!("require: {BLOCKED:?}")), &[resource("bucket.b", "a: 1", 0, true)])[0];
    assert_eq!(evaluation.message, "not met: It holds (no `block` points here with `bucket`)");
}

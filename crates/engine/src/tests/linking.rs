//! Functions that look at other resources.

use super::{describe, evaluate, resource, rule};
use proofmark_model::{Address, Condition, Data, Kind, Reference, Resource, SmolStr, Unknown};
use std::sync::Arc;

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

/// Judges the first of `address: tree` pairs after `change` had its way with them.
fn judge_changed(require: &str, resources: &[(&str, &str)], change: impl Fn(&mut [Resource])) -> String {
    let mut offset = 0;
    let mut made: Vec<Resource> = Vec::new();
    for (address, tree) in resources {
        made.push(resource(address, tree, offset, true));
        offset += tree.len() + 1;
    }
    change(&mut made);
    describe(&evaluate(&rule(&format!("require: {require:?}")), &made))
}

fn elsewhere(reason: &str) -> Option<Arc<Unknown>> {
    Some(Arc::new(Unknown::because(reason)))
}

#[test]
fn a_module_that_was_not_read_may_hold_the_link() {
    let resources = [("bucket.b", "{}"), ("module.m", "{source: elsewhere, bucket: (ref bucket.b.id)}")];
    let unread = |made: &mut [Resource]| {
        made[1].kind = Kind("module".into());
        made[1].elsewhere = elsewhere("it is not in the repository");
    };
    assert!(judge_changed(BLOCKED, &resources, unread).starts_with("unknown"));
    let read = |made: &mut [Resource]| made[1].kind = Kind("module".into());
    assert!(judge_changed(BLOCKED, &resources, read).starts_with("fail"));
    assert!(
        judge_changed(
            "target(self.x) == null",
            &[("role.r", "x: (ref module.m.role)"), resources[1]],
            unread
        )
        .starts_with("unknown")
    );
}

#[test]
fn what_may_not_stand_leaves_it_open() {
    let condition = |text: &str| Condition {
        scope: SmolStr::default(),
        text: text.into(),
        unknown: Arc::new(Unknown::because("nobody set `many`")),
    };
    let resources = [("bucket.b", "{}"), ("block.x", "{bucket: (ref bucket.b.id), on: true}")];
    let judged = |own: &[&str], candidate: &str| {
        judge_changed(BLOCKED, &resources, |made| {
            made[0].conditions = own.iter().map(|text| condition(text)).collect();
            made[1].conditions = vec![condition(candidate)];
        })
    };
    assert!(judged(&[], "var.many").starts_with("unknown"), "{}", judged(&[], "var.many"));
    assert!(judged(&["var.many"], "var.many").starts_with("pass"));
    assert!(judged(&["var.many"], "var.many ? 0 : 1").starts_with("unknown"));
    assert!(judged(&["var.many"], "bucket.b").starts_with("pass"));
    let decided = judge_changed(
        BLOCKED,
        &[resources[0], resources[1], ("block.y", "{bucket: (ref bucket.b.id), on: true}")],
        |made| made[1].conditions = vec![condition("var.many")],
    );
    assert!(decided.starts_with("pass"), "{decided}");
    let listed = judge_changed("resources('block').exists(b, b.on)", &resources, |made| {
        made[1].conditions = vec![condition("var.many")];
    });
    assert!(listed.starts_with("unknown"), "{listed}");
}

#[test]
fn a_reference_to_several_instances_leaves_it_open() {
    let resources =
        [("bucket.b[0]", "{}"), ("block.x", "{bucket: (ref bucket.b.id), on: true}"), ("bucket.b[1]", "{}")];
    assert!(judge(BLOCKED, &resources).starts_with("unknown"));
    let exact = ("block.y", "{bucket: '(ref bucket.b[0].id)', on: true}");
    assert!(judge(BLOCKED, &[resources[0], resources[1], resources[2], exact]).starts_with("pass"));
}

#[test]
fn a_text_points_only_at_what_it_names_whole() {
    let pointing = |skeleton: &str| {
        judge_changed(
            "size(linked('block', 'bucket')) == 1",
            &[("bucket.b", "{}"), ("block.x", &format!("{{bucket: '(text {skeleton})'}}"))],
            |made| refer(&mut made[1], "bucket", &["bucket.b"]),
        )
    };
    for whole in ["_", "arn:aws:s3:::_", "_/*", "arn:_:key"] {
        assert!(pointing(whole).starts_with("pass"), "{whole}");
    }
    for part in ["_-logs", "x-_", "arn:aws:s3:::_-logs"] {
        assert!(pointing(part).starts_with("fail"), "{part}");
    }
}

/// Makes the value of an attribute refer to resources by their ids.
fn refer(resource: &mut Resource, attribute: &str, addresses: &[&str]) {
    let Data::Map(map) = &mut resource.attributes.data else { return };
    let changed = map.with_values(|entry| {
        let mut value = entry.value.clone();
        if entry.name == attribute
            && let Data::Unknown(unknown) = &mut value.data
        {
            let reference =
                |address: &&str| Reference { address: Address((*address).into()), attribute: "id".into() };
            Arc::make_mut(unknown).references = addresses.iter().map(reference).collect();
        }
        value
    });
    *map = Arc::new(changed);
}

#[test]
fn one_of_two_is_neither_for_certain() {
    let resources = [("bucket.a", "{}"), ("block.x", "{bucket: (unknown), on: true}"), ("bucket.b", "{}")];
    let judged =
        judge_changed(BLOCKED, &resources, |made| refer(&mut made[1], "bucket", &["bucket.a", "bucket.b"]));
    assert!(judged.starts_with("unknown"), "{judged}");
}

#[test]
fn what_is_looked_up_is_the_resource_of_that_name() {
    let finder = |name: &str| format!("{{bucket: {name}}}");
    let judged = |name: &str| {
        let (bucket, data) = (("bucket.b", "bucket: logs"), finder(name));
        judge_changed(
            BLOCKED,
            &[bucket, ("data.bucket.d", &data), ("block.x", "{bucket: (ref data.bucket.d.id), on: true}")],
            |made| {
                made[1].kind = Kind("data.bucket".into());
                made[1].elsewhere = elsewhere("the provider looks it up");
            },
        )
    };
    assert!(judged("logs").starts_with("pass"));
    assert!(judged("(ref bucket.b.id)").starts_with("pass"));
    assert!(judged("other").starts_with("fail"));
    assert!(judged("(unknown)").starts_with("unknown"));
}

#[test]
fn a_target_that_is_looked_up_is_there_but_not_known() {
    let judged = |require: &str| {
        judge_changed(
            require,
            &[("task.t", "key: (ref data.key.k.arn)"), ("data.key.k", "key_id: alias/x")],
            |made| made[1].elsewhere = elsewhere("the provider looks it up"),
        )
    };
    assert!(judged("target(self.key) != null").starts_with("pass"), "{}", judged("target(self.key) != null"));
    assert!(judged("target(self.key).rotates == true").starts_with("unknown"));
    let alone =
        |key: &str| judge("target(self.key) != null", &[("task.t", &format!("key: (ref {key}.arn)"))]);
    assert!(alone("key.undeclared").starts_with("pass"));
    assert!(alone("module.keys").starts_with("unknown"));
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
    let begins =
        |text: &str| judge("target(self.role).path == null", &[("task.t", &format!("role: {text}")), role]);
    assert!(begins("(prefix {)").starts_with("pass"));
    assert!(begins("(prefix run)").starts_with("unknown"));
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
    let both = [role, ("user.u", "{}")];
    assert!(judge_kind("role: (ref role.r.arn)", &both).starts_with("pass"));
    let instances = [("role.r[0]", "{}"), ("role.r[1]", "{}")];
    assert!(judge_kind("role: (ref role.r.arn)", &instances).starts_with("pass"));
}

#[test]
fn the_address_of_a_target_tells_namesakes_apart() {
    let judged = |own: &str, others: &[(&str, &str)]| {
        let mut resources = vec![("task.t", own)];
        resources.extend_from_slice(others);
        judge("address(self.role) == 'role.r'", &resources)
    };
    let namesakes = [("role.r", "{name: runner}"), ("role.s", "{name: runner}")];
    assert!(judged("role: (ref role.r.arn)", &namesakes).starts_with("pass"));
    assert!(judged("role: (ref role.s.arn)", &namesakes).starts_with("fail"));
    assert!(judged("role: runner", &namesakes).starts_with("unknown"));
    assert!(judged("role: runner", &namesakes[..1]).starts_with("pass"));
    assert!(judged("role: stranger", &namesakes).starts_with("fail"));
    assert!(judged("{}", &namesakes).starts_with("fail"));
    let undeclared = judged("role: (ref role.missing.arn)", &namesakes);
    assert!(undeclared.starts_with("fail"), "{undeclared}");
    for open in ["(ref data.role.missing.arn)", "(ref module.roles.arn)", "(ref module.a.data.role.x.arn)"] {
        assert!(judged(&format!("role: {open}"), &namesakes).starts_with("unknown"), "{open}");
    }
    let instances = [("role.r[0]", "{}"), ("role.r[1]", "{}")];
    assert!(judged("role: (ref role.r.arn)", &instances).starts_with("unknown"));
}

#[test]
fn a_text_of_which_a_part_is_known_may_name_nothing() {
    let judged =
        |require: &str| judge(require, &[("task.t", "role: (prefix run)"), ("role.r", "{name: runner}")]);
    assert!(judged("target(self.role) != null").starts_with("unknown"));
    assert!(judged("self.role != null").starts_with("pass"));
}

#[test]
fn a_look_up_has_a_kind_though_nobody_knows_what_it_finds() {
    let judged = |require: &str| {
        judge_changed(
            require,
            &[("task.t", "role: (ref data.role.main.arn)"), ("data.role.main", "{}")],
            |made| {
                made[1].kind = Kind("data.role".into());
                made[1].elsewhere = elsewhere("the provider looks it up");
            },
        )
    };
    assert!(judged("kind(self.role) == 'data.role'").starts_with("pass"));
    assert!(judged("kind(self.role) == 'role'").starts_with("fail"));
    assert!(judged("target(self.role).name == 'x'").starts_with("unknown"));
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

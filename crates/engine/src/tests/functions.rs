//! The functions of texts, networks, images, times and policies.

use super::{check, verdict};
use proofmark_rules::FUNCTIONS;

/// All of these hold for the tree.
fn holds(tree: &str, conditions: &[&str]) {
    for condition in conditions {
        assert_eq!(super::outcome(condition, tree).split(':').next(), Some("pass"), "{condition} on {tree}");
    }
}

#[test]
fn every_function_of_the_table_is_there() {
    for function in FUNCTIONS {
        let arguments = vec!["self.x"; function.min_arguments].join(", ");
        let evaluations = super::evaluate(
            &super::rule(&format!("require: {}({arguments}) == null", function.name)),
            &[super::resource("test.it", "{}", 0, false)],
        );
        assert!(!evaluations[0].message.contains("there is no function"), "{}", function.name);
    }
}

#[test]
fn texts() {
    holds(
        "{s: 'Hello World', l: [a, b], n: 3, e: ' x '}",
        &[
            "self.s.contains('lo W')",
            "self.s.endsWith('World') && endsWith(self.s, 'd')",
            "self.s.matches('^Hel+o\\\\s')",
            "!self.s.matches('^World')",
            "lower(self.s) == 'hello world' && upper('a') == 'A' && self.s.lowerAscii() == lower(self.s)",
            "self.s.split(' ') == ['Hello', 'World'] && self.l.join('-') == 'a-b' && self.l.join() == 'ab'",
            "self.s.replace('World', 'you') == 'Hello you' && self.e.trim() == 'x'",
            "string(self.n) == '3' && int('42') == 42 && double('1.5') == 1.5 && int(2.9) == 2",
            "self.l.contains('a') && size(self.s) == 11 && self.l.size() == 2",
            "glob('*.tf', 'main.tf') && !glob('*.tf', 'a/main.tf') && glob('**/*.tf', 'a/b/main.tf') && glob('{a,b}', 'b')",
            "json('{\"a\": [1, true, null]}').a[1] == true",
            "json(self.l)[1] == 'b'",
            "base64('cGFzcyA9IDE=') == 'pass = 1' && base64('cGFzc3c=').startsWith('passw')",
            "base64('plain') == null && base64('!!!!') == null && base64('////') == null && base64(self.gone) == null",
        ],
    );
    assert_eq!(verdict("int(self.s) == 1", "s: hunter2"), "unknown");
    assert_eq!(verdict("json(self.s).a == 1", "s: '{'"), "unknown");
    assert_eq!(verdict("self.s.contains('a')", "{}"), "fail");
    assert_eq!(verdict("!self.s.matches('a')", "{}"), "pass");
}

#[test]
fn a_comma_too_many_does_not_hide_what_a_policy_allows() {
    let tree = "{p: '{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"a,]\", \"*\",\n],},]}'}";
    holds(tree, &["policy(self.p).statements.exists(s, s.actions == ['a,]', '*'])"]);
}

#[test]
fn what_is_known_of_a_text_decides_how_it_begins_ends_and_what_it_holds() {
    let tree = "{arn: '(text arn:_:iam::aws:policy/Admin)', key: '(ref aws_kms_key.k.arn)', policy: '(text {\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"_/x\"}]})'}";
    holds(
        tree,
        &[
            "self.arn.startsWith('arn:') && self.arn.endsWith('policy/Admin') && self.arn.contains(':iam:')",
            "!self.arn.endsWith('policy/Reader') && self.arn != 'arn:aws:iam::aws:policy/Reader'",
            "self.key != '' && size(self.key) > 0",
            "policy(self.policy).statements.exists(s, '*' in s.actions)",
            "size(policy(' ').statements) == 0",
        ],
    );
    assert_eq!(verdict("self.arn.contains('gov')", tree), "unknown");
    assert_eq!(verdict("self.arn == 'arn:aws:iam::aws:policy/Admin'", tree), "unknown");
    assert_eq!(verdict("policy(self.policy).statements.all(s, '*' in s.resources)", tree), "fail");
    assert_eq!(verdict("policy(self.policy).statements.all(s, 'a/x' in s.resources)", tree), "unknown");
}

#[test]
fn a_pattern_is_decided_by_the_known_parts_of_a_text() {
    let tree = "{arn: '(text arn:_:iam::aws:policy/Admin)', key: '(ref aws_kms_key.k.arn)', name: '(ref aws_kms_key.k.alias)', open: '(unknown)'}";
    holds(
        tree,
        &[
            "self.arn.matches('^arn:[^x]*:iam::') || self.arn.matches('iam::aws:policy/Admin$')",
            "self.arn.matches('policy') && !self.arn.matches('^[*]') && !self.arn.matches('Reader$')",
            "!self.arn.matches('Admin[0-9]$') && !self.arn.matches('^arn:[a-z]*$')",
            "!self.key.matches('[*]') && !self.key.matches('^arn:aws:iam::[*]')",
        ],
    );
    for open in [
        "self.arn.matches('gov')",
        "self.key.matches('^arn:')",
        "self.name.matches('[*]')",
        "self.open.matches('')",
    ] {
        assert_eq!(verdict(open, tree), "unknown", "{open}");
    }
}

#[test]
fn flags_of_a_command_line() {
    let tree = "{c: [kube-apiserver, --a=1, --b, '2', --on, --a=3, -v, --last]}";
    holds(
        tree,
        &[
            "flags(self.c).a == '3' && flags(self.c).b == '2' && flags(self.c).on == 'true'",
            "flags(self.c)['v'] == 'true' && flags(self.c).last == 'true' && flags(self.c).none == null",
            "flags(self.missing).a == null",
        ],
    );
    assert_eq!(verdict("flags(self.c).b == 'x'", "{c: [--a=1, (unknown)]}"), "unknown");
    assert_eq!(verdict("flags(self.c).a == '1'", "{c: [--a=1, (unknown)]}"), "pass");
}

#[test]
fn networks() {
    holds(
        "{}",
        &[
            "is_public('0.0.0.0/0') && is_public('::/0') && is_public('8.8.8.8') && is_public('2600::/16')",
            "!is_public('10.1.2.3/32') && !is_public('172.16.0.0/12') && !is_public('192.168.1.0/24')",
            "!is_public('fd00::/8') && !is_public('::1/128') && !is_public('100.64.0.0/10')",
            "is_public('172.0.0.0/8')",
            "within('10.0.3.0/24', '10.0.0.0/16') && within('10.0.0.0/16', '10.0.0.0/16') && within('fd00::1', 'fd00::/8')",
            "!within('10.0.0.0/16', '10.0.3.0/24') && !within('10.1.0.0/24', '10.0.0.0/16') && !within('::1', '0.0.0.0/0')",
            "cidr('10.0.0.0/8').prefix == 8 && cidr('10.0.0.0/8').version == 4 && cidr('10.0.0.0/30').size == 4",
            "cidr('::/0').version == 6",
        ],
    );
    assert_eq!(verdict("is_public(self.c)", "c: nonsense"), "unknown");
    assert_eq!(verdict("within(self.c, '10.0.0.0/8')", "c: 10.0.300.0/24"), "unknown");
    assert_eq!(verdict("is_public(self.c)", "c: (unknown)"), "unknown");
    assert_eq!(verdict("is_public(self.c)", "{}"), "fail");
}

#[test]
fn images() {
    holds(
        "{}",
        &[
            "image('nginx').registry == 'docker.io' && image('nginx').repository == 'library/nginx' && image('nginx').tag == null",
            "image('nginx:1.25').tag == '1.25' && image('me/app').repository == 'me/app'",
            "image('ghcr.io/o/app:v1@sha256:ab').digest == 'sha256:ab' && image('ghcr.io/o/app:v1@sha256:ab').tag == 'v1'",
            "image('localhost:5000/a').registry == 'localhost:5000' && image('localhost:5000/a').tag == null",
            "image('localhost:5000/a:x').tag == 'x' && image('').tag == null",
        ],
    );
}

#[test]
fn quantities_and_durations() {
    holds(
        "{n: 2}",
        &[
            "quantity('500m') == 0.5 && quantity('1Gi') == 1073741824 && quantity('2') == 2 && quantity('1k') == 1000",
            "quantity('1E') == 1e18 && quantity('1e3') == 1000 && quantity(self.n) == 2 && quantity('128Mi') < quantity('1Gi')",
            "duration('1h30m') == 5400 && duration('90s') == 90 && duration('7d') == 604800 && duration('250ms') == 0.25",
            "duration('P1D') == 86400 && duration('PT15M') == 900 && duration('P1DT12H') == 129600 && duration(30) == 30",
        ],
    );
    for text in ["", "abc", "1x", "inf", "P", "1h30", "nan"] {
        assert_eq!(verdict("duration(self.t) == 1", &format!("t: '{text}'")), "unknown", "{text}");
    }
    assert_eq!(verdict("quantity(self.t) == 1", "t: infi"), "unknown");
}

#[test]
fn dates_and_schedules() {
    holds(
        "{}",
        &[
            "age_days('2026-06-14') == 1 && age_days('2025-06-15') == 365 && age_days('2026-06-16') == -1",
            "age_days(date('2026-06-05')) == 10 && date('2026-01-01') < date('2026-01-02')",
            "date('2026-01-02T03:04:05Z') == date('2026/01/02') && date('January 2, 2026') == date('2 January 2026')",
            "cron_interval('0 3 * * *') == 86400 && cron_interval('*/15 * * * *') == 900 && cron_interval('@hourly') == 3600",
            "cron_interval('0 0 * * 0') == 604800 && cron_interval('0 0 * * 1-5') == 259200 && cron_interval('0 2 1 * *') == 2678400",
            "cron_interval('cron(0 12 * * ? *)') == 86400 && cron_interval('rate(5 minutes)') == 300 && cron_interval('@every 6h') == 21600",
            "cron_interval('cron(0 5 ? * SUN *)') == 604800 && cron_interval('0 */6 * * *') == 21600 && cron_interval('0 0 * jan *') > 86400",
        ],
    );
    assert_eq!(verdict("cron_interval('nonsense') == 1", "{}"), "unknown");
    assert_eq!(verdict("cron_interval('61 * * * *') == 1", "{}"), "unknown");
    assert_eq!(verdict("age_days(self.d) < 1", "d: soon"), "unknown");
}

#[test]
fn versions() {
    holds(
        "{v: 1.30, t: v1.29.3}",
        &[
            "semver(self.t) >= semver('1.29') && semver('1.10') > semver('1.9') && semver('1.0.0-rc.1') < semver('1.0.0')",
            "semver(self.t) < '1.30' && semver('1.2') == semver('1.2.0')",
        ],
    );
    assert_eq!(verdict("semver('latest') > semver('1')", "{}"), "unknown");
}

#[test]
fn containers_of_a_pod() {
    let judged = super::resource(
        "Pod.default.p",
        "{spec: {containers: [{name: a}], initContainers: [{name: b}]}}",
        0,
        false,
    );
    let mut judged = judged;
    judged.kind = proofmark_model::Kind("Pod".into());
    judged.pod = proofmark_model::pod_view(&judged.kind, &judged.attributes).cloned();
    let rule = super::rule("each: containers(pod)\nrequire: it.ok == true");
    let described = super::describe(&super::evaluate(&rule, &[judged]));
    assert_eq!(described, "fail [a]: pod.containers[0].ok absent\nfail [b]: pod.initContainers[0].ok absent");
}

const OPEN: &str = "policy(self.p).statements.exists(s, s.effect == 'Allow' && '*' in s.actions && s.principals.exists(p, p.id == '*'))";

#[test]
fn policies_are_one_whether_text_map_or_blocks() {
    let text = r#"p: '{"Statement": {"Effect": "allow", "Action": "*", "Principal": "*"}}'"#;
    let map = "p: {Statement: [{Effect: Allow, Action: ['*'], Principal: {AWS: ['*']}}]}";
    let blocks = "p: {statement: [{actions: ['*'], principals: [{type: AWS, identifiers: ['*']}]}]}";
    for tree in [text, map, blocks] {
        assert_eq!(verdict(OPEN, tree), "pass", "{tree}");
    }
    assert_eq!(verdict(OPEN, "p: {Statement: [{Effect: Deny, Action: '*', Principal: '*'}]}"), "fail");
    assert_eq!(verdict(OPEN, "{}"), "fail");
}

#[test]
fn policies_keep_what_is_not_known() {
    assert_eq!(verdict(OPEN, "p: (unknown)"), "unknown");
    assert_eq!(verdict(OPEN, "p: not json"), "unknown");
    assert_eq!(
        verdict(OPEN, "p: {Statement: [{Effect: Allow, Action: (unknown), Principal: '*'}]}"),
        "unknown"
    );
    assert_eq!(verdict(OPEN, "p: {Statement: [{Effect: Deny, Action: (unknown), Principal: '*'}]}"), "fail");
    assert_eq!(verdict(OPEN, "p: {Statement: (unknown)}"), "unknown");
    let both = "p: {Statement: [(unknown), {Effect: Allow, Action: '*', Principal: '*'}]}";
    assert_eq!(verdict(OPEN, both), "pass");
}

#[test]
fn policy_conditions_are_lists() {
    let condition = "policy(self.p).statements.all(s, s.conditions.exists(c, c.test == 'Bool' && c.variable == 'aws:SecureTransport' && 'false' in c.values))";
    assert_eq!(
        verdict(
            condition,
            "p: {Statement: [{Effect: Deny, Condition: {Bool: {'aws:SecureTransport': false}}}]}"
        ),
        "pass"
    );
    assert_eq!(
        verdict(
            condition,
            "p: {statement: [{condition: [{test: Bool, variable: 'aws:SecureTransport', values: ['false']}]}]}"
        ),
        "pass"
    );
    assert_eq!(verdict(condition, "p: {Statement: [{Effect: Deny}]}"), "fail");
}

#[test]
fn a_policy_document_is_followed() {
    let resources = [
        super::resource("role.r", "p: (ref data.aws_iam_policy_document.d.json)", 0, true),
        super::resource(
            "data.aws_iam_policy_document.d",
            "statement: [{effect: Allow, actions: ['s3:*']}]",
            100,
            true,
        ),
    ];
    let rule = super::rule("require: policy(self.p).statements.all(s, !('s3:*' in s.actions))");
    let described = super::describe(&super::evaluate(&rule, &resources));
    assert!(described.starts_with("fail"), "{described}");
}

#[test]
fn a_policy_points_at_the_attribute_that_holds_it() {
    let tree = "p: '{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\"}]}'";
    let judged = super::evaluate(
        &super::rule("require: policy(self.p).statements.all(s, !('*' in s.actions))"),
        &[super::resource("test.it", tree, 0, false)],
    );
    assert_eq!(judged[0].span.slice(tree), tree);
    check!(
        "policy(self.p).statements.all(s, s.effect == 'Deny')",
        "p: {Statement: [{Effect: Allow}]}",
        "fail: p.Statement[0].Effect = \"Allow\""
    );
}

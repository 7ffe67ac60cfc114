use super::*;
use crate::testing::{Scene, evaluation};

fn waiver(rule: &str, target: Target) -> Waiver {
    Waiver {
        rule: rule.into(),
        target,
        reason: "why".to_owned(),
        alternative: Some("a private network".to_owned()),
        approver: None,
        approved: None,
        expires: None,
        source: WaiverSource::Configuration,
        state: WaiverState::Unused,
    }
}

fn applied(waivers: Vec<Waiver>, verdict: Verdict) -> (Option<usize>, Vec<WaiverState>, Vec<&'static str>) {
    let scene = Scene::new();
    let mut evaluations = vec![Evaluation { verdict, ..evaluation(70) }];
    let context = WaiverContext {
        workspace: &scene.workspace,
        rule_set: &scene.rule_set,
        instances: &scene.instances,
        as_of: "2026-11-22",
        is_whole: true,
    };
    let applied = apply_waivers(&context, &mut evaluations, waivers);
    let states = applied.waivers.iter().map(|waiver| waiver.state).collect();
    (evaluations[0].waiver, states, applied.diagnostics.iter().map(|d| d.code.0).collect())
}

fn address(pattern: &str) -> Target {
    Target::Address(pattern.into())
}

#[test]
fn rules_are_known_by_id_and_alias_and_targets_by_address_and_path() {
    for (rule, target) in [
        ("aws/rds-instance-encrypted", address("aws_db_instance.main")),
        ("avd-aws-0080", address("aws_db_*")),
        ("AWS-0080", address("*.main")),
        ("*", Target::Path("*.tf".into())),
        ("AWS-0080", Target::Path("**/main.tf".into())),
    ] {
        let (index, states, _) = applied(vec![waiver(rule, target)], Verdict::Fail);
        assert_eq!((index, &*states), (Some(0), &[WaiverState::Used][..]), "{rule}");
    }
    let other = vec![
        waiver("AWS-0080", address("aws_db_instance.mai")),
        waiver("AWS-0080", Target::Path("x".into())),
    ];
    assert_eq!(applied(other, Verdict::Fail).1, [WaiverState::Unused; 2]);
}

#[test]
fn an_expired_waiver_covers_nothing() {
    let mut old = waiver("AWS-0080", address("*"));
    old.expires = Some("2026-11-21".into());
    assert_eq!(applied(vec![old.clone()], Verdict::Fail), (None, vec![WaiverState::Expired], Vec::new()));
    old.expires = Some("2026-11-22".into());
    assert_eq!(applied(vec![old], Verdict::Fail).1, [WaiverState::Used]);
}

#[test]
fn only_failures_are_waived() {
    let one = || vec![waiver("AWS-0080", address("*"))];
    assert_eq!(applied(one(), Verdict::Pass), (None, vec![WaiverState::Unused], Vec::new()));
    assert_eq!(applied(one(), Verdict::Unknown), (None, vec![WaiverState::Idle], Vec::new()));
}

#[test]
fn an_addressable_specification_asks_for_an_alternative() {
    let mut bare = waiver("AWS-0080", address("*"));
    bare.alternative = None;
    assert_eq!(applied(vec![bare], Verdict::Fail).2, ["waiver-without-alternative"]);
}

#[test]
fn inline_waivers_are_told_about_where_they_stand() {
    let span = Span::new(proofmark_source::FileId(0), 0, 9);
    let inline = |rule: &str, target: Span| Waiver {
        source: WaiverSource::Inline(span),
        ..waiver(rule, Target::Span(target))
    };
    let around = Span::new(proofmark_source::FileId(0), 60, 90);
    assert_eq!(applied(vec![inline("AWS-0080", around)], Verdict::Fail).0, Some(0));
    assert_eq!(applied(vec![inline("AWS-0080", span)], Verdict::Fail).2, ["waiver-unused"]);
    assert_eq!(applied(vec![inline("aws/nothing", around)], Verdict::Fail).2, ["waiver-unknown-rule"]);
    // The same comment, met in two nested resources.
    let nested = vec![inline("AWS-0080", Span { start: 0, ..around }), inline("AWS-0080", around)];
    assert_eq!(applied(nested, Verdict::Fail), (Some(0), vec![WaiverState::Used], Vec::new()));
    // Another tool's name for something that we have no rule for is none of our business.
    let foreign = Waiver { source: WaiverSource::Foreign("checkov", span), ..inline("CKV_AWS_9", around) };
    assert_eq!(applied(vec![foreign], Verdict::Fail).1, []);
}

#[test]
fn waivers_of_the_configuration_are_checked() {
    let scene = Scene::new();
    let check = |waiver: Waiver| check_waiver(&waiver, &scene.rule_set).map_err(|error| error.to_string());
    assert_eq!(check(waiver("AWS-0080", address("*"))), Ok(()));
    assert_eq!(
        check(waiver("nope", address("*"))),
        Err("the waiver names the unknown rule `nope`".to_owned())
    );
    let undated = Waiver { expires: Some("soon".into()), ..waiver("*", address("*")) };
    assert_eq!(check(undated), Err("`soon` is not a day such as `2027-01-31`".to_owned()));
    assert!(check(waiver("*", Target::Path("[".into()))).is_err());
}

#[test]
fn stars_match_any_characters() {
    assert!(matches_wildcards("module.*.aws_s3_bucket.*", "module.a[\"x\"].aws_s3_bucket.logs[0]"));
    assert!(matches_wildcards("*", "") && matches_wildcards("a*", "a"));
    assert!(!matches_wildcards("a*c", "ab") && !matches_wildcards("a", "ab"));
    assert!(!matches_wildcards("ab*ba", "aba"));
}

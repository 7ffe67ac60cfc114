use super::*;
use crate::testing::{Scene, evaluation};
use crate::{AttestationRecord, Evaluation, FileState};
use proofmark_source::{FileId, Span};

fn with(verdict: Verdict) -> Evaluation {
    Evaluation { verdict, ..evaluation(3) }
}

fn statuses(result: &ScanResult) -> Vec<(ControlStatus, String)> {
    let framework = &result.rule_set.frameworks[0];
    summarize_controls(result, framework).into_iter().map(|s| (s.status, s.reason)).collect()
}

fn first(evaluations: Vec<Evaluation>) -> (ControlStatus, String) {
    statuses(&Scene::new().result(evaluations)).remove(0)
}

#[test]
fn the_worst_that_is_true_decides() {
    let (status, reason) = first(vec![with(Verdict::Fail), with(Verdict::Unknown), with(Verdict::Pass)]);
    assert_eq!((status.name(), &*reason), ("failed", "1 failure is not accepted"));
    let (status, reason) = first(vec![with(Verdict::Unknown), with(Verdict::Pass)]);
    assert_eq!((status.name(), &*reason), ("incomplete", "1 verdict is unknown"));
    let (status, reason) = first(vec![with(Verdict::Pass), with(Verdict::Pass)]);
    assert_eq!((status.name(), &*reason), ("passed", "2 judgements passed"));
}

#[test]
fn an_accepted_failure_is_no_pass() {
    let mut waived = with(Verdict::Fail);
    waived.waiver = Some(0);
    let (status, reason) = first(vec![waived.clone()]);
    assert_eq!((status.name(), &*reason), ("incomplete", "only accepted failures speak for it"));
    let (status, reason) = first(vec![waived, with(Verdict::Pass)]);
    assert_eq!((status.name(), &*reason), ("passed", "1 passed, 1 waived"));
}

#[test]
fn nothing_of_the_kind_is_not_nothing_read() {
    let mut result = Scene::new().result(Vec::new());
    let (status, reason) = statuses(&result).remove(0);
    assert_eq!(
        (status.name(), &*reason),
        ("not-applicable", "none of the 3 resources is a `aws_db_instance`")
    );
    result.files[0].state = FileState::PartlyRead;
    let (status, reason) = statuses(&result).remove(0);
    assert_eq!(
        (status.name(), &*reason),
        ("not-evaluated", "nothing was judged, and 1 file was not read whole")
    );
}

#[test]
fn what_no_file_shows_is_not_evaluated_unless_a_record_attests_it() {
    let mut result = Scene::new().result(Vec::new());
    assert_eq!(statuses(&result)[1], (ControlStatus::NotEvaluated, "files cannot show it".to_owned()));
    let control = ControlId("hipaa/164.310(a)(1)".into());
    result.attestations.push(AttestationRecord {
        control,
        path: "policies/facility.md".to_owned(),
        span: Span::file_start(FileId(0)),
        owner: None,
        reviewed: None,
        state: AttestationState::Undated,
    });
    let reason = "the record `policies/facility.md` names no day of a review".to_owned();
    assert_eq!(statuses(&result)[1], (ControlStatus::NotEvaluated, reason));
    result.attestations[0].state = AttestationState::Valid;
    assert_eq!(statuses(&result)[1].0, ControlStatus::Attested);
}

#[test]
fn what_configuration_cannot_show_is_never_not_applicable() {
    let mut scene = Scene::new();
    scene.rule_set.frameworks[0].controls[0].reach = Reach::None;
    let (status, reason) = statuses(&scene.result(vec![with(Verdict::NotApplicable)])).remove(0);
    assert_eq!(
        (status.name(), &*reason),
        ("not-evaluated", "configuration cannot show it, and no document was judged")
    );
}

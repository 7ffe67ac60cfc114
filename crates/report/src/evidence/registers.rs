//! Waivers, unknowns, what files cannot show, limits, sign-off, and the population.

use super::Evidence;
use super::rules::place;
use crate::page::{Kind, Page, Phrase, anchor_of};
use proofmark_findings::{
    Evaluation, FileState, Target, Verdict, Waiver, WaiverSource, WaiverState, age_days,
};
use proofmark_frameworks::Reach;
use std::collections::{BTreeMap, BTreeSet};

/// Every waiver, with what became of it.
pub fn write_waivers(page: &mut Page, evidence: &Evidence<'_>) {
    page.heading(2, "6. Accepted failures");
    if evidence.result.waivers.is_empty() {
        page.paragraph("No waiver was in force, expired or unused.");
        return;
    }
    page.paragraph("All waivers of the scan, also where their rules speak for other frameworks only.");
    let columns = [
        ("State", Kind::Words),
        ("Rule", Kind::Words),
        ("Covers", Kind::Words),
        ("Reason", Kind::Words),
        ("Instead", Kind::Words),
        ("Approved", Kind::Words),
        ("Expires", Kind::Words),
        ("Written", Kind::Words),
    ];
    page.table(&columns, evidence.result.waivers.iter().map(|waiver| waiver_row(evidence, waiver)).collect());
}

fn waiver_row(evidence: &Evidence<'_>, waiver: &Waiver) -> Vec<Phrase> {
    let unsaid = |text: Option<&str>| Phrase::from(text.unwrap_or("not said"));
    let state = match waiver.state {
        WaiverState::Used => Phrase::from("used"),
        WaiverState::Unused => Phrase::strong("unused"),
        WaiverState::Expired => Phrase::strong("expired"),
        WaiverState::Idle => Phrase::from("not needed here"),
    };
    let target = match &waiver.target {
        Target::Address(pattern) | Target::Path(pattern) => Phrase::code(&**pattern),
        Target::Span(span) => Phrase::code(place(evidence, *span)),
    };
    let approved = match (waiver.approver.as_deref(), waiver.approved.as_deref()) {
        (Some(name), Some(day)) => Phrase::from(format!("{name}, {day}")),
        (name, day) => unsaid(name.or(day)),
    };
    let expires = match waiver.expires.as_deref() {
        None => Phrase::from("never"),
        Some(day) => match age_days(&evidence.result.as_of, day) {
            Some(left) if left >= 0 => Phrase::from(format!("{day} ({left} days left)")),
            _ => Phrase::from(day),
        },
    };
    let written = match waiver.source {
        WaiverSource::Configuration => Phrase::from("configuration"),
        WaiverSource::Inline(span) => Phrase::code(place(evidence, span)),
        WaiverSource::Foreign(tool, span) => {
            Phrase::from(format!("for {tool} at ")).then(Phrase::code(place(evidence, span)))
        }
    };
    let reason = Some(waiver.reason.as_str()).filter(|reason| !reason.is_empty());
    let instead = unsaid(waiver.alternative.as_deref());
    vec![state, Phrase::code(&*waiver.rule), target, unsaid(reason), instead, approved, expires, written]
}

/// Unknown verdicts by what would have to be known.
pub fn write_unknowns(page: &mut Page, evidence: &Evidence<'_>) {
    page.heading(2, "7. Unknown verdicts");
    let instances: BTreeSet<usize> =
        evidence.controls.iter().flat_map(|summary| &summary.rules).map(|rule| rule.instance).collect();
    let mut reasons: BTreeMap<&str, Vec<&Evaluation>> = BTreeMap::new();
    for evaluation in &evidence.result.evaluations {
        if evaluation.verdict == Verdict::Unknown && instances.contains(&evaluation.instance) {
            reasons.entry(reason(evaluation)).or_default().push(evaluation);
        }
    }
    if reasons.is_empty() {
        page.paragraph("Every verdict is known.");
        return;
    }
    let rows = reasons.into_iter().map(|(reason, evaluations)| {
        let addresses: BTreeSet<&str> = evaluations.iter().map(|e| e.subject.address.0.as_str()).collect();
        let addresses = Phrase::lines(addresses.into_iter().map(Phrase::code));
        vec![Phrase::from(reason), Phrase::from(evaluations.len()), addresses]
    });
    let columns = [("Because", Kind::Words), ("Verdicts", Kind::Number), ("Resources", Kind::Words)];
    page.table(&columns, rows.collect());
}

fn reason(evaluation: &Evaluation) -> &str {
    let values = evaluation.observations.iter().filter_map(|observation| observation.value.as_ref());
    values
        .filter_map(|value| value.as_unknown())
        .map(|unknown| &*unknown.reason)
        .next()
        .unwrap_or(&evaluation.message)
}

/// Controls that need other evidence.
pub fn write_beyond_files(page: &mut Page, evidence: &Evidence<'_>) {
    page.heading(2, "8. What needs other evidence");
    let rows =
        evidence.controls.iter().filter(|summary| summary.control.reach != Reach::Full).map(|summary| {
            let control = summary.control;
            let record = match (&control.attestation, summary.attestations.first()) {
                (_, Some(record)) => Phrase::code(record.path.as_str()),
                (Some(attestation), None) => Phrase::lines(
                    attestation.paths.iter().map(|path| Phrase::from("none at ").then(Phrase::code(&**path))),
                ),
                (None, None) => Phrase::from("none expected"),
            };
            let number = control.id.number();
            let beyond = if control.beyond_files.is_empty() { "not said" } else { &*control.beyond_files };
            vec![Phrase::jump(number, anchor_of("control-", number)), Phrase::from(beyond), record]
        });
    let columns = [
        ("Control", Kind::Words),
        ("What files do not show", Kind::Words),
        ("Record in the repository", Kind::Words),
    ];
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        page.paragraph("Files can show every control of this framework fully.");
    }
    page.table(&columns, rows);
}

/// What a reader must not conclude, and the lines to sign.
pub fn write_limits(page: &mut Page) {
    page.heading(2, "9. Limits of this report");
    page.list(vec![
        Phrase::from("It describes files, not running systems. What was changed by hand, or never applied, is not seen."),
        Phrase::from("It describes one moment. That a control worked over a period needs reports over that period."),
        Phrase::from("A rule shows a part of a control. A control that passed may still lack what no rule asks for."),
        Phrase::from("An unknown verdict is neither a pass nor a failure, and a waived failure remains a failure."),
        Phrase::from("Values that must not be shown stand as `(sensitive)`; long values are cut."),
        Phrase::from("Titles of controls are in the tool's own words; the official text decides."),
    ]);
    page.heading(2, "10. Sign-off");
    let columns =
        [("Role", Kind::Words), ("Name", Kind::Words), ("Date", Kind::Words), ("Signature", Kind::Words)];
    let line = |role: &str| vec![Phrase::from(role), Phrase::default(), Phrase::default(), Phrase::default()];
    page.table(&columns, vec![line("Prepared by"), line("Reviewed by"), line("Accepted by")]);
}

/// Every file that was discovered.
pub fn write_population(page: &mut Page, evidence: &Evidence<'_>) {
    page.heading(2, "Appendix: population of files");
    let rows = evidence.result.files.iter().map(|record| {
        let state = match &record.state {
            FileState::Read => Phrase::from("read"),
            FileState::PartlyRead => Phrase::from("read in part"),
            FileState::NotRead(reason) => Phrase::from("not read: ").then(reason.as_str()),
            FileState::Excluded(by) => Phrase::from("excluded by ").then(by.as_str()),
            FileState::Unrecognized => Phrase::from("unrecognized"),
        };
        let digest = record.sha256.as_deref().map_or(Phrase::default(), Phrase::code);
        vec![
            Phrase::code(record.path.as_str()),
            Phrase::from(record.classes.join(", ")),
            state,
            Phrase::from(record.size_bytes.to_string()),
            digest,
        ]
    });
    let columns = [
        ("File", Kind::Words),
        ("Taken for", Kind::Words),
        ("State", Kind::Words),
        ("Bytes", Kind::Number),
        ("SHA-256", Kind::Words),
    ];
    page.table(&columns, rows.collect());
}

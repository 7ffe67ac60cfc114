//! What the scan says about each control.

use super::Evidence;
use super::rules::{anchor, rule_of};
use crate::page::{Kind, Page, Phrase, anchor_of};
use crate::summary::{name_of, words};
use proofmark_findings::{AttestationState, ControlSummary, VerdictCounts, describe_attestation};
use proofmark_frameworks::{Control, Duty, Reach};
use std::collections::BTreeMap;

/// The columns of counts, in the order of [`count_cells`].
pub const COUNT_COLUMNS: [(&str, Kind); 5] = [
    ("Fail", Kind::Number),
    ("Waived", Kind::Number),
    ("Unknown", Kind::Number),
    ("Pass", Kind::Number),
    ("N/A", Kind::Number),
];

/// The counts as cells.
pub fn count_cells(counts: &VerdictCounts) -> Vec<Phrase> {
    let counts = [counts.fail, counts.waived, counts.unknown, counts.pass, counts.not_applicable];
    counts.into_iter().map(Phrase::from).collect()
}

/// One line for each control.
pub fn write_overview(page: &mut Page, evidence: &Evidence<'_>) {
    page.heading(2, "3. Controls at a glance");
    let mut statuses: BTreeMap<_, usize> = BTreeMap::new();
    for summary in &evidence.controls {
        *statuses.entry(summary.status).or_default() += 1;
    }
    let parts: Vec<String> =
        statuses.iter().map(|(status, count)| format!("{count} {}", words(*status))).collect();
    page.paragraph(format!("{} controls: {}.", evidence.controls.len(), parts.join(", ")));
    let rows = evidence.controls.iter().map(|summary| {
        let number = summary.control.id.number();
        let mut row = vec![
            Phrase::jump(number, anchor_of("control-", number)),
            Phrase::from(&*summary.control.title),
            Phrase::from(reach_word(summary.control.reach)),
            Phrase::strong(words(summary.status)),
        ];
        row.extend(count_cells(&summary.counts));
        row
    });
    let mut columns = vec![
        ("Control", Kind::Words),
        ("Asks for", Kind::Words),
        ("Files show", Kind::Words),
        ("Status", Kind::Words),
    ];
    columns.extend(COUNT_COLUMNS);
    page.table(&columns, rows.collect());
    page.list(vec![
        Phrase::strong("failed").then(": at least one failure that nobody has accepted."),
        Phrase::strong("not evaluated")
            .then(": in scope, but nothing could be judged; the reason stands with the control."),
        Phrase::strong("incomplete").then(": a verdict is unknown, or only accepted failures speak for it."),
        Phrase::strong("attested")
            .then(": a valid record in the repository speaks for it, and no rule against it."),
        Phrase::strong("passed")
            .then(": all that could be judged passed; waived failures are counted beside."),
        Phrase::strong("not applicable")
            .then(": everything was read, and nothing is of the kind it speaks about."),
    ]);
}

fn reach_word(reach: Reach) -> &'static str {
    match reach {
        Reach::Full => "all",
        Reach::Partial => "a part",
        Reach::None => "nothing",
    }
}

/// A section for each control.
pub fn write(page: &mut Page, evidence: &Evidence<'_>) {
    page.heading(2, "4. Controls in detail");
    let mut group = "";
    for summary in &evidence.controls {
        if summary.control.group != group {
            group = &summary.control.group;
            page.heading(3, group);
        }
        write_control(page, evidence, summary);
    }
}

fn write_control(page: &mut Page, evidence: &Evidence<'_>, summary: &ControlSummary<'_>) {
    let control = summary.control;
    let number = control.id.number();
    page.anchor(4, anchor_of("control-", number), Phrase::from(number).then(": ").then(&*control.title));
    let status = Phrase::strong(words(summary.status)).then(": ").then(summary.reason.as_str()).then(".");
    page.paragraph(status);
    page.paragraph(narrative(control));
    write_records(page, summary);
    write_rules(page, evidence, summary);
}

fn write_rules(page: &mut Page, evidence: &Evidence<'_>, summary: &ControlSummary<'_>) {
    let mut rows = Vec::new();
    let mut unmet = Vec::new();
    for used in &summary.rules {
        let Some(rule) = rule_of(evidence, used.instance) else { continue };
        if used.counts.total() == 0 {
            unmet.push(format!("`{}`", rule.id));
            continue;
        }
        let mut row = vec![
            Phrase::jump(&*rule.id.0, anchor(evidence, used.instance)),
            Phrase::from(&*rule.title),
            Phrase::from(name_of(rule.severity)),
        ];
        row.extend(count_cells(&used.counts));
        rows.push(row);
    }
    let mut columns = vec![("Rule", Kind::Words), ("Requirement", Kind::Words), ("Severity", Kind::Words)];
    columns.extend(COUNT_COLUMNS);
    page.table(&columns, rows);
    if !unmet.is_empty() {
        page.paragraph(format!("Rules that met no resource: {}.", unmet.join(", ")));
    }
}

fn narrative(control: &Control) -> Phrase {
    let duty = match control.duty {
        Some(Duty::Required) => "Required. ",
        Some(Duty::Addressable) => {
            "Addressable: where it is not implemented, the reason and an equivalent alternative are on record. "
        }
        None => "",
    };
    let reach = match control.reach {
        Reach::Full => "Files can show this control fully.",
        Reach::Partial => "Files show a part of this control.",
        Reach::None => "No configuration file shows this control.",
    };
    let mut phrase = Phrase::from(duty).then(reach);
    if !control.beyond_files.is_empty() {
        phrase = phrase.then(" Beyond files: ").then(&*control.beyond_files);
    }
    if let Some(source) = &control.source {
        phrase = phrase.then(" Source: ").then(Phrase::web(source));
    }
    phrase
}

fn write_records(page: &mut Page, summary: &ControlSummary<'_>) {
    let unsaid = |text: Option<&str>| Phrase::from(text.unwrap_or("not said"));
    let rows = summary.attestations.iter().map(|record| {
        let state = match record.state {
            AttestationState::Valid => Phrase::from("valid"),
            _ => Phrase::from(describe_attestation(&record.state)),
        };
        vec![
            Phrase::code(record.path.as_str()),
            unsaid(record.owner.as_deref()),
            unsaid(record.reviewed.as_deref()),
            state,
        ]
    });
    let rows: Vec<_> = rows.collect();
    if let (true, Some(attestation)) = (rows.is_empty(), &summary.control.attestation) {
        let paths: Vec<String> = attestation.paths.iter().map(|path| format!("`{path}`")).collect();
        page.paragraph(format!("A record is expected at {}; the repository has none.", paths.join(" or ")));
    }
    let columns =
        [("Record", Kind::Words), ("Owner", Kind::Words), ("Reviewed", Kind::Words), ("State", Kind::Words)];
    page.table(&columns, rows);
}

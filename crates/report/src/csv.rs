//! Every evaluation as a row of CSV (RFC 4180), for spreadsheets and the tools of auditors.

use crate::finding::{Judged, judged};
use crate::json::plain_param;
use crate::place::Places;
use crate::shown::show_value;
use crate::summary::{name_of, name_of_verdict};
use proofmark_findings::ScanResult;
use proofmark_source::Workspace;

const COLUMNS: [&str; 24] = [
    "verdict",
    "waived",
    "known",
    "severity",
    "rule",
    "rule_version",
    "title",
    "resource",
    "kind",
    "element",
    "environments",
    "path",
    "start_line",
    "start_column",
    "end_line",
    "end_column",
    "message",
    "values",
    "params",
    "controls",
    "waiver_reason",
    "waiver_approver",
    "waiver_expires",
    "fingerprint",
];

/// The evaluations as CSV, one a row, below a row of names. Paths are relative to the root of the repository.
#[must_use]
pub fn render_csv(result: &ScanResult, workspace: &dyn Workspace) -> String {
    let places = Places::new(workspace, "");
    let mut text = COLUMNS.join(",");
    text.push('\n');
    for judged in judged(result) {
        for (index, cell) in row(result, &places, &judged).iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            write_cell(&mut text, cell);
        }
        text.push('\n');
    }
    text
}

fn row(result: &ScanResult, places: &Places<'_>, judged: &Judged<'_>) -> [String; 24] {
    let Judged { evaluation, instance, rule } = judged;
    let waiver = evaluation.waiver.and_then(|index| result.waivers.get(index));
    let range = places.range(evaluation.span);
    let values = evaluation.observations.iter().map(|observation| match &observation.value {
        Some(value) => format!("{} = {}", observation.path, show_value(&observation.path, value)),
        None => format!("{} is absent", observation.path),
    });
    let params = instance.params.iter().map(|(name, value)| format!("{name} = {}", plain_param(value)));
    let controls = instance.controls.iter().map(|control| control.0.as_str());
    let optional = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        name_of_verdict(evaluation.verdict).to_owned(),
        waiver.is_some().to_string(),
        evaluation.is_known.to_string(),
        name_of(rule.severity).to_owned(),
        rule.id.to_string(),
        rule.version.to_string(),
        rule.title.to_string(),
        evaluation.subject.address.to_string(),
        evaluation.subject.kind.to_string(),
        optional(evaluation.element.as_deref()),
        evaluation.environments.join("; "),
        places.root_path(evaluation.span.file).to_owned(),
        range.start.line.to_string(),
        range.start.column.to_string(),
        range.end.line.to_string(),
        range.end.column.to_string(),
        evaluation.message.to_owned(),
        values.collect::<Vec<_>>().join("; "),
        params.collect::<Vec<_>>().join("; "),
        controls.collect::<Vec<_>>().join("; "),
        optional(waiver.map(|waiver| waiver.reason.as_str())),
        optional(waiver.and_then(|waiver| waiver.approver.as_deref())),
        optional(waiver.and_then(|waiver| waiver.expires.as_deref())),
        evaluation.fingerprint.to_owned(),
    ]
}

/// A cell that begins like a formula would be run by a spreadsheet: an apostrophe makes it text.
fn write_cell(text: &mut String, cell: &str) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_quoted = is_formula || cell.contains(['"', ',', '\n', '\r']);
    if !is_quoted {
        text.push_str(cell);
        return;
    }
    text.push('"');
    text.push_str(if is_formula { "'" } else { "" });
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests;

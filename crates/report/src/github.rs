//! Annotations of a GitHub Actions job: workflow commands on standard output.

use crate::finding::{Judged, findings};
use crate::place::Places;
use crate::summary::{name_of, summarize};
use proofmark_findings::ScanResult;
use proofmark_rules::Severity;
use proofmark_source::Workspace;
use std::cmp::Reverse;
use std::fmt::Write as _;

/// GitHub shows no more annotations of a level for each step; further findings are plain lines of the log.
const MAX_ANNOTATIONS: usize = 10;

/// The findings as workflow commands, the most severe first, and the ledger.
#[must_use]
pub fn render_github(result: &ScanResult, workspace: &dyn Workspace) -> String {
    let places = Places::new(workspace, "");
    let mut findings: Vec<Judged<'_>> = findings(result).collect();
    findings.sort_by_key(|finding| (finding.evaluation.is_known, Reverse(finding.rule.severity)));
    let mut text = String::new();
    let mut used = [0_usize; 3];
    for finding in &findings {
        let (index, command) = match finding.rule.severity {
            Severity::Critical | Severity::High => (0, "error"),
            Severity::Medium => (1, "warning"),
            Severity::Low | Severity::Info => (2, "notice"),
        };
        let Some(used) = used.get_mut(index) else { continue };
        *used += 1;
        if *used <= MAX_ANNOTATIONS {
            write_annotation(&mut text, &places, finding, command);
        } else {
            write_line(&mut text, &places, finding);
        }
    }
    let summary = summarize(result);
    let _ = writeln!(text, "{}\n{}", summary.failure_line(), summary.ledger);
    text
}

fn write_annotation(text: &mut String, places: &Places<'_>, finding: &Judged<'_>, command: &str) {
    let path = places.root_path(finding.evaluation.span.file);
    let _ = write!(text, "::{command} ");
    // A verdict on the repository as a whole belongs to no file.
    if path != "." {
        let range = places.range(finding.evaluation.span);
        let _ = write!(text, "file={},line={},endLine={}", property(path), range.start.line, range.end.line);
        // GitHub reads columns only where an annotation stays on its line.
        if range.start.line == range.end.line {
            let _ = write!(text, ",col={},endColumn={}", range.start.column, range.end.column);
        }
        text.push(',');
    }
    let title = format!("{} ({})", finding.rule.title, finding.rule.id);
    let message = format!("{}\n{}\nFix: {}", finding.subject(), finding.message(), finding.rule.fix);
    let _ = writeln!(text, "title={}::{}", property(&title), data(&message));
}

fn write_line(text: &mut String, places: &Places<'_>, finding: &Judged<'_>) {
    let path = places.root_path(finding.evaluation.span.file);
    let line = places.range(finding.evaluation.span).start.line;
    let severity = name_of(finding.rule.severity);
    let message = format!("{path}:{line}: {severity}: {} ({})", finding.message(), finding.rule.id);
    // What a file says must not become a command of its own.
    let _ = writeln!(text, "{}", message.replace(['\n', '\r'], " ").trim_start_matches([':', '#']));
}

/// The text of a command (documentation of GitHub Actions, "Workflow commands"; escapes as in `@actions/core`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests;

//! JUnit XML: a suite for each rule, a case for each judged resource.

use crate::finding::{Judged, judged};
use crate::place::Places;
use crate::summary::name_of;
use proofmark_findings::{ScanResult, Verdict};
use proofmark_source::Workspace;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The result as JUnit XML. Failures that no waiver covers fail; unknown, waived and inapplicable ones are skipped and
/// say why.
#[must_use]
pub fn render_junit(result: &ScanResult, workspace: &dyn Workspace) -> String {
    let places = Places::new(workspace, "");
    let mut suites: BTreeMap<usize, Vec<Judged<'_>>> = BTreeMap::new();
    for judged in judged(result) {
        suites.entry(judged.evaluation.instance).or_default().push(judged);
    }
    let mut body = String::new();
    let mut all = Counts::default();
    for cases in suites.values() {
        all.add(&write_suite(&mut body, result, &places, cases));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"proofmark\" {all}>\n{body}</testsuites>\n"
    )
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tests, failures, skipped } = self;
        write!(
            formatter,
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\""
        )
    }
}

fn write_suite(text: &mut String, result: &ScanResult, places: &Places<'_>, cases: &[Judged<'_>]) -> Counts {
    let mut counts = Counts::default();
    let mut body = String::new();
    for case in cases {
        counts.tests += 1;
        let outcome = outcome(result, places, case);
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed(_) => counts.failures += 1,
            Outcome::Skipped(_) => counts.skipped += 1,
        }
        write_case(&mut body, places, case, &outcome);
    }
    let name = cases.first().map_or(String::new(), |case| escape(&case.rule.id.0));
    let _ = writeln!(text, "  <testsuite name=\"{name}\" {counts}>\n{body}  </testsuite>");
    counts
}

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

fn outcome(result: &ScanResult, places: &Places<'_>, case: &Judged<'_>) -> Outcome {
    let waiver = case.evaluation.waiver.and_then(|index| result.waivers.get(index));
    match (case.evaluation.verdict, waiver) {
        (Verdict::Pass, _) => Outcome::Passed,
        (Verdict::Unknown, _) => Outcome::Skipped(format!("unknown: {}", case.message())),
        (Verdict::NotApplicable, _) => Outcome::Skipped(format!("not applicable: {}", case.message())),
        (Verdict::Fail, Some(waiver)) => Outcome::Skipped(format!("waived: {}", waiver.reason)),
        (Verdict::Fail, None) => {
            let line = places.range(case.evaluation.span).start.line;
            let path = places.root_path(case.evaluation.span.file);
            Outcome::Failed(format!(
                "{path}:{line}\n{}\n\nWhy: {}\nFix: {}",
                case.message(),
                case.rule.why,
                case.rule.fix
            ))
        }
    }
}

fn write_case(text: &mut String, places: &Places<'_>, case: &Judged<'_>, outcome: &Outcome) {
    let name = escape(&case.subject());
    let rule = escape(&case.rule.id.0);
    let path = escape(places.root_path(case.evaluation.span.file));
    let line = places.range(case.evaluation.span).start.line;
    let _ = write!(
        text,
        "    <testcase name=\"{name}\" classname=\"{rule}\" file=\"{path}\" line=\"{line}\" time=\"0\""
    );
    let _ = match outcome {
        Outcome::Passed => writeln!(text, "/>"),
        Outcome::Failed(words) => {
            let kind = name_of(case.rule.severity);
            let message = escape(&case.message());
            let words = escape(words);
            writeln!(
                text,
                ">\n      <failure type=\"{kind}\" message=\"{message}\">{words}</failure>\n    </testcase>"
            )
        }
        Outcome::Skipped(words) => {
            writeln!(text, ">\n      <skipped message=\"{}\"/>\n    </testcase>", escape(words))
        }
    };
}

/// Text in XML 1.0, which has no place for most control characters.
fn escape(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '"' => text.push_str("&quot;"),
            '\n' => text.push_str("&#10;"),
            '\t' => text.push_str("&#9;"),
            '\r' => text.push_str("&#13;"),
            control if control < ' ' || matches!(control, '\u{fffe}' | '\u{ffff}') => text.push('\u{fffd}'),
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests;

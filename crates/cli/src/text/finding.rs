//! One finding, as miette shows it.

use super::window::Window;
use super::{TextReport, heading};
use miette::{Diagnostic, LabeledSpan, Severity as Tone, SourceCode};
use proofmark_scan::{Evaluation, Rule, Severity, Span, Verdict};
use std::fmt;

/// Further places that are named under a finding; more would bury it.
const RELATED_LIMIT: usize = 4;

/// One finding, as miette shows it.
#[derive(Debug)]
pub struct Finding {
    code: String,
    message: String,
    help: Option<String>,
    tone: Tone,
    place: Option<Window>,
}

impl Finding {
    /// A finding with the lines around it, and with what the rule is for, if the reader does not know it yet.
    pub fn new(report: &TextReport<'_>, evaluation: &Evaluation, rule: &Rule, is_explained: bool) -> Self {
        let tone = match (evaluation.verdict, rule.severity) {
            (Verdict::Unknown, _) => Tone::Advice,
            (_, Severity::Critical | Severity::High) => Tone::Error,
            (_, Severity::Medium) => Tone::Warning,
            (_, Severity::Low | Severity::Info) => Tone::Advice,
        };
        Self {
            code: heading(evaluation, rule),
            message: message(evaluation),
            help: help(report, evaluation, is_explained.then_some(rule)),
            tone,
            place: Window::new(report.workspace, evaluation.span, report.prefix),
        }
    }
}

fn message(evaluation: &Evaluation) -> String {
    let element = evaluation.element.as_deref().map(|element| format!(" ({element})")).unwrap_or_default();
    let address = &evaluation.subject.address;
    let message = &evaluation.message;
    match evaluation.where_it_holds() {
        None => format!("{address}{element}: {message}"),
        Some(place) => format!("{address}{element}, {place}: {message}"),
    }
}

fn help(report: &TextReport<'_>, evaluation: &Evaluation, rule: Option<&Rule>) -> Option<String> {
    let mut lines: Vec<String> = rule.iter().map(|rule| rule.why.to_string()).collect();
    if evaluation.verdict == Verdict::Fail {
        lines.extend(rule.map(|rule| rule.fix.to_string()));
    }
    let places = further_places(report, evaluation);
    lines.extend(places.iter().take(RELATED_LIMIT).map(|(place, message)| format!("{place}: {message}")));
    match places.len().saturating_sub(RELATED_LIMIT) {
        0 => {}
        1 => lines.push("and 1 more place".to_owned()),
        more => lines.push(format!("and {more} more places")),
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The places that matter besides the excerpt, each line once: parts of an expression stand on the line of the whole.
fn further_places<'r>(report: &TextReport<'_>, evaluation: &'r Evaluation) -> Vec<(String, &'r str)> {
    let own = place(report, evaluation.span);
    let mut places: Vec<(String, &str)> = Vec::new();
    for related in &evaluation.related {
        let place = place(report, related.span);
        if place != own && places.iter().all(|(known, _)| *known != place) {
            places.push((place, &related.message));
        }
    }
    places
}

fn place(report: &TextReport<'_>, span: Span) -> String {
    let path = report.workspace.path(span.file);
    let line = report.workspace.line_index(span.file).line_number(span.start);
    format!("{}{path}:{line}", report.prefix)
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Finding {}

impl Diagnostic for Finding {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<Tone> {
        Some(self.tone)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| place as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(None, place.label()))))
    }
}

//! What keeps the command from completing, as people read it.

use crate::output::Colors;
use crate::text::window::Window;
use miette::{Diagnostic as MietteDiagnostic, LabeledSpan, Severity, SourceCode};
use proofmark_scan::{Code, Diagnostic, FileId, Impact, Workspace};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;

/// Why the command could not complete.
#[derive(Debug)]
pub struct Failure {
    problems: Vec<Problem>,
}

/// One problem, with the text it is about where there is one.
#[derive(Debug)]
struct Problem {
    code: Option<String>,
    message: String,
    help: Option<String>,
    place: Option<Window>,
    severity: Severity,
}

impl Failure {
    /// A problem that has no place in a file.
    pub fn new(message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            problems: vec![Problem {
                code: None,
                message,
                help: None,
                place: None,
                severity: Severity::Error,
            }],
        }
    }

    /// The same with a word on what would be right.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        if let Some(problem) = self.problems.last_mut() {
            problem.help = Some(help.into());
        }
        self
    }

    /// The same with what was near.
    pub fn with_nearest(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(near) => self.with_help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Something that could not be done with a file or folder.
    pub fn file(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {doing} `{}`: {error}", path.display()))
    }

    /// Problems in a file, each with its place.
    pub fn located(workspace: &dyn Workspace, diagnostics: &[Diagnostic]) -> Self {
        let problem =
            |diagnostic| Problem { severity: Severity::Error, ..Problem::located(workspace, diagnostic, "") };
        Self { problems: diagnostics.iter().map(problem).collect() }
    }

    /// A panic of ours.
    pub fn bug(payload: &(dyn std::any::Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::to_owned));
        let text = text.unwrap_or_else(|| "no message".to_owned());
        Self::new(format!("a bug in Proofmark stopped it: {text}"))
            .with_help("please report it with the smallest input that shows it")
    }

    /// Prints every problem to standard error.
    pub fn print(&self, colors: &Colors) {
        print_problems(&self.problems, colors);
    }
}

/// Of one kind of problem in one file, this many are printed; reports hold them all.
const MAX_ALIKE: usize = 3;

/// Prints what was odd about the input to standard error: only what cost something, and of many alike only the first.
pub fn print_diagnostics(
    workspace: &dyn Workspace,
    diagnostics: &[Diagnostic],
    prefix: &str,
    colors: &Colors,
) {
    let costly: Vec<&Diagnostic> =
        diagnostics.iter().filter(|diagnostic| diagnostic.impact != Impact::None).collect();
    let mut counts: BTreeMap<(FileId, Code), usize> = BTreeMap::new();
    for diagnostic in &costly {
        *counts.entry((diagnostic.span.file, diagnostic.code)).or_default() += 1;
    }
    let mut printed: BTreeMap<(FileId, Code), usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for diagnostic in costly {
        let kind = (diagnostic.span.file, diagnostic.code);
        let number = printed.entry(kind).or_default();
        *number += 1;
        if *number <= MAX_ALIKE {
            let mut problem = Problem::located(workspace, diagnostic, prefix);
            let further = counts.get(&kind).map_or(0, |all| all.saturating_sub(MAX_ALIKE));
            if *number == MAX_ALIKE && further > 0 {
                problem.help = Some(format!("{further} more of this kind in the file"));
            }
            problems.push(problem);
        }
    }
    print_problems(&problems, colors);
}

fn print_problems(problems: &[Problem], colors: &Colors) {
    let handler = colors.handler(colors.is_error_colored);
    let mut text = String::new();
    for problem in problems {
        // Writing to a string cannot fail; a label that miette refuses costs only its own lines.
        let _ = handler.render_report(&mut text, problem);
    }
    // Nobody is left to be told when standard error is closed.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A panic is caught where it costs least and told as a diagnostic; its own message would only disturb the output.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}

impl Problem {
    fn located(workspace: &dyn Workspace, diagnostic: &Diagnostic, prefix: &str) -> Self {
        let place = Window::new(workspace, diagnostic.span, prefix);
        // Without an excerpt nothing else would name the file.
        let message = match (&place, workspace.path(diagnostic.span.file)) {
            (None, path) if !path.is_empty() => format!("`{prefix}{path}`: {}", diagnostic.message),
            _ => diagnostic.message.to_owned(),
        };
        Self {
            code: Some(diagnostic.code.to_string()),
            message,
            help: diagnostic.help.as_deref().map(str::to_owned),
            place,
            severity: Severity::Warning,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl MietteDiagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
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

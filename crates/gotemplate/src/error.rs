//! What goes wrong with a template, in Go's words.

use crate::trace::Trace;
use smol_str::SmolStr;

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parse error at ({template}:{line}): {}", last_part(.message))]
pub struct ParseError {
    /// The name of the template.
    pub template: SmolStr,
    /// The line, from 1.
    pub line: usize,
    /// The byte where the token stands that does not fit.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// Of a message in several parts, Helm shows the last.
fn last_part(message: &str) -> &str {
    message.rsplit(": ").next().unwrap_or(message)
}

/// Why a template stopped.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", self.text())]
pub struct ExecuteError {
    /// Where it stopped, from the outermost template to the innermost.
    pub frames: Vec<Frame>,
    /// What is wrong.
    pub message: String,
    /// What kind of end it is.
    pub kind: ErrorKind,
}

/// A template that was being executed.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The name of the text, its line from 1 and its column in bytes from 0, as Go counts.
    pub location: Option<(SmolStr, usize, usize)>,
    /// The name of the template.
    pub template: SmolStr,
    /// The operand or action.
    pub context: String,
    /// The function that failed inside it.
    pub function: Option<SmolStr>,
    /// Where it stands.
    pub trace: Trace,
}

/// What kind of end an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The template is wrong for these values.
    Template,
    /// The template said so itself, by `fail` or `required`.
    Deliberate,
    /// A limit was reached.
    Limit(Limit),
}

/// Which limit a template reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It did too much.
    Steps,
    /// Templates called each other too deeply.
    Calls,
    /// A text, or all that was written, grew too long.
    Text,
    /// A list grew too long.
    Items,
}

impl ExecuteError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { frames: Vec::new(), message: message.into(), kind: ErrorKind::Template }
    }

    pub(crate) fn limit(limit: Limit, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Limit(limit), ..Self::new(message) }
    }

    /// As Helm writes it: what a template says itself in one line, a failing function in Go's words, everything else
    /// with a paragraph for each frame.
    fn text(&self) -> String {
        let location = self.frames.first().and_then(|frame| frame.location.as_ref());
        if self.is_deliberate()
            && let Some((name, line, column)) = location
        {
            return format!("execution error at ({name}:{line}:{column}): {}", self.message);
        }
        let names_none = self.message.starts_with("template: no template");
        if !names_none && self.frames.last().is_some_and(|frame| frame.function.is_some()) {
            return self.go_text();
        }
        let frames: String = self.frames.iter().map(Frame::paragraph).collect();
        let indent = if self.frames.is_empty() || names_none { "" } else { "    " };
        format!("{frames}{indent}{}", self.message)
    }

    /// As text/template writes it: each frame with its place, then what is wrong.
    pub(crate) fn go_text(&self) -> String {
        let frames: String = self.frames.iter().map(Frame::text).collect();
        frames + &self.message
    }

    /// Whether the template said so itself.
    #[must_use]
    pub fn is_deliberate(&self) -> bool {
        self.kind == ErrorKind::Deliberate
    }
}

impl ParseError {
    /// As text/template writes it.
    pub(crate) fn go_text(&self) -> String {
        format!("template: {}:{}: {}", self.template, self.line, self.message)
    }
}

impl Frame {
    fn paragraph(&self) -> String {
        let place = match &self.location {
            Some((name, line, column)) => format!("{name}:{line}:{column}\n"),
            None => String::new(),
        };
        let template = crate::unicode::quote(&self.template);
        let function = match &self.function {
            Some(function) => format!("    error calling {function}:\n"),
            None => String::new(),
        };
        format!("{place}  executing {template} at <{}>:\n{function}", self.context)
    }

    fn text(&self) -> String {
        let place = match &self.location {
            Some((name, line, column)) => format!("template: {name}:{line}:{column}: "),
            None => format!("template: {}: ", self.template),
        };
        let context =
            format!("{place}executing {} at <{}>: ", crate::unicode::quote(&self.template), self.context);
        match &self.function {
            Some(function) => format!("{context}error calling {function}: "),
            None => context,
        }
    }
}

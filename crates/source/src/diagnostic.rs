//! What we tell about the input.

use crate::Span;
use std::fmt;

/// The stable, documented name of a kind of diagnostic, such as `yaml-syntax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// What a diagnostic means for how much of the file was read. The worst of a file's diagnostics decides its line in
/// the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Impact {
    /// Everything was read; this is worth knowing all the same (an unknown value, a duplicate key).
    None,
    /// A part of the file, or of what it describes, could not be read.
    Partial,
    /// Nothing of the file could be read.
    Unread,
}

/// What is odd about the input. Never a finding, and never an error: the scan goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// What was odd, in lower case without a full stop, with things in backticks.
    pub message: String,
    /// Where it was odd; the start of the file where no better place is known.
    pub span: Span,
    /// What it cost.
    pub impact: Impact,
    /// What would be right, where that can be said.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without help.
    #[must_use]
    pub fn new(code: Code, impact: Impact, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span, impact, help: None }
    }

    /// The same with a word on what would be right.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

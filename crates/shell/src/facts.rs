//! What holds for a command where it stands.

use crate::invocation::Invocation;
use crate::options::{Dialect, Options};
use proofmark_model::Value;
use std::ops::Range;

/// What holds for a command where it stands.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that rules ask for")]
pub struct Facts {
    /// What its failure does.
    pub fate: Fate,
    /// Whether it runs only in some cases: a branch, or right of `&&` and `||`.
    pub is_conditional: bool,
    /// Whether `if`, `while`, `until` or `!` asks for its status.
    pub is_condition: bool,
    /// Whether a loop repeats it.
    pub in_loop: bool,
    /// Whether it stands in `( … )`.
    pub in_subshell: bool,
    /// Whether the script does not wait for it.
    pub in_background: bool,
    /// The function that it is part of.
    pub function: Option<String>,
    /// Whether anything calls that function; true outside of functions.
    pub is_called: bool,
    /// Whether the script ends with it.
    pub is_last: bool,
    /// Whether the grammar met something odd within it.
    pub is_odd: bool,
    /// The options of its shell.
    pub options: Options,
    /// The language of its script.
    pub dialect: Dialect,
    /// In what kind of inner script it stands.
    pub nesting: Option<Nesting>,
    /// The current folder, relative to the one that the script starts in; `None` where it is not known.
    pub folder: Option<String>,
    /// Its program and arguments with constants filled in and split into fields.
    pub fields: Vec<Field>,
    /// Which of these is what.
    pub invocation: Invocation,
    /// The constants that it assigns.
    pub values: Vec<(String, Value)>,
    /// The programs that read its output, in order, with their places.
    pub piped_to: Vec<(String, Range<usize>)>,
    /// The program that runs if it fails, with its place.
    pub or_else: Option<(String, Range<usize>)>,
    /// The program that executes its output as a script, and how it gets there.
    pub fed_to: Option<(String, Feed)>,
    /// What it reads, prints and writes.
    pub effects: crate::effects::Effects,
    /// What it fetches, if it does.
    pub download: Option<crate::download::Download>,
}

/// One argument after expansion.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its text, with constants filled in; what is not known stays as written.
    pub value: Value,
    /// The index of its word.
    pub word_index: usize,
    /// Whether all of it is known.
    pub is_known: bool,
}

/// What the failure of a command does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// What happens.
    pub on_failure: OnFailure,
    /// Whether the script then fails for sure.
    pub fails_script: bool,
    /// What ignores the failure, and where.
    pub ignored_by: Option<(IgnoredBy, Bytes)>,
}

/// A half-open range of bytes that is copied freely, as `Range` is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// The first byte, from 0.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
}

impl Bytes {
    /// The same as a range.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// What happens when a command fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The script ends, and has failed.
    #[default]
    Stops,
    /// The script goes on as if nothing had happened.
    Ignored,
    /// The script looks at the status and decides.
    Handled,
}

/// What makes a failure go unnoticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoredBy {
    /// `|| true` and its like.
    Or,
    /// It stands left of `&&`, and the script goes on behind.
    And,
    /// Another command reads its output, and only that one's status counts.
    Pipe,
    /// Another command follows.
    Sequence,
    /// Nobody waits for it.
    Background,
    /// Its output is an argument of another command.
    Substitution,
    /// The loop goes on.
    Loop,
    /// It stands in a condition, but is not what decides.
    Condition,
    /// The script ends with success.
    Exit,
}

/// How the output of a command gets to a program that executes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// `… | sh`.
    Pipe,
    /// `sh -c "$(…)"`, `bash <(…)`.
    Substitution,
}

/// In what kind of inner script a command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// `$(…)`.
    Substitution,
    /// `<(…)`.
    Process,
    /// `bash -c`, `eval`, a here-document that a shell reads.
    Script,
    /// A script that runs on another machine or in a container.
    Remote,
}

impl Fate {
    /// The failure goes unnoticed.
    #[must_use]
    pub fn ignored(by: IgnoredBy, place: &Range<usize>) -> Self {
        Self {
            on_failure: OnFailure::Ignored,
            fails_script: false,
            ignored_by: Some((by, Bytes { start: place.start, end: place.end })),
        }
    }

    /// The script decides; `fails_script` says whether it then fails for sure.
    #[must_use]
    pub fn handled(fails_script: bool) -> Self {
        Self { on_failure: OnFailure::Handled, fails_script, ignored_by: None }
    }

    /// The script fails.
    #[must_use]
    pub fn stops() -> Self {
        Self { on_failure: OnFailure::Stops, fails_script: true, ignored_by: None }
    }
}

impl OnFailure {
    /// Its name in the values that rules read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stops => "stops",
            Self::Ignored => "ignored",
            Self::Handled => "handled",
        }
    }
}

impl IgnoredBy {
    /// Its name in the values that rules read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Pipe => "pipe",
            Self::Sequence => "sequence",
            Self::Background => "background",
            Self::Substitution => "substitution",
            Self::Loop => "loop",
            Self::Condition => "condition",
            Self::Exit => "exit",
        }
    }
}

impl Nesting {
    /// Its name in the values that rules read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Substitution => "substitution",
            Self::Process => "process",
            Self::Script => "script",
            Self::Remote => "remote",
        }
    }
}

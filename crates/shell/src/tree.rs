//! What the grammar makes of a script.

use crate::Word;
use crate::command::Redirect;
use std::ops::Range;

/// A parsed script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// What it runs.
    pub list: List,
    /// The texts of its here-documents; a [`Redirect`] names one by its index.
    pub documents: Vec<Document>,
    /// What was odd, in order of place.
    pub oddities: Vec<Oddity>,
}

/// Something that a shell would not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// What is wrong, as a diagnostic says it.
    pub message: &'static str,
    /// Where.
    pub range: Range<usize>,
}

/// The text of a here-document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its text without stripped tabs. Where the end mark is quoted, nothing in it is expanded.
    pub word: Word,
}

/// Statements, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The statements.
    pub statements: Vec<Statement>,
}

/// Pipelines joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The pipelines, each with whether it runs only if the one before it failed (`||`); the first one's means nothing.
    pub pipelines: Vec<(bool, Pipeline)>,
    /// Whether it ends in `&`.
    pub is_background: bool,
    /// Its bytes.
    pub range: Range<usize>,
}

/// Commands joined by `|`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Whether `!` stands before it.
    pub is_negated: bool,
    /// The commands.
    pub stages: Vec<Node>,
    /// Its bytes.
    pub range: Range<usize>,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where its input and output go, in order.
    pub redirects: Vec<Redirect>,
    /// Its bytes.
    pub range: Range<usize>,
}

/// What a command is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Assignments and a program with its arguments; also `[[ … ]]` and `((…))`.
    Simple {
        /// The assignments before the program.
        assignments: Vec<Word>,
        /// The program and its arguments.
        words: Vec<Word>,
    },
    /// `{ …; }`.
    Group(List),
    /// `( … )`.
    Subshell(List),
    /// `if`.
    If {
        /// Conditions with what they decide on.
        branches: Vec<(List, List)>,
        /// What follows `else`.
        otherwise: Option<List>,
    },
    /// `while` and `until`.
    Loop {
        /// What decides whether it goes on.
        condition: List,
        /// What it repeats.
        body: List,
    },
    /// `for` and `select`.
    For {
        /// The variable; the whole header of the arithmetic form.
        variable: Word,
        /// The words it takes.
        words: Vec<Word>,
        /// What it repeats.
        body: List,
    },
    /// `case`.
    Case {
        /// What is compared.
        subject: Word,
        /// The patterns with what follows them.
        arms: Vec<(Vec<Word>, List)>,
    },
    /// The definition of a function.
    Function {
        /// Its name.
        name: Word,
        /// What it runs.
        body: Box<Node>,
    },
}

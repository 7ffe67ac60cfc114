//! What a script consists of.

use crate::{Facts, Word};
use std::ops::Range;

/// One simple command: a program with its words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Command {
    /// Assignments before the program, such as `A=b`.
    pub assignments: Vec<Word>,
    /// The program and its arguments; empty where there are only assignments or redirections.
    pub words: Vec<Word>,
    /// The texts that an expression of PowerShell gives, which has no program.
    pub output: Vec<Word>,
    /// Where its input and output go.
    pub redirects: Vec<Redirect>,
    /// How it follows the command before it.
    pub join: Join,
    /// Its bytes in the script, half open.
    pub range: Range<usize>,
    /// What holds where it stands.
    pub facts: Box<Facts>,
}

/// A redirection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redirect {
    /// The operator with its file descriptor, such as `>`, `2>`, `>>`, `<<`.
    pub operator: String,
    /// The file, descriptor, or end mark of a here-document.
    pub target: Word,
    /// The index of the text of a here-document in its tree.
    pub(crate) document: Option<usize>,
    /// The text of a here-document.
    pub body: Option<Word>,
}

/// How a command follows the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    /// It is the first, or follows whatever happened: `;`, `&`, a new line, a keyword.
    #[default]
    Sequence,
    /// It runs if the one before succeeded: `&&`.
    And,
    /// It runs if the one before failed: `||`.
    Or,
    /// It reads what the one before writes: `|`.
    Pipe,
}

impl Command {
    /// A program with its arguments, run without a shell.
    #[must_use]
    pub fn of_words(words: &[Word]) -> Option<Self> {
        let (first, last) = (words.first()?, words.last()?);
        let range = first.range.start..last.range.end;
        Some(Self { words: words.to_vec(), range, ..Self::default() })
    }

    /// The text of the first word, or `""`.
    #[must_use]
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| word.text.as_str())
    }
}

impl Redirect {
    /// The operator without its file descriptor.
    #[must_use]
    pub fn sign(&self) -> &str {
        let behind = self.operator.rfind('}').map_or(0, |at| at + 1);
        let sign = self.operator.get(behind..).unwrap_or("");
        sign.trim_start_matches(|c: char| c.is_ascii_digit())
    }

    /// Whether it takes what a program writes to its standard output elsewhere than to the log.
    #[must_use]
    pub fn leaves_log(&self) -> bool {
        let is_log =
            matches!(self.target.text.as_str(), "/dev/stdout" | "/dev/stderr" | "/dev/tty" | "&1" | "&2");
        self.takes_output() && !is_log
    }

    /// Whether it takes what a program writes to its standard output.
    #[must_use]
    pub fn takes_output(&self) -> bool {
        let is_output =
            matches!(self.operator.as_str(), ">" | ">>" | ">|" | "1>" | "1>>" | "1>|" | "&>" | "&>>");
        let is_descriptor = self.target.text == "-" || self.target.text.parse::<u32>().is_ok();
        is_output || (self.operator == ">&" && !is_descriptor)
    }
}

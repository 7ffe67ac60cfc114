//! What a script consists of.

use std::ops::Range;

/// One simple command: a program with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Assignments before the program, such as `A=b`.
    pub assignments: Vec<Word>,
    /// The program and its arguments; empty where there are only assignments or redirections.
    pub words: Vec<Word>,
    /// Where its input and output go.
    pub redirects: Vec<Redirect>,
    /// How it follows the command before it.
    pub join: Join,
    /// Whether it stands inside `$(…)`, backticks or `<(…)`.
    pub is_nested: bool,
    /// Its bytes in the script, half open.
    pub range: Range<usize>,
}

/// A word with its quotes taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The text; expansions stay as written.
    pub text: String,
    /// Its bytes in the script, quotes included.
    pub range: Range<usize>,
    /// Whether a variable, a substitution or a template expression is part of it: its value is not known.
    pub has_expansion: bool,
    /// Whether some of it stands in quotes.
    pub is_quoted: bool,
}

impl Word {
    /// A word of another text in the same place.
    #[must_use]
    pub fn with_text(&self, text: &str) -> Self {
        let range = self.range.start..self.range.end;
        Self { text: text.to_owned(), range, has_expansion: self.has_expansion, is_quoted: self.is_quoted }
    }
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The operator with its file descriptor, such as `>`, `2>`, `>>`, `<<`.
    pub operator: String,
    /// The file, descriptor, or end mark of a here-document.
    pub target: Word,
    /// The text of a here-document.
    pub body: Option<Range<usize>>,
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
    /// The text of the first word, or `""`.
    #[must_use]
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| word.text.as_str())
    }
}

//! Putting words together.

use crate::word::{Part, PartKind, Quotes, Word};
use std::ops::Range;

/// A word while it is read.
#[derive(Default)]
pub struct Builder {
    /// What was read so far.
    pub word: Word,
    /// What stands around what is read.
    pub quotes: Quotes,
}

impl Builder {
    /// Whether what is read stands in quotes.
    pub fn is_quoted(&self) -> bool {
        self.quotes != Quotes::Bare
    }

    /// Adds a piece of text that stands in the script at `range`.
    pub fn add(&mut self, kind: PartKind, text: &str, range: Range<usize>) {
        let start = self.word.text.len();
        self.word.text.push_str(text);
        self.word.has_expansion |= kind != PartKind::Literal;
        let quotes = self.quotes;
        let end = self.word.text.len();
        if let Some(last) = self.word.parts.last_mut()
            && last.kind == PartKind::Literal
            && kind == PartKind::Literal
            && last.range.end == range.start
            && last.text.len() == last.range.len()
            && last.quotes == quotes
            && text.len() == range.len()
        {
            last.text.end = end;
            last.range.end = range.end;
            return;
        }
        self.word.parts.push(Part { kind, text: start..end, range, quotes });
    }
}

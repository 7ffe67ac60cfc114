//! An attribute to set, and the lines of a text.

use proofmark_model::Value;
use proofmark_source::Span;

/// An attribute to set.
pub(super) struct Setting<'s> {
    /// All that is written of the map that gets it.
    pub target: Span,
    /// Its names, outermost first.
    pub path: &'s [&'s str],
    /// Its value.
    pub value: &'s Value,
    /// The entry before which a new one is written.
    pub before: Option<&'s str>,
}

/// The byte at which the line of `at` begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The byte behind the last one of the line of `at`, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let end = rest.find('\n').map_or(text.len(), |newline| at + newline);
    if text.get(..end).is_some_and(|line| line.ends_with('\r')) { end.saturating_sub(1).max(at) } else { end }
}

/// The blanks that begin the line of `at`; `None` where something else stands before it.
pub(super) fn indentation(text: &str, at: usize) -> Option<&str> {
    let before = text.get(line_start(text, at)..at)?;
    before.chars().all(|character| character == ' ' || character == '\t').then_some(before)
}

/// The line break that the text uses.
pub(super) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

//! From bytes of a decoded text back to bytes of the file.

use proofmark_source::Span;
use proofmark_syntax::{Node, Style};
use std::ops::Range;

/// A scalar with the way from its decoded text to the file.
///
/// A block scalar loses its indentation, a folded one its line breaks, a quoted one its escapes. Characters other than
/// white space keep their order, so both texts are walked side by side; where they part (an escape such as `\x24`), the
/// scalar as a whole is the best place known.
pub struct Scalar<'n> {
    /// The decoded text.
    pub text: &'n str,
    span: Span,
    /// Runs of bytes that stand together in both: start in the text, start in the file, length. Sorted.
    runs: Vec<(usize, usize, usize)>,
}

impl<'n> Scalar<'n> {
    /// The scalar of `node`, if it is a text, in the file with the text `source`.
    #[must_use]
    pub fn of(node: &'n Node, source: &str) -> Option<Self> {
        let text = node.as_str()?;
        let raw = node.span.slice(source);
        let skipped = opening(raw, node.style);
        let base = node.span.start as usize + skipped;
        let runs = align(text, raw.get(skipped..).unwrap_or(""))
            .into_iter()
            .map(|(start, offset, length)| (start, base + offset, length))
            .collect();
        Some(Self {
            text,
            span: node.included_at.unwrap_or(node.span),
            runs: if node.included_at.is_some() { Vec::new() } else { runs },
        })
    }

    /// The place of `range` of the decoded text in the file.
    #[must_use]
    pub fn locate(&self, range: Range<usize>) -> Span {
        let end = range.end.max(range.start + 1) - 1;
        match (self.file_offset(range.start), self.file_offset(end)) {
            (Some(first), Some(last)) if last >= first => Span::new(self.span.file, first, last + 1),
            _ => self.span,
        }
    }

    fn file_offset(&self, at: usize) -> Option<usize> {
        let after = self.runs.partition_point(|run| run.0 <= at);
        let (start, offset, length) = *self.runs.get(after.checked_sub(1)?)?;
        // Blanks belong to no run: they count to the one before.
        Some(offset + (at - start).min(length.saturating_sub(1)))
    }
}

/// The bytes before the content: a quote, or the header of a block.
fn opening(raw: &str, style: Style) -> usize {
    match raw.chars().next() {
        Some('|' | '>') if style == Style::Block => raw.find('\n').map_or(raw.len(), |at| at + 1),
        Some('"' | '\'') if style != Style::Plain => 1,
        _ => 0,
    }
}

/// Walks both texts and collects the runs that they share; empty where they part.
fn align(text: &str, raw: &str) -> Vec<(usize, usize, usize)> {
    let (text, raw) = (text.as_bytes(), raw.as_bytes());
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    let mut offset = 0;
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_whitespace() {
            continue;
        }
        while raw.get(offset).is_some_and(u8::is_ascii_whitespace) {
            offset += 1;
        }
        // A backslash before a line break or a quote, and the first of two single quotes, are marks of the format.
        while raw.get(offset) != Some(byte) && matches!(raw.get(offset), Some(b'\\')) {
            offset += 1;
            while raw.get(offset).is_some_and(u8::is_ascii_whitespace) {
                offset += 1;
            }
        }
        if raw.get(offset) != Some(byte) {
            return Vec::new();
        }
        match runs.last_mut() {
            Some((start, from, length)) if *start + *length == at && *from + *length == offset => {
                *length += 1
            }
            _ => runs.push((at, offset, 1)),
        }
        offset += 1;
        if *byte == b'\'' && raw.get(offset) == Some(&b'\'') && text.get(at + 1) != Some(&b'\'') {
            offset += 1;
        }
    }
    runs
}

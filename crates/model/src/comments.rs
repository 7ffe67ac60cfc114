//! Which comments belong to a resource.

use crate::Comment;
use proofmark_source::{LineIndex, Span};

/// The comments of a file that belong to what stands at `span`: those inside it, behind its end on the same line, and in
/// the block of comment lines directly above it. `comments` are in order of place, `text` is the file's.
#[must_use]
pub fn comments_of(
    comments: &[proofmark_syntax::Comment],
    lines: &LineIndex,
    text: &str,
    span: Span,
) -> Vec<Comment> {
    let first = lines.line_number(span.start);
    let last = lines.line_number(span.end.saturating_sub(1).max(span.start));
    let until = comments.partition_point(|comment| lines.line_number(comment.span.start) <= last);
    let mut above = first;
    let mut kept = Vec::new();
    for comment in comments.get(..until).unwrap_or(&[]).iter().rev() {
        let line = lines.line_number(comment.span.start);
        let is_above = line < first && line + 1 == above && stands_alone(lines, text, comment.span);
        if is_above {
            above = line;
        } else if line < first {
            break;
        }
        kept.push(Comment { text: comment.text.clone(), span: comment.span });
    }
    kept.reverse();
    kept
}

/// Whether nothing stands before a comment on its line.
fn stands_alone(lines: &LineIndex, text: &str, span: Span) -> bool {
    let range = lines.line_range(lines.line_number(span.start), text);
    let before = range.and_then(|range| text.get(range.start..span.start as usize)).unwrap_or("");
    before.trim().is_empty()
}

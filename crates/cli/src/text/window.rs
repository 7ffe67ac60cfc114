//! A few lines of a file, as miette reads them.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use proofmark_scan::{Span, Workspace};

/// Lines shown on each side of a place.
const CONTEXT_LINES: u32 = 1;

/// A place that is longer than this is shown by its first line.
const LABEL_LINES: u32 = 6;

/// A longer line is cut around the place: nobody reads a minified file in a terminal.
const LINE_BYTES: usize = 240;

/// Bytes of a cut line that are kept before the place.
const KEPT_BEFORE: usize = 60;

/// Whether Terraform wrote the file, a plan or a state. What stands beside a place there may be secret, and says nothing to
/// people.
fn is_plan(text: &str) -> bool {
    let head: String = text.chars().take(256).collect();
    head.contains("\"format_version\"") && head.contains("\"terraform_version\"")
}

/// The lines around a place. miette rescans whatever text it is given for every report, so it gets only these.
#[derive(Debug)]
pub struct Window {
    name: String,
    text: String,
    /// The number of the first line, from 0.
    first_line: usize,
    /// Line and column of the place, from 0, the column in code points.
    place: (usize, usize),
    label: SourceSpan,
}

impl Window {
    /// The lines around `span`; `None` where the file has no text, or the span stands for no file.
    pub fn new(workspace: &dyn Workspace, span: Span, prefix: &str) -> Option<Self> {
        let text = workspace.load(span.file).ok()?;
        let lines = workspace.line_index(span.file);
        let end = (span.end as usize).min(text.len());
        let start = (span.start as usize).min(end);
        let first = lines.line_number(span.start);
        let last = lines.line_number(span.end.max(span.start + 1) - 1);
        let (last, end) = match last.saturating_sub(first) >= LABEL_LINES {
            true => (first, lines.line_range(first, text)?.end),
            false => (last, end),
        };
        let window_first = first.saturating_sub(CONTEXT_LINES).max(1);
        let window_last = (last + CONTEXT_LINES).min(lines.line_count());
        let is_wide = |number| lines.line_range(number, text).is_some_and(|range| range.len() > LINE_BYTES);
        let (from, to, window_first) = match (window_first..=window_last).any(is_wide) {
            _ if is_plan(text) => (start, boundary_at(text, end.min(start + LINE_BYTES)), first),
            false => (
                lines.line_range(window_first, text)?.start,
                lines.line_range(window_last, text)?.end,
                window_first,
            ),
            true => {
                let line = lines.line_range(first, text)?;
                let from = boundary_at(text, start.saturating_sub(KEPT_BEFORE).max(line.start));
                (from, boundary_at(text, (from + LINE_BYTES).min(line.end)), first)
            }
        };
        let at = lines.line_column(span.start, text);
        Some(Self {
            name: format!("{prefix}{}", workspace.path(span.file)),
            text: text.get(from..to)?.to_owned(),
            first_line: window_first as usize - 1,
            place: (at.line as usize - 1, at.column as usize - 1),
            label: SourceSpan::from((start - from, end.min(to).saturating_sub(start))),
        })
    }

    /// The place within the lines.
    pub fn label(&self) -> SourceSpan {
        self.label
    }
}

/// The last boundary between characters at or before `offset`.
fn boundary_at(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Asked without context, miette wants to know where the place is; with context, what to show.
        let (line, column) = if before == 0 { self.place } else { (self.first_line, 0) };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_owned(),
            self.text.as_bytes(),
            SourceSpan::from((0, self.text.len())),
            line,
            column,
            self.text.lines().count(),
        )))
    }
}

//! A few lines of a file, as miette reads them.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use proofmark_scan::{Span, Workspace};

/// Lines shown on each side of a place.
const CONTEXT_LINES: u32 = 1;

/// A place that is longer than this is shown by its first line.
const LABEL_LINES: u32 = 6;

/// The lines around a place. miette rescans whatever text it is given for every report, so it gets only these.
#[derive(Debug)]
pub struct Window {
    name: String,
    text: String,
    /// The number of the first line, from 0.
    first_line: usize,
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
        let is_long = last.saturating_sub(first) >= LABEL_LINES;
        let (last, end) = match is_long {
            true => (first, lines.line_range(first, text)?.end),
            false => (last, end),
        };
        let window_first = first.saturating_sub(CONTEXT_LINES).max(1);
        let window_last = (last + CONTEXT_LINES).min(lines.line_count());
        let from = lines.line_range(window_first, text)?.start;
        let to = lines.line_range(window_last, text)?.end;
        Some(Self {
            name: format!("{prefix}{}", workspace.path(span.file)),
            text: text.get(from..to)?.to_owned(),
            first_line: window_first as usize - 1,
            label: SourceSpan::from((start - from, end.saturating_sub(start))),
        })
    }

    /// The place within the lines.
    pub fn label(&self) -> SourceSpan {
        self.label
    }
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_owned(),
            self.text.as_bytes(),
            SourceSpan::from((0, self.text.len())),
            self.first_line,
            0,
            self.text.lines().count(),
        )))
    }
}

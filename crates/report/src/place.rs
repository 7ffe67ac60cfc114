//! From spans to paths, lines and columns.

use proofmark_source::{FileId, LineColumn, Span, Workspace};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A span as people and formats count it; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Where it begins.
    pub start: LineColumn,
    /// Where it ends.
    pub end: LineColumn,
}

/// Knows where everything stands in the scanned files.
pub struct Places<'w> {
    workspace: &'w dyn Workspace,
    /// The folder that paths are relative to, without a slash at the end; `""` for the root.
    base: &'w str,
    /// Columns along lines that are too long to be counted anew for each span.
    long_lines: Mutex<HashMap<(FileId, u32), Vec<LineMark>>>,
}

/// A known column in a long line.
#[derive(Clone, Copy, Debug)]
struct LineMark {
    offset: usize,
    column: u32,
    column_utf16: u32,
}

/// A line of more bytes gets marks: minified files may hold thousands of places on one line of megabytes.
const LONG_LINE_BYTES: usize = 4096;
/// The distance of marks.
const MARK_BYTES: usize = 1024;

impl<'w> Places<'w> {
    /// Places in `workspace`, with paths relative to what was scanned.
    #[must_use]
    pub fn new(workspace: &'w dyn Workspace, scanned_path: &'w str) -> Self {
        let scanned = scanned_path.trim_matches('/');
        let is_file = workspace.find(scanned).is_some();
        let base = if is_file { proofmark_source::parent_path(scanned) } else { scanned };
        let base = if base == "." { "" } else { base };
        Self { workspace, base, long_lines: Mutex::default() }
    }

    /// A file's path relative to the root of the workspace; `.` for the repository as a whole.
    #[must_use]
    pub fn root_path(&self, file: FileId) -> &'w str {
        let path = self.workspace.path(file);
        if path.is_empty() { "." } else { path }
    }

    /// A file's path relative to what was scanned; `.` for the repository as a whole.
    #[must_use]
    pub fn path(&self, file: FileId) -> Cow<'w, str> {
        let path = self.workspace.path(file);
        if path.is_empty() { Cow::Borrowed(".") } else { self.relative(path) }
    }

    /// A path (relative to the root) relative to what was scanned, with `../` where it lies outside.
    #[must_use]
    pub fn relative<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.base.is_empty() {
            return Cow::Borrowed(path);
        }
        let mut base = self.base.split('/').peekable();
        let mut rest = path;
        while let Some(part) = base.peek() {
            let Some(after) = rest.strip_prefix(part).and_then(|after| after.strip_prefix('/')) else {
                break;
            };
            rest = after;
            base.next();
        }
        let up = base.count();
        if up == 0 { Cow::Borrowed(rest) } else { Cow::Owned("../".repeat(up) + rest) }
    }

    /// The text of a file; empty where it cannot be read.
    #[must_use]
    pub fn text(&self, file: FileId) -> &'w str {
        self.workspace.load(file).unwrap_or("")
    }

    /// Whether the file's bytes begin with a byte order mark, which is no part of its text.
    #[must_use]
    pub fn has_byte_order_mark(&self, file: FileId) -> bool {
        let size = self.workspace.files().get(file.index()).map_or(0, |entry| entry.size_bytes);
        let text = self.text(file);
        !text.is_empty() && size == text.len() as u64 + 3
    }

    /// Lines and columns of a span.
    #[must_use]
    pub fn range(&self, span: Span) -> Range {
        let start = self.line_column(span.file, span.start);
        let end = if span.is_empty() { start } else { self.line_column(span.file, span.end) };
        Range { start, end }
    }

    fn line_column(&self, file: FileId, offset: u32) -> LineColumn {
        let text = self.text(file);
        let index = self.workspace.line_index(file);
        let offset = offset.min(u32::try_from(text.len()).unwrap_or(u32::MAX));
        let line = index.line_number(offset);
        let line_range = index.line_range(line, text).unwrap_or(0..0);
        if line_range.len() <= LONG_LINE_BYTES {
            return match text.get(line_range.start..offset as usize) {
                // Nearly all text is ASCII, where bytes, code points and units of UTF-16 are as many.
                Some(before) if before.is_ascii() => {
                    let column = u32::try_from(before.len() + 1).unwrap_or(u32::MAX);
                    LineColumn { line, column, column_utf16: column }
                }
                _ => index.line_column(offset, text),
            };
        }
        let mut cache = self.long_lines.lock().unwrap_or_else(PoisonError::into_inner);
        let marks = cache.entry((file, line)).or_insert_with(|| mark_line(text, line_range));
        let after = marks.partition_point(|mark| mark.offset <= offset as usize);
        let Some(mark) = after.checked_sub(1).and_then(|index| marks.get(index)) else {
            return index.line_column(offset, text);
        };
        let mut place = LineColumn { line, column: mark.column, column_utf16: mark.column_utf16 };
        let rest = text.get(mark.offset..).unwrap_or("");
        for (at, character) in rest.char_indices() {
            if mark.offset + at + character.len_utf8() > offset as usize {
                break;
            }
            place.column += 1;
            place.column_utf16 += u32::try_from(character.len_utf16()).unwrap_or(1);
        }
        place
    }
}

fn mark_line(text: &str, line: std::ops::Range<usize>) -> Vec<LineMark> {
    let start = line.start;
    let mut place = LineMark { offset: start, column: 1, column_utf16: 1 };
    let mut marks = vec![place];
    let mut next = start + MARK_BYTES;
    for (at, character) in text.get(line).unwrap_or("").char_indices() {
        place.offset = start + at;
        if place.offset >= next {
            marks.push(place);
            next = place.offset + MARK_BYTES;
        }
        place.column += 1;
        place.column_utf16 += u32::try_from(character.len_utf16()).unwrap_or(1);
    }
    marks
}

#[cfg(test)]
mod tests;

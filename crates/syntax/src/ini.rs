//! INI, as `configparser`, `.editorconfig` and their like write it.

use crate::keys::diagnose_duplicates;
use crate::tree::MAX_DIAGNOSTICS;
use crate::{Comment, Document, Entry, Node, NodeData, Parsed, Style};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use smol_str::SmolStr;

const SYNTAX: Code = Code("ini-syntax");
const DUPLICATE_KEY: Code = Code("ini-duplicate-key");

/// Parses INI `text` of `file`. Never fails: see [`Parsed::diagnostics`].
///
/// The document maps section names to their entries; entries before the first section stand beside the sections. Every
/// value is a text as written. Lines that are indented continue the value above them, joined by line breaks. Comments
/// take whole lines and begin with `#` or `;`.
#[must_use]
pub fn parse_ini(file: FileId, text: &str) -> Parsed {
    let mut builder = Builder { file, text, ..Builder::default() };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        builder.line(line, start);
        start += line.len();
    }
    builder.finish()
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    parsed: Parsed,
    /// Finished sections, and entries before the first.
    entries: Vec<Entry>,
    section: Option<Section>,
    /// The entry that an indented line would continue.
    pending: Option<Pending>,
    broken_at: Option<Span>,
}

struct Section {
    name: Node,
    start: usize,
    end: usize,
    entries: Vec<Entry>,
}

struct Pending {
    key: Node,
    value: String,
    /// The bytes of the value; an empty value stands behind the delimiter.
    start: usize,
    end: usize,
    is_continued: bool,
}

impl Default for Builder<'_> {
    fn default() -> Self {
        let file = FileId(0);
        let parsed = Parsed::default();
        Self { file, text: "", parsed, entries: Vec::new(), section: None, pending: None, broken_at: None }
    }
}

impl Builder<'_> {
    /// Takes the line that begins at byte `start`.
    fn line(&mut self, line: &str, start: usize) {
        let content = line.trim();
        let content_start = start + (line.len() - line.trim_start().len());
        let span = Span::new(self.file, content_start, content_start + content.len());
        if content.is_empty() {
            return;
        }
        if content.starts_with(['#', ';']) {
            let text = SmolStr::new(content.trim_start_matches(['#', ';']).trim());
            self.parsed.comments.push(Comment { text, span });
        } else if content_start > start && self.pending.is_some() {
            self.continuation(content, span);
        } else if content.starts_with('[') {
            self.header(content, span);
        } else if let Some(at) = content.find(['=', ':']) {
            self.entry(content, at, content_start);
        } else {
            self.wrong(span, format!("`{content}` is neither a section nor a key with a value"));
        }
    }

    fn continuation(&mut self, content: &str, span: Span) {
        let Some(pending) = &mut self.pending else { return };
        if pending.value.is_empty() && !pending.is_continued {
            pending.start = span.start as usize;
        } else {
            pending.value.push('\n');
        }
        pending.value.push_str(content);
        pending.end = span.end as usize;
        pending.is_continued = true;
    }

    fn header(&mut self, content: &str, span: Span) {
        self.close_entry();
        self.close_section();
        // `[*.{js,ts}]`, `[[x]]`: a name may hold brackets; what follows the last one is a comment or a mistake.
        let end = content.rfind(']');
        let name = content.get(1..end.unwrap_or(content.len())).unwrap_or("");
        let start = span.start as usize;
        let name_span = Span::new(self.file, start + 1, start + 1 + name.len());
        let name = Node::new(NodeData::String(SmolStr::new(name)), name_span);
        self.section = Some(Section { name, start, end: span.end as usize, entries: Vec::new() });
        if end.is_none() {
            self.wrong(span, "`[` is not closed".to_owned());
        }
    }

    fn entry(&mut self, content: &str, at: usize, start: usize) {
        self.close_entry();
        let (name, rest) = content.split_at(at);
        let name = name.trim_end();
        let written = rest.get(1..).unwrap_or("");
        let value = written.trim_start();
        let value_start = start + at + 1 + (written.len() - value.len());
        let key_span = Span::new(self.file, start, start + name.len());
        if name.is_empty() {
            let span = Span::new(self.file, start, start + content.len());
            return self.wrong(span, "a key is missing before the value".to_owned());
        }
        self.pending = Some(Pending {
            key: Node::new(NodeData::String(SmolStr::new(name)), key_span),
            value: value.to_owned(),
            start: value_start,
            end: value_start + value.len(),
            is_continued: false,
        });
    }

    fn close_entry(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let span = Span::new(self.file, pending.start, pending.end);
        let style = if pending.is_continued { Style::Block } else { Style::Plain };
        let value = Node { style, ..Node::new(NodeData::String(pending.value.into()), span) };
        let entry = Entry { key: pending.key, value };
        match &mut self.section {
            Some(section) => {
                section.end = pending.end;
                section.entries.push(entry);
            }
            None => self.entries.push(entry),
        }
    }

    fn close_section(&mut self) {
        let Some(section) = self.section.take() else { return };
        self.diagnose_duplicates(&section.entries);
        let span = Span::new(self.file, section.start, section.end);
        let value = Node::new(NodeData::Mapping(section.entries), span);
        self.entries.push(Entry { key: section.name, value });
    }

    fn diagnose_duplicates(&mut self, entries: &[Entry]) {
        let room = MAX_DIAGNOSTICS.saturating_sub(self.parsed.diagnostics.len());
        let diagnostics = diagnose_duplicates(entries, DUPLICATE_KEY, self.text);
        self.parsed.diagnostics.extend(diagnostics.into_iter().take(room));
    }

    fn wrong(&mut self, span: Span, message: String) {
        self.broken_at.get_or_insert(span);
        if self.parsed.diagnostics.len() < MAX_DIAGNOSTICS {
            self.parsed.diagnostics.push(Diagnostic::new(SYNTAX, Impact::Partial, span, message));
        }
    }

    fn finish(mut self) -> Parsed {
        self.close_entry();
        self.close_section();
        let entries = std::mem::take(&mut self.entries);
        self.diagnose_duplicates(&entries);
        let spans = entries.iter().map(|entry| entry.key.span.join(entry.value.span));
        match spans.reduce(Span::join) {
            Some(span) => {
                let root = Node::new(NodeData::Mapping(entries), span);
                self.parsed.documents.push(Document { root, span, broken_at: self.broken_at });
            }
            None => {
                for diagnostic in &mut self.parsed.diagnostics {
                    diagnostic.impact = Impact::Unread;
                }
            }
        }
        self.parsed
    }
}

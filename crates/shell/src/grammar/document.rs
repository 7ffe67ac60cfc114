//! Here-documents.

use super::Parser;
use crate::cursor::Cursor;
use crate::places::Places;
use crate::tree::Document;
use crate::word::{Part, PartKind, Quotes, Word};

/// A here-document whose text is still to come.
pub struct Awaited {
    /// Its index among the documents of the script.
    pub index: usize,
    /// The line that ends it.
    pub end_mark: String,
    /// Whether tabs at the start of its lines are taken off.
    pub strips_tabs: bool,
    /// Whether nothing in it is expanded.
    pub is_literal: bool,
}

impl Parser<'_> {
    /// Reads the texts of the here-documents that are awaited, which begin here.
    pub fn read_documents(&mut self) {
        for awaited in std::mem::take(&mut self.awaited) {
            let word = self.document(&awaited);
            if let Some(document) = self.documents.get_mut(awaited.index) {
                *document = Document { word };
            }
        }
    }

    fn document(&mut self, awaited: &Awaited) -> Word {
        let start = self.cursor.position;
        let mut text = String::new();
        let mut places = Places::default();
        let mut end = start;
        let mut is_closed = false;
        while !self.cursor.is_at_end() {
            let line = self.cursor.line();
            let line_at = self.cursor.position;
            self.cursor.position = (line_at + line.len() + 1).min(self.cursor.end);
            let kept = if awaited.strips_tabs { line.trim_start_matches('\t') } else { line };
            if kept.trim_end_matches('\r') == awaited.end_mark {
                is_closed = true;
                break;
            }
            end = self.cursor.position;
            let kept_at = line_at + line.len() - kept.len();
            places.add(text.len(), self.cursor.places.offset(kept_at), end - kept_at);
            text.push_str(self.cursor.text.get(kept_at..end).unwrap_or(kept));
        }
        if !is_closed {
            self.cursor.note("the here-document is never closed", start);
        }
        let range = self.cursor.places.outer(start..end);
        match awaited.is_literal {
            true => literal(text, range, &places),
            false => Word { range, ..self.expanded(&text, &places) },
        }
    }

    /// Reads a text in which only expansions mean something, as in double quotes.
    fn expanded(&mut self, text: &str, places: &Places) -> Word {
        let mut inner = Parser {
            cursor: Cursor::new(text, 0..text.len(), places),
            depth: self.depth,
            closers: Vec::new(),
            awaited: Vec::new(),
            documents: std::mem::take(&mut self.documents),
        };
        let word = inner.document_text();
        self.documents = inner.documents;
        self.cursor.oddities.append(&mut inner.cursor.oddities);
        word
    }
}

/// A text that stands for itself, but for template expressions.
fn literal(text: String, range: std::ops::Range<usize>, places: &Places) -> Word {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut add = |kind: PartKind, piece: std::ops::Range<usize>| {
        if !piece.is_empty() {
            let range = places.outer(piece.start..piece.end);
            parts.push(Part { kind, text: piece, range, quotes: Quotes::Verbatim });
        }
    };
    while let Some((found, end)) = next_template(&text, at) {
        add(PartKind::Literal, at..found);
        add(PartKind::Template, found..end);
        at = end;
    }
    add(PartKind::Literal, at..text.len());
    let has_expansion = parts.iter().any(|part| part.kind == PartKind::Template);
    Word { text, range, has_expansion, is_quoted: true, parts }
}

/// The next `${{ … }}` in `text` from byte `at` on.
fn next_template(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = at + text.get(at..)?.find("${{")?;
    let end = start + text.get(start..)?.find("}}")? + 2;
    Some((start, end))
}

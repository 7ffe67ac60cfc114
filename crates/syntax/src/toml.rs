//! TOML.

mod table;

use crate::tree::{MAX_DEPTH, MAX_DIAGNOSTICS};
use crate::{Comment, Document, Node, NodeData, Parsed, Style};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use smol_str::SmolStr;
use table::{Conflict, TableId, Tables};
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};
use toml_parser::{Expected, ParseError, Source};

const SYNTAX: Code = Code("toml-syntax");
const DUPLICATE_KEY: Code = Code("toml-duplicate-key");
const NESTING: Code = Code("toml-nesting");

/// Parses TOML `text` of `file`. Never fails: see [`Parsed::diagnostics`].
///
/// A line that is wrong hides no other; [`Document::broken_at`] then names the first such line. A table's span reaches
/// from its first header to the end of its last value, also over other tables between them. Dates stay texts.
#[must_use]
pub fn parse_toml(file: FileId, text: &str) -> Parsed {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut errors: Vec<ParseError> = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    let depth = u32::try_from(MAX_DEPTH).unwrap_or(u32::MAX);
    parse_document(&tokens, &mut RecursionGuard::new(&mut events, depth), &mut errors);

    let mut builder = Builder::new(file, text, source);
    for error in errors {
        builder.error(&error);
    }
    for event in events {
        builder.event(&event);
    }
    builder.finish()
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    source: Source<'t>,
    parsed: Parsed,
    broken_at: Option<Span>,
    tables: Tables,
    /// The table that the last header opened.
    current: TableId,
    /// The header that is being read: where it began, and whether it adds to a list of tables.
    header: Option<(usize, bool)>,
    /// The keys read since the last value.
    keys: Vec<Node>,
    /// Arrays and inline tables that are still open.
    stack: Vec<Frame>,
}

struct Frame {
    start: usize,
    items: Items,
}

enum Items {
    Array(Vec<Node>),
    /// An inline table, with the keys that lead to it from outside.
    Inline(TableId, Vec<Node>),
}

impl<'t> Builder<'t> {
    fn new(file: FileId, text: &'t str, source: Source<'t>) -> Self {
        let (tables, current) = Tables::new(file);
        let parsed = Parsed::default();
        let (keys, stack) = (Vec::new(), Vec::new());
        Self { file, text, source, parsed, broken_at: None, tables, current, header: None, keys, stack }
    }

    fn event(&mut self, event: &Event) {
        let span = Span::new(self.file, event.span().start(), event.span().end());
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                self.keys.clear();
                self.header = Some((event.span().start(), event.kind() == EventKind::ArrayTableOpen));
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => self.close_header(event.span().end()),
            EventKind::SimpleKey => self.key(event, span),
            EventKind::Scalar => {
                let node = self.scalar(event, span);
                self.complete(node);
            }
            EventKind::ArrayOpen => {
                self.stack.push(Frame { start: event.span().start(), items: Items::Array(Vec::new()) });
            }
            EventKind::InlineTableOpen => {
                let depth = self.depth();
                let items = Items::Inline(self.tables.add(span, depth), std::mem::take(&mut self.keys));
                self.stack.push(Frame { start: event.span().start(), items });
            }
            EventKind::ArrayClose | EventKind::InlineTableClose => self.close(event.span().end()),
            EventKind::Newline => {
                // A header that is not closed still names its table, so that the next keys do not land elsewhere.
                self.close_header(event.span().start());
                self.close_key(event.span().start());
            }
            EventKind::Comment => {
                let written = span.slice(self.text);
                let text = SmolStr::new(written.trim_start_matches('#').trim());
                self.parsed.comments.push(Comment { text, span });
            }
            EventKind::KeySep | EventKind::KeyValSep | EventKind::ValueSep => {}
            EventKind::Whitespace | EventKind::Error => {}
        }
    }

    fn key(&mut self, event: &Event, span: Span) {
        let mut name = String::new();
        let mut errors: Vec<ParseError> = Vec::new();
        if let Some(raw) = self.source.get(event) {
            raw.decode_key(&mut name, &mut errors);
        }
        for error in &errors {
            self.error(error);
        }
        let style = if event.encoding().is_some() { Style::Quoted } else { Style::Plain };
        self.keys.push(Node { style, ..Node::new(NodeData::String(name.into()), span) });
    }

    fn scalar(&mut self, event: &Event, span: Span) -> Node {
        let mut decoded = String::new();
        let mut errors: Vec<ParseError> = Vec::new();
        let kind = self.source.get(event).map(|raw| raw.decode_scalar(&mut decoded, &mut errors));
        for error in &errors {
            self.error(error);
        }
        let style = match event.encoding() {
            None => Style::Plain,
            Some(Encoding::LiteralString | Encoding::BasicString) => Style::Quoted,
            Some(Encoding::MlLiteralString | Encoding::MlBasicString) => Style::Block,
        };
        let data = match kind {
            Some(kind) if errors.is_empty() && span.start < span.end => value(kind, &decoded),
            // What stands there is wrong: nobody knows its value.
            _ => NodeData::Template(SmolStr::new(span.slice(self.text))),
        };
        Node { style, ..Node::new(data, span) }
    }

    fn close_header(&mut self, end: usize) {
        let Some((start, is_list)) = self.header.take() else { return };
        let keys = std::mem::take(&mut self.keys);
        if keys.is_empty() {
            return;
        }
        let span = Span::new(self.file, start, end);
        let root = self.tables.root();
        let opened = match is_list {
            true => self.tables.open_list(root, &keys, span),
            false => self.tables.open(root, &keys, span),
        };
        match opened {
            Ok(table) => self.current = table,
            Err(conflict) => {
                self.conflict(&keys, conflict);
                // The keys below belong to nothing that can be named.
                self.current = self.tables.add(span, 0);
            }
        }
    }

    /// A key whose line holds no value stays, with a value that nobody knows.
    fn close_key(&mut self, end: usize) {
        let is_named = self.keys.iter().any(|key| key.as_str().is_some_and(|name| !name.is_empty()));
        if !self.stack.is_empty() {
            return;
        }
        if is_named {
            self.complete(Node::unread(Span::new(self.file, end, end)));
        }
        self.keys.clear();
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.stack.pop() else { return };
        let span = Span::new(self.file, frame.start, end);
        let data = match frame.items {
            Items::Array(elements) => NodeData::Sequence(elements),
            Items::Inline(table, keys) => {
                self.keys = keys;
                self.tables.take(table).data
            }
        };
        self.complete(Node::new(data, span));
    }

    /// Puts a finished value where it belongs.
    fn complete(&mut self, node: Node) {
        let table = match self.stack.last_mut().map(|frame| &mut frame.items) {
            Some(Items::Array(elements)) => return elements.push(node),
            Some(Items::Inline(table, _)) => *table,
            None => self.current,
        };
        let keys = std::mem::take(&mut self.keys);
        if let Err(conflict) = self.tables.insert(table, &keys, node) {
            self.conflict(&keys, conflict);
        }
    }

    /// How many collections lie around the value that comes next.
    fn depth(&self) -> usize {
        let around =
            self.stack.iter().rev().take_while(|frame| matches!(frame.items, Items::Array(_))).count();
        let table = self.stack.iter().rev().find_map(|frame| match &frame.items {
            Items::Inline(table, _) => Some(*table),
            Items::Array(_) => None,
        });
        self.tables.depth(table.unwrap_or(self.current)) + self.keys.len() + around + 1
    }

    fn conflict(&mut self, keys: &[Node], conflict: Conflict) {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return };
        let span = first.span.join(last.span);
        let key = span.slice(self.text);
        let diagnostic = match conflict {
            Conflict::Duplicate => {
                let message = format!("the key `{key}` stands here a second time; the last one counts");
                Diagnostic::new(DUPLICATE_KEY, Impact::None, span, message)
            }
            Conflict::NotATable => {
                let message = format!("`{key}` needs a table where another value stands already");
                Diagnostic::new(SYNTAX, Impact::Partial, span, message)
            }
            Conflict::TooDeep => {
                let message = format!("tables nest deeper than {MAX_DEPTH} levels");
                Diagnostic::new(NESTING, Impact::Partial, span, message)
            }
        };
        self.push(diagnostic);
    }

    fn error(&mut self, error: &ParseError) {
        let place = error.unexpected().or(error.context());
        let (start, end) = place.map_or((0, 0), |place| (place.start(), place.end()));
        let span = Span::new(self.file, start, end);
        let mut message = error.description().to_owned();
        let expected: Vec<String> = error.expected().unwrap_or(&[]).iter().filter_map(describe).collect();
        if !expected.is_empty() {
            message.push_str(", expected ");
            message.push_str(&expected.join(" or "));
        }
        self.push(Diagnostic::new(SYNTAX, Impact::Partial, span, message));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if diagnostic.impact > Impact::None && self.broken_at.is_none_or(|first| diagnostic.span < first) {
            self.broken_at = Some(diagnostic.span);
        }
        if self.parsed.diagnostics.len() < MAX_DIAGNOSTICS {
            self.parsed.diagnostics.push(diagnostic);
        }
    }

    fn finish(mut self) -> Parsed {
        self.close_header(self.text.len());
        self.close_key(self.text.len());
        while !self.stack.is_empty() {
            self.close(self.text.trim_end().len());
        }
        let root = self.tables.root();
        let root = self.tables.take(root);
        self.parsed.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        if root.entries().is_empty() {
            for diagnostic in &mut self.parsed.diagnostics {
                diagnostic.impact = Impact::Unread;
            }
        } else {
            let span = root.span;
            self.parsed.documents.push(Document { root, span, broken_at: self.broken_at });
        }
        self.parsed
    }
}

fn describe(expected: &Expected) -> Option<String> {
    match expected {
        Expected::Literal(text) if *text == "\n" => Some("a line end".to_owned()),
        Expected::Literal(text) => Some(format!("`{text}`")),
        Expected::Description(text) => Some((*text).to_owned()),
        _ => None,
    }
}

fn value(kind: ScalarKind, decoded: &str) -> NodeData {
    let text = || NodeData::String(SmolStr::new(decoded));
    match kind {
        ScalarKind::String | ScalarKind::DateTime => text(),
        ScalarKind::Boolean(value) => NodeData::Bool(value),
        ScalarKind::Float => decoded.parse().map_or_else(|_| text(), NodeData::Float),
        ScalarKind::Integer(radix) => {
            i64::from_str_radix(decoded, radix.value()).map_or_else(|_| text(), NodeData::Integer)
        }
    }
}

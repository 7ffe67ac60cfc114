//! JSON, also with comments and trailing commas (JSONC), and with what JSON5 adds.

use crate::keys::diagnose_duplicates;
use crate::tree::{MAX_DEPTH, MAX_DIAGNOSTICS};
use crate::{Comment, Document, Entry, Node, NodeData, Parsed, Style};
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use smol_str::SmolStr;
use std::ops::Range;

const SYNTAX: Code = Code("json-syntax");
const DUPLICATE_KEY: Code = Code("json-duplicate-key");
const NESTING: Code = Code("json-nesting");

/// Parses JSON `text` of `file`. Never fails: see [`Parsed::diagnostics`].
///
/// What is wrong is skipped, and everything around it kept; [`Document::broken_at`] then names the first such place.
#[must_use]
pub fn parse_json(file: FileId, text: &str) -> Parsed {
    parse_json_part(file, text, 0..text.len())
}

/// Parses the JSON value that stands at the bytes `range` of the `text` of `file`, with spans of the whole text. For
/// texts that are too large to be a tree at once.
#[must_use]
pub fn parse_json_part(file: FileId, text: &str, range: Range<usize>) -> Parsed {
    let start = range.start;
    let part = text.get(range).unwrap_or("");
    let mut builder = Builder::new(file, text);
    let mut scanner = Scanner::new(part, &ScannerOptions::default());
    loop {
        let before = scanner.token_end();
        match scanner.scan() {
            Ok(Some(token)) => {
                let span = Span::new(file, start + scanner.token_start(), start + scanner.token_end());
                if builder.token(token, span).is_err() {
                    break;
                }
            }
            Ok(None) => break,
            Err(error) => {
                let range = error.range();
                let span = Span::new(file, start + range.start, start + range.end);
                builder.wrong(span, sentence(&error.kind().to_string()));
                // The scanner stays where it cannot go on.
                if scanner.token_end() == before || builder.errors >= MAX_DIAGNOSTICS {
                    break;
                }
            }
        }
    }
    builder.finish()
}

/// The parser's words in our form: lower case, except where a word is a name.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// Nothing behind this place can be read; the reason is among the diagnostics.
struct Abandoned;

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    parsed: Parsed,
    stack: Vec<Frame>,
    root: Option<Node>,
    broken_at: Option<Span>,
    errors: usize,
    /// Where the last token ended.
    end: usize,
}

/// An object or array that is still open.
struct Frame {
    start: usize,
    items: Items,
    /// Whether a value ended and no comma followed yet.
    needs_comma: bool,
}

enum Items {
    Array(Vec<Node>),
    Object { entries: Vec<Entry>, key: Option<Node>, has_colon: bool },
}

impl<'t> Builder<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        let parsed = Parsed::default();
        Self { file, text, parsed, stack: Vec::new(), root: None, broken_at: None, errors: 0, end: 0 }
    }

    fn token(&mut self, token: Token<'_>, span: Span) -> Result<(), Abandoned> {
        if let Token::CommentLine(text) | Token::CommentBlock(text) = token {
            self.parsed.comments.push(Comment { text: SmolStr::new(text.trim()), span });
            return Ok(());
        }
        if self.stack.is_empty() && self.root.is_some() {
            self.wrong(span, "only one value can stand in a JSON text".to_owned());
            return Err(Abandoned);
        }
        match token {
            Token::OpenBrace => {
                let items = Items::Object { entries: Vec::new(), key: None, has_colon: false };
                self.open(span, items)?;
            }
            Token::OpenBracket => self.open(span, Items::Array(Vec::new()))?,
            Token::CloseBrace | Token::CloseBracket => self.close_bracket(&token, span),
            Token::Comma => self.comma(span),
            Token::Colon => self.colon(span),
            token => self.scalar(token, span),
        }
        self.end = span.end as usize;
        if self.errors >= MAX_DIAGNOSTICS { Err(Abandoned) } else { Ok(()) }
    }

    fn open(&mut self, span: Span, items: Items) -> Result<(), Abandoned> {
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("collections nest deeper than {MAX_DEPTH} levels");
            self.parsed.diagnostics.push(Diagnostic::new(NESTING, Impact::Partial, span, message));
            self.broken_at.get_or_insert(span);
            return Err(Abandoned);
        }
        self.before_value(span);
        if self.awaits_key() {
            self.wrong(span, "a key is expected here".to_owned());
            self.complete(Node::unread(span));
        }
        self.stack.push(Frame { start: span.start as usize, items, needs_comma: false });
        Ok(())
    }

    fn close_bracket(&mut self, token: &Token<'_>, span: Span) {
        let is_brace = matches!(token, Token::CloseBrace);
        let matches = |frame: &Frame| matches!(frame.items, Items::Object { .. }) == is_brace;
        let Some(depth) = self.stack.iter().rposition(matches) else {
            return self.wrong(span, format!("`{}` closes nothing", token.as_str()));
        };
        while self.stack.len() > depth + 1 {
            self.wrong_unclosed();
            self.close(span.start as usize);
        }
        self.close(span.end as usize);
    }

    /// Closes the innermost collection at byte `end`.
    fn close(&mut self, end: usize) {
        self.drop_open_key();
        let Some(frame) = self.stack.pop() else { return };
        let data = match frame.items {
            Items::Array(elements) => NodeData::Sequence(elements),
            Items::Object { entries, .. } => {
                let room = MAX_DIAGNOSTICS.saturating_sub(self.parsed.diagnostics.len());
                let duplicates = diagnose_duplicates(&entries, DUPLICATE_KEY, self.text);
                self.parsed.diagnostics.extend(duplicates.into_iter().take(room));
                NodeData::Mapping(entries)
            }
        };
        self.complete(Node::new(data, Span::new(self.file, frame.start, end)));
    }

    fn comma(&mut self, span: Span) {
        self.drop_open_key();
        match self.stack.last_mut() {
            Some(frame) if frame.needs_comma => frame.needs_comma = false,
            _ => self.wrong(span, "a value is missing before this comma".to_owned()),
        }
    }

    fn colon(&mut self, span: Span) {
        match self.stack.last_mut().map(|frame| &mut frame.items) {
            Some(Items::Object { key: Some(_), has_colon, .. }) if !*has_colon => *has_colon = true,
            _ => self.wrong(span, "no key stands before this colon".to_owned()),
        }
    }

    fn scalar(&mut self, token: Token<'_>, span: Span) {
        self.before_value(span);
        let (data, style) = match token {
            Token::String(text) => (NodeData::String(SmolStr::new(&text)), Style::Quoted),
            // JSON5 keys stand without quotes.
            token if self.awaits_key() => (NodeData::String(SmolStr::new(token.as_str())), Style::Plain),
            Token::Boolean(value) => (NodeData::Bool(value), Style::Plain),
            Token::Null => (NodeData::Null, Style::Plain),
            Token::Number(text) => (number(text), Style::Plain),
            token => {
                self.wrong(span, format!("`{}` is no value", token.as_str()));
                (NodeData::Template(SmolStr::new(token.as_str())), Style::Plain)
            }
        };
        self.complete(Node { style, ..Node::new(data, span) });
    }

    /// Tells of a missing comma or colon before a value or key, and goes on as if it stood there.
    fn before_value(&mut self, span: Span) {
        let Some(frame) = self.stack.last_mut() else { return };
        let is_missing_comma = std::mem::take(&mut frame.needs_comma);
        let is_missing_colon = match &mut frame.items {
            Items::Object { key: Some(_), has_colon, .. } => !std::mem::replace(has_colon, true),
            _ => false,
        };
        if is_missing_comma {
            self.wrong(span, "a comma is missing before this".to_owned());
        } else if is_missing_colon {
            self.wrong(span, "a colon is missing before this".to_owned());
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.stack.last().map(|frame| &frame.items), Some(Items::Object { key: None, .. }))
    }

    /// Puts a finished node where it belongs.
    fn complete(&mut self, node: Node) {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut frame.items {
            Items::Array(elements) => elements.push(node),
            Items::Object { entries, key, has_colon } => match key.take() {
                Some(key) => {
                    *has_colon = false;
                    entries.push(Entry { key, value: node });
                }
                None => {
                    *key = Some(node);
                    return;
                }
            },
        }
        frame.needs_comma = true;
    }

    /// A key without a value stays, with a value that nobody knows.
    fn drop_open_key(&mut self) {
        let Some(Items::Object { key: Some(key), .. }) = self.stack.last().map(|frame| &frame.items) else {
            return;
        };
        let (span, end) = (key.span, self.end);
        self.wrong(span, "a value is missing for this key".to_owned());
        self.complete(Node::unread(Span::new(self.file, end, end)));
    }

    fn wrong_unclosed(&mut self) {
        let Some(frame) = self.stack.last() else { return };
        let span = Span::new(self.file, frame.start, frame.start + 1);
        let bracket = span.slice(self.text).to_owned();
        self.wrong(span, format!("`{bracket}` is not closed"));
    }

    fn wrong(&mut self, span: Span, message: String) {
        self.errors += 1;
        self.broken_at.get_or_insert(span);
        if self.parsed.diagnostics.len() < MAX_DIAGNOSTICS {
            self.parsed.diagnostics.push(Diagnostic::new(SYNTAX, Impact::Partial, span, message));
        }
    }

    fn finish(mut self) -> Parsed {
        if let (Some(_), None) = (self.stack.last(), self.broken_at) {
            self.wrong_unclosed();
        }
        let end = Span::new(self.file, self.end, self.end);
        while !self.stack.is_empty() {
            self.drop_open_key();
            match self.stack.last_mut().map(|frame| &mut frame.items) {
                Some(Items::Array(elements)) => elements.push(Node::unread(end)),
                Some(Items::Object { entries, .. }) => entries.push(Entry::unread(end)),
                None => {}
            }
            self.close(self.end);
        }
        match self.root.take() {
            Some(root) if !root.is_unread() || root.entries().len() + root.elements().len() == 0 => {
                let span = root.span;
                self.parsed.documents.push(Document { root, span, broken_at: self.broken_at });
            }
            _ => {
                if self.parsed.diagnostics.is_empty() {
                    self.wrong(Span::file_start(self.file), "no JSON value stands here".to_owned());
                }
                for diagnostic in &mut self.parsed.diagnostics {
                    diagnostic.impact = Impact::Unread;
                }
            }
        }
        self.parsed
    }
}

/// A number as JSON5 writes it: whole where it fits, else the nearest float.
fn number(text: &str) -> NodeData {
    if let Ok(value) = text.parse() {
        return NodeData::Integer(value);
    }
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if let Some(hexadecimal) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        return match i64::from_str_radix(hexadecimal, 16) {
            Ok(value) => NodeData::Integer(if is_negative { -value } else { value }),
            Err(_) => NodeData::Float(if is_negative { f64::NEG_INFINITY } else { f64::INFINITY }),
        };
    }
    let value: f64 = digits.parse().unwrap_or(f64::NAN);
    NodeData::Float(if is_negative { -value } else { value })
}

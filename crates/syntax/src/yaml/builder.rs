//! From events to the tree.

use super::anchor::{AliasError, Anchors};
use super::merge::{is_merge_key, merge};
use crate::keys::diagnose_duplicates;
use crate::tree::{MAX_DEPTH, MAX_DIAGNOSTICS};
use crate::{Comment, Document, Entry, Node, NodeData, Parsed, Style, YamlDialect};
use granit_parser::{ErrorKind, Event, ScalarStyle, StructureStyle, Tag};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::ops::Range;

const SYNTAX: Code = Code("yaml-syntax");
pub(super) const DUPLICATE_KEY: Code = Code("yaml-duplicate-key");
const NESTING: Code = Code("yaml-nesting");
const ALIAS: Code = Code("yaml-alias");
const ALIAS_LIMIT: Code = Code("yaml-alias-limit");
const MERGE: Code = Code("yaml-merge");

/// The document cannot be read any further; the reason is among the diagnostics.
pub(super) struct Abandoned;

/// Collects events into documents.
pub(super) struct Builder<'t> {
    file: FileId,
    text: &'t str,
    dialect: YamlDialect,
    parsed: Parsed,
    anchors: Anchors,
    stack: Vec<Frame>,
    root: Option<Node>,
    is_in_document: bool,
    document_start: usize,
    /// Where the last node ended: block scalars look for their header behind it.
    content_end: usize,
}

/// A node as the parser tells of it.
struct Told<'e> {
    /// What the parser takes for its place.
    range: Range<usize>,
    /// Its explicit tag as written.
    tag: Option<&'e str>,
    /// The number of its anchor; 0 where it has none.
    anchor: usize,
}

/// A collection that is still open.
struct Frame {
    start: usize,
    tag: Option<SmolStr>,
    anchor: usize,
    is_block: bool,
    items: Items,
}

enum Items {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, key: Option<Node>, has_merge: bool },
}

impl Items {
    /// Ends a collection that an error cuts short at `end` with an entry or element that nobody knows.
    fn cut(&mut self, end: Span) {
        match self {
            Self::Sequence(elements) => elements.push(Node::unread(end)),
            Self::Mapping { entries, key, .. } => {
                let open = key.take().map(|key| Entry { key, value: Node::unread(end) });
                entries.extend(open);
                entries.push(Entry::unread(end));
            }
        }
    }
}

impl<'t> Builder<'t> {
    pub(super) fn new(file: FileId, text: &'t str, dialect: YamlDialect) -> Self {
        Self {
            file,
            text,
            dialect,
            parsed: Parsed::default(),
            anchors: Anchors::default(),
            stack: Vec::new(),
            root: None,
            is_in_document: false,
            document_start: 0,
            content_end: 0,
        }
    }

    /// Takes the next event, which covers `range`, with its explicit tag as written.
    pub(super) fn event(
        &mut self,
        event: Event<'_>,
        range: Range<usize>,
        tag: Option<&str>,
    ) -> Result<(), Abandoned> {
        match event {
            Event::DocumentStart(..) => {
                self.is_in_document = true;
                self.document_start = range.start;
                self.content_end = range.end;
            }
            Event::DocumentEnd => self.close_document(None),
            Event::Comment(text, _) => {
                let comment = Comment { text: SmolStr::new(text.trim()), span: self.span(range) };
                self.parsed.comments.push(comment);
            }
            Event::Scalar(text, style, anchor, resolved) => {
                self.scalar(Told { range, tag, anchor }, style, text, resolved.as_deref());
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Told { range, tag, anchor }, style, Items::Sequence(Vec::new()))?;
            }
            Event::MappingStart(style, anchor, _) => {
                let items = Items::Mapping { entries: Vec::new(), key: None, has_merge: false };
                self.open(Told { range, tag, anchor }, style, items)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => {
                let message = format!("the alias `*{name}` has no anchor before it");
                self.diagnose_partial(ALIAS, &range, message);
                self.template(&range);
            }
            _ => {}
        }
        Ok(())
    }

    /// Ends the document at an error.
    pub(super) fn syntax_error(&mut self, offset: usize, kind: &ErrorKind) {
        let end = self
            .text
            .get(offset..)
            .and_then(|rest| rest.chars().next())
            .map_or(offset, |c| if c == '\n' || c == '\r' { offset } else { offset + c.len_utf8() });
        if matches!(kind, ErrorKind::RecursionLimitExceeded) {
            self.diagnose_partial(NESTING, &(offset..end), nesting_message());
        } else {
            self.diagnose_partial(SYNTAX, &(offset..end), kind.to_string());
        }
        self.close_document(Some(self.span(offset..end)));
    }

    /// What was read.
    pub(super) fn finish(mut self) -> Parsed {
        self.close_document(None);
        let mut parsed = self.parsed;
        if parsed.documents.is_empty() {
            for diagnostic in &mut parsed.diagnostics {
                if diagnostic.impact == Impact::Partial {
                    diagnostic.impact = Impact::Unread;
                }
            }
        }
        parsed
    }

    fn open(&mut self, told: Told<'_>, style: StructureStyle, items: Items) -> Result<(), Abandoned> {
        let Told { range, tag, anchor } = told;
        if self.stack.len() >= MAX_DEPTH {
            self.diagnose_partial(NESTING, &range, nesting_message());
            self.close_document(Some(self.span(range)));
            return Err(Abandoned);
        }
        let is_block = style == StructureStyle::Block;
        let is_sequence = matches!(items, Items::Sequence(_));
        let start = if is_block && is_sequence { self.first_dash(range.start) } else { range.start };
        self.content_end = range.end;
        self.stack.push(Frame { start, tag: tag.map(SmolStr::new), anchor, is_block, items });
        Ok(())
    }

    /// The dash of a block sequence's first element. The parser places a sequence that is not indented below its key
    /// behind that dash.
    fn first_dash(&self, start: usize) -> usize {
        if !self.awaits_value() {
            return start;
        }
        let mut rest = self.text.get(self.content_end..start).unwrap_or("");
        loop {
            rest = rest.trim_start_matches(|c: char| c == ':' || c.is_whitespace());
            match rest.as_bytes().first() {
                Some(b'-') => return start - rest.len(),
                Some(b'#') => rest = rest.trim_start_matches(|c| c != '\n'),
                Some(b'!' | b'&') => rest = rest.trim_start_matches(|c: char| !c.is_whitespace()),
                _ => return start,
            }
        }
    }

    /// Whether the innermost collection is a mapping with a key that has no value yet.
    fn awaits_value(&self) -> bool {
        matches!(self.stack.last().map(|frame| &frame.items), Some(Items::Mapping { key: Some(_), .. }))
    }

    /// Closes the innermost collection; only brackets have an end of their own.
    fn close(&mut self, end: usize) {
        let Some(frame) = self.stack.pop() else { return };
        if !frame.is_block {
            self.content_end = end;
        }
        let span = self.span(frame.start..self.content_end);
        let data = match frame.items {
            Items::Sequence(elements) => NodeData::Sequence(elements),
            Items::Mapping { entries, has_merge, .. } => {
                for diagnostic in diagnose_duplicates(&entries, DUPLICATE_KEY, self.text) {
                    self.push(diagnostic);
                }
                NodeData::Mapping(if has_merge { self.merged(entries) } else { entries })
            }
        };
        let node = Node { data, span, tag: frame.tag, style: Style::Plain, included_at: None };
        self.complete(node, frame.anchor);
    }

    /// Puts a finished node where it belongs.
    fn complete(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            self.anchors.define(anchor, &node);
        }
        match self.stack.last_mut().map(|frame| &mut frame.items) {
            Some(Items::Sequence(elements)) => elements.push(node),
            Some(Items::Mapping { entries, key, has_merge }) => match key.take() {
                Some(key) => {
                    *has_merge |= is_merge_key(&key);
                    entries.push(Entry { key, value: node });
                }
                None => *key = Some(node),
            },
            None => self.root = Some(node),
        }
    }

    fn scalar(&mut self, told: Told<'_>, style: ScalarStyle, text: Cow<'_, str>, resolved: Option<&Tag>) {
        let Told { range, tag, anchor } = told;
        let (range, style) = match style {
            ScalarStyle::Plain if range.is_empty() => (self.empty_place(range.start), Style::Plain),
            ScalarStyle::Plain => (range, Style::Plain),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (range, Style::Quoted),
            ScalarStyle::Literal | ScalarStyle::Folded => (self.block_range(range), Style::Block),
        };
        self.content_end = range.end;
        // The parser gives `~` for a value that is not there.
        let text = if range.is_empty() { Cow::Borrowed("") } else { text };
        let data = match resolved {
            None if style == Style::Plain => self.dialect.resolve(&text),
            Some(tag) if tag.core_suffix().is_some() => {
                self.dialect.resolve_tagged(tag.core_suffix().unwrap_or_default(), &text)
            }
            // An own tag without a value, such as `!reset`, is nothing rather than an empty text.
            Some(_) if range.is_empty() => NodeData::Null,
            _ => NodeData::String(SmolStr::new(&text)),
        };
        let span = self.span(range);
        self.complete(Node { data, span, tag: tag.map(SmolStr::new), style, included_at: None }, anchor);
    }

    /// The place of a value that is not written: behind the colon of its key.
    fn empty_place(&self, at: usize) -> Range<usize> {
        let rest = self.text.get(at..).unwrap_or("");
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let has_colon = self.awaits_value() && rest.get(blank..).is_some_and(|rest| rest.starts_with(':'));
        let place = if has_colon { at + blank + 1 } else { at };
        place..place
    }

    /// A block scalar from its `|` or `>` to the end of its last line that is not blank. The parser's range begins
    /// behind the indentation of the first line and ends before the next token.
    fn block_range(&self, range: Range<usize>) -> Range<usize> {
        let before = self.text.get(self.content_end..range.start).unwrap_or("");
        let header =
            before.match_indices(['|', '>']).map(|(at, _)| at).find(|&at| is_block_header(before, at));
        let start = header.map_or(range.start, |at| self.content_end + at);
        let written = self.text.get(start..range.end).unwrap_or("");
        start..start + written.trim_end().len().max(1).min(written.len())
    }

    fn alias(&mut self, id: usize, range: Range<usize>) {
        let span = self.span(range.start..range.end);
        let name = span.slice(self.text);
        match self.anchors.resolve(id, self.stack.len()) {
            Ok(mut node) => {
                self.content_end = range.end;
                node.included_at = Some(span);
                self.complete(node, 0);
            }
            Err(AliasError::Unknown) => {
                let message = format!("the alias `{name}` stands inside its own anchor");
                self.diagnose_partial(ALIAS, &range, message);
                self.template(&range);
            }
            Err(AliasError::Limit) => {
                let message =
                    format!("the alias `{name}` is not followed: aliases copy too much in this file");
                self.diagnose_partial(ALIAS_LIMIT, &range, message);
                self.template(&range);
            }
        }
    }

    /// A place whose value cannot be known.
    fn template(&mut self, range: &Range<usize>) {
        self.content_end = range.end;
        let span = self.span(range.start..range.end);
        let text = SmolStr::new(span.slice(self.text));
        self.complete(Node::new(NodeData::Template(text), span), 0);
    }

    /// Closes what is open and keeps the document, unless nothing of it was read.
    fn close_document(&mut self, broken_at: Option<Span>) {
        let end = self.span(self.content_end..self.content_end);
        while let Some(frame) = self.stack.last_mut() {
            if broken_at.is_some() {
                frame.items.cut(end);
            }
            self.close(self.content_end);
        }
        let start = std::mem::take(&mut self.document_start);
        self.anchors.clear();
        let is_in_document = std::mem::take(&mut self.is_in_document);
        let Some(root) = self.root.take() else { return };
        if !is_in_document || (broken_at.is_some() && root.is_unread()) {
            return;
        }
        let span = self.span(start..self.content_end);
        self.parsed.documents.push(Document { root, span, broken_at });
    }

    fn merged(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let (merged, refused) = merge(entries);
        for span in refused {
            let message = "the merge key `<<` holds neither a mapping nor a list of mappings".to_owned();
            self.push(Diagnostic::new(MERGE, Impact::None, span, message));
        }
        merged
    }

    fn diagnose_partial(&mut self, code: Code, range: &Range<usize>, message: String) {
        let span = self.span(range.start..range.end);
        self.push(Diagnostic::new(code, Impact::Partial, span, message));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        if self.parsed.diagnostics.len() < MAX_DIAGNOSTICS {
            self.parsed.diagnostics.push(diagnostic);
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}

fn nesting_message() -> String {
    format!("collections nest deeper than {MAX_DEPTH} levels")
}

/// Whether the `|` or `>` at byte `at` of `before` opens a block scalar: indicators, then a comment or the line's end.
fn is_block_header(before: &str, at: usize) -> bool {
    let is_separate = before
        .get(..at)
        .is_some_and(|left| left.is_empty() || left.ends_with([' ', '\t', '\n', ':', '-', '?']));
    let line = before.get(at + 1..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let rest = line.trim_start_matches(|c: char| c == '+' || c == '-' || c.is_ascii_digit());
    is_separate
        && (rest.trim().is_empty() || (rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#')))
}

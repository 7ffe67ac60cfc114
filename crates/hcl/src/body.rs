//! Bodies: attributes and blocks, and the way on behind what is broken.

use crate::cursor::{Broken, Cursor, MAX_NESTING, Read};
use crate::parse::SpanMap;
use crate::skip::looks_like_item;
use crate::{Attribute, Block, Body, Expr, ExprKind, Label};
use proofmark_source::{Diagnostic, Span};
use smol_str::SmolStr;
use std::ops::Range;

/// What is told of one broken file; more helps nobody.
const MAX_DIAGNOSTICS: usize = 50;

/// A file, parsed as far as it can be.
pub(crate) struct RawParsed {
    pub body: Body,
    pub comments: Vec<Range<usize>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file item by item, so that one that is broken hides no other.
pub(crate) struct BodyParser<'t> {
    pub cursor: Cursor<'t>,
    /// Whether indentation may tell that a bracket was never closed: right for text that is known to be broken, wrong for
    /// unindented text that is not.
    pub guesses: bool,
    diagnostics: Vec<Diagnostic>,
    depth: u32,
}

/// A name that begins an attribute or a block.
struct Name {
    text: SmolStr,
    span: Span,
    indent: usize,
}

/// The block around a body.
struct Outer {
    /// The column of its header, in bytes.
    indent: usize,
    header: Span,
    /// Where its body begins.
    open: usize,
}

impl<'t> BodyParser<'t> {
    pub fn new(text: &'t str, map: SpanMap, guesses: bool) -> Self {
        Self { cursor: Cursor::new(text, map), guesses, diagnostics: Vec::new(), depth: 0 }
    }

    pub fn parse(mut self) -> RawParsed {
        self.cursor.eat("\u{feff}");
        let body = self.body(None);
        if let Some(open) = self.cursor.comments.last().filter(|_| self.cursor.is_comment_open) {
            let span = self.cursor.map.span(open.start..open.start + 2);
            self.report(self.cursor.broken_at(span, "no `*/` ends this comment"));
        }
        RawParsed { body, comments: self.cursor.comments, diagnostics: self.diagnostics }
    }

    fn report(&mut self, broken: Broken) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(*broken.0);
        }
    }

    /// The items up to the end of the text or of the block, whose brace is stepped over.
    fn body(&mut self, outer: Option<&Outer>) -> Body {
        let mut body = Body::default();
        let mut is_indented = None;
        loop {
            self.cursor.blank();
            let start = self.cursor.at;
            let indent = self.indent(start);
            let is_unclosed = match outer {
                Some(outer) => {
                    let is_indented = *is_indented.get_or_insert(indent > outer.indent);
                    let is_outside = self.guesses && is_indented && indent <= outer.indent;
                    self.cursor.is_at_end() || (is_outside && looks_like_item(self.cursor.rest(), true))
                }
                None => false,
            };
            if let Some(outer) = outer.filter(|_| is_unclosed) {
                self.report(self.cursor.broken_at(outer.header, "no `}` ends this block"));
                return body;
            }
            if self.cursor.is_at_end() {
                return body;
            }
            if self.cursor.eat("}") {
                if outer.is_some() {
                    return body;
                }
                self.report(self.cursor.broken_at(self.cursor.span_from(start), "this `}` ends nothing"));
                continue;
            }
            if let Err(broken) = self.item(&mut body, outer) {
                self.report(broken);
                self.skip_item(start, indent);
            }
        }
    }

    /// The bytes that stand before this place in its line.
    fn indent(&self, at: usize) -> usize {
        let before = self.cursor.text.get(..at).unwrap_or("");
        before.len() - before.rfind('\n').map_or(0, |end| end + 1)
    }

    fn item(&mut self, body: &mut Body, outer: Option<&Outer>) -> Read<()> {
        let start = self.cursor.at;
        let indent = self.indent(start);
        let Some(text) = self.cursor.identifier() else {
            let message = match self.cursor.byte(0) {
                b'"' => String::from("the name of an attribute stands without quotes"),
                _ => format!("an attribute or a block must begin here, not {}", self.cursor.found()),
            };
            return Err(self.cursor.broken(message));
        };
        let name = Name { text, span: self.cursor.span_from(start), indent };
        let is_one_line =
            outer.is_some_and(|outer| !self.cursor.text.get(outer.open..start).unwrap_or("").contains('\n'));
        self.cursor.space();
        if self.cursor.byte(0) != b'=' || self.cursor.byte(1) == b'=' {
            if is_one_line {
                let message = "a block inside of a block stands in a line of its own";
                self.report(self.cursor.broken_at(name.span, message));
            }
            let block = self.block(name)?;
            body.blocks.push(block);
            return Ok(());
        }
        self.cursor.at += 1;
        let value = self.value(outer, is_one_line);
        let (value, result) = match value {
            Ok(value) => (value, Ok(())),
            // The attribute is there all the same, and must not count as missing.
            Err(broken) => {
                let span = broken.0.span;
                (Expr { kind: ExprKind::Unreadable, span }, Err(broken))
            }
        };
        let span = name.span.join(value.span);
        body.attributes.push(Attribute { name: name.text, name_span: name.span, value, span });
        result
    }

    fn value(&mut self, outer: Option<&Outer>, is_one_line: bool) -> Read<Expr> {
        let value = self.cursor.within(false, Cursor::expression)?;
        self.end_attribute(outer, is_one_line)?;
        Ok(value)
    }

    /// What stands behind an attribute: the end of the line, or of a block in one line.
    fn end_attribute(&mut self, outer: Option<&Outer>, is_one_line: bool) -> Read<()> {
        self.cursor.space();
        let is_ended = self.cursor.newline_length() > 0 || self.cursor.is_at_end();
        let is_closed = self.cursor.byte(0) == b'}' && outer.is_some();
        if !is_ended && !is_closed {
            let found = self.cursor.found();
            let message = format!("the value ends before {found}; a newline must stand here");
            return Err(self.cursor.broken(message));
        }
        // The value is whole all the same.
        if is_closed && !is_one_line {
            self.report(self.cursor.broken("a newline must stand between the last attribute and `}`"));
        } else if is_ended && is_one_line {
            self.report(
                self.cursor
                    .broken("`}` must end the block in the line where it begins, as its attribute does"),
            );
        }
        Ok(())
    }

    fn block(&mut self, name: Name) -> Read<Block> {
        let mut labels = Vec::new();
        let mut header = name.span;
        loop {
            self.cursor.space();
            let start = self.cursor.at;
            let text = match self.cursor.byte(0) {
                b'{' => break,
                b'"' => Some(self.cursor.quoted_label()?),
                _ => self.cursor.identifier(),
            };
            let Some(text) = text else { return Err(self.no_block(&name.text, labels.is_empty())) };
            let span = self.cursor.span_from(start);
            header = header.join(span);
            labels.push(Label { text, span });
        }
        if self.depth >= MAX_NESTING {
            return Err(self.cursor.too_deep());
        }
        self.cursor.at += 1;
        self.depth += 1;
        let body = self.body(Some(&Outer { indent: name.indent, header, open: self.cursor.at }));
        self.depth -= 1;
        let written = self.cursor.text.get(..self.cursor.at).unwrap_or("").trim_end().len();
        let span = name.span.join(self.cursor.map.span(written..written));
        self.cursor.space();
        let is_ended = self.cursor.newline_length() > 0 || self.cursor.is_at_end();
        if !is_ended && self.cursor.byte(0) != b'}' && written == self.cursor.at {
            self.report(self.cursor.broken("a newline must stand behind the block"));
        }
        Ok(Block { kind: name.text, labels, header, body, span })
    }

    /// What follows a name is neither `=` nor a block.
    fn no_block(&self, name: &SmolStr, is_bare: bool) -> Broken {
        let found = self.cursor.found();
        if is_bare {
            let message = format!("`=` and a value, or `{{` and a block, must follow `{name}`, not {found}");
            return self.cursor.broken(message);
        }
        self.cursor.broken(format!("`{{` must open the block `{name}` here, not {found}"))
    }
}

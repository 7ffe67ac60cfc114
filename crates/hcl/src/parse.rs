//! Text to tree, with recovery.

use crate::body::BodyParser;
use crate::cursor::Cursor;
use crate::{Body, Comment, Expr, Parsed, TemplatePart};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::ops::Range;

/// The text is not HCL.
pub const SYNTAX: Code = Code("hcl-syntax");
/// An attribute is defined twice in one body; the last one counts.
pub const DUPLICATE_ATTRIBUTE: Code = Code("hcl-duplicate-attribute");
/// Brackets are nested too deeply.
pub const NESTING_LIMIT: Code = Code("hcl-nesting-limit");

/// Where parsed text stands.
#[derive(Clone, Copy, Debug)]
pub enum SpanMap {
    /// In this file, from this byte on.
    Offset(FileId, usize),
    /// Inside this span, at offsets that are not known (a decoded string of another format): every node gets the span.
    Fixed(Span),
}

impl SpanMap {
    pub(crate) fn span(self, range: Range<usize>) -> Span {
        match self {
            Self::Offset(file, offset) => Span::new(file, range.start + offset, range.end + offset),
            Self::Fixed(span) => span,
        }
    }
}

/// Parses the text of a file.
///
/// Follows the HCL native syntax specification, as Terraform reads it. Never fails: what cannot be read is reported with
/// [`Impact::Partial`] and left out; what stands beside it, in the same block too, is read.
#[must_use]
pub fn parse_body(file: FileId, text: &str) -> Parsed {
    let map = SpanMap::Offset(file, 0);
    let mut parsed = BodyParser::new(text, map, false).parse();
    // Only text that is known to be broken is read with guesses where its brackets end.
    if !parsed.diagnostics.is_empty() {
        parsed = BodyParser::new(text, map, true).parse();
    }
    let mut body = parsed.body;
    let mut diagnostics = parsed.diagnostics;
    keep_last(&mut body, &mut diagnostics);
    let comments = parsed.comments.iter().map(|range| comment(text, file, range)).collect();
    Parsed { body, comments, diagnostics }
}

/// Parses one expression.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_expression(text: &str, map: SpanMap) -> Result<Expr, Diagnostic> {
    let mut cursor = Cursor::new(text, map);
    cursor.blank();
    let result = cursor.expression().and_then(|expr| {
        cursor.blank();
        if cursor.is_at_end() {
            return Ok(expr);
        }
        Err(cursor.broken(format!("the expression must end here, not go on with {}", cursor.found())))
    });
    result.map_err(|broken| *broken.0)
}

/// Parses the content of a template: text with `${ … }` and `%{ … }`.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_template(text: &str, map: SpanMap) -> Result<Vec<TemplatePart>, Diagnostic> {
    Cursor::new(text, map).template().map_err(|broken| *broken.0)
}

fn keep_last(body: &mut Body, diagnostics: &mut Vec<Diagnostic>) {
    let mut kept = Vec::with_capacity(body.attributes.len());
    let mut names = BTreeMap::<SmolStr, usize>::new();
    for attribute in std::mem::take(&mut body.attributes) {
        let Some(&index) = names.get(&attribute.name) else {
            names.insert(SmolStr::clone(&attribute.name), kept.len());
            kept.push(attribute);
            continue;
        };
        let message = format!("`{}` is defined twice here; the last definition counts", attribute.name);
        diagnostics.push(Diagnostic::new(DUPLICATE_ATTRIBUTE, Impact::None, attribute.name_span, message));
        if let Some(slot) = kept.get_mut(index) {
            *slot = attribute;
        }
    }
    body.attributes = kept;
    for block in &mut body.blocks {
        keep_last(&mut block.body, diagnostics);
    }
}

fn comment(text: &str, file: FileId, range: &Range<usize>) -> Comment {
    let written = text.get(range.start..range.end).unwrap_or("");
    let inner = match written.strip_prefix("/*") {
        Some(block) => block.strip_suffix("*/").unwrap_or(block),
        None => written.trim_start_matches(['#', '/']),
    };
    Comment { text: SmolStr::new(inner.trim()), span: Span::new(file, range.start, range.end) }
}

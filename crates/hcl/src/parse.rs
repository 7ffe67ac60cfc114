//! Text to tree, with recovery.

use crate::convert::Converter;
use crate::scan::{MAX_NESTING, Scan, scan};
use crate::{Attribute, Body, Comment, Expr, Parsed, TemplatePart};
use hcl_edit::parser;
use hcl_edit::structure::Body as RawBody;
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use smol_str::SmolStr;
use std::ops::Range;

/// The text is not HCL.
pub const SYNTAX: Code = Code("hcl-syntax");
/// An attribute is defined twice in one body; the last one counts.
pub const DUPLICATE_ATTRIBUTE: Code = Code("hcl-duplicate-attribute");
/// Brackets are nested too deeply.
pub const NESTING_LIMIT: Code = Code("hcl-nesting-limit");

/// How many repeated names are put aside in one item before it is given up.
const MAX_DUPLICATES: usize = 64;

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
/// Follows the HCL native syntax specification, as Terraform reads it. Never fails: an item that cannot be read is
/// reported with [`Impact::Partial`] and left out.
#[must_use]
pub fn parse_body(file: FileId, text: &str) -> Parsed {
    let seen = scan(text, false);
    let mut parser = BodyParser { text, file, body: Body::default(), diagnostics: Vec::new() };
    let whole = 0..text.len();
    if seen.too_deep.is_none() && parser.parse_range(whole, &seen).is_ok() {
        parser.check_duplicates();
    } else {
        parser.parse_items(&seen);
    }
    let comments = seen.comments.iter().map(|range| comment(text, file, range)).collect();
    Parsed { body: parser.body, comments, diagnostics: parser.diagnostics }
}

/// Parses one expression.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_expression(text: &str, map: SpanMap) -> Result<Expr, Diagnostic> {
    let seen = scan(text, false);
    if let Some(at) = seen.too_deep {
        return Err(nesting_diagnostic(map.span(at..at + 1)));
    }
    // Leading space is not part of an expression to `hcl-edit`; it counts for the offsets all the same.
    let start = text.len() - text.trim_start().len();
    let map_inner = match map {
        SpanMap::Offset(file, offset) => SpanMap::Offset(file, offset + start),
        fixed @ SpanMap::Fixed(_) => fixed,
    };
    let trimmed = text.trim();
    parser::parse_expr(trimmed)
        .or_else(|error| {
            let masked = masked_text(text, &(0..text.len()), &seen.soft);
            parser::parse_expr(masked.trim()).map_err(|_| error)
        })
        .map(|expr| Converter { text: trimmed, map: map_inner, indent: 0 }.expr(&expr))
        .map_err(|error| syntax_diagnostic(&error, map_inner, trimmed))
}

/// Parses the content of a template: text with `${ … }` and `%{ … }`.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_template(text: &str, map: SpanMap) -> Result<Vec<TemplatePart>, Diagnostic> {
    // The scanner reads a template as one quoted text; quotes and newlines inside do not change how brackets nest.
    let quoted = format!("\"{}", text.replace('\n', " ").replace(['"', '\\'], "'"));
    if let Some(at) = scan(&quoted, false).too_deep {
        return Err(nesting_diagnostic(map.span(at.saturating_sub(1)..at)));
    }
    match parser::parse_template(text) {
        Ok(template) => Ok(Converter { text, map, indent: 0 }.template(&template, true)),
        Err(error) => Err(syntax_diagnostic(&error, map, text)),
    }
}

struct BodyParser<'t> {
    text: &'t str,
    file: FileId,
    body: Body,
    diagnostics: Vec<Diagnostic>,
}

impl BodyParser<'_> {
    /// Parses a range of whole lines into the body.
    fn parse_range(&mut self, range: Range<usize>, seen: &Scan) -> Result<(), Diagnostic> {
        let text = slice(self.text, &range);
        let map = SpanMap::Offset(self.file, range.start);
        let raw = match parse_raw(text) {
            Ok(raw) => raw,
            Err(error) => {
                let masked = masked_text(self.text, &range, &seen.soft);
                parse_raw(&masked).map_err(|_| syntax_diagnostic(&error, map, text))?
            }
        };
        let body = Converter { text, map, indent: 0 }.body(&raw);
        self.body.attributes.extend(body.attributes);
        self.body.blocks.extend(body.blocks);
        Ok(())
    }

    /// Parses item by item, so that one that is broken hides no other.
    fn parse_items(&mut self, seen: &Scan) {
        for item in &seen.items {
            let parts = scan(slice(self.text, item), true);
            if parts.too_deep.is_none() && self.parse_range(item.clone(), seen).is_ok() {
                continue;
            }
            for part in parts.items {
                let range = item.start + part.start..item.start + part.end;
                self.parse_part(range);
            }
        }
        self.check_duplicates();
    }

    fn parse_part(&mut self, range: Range<usize>) {
        let text = slice(self.text, &range);
        let mut seen = scan(text, false);
        if let Some(at) = seen.too_deep {
            let span = Span::new(self.file, range.start + at, range.start + at + 1);
            self.diagnostics.push(nesting_diagnostic(span));
            return;
        }
        for soft in &mut seen.soft {
            *soft = soft.start + range.start..soft.end + range.start;
        }
        if let Err(diagnostic) = self.parse_range(range, &seen) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn check_duplicates(&mut self) {
        let mut body = std::mem::take(&mut self.body);
        keep_last(&mut body, &mut self.diagnostics);
        self.body = body;
    }
}

/// `hcl-edit` refuses a body that defines an attribute twice. Renames the later one to a name of equal length that is
/// free; names are taken from the original text when the tree is converted.
fn parse_raw(text: &str) -> Result<RawBody, parser::Error> {
    let first = match parser::parse_body(text) {
        Ok(body) => return Ok(body),
        Err(error) => error,
    };
    let mut patched = None::<String>;
    let mut error = first.clone();
    for attempt in 0..MAX_DUPLICATES {
        if !error.message().contains("redefined attribute") {
            return Err(first);
        }
        let current = patched.as_deref().unwrap_or(text);
        let Some(renamed) = rename_at(current, error.location().offset(), attempt) else { return Err(first) };
        match parser::parse_body(&renamed) {
            Ok(body) => return Ok(body),
            Err(next) => error = next,
        }
        patched = Some(renamed);
    }
    Err(first)
}

fn rename_at(text: &str, offset: usize, attempt: usize) -> Option<String> {
    let rest = text.get(offset..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let digits = format!("{attempt:02}");
    let name = format!("_{digits:_>width$}", width = length.checked_sub(1)?);
    if name.len() != length {
        return None;
    }
    Some(format!("{}{name}{}", text.get(..offset)?, text.get(offset + length..)?))
}

fn keep_last(body: &mut Body, diagnostics: &mut Vec<Diagnostic>) {
    let mut kept: Vec<Attribute> = Vec::with_capacity(body.attributes.len());
    let mut names = std::collections::BTreeMap::<SmolStr, usize>::new();
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

/// The text of `range` with newlines that the grammar ignores, and the comments before them, as spaces. `hcl-edit` wants
/// some expressions inside brackets on one line; offsets stay the same.
fn masked_text(text: &str, range: &Range<usize>, soft: &[Range<usize>]) -> String {
    let mut bytes = slice(text, range).as_bytes().to_vec();
    for hidden in soft.iter().filter(|hidden| range.start <= hidden.start && hidden.end <= range.end) {
        if let Some(slice) = bytes.get_mut(hidden.start - range.start..hidden.end - range.start) {
            slice.fill(b' ');
        }
    }
    // Whole comments and single newlines were overwritten, so the text is still UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

fn slice<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.start..range.end).unwrap_or("")
}

fn syntax_diagnostic(error: &parser::Error, map: SpanMap, text: &str) -> Diagnostic {
    let start = error.location().offset().min(text.len());
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let span = map.span(start..start + length);
    Diagnostic::new(SYNTAX, Impact::Partial, span, error.message().replace('\n', "; "))
}

fn nesting_diagnostic(span: Span) -> Diagnostic {
    let message = format!("brackets are nested more than {MAX_NESTING} levels deep");
    Diagnostic::new(NESTING_LIMIT, Impact::Partial, span, message)
}

fn comment(text: &str, file: FileId, range: &Range<usize>) -> Comment {
    let written = slice(text, range);
    let inner = match written.strip_prefix("/*") {
        Some(block) => block.strip_suffix("*/").unwrap_or(block),
        None => written.trim_start_matches(['#', '/']),
    };
    Comment { text: SmolStr::new(inner.trim()), span: Span::new(file, range.start, range.end) }
}

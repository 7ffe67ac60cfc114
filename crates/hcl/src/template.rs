//! Templates: conversion, and trim markers applied to the literals beside them.

use crate::convert::Converter;
use crate::{ExprKind, TemplatePart};
use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip};
use smol_str::SmolStr;

/// Converts the elements of a template.
///
/// `is_by_line` says that literals are cut at line ends, as HCL does in heredocs and files: a trim marker then reaches to
/// the end of the line and leaves the indent of the next one.
pub(crate) fn convert_template<'e>(
    converter: &Converter<'_>,
    elements: impl Iterator<Item = &'e Element>,
    is_by_line: bool,
) -> Vec<TemplatePart> {
    let mut builder = Builder { parts: Vec::new(), trims_next: false, is_by_line };
    for element in elements {
        match element {
            Element::Literal(text) => {
                let span = converter.span(text.span());
                builder.literal(text.as_str(), span);
            }
            Element::Interpolation(interpolation) => {
                builder.before(interpolation.strip);
                builder.parts.push(TemplatePart::Interpolation(converter.expr(&interpolation.expr)));
                builder.after(interpolation.strip);
            }
            Element::Directive(directive) => match directive.as_ref() {
                Directive::If(directive) => builder.if_directive(converter, directive),
                Directive::For(directive) => builder.for_directive(converter, directive),
            },
        }
    }
    builder.parts
}

/// A template without anything to fill in is text.
pub(crate) fn finish(mut parts: Vec<TemplatePart>) -> ExprKind {
    if parts.iter().all(|part| matches!(part, TemplatePart::Literal(..))) {
        let mut text = String::new();
        for part in &parts {
            if let TemplatePart::Literal(literal, _) = part {
                text.push_str(literal);
            }
        }
        return ExprKind::String(text.into());
    }
    parts.retain(|part| !matches!(part, TemplatePart::Literal(text, _) if text.is_empty()));
    ExprKind::Template(parts)
}

struct Builder {
    parts: Vec<TemplatePart>,
    trims_next: bool,
    is_by_line: bool,
}

impl Builder {
    fn literal(&mut self, text: &str, span: proofmark_source::Span) {
        let text =
            if std::mem::take(&mut self.trims_next) { trim_start(text, self.is_by_line) } else { text };
        self.parts.push(TemplatePart::Literal(SmolStr::new(text), span));
    }

    fn before(&mut self, strip: Strip) {
        self.trims_next = false;
        if strip.strip_start() {
            trim_last(&mut self.parts, self.is_by_line);
        }
    }

    fn after(&mut self, strip: Strip) {
        self.trims_next = strip.strip_end();
    }

    fn if_directive(&mut self, converter: &Converter<'_>, raw: &IfDirective) {
        self.before(raw.if_expr.strip);
        let mut then = self.inner(converter, raw.if_expr.template.iter(), raw.if_expr.strip);
        let mut otherwise = Vec::new();
        let mut last = &mut then;
        if let Some(else_expr) = &raw.else_expr {
            if else_expr.strip.strip_start() {
                trim_last(last, self.is_by_line);
            }
            otherwise = self.inner(converter, else_expr.template.iter(), else_expr.strip);
            last = &mut otherwise;
        }
        if raw.endif_expr.strip.strip_start() {
            trim_last(last, self.is_by_line);
        }
        let condition = converter.expr(&raw.if_expr.cond_expr);
        self.parts.push(TemplatePart::If { condition, then, otherwise });
        self.after(raw.endif_expr.strip);
    }

    fn for_directive(&mut self, converter: &Converter<'_>, raw: &ForDirective) {
        self.before(raw.for_expr.strip);
        let mut body = self.inner(converter, raw.for_expr.template.iter(), raw.for_expr.strip);
        if raw.endfor_expr.strip.strip_start() {
            trim_last(&mut body, self.is_by_line);
        }
        self.parts.push(TemplatePart::For {
            key_name: raw.for_expr.key_var.as_ref().map(|name| converter.name(name)),
            value_name: converter.name(&raw.for_expr.value_var),
            collection: converter.expr(&raw.for_expr.collection_expr),
            body,
        });
        self.after(raw.endfor_expr.strip);
    }

    fn inner<'e>(
        &self,
        converter: &Converter<'_>,
        elements: impl Iterator<Item = &'e Element>,
        strip: Strip,
    ) -> Vec<TemplatePart> {
        let mut parts = convert_template(converter, elements, self.is_by_line);
        if converter.indent > 0 {
            dedent(&mut parts, converter.indent);
        }
        if strip.strip_end()
            && let Some(TemplatePart::Literal(text, _)) = parts.first_mut()
        {
            *text = SmolStr::new(trim_start(text, self.is_by_line));
        }
        parts
    }
}

/// Takes up to `indent` spaces from each line that begins in a literal of these parts.
fn dedent(parts: &mut [TemplatePart], indent: usize) {
    for part in parts {
        let TemplatePart::Literal(text, _) = part else { continue };
        let mut lines = text.split('\n');
        let mut dedented = lines.next().unwrap_or("").to_owned();
        for line in lines {
            let space = line.len() - line.trim_start_matches(' ').len();
            dedented.push('\n');
            dedented.push_str(line.get(space.min(indent)..).unwrap_or(line));
        }
        *text = dedented.into();
    }
}

fn trim_start(text: &str, is_by_line: bool) -> &str {
    if !is_by_line {
        return text.trim_start();
    }
    match text.split_once('\n') {
        Some((line, rest)) if line.trim().is_empty() => rest,
        _ => text.trim_start(),
    }
}

fn trim_last(parts: &mut [TemplatePart], is_by_line: bool) {
    let Some(TemplatePart::Literal(text, _)) = parts.last_mut() else { return };
    let kept = match text.rfind('\n') {
        // The last line is cut off at its own start, unless the marker stands in the first column.
        Some(end) if is_by_line && end + 1 < text.len() && text[end + 1..].trim().is_empty() => &text[..=end],
        _ => text.trim_end(),
    };
    *text = SmolStr::new(kept);
}

//! From `hcl-edit`'s tree to ours.

use crate::template::{convert_template, finish};
use crate::{
    Attribute, BinaryOperator, Block, Body, Expr, ExprKind, ForExpr, Label, ObjectItem, SpanMap, Step,
    StepKind, TemplatePart, UnaryOperator,
};
use hcl_edit::expr as raw;
use hcl_edit::structure::{BlockLabel, Body as RawBody, Structure};
use hcl_edit::template::Template;
use hcl_edit::{Decorated, Ident, Span as _};
use proofmark_source::Span;
use smol_str::SmolStr;
use std::ops::Range;

/// Converts what was parsed from `text`. Names are read from it rather than from the parsed tree, which may come from a
/// patched copy.
pub(crate) struct Converter<'t> {
    pub text: &'t str,
    pub map: SpanMap,
    /// The indent to take from lines inside the directives of a heredoc; `hcl-edit` takes it from its other lines.
    pub indent: usize,
}

impl Converter<'_> {
    pub fn span(&self, range: Option<Range<usize>>) -> Span {
        self.map.span(range.unwrap_or(0..0))
    }

    pub fn name(&self, ident: &Decorated<Ident>) -> SmolStr {
        let written = ident.span().and_then(|range| self.text.get(range));
        written.filter(|name| !name.is_empty()).map_or_else(|| SmolStr::new(ident.as_str()), SmolStr::new)
    }

    pub fn body(&self, raw: &RawBody) -> Body {
        let mut body = Body::default();
        for structure in raw {
            match structure {
                Structure::Attribute(attribute) => body.attributes.push(self.attribute(attribute)),
                Structure::Block(block) => body.blocks.push(self.block(block)),
            }
        }
        body
    }

    fn attribute(&self, raw: &hcl_edit::structure::Attribute) -> Attribute {
        let name_span = self.span(raw.key.span());
        let value = self.expr(&raw.value);
        Attribute { name: self.name(&raw.key), name_span, span: name_span.join(value.span), value }
    }

    fn block(&self, raw: &hcl_edit::structure::Block) -> Block {
        let labels: Vec<Label> = raw.labels.iter().map(|label| self.label(label)).collect();
        let kind_span = self.span(raw.ident.span());
        let header = labels.last().map_or(kind_span, |label| kind_span.join(label.span));
        let body = self.body(&raw.body);
        Block { kind: self.name(&raw.ident), labels, header, body, span: self.span(raw.span()) }
    }

    fn label(&self, raw: &BlockLabel) -> Label {
        let range = match raw {
            BlockLabel::Ident(ident) => ident.span(),
            BlockLabel::String(text) => text.span(),
        };
        Label { text: SmolStr::new(raw.as_str()), span: self.span(range) }
    }

    pub fn expr(&self, raw: &raw::Expression) -> Expr {
        use raw::Expression as Raw;
        let kind = match raw {
            Raw::Null(_) => ExprKind::Null,
            Raw::Bool(value) => ExprKind::Bool(*value.value()),
            Raw::Number(number) => number_kind(number.value()),
            Raw::String(text) => ExprKind::String(SmolStr::new(text.as_str())),
            Raw::Array(array) => ExprKind::Tuple(array.iter().map(|element| self.expr(element)).collect()),
            Raw::Object(object) => self.object(object),
            Raw::StringTemplate(template) => finish(convert_template(self, template.iter(), false)),
            Raw::HeredocTemplate(heredoc) => {
                let inner =
                    Converter { text: self.text, map: self.map, indent: heredoc.indent().unwrap_or(0) };
                finish(inner.template(&heredoc.template, true))
            }
            Raw::Parenthesis(inner) => ExprKind::Parenthesis(Box::new(self.expr(inner.inner()))),
            Raw::Variable(name) => ExprKind::Variable(self.name(name)),
            Raw::Conditional(conditional) => ExprKind::Conditional(Box::new([
                self.expr(&conditional.cond_expr),
                self.expr(&conditional.true_expr),
                self.expr(&conditional.false_expr),
            ])),
            Raw::FuncCall(call) => self.call(call),
            Raw::Traversal(traversal) => self.traversal(traversal),
            Raw::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    raw::UnaryOperator::Neg => UnaryOperator::Negate,
                    raw::UnaryOperator::Not => UnaryOperator::Not,
                };
                ExprKind::Unary(operator, Box::new(self.expr(&operation.expr)))
            }
            Raw::BinaryOp(operation) => {
                let operands = [self.expr(&operation.lhs_expr), self.expr(&operation.rhs_expr)];
                ExprKind::Binary(binary_operator(*operation.operator.value()), Box::new(operands))
            }
            Raw::ForExpr(for_expr) => ExprKind::For(Box::new(self.for_expr(for_expr))),
        };
        Expr { kind, span: self.expr_span(raw) }
    }

    /// `hcl-edit` gives a chain of binary operators no span for its inner parts: they reach from operand to operand.
    fn expr_span(&self, raw: &raw::Expression) -> Span {
        match (raw.span(), raw) {
            (Some(range), _) => self.map.span(range),
            (None, raw::Expression::BinaryOp(operation)) => {
                self.expr_span(&operation.lhs_expr).join(self.expr_span(&operation.rhs_expr))
            }
            (None, _) => self.map.span(0..0),
        }
    }

    fn object(&self, raw: &raw::Object) -> ExprKind {
        let items = raw.iter().map(|(key, value)| {
            let key = match key {
                raw::ObjectKey::Ident(ident) => {
                    Expr { kind: ExprKind::String(self.name(ident)), span: self.span(ident.span()) }
                }
                raw::ObjectKey::Expression(expr) => self.object_key(expr),
            };
            ObjectItem { key, value: self.expr(value.expr()) }
        });
        ExprKind::Object(items.collect())
    }

    /// A bare name as a key is text, also where it looks like a keyword.
    fn object_key(&self, raw: &raw::Expression) -> Expr {
        let key = self.expr(raw);
        match &key.kind {
            ExprKind::Variable(name) => Expr { kind: ExprKind::String(SmolStr::clone(name)), span: key.span },
            ExprKind::Null => Expr { kind: ExprKind::String(SmolStr::new_static("null")), span: key.span },
            _ => key,
        }
    }

    fn call(&self, raw: &raw::FuncCall) -> ExprKind {
        let mut name = String::new();
        for namespace in &raw.name.namespace {
            name.push_str(namespace.as_str());
            name.push_str("::");
        }
        name.push_str(raw.name.name.as_str());
        ExprKind::Call {
            name: name.into(),
            arguments: raw.args.iter().map(|argument| self.expr(argument)).collect(),
            expands_last: raw.args.expand_final(),
        }
    }

    fn traversal(&self, raw: &raw::Traversal) -> ExprKind {
        let root = self.expr(&raw.expr);
        let steps = raw.operators.iter().map(|operator| {
            let kind = match operator.value() {
                raw::TraversalOperator::AttrSplat(_) => StepKind::AttributeSplat,
                raw::TraversalOperator::FullSplat(_) => StepKind::FullSplat,
                raw::TraversalOperator::GetAttr(name) => StepKind::Attribute(self.name(name)),
                raw::TraversalOperator::Index(index) => StepKind::Index(self.expr(index)),
                raw::TraversalOperator::LegacyIndex(index) => {
                    let span = self.span(index.span().or_else(|| operator.span()));
                    let number = i64::try_from(*index.value()).unwrap_or(i64::MAX);
                    StepKind::Index(Expr { kind: ExprKind::Integer(number), span })
                }
            };
            Step { kind, span: self.span(operator.span()) }
        });
        ExprKind::Traversal(Box::new(root), steps.collect())
    }

    fn for_expr(&self, raw: &raw::ForExpr) -> ForExpr {
        ForExpr {
            key_name: raw.intro.key_var.as_ref().map(|name| self.name(name)),
            value_name: self.name(&raw.intro.value_var),
            collection: self.expr(&raw.intro.collection_expr),
            key: raw.key_expr.as_ref().map(|key| self.expr(key)),
            value: self.expr(&raw.value_expr),
            is_grouping: raw.grouping,
            condition: raw.cond.as_ref().map(|condition| self.expr(&condition.expr)),
        }
    }

    pub fn template(&self, raw: &Template, is_by_line: bool) -> Vec<TemplatePart> {
        convert_template(self, raw.iter(), is_by_line)
    }
}

fn number_kind(number: &hcl_edit::Number) -> ExprKind {
    match number.as_i64() {
        Some(integer) => ExprKind::Integer(integer),
        None => ExprKind::Float(number.as_f64().unwrap_or(0.0)),
    }
}

fn binary_operator(raw: raw::BinaryOperator) -> BinaryOperator {
    use raw::BinaryOperator as Raw;
    match raw {
        Raw::Eq => BinaryOperator::Equal,
        Raw::NotEq => BinaryOperator::NotEqual,
        Raw::LessEq => BinaryOperator::LessEqual,
        Raw::GreaterEq => BinaryOperator::GreaterEqual,
        Raw::Less => BinaryOperator::Less,
        Raw::Greater => BinaryOperator::Greater,
        Raw::Plus => BinaryOperator::Plus,
        Raw::Minus => BinaryOperator::Minus,
        Raw::Mul => BinaryOperator::Times,
        Raw::Div => BinaryOperator::Divide,
        Raw::Mod => BinaryOperator::Modulo,
        Raw::And => BinaryOperator::And,
        Raw::Or => BinaryOperator::Or,
    }
}

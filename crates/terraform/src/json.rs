//! HCL's JSON syntax as the same tree as its native syntax.
//!
//! Follows the JSON syntax specification of HCL: an object under a block's name holds the labels, then the bodies; an
//! array holds several bodies. Which properties are blocks is for the schema to say. That of Terraform's own blocks is
//! known here; inside a resource every property becomes an attribute, and `body` turns objects into blocks later.

use crate::files::SourceFile;
use proofmark_hcl::{
    Attribute, Block, Body, Comment, Expr, ExprKind, Label, ObjectItem, SpanMap, parse_expression,
    parse_template,
};
use proofmark_source::{Diagnostic, FileId, Span};
use proofmark_syntax::{Entry, Node, NodeData, parse_json};
use smol_str::SmolStr;

/// Kinds of blocks at the top of a file, and how many labels each has.
const TOP_LEVEL: &[(&str, usize)] = &[
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("module", 1),
    ("variable", 1),
    ("output", 1),
    ("provider", 1),
    ("check", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
    ("import", 0),
    ("removed", 0),
];

/// Kinds of blocks inside Terraform's own blocks, and how many labels each has.
const NESTED: &[(&str, &[(&str, usize)])] = &[
    ("terraform", &[("backend", 1), ("required_providers", 0), ("cloud", 0)]),
    ("variable", &[("validation", 0)]),
    ("output", &[("precondition", 0)]),
    ("provider", &[("default_tags", 0), ("ignore_tags", 0), ("assume_role", 0), ("features", 0)]),
    ("check", &[("data", 2), ("assert", 0)]),
    ("lifecycle", &[("precondition", 0), ("postcondition", 0)]),
    ("resource", &[("lifecycle", 0), ("provisioner", 1), ("connection", 0), ("dynamic", 1)]),
    ("data", &[("lifecycle", 0), ("dynamic", 1)]),
    ("dynamic", &[("content", 0)]),
];

/// Parses a `.tf.json` or `.tfvars.json` file.
pub(crate) fn body_from_json(text: &str, file: FileId) -> SourceFile {
    let parsed = parse_json(file, text);
    let mut reader = JsonReader { diagnostics: parsed.diagnostics };
    let mut body = Body::default();
    if let Some(document) = parsed.documents.first() {
        // A file may be one object, or a list of objects that count as one.
        for part in std::iter::once(&document.root).chain(document.root.elements()) {
            for entry in part.entries() {
                reader.top_level(entry, &mut body);
            }
        }
    }
    let comments = parsed
        .comments
        .into_iter()
        .map(|comment| Comment { text: comment.text, span: comment.span })
        .collect();
    SourceFile { body, comments, diagnostics: reader.diagnostics }
}

/// What stands before the body of a block: its kind and the labels read so far.
#[derive(Clone, Copy)]
struct Header<'h> {
    kind: &'static str,
    labels: &'h [Label],
    /// The innermost key.
    span: Span,
}

struct JsonReader {
    diagnostics: Vec<Diagnostic>,
}

impl JsonReader {
    fn top_level(&mut self, entry: &Entry, body: &mut Body) {
        let name = entry.key.as_str().unwrap_or("");
        if name == "//" {
            return;
        }
        match TOP_LEVEL.iter().find(|(kind, _)| *kind == name) {
            Some((kind, labels)) => {
                let header = Header { kind, labels: &[], span: entry.key.span };
                self.blocks(header, *labels, &entry.value, body);
            }
            None => self.attribute(name, entry, body),
        }
    }

    fn attribute(&mut self, name: &str, entry: &Entry, body: &mut Body) {
        let value = self.expr(&entry.value);
        let span = entry.key.span.join(value.span);
        body.attributes.push(Attribute { name: SmolStr::new(name), name_span: entry.key.span, value, span });
    }

    fn blocks(&mut self, header: Header<'_>, missing_labels: usize, node: &Node, body: &mut Body) {
        if let NodeData::Sequence(elements) = &node.data {
            for element in elements {
                self.blocks(header, missing_labels, element, body);
            }
            return;
        }
        if missing_labels > 0 {
            for entry in node.entries() {
                let text = SmolStr::new(entry.key.as_str().unwrap_or(""));
                let span = entry.key.span;
                let labels = [header.labels, &[Label { text, span }]].concat();
                let header = Header { labels: &labels, span, ..header };
                self.blocks(header, missing_labels - 1, &entry.value, body);
            }
            return;
        }
        body.blocks.push(Block {
            kind: SmolStr::new_static(header.kind),
            labels: header.labels.to_vec(),
            header: header.span,
            body: self.block_body(header.kind, node),
            span: header.span.join(node.span),
        });
    }

    fn block_body(&mut self, kind: &str, node: &Node) -> Body {
        let nested = NESTED.iter().find(|(outer, _)| *outer == kind).map_or(&[][..], |(_, nested)| nested);
        let mut body = Body::default();
        for entry in node.entries() {
            let name = entry.key.as_str().unwrap_or("");
            match nested.iter().find(|(kind, _)| *kind == name) {
                _ if name == "//" => {}
                Some((kind, labels)) => {
                    let header = Header { kind, labels: &[], span: entry.key.span };
                    self.blocks(header, *labels, &entry.value, &mut body);
                }
                None => self.attribute(name, entry, &mut body),
            }
        }
        body
    }

    fn expr(&mut self, node: &Node) -> Expr {
        let kind = match &node.data {
            NodeData::Null => ExprKind::Null,
            NodeData::Bool(value) => ExprKind::Bool(*value),
            NodeData::Integer(value) => ExprKind::Integer(*value),
            NodeData::Float(value) => ExprKind::Float(*value),
            NodeData::String(text) | NodeData::Template(text) => return self.text(text, node.span),
            NodeData::Sequence(elements) => {
                ExprKind::Tuple(elements.iter().map(|element| self.expr(element)).collect())
            }
            NodeData::Mapping(entries) => {
                let items = entries
                    .iter()
                    .map(|entry| ObjectItem { key: self.expr(&entry.key), value: self.expr(&entry.value) });
                ExprKind::Object(items.collect())
            }
        };
        Expr { kind, span: node.span }
    }

    fn text(&mut self, text: &SmolStr, span: Span) -> Expr {
        let plain = Expr { kind: ExprKind::String(SmolStr::clone(text)), span };
        if !text.contains("${") && !text.contains("%{") {
            return plain;
        }
        match parse_template(text, SpanMap::Fixed(span)) {
            Ok(parts) => Expr { kind: ExprKind::Template(parts), span },
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                plain
            }
        }
    }
}

/// A type or reference that the JSON syntax writes as text (`"type": "list(string)"`), as an expression.
pub(crate) fn expression_in_text(expr: &Expr) -> Option<Expr> {
    parse_expression(expr.as_str()?, SpanMap::Fixed(expr.span)).ok()
}

//! Variable files in JSON. Unlike in configuration, a text is itself: nothing in it is a template, and no key is a block.

use crate::files::SourceFile;
use proofmark_hcl::{Attribute, Body, Expr, ExprKind, ObjectItem};
use proofmark_model::SmolStr;
use proofmark_source::FileId;
use proofmark_syntax::{Node, NodeData, parse_json};

/// Parses a `.tfvars.json` file.
pub(crate) fn body_from_json_variables(text: &str, file: FileId) -> SourceFile {
    let parsed = parse_json(file, text);
    let mut body = Body::default();
    for entry in parsed.documents.iter().flat_map(|document| document.root.entries()) {
        // `//` is where JSON keeps its comments.
        let Some(name) = entry.key.as_str().filter(|name| *name != "//") else { continue };
        body.attributes.push(Attribute {
            name: SmolStr::new(name),
            name_span: entry.key.span,
            value: literal(&entry.value),
            span: entry.key.span.join(entry.value.span),
        });
    }
    SourceFile { body, comments: Vec::new(), diagnostics: parsed.diagnostics }
}

fn literal(node: &Node) -> Expr {
    let kind = match &node.data {
        NodeData::Null | NodeData::Template(_) => ExprKind::Null,
        NodeData::Bool(value) => ExprKind::Bool(*value),
        NodeData::Integer(value) => ExprKind::Integer(*value),
        NodeData::Float(value) => ExprKind::Float(*value),
        NodeData::String(text) => ExprKind::String(SmolStr::clone(text)),
        NodeData::Sequence(elements) => ExprKind::Tuple(elements.iter().map(literal).collect()),
        NodeData::Mapping(entries) => {
            let item = |entry: &proofmark_syntax::Entry| ObjectItem {
                key: literal(&entry.key),
                value: literal(&entry.value),
            };
            ExprKind::Object(entries.iter().map(item).collect())
        }
    };
    Expr { kind, span: node.span }
}

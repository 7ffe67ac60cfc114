//! Action files: composite, JavaScript and Docker actions.

use super::step::{TEXTS, read_steps};
use super::uses::ResolveLocal;
use crate::context::FileContext;
use crate::expression::{Expressions, Scope};
use crate::places::entry_header;
use proofmark_model::{Address, Kind, MapBuilder, Resource, Value};
use proofmark_syntax::Document;

/// The action in a document.
pub fn read_action(
    context: &FileContext<'_>,
    document: &Document,
    address: Address,
    resolve: &ResolveLocal<'_>,
) -> Resource {
    let root = &document.root;
    let header = root.entry("name").or(root.entries().first()).map_or(root.span, entry_header);
    let mut fields = MapBuilder::of(&context.value(root, header, &TEXTS));
    let scope = Scope::default();
    let mut expressions = Expressions::new(context.text, &scope);
    for entry in root.entries().iter().filter(|entry| entry.key.as_str() != Some("runs")) {
        expressions.add_part(entry.key.as_str().unwrap_or(""), &entry.value);
    }
    let mut expressions = expressions.finish();
    if let Some(node) = root.at_path(&["runs", "steps"]) {
        let steps = read_steps(context, node, &scope, resolve);
        expressions.extend(steps.expressions);
        fields.set("steps", Value::list(steps.steps, node.span));
        fields.set("commands", Value::list(steps.commands, node.span));
        fields.set("actions", Value::list(steps.actions, node.span));
    }
    fields.set("expressions", Value::list(expressions, root.span));
    Resource {
        address,
        kind: Kind("github_action".into()),
        span: root.span,
        header,
        attributes: fields.finish(root.span, header),
        pod: None,
        calls: Vec::new(),
        conditions: Vec::new(),
        elsewhere: None,
        parts: Vec::new(),
        comments: context.comments_of(context.whole()),
        is_lenient: false,
    }
}

//! `vars`: `$(NAME)` in certain fields stands for a value of an object.

use crate::build::{Builder, Gathered, LIMIT, Layer};
use crate::field::{Missing, change_field};
use crate::node::{scalar, scalar_at, transformed};
use crate::object::{Gvk, Object};
use crate::path;
use crate::tables::FieldSpec;
use proofmark_source::{Impact, Span};
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// How long one text may become.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// One variable.
#[derive(Clone, Debug)]
pub(crate) struct Var {
    name: SmolStr,
    gvk: Gvk,
    object: SmolStr,
    namespace: SmolStr,
    path: SmolStr,
    span: Span,
}

/// Adds the variables of a layer.
pub(crate) fn add(builder: &mut Builder<'_>, layer: &Layer, gathered: &mut Gathered) {
    for node in layer.list("vars") {
        let word = |path: &[&str]| scalar_at(&node, path).unwrap_or_default();
        let path = word(&["fieldref", "fieldpath"]);
        let path = if path.is_empty() { word(&["fieldRef", "fieldPath"]) } else { path };
        let reference = if node.get("objref").is_some() { "objref" } else { "objRef" };
        let version = match word(&[reference, "apiVersion"]) {
            empty if empty.is_empty() => word(&[reference, "apiversion"]),
            version => version,
        };
        let var = Var {
            name: word(&["name"]),
            gvk: Gvk::new(&version, &word(&[reference, "kind"])),
            object: word(&[reference, "name"]),
            namespace: word(&[reference, "namespace"]),
            path: if path.is_empty() { "metadata.name".into() } else { path },
            span: node.span,
        };
        if gathered.vars.iter().any(|known| known.name == var.name) {
            builder.refuse(node.span, format!("var '{}' already encountered", var.name));
        } else {
            gathered.vars.push(var);
        }
    }
}

/// Puts values in the place of `$(NAME)`.
pub(crate) fn resolve(builder: &mut Builder<'_>, objects: &mut [Object], vars: &[Var], fields: &[FieldSpec]) {
    let mut values: BTreeMap<SmolStr, Node> = BTreeMap::new();
    for var in vars {
        let found = objects.iter().find(|object| is_meant(var, object));
        let value = found.map(|object| path::find(&object.node, &path::split(&var.path)));
        match value {
            Some(Some(value)) => {
                values.insert(SmolStr::clone(&var.name), Node::clone(value));
            }
            Some(None) => {
                let message =
                    format!("field specified in var '{}' not found in corresponding resource", var.name);
                builder.refuse(var.span, message);
            }
            None => {
                let message =
                    format!("var '{}' cannot be mapped to a field in the set of known resources", var.name);
                builder.refuse(var.span, message);
            }
        }
    }
    if values.is_empty() {
        return;
    }
    let mut too_long = Vec::new();
    for object in objects.iter_mut() {
        let gvk = object.gvk();
        for field in fields.iter().filter(|field| field.is_for(&gvk)) {
            let missing = Missing { data: NodeData::Null, span: object.home };
            let field = field.without_creating();
            change_field(&mut object.node, &field, &missing, &mut |node| {
                expand(node, &values, &mut too_long)
            });
        }
    }
    for span in too_long {
        let message = format!("variables make a text longer than {MAX_TEXT_BYTES} bytes");
        builder.tell(LIMIT, Impact::Partial, span, message);
    }
}

fn is_meant(var: &Var, object: &Object) -> bool {
    let first = object.first_id();
    first.gvk == var.gvk
        && first.name == var.object
        && (var.namespace.is_empty() || var.namespace == first.effective_namespace())
}

/// Expands a text, the texts of a list, or the values of a mapping.
fn expand(node: &mut Node, values: &BTreeMap<SmolStr, Node>, too_long: &mut Vec<Span>) {
    match &mut node.data {
        NodeData::Sequence(elements) => {
            elements.iter_mut().for_each(|element| expand_text(element, values, too_long));
        }
        NodeData::Mapping(entries) => {
            entries.iter_mut().for_each(|entry| expand_text(&mut entry.value, values, too_long));
        }
        _ => expand_text(node, values, too_long),
    }
}

fn expand_text(node: &mut Node, values: &BTreeMap<SmolStr, Node>, too_long: &mut Vec<Span>) {
    let Some(text) = node.as_str().filter(|text| text.contains('$')).map(str::to_owned) else { return };
    let whole = text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')'));
    if let Some(value) = whole.and_then(|name| values.get(name)) {
        if scalar(value).is_some() {
            *node = transformed(node, NodeData::clone(&value.data), crate::node::place(value));
        }
        return;
    }
    let mut out = String::new();
    let mut by = None;
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = expand_one(after, values, &mut out, &mut by);
        if out.len() > MAX_TEXT_BYTES {
            too_long.push(node.span);
            return;
        }
    }
    out.push_str(rest);
    if out != text {
        *node = transformed(node, NodeData::String(out.into()), by.unwrap_or(node.span));
    }
}

/// Writes what a `$` and the text behind it stand for, and gives what follows.
fn expand_one<'t>(
    after: &'t str,
    values: &BTreeMap<SmolStr, Node>,
    out: &mut String,
    by: &mut Option<Span>,
) -> &'t str {
    if let Some(rest) = after.strip_prefix('$') {
        out.push('$');
        return rest;
    }
    let named = after.strip_prefix('(').and_then(|inner| inner.split_once(')'));
    let Some((name, rest)) = named else {
        out.push('$');
        return after;
    };
    match values.get(name).and_then(|value| Some((value, scalar(value)?))) {
        Some((value, text)) => {
            out.push_str(&text);
            *by = Some(crate::node::place(value));
        }
        None => {
            out.push_str("$(");
            out.push_str(name);
            out.push(')');
        }
    }
    rest
}

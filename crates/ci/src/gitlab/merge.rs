//! `extends` and `default`.

use crate::context::FileContext;
use crate::places::{entry_header, relocate};
use proofmark_model::{Data, Map, MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};

/// GitLab's own limit on how deep `extends` nests; a circle ends here.
const MAX_EXTENDS: usize = 11;

/// What a job may take from the top of the file when it and `default` say nothing, an older spelling of `default`.
const GLOBAL_DEFAULTS: [&str; 5] = ["image", "services", "cache", "before_script", "after_script"];

/// The attributes of a job with everything merged in that it extends or inherits.
pub fn merged_job(context: &FileContext<'_>, root: &Node, entry: &Entry) -> Value {
    let own = extended(context, root, entry, 0);
    let mut fields = MapBuilder::of(&own);
    let own_map = |name: &str| own.as_map().and_then(|map| map.value(name)).is_some();
    let inherits = entry
        .value
        .at_path(&["inherit", "default"])
        .is_none_or(|node| node.data != proofmark_syntax::NodeData::Bool(false));
    if inherits {
        let defaults = root.get("default").map(Node::entries).unwrap_or_default();
        let globals = root.entries().iter().filter(|entry| {
            entry.key.as_str().is_some_and(|name| {
                GLOBAL_DEFAULTS.contains(&name) && root.at_path(&["default", name]).is_none()
            })
        });
        for inherited in defaults.iter().chain(globals) {
            let name = inherited.key.as_str().unwrap_or("");
            if !own_map(name) {
                let value = context.raw_value(&inherited.value, entry_header(inherited));
                fields.put(name, entry.key.span, relocate(&value, entry.key.span, "default"));
            }
        }
    }
    if let Some(globals) = root.entry("variables") {
        let globals =
            relocate(&context.raw_value(&globals.value, globals.key.span), entry.key.span, "variables");
        let variables = own.as_map().and_then(|map| map.value("variables"));
        let merged = match variables {
            Some(own) => merge(&globals, own),
            None => globals,
        };
        fields.put("variables", entry.key.span, merged);
    }
    fields.finish(entry.value.span, entry.key.span)
}

fn extended(context: &FileContext<'_>, root: &Node, entry: &Entry, depth: usize) -> Value {
    let own = context.raw_value(&entry.value, entry.key.span);
    let Some(extends) = entry.value.entry("extends").filter(|_| depth < MAX_EXTENDS) else { return own };
    let mut merged: Option<Value> = None;
    for name in texts(&extends.value) {
        let Some(base) = root.entry(name) else { continue };
        let base = relocate(
            &extended(context, root, base, depth + 1),
            extends.key.span.join(extends.value.span),
            name,
        );
        merged = Some(match merged {
            Some(before) => merge(&before, &base),
            None => base,
        });
    }
    match merged {
        Some(base) => merge(&base, &own),
        None => own,
    }
}

/// `over` on top of `base`: maps entry by entry, everything else replaced.
fn merge(base: &Value, over: &Value) -> Value {
    let (Data::Map(below), Data::Map(above)) = (&base.data, &over.data) else {
        return Value::clone(over);
    };
    let mut entries = below.entries().to_vec();
    for entry in above.entries() {
        let value = match below.value(&entry.name) {
            Some(under) => merge(under, &entry.value),
            None => Value::clone(&entry.value),
        };
        entries.push(entry.with_value(value));
    }
    let mut map = Map::new(entries);
    map.header = above.header;
    over.with_data(Data::Map(map.into()))
}

/// The nodes of a script, with `!reference` followed and lists in lists laid flat.
pub fn script_nodes<'n>(root: &'n Node, node: &'n Node, depth: usize, found: &mut Vec<&'n Node>) {
    if depth > MAX_EXTENDS {
        return;
    }
    if node.tag.as_deref() == Some("!reference") {
        let path: Vec<&str> = node.elements().iter().filter_map(Node::as_str).collect();
        if let Some(target) = root.at_path(&path) {
            script_nodes(root, target, depth + 1, found);
        }
    } else if node.as_str().is_some() {
        found.push(node);
    } else {
        node.elements().iter().for_each(|element| script_nodes(root, element, depth + 1, found));
    }
}

/// The node of an entry of a job, looked for in what it extends where it has none itself, with the place of the
/// `extends` that brought it.
pub fn inherited_node<'n>(
    root: &'n Node,
    job: &'n Node,
    name: &str,
    depth: usize,
) -> Option<(&'n Node, Option<Span>)> {
    if let Some(node) = job.get(name) {
        return Some((node, None));
    }
    let extends = job.entry("extends").filter(|_| depth < MAX_EXTENDS)?;
    let place = extends.key.span.join(extends.value.span);
    let names = texts(&extends.value);
    let found = names.iter().rev().find_map(|base| inherited_node(root, root.get(base)?, name, depth + 1));
    found.map(|(node, _)| (node, Some(place)))
}

/// The text that a node is, or the texts in its list.
fn texts(node: &Node) -> Vec<&str> {
    match node.as_str() {
        Some(text) => vec![text],
        None => node.elements().iter().filter_map(Node::as_str).collect(),
    }
}

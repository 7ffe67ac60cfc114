//! Infrastructure described as plain YAML, as the resources that Terraform would make of it.
//!
//! Which key means what is data in `descriptor/mapping.yaml`. An attribute that no key of the descriptor holds is unknown,
//! because something else sets it, unless the mapping says that nothing else would.

mod environment;
mod mapping;
mod references;
mod value;

pub(crate) use environment::compare_environments;
pub(crate) use references::find_undeclared;

use crate::facts::Facts;
use crate::record::{Place, Record, has_key_line};
use mapping::{Mapping, mappings};
use proofmark_model::{Data, Map, Resource, SmolStr, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};
use std::sync::Arc;

/// Words of which a descriptor holds at least one at the beginning of a line, or one level below.
pub(crate) fn may_hold(path: &str, text: &str) -> bool {
    let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    is_yaml
        && mappings().iter().filter_map(|mapping| mapping.at.first()).any(|key| {
            has_key_line(text, key)
                || text.contains(&format!("\n  {key}:"))
                || text.contains(&format!("\n    {key}:"))
        })
}

/// The resources of a descriptor: those of its blocks, one `environment_descriptor` where the blocks stand below the name
/// of an environment, and a `descriptor_file` where they refer to others.
pub(crate) fn recognize(record: &Record<'_>) -> Vec<Resource> {
    if record.is_manifest() {
        return Vec::new();
    }
    let mut found = blocks_of(record, record.root, "");
    for entry in record.root.entries() {
        let Some(name) = entry.key.as_str() else { continue };
        let blocks = blocks_of(record, &entry.value, name);
        if !blocks.is_empty() {
            found.push(environment::describe(record, entry, name));
            found.extend(blocks);
        }
    }
    found.extend(references::describe(record, &found));
    found
}

/// The resources of all mapped blocks below `root`, whose name begins with that of the environment.
fn blocks_of(record: &Record<'_>, root: &Node, environment: &str) -> Vec<Resource> {
    let mut found = Vec::new();
    for mapping in mappings() {
        let mut blocks = Vec::new();
        let start =
            Block { node: root, header: root.span, captured: Vec::new(), label: environment.to_owned() };
        descend(start, &mapping.at, &mut blocks);
        for block in blocks.into_iter().filter(|block| mapping.fits(block.node)) {
            found.push(resource(record, mapping, &block));
        }
    }
    found
}

/// A block on the way down a mapping's path.
struct Block<'r> {
    node: &'r Node,
    /// The key or first line that names it.
    header: Span,
    /// The keys that stood for a `*`, with their places.
    captured: Vec<(SmolStr, Span)>,
    /// What tells it from its like within the file.
    label: String,
}

fn descend<'r>(block: Block<'r>, path: &[String], found: &mut Vec<Block<'r>>) {
    let Some((first, rest)) = path.split_first() else {
        found.push(block);
        return;
    };
    if first == "[]" {
        for (index, element) in block.node.elements().iter().enumerate() {
            let name =
                element.get("name").and_then(Node::as_str).map_or_else(|| index.to_string(), str::to_owned);
            let header =
                element.entries().first().map_or(element.span, |entry| entry.key.span.join(entry.value.span));
            let label = extended(&block.label, &name);
            descend(Block { node: element, header, captured: block.captured.clone(), label }, rest, found);
        }
        return;
    }
    for entry in block.node.entries() {
        let Some(key) = entry.key.as_str().filter(|key| first == "*" || key == first) else { continue };
        let mut captured = block.captured.clone();
        let mut label = block.label.to_owned();
        if first == "*" {
            captured.push((SmolStr::new(key), entry.key.span));
            label = extended(&label, key);
        }
        descend(Block { node: &entry.value, header: entry.key.span, captured, label }, rest, found);
    }
}

fn extended(label: &str, name: &str) -> String {
    if label.is_empty() { name.to_owned() } else { format!("{label}.{name}") }
}

fn resource(record: &Record<'_>, mapping: &Mapping, block: &Block<'_>) -> Resource {
    let mut facts = Facts::new(block.header);
    for (name, (text, span)) in mapping.names.iter().zip(&block.captured) {
        facts.set(name, Value::string(SmolStr::clone(text), *span));
    }
    for (path, keys) in &mapping.attributes {
        let entry = keys.iter().find_map(|key| block.node.entry(key));
        if let Some(entry) = entry.filter(|entry| entry.value.data != NodeData::Null) {
            let written = value::resolve(entry, mapping);
            value::place(&mut facts, path, entry, written);
        }
    }
    for name in mapping.absent.iter().filter(|name| !facts.has(name)).collect::<Vec<_>>() {
        facts.set(name, Value::new(Data::Null, block.header));
    }
    let label = if block.label.is_empty() { "main" } else { &block.label };
    let attributes = with_unknown_rest(facts.finish(block.header));
    let place = Place { header: block.header, span: block.node.span };
    record.part(&mapping.kind, label, place, attributes)
}

/// Makes every attribute that is neither written nor absent by the mapping unknown.
fn with_unknown_rest(value: Value) -> Value {
    let Data::Map(map) = &value.data else { return value };
    let mut map = Map::clone(map);
    let reason = "the descriptor does not say, and what it does not say is set elsewhere";
    map.unknown_rest = Some(Arc::new(Unknown::because(reason)));
    Value { data: Data::Map(Arc::new(map)), ..value }
}

/// A key with its value as an attribute would be named.
pub(crate) fn key_text(entry: &Entry) -> &str {
    entry.key.as_str().unwrap_or("")
}

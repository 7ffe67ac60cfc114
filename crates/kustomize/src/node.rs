//! Changing syntax trees.

use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData, Style};
use smol_str::{SmolStr, ToSmolStr};

/// A text at `span`.
pub(crate) fn text(value: impl Into<SmolStr>, span: Span) -> Node {
    Node { style: Style::Quoted, ..Node::new(NodeData::String(value.into()), span) }
}

/// A mapping of these entries, whose keys stand at `span`.
pub(crate) fn mapping<'k>(entries: impl IntoIterator<Item = (&'k str, Node)>, span: Span) -> Node {
    let entry = |(key, value): (&str, Node)| Entry { key: text(key, span), value };
    Node::new(NodeData::Mapping(entries.into_iter().map(entry).collect()), span)
}

/// The text of a scalar, as kustomize sees it; none for collections and null.
pub(crate) fn scalar(node: &Node) -> Option<SmolStr> {
    match &node.data {
        NodeData::String(text) => Some(SmolStr::clone(text)),
        NodeData::Integer(value) => Some(value.to_smolstr()),
        NodeData::Float(value) => Some(value.to_smolstr()),
        NodeData::Bool(value) => Some(value.to_smolstr()),
        NodeData::Null | NodeData::Sequence(_) | NodeData::Mapping(_) | NodeData::Template(_) => None,
    }
}

/// The text of the scalar under a key.
pub(crate) fn scalar_at(node: &Node, path: &[&str]) -> Option<SmolStr> {
    node.at_path(path).and_then(scalar)
}

/// The truth value under a key; false where none stands.
pub(crate) fn is_set(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|value| value.data == NodeData::Bool(true))
}

/// What a new value becomes in the place of an old one: it is found where the new one stands, and came from the old place.
pub(crate) fn replaced(mut new: Node, old: &Node) -> Node {
    if old.span.file != new.span.file && old.data != NodeData::Null {
        let found_at = place(&new);
        // Where one file changes a value twice, the file before it says more.
        new.span = if place(old).file == found_at.file { old.span } else { place(old) };
        new.included_at = Some(found_at);
    }
    new
}

/// A node that differs from `node` in its data alone.
pub(crate) fn with_data(node: &Node, data: NodeData) -> Node {
    let Node { data: _, span, tag, style, included_at } = node;
    Node { data, span: *span, tag: tag.clone(), style: *style, included_at: *included_at }
}

/// Where an entry stands, its key and its value.
pub(crate) fn entry_span(entry: &Entry) -> Span {
    entry.key.span.join(entry.value.span)
}

/// A name that a transformer changed: it stays where it stood, and `by` is a step on its way.
pub(crate) fn transformed(old: &Node, data: NodeData, by: Span) -> Node {
    let included_at = Some(place(old));
    Node { data, span: by, tag: None, style: Style::Plain, included_at }
}

/// Where a node is found: where it was written, or where it was brought to.
pub(crate) fn place(node: &Node) -> Span {
    node.included_at.unwrap_or(node.span)
}

/// The stretch of its file that a tree covers, as far as it is found in the file of its root.
pub(crate) fn extent(root: &Node) -> Span {
    let mut extent = place(root);
    stretch(root, &mut extent);
    extent
}

fn stretch(node: &Node, extent: &mut Span) {
    let found_at = place(node);
    if found_at.file == extent.file {
        *extent = extent.join(found_at);
    }
    node.elements().iter().for_each(|element| stretch(element, extent));
    node.entries().iter().for_each(|entry| stretch(&entry.value, extent));
}

/// The entries, if this is a mapping; null becomes one.
pub(crate) fn entries_mut(node: &mut Node) -> Option<&mut Vec<Entry>> {
    if node.data == NodeData::Null {
        node.data = NodeData::Mapping(Vec::new());
    }
    match &mut node.data {
        NodeData::Mapping(entries) => Some(entries),
        _ => None,
    }
}

/// The elements, if this is a sequence.
pub(crate) fn elements_mut(node: &mut Node) -> Option<&mut Vec<Node>> {
    match &mut node.data {
        NodeData::Sequence(elements) => Some(elements),
        _ => None,
    }
}

/// The value under a key.
pub(crate) fn get_mut<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    match &mut node.data {
        NodeData::Mapping(entries) => {
            let entry = entries.iter_mut().rev().find(|entry| entry.key.as_str() == Some(key));
            entry.map(|entry| &mut entry.value)
        }
        _ => None,
    }
}

/// The value under a key; what `make` gives is put there where nothing stands. None where the node is no mapping.
pub(crate) fn get_or_put<'n>(
    node: &'n mut Node,
    key: &str,
    make: impl FnOnce() -> Node,
) -> Option<&'n mut Node> {
    let entries = entries_mut(node)?;
    let index = match entries.iter().rposition(|entry| entry.key.as_str() == Some(key)) {
        Some(index) => index,
        None => {
            let value = make();
            entries.push(Entry { key: text(key, place(&value)), value });
            entries.len() - 1
        }
    };
    entries.get_mut(index).map(|entry| &mut entry.value)
}

/// Puts a value under a key, in the place of what stands there.
pub(crate) fn put(node: &mut Node, key: &str, value: Node) {
    if let Some(entries) = entries_mut(node) {
        match entries.iter_mut().rev().find(|entry| entry.key.as_str() == Some(key)) {
            Some(entry) => entry.value = value,
            None => entries.push(Entry { key: text(key, place(&value)), value }),
        }
    }
}

/// Takes the value under a key away.
pub(crate) fn remove(node: &mut Node, key: &str) -> Option<Node> {
    let NodeData::Mapping(entries) = &mut node.data else { return None };
    let index = entries.iter().rposition(|entry| entry.key.as_str() == Some(key))?;
    Some(entries.remove(index).value)
}

/// How many nodes a tree has, keys not counted.
pub(crate) fn size(node: &Node) -> usize {
    1 + node.elements().iter().map(size).sum::<usize>()
        + node.entries().iter().map(|entry| size(&entry.value)).sum::<usize>()
}

/// How deep a tree is: 1 for a scalar.
pub(crate) fn depth(node: &Node) -> usize {
    let elements = node.elements().iter().map(depth);
    let entries = node.entries().iter().map(|entry| depth(&entry.value));
    1 + elements.chain(entries).max().unwrap_or(0)
}

/// The same tree, as if all of it stood at one place.
pub(crate) fn moved_to(mut node: Node, span: Span) -> Node {
    node.included_at = Some(span);
    match &mut node.data {
        NodeData::Sequence(elements) => {
            for element in elements {
                *element = moved_to(std::mem::replace(element, Node::new(NodeData::Null, span)), span);
            }
        }
        NodeData::Mapping(entries) => {
            for entry in entries {
                let value = std::mem::replace(&mut entry.value, Node::new(NodeData::Null, span));
                entry.value = moved_to(value, span);
            }
        }
        _ => {}
    }
    node
}

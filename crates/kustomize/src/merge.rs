//! Strategic merge: a patch in the shape of the object that it changes.
//!
//! As kustomize's own library does it: lists with merge keys are merged element by element, new elements first; `null`
//! and `$patch: delete` take away, `$patch: replace` puts in the place of.

mod list;

use crate::node::{entries_mut, get_mut, remove, replaced, with_data};
use crate::tables::Schema;
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};

/// What a patch says about the collection that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

/// A patch that does not fit what it changes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("wrong node kind: expected {expected} but got {actual}")]
pub(crate) struct Misfit {
    pub(crate) expected: &'static str,
    pub(crate) actual: &'static str,
    /// The value of the patch.
    pub(crate) span: Span,
}

/// Applies patches by one schema.
pub(crate) struct Merger<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) misfits: Vec<Misfit>,
}

impl Merger<'_> {
    /// What `patch` makes of `target`, a value of a type of the schema; none where it takes it away.
    pub(crate) fn merge(&mut self, target: Node, patch: &Node, object_type: &str) -> Option<Node> {
        match (&target.data, &patch.data) {
            (_, NodeData::Null) => None,
            (NodeData::Null, _) => self.added(patch, object_type),
            (NodeData::Mapping(_), NodeData::Mapping(_)) => self.mapping(target, patch, object_type),
            // What a patch repeats, as the name of a container, stays where it was.
            (old, new) if old == new => Some(target),
            (old, new) if node_kind(old) == node_kind(new) => Some(replaced(Node::clone(patch), &target)),
            (old, new) => {
                let (expected, actual) = (node_kind(old), node_kind(new));
                self.misfits.push(Misfit { expected, actual, span: patch.span });
                Some(target)
            }
        }
    }

    fn mapping(&mut self, mut target: Node, patch: &Node, object_type: &str) -> Option<Node> {
        match directive(patch) {
            Directive::Delete => return None,
            Directive::Replace => return self.added(patch, object_type),
            Directive::Merge => {}
        }
        for entry in patch.entries() {
            let Some(key) = entry.key.as_str().filter(|&key| key != "$patch") else { continue };
            let new = match get_mut(&mut target, key) {
                Some(slot) => {
                    let old = std::mem::replace(slot, Node::new(NodeData::Null, entry.value.span));
                    self.field(Some(old), &entry.value, object_type, key)
                }
                None => self.field(None, &entry.value, object_type, key),
            };
            match new {
                Some(new) => set(&mut target, &entry.key, new),
                None => {
                    remove(&mut target, key);
                }
            }
        }
        Some(target)
    }

    /// What becomes of one field of a mapping.
    fn field(&mut self, old: Option<Node>, patch: &Node, object_type: &str, key: &str) -> Option<Node> {
        let known = self.schema.field(object_type, key).cloned().unwrap_or_default();
        let is_list = matches!(patch.data, NodeData::Sequence(_));
        match (old, known.keys) {
            (Some(old), Some(keys)) if is_list && matches!(old.data, NodeData::Sequence(_)) => {
                self.list(old, patch, &keys, &known.inner)
            }
            (None, Some(keys)) if is_list => {
                let empty = with_data(patch, NodeData::Sequence(Vec::new()));
                self.list(empty, patch, &keys, &known.inner)
            }
            (Some(old), _) => self.merge(old, patch, &known.inner),
            (None, _) => self.added(patch, &known.inner),
        }
    }

    /// What stands in a patch and has nothing to be merged with: without directives and without `null`.
    fn added(&mut self, patch: &Node, object_type: &str) -> Option<Node> {
        match &patch.data {
            NodeData::Null => None,
            NodeData::Mapping(entries) => {
                if directive(patch) == Directive::Delete {
                    return None;
                }
                let mut kept = Vec::new();
                for entry in entries {
                    let key = entry.key.as_str().unwrap_or("");
                    if key == "$patch" {
                        continue;
                    }
                    if let Some(value) = self.field(None, &entry.value, object_type, key) {
                        kept.push(Entry { key: Node::clone(&entry.key), value });
                    }
                }
                Some(with_data(patch, NodeData::Mapping(kept)))
            }
            _ => Some(Node::clone(patch)),
        }
    }
}

/// Puts a value under the key of a patch, which is then found there.
fn set(target: &mut Node, key: &Node, value: Node) {
    let Some(entries) = entries_mut(target) else { return };
    let is_whole = entries_of(&value) == 0;
    match entries.iter_mut().rev().find(|entry| entry.key.as_str() == key.as_str()) {
        Some(entry) => {
            // The name goes with a value that comes from the patch, and stays with a collection that was merged.
            if is_whole && value.span.file != entry.key.span.file || value.included_at.is_some() {
                entry.key = Node::clone(key);
            }
            entry.value = value;
        }
        None => entries.push(Entry { key: Node::clone(key), value }),
    }
}

fn entries_of(node: &Node) -> usize {
    node.entries().len() + node.elements().len()
}

fn directive(node: &Node) -> Directive {
    match node.get("$patch").and_then(Node::as_str) {
        Some("replace") => Directive::Replace,
        Some("delete") => Directive::Delete,
        _ => Directive::Merge,
    }
}

fn node_kind(data: &NodeData) -> &'static str {
    match data {
        NodeData::Mapping(_) => "MappingNode",
        NodeData::Sequence(_) => "SequenceNode",
        _ => "ScalarNode",
    }
}

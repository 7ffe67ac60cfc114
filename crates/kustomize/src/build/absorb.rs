//! Adding objects to those that are there.

use super::{Builder, Gathered};
use crate::node::{get_mut, put, replaced, with_data};
use crate::object::{Behavior, Object};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};

impl Builder<'_> {
    /// Adds an object that must be new.
    pub(crate) fn append(&mut self, gathered: &mut Gathered, object: Object, by: Span) {
        let id = object.id();
        let objects = &gathered.objects;
        let known = gathered.known.get_or_insert_with(|| objects.iter().map(|one| one.id().key()).collect());
        if !known.insert(id.key()) && !id.name.is_empty() {
            self.refuse(by, format!("may not add resource with an already registered id: {id}"));
        } else {
            gathered.objects.push(object);
        }
    }

    /// Adds an object that a generator made, or merges it with the one of that name.
    pub(crate) fn absorb(&mut self, gathered: &mut Gathered, mut object: Object, by: Span) {
        let id = object.id();
        let mut matches = gathered
            .objects
            .iter()
            .enumerate()
            .filter(|(_, known)| known.is_any(|other| other.is_same(&id)))
            .map(|(index, _)| index);
        let (first, second) = (matches.next(), matches.next());
        let old = first.and_then(|index| gathered.objects.get_mut(index));
        match (old, object.behavior) {
            (None, Behavior::Create) => gathered.objects.push(object),
            (None, _) => self.refuse(by, format!("id '{id}' does not exist; cannot merge or replace")),
            (Some(_), Behavior::Create) => {
                self.refuse(by, format!("id '{id}' exists; behavior must be merge or replace"));
            }
            (Some(_), _) if second.is_some() => {
                self.refuse(by, format!("found multiple objects that could accept merge of '{id}'"));
            }
            (Some(old), behavior) => {
                if behavior == Behavior::Merge {
                    merge_map(&mut object.node, &old.node, &["data"]);
                    merge_map(&mut object.node, &old.node, &["binaryData"]);
                }
                merge_map(&mut object.node, &old.node, &["metadata", "labels"]);
                merge_map(&mut object.node, &old.node, &["metadata", "annotations"]);
                keep(&mut object, old);
                *old = object;
            }
        }
    }
}

/// Adds what only the old object has.
fn merge_map(new: &mut Node, old: &Node, path: &[&str]) {
    let (Some(old), Some((last, parents))) = (old.at_path(path), path.split_last()) else { return };
    let Some(parent) = parents.iter().try_fold(&mut *new, |node, key| get_mut(node, key)) else { return };
    if parent.get(last).is_none() {
        put(parent, last, with_data(old, NodeData::Mapping(Vec::new())));
    }
    let Some(map) = get_mut(parent, last) else { return };
    for entry in old.entries() {
        let Some(key) = entry.key.as_str() else { continue };
        match get_mut(map, key) {
            Some(value) => {
                let new = std::mem::replace(value, Node::new(NodeData::Null, entry.value.span));
                *value = replaced(new, &entry.value);
            }
            None => put(map, key, Node::clone(&entry.value)),
        }
    }
}

/// What an object keeps of the one whose place it takes: its name, its history, and its wish for a hash.
fn keep(object: &mut Object, old: &Object) {
    for key in ["name", "namespace"] {
        let value = old.node.at_path(&["metadata", key]).cloned();
        if let (Some(value), Some(metadata)) = (value, get_mut(&mut object.node, "metadata")) {
            put(metadata, key, value);
        }
    }
    object.hash_from = old.hash_from;
    object.earlier.clone_from(&old.earlier);
    object.prefixes.clone_from(&old.prefixes);
    object.suffixes.clone_from(&old.suffixes);
}

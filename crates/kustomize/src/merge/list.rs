//! Lists that are merged by keys.

use super::{Directive, Merger, directive};
use crate::node::{scalar, with_data};
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;

impl Merger<'_> {
    /// What a patch makes of a list whose elements these keys tell apart; of plain values, where there are no keys.
    pub(super) fn list(&mut self, old: Node, patch: &Node, keys: &[SmolStr], inner: &str) -> Option<Node> {
        let of_list = patch.elements().iter().find(|element| is_directive(element)).map(directive);
        let old_elements = match of_list {
            Some(Directive::Delete) => return None,
            Some(Directive::Replace) => &[],
            _ => old.elements(),
        };
        let new: Vec<&Node> = patch.elements().iter().filter(|element| !is_directive(element)).collect();
        let elements = if keys.is_empty() {
            plain(old_elements, &new)
        } else if is_mixed(old_elements, &new, keys) {
            self.mixed(old_elements, &new, keys, inner)
        } else {
            self.keyed(old_elements, &new, keys, inner)
        };
        let base = if of_list.is_some() { patch } else { &old };
        Some(with_data(base, NodeData::Sequence(elements)))
    }

    /// The elements of the patch in its order, merged with their like; then the others.
    fn keyed(&mut self, old: &[Node], new: &[&Node], keys: &[SmolStr], inner: &str) -> Vec<Node> {
        let mut merged = Vec::new();
        let mut is_done = vec![false; old.len()];
        for element in new {
            let own = values(element, keys);
            let like = old.iter().position(|other| values(other, keys) == own);
            let result = match like.and_then(|index| Some((index, old.get(index)?))) {
                Some((index, like)) => {
                    if let Some(done) = is_done.get_mut(index) {
                        *done = true;
                    }
                    self.merge(Node::clone(like), element, inner)
                }
                None => self.added(element, inner),
            };
            merged.extend(result.filter(|result| !result.entries().is_empty()));
        }
        let rest = old.iter().zip(is_done).filter(|(_, is_done)| !is_done);
        merged.extend(rest.map(|(element, _)| Node::clone(element)));
        merged
    }

    /// Where some elements have all keys and some do not, as ports with and without a protocol: kustomize puts new
    /// elements first, keeps the others in their order, merges only what has all keys, and loses what shares no more
    /// than the first key with another element.
    fn mixed(&mut self, old: &[Node], new: &[&Node], keys: &[SmolStr], inner: &str) -> Vec<Node> {
        let first = |element: &Node| values(element, keys).into_iter().next();
        let is_full = |element: &Node| values(element, keys).iter().all(|value| !value.is_empty());
        let mut merged = Vec::new();
        for element in new {
            let collides = old
                .iter()
                .any(|other| first(other) == first(element) && !(is_full(other) && is_full(element)));
            let is_like = |other: &&Node| values(other, keys) == values(element, keys);
            if !collides && !old.iter().any(|other| is_like(&other)) {
                merged.extend(self.added(element, inner));
            }
        }
        for element in old {
            let is_like = |other: &&&Node| is_full(element) && values(other, keys) == values(element, keys);
            match new.iter().find(is_like) {
                Some(patch) => merged.extend(self.merge(Node::clone(element), patch, inner)),
                None => merged.push(Node::clone(element)),
            }
        }
        merged
    }
}

/// Whether the element says something about the list that it stands in, and nothing else.
fn is_directive(element: &Node) -> bool {
    element.entries().len() == 1 && element.get("$patch").is_some()
}

/// The values of the patch in its order, then the others.
fn plain(old: &[Node], new: &[&Node]) -> Vec<Node> {
    let mut merged: Vec<Node> = new.iter().copied().cloned().collect();
    for element in old {
        if !merged.iter().any(|known| known.data == element.data) {
            merged.push(Node::clone(element));
        }
    }
    merged
}

/// The values of the keys of an element; an empty text where one is missing.
fn values(element: &Node, keys: &[SmolStr]) -> Vec<SmolStr> {
    keys.iter().map(|key| element.get(key).and_then(scalar).unwrap_or_default()).collect()
}

/// Whether there are several keys, and some elements have all of them.
fn is_mixed(old: &[Node], new: &[&Node], keys: &[SmolStr]) -> bool {
    let is_full = |element: &Node| values(element, keys).iter().all(|value| !value.is_empty());
    keys.len() > 1 && old.iter().chain(new.iter().copied()).any(is_full)
}

//! Anchors and the budget of what aliases may copy.

use crate::tree::MAX_DEPTH;
use crate::{Node, NodeData};
use std::collections::HashMap;

/// How many nodes aliases may copy in one file. The largest real pipelines copy a few thousand; nine lines of nested
/// aliases could ask for a billion.
const MAX_COPIED_NODES: usize = 200_000;

/// The anchors of a document, by the parser's number.
#[derive(Default)]
pub(super) struct Anchors {
    nodes: HashMap<usize, Anchor>,
    copied: usize,
}

struct Anchor {
    node: Node,
    size: usize,
    height: usize,
}

/// Why an alias could not be followed.
pub(super) enum AliasError {
    /// Its anchor does not exist, or is the collection that the alias stands in.
    Unknown,
    /// Following it would exceed the budget of copies or the depth limit.
    Limit,
}

impl Anchors {
    /// Keeps a copy of an anchored node. Copies count against the budget, so that nested anchors stay bounded too.
    pub(super) fn define(&mut self, id: usize, node: &Node) {
        let (size, height) = measure(node);
        if self.copied + size <= MAX_COPIED_NODES {
            self.copied += size;
            self.nodes.insert(id, Anchor { node: node.clone(), size, height });
        }
    }

    /// A copy of the anchored node for an alias inside `depth` open collections.
    pub(super) fn resolve(&mut self, id: usize, depth: usize) -> Result<Node, AliasError> {
        let exhausted = self.copied >= MAX_COPIED_NODES;
        let anchor =
            self.nodes.get(&id).ok_or(if exhausted { AliasError::Limit } else { AliasError::Unknown })?;
        if self.copied + anchor.size > MAX_COPIED_NODES || depth + anchor.height > MAX_DEPTH {
            return Err(AliasError::Limit);
        }
        self.copied += anchor.size;
        Ok(anchor.node.clone())
    }

    /// Forgets the anchors of a finished document; the budget is the file's and stays.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
    }
}

/// The number of nodes of a tree, and how many collections it nests.
fn measure(node: &Node) -> (usize, usize) {
    let children: &mut dyn Iterator<Item = &Node> = match &node.data {
        NodeData::Sequence(elements) => &mut elements.iter(),
        NodeData::Mapping(entries) => &mut entries.iter().flat_map(|entry| [&entry.key, &entry.value]),
        _ => return (1, 0),
    };
    children.map(measure).fold((1, 1), |(size, height), (child_size, child_height)| {
        (size + child_size, height.max(child_height + 1))
    })
}

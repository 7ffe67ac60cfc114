//! JSON patches (RFC 6902) on syntax trees.

use crate::node::{depth, elements_mut, entries_mut, get_mut, remove, replaced, scalar_at, size};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};
use smol_str::SmolStr;

/// How large one object may become: copies of copies double with each operation.
const MAX_NODES: usize = 100_000;

/// How deep an object may become, for the sake of everything that walks it.
pub(crate) const MAX_DEPTH: usize = 200;

/// Why an operation cannot be applied, in the words of kustomize's library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatchError {
    #[error("{operation} operation does not apply: doc is missing path: \"{path}\": missing value")]
    MissingPath { operation: &'static str, path: SmolStr },
    #[error("error in remove for path: '{path}': Unable to remove nonexistent key: {key}: missing value")]
    MissingKey { path: SmolStr, key: SmolStr },
    #[error(
        "error in {operation} for path: '{path}': Unable to access invalid index: {index}: invalid index referenced"
    )]
    InvalidIndex { operation: &'static str, path: SmolStr, index: SmolStr },
    #[error("testing value {path} failed: test failed")]
    TestFailed { path: SmolStr },
    #[error("Unexpected kind: {name}")]
    UnknownOperation { name: SmolStr },
    #[error("the object grows beyond {MAX_NODES} values or {MAX_DEPTH} levels")]
    TooLarge,
}

/// Applies the operations to the object, in their order.
pub(crate) fn apply(target: &mut Node, operations: &[Node]) -> Result<(), (PatchError, Span)> {
    for operation in operations {
        apply_one(target, operation).map_err(|error| (error, operation.span))?;
        // Everything but a copy brings no more than stands in the patch.
        let is_copy = scalar_at(operation, &["op"]).is_some_and(|name| name == "copy");
        if is_copy && size(target) > MAX_NODES || depth(target) > MAX_DEPTH {
            return Err((PatchError::TooLarge, operation.span));
        }
    }
    Ok(())
}

fn apply_one(target: &mut Node, operation: &Node) -> Result<(), PatchError> {
    let name = scalar_at(operation, &["op"]).unwrap_or_default();
    let path = scalar_at(operation, &["path"]).unwrap_or_default();
    let from = || scalar_at(operation, &["from"]).unwrap_or_default();
    let value = || {
        let entry = operation.entry("value");
        let missing = Node::new(NodeData::Null, operation.span);
        entry.map_or(missing, |entry| Node::clone(&entry.value))
    };
    match name.as_str() {
        "add" => add(target, &path, value()),
        "remove" => take(target, &path, "remove").map(|_| ()),
        "replace" => replace(target, &path, value()),
        "move" => {
            let value = take(target, &from(), "move")?;
            add(target, &path, value)
        }
        "copy" => {
            let value = find(target, &from()).cloned();
            add(target, &path, value.ok_or(PatchError::MissingPath { operation: "copy", path: from() })?)
        }
        "test" => test(target, &path, &value()),
        _ => Err(PatchError::UnknownOperation { name }),
    }
}

/// The parts of a pointer, decoded.
fn parts(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

pub(crate) fn find<'n>(target: &'n Node, path: &str) -> Option<&'n Node> {
    parts(path).iter().try_fold(target, |node, part| match &node.data {
        NodeData::Sequence(elements) => elements.get(part.parse::<usize>().ok()?),
        _ => node.get(part),
    })
}

/// The collection that holds the last part of a path, and that part.
fn parent<'n>(
    target: &'n mut Node,
    path: &str,
    operation: &'static str,
) -> Result<(&'n mut Node, String), PatchError> {
    let missing = || PatchError::MissingPath { operation, path: path.into() };
    let mut parts = parts(path);
    let last = parts.pop().ok_or_else(missing)?;
    let node = parts.iter().try_fold(target, |node, part| child_mut(node, part)).ok_or_else(missing)?;
    match node.data {
        NodeData::Sequence(_) | NodeData::Mapping(_) => Ok((node, last)),
        _ => Err(missing()),
    }
}

/// The element or value that a part of a path means.
pub(crate) fn child_mut<'n>(node: &'n mut Node, part: &str) -> Option<&'n mut Node> {
    if matches!(node.data, NodeData::Sequence(_)) {
        return elements_mut(node)?.get_mut(part.parse::<usize>().ok()?);
    }
    get_mut(node, part)
}

/// The index that a part of a path means in a list of that length; negative ones count from the end.
fn index_of(part: &str, length: usize) -> Option<usize> {
    let index: i64 = part.parse().ok()?;
    let index = if index < 0 { index.checked_add(i64::try_from(length).ok()?)? } else { index };
    usize::try_from(index).ok()
}

fn add(target: &mut Node, path: &str, value: Node) -> Result<(), PatchError> {
    if path.is_empty() {
        *target = value;
        return Ok(());
    }
    let (node, last) = parent(target, path, "add")?;
    if let Some(elements) = elements_mut(node) {
        let length = elements.len();
        let index = if last == "-" { Some(length) } else { index_of(&last, length) };
        let invalid =
            || PatchError::InvalidIndex { operation: "add", path: path.into(), index: last.as_str().into() };
        let index = index.filter(|&index| index <= length).ok_or_else(invalid)?;
        elements.insert(index, value);
    } else {
        set(node, &last, value);
    }
    Ok(())
}

fn replace(target: &mut Node, path: &str, value: Node) -> Result<(), PatchError> {
    if path.is_empty() {
        *target = value;
        return Ok(());
    }
    let (node, last) = parent(target, path, "replace")?;
    if let Some(elements) = elements_mut(node) {
        let index = index_of(&last, elements.len());
        let missing = || PatchError::MissingPath { operation: "replace", path: path.into() };
        let slot = index.and_then(|index| elements.get_mut(index)).ok_or_else(missing)?;
        *slot = replaced(value, slot);
    } else {
        set(node, &last, value);
    }
    Ok(())
}

/// Puts a value under a key; the name goes with it, to the patch.
fn set(node: &mut Node, key: &str, value: Node) {
    let Some(entries) = entries_mut(node) else { return };
    let name = crate::node::text(key, crate::node::place(&value));
    match entries.iter_mut().rev().find(|entry| entry.key.as_str() == Some(key)) {
        Some(entry) => {
            let value = replaced(value, &entry.value);
            *entry = Entry { key: name, value };
        }
        None => entries.push(Entry { key: name, value }),
    }
}

/// Takes a value out of the tree.
fn take(target: &mut Node, path: &str, operation: &'static str) -> Result<Node, PatchError> {
    let (node, last) = parent(target, path, operation)?;
    if let Some(elements) = elements_mut(node) {
        let index = index_of(&last, elements.len()).filter(|&index| index < elements.len());
        let invalid =
            || PatchError::InvalidIndex { operation, path: path.into(), index: last.as_str().into() };
        return Ok(elements.remove(index.ok_or_else(invalid)?));
    }
    remove(node, &last).ok_or_else(|| PatchError::MissingKey { path: path.into(), key: last.into() })
}

fn test(target: &Node, path: &str, value: &Node) -> Result<(), PatchError> {
    let is_equal = match find(target, path) {
        Some(actual) => is_same(actual, value),
        None => value.data == NodeData::Null,
    };
    if is_equal { Ok(()) } else { Err(PatchError::TestFailed { path: path.into() }) }
}

/// Whether two trees hold the same values, wherever they stand and in whatever order their keys are.
pub(crate) fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.data, &other.data) {
        (NodeData::Sequence(one), NodeData::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (NodeData::Mapping(one), NodeData::Mapping(_)) => {
            let has_same = |entry: &Entry| {
                let found = entry.key.as_str().and_then(|key| other.get(key));
                found.is_some_and(|found| is_same(&entry.value, found))
            };
            one.len() == other.entries().len() && one.iter().all(has_same)
        }
        (one, other) => one == other,
    }
}

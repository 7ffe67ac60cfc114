//! Walking to the fields that a transformer changes.

use crate::node::{get_mut, get_or_put};
use crate::tables::FieldSpec;
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;

/// What is made where a field is missing, and where it stands.
#[derive(Clone)]
pub(crate) struct Missing {
    pub(crate) data: NodeData,
    pub(crate) span: Span,
}

/// Hands every value of the field to `change`. Lists on the way are walked through; a missing field is made where the
/// field says so.
pub(crate) fn change_field(
    node: &mut Node,
    field: &FieldSpec,
    missing: &Missing,
    change: &mut dyn FnMut(&mut Node),
) {
    let missing = field.creates.then_some(missing);
    walk(node, &field.path, missing, change);
}

fn walk(node: &mut Node, path: &[SmolStr], missing: Option<&Missing>, change: &mut dyn FnMut(&mut Node)) {
    let Some((name, rest)) = path.split_first() else {
        change(node);
        return;
    };
    match &mut node.data {
        NodeData::Sequence(elements) => {
            elements.iter_mut().for_each(|element| walk(element, path, missing, change));
        }
        NodeData::Mapping(_) | NodeData::Null => {
            let (name, is_list) = match name.strip_suffix("[]") {
                Some(name) => (name, true),
                None => (name.as_str(), false),
            };
            let next = match missing.filter(|_| !is_list) {
                Some(missing) => get_or_put(node, name, || make(rest, missing)),
                None => get_mut(node, name),
            };
            let Some(next) = next else { return };
            if next.data == NodeData::Null {
                match missing.filter(|_| !is_list) {
                    Some(missing) => *next = make(rest, missing),
                    None => return,
                }
            }
            walk(next, rest, missing, change);
        }
        _ => {}
    }
}

fn make(rest: &[SmolStr], missing: &Missing) -> Node {
    let data = if rest.is_empty() { NodeData::clone(&missing.data) } else { NodeData::Mapping(Vec::new()) };
    Node::new(data, missing.span)
}

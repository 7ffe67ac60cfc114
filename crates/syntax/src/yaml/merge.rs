//! Merge keys.

use crate::keys::Keys;
use crate::{Entry, Node, NodeData, Style};
use proofmark_source::Span;

/// Whether a key is the merge key `<<`.
pub(super) fn is_merge_key(key: &Node) -> bool {
    key.style == Style::Plain && key.as_str() == Some("<<")
}

/// Replaces merge keys by the entries that they bring: those whose key the mapping itself does not have, earlier sources
/// before later ones. Gives the keys whose value cannot be merged; those entries stay.
pub(super) fn merge(entries: Vec<Entry>) -> (Vec<Entry>, Vec<Span>) {
    let mut seen = Keys::default();
    for entry in entries.iter().filter(|entry| !is_merge_key(&entry.key)) {
        seen.insert(&entry.key.data);
    }
    let mut merged = Vec::with_capacity(entries.len());
    let mut refused = Vec::new();
    for entry in entries {
        if !is_merge_key(&entry.key) {
            merged.push(entry);
        } else if is_mergeable(&entry.value) {
            let place = entry.value.included_at.unwrap_or(entry.key.span);
            include(entry.value, place, &mut seen, &mut merged);
        } else {
            refused.push(entry.key.span);
            merged.push(entry);
        }
    }
    (merged, refused)
}

fn is_mergeable(value: &Node) -> bool {
    match &value.data {
        NodeData::Mapping(_) | NodeData::Null => true,
        NodeData::Sequence(elements) => elements.iter().all(|one| matches!(one.data, NodeData::Mapping(_))),
        _ => false,
    }
}

fn include(value: Node, place: Span, seen: &mut Keys, merged: &mut Vec<Entry>) {
    match value.data {
        NodeData::Mapping(entries) => {
            for mut entry in entries {
                if seen.insert(&entry.key.data) {
                    entry.key.included_at = Some(place);
                    entry.value.included_at = Some(place);
                    merged.push(entry);
                }
            }
        }
        NodeData::Sequence(elements) => {
            for element in elements {
                let place = element.included_at.unwrap_or(place);
                include(element, place, seen, merged);
            }
        }
        _ => {}
    }
}

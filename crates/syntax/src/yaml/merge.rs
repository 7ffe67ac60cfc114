//! Merge keys and duplicate keys.

use crate::{Entry, Node, NodeData, Style};
use proofmark_source::Span;
use std::collections::HashSet;

/// Whether a key is the merge key `<<`.
pub(super) fn is_merge_key(key: &Node) -> bool {
    key.style == Style::Plain && key.as_str() == Some("<<")
}

/// Replaces merge keys by the entries that they bring: those whose key the mapping itself does not have, earlier sources
/// before later ones. Gives the keys whose value cannot be merged; those entries stay.
pub(super) fn merge(entries: Vec<Entry>) -> (Vec<Entry>, Vec<Span>) {
    let mut seen: Vec<NodeData> = Vec::new();
    for entry in &entries {
        if !is_merge_key(&entry.key) {
            seen.push(entry.key.data.clone());
        }
    }
    let mut seen = Keys::new(&seen);
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

/// The keys that stand a second time, later ones first to last.
pub(crate) fn duplicates(entries: &[Entry]) -> Vec<&Entry> {
    if entries.len() < 2 {
        return Vec::new();
    }
    if entries.len() <= 8 {
        let is_repeated = |(index, entry): &(usize, &Entry)| {
            let before = entries.get(..*index).unwrap_or(&[]);
            key_text(&entry.key.data).is_some() && before.iter().any(|one| one.key.data == entry.key.data)
        };
        return entries.iter().enumerate().filter(is_repeated).map(|(_, entry)| entry).collect();
    }
    let mut keys = Keys::default();
    entries.iter().filter(|entry| !keys.insert(&entry.key.data)).collect()
}

/// A set of scalar keys. Collections as keys are never equal to anything.
#[derive(Default)]
struct Keys {
    texts: HashSet<(u8, smol_str::SmolStr)>,
}

impl Keys {
    fn new(keys: &[NodeData]) -> Self {
        let mut set = Self::default();
        for key in keys {
            set.insert(key);
        }
        set
    }

    /// Whether the key was not yet there.
    fn insert(&mut self, key: &NodeData) -> bool {
        key_text(key).is_none_or(|text| self.texts.insert(text))
    }
}

/// A scalar key as its kind and text.
fn key_text(key: &NodeData) -> Option<(u8, smol_str::SmolStr)> {
    Some(match key {
        NodeData::String(text) => (0, text.clone()),
        NodeData::Null => (1, smol_str::SmolStr::default()),
        NodeData::Bool(value) => (2, smol_str::format_smolstr!("{value}")),
        NodeData::Integer(value) => (3, smol_str::format_smolstr!("{value}")),
        NodeData::Float(value) => (4, smol_str::format_smolstr!("{value}")),
        NodeData::Template(_) | NodeData::Sequence(_) | NodeData::Mapping(_) => return None,
    })
}

//! Which keys of a mapping are the same.

use crate::{Entry, NodeData};
use proofmark_source::{Code, Diagnostic, Impact};
use smol_str::{SmolStr, format_smolstr};
use std::collections::HashSet;

/// Tells of the keys that stand a second time, under the format's own code.
pub(crate) fn diagnose_duplicates(entries: &[Entry], code: Code, text: &str) -> Vec<Diagnostic> {
    let tell = |entry: &Entry| {
        let span = entry.key.span;
        let key = span.slice(text).trim_matches(['"', '\'']);
        let message = format!("the key `{key}` stands here a second time; the last one counts");
        Diagnostic::new(code, Impact::None, span, message)
    };
    duplicates(entries).into_iter().map(tell).collect()
}

/// The keys that stand a second time, later ones first to last.
fn duplicates(entries: &[Entry]) -> Vec<&Entry> {
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
pub(crate) struct Keys {
    texts: HashSet<(u8, SmolStr)>,
}

impl Keys {
    /// Adds a key; whether it was not yet there.
    pub(crate) fn insert(&mut self, key: &NodeData) -> bool {
        key_text(key).is_none_or(|text| self.texts.insert(text))
    }
}

/// A scalar key as its kind and text.
fn key_text(key: &NodeData) -> Option<(u8, SmolStr)> {
    Some(match key {
        NodeData::String(text) => (0, SmolStr::clone(text)),
        NodeData::Null => (1, SmolStr::default()),
        NodeData::Bool(value) => (2, format_smolstr!("{value}")),
        NodeData::Integer(value) => (3, format_smolstr!("{value}")),
        NodeData::Float(value) => (4, format_smolstr!("{value}")),
        NodeData::Template(_) | NodeData::Sequence(_) | NodeData::Mapping(_) => return None,
    })
}

//! `!reference [job, key, …]`.

use super::codes;
use super::source::Sources;
use super::statement::Unread;
use super::tree::{carry, reference_keys, size, written_at};
use crate::places::relocate;
use proofmark_model::{Data, SmolStr, Unknown, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// GitLab's own limit on how deep references lead to references.
const MAX_NESTED: usize = 10;

/// The root with the target of every reference in its place. Bases are merged before.
pub fn resolve_references(sources: &mut Sources<'_>, root: &Value, unread: &[Unread]) -> Value {
    let mut resolver = Resolver { sources, root, unread, done: BTreeMap::new(), open: Vec::new() };
    resolver.resolved(root)
}

struct Resolver<'s, 'w> {
    sources: &'s mut Sources<'w>,
    root: &'s Value,
    unread: &'s [Unread],
    /// Targets with the references in them resolved.
    done: BTreeMap<Vec<SmolStr>, Value>,
    /// The references that are being followed, outermost first.
    open: Vec<Vec<SmolStr>>,
}

impl Resolver<'_, '_> {
    fn resolved(&mut self, value: &Value) -> Value {
        if !holds_reference(value) {
            return Value::clone(value);
        }
        match &value.data {
            Data::List(elements) => {
                let elements = elements.iter().map(|element| self.resolved(element));
                value.with_data(Data::List(elements.collect()))
            }
            Data::Map(map) => {
                let entries = map.entries().iter().map(|entry| entry.with_value(self.resolved(&entry.value)));
                value.with_data(Data::Map(map.with_entries(entries.collect()).into()))
            }
            _ => self.followed(value),
        }
    }

    fn followed(&mut self, reference: &Value) -> Value {
        let keys: Vec<SmolStr> =
            reference_keys(reference).unwrap_or_default().into_iter().map(SmolStr::new).collect();
        let label = format!("!reference [{}]", keys.join(", "));
        match self.target(&keys, reference, &label) {
            Ok(target) => {
                let way = &reference.origin;
                carry(&relocate(&target, written_at(way), &label), way)
            }
            Err(unknown) => reference.with_data(Data::Unknown(unknown)),
        }
    }

    fn target(&mut self, keys: &[SmolStr], reference: &Value, label: &str) -> Result<Value, Arc<Unknown>> {
        if let Some(done) = self.done.get(keys).cloned() {
            return self.counted(done, reference, label);
        }
        if self.open.iter().any(|open| open == keys) {
            return Err(self.refuse(reference, format!("`{label}` leads back to itself")));
        }
        if self.open.len() >= MAX_NESTED {
            return Err(self.refuse(reference, format!("references nest deeper than {MAX_NESTED} levels")));
        }
        let path: Vec<&str> = keys.iter().map(SmolStr::as_str).collect();
        let root = self.root;
        let found = if path.is_empty() { None } else { root.at_path(&path) };
        let Some(found) = found.filter(|found| !found.is_null()) else {
            return Err(self.missing(reference, &path, label));
        };
        self.open.push(keys.to_vec());
        let target = self.resolved(found);
        self.open.pop();
        self.done.insert(keys.to_vec(), Value::clone(&target));
        self.counted(target, reference, label)
    }

    fn counted(&mut self, target: Value, reference: &Value, label: &str) -> Result<Value, Arc<Unknown>> {
        if !self.sources.may_copy(size(&target)) {
            return Err(
                self.refuse(reference, format!("`{label}` is not followed: references copy too much"))
            );
        }
        Ok(target)
    }

    fn missing(&mut self, reference: &Value, path: &[&str], label: &str) -> Arc<Unknown> {
        let elsewhere = (1..=path.len())
            .rev()
            .find_map(|length| self.root.at_path(path.get(..length)?)?.as_map()?.unknown_rest.clone());
        if let Some(unknown) = elsewhere {
            return because(SmolStr::clone(&unknown.reason));
        }
        if let Some(unread) = self.unread.first() {
            return because(format!("`{label}` may stand elsewhere: {}", unread.reason));
        }
        self.refuse(reference, format!("`{label}` leads to nothing"))
    }

    fn refuse(&mut self, reference: &Value, message: String) -> Arc<Unknown> {
        self.sources.tell_lost(codes::REFERENCE, written_at(&reference.origin), message.as_str().into());
        because(message)
    }
}

fn holds_reference(value: &Value) -> bool {
    match &value.data {
        Data::List(elements) => elements.iter().any(holds_reference),
        Data::Map(map) => map.entries().iter().any(|entry| holds_reference(&entry.value)),
        _ => reference_keys(value).is_some(),
    }
}

fn because(reason: impl Into<SmolStr>) -> Arc<Unknown> {
    Arc::new(Unknown::because(reason))
}

//! `extends`.

use super::codes;
use super::source::Sources;
use super::statement::Unread;
use super::tree::{bring_to, flat, merge, open, size};
use proofmark_model::{Attribute, Data, Map, SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// GitLab's own limit on how deep bases nest below a job.
const MAX_NESTED: usize = 10;

/// How far a chain of bases is followed that is too deep anyway, so that each of them is told how deep it lies.
const MAX_FOLLOWED: usize = 50;

/// The root with every `extends` merged in: bases below the entry that names them, the later base on top of the earlier.
pub fn resolve_extends(sources: &mut Sources<'_>, root: &Value, unread: &[Unread]) -> Value {
    let Some(map) = root.as_map() else { return Value::clone(root) };
    let mut extender = Extender { sources, map, unread, done: BTreeMap::new(), open: Vec::new() };
    let entries = map.entries().iter().map(|entry| entry.with_value(extender.extended(entry).0));
    root.with_data(Data::Map(map.with_entries(entries.collect()).into()))
}

struct Extender<'s, 'w> {
    sources: &'s mut Sources<'w>,
    map: &'s Map,
    unread: &'s [Unread],
    /// What is extended already, with the levels of its bases.
    done: BTreeMap<SmolStr, (Value, usize)>,
    /// The entries that are being extended, outermost first.
    open: Vec<SmolStr>,
}

impl Extender<'_, '_> {
    /// The entry on top of its bases, and how many levels these have.
    fn extended(&mut self, entry: &Attribute) -> (Value, usize) {
        let extends = entry.value.at_path(&["extends"]).filter(|extends| !extends.is_null());
        let Some(extends) = extends else { return (Value::clone(&entry.value), 0) };
        if let Some(done) = self.done.get(&entry.name) {
            return done.clone();
        }
        self.open.push(SmolStr::clone(&entry.name));
        let place = statement_place(&entry.value, extends);
        let mut below: Option<Value> = None;
        let mut levels = 1;
        for name in flat(extends) {
            below = Some(match (self.base(name, place), below) {
                (Ok((base, above)), below) => {
                    levels = levels.max(above + 1);
                    below.map_or_else(|| Value::clone(&base), |below| merge(&below, &base, &stay))
                }
                // What an unknown base says goes on top of what the earlier ones say.
                (Err(unknown), below) => doubted(below, &unknown, place),
            });
        }
        self.open.pop();
        let merged = match below {
            Some(below) => on_top(&below, &entry.value),
            None => Value::clone(&entry.value),
        };
        self.done.insert(SmolStr::clone(&entry.name), (Value::clone(&merged), levels));
        (merged, levels)
    }

    /// The base of that name, seen from the statement, and how many levels it stands on.
    fn base(&mut self, name: &Value, place: Span) -> Result<(Value, usize), Arc<Unknown>> {
        let Some(text) = name.as_str() else {
            let reason = name.as_unknown().map(|unknown| SmolStr::clone(&unknown.reason));
            return Err(because(reason.unwrap_or_else(|| "`extends` takes names".into())));
        };
        if self.open.iter().any(|open| open == text) {
            return Err(self.refuse(name, format!("`{text}` extends itself")));
        }
        if self.open.len() > MAX_FOLLOWED {
            return Err(self.refuse(name, format!("`extends` nests deeper than {MAX_NESTED} levels")));
        }
        let map = self.map;
        let Some(base) = map.get(text) else { return Err(self.missing(name, text)) };
        if base.value.as_map().is_none() {
            return Err(self.refuse(name, format!("`{text}` cannot be extended: it is no map")));
        }
        let (value, levels) = self.extended(base);
        if self.open.len() + levels > MAX_NESTED {
            return Err(self.refuse(name, format!("`extends` nests deeper than {MAX_NESTED} levels")));
        }
        if !self.sources.may_copy(size(&value)) {
            return Err(self.refuse(name, format!("`{text}` is not merged: bases copy too much")));
        }
        Ok((bring_to(&base.with_value(value), place, text).value, levels))
    }

    fn missing(&mut self, name: &Value, text: &str) -> Arc<Unknown> {
        if let Some(unread) = self.unread.first() {
            return because(format!("the base `{text}` may stand elsewhere: {}", unread.reason));
        }
        let hint = self.sources.hint(text, self.map.entries().iter().map(|entry| entry.name.as_str()));
        self.refuse(name, format!("the base `{text}` does not exist{hint}"))
    }

    fn refuse(&mut self, name: &Value, message: String) -> Arc<Unknown> {
        self.sources.tell_lost(codes::EXTENDS, name.origin.span, message.as_str().into());
        because(message)
    }
}

fn stay(entry: &Attribute, _header: Span) -> Attribute {
    Attribute::clone(entry)
}

/// The job on top of its bases. Where a base is not known, every map of the job may hold more.
fn on_top(below: &Value, own: &Value) -> Value {
    let merged = merge(below, own, &stay);
    match below.as_map().and_then(|map| map.unknown_rest.as_ref()) {
        Some(unknown) => open(&merged, unknown),
        None => merged,
    }
}

/// What stays known of earlier bases below one that is not.
fn doubted(below: Option<Value>, unknown: &Arc<Unknown>, place: Span) -> Value {
    let entries = below.as_ref().and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let hidden = Value::new(Data::Unknown(Arc::clone(unknown)), place);
    let entries = entries.iter().map(|entry| entry.with_value(Value::clone(&hidden)));
    let mut map = Map::new(entries.collect()).with_header(place);
    map.unknown_rest = Some(Arc::clone(unknown));
    Value::map(map, place)
}

/// The key and value of the statement, where they stand together.
fn statement_place(job: &Value, extends: &Value) -> Span {
    let key = job.as_map().and_then(|map| map.get("extends")).map(|entry| entry.name_span);
    key.unwrap_or(extends.origin.span).join(extends.origin.span)
}

fn because(reason: impl Into<SmolStr>) -> Arc<Unknown> {
    Arc::new(Unknown::because(reason))
}

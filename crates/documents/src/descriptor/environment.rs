//! Environments side by side.

use super::key_text;
use crate::facts::Facts;
use crate::record::{Place, Record};
use proofmark_model::{Attribute, Data, Map, Resource, SmolStr, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};
use std::collections::BTreeSet;

const KIND: &str = "environment_descriptor";

/// One environment: its `name`, its `regions` of {role, name}, and `settings` as written.
pub(super) fn describe(record: &Record<'_>, entry: &Entry, name: &str) -> Resource {
    let header = entry.key.span;
    let mut facts = Facts::new(header);
    facts.set("name", Value::string(name, header));
    facts.text("path", record.path);
    facts.set("settings", Value::from_node(&entry.value, header));
    let regions = entry.value.get("regions").map_or(&[][..], Node::entries);
    let described = regions.iter().filter_map(|region| {
        let mut facts = Facts::new(region.key.span);
        facts.text("role", key_text(region));
        facts.set("name", Value::string(region.value.as_str()?, region.value.span));
        Some(facts.finish_over(region.key.span, region.key.span.join(region.value.span)))
    });
    facts.list("regions", described.collect());
    record.part(KIND, name, Place::of(entry), facts.finish(header))
}

/// Adds to each environment of a folder what it lacks that another one has: `missing` of {path, peer}, at the key below
/// which it is missing. Only the outermost missing key of a branch is listed.
pub(crate) fn compare_environments(resources: &mut [Resource]) {
    let is_environment = |resource: &&Resource| resource.kind.0 == KIND;
    let environments: Vec<(SmolStr, Value)> =
        resources.iter().filter(is_environment).filter_map(name_and_settings).collect();
    for resource in resources.iter_mut().filter(|resource| is_environment(&&**resource)) {
        let Some((name, settings)) = name_and_settings(resource) else { continue };
        let mut missing = Vec::new();
        for (peer, theirs) in environments.iter().filter(|(peer, _)| *peer != name) {
            let mut gaps = Gaps { peer, found: Vec::new() };
            gaps.compare(&settings, theirs, "", resource.header);
            missing.extend(gaps.found);
        }
        let span = resource.header;
        resource.attributes = with_entry(&resource.attributes, "missing", Value::list(missing, span), span);
    }
}

fn name_and_settings(environment: &Resource) -> Option<(SmolStr, Value)> {
    let name = environment.attributes.at_path(&["name"])?.as_str()?;
    Some((SmolStr::new(name), Value::clone(environment.attributes.at_path(&["settings"])?)))
}

fn with_entry(value: &Value, name: &str, added: Value, span: Span) -> Value {
    let Data::Map(map) = &value.data else { return Value::clone(value) };
    let mut entries = map.entries().to_vec();
    entries.push(Attribute { name: SmolStr::new(name), name_span: span, value: added });
    value.with_data(Data::Map(map.with_entries(entries).into()))
}

/// What one environment lacks that a peer has.
struct Gaps<'p> {
    peer: &'p str,
    found: Vec<Value>,
}

impl Gaps<'_> {
    fn compare(&mut self, ours: &Value, theirs: &Value, path: &str, header: Span) {
        let own = branches(ours);
        for (key, (their_value, _)) in branches(theirs) {
            let inner = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            match own.iter().find(|(name, _)| *name == key) {
                Some((_, (own_value, span))) => self.compare(own_value, their_value, &inner, *span),
                None => self.add(&inner, key, header),
            }
        }
    }

    fn add(&mut self, path: &str, key: &str, header: Span) {
        let mut facts = Facts::new(header);
        facts.text("path", path);
        facts.text("key", key);
        facts.text("peer", self.peer);
        self.found.push(facts.finish(header));
    }
}

/// The keys of a map, or of all maps in a list, each once with its first value and place.
fn branches(value: &Value) -> Vec<(&str, (&Value, Span))> {
    let maps: Vec<&Map> = match &value.data {
        Data::Map(map) => vec![map],
        Data::List(elements) => elements.iter().filter_map(Value::as_map).collect(),
        _ => Vec::new(),
    };
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for entry in maps.iter().flat_map(|map| map.entries()) {
        if seen.insert(entry.name.as_str()) {
            found.push((entry.name.as_str(), (&entry.value, entry.name_span)));
        }
    }
    found
}

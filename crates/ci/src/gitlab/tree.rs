//! The tree that files, templates and defaults are merged in.
//!
//! It is made of values from the start, since these know where they came from. A `!reference` is an unknown that points
//! to its target until [`resolve_references`](super::reference::resolve_references) puts the target in its place.

use crate::places::{ANCHOR, relocate};
use proofmark_model::{Address, Attribute, Data, Map, Origin, Reference, SmolStr, StepKind, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};
use std::sync::Arc;

/// What stands between the keys behind the job in the target of a `!reference`. No key holds it.
const KEY_SEPARATOR: char = '\n';

/// The value of a node, with `header` as the place for findings about what is missing in it.
pub fn tree_of(node: &Node, header: Span) -> Value {
    let value = match &node.data {
        NodeData::Sequence(elements) if node.tag.as_deref() == Some("!reference") => {
            Value::unknown(unresolved(elements), node.span)
        }
        NodeData::Sequence(elements) => {
            let values = elements.iter().map(|element| tree_of(element, first_line(element)));
            Value::list(values.collect(), node.span)
        }
        NodeData::Mapping(entries) => Value::map(map_of(entries, header), node.span),
        _ => Value::from_node(&Node { included_at: None, ..node.clone() }, header),
    };
    match node.included_at {
        Some(place) => relocate(&value, place, ANCHOR),
        None => value,
    }
}

fn map_of(entries: &[Entry], header: Span) -> Map {
    let attributes = entries.iter().filter_map(|entry| {
        let name_span = entry.key.included_at.unwrap_or(entry.key.span);
        Some(Attribute { name: key_text(&entry.key)?, name_span, value: tree_of(&entry.value, name_span) })
    });
    let mut map = Map::new(attributes.collect()).with_header(header);
    if entries.iter().any(|entry| matches!(entry.key.data, NodeData::Template(_))) {
        let reason = "an error in the file hides what stands here";
        map.unknown_rest = Some(Unknown::because(reason).into());
    }
    map
}

/// A key as a text: GitLab writes every scalar as one.
fn key_text(key: &Node) -> Option<SmolStr> {
    match &key.data {
        NodeData::String(text) => Some(SmolStr::clone(text)),
        NodeData::Bool(value) => Some(SmolStr::new(value.to_string())),
        NodeData::Integer(value) => Some(SmolStr::new(value.to_string())),
        NodeData::Float(value) => Some(SmolStr::new(value.to_string())),
        _ => None,
    }
}

/// Where a finding about something that is missing in an element of a list points: its first entry.
fn first_line(element: &Node) -> Span {
    match element.entries().first() {
        Some(entry) if entry.value.entries().is_empty() => entry.key.span.join(entry.value.span),
        Some(entry) => entry.key.span,
        None => element.span,
    }
}

fn unresolved(elements: &[Node]) -> Unknown {
    let keys: Vec<SmolStr> = elements.iter().filter_map(key_text).collect();
    let reason = SmolStr::new(format!("`!reference [{}]` is not resolved", keys.join(", ")));
    let (job, path) = keys.split_first().map_or(("", &[][..]), |(job, path)| (job.as_str(), path));
    let attribute = SmolStr::new(path.join(&KEY_SEPARATOR.to_string()));
    let reference = Reference { address: Address(SmolStr::new(job)), attribute };
    Unknown { references: vec![reference], ..Unknown::because(reason) }
}

/// The keys that a `!reference` names, the job's first; `None` for any other value.
pub fn reference_keys(value: &Value) -> Option<Vec<&str>> {
    let [reference] = value.as_unknown()?.references.as_slice() else { return None };
    let path = reference.attribute.split(KEY_SEPARATOR).filter(|key| !key.is_empty());
    Some(std::iter::once(reference.address.0.as_str()).chain(path).collect())
}

/// How an entry that only the lower of two merged maps has comes into the upper one, whose header is given.
pub type Bring<'a> = dyn Fn(&Attribute, Span) -> Attribute + 'a;

/// `over` on top of `base`: maps entry by entry at every level, everything else replaced (`null` too).
pub fn merge(base: &Value, over: &Value, bring: &Bring<'_>) -> Value {
    let (Data::Map(below), Data::Map(above)) = (&base.data, &over.data) else {
        return Value::clone(over);
    };
    let header = above.header.unwrap_or(over.origin.span);
    let only_below = below.entries().iter().filter(|entry| above.get(&entry.name).is_none());
    let mut entries: Vec<Attribute> = only_below.map(|entry| bring(entry, header)).collect();
    for entry in above.entries() {
        let value = match below.value(&entry.name) {
            Some(under) => merge(under, &entry.value, bring),
            None => Value::clone(&entry.value),
        };
        entries.push(entry.with_value(value));
    }
    let mut map = above.with_entries(entries);
    map.unknown_rest = above.unknown_rest.clone().or_else(|| below.unknown_rest.clone());
    over.with_data(Data::Map(map.into()))
}

/// The entry seen from `span`, brought there by what is called `name`.
pub fn bring_to(entry: &Attribute, span: Span, name: &str) -> Attribute {
    Attribute {
        name: SmolStr::clone(&entry.name),
        name_span: span,
        value: relocate(&entry.value, span, name),
    }
}

/// Marks every map in `value` outside lists as one that may hold more.
pub fn open(value: &Value, unknown: &Arc<Unknown>) -> Value {
    let Data::Map(map) = &value.data else { return Value::clone(value) };
    let mut opened = map.with_values(|entry| open(&entry.value, unknown));
    opened.unknown_rest = opened.unknown_rest.or_else(|| Some(Arc::clone(unknown)));
    value.with_data(Data::Map(opened.into()))
}

/// The place where a value was written, at the end of its way.
pub fn written_at(origin: &Origin) -> Span {
    origin.steps().last().map_or(origin.span, |step| step.span)
}

/// The same tree at the near end of the way that `way` tells of, whose far end it stands in.
pub fn carry(value: &Value, way: &Origin) -> Value {
    let steps: Vec<(&StepKind, Span)> = way.steps().map(|step| (&step.kind, step.span)).collect();
    Carrier { way, steps, last: None }.value(value)
}

struct Carrier<'w> {
    way: &'w Origin,
    /// What happened on the way and where it began, nearest first.
    steps: Vec<(&'w StepKind, Span)>,
    /// The origin that was carried last: most parts of a command stand where the command stands.
    last: Option<(Origin, Origin)>,
}

impl Carrier<'_> {
    fn value(&mut self, value: &Value) -> Value {
        let data = match &value.data {
            Data::List(elements) => Data::List(elements.iter().map(|element| self.value(element)).collect()),
            Data::Map(map) => {
                let near = self.way.span;
                let entries = map
                    .entries()
                    .iter()
                    .map(|entry| Attribute { name_span: near, ..entry.with_value(self.value(&entry.value)) });
                Data::Map(map.with_entries(entries.collect()).with_header(near).into())
            }
            other => Data::clone(other),
        };
        Value { data, origin: self.origin(&value.origin), is_sensitive: value.is_sensitive }
    }

    fn origin(&mut self, origin: &Origin) -> Origin {
        if let Some((from, to)) = &self.last
            && from == origin
        {
            return Origin::clone(to);
        }
        let mut carried = Origin::clone(origin);
        for (index, (kind, _)) in self.steps.iter().enumerate().rev() {
            let nearer = index.checked_sub(1).and_then(|before| self.steps.get(before));
            let span = nearer.map_or(self.way.span, |(_, span)| *span);
            carried = carried.used_at(span, StepKind::clone(kind));
        }
        self.last = Some((Origin::clone(origin), Origin::clone(&carried)));
        carried
    }
}

/// The text that a value is, or the texts in its list, lists in lists laid flat.
pub fn texts(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    flatten(value, 0, &mut found);
    found.retain(|value| value.as_str().is_some());
    found
}

/// How deep lists may nest in scripts and rules, as GitLab allows.
const MAX_NESTED_LISTS: usize = 10;

/// The elements of a list with lists in it laid flat; anything else is its own only element, and `null` none.
pub fn flat(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    flatten(value, 0, &mut found);
    found
}

fn flatten<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    match &value.data {
        Data::List(elements) if depth <= MAX_NESTED_LISTS => {
            elements.iter().for_each(|element| flatten(element, depth + 1, found));
        }
        Data::Null => {}
        _ => found.push(value),
    }
}

/// The number of values in a tree.
pub fn size(value: &Value) -> usize {
    match &value.data {
        Data::List(elements) => elements.iter().map(size).sum::<usize>() + 1,
        Data::Map(map) => map.entries().iter().map(|entry| size(&entry.value)).sum::<usize>() + 1,
        _ => 1,
    }
}

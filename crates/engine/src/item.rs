//! What expressions compute: values of the model with their place, and values made on the way.

use crate::version::Version;
use proofmark_model::{Attribute, Data, Map, SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::sync::Arc;

/// The value of an expression.
#[derive(Clone, Debug)]
pub(crate) enum Item<'a> {
    /// Missing or `null`: the same to a rule.
    Absent,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(SmolStr),
    Version(Arc<Version>),
    List(Arc<List<'a>>),
    Map(Arc<Record<'a>>),
    /// A value of the model, where it stands.
    Place(Place<'a>),
    /// A whole number between two bounds, both included: the size of something that is not known.
    Between(i64, i64, Arc<Unknown>),
    Unknown(Arc<Unknown>),
}

/// A value of the model with the way that led to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub value: &'a Value,
    /// The entry that holds it, where a map does.
    pub attribute: Option<&'a Attribute>,
    /// The way, for messages.
    pub path: PathId,
    /// Where a finding about something that is missing here points.
    pub home: Span,
    /// Whether it, or anything that holds it, must not be shown.
    pub is_sensitive: bool,
}

/// A path in the arena of [`Run`](crate::condition::Run).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PathId(pub u32);

/// A list that was made on the way.
#[derive(Clone, Debug, Default)]
pub(crate) struct List<'a> {
    pub elements: Vec<Item<'a>>,
    /// Why there may be further elements, if there may.
    pub open: Option<Arc<Unknown>>,
}

/// A map that was made on the way, sorted by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record<'a> {
    entries: Vec<(SmolStr, Item<'a>)>,
    /// Why there may be further entries, if there may.
    pub open: Option<Arc<Unknown>>,
}

impl<'a> Record<'a> {
    /// A record of these entries; of equal names the last one counts.
    pub fn new(mut entries: Vec<(SmolStr, Item<'a>)>) -> Self {
        entries.reverse();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, kept| later.0 == kept.0);
        Self { entries, open: None }
    }

    pub fn get(&self, name: &str) -> Option<&Item<'a>> {
        let index = self.entries.binary_search_by(|(key, _)| key.as_str().cmp(name)).ok()?;
        self.entries.get(index).map(|(_, item)| item)
    }

    pub fn entries(&self) -> &[(SmolStr, Item<'a>)] {
        &self.entries
    }
}

/// An item as comparisons see it: places looked through, `null` absent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum View<'v, 'a> {
    Absent,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(&'v str),
    Version(&'v Version),
    List(ListView<'v, 'a>),
    Map(MapView<'v, 'a>),
    Between(i64, i64, &'v Arc<Unknown>),
    Unknown(&'v Arc<Unknown>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum ListView<'v, 'a> {
    Model(&'v [Value]),
    Made(&'v List<'a>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum MapView<'v, 'a> {
    Model(&'v Map),
    Made(&'v Record<'a>),
}

impl<'a> Item<'a> {
    pub fn text(text: impl Into<SmolStr>) -> Self {
        Self::Text(text.into())
    }

    pub fn list(elements: Vec<Item<'a>>) -> Self {
        Self::List(Arc::new(List { elements, open: None }))
    }

    pub fn record(entries: Vec<(SmolStr, Item<'a>)>) -> Self {
        Self::Map(Arc::new(Record::new(entries)))
    }

    /// Not known, for a reason in words.
    pub fn unknown(reason: impl Into<SmolStr>) -> Self {
        Self::Unknown(Arc::new(Unknown::because(reason)))
    }

    pub fn view<'v>(&'v self) -> View<'v, 'a> {
        match self {
            Self::Absent => View::Absent,
            Self::Bool(value) => View::Bool(*value),
            Self::Integer(value) => View::Integer(*value),
            Self::Float(value) => View::Float(*value),
            Self::Text(text) => View::Text(text),
            Self::Version(version) => View::Version(version),
            Self::List(list) => View::List(ListView::Made(list)),
            Self::Map(record) => View::Map(MapView::Made(record)),
            Self::Place(place) => View::of(place.value),
            Self::Between(least, most, unknown) => View::Between(*least, *most, unknown),
            Self::Unknown(unknown) => View::Unknown(unknown),
        }
    }
}

impl<'v, 'a> View<'v, 'a> {
    pub fn of(value: &'v Value) -> Self {
        match &value.data {
            Data::Null => Self::Absent,
            Data::Bool(value) => Self::Bool(*value),
            Data::Integer(value) => Self::Integer(*value),
            Data::Float(value) => Self::Float(*value),
            Data::String(text) => Self::Text(text),
            Data::List(elements) => Self::List(ListView::Model(elements)),
            Data::Map(map) => Self::Map(MapView::Model(map)),
            Data::Unknown(unknown) => Self::Unknown(unknown),
        }
    }

    /// The type in words, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Integer(_) | Self::Float(_) | Self::Between(..) => "a number",
            Self::Text(_) => "a text",
            Self::Version(_) => "a version",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl<'v, 'a> ListView<'v, 'a> {
    pub fn len(self) -> usize {
        match self {
            Self::Model(elements) => elements.len() - usize::from(rest_of(elements).is_some()),
            Self::Made(list) => list.elements.len(),
        }
    }

    pub fn get(self, index: usize) -> Option<View<'v, 'a>> {
        match self {
            // The rest has no number.
            Self::Model(elements) if index < self.len() => elements.get(index).map(View::of),
            Self::Model(_) => None,
            Self::Made(list) => list.elements.get(index).map(Item::view),
        }
    }

    pub fn iter(self) -> impl Iterator<Item = View<'v, 'a>> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }

    /// Why there may be further elements, if there may.
    pub fn open(self) -> Option<&'v Arc<Unknown>> {
        match self {
            Self::Model(elements) => rest_of(elements),
            Self::Made(list) => list.open.as_ref(),
        }
    }
}

/// Why there may be further blocks behind the known ones: readers put one unknown value at the end of a list of blocks
/// where a repetition is not known as a whole. It stands for none, one or many.
pub(crate) fn rest_of(elements: &[Value]) -> Option<&Arc<Unknown>> {
    match elements {
        [first, .., Value { data: Data::Unknown(rest), .. }] if matches!(first.data, Data::Map(_)) => {
            Some(rest)
        }
        _ => None,
    }
}

impl<'v, 'a> MapView<'v, 'a> {
    pub fn len(self) -> usize {
        match self {
            Self::Model(map) => map.entries().len(),
            Self::Made(record) => record.entries.len(),
        }
    }

    pub fn get(self, name: &str) -> Option<View<'v, 'a>> {
        match self {
            Self::Model(map) => map.value(name).map(View::of),
            Self::Made(record) => record.get(name).map(Item::view),
        }
    }

    pub fn key(self, index: usize) -> Option<&'v SmolStr> {
        match self {
            Self::Model(map) => map.entries().get(index).map(|entry| &entry.name),
            Self::Made(record) => record.entries.get(index).map(|(name, _)| name),
        }
    }

    /// Why there may be further entries, if there may.
    pub fn open(self) -> Option<&'v Arc<Unknown>> {
        match self {
            Self::Model(map) => map.unknown_rest.as_ref(),
            Self::Made(record) => record.open.as_ref(),
        }
    }
}

//! The value tree.

use crate::{Elements, Origin, Reference, Unknown};
use proofmark_source::Span;
use smol_str::SmolStr;
use std::fmt;
use std::sync::Arc;

/// A value with its origin. Copies are cheap: lists, maps and long texts are shared.
#[derive(Clone, PartialEq)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// Where it was written and how it came here.
    pub origin: Origin,
    /// Whether it must never be shown. Such values print as `(sensitive)` everywhere.
    pub is_sensitive: bool,
}

/// What a value is.
#[derive(Clone, PartialEq)]
pub enum Data {
    /// `null`; to a rule the same as a missing attribute.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(SmolStr),
    /// A list, tuple, or set.
    List(Elements),
    /// A map, object, or block.
    Map(Arc<Map>),
    /// What no file contains.
    Unknown(Arc<Unknown>),
}

/// The entries of a map, object or block, sorted by name, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    entries: Vec<Attribute>,
    /// Where a finding about something that is missing here points: the header of the block, the key that holds the
    /// map, the first line of a list element.
    pub header: Option<Span>,
    /// Whether there may be further entries that are not known (a merge with an unknown map, say): a missing name is
    /// then unknown, not absent. Holds the reason.
    pub unknown_rest: Option<Arc<Unknown>>,
    /// What the source format calls it.
    pub kind: MapKind,
}

/// What the source format calls a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapKind {
    /// Each value has a type of its own, as in any format that does not say more.
    #[default]
    Object,
    /// All values have one type.
    Map,
    /// A text of JSON, kept as the object that it encodes, because not all of it is known or rules read what is inside.
    Encoded,
}

/// One named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name.
    pub name: SmolStr,
    /// Where the name stands; for computed entries, where the value stands.
    pub name_span: Span,
    /// The value.
    pub value: Value,
}

impl Map {
    /// A map of these entries. Of equal names the last one counts.
    #[must_use]
    pub fn new(mut entries: Vec<Attribute>) -> Self {
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        // Of a run of equal names the last survives: walk backwards, where it comes first.
        entries.reverse();
        entries.dedup_by(|later, kept| later.name == kept.name);
        entries.reverse();
        Self { entries, header: None, unknown_rest: None, kind: MapKind::default() }
    }

    /// The same with the place where findings about missing entries point.
    #[must_use]
    pub fn with_header(mut self, header: Span) -> Self {
        self.header = Some(header);
        self
    }

    /// A map with other entries at the same place, and as open to further ones.
    #[must_use]
    pub fn with_entries(&self, entries: Vec<Attribute>) -> Self {
        let unknown_rest = self.unknown_rest.as_ref().map(Arc::clone);
        Self { header: self.header, unknown_rest, kind: self.kind, ..Self::new(entries) }
    }

    /// The entries in order of name.
    #[must_use]
    pub fn entries(&self) -> &[Attribute] {
        &self.entries
    }

    /// The entry of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        let index = self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.entries.get(index)
    }

    /// The value of that name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.get(name).map(|entry| &entry.value)
    }

    /// The same map with the value of each entry replaced by what `change` makes of it.
    #[must_use]
    pub fn with_values(&self, mut change: impl FnMut(&Attribute) -> Value) -> Self {
        let entries = self.entries.iter().map(|entry| entry.with_value(change(entry)));
        Self {
            entries: entries.collect(),
            header: self.header,
            unknown_rest: self.unknown_rest.as_ref().map(Arc::clone),
            kind: self.kind,
        }
    }
}

impl Attribute {
    /// The same name, in the same place, with another value.
    #[must_use]
    pub fn with_value(&self, value: Value) -> Self {
        Self { name: SmolStr::clone(&self.name), name_span: self.name_span, value }
    }
}

impl Value {
    /// `data` written at `span`.
    #[must_use]
    pub fn new(data: Data, span: Span) -> Self {
        Self { data, origin: Origin::at(span), is_sensitive: false }
    }

    /// Other data in the place of these: the origin stays, and what was sensitive stays so.
    #[must_use]
    pub fn with_data(&self, data: Data) -> Self {
        Self { data, origin: Origin::clone(&self.origin), is_sensitive: self.is_sensitive }
    }

    /// A text written at `span`.
    #[must_use]
    pub fn string(text: impl Into<SmolStr>, span: Span) -> Self {
        Self::new(Data::String(text.into()), span)
    }

    /// A list written at `span`.
    #[must_use]
    pub fn list(elements: Vec<Value>, span: Span) -> Self {
        Self::new(Data::List(elements.into()), span)
    }

    /// A map written at `span`.
    #[must_use]
    pub fn map(map: Map, span: Span) -> Self {
        Self::new(Data::Map(Arc::new(map)), span)
    }

    /// A value that is not known, at the place where it would stand.
    #[must_use]
    pub fn unknown(unknown: Unknown, span: Span) -> Self {
        Self::new(Data::Unknown(Arc::new(unknown)), span)
    }

    /// Whether the value is `null`, and so absent to a rule.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// The map, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match &self.data {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The reason, if it is not known.
    #[must_use]
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.data {
            Data::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The value at a path of names, without any leniency; `None` where a name is missing or not a map's.
    #[must_use]
    pub fn at_path<'v>(&'v self, path: &[&str]) -> Option<&'v Value> {
        path.iter().try_fold(self, |value, name| value.as_map()?.value(name))
    }

    /// The resources that the value points to: those that made it unknown, and those it came from.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        let unknown = self.as_unknown().map_or(&[][..], |unknown| unknown.references.as_slice());
        unknown.iter().chain(self.origin.references())
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Value {
    /// The value as people read it: JSON-like, `(sensitive)` and `(unknown: reason)` in their place.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_sensitive { formatter.write_str("(sensitive)") } else { self.data.fmt(formatter) }
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::Float(value) => write!(formatter, "{value}"),
            Self::String(text) => write!(formatter, "{text:?}"),
            Self::Unknown(unknown) => write!(formatter, "(unknown: {})", unknown.reason),
            Self::List(elements) => {
                formatter.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        formatter.write_str(", ")?;
                    }
                    write!(formatter, "{element}")?;
                }
                formatter.write_str("]")
            }
            Self::Map(map) => {
                formatter.write_str("{")?;
                for (index, entry) in map.entries().iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    write!(formatter, "{separator}{} = {}", entry.name, entry.value)?;
                }
                formatter.write_str("}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proofmark_source::FileId;

    fn here() -> Span {
        Span::new(FileId(0), 0, 0)
    }

    fn entry(name: &str, text: &str) -> Attribute {
        Attribute { name: name.into(), name_span: here(), value: Value::string(text, here()) }
    }

    #[test]
    fn of_equal_names_the_last_counts() {
        let map = Map::new(vec![entry("b", "1"), entry("a", "1"), entry("b", "2")]);
        assert_eq!(Value::map(map, here()).to_string(), r#"{a = "1", b = "2"}"#);
    }

    #[test]
    fn sensitive_values_never_print() {
        let mut secret = Value::string("hunter2", here());
        secret.is_sensitive = true;
        let list = Value::list(vec![secret], here());
        assert_eq!(format!("{list} {list:?}"), "[(sensitive)] [(sensitive)]");
    }
}

//! From a syntax tree to values.

use crate::{Attribute, Data, Known, Map, Origin, StepKind, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};
use smol_str::{SmolStr, format_smolstr};

/// Where the parts of a text really came from: of a rendered text, the templates and values that made it.
pub trait Provenance {
    /// Where the bytes at `span` came from: the place that stands for them in a file, with the steps behind it.
    fn origin(&self, span: Span) -> Origin;

    /// Why nobody knows what really stands at `span`, where that is so.
    fn unknown(&self, span: Span) -> Option<Unknown>;
}

/// A text that stands in its file as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsWritten;

impl Provenance for AsWritten {
    fn origin(&self, span: Span) -> Origin {
        Origin::at(span)
    }

    fn unknown(&self, _span: Span) -> Option<Unknown> {
        None
    }
}

impl Value {
    /// The value that a node of a data format stands for, with `header` as the place for findings about what is missing
    /// in it (the key that holds it, or its own first entry).
    ///
    /// Template expressions become unknown with their text in the reason; as keys they make the rest of the map unknown.
    /// What an alias or merge key brought here keeps the anchor's place as a step.
    #[must_use]
    pub fn from_node(node: &Node, header: Span) -> Value {
        Self::from_rendered(node, header, &AsWritten)
    }

    /// The same for a text that was computed: its spans are places in that text, and `provenance` knows what they came from.
    /// `header` is a place in the text too.
    #[must_use]
    pub fn from_rendered(node: &Node, header: Span, provenance: &dyn Provenance) -> Value {
        let data = match &node.data {
            NodeData::Null => Data::Null,
            NodeData::Bool(value) => Data::Bool(*value),
            NodeData::Integer(value) => Data::Integer(*value),
            NodeData::Float(value) => Data::Float(*value),
            NodeData::String(text) => Data::String(text.clone()),
            NodeData::Template(text) => Data::Unknown(filled_in_value(text).into()),
            NodeData::Sequence(elements) => Data::List(
                elements
                    .iter()
                    .map(|element| Value::from_rendered(element, first_line(element), provenance))
                    .collect(),
            ),
            NodeData::Mapping(entries) => {
                let attributes = entries.iter().filter_map(|entry| attribute(entry, provenance));
                let mut map = Map::new(attributes.collect()).with_header(provenance.origin(header).span);
                map.unknown_rest = entries.iter().find_map(|entry| match &entry.key.data {
                    NodeData::Template(text) => Some(filled_in(text).into()),
                    _ => None,
                });
                Data::Map(map.into())
            }
        };
        let is_collection = matches!(node.data, NodeData::Sequence(_) | NodeData::Mapping(_));
        let unknown = if is_collection { None } else { provenance.unknown(node.span) };
        let data = unknown.map_or(data, |unknown| Data::Unknown(unknown.into()));
        let written = provenance.origin(node.span);
        let origin = match node.included_at {
            Some(place) => {
                let place = provenance.origin(place).span;
                written.used_at(place, StepKind::Included(SmolStr::new_static("an anchor")))
            }
            None => written,
        };
        Value { data, origin, is_sensitive: false }
    }
}

/// Where a finding about something that is missing in an element of a list points: its first entry.
fn first_line(element: &Node) -> Span {
    match element.entries().first() {
        Some(entry) if entry.key.span.file == entry.value.span.file && entry.value.entries().is_empty() => {
            entry.key.span.join(entry.value.span)
        }
        Some(entry) => entry.key.span,
        None => element.span,
    }
}

/// Why nobody knows a value that a template or an error hides.
fn filled_in(text: &SmolStr) -> Unknown {
    if text.is_empty() {
        return Unknown::because("an error in the file hides what stands here");
    }
    Unknown::because(format_smolstr!("`{text}` is filled in by a template"))
}

/// The same for what stands behind a key. A key that the template writes is taken for set: whoever writes
/// `cpu: {{ .Values.cpu }}` means to limit it, though a missing key of the values would leave it empty.
fn filled_in_value(text: &SmolStr) -> Unknown {
    let known = Known { is_set: !text.is_empty(), ..Known::default() };
    Unknown { known, ..filled_in(text) }
}

/// The entry as an attribute; none where nobody knows its name.
fn attribute(entry: &Entry, provenance: &dyn Provenance) -> Option<Attribute> {
    let name = match &entry.key.data {
        NodeData::String(text) => text.clone(),
        NodeData::Bool(value) => format_smolstr!("{value}"),
        NodeData::Integer(value) => format_smolstr!("{value}"),
        NodeData::Float(value) => format_smolstr!("{value}"),
        NodeData::Null => SmolStr::new_static("null"),
        NodeData::Template(_) => return None,
        NodeData::Sequence(_) | NodeData::Mapping(_) => SmolStr::new_static("?"),
    };
    let value = Value::from_rendered(&entry.value, entry.key.span, provenance);
    Some(Attribute { name, name_span: provenance.origin(entry.key.span).span, value })
}

#[cfg(test)]
mod tests;

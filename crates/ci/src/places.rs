//! Places of nodes, and values seen from another place.

use proofmark_model::{Attribute, Data, SmolStr, StepKind, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};

/// Where a finding about something missing in an entry's value points: key and value where that is short, else the key.
pub fn entry_header(entry: &Entry) -> Span {
    if entry.value.entries().is_empty() && entry.value.elements().is_empty() {
        entry.key.span.join(entry.value.span)
    } else {
        entry.key.span
    }
}

/// Where a finding about something missing in an element of a list points: its first entry.
pub fn element_header(element: &Node) -> Span {
    match (element.included_at, element.entries().first()) {
        (Some(place), _) => place,
        (None, Some(entry)) => entry_header(entry),
        (None, None) => element.span,
    }
}

/// The place of a node in the document that uses it: where its alias stands, if one brought it.
pub fn place(node: &Node) -> Span {
    node.included_at.unwrap_or(node.span)
}

/// What brought a value that an alias or a merge key named.
pub const ANCHOR: &str = "an anchor";

/// The same tree seen from `span`, with the old places as steps: for what an alias or `extends` brought from elsewhere.
pub fn relocate(value: &Value, span: Span, name: &str) -> Value {
    let data = match &value.data {
        Data::List(elements) => {
            Data::List(elements.iter().map(|element| relocate(element, span, name)).collect())
        }
        Data::Map(map) => {
            let entries = map.entries().iter().map(|entry| Attribute {
                name: SmolStr::clone(&entry.name),
                name_span: span,
                value: relocate(&entry.value, span, name),
            });
            Data::Map(map.with_entries(entries.collect()).with_header(span).into())
        }
        other => Data::clone(other),
    };
    let origin = value.origin.used_at(span, StepKind::Included(SmolStr::new(name)));
    Value { data, origin, is_sensitive: value.is_sensitive }
}

/// An unknown value at `span` that is certainly set.
pub fn unknown_but_set(reason: impl Into<SmolStr>, span: Span) -> Value {
    let mut unknown = Unknown::because(reason);
    unknown.known.is_set = true;
    Value::unknown(unknown, span)
}

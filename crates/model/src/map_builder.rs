//! Putting maps together.

use crate::{Attribute, Data, Map, Value};
use proofmark_source::Span;
use smol_str::SmolStr;

/// The entries of a map while a reader puts them together. Of equal names the last one counts.
#[derive(Clone, Debug, Default)]
pub struct MapBuilder {
    entries: Vec<Attribute>,
}

impl MapBuilder {
    /// Begins with the entries of `value`, if it is a map.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        Self { entries: value.as_map().map(|map| map.entries().to_vec()).unwrap_or_default() }
    }

    /// Adds an entry whose name stands at `name_span`.
    pub fn put(&mut self, name: &str, name_span: Span, value: Value) {
        self.entries.push(Attribute { name: SmolStr::new(name), name_span, value });
    }

    /// Adds an entry that stands where its value stands.
    pub fn set(&mut self, name: &str, value: Value) {
        self.put(name, value.origin.span, value);
    }

    /// Adds a text at `span`.
    pub fn set_text(&mut self, name: &str, text: &str, span: Span) {
        self.set(name, Value::string(text, span));
    }

    /// Adds a truth value at `span`.
    pub fn set_bool(&mut self, name: &str, value: bool, span: Span) {
        self.set(name, Value::new(Data::Bool(value), span));
    }

    /// The map, written at `span`, with `header` as the place for findings about what is missing in it.
    #[must_use]
    pub fn finish(self, span: Span, header: Span) -> Value {
        Value::map(Map::new(self.entries).with_header(header), span)
    }
}

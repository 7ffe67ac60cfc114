//! Building maps of facts.

use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use proofmark_source::Span;

/// A map under construction. Facts that were computed rather than written stand where their subject stands.
pub(crate) struct Facts {
    span: Span,
    entries: Vec<Attribute>,
}

impl Facts {
    /// An empty map about what stands at `span`.
    pub(crate) fn new(span: Span) -> Self {
        Self { span, entries: Vec::new() }
    }

    /// Where its subject stands.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// Adds a value. Maps are named by their header, everything else by itself.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        let name_span = value.as_map().and_then(|map| map.header).unwrap_or(value.origin.span);
        self.entries.push(Attribute { name: SmolStr::new(name), name_span, value });
    }

    /// Adds a value whose name is written somewhere.
    pub(crate) fn set_named(&mut self, name: SmolStr, name_span: Span, value: Value) {
        self.entries.push(Attribute { name, name_span, value });
    }

    /// Adds the entries of a map, if it is one.
    pub(crate) fn extend(&mut self, map: &Value) {
        self.entries.extend_from_slice(map.as_map().map_or(&[][..], Map::entries));
    }

    /// Adds a text about the subject.
    pub(crate) fn text(&mut self, name: &str, text: impl Into<SmolStr>) {
        self.set(name, Value::string(text, self.span));
    }

    /// Adds a truth about the subject.
    pub(crate) fn truth(&mut self, name: &str, value: bool) {
        self.set(name, Value::new(Data::Bool(value), self.span));
    }

    /// Adds a number about the subject.
    pub(crate) fn number(&mut self, name: &str, value: usize) {
        self.set(name, Value::new(Data::Integer(i64::try_from(value).unwrap_or(i64::MAX)), self.span));
    }

    /// Adds a list about the subject.
    pub(crate) fn list(&mut self, name: &str, elements: Vec<Value>) {
        self.set(name, Value::list(elements, self.span));
    }

    /// Whether there is a fact of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// The value of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().rev().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    /// Adds a value in the place of any earlier one of that name.
    pub(crate) fn replace(&mut self, name: &str, name_span: Span, value: Value) {
        self.entries.retain(|entry| entry.name != name);
        self.set_named(SmolStr::new(name), name_span, value);
    }

    /// The map; findings about what is missing in it point at `header`.
    pub(crate) fn finish(self, header: Span) -> Value {
        let span = self.span;
        self.finish_over(header, span)
    }

    /// The map of what stands in all of `whole`, so that a finding may point anywhere in it.
    pub(crate) fn finish_over(self, header: Span, whole: Span) -> Value {
        Value::map(Map::new(self.entries).with_header(header), whole)
    }
}

//! Values as reports show them: never secrets, never endless.

use proofmark_findings::looks_secret;
use proofmark_model::{Data, Value};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::cell::Cell;
use std::fmt::Write as _;

/// What stands for a value that must not be shown.
pub const SENSITIVE: &str = "(sensitive)";

/// A longer text is cut: evidence quotes a value, it does not archive it.
const MAX_TEXT_CHARS: usize = 400;
/// Of a collection with more values inside, the rest is counted.
const MAX_VALUES: usize = 100;

/// A value under a name (the last part of its path decides whether a text looks like a secret), as JSON.
///
/// Unknown values become `{"unknown": reason}`; what is left out of a large collection, its last element or entry
/// `{"omitted": count}`.
#[derive(Clone, Copy)]
pub struct Shown<'v> {
    name: &'v str,
    value: &'v Value,
    budget: &'v Cell<usize>,
}

/// Values that may still be shown.
pub fn new_budget() -> Cell<usize> {
    Cell::new(MAX_VALUES)
}

impl<'v> Shown<'v> {
    /// The value under that name.
    pub fn new(name: &'v str, value: &'v Value, budget: &'v Cell<usize>) -> Self {
        Self { name, value, budget }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.budget.set(self.budget.get().saturating_sub(1));
        if self.value.is_sensitive {
            return serializer.serialize_str(SENSITIVE);
        }
        match &self.value.data {
            Data::Null => serializer.serialize_unit(),
            Data::Bool(value) => serializer.serialize_bool(*value),
            Data::Integer(value) => serializer.serialize_i64(*value),
            Data::Float(value) => serializer.serialize_f64(*value),
            Data::String(text) => serializer.serialize_str(&shown_text(self.name, text)),
            Data::Unknown(unknown) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("unknown", &*unknown.reason)?;
                map.end()
            }
            Data::List(elements) => self.serialize_list(serializer, elements),
            Data::Map(map) => self.serialize_map(serializer, map),
        }
    }
}

impl Shown<'_> {
    fn serialize_list<S: Serializer>(&self, serializer: S, elements: &[Value]) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        for (index, value) in elements.iter().enumerate() {
            if self.budget.get() == 0 {
                sequence.serialize_element(&Omitted { omitted: elements.len() - index })?;
                break;
            }
            sequence.serialize_element(&Shown { value, ..*self })?;
        }
        sequence.end()
    }

    fn serialize_map<S: Serializer>(
        &self,
        serializer: S,
        map: &proofmark_model::Map,
    ) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_map(None)?;
        for (index, entry) in map.entries().iter().enumerate() {
            if self.budget.get() == 0 {
                entries.serialize_entry("omitted", &(map.entries().len() - index))?;
                break;
            }
            let name = entry_name(map, &entry.name);
            entries
                .serialize_entry(&*entry.name, &Shown { name, value: &entry.value, budget: self.budget })?;
        }
        entries.end()
    }
}

#[derive(serde::Serialize)]
struct Omitted {
    omitted: usize,
}

/// In `{name: DB_PASSWORD, value: x}` the name of `x` is `DB_PASSWORD`.
fn entry_name<'m>(map: &'m proofmark_model::Map, name: &'m str) -> &'m str {
    if name != "value" {
        return name;
    }
    let naming = ["name", "key", "Name", "Key"].iter().find_map(|key| map.value(key));
    naming.and_then(Value::as_str).unwrap_or(name)
}

/// A text under a name, cut, or the word that stands for a secret.
pub fn shown_text<'t>(name: &str, text: &'t str) -> std::borrow::Cow<'t, str> {
    if looks_secret(name, text) {
        return SENSITIVE.into();
    }
    cut(text, MAX_TEXT_CHARS)
}

/// The text, or its beginning with the number of characters it has.
pub fn cut(text: &str, max_chars: usize) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(max_chars) {
        None => text.into(),
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or("");
            format!("{kept}… ({} characters)", text.chars().count()).into()
        }
    }
}

/// The value in one line for people: as `Display` writes it, without secrets.
pub fn show_value(name: &str, value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, name, value);
    cut(&text, MAX_TEXT_CHARS).into_owned()
}

fn write_value(text: &mut String, name: &str, value: &Value) {
    // Whatever comes behind this would be cut away in the end.
    if text.len() > MAX_TEXT_CHARS * 8 {
        return;
    }
    if value.is_sensitive {
        text.push_str(SENSITIVE);
        return;
    }
    match &value.data {
        Data::String(content) => match shown_text(name, content) {
            secret if secret == SENSITIVE => text.push_str(SENSITIVE),
            content => drop(write!(text, "{content:?}")),
        },
        Data::Unknown(unknown) => drop(write!(text, "unknown: {}", unknown.reason)),
        Data::List(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                write_value(text, name, element);
            }
            text.push(']');
        }
        Data::Map(map) => {
            text.push('{');
            for (index, entry) in map.entries().iter().enumerate() {
                let _ = write!(text, "{}{} = ", if index > 0 { ", " } else { "" }, entry.name);
                write_value(text, entry_name(map, &entry.name), &entry.value);
            }
            text.push('}');
        }
        data @ (Data::Null | Data::Bool(_) | Data::Integer(_) | Data::Float(_)) => {
            let _ = write!(text, "{data}");
        }
    }
}

#[cfg(test)]
mod tests;

//! Values as reports show them: never secrets, never endless.

use proofmark_findings::{Masked, SENSITIVE, entry_name, is_secret_argument, masked};
use proofmark_model::{Data, Value};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::{self, Write};

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
            match is_secret_argument(elements, index) {
                true => sequence.serialize_element(SENSITIVE)?,
                false => sequence.serialize_element(&Shown { value, ..*self })?,
            }
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

/// A text under a name, cut, without secrets.
pub fn shown_text<'t>(name: &str, text: &'t str) -> Cow<'t, str> {
    match masked(name, text) {
        Cow::Borrowed(text) => cut(text, MAX_TEXT_CHARS),
        Cow::Owned(text) => Cow::Owned(cut(&text, MAX_TEXT_CHARS).into_owned()),
    }
}

/// The text, or its beginning with the number of characters it has.
pub fn cut(text: &str, max_chars: usize) -> Cow<'_, str> {
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
    let mut writer = Bounded { text: String::new(), left: MAX_TEXT_CHARS * 8 };
    // What comes behind the bound would be cut away in the end.
    let _ = write!(writer, "{}", Masked { name, value });
    cut(&writer.text, MAX_TEXT_CHARS).into_owned()
}

/// Takes a number of bytes, and what is begun with them, and then refuses.
struct Bounded {
    text: String,
    left: usize,
}

impl Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.left == 0 {
            return Err(fmt::Error);
        }
        self.left = self.left.saturating_sub(part.len());
        self.text.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests;

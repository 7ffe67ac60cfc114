//! JSON inside texts.

use crate::item::Item;
use proofmark_model::SmolStr;
use serde_json::Value;

/// The value that a JSON text holds.
pub(super) fn parse<'a>(text: &str) -> Item<'a> {
    match parse_value(text) {
        Some(value) => item(&value),
        None => Item::unknown("the text is not JSON"),
    }
}

/// The parser limits the nesting itself, at 128 levels.
pub(super) fn parse_value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

pub(super) fn item<'a>(value: &Value) -> Item<'a> {
    match value {
        Value::Null => Item::Absent,
        Value::Bool(value) => Item::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Item::Integer(number),
            None => number.as_f64().map_or(Item::Absent, Item::Float),
        },
        Value::String(text) => Item::text(text.as_str()),
        Value::Array(elements) => Item::list(elements.iter().map(item).collect()),
        Value::Object(entries) => {
            Item::record(entries.iter().map(|(name, value)| (SmolStr::new(name), item(value))).collect())
        }
    }
}

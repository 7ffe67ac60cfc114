//! JSON inside texts.

use super::not_text;
use crate::item::{Item, View};
use proofmark_model::{HOLE, Known, Shape, SmolStr, Unknown};
use serde_json::Value;
use std::sync::Arc;

/// The value that a JSON text holds. A map or list is what a reader that knows the encoder has already decoded.
pub(super) fn json<'a>(value: &Item<'a>) -> Item<'a> {
    match value.view() {
        View::Text(text) => {
            parse_value(text).map_or_else(|| Item::unknown("the text is not JSON"), |value| item(&value))
        }
        View::Map(_) | View::List(_) => value.clone(),
        View::Unknown(unknown) => match unknown.known.skeleton.as_deref().and_then(parse_skeleton) {
            Some(value) => item(&value),
            None => Item::Unknown(Arc::clone(unknown)),
        },
        other => not_text(other),
    }
}

/// The parser limits the nesting itself, at 128 levels.
pub(super) fn parse_value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// A JSON text without the commas that stand before a closing bracket. AWS refuses a policy with such commas; what it was
/// meant to allow is plain all the same, and worth a verdict.
pub(super) fn without_trailing_commas(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for (place, character) in text.char_indices() {
        let is_trailing =
            || text.get(place + 1..).is_some_and(|rest| rest.trim_start().starts_with([']', '}']));
        if in_string || character != ',' || !is_trailing() {
            kept.push(character);
        }
        if is_escaped {
            is_escaped = false;
        } else if in_string && character == '\\' {
            is_escaped = true;
        } else if character == '"' {
            in_string = !in_string;
        }
    }
    kept
}

/// The value that a JSON text with holes holds: what stands around the holes is known, strings with a hole are not. A hole
/// is taken for a part of the string around it, or for a value of its own; one that closed the string would change the
/// structure, and nobody writes such templates but by mistake.
pub(super) fn parse_skeleton(skeleton: &str) -> Option<Value> {
    let mut text = String::with_capacity(skeleton.len() + 16);
    let (mut in_string, mut is_escaped) = (false, false);
    for character in skeleton.chars() {
        if character == HOLE && !in_string {
            text.extend(['"', HOLE, '"']);
            continue;
        }
        text.push(character);
        if is_escaped {
            is_escaped = false;
        } else if in_string && character == '\\' {
            is_escaped = true;
        } else if character == '"' {
            in_string = !in_string;
        }
    }
    parse_value(&text)
}

/// A string of JSON; with a hole in it, all that is known is how it begins.
fn text<'a>(text: &str) -> Item<'a> {
    let Some((prefix, _)) = text.split_once(HOLE) else { return Item::text(text) };
    let prefix = (!prefix.is_empty()).then(|| SmolStr::new(prefix));
    let skeleton = Some(SmolStr::new(text));
    let known = Known { shape: Some(Shape::String), is_set: true, prefix, skeleton, ..Known::default() };
    let unknown = Unknown::because("a part of the text comes from what is not known");
    Item::Unknown(Unknown { known, ..unknown }.into())
}

pub(super) fn item<'a>(value: &Value) -> Item<'a> {
    match value {
        Value::Null => Item::Absent,
        Value::Bool(value) => Item::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Item::Integer(number),
            None => number.as_f64().map_or(Item::Absent, Item::Float),
        },
        Value::String(string) => text(string),
        Value::Array(elements) => Item::list(elements.iter().map(item).collect()),
        Value::Object(entries) => {
            Item::record(entries.iter().map(|(name, value)| (SmolStr::new(name), item(value))).collect())
        }
    }
}

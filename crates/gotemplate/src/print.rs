//! Values → text, as Go's `fmt` prints them.

mod float;
mod verb;

pub(crate) use float::general;
pub(crate) use verb::{as_text, sprintf};

use crate::limits::MAX_TEXT_BYTES;
use crate::text::{Text, TextBuilder};
use crate::trace::Trace;
use crate::value::{Data, Time, Value};

/// What an action writes: text as it is, nothing as `<no value>`.
pub(crate) fn print_value(value: &Value) -> Text {
    match &value.data {
        Data::Text(text) => text.clone(),
        Data::Invalid | Data::Nil => Text::plain("<no value>"),
        _ => Text::plain(plain(value)),
    }
}

/// `%v`.
pub(crate) fn plain(value: &Value) -> String {
    let mut text = String::new();
    push_plain(&mut text, value, 0);
    text
}

/// How deep printing goes: a map may hold itself.
const MAX_DEPTH: usize = 64;

/// Whether printing goes on: what is longer than any text may be is refused by who asked for it.
fn goes_on(into: &str, depth: usize) -> bool {
    depth <= MAX_DEPTH && into.len() <= MAX_TEXT_BYTES
}

fn push_plain(into: &mut String, value: &Value, depth: usize) {
    if !goes_on(into, depth) {
        into.push_str("...");
        return;
    }
    match &value.data {
        Data::Invalid | Data::Nil => into.push_str("<nil>"),
        Data::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
        Data::Int(number, _) => into.push_str(&number.to_string()),
        Data::Float(number) => into.push_str(&general(*number)),
        Data::Text(text) => into.push_str(text.as_str()),
        Data::List(list) => {
            into.push('[');
            for (index, item) in list.items.iter().enumerate() {
                into.push_str(if index == 0 { "" } else { " " });
                push_plain(into, item, depth + 1);
            }
            into.push(']');
        }
        Data::Dict(dict) => {
            into.push_str("map[");
            for (index, (key, item)) in dict.entries().iter().enumerate() {
                into.push_str(if index == 0 { "" } else { " " });
                into.push_str(key);
                into.push(':');
                push_plain(into, item, depth + 1);
            }
            into.push(']');
        }
        Data::Time(time) => into.push_str(&time_text(*time)),
        Data::Object(object) => into.push_str(&object.print()),
    }
}

/// `time.Time.String`.
fn time_text(time: Time) -> String {
    crate::functions::layout_time(time, "2006-01-02 15:04:05.999999999 -0700 MST")
}

/// `fmt.Sprint`: spaces between operands of which neither is text.
pub(crate) fn sprint(values: &[Value]) -> (Text, Trace) {
    let mut builder = TextBuilder::default();
    let mut was_text = true;
    for (index, value) in values.iter().enumerate() {
        let is_text = matches!(value.data, Data::Text(_));
        if index > 0 && !is_text && !was_text {
            builder.push(" ", &Trace::NONE, 0);
        }
        push_value(&mut builder, value);
        was_text = is_text;
    }
    builder.finish()
}

/// `fmt.Sprintln`: spaces between all operands, and a line's end.
pub(crate) fn sprintln(values: &[Value]) -> (Text, Trace) {
    let mut builder = TextBuilder::default();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            builder.push(" ", &Trace::NONE, 0);
        }
        push_value(&mut builder, value);
    }
    builder.push("\n", &Trace::NONE, 0);
    builder.finish()
}

/// Appends `%v` of a value; the bytes of text keep where they came from.
pub(crate) fn push_value(builder: &mut TextBuilder, value: &Value) {
    match &value.data {
        Data::Text(text) => builder.push_text(text, &value.trace),
        _ => builder.push(&plain(value), &value.trace, 0),
    }
}

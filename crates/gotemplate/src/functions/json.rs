//! JSON, as Go's `encoding/json` writes and reads it.

use super::builtin::marked;
use super::{Call, Function, Parameter, fail};
use crate::execute::Outcome;
use crate::text::TextBuilder;
use crate::trace::Trace;
use crate::value::{Data, Time, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt::Write;

use Parameter::{Any, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("toJson", &[Any], |call| write_or_empty(call, ESCAPED)),
    Function::new("mustToJson", &[Any], |call| write(call, ESCAPED)),
    Function::new("toRawJson", &[Any], |call| write(call, Layout { escapes: false, indent: None })),
    Function::new("mustToRawJson", &[Any], |call| write(call, Layout { escapes: false, indent: None })),
    Function::new("toPrettyJson", &[Any], |call| write_or_empty(call, PRETTY)),
    Function::new("mustToPrettyJson", &[Any], |call| write(call, PRETTY)),
    Function::new("fromJson", &[Str], read_map),
    Function::new("fromJsonArray", &[Str], |call| Ok(read_list(call))),
    Function::new("mustFromJson", &[Str], |call| match parse(call.text(0), &call.argument(0).trace) {
        Ok(value) => Ok(value),
        Err(problem) => fail(problem),
    }),
];

/// How JSON is laid out.
#[derive(Clone, Copy)]
struct Layout {
    /// Whether `<`, `>` and `&` are escaped, for HTML's sake.
    escapes: bool,
    indent: Option<&'static str>,
}

const ESCAPED: Layout = Layout { escapes: true, indent: None };
const PRETTY: Layout = Layout { escapes: true, indent: Some("  ") };

/// How deep maps and lists may hold each other.
const MAX_DEPTH: usize = 200;

fn write(call: &Call<'_>, layout: Layout) -> Outcome<Value> {
    super::weigh(call.run, call.argument(0), 0)?;
    let mut builder = TextBuilder::default();
    match push(&mut builder, &plain(call.argument(0)), layout, 0) {
        Ok(()) => Ok(marked(builder.finish())),
        Err(problem) => fail(problem),
    }
}

/// The forms without `must` give an empty text where something cannot be written.
fn write_or_empty(call: &Call<'_>, layout: Layout) -> Outcome<Value> {
    super::or_empty(write(call, layout))
}

/// A value without objects and moments, as JSON knows none.
pub(super) fn plain(value: &Value) -> Value {
    match &value.data {
        Data::Object(object) => object.to_plain().from_trace(&value.trace),
        Data::Time(time) => Value::text(time_text(*time)).from_trace(&value.trace),
        _ => Value::clone(value),
    }
}

fn time_text(time: Time) -> String {
    super::layout_time(time, "2006-01-02T15:04:05.999999999Z07:00")
}

fn push(builder: &mut TextBuilder, value: &Value, layout: Layout, depth: usize) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err("json: unsupported value: encountered a cycle".to_owned());
    }
    let trace = &value.trace;
    match &value.data {
        Data::List(list) => {
            let items = list.items.iter().map(|item| (None, Value::clone(item)));
            push_all(builder, ("[", "]", items.collect()), layout, depth)
        }
        Data::Dict(dict) => {
            let items = dict.entries().into_iter().map(|(key, item)| (Some(key), item));
            push_all(builder, ("{", "}", items.collect()), layout, depth)
        }
        _ => {
            builder.push(&scalar(value, layout.escapes)?, trace, 0);
            Ok(())
        }
    }
}

/// A collection: what opens and closes it, and its items with their keys.
type Collection<'c> = (&'c str, &'c str, Vec<(Option<SmolStr>, Value)>);

fn push_all(
    builder: &mut TextBuilder,
    (open, close, items): Collection<'_>,
    layout: Layout,
    depth: usize,
) -> Result<(), String> {
    let none = &Trace::NONE;
    let line = |builder: &mut TextBuilder, depth: usize| {
        if let Some(indent) = layout.indent {
            builder.push(&format!("\n{}", indent.repeat(depth)), none, 0);
        }
    };
    builder.push(open, none, 0);
    let is_empty = items.is_empty();
    for (index, (key, item)) in items.into_iter().enumerate() {
        builder.push(if index == 0 { "" } else { "," }, none, 0);
        line(builder, depth + 1);
        let item = plain(&item);
        if let Some(key) = key {
            let colon = if layout.indent.is_some() { ": " } else { ":" };
            builder.push(&(quoted(&key, layout.escapes) + colon), &item.trace, 0);
        }
        push(builder, &item, layout, depth + 1)?;
    }
    if !is_empty {
        line(builder, depth);
    }
    builder.push(close, none, 0);
    Ok(())
}

fn scalar(value: &Value, escapes: bool) -> Result<String, String> {
    Ok(match &value.data {
        Data::Bool(flag) => flag.to_string(),
        Data::Int(number, _) => number.to_string(),
        Data::Float(number) => return self::number(*number),
        Data::Text(text) => quoted(text.as_str(), escapes),
        _ => "null".to_owned(),
    })
}

/// A float: the shortest text, with an exponent below 10⁻⁶ and from 10²¹.
pub(super) fn number(number: f64) -> Result<String, String> {
    if !number.is_finite() {
        return Err(format!("json: unsupported value: {}", crate::print::general(number)));
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{number:e}");
        return Ok(match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent}"),
            _ => text,
        });
    }
    Ok(format!("{number}"))
}

fn quoted(text: &str, escapes: bool) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '<' | '>' | '&' if !escapes => quoted.push(character),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let written = write!(quoted, "\\u{:04x}", u32::from(character));
                debug_assert!(written.is_ok());
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Reads JSON; every part of it came from where the text came from.
pub(super) fn parse(text: &str, trace: &Trace) -> Result<Value, String> {
    serde_json::from_str(text).map(|tree| from_tree(tree, trace)).map_err(|error| {
        if error.is_eof() { "unexpected end of JSON input".to_owned() } else { error.to_string() }
    })
}

fn from_tree(tree: serde_json::Value, trace: &Trace) -> Value {
    let data = match tree {
        serde_json::Value::Null => Data::Nil,
        serde_json::Value::Bool(flag) => Data::Bool(flag),
        serde_json::Value::Number(number) => Data::Float(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::text(text).data,
        serde_json::Value::Array(items) => {
            Value::list(items.into_iter().map(|item| from_tree(item, trace)).collect()).data
        }
        serde_json::Value::Object(entries) => {
            let entries = entries.into_iter().map(|(key, item)| (SmolStr::new(key), from_tree(item, trace)));
            Value::dict(entries.collect()).data
        }
    };
    Value::new(data, Trace::clone(trace))
}

/// Helm's `fromJson`: a map; what is none is told under the key `Error`.
fn read_map(call: &Call<'_>) -> Outcome<Value> {
    let parsed = parse(call.text(0), &call.argument(0).trace);
    let problem = match parsed {
        Ok(value) if value.as_dict().is_some() => return Ok(value),
        Ok(value) if value.is_nil() => return Ok(Value::dict(BTreeMap::new())),
        Ok(value) => go_mismatch(&value, "map[string]interface {}"),
        Err(problem) => problem,
    };
    Ok(Value::dict(BTreeMap::from([(SmolStr::new_static("Error"), problem.into())])))
}

/// Helm's `fromJsonArray`: a list; what is none is told in its only element.
fn read_list(call: &Call<'_>) -> Value {
    match parse(call.text(0), &call.argument(0).trace) {
        Ok(value) if value.as_list().is_some() => value,
        Ok(value) if value.is_nil() => Value::list(Vec::new()),
        Ok(value) => Value::list(vec![go_mismatch(&value, "[]interface {}").into()]),
        Err(problem) => Value::list(vec![problem.into()]),
    }
}

pub(super) fn go_mismatch(value: &Value, wanted: &str) -> String {
    let found = match &value.data {
        Data::List(_) => "array",
        Data::Dict(_) => "object",
        Data::Text(_) => "string",
        Data::Bool(_) => "bool",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

//! TOML, read and written.

use super::json::plain;
use super::{Call, Function, Parameter};
use crate::text::Text;
use crate::trace::Trace;
use crate::value::{Data, Dict, IntType, Value};
use proofmark_source::FileId;
use proofmark_syntax::{Node, NodeData, parse_toml};
use smol_str::SmolStr;
use std::collections::BTreeMap;

use Parameter::{Any, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("toToml", &[Any], |call| Ok(write(call).unwrap_or_else(Value::from))),
    Function::new("fromToml", &[Str], |call| Ok(read(call))),
];

/// How deep tables may hold each other.
const MAX_DEPTH: usize = 100;

fn write(call: &Call<'_>) -> Result<Value, String> {
    let value = plain(call.argument(0));
    let Data::Dict(dict) = &value.data else {
        return Err("toml: top-level values must be Go maps or structs".to_owned());
    };
    let mut text = String::new();
    push_table(&mut text, dict, &mut Vec::new())?;
    Ok(text.into())
}

/// A table: its plain entries first, then the tables that it holds, indented by two for each level.
fn push_table(into: &mut String, dict: &Dict, path: &mut Vec<String>) -> Result<(), String> {
    if path.len() > MAX_DEPTH {
        return Err("toml: tables hold each other too deeply".to_owned());
    }
    let indent = "  ".repeat(path.len());
    let entries: Vec<(SmolStr, Value)> =
        dict.entries().into_iter().map(|(key, value)| (key, plain(&value))).collect();
    for (key, value) in entries.iter().filter(|(_, value)| !is_table(value) && !value.is_nil()) {
        into.push_str(&format!("{indent}{} = {}\n", name(key), inline(value, 0)?));
    }
    for (key, value) in entries.iter().filter(|(_, value)| is_table(value)) {
        path.push(name(key));
        let header = path.join(".");
        match &value.data {
            Data::Dict(inner) => {
                separate(into);
                into.push_str(&format!("{indent}[{header}]\n"));
                push_table(into, inner, path)?;
            }
            _ => {
                for inner in value.as_list().unwrap_or(&[]).iter().filter_map(Value::as_dict) {
                    separate(into);
                    into.push_str(&format!("{indent}[[{header}]]\n"));
                    push_table(into, inner, path)?;
                }
            }
        }
        path.pop();
    }
    Ok(())
}

/// An empty line in front of a table that is not the first thing.
fn separate(into: &mut String) {
    if !into.is_empty() {
        into.push('\n');
    }
}

fn is_table(value: &Value) -> bool {
    match &value.data {
        Data::Dict(_) => true,
        Data::List(list) => !list.items.is_empty() && list.items.iter().all(|item| item.as_dict().is_some()),
        _ => false,
    }
}

fn inline(value: &Value, depth: usize) -> Result<String, String> {
    if depth > MAX_DEPTH {
        return Err("toml: lists hold each other too deeply".to_owned());
    }
    Ok(match &value.data {
        Data::Bool(flag) => flag.to_string(),
        Data::Int(number, _) => number.to_string(),
        Data::Float(number) if number.fract() == 0.0 && number.is_finite() => format!("{number:.1}"),
        Data::Float(number) => crate::print::general(*number).to_lowercase(),
        Data::Text(text) => quoted(text.as_str()),
        Data::List(list) => {
            let items: Result<Vec<String>, String> =
                list.items.iter().map(|item| inline(&plain(item), depth + 1)).collect();
            format!("[{}]", items?.join(", "))
        }
        Data::Dict(dict) => {
            let entries: Result<Vec<String>, String> = dict
                .entries()
                .iter()
                .map(|(key, item)| Ok(format!("{} = {}", name(key), inline(&plain(item), depth + 1)?)))
                .collect();
            format!("{{{}}}", entries?.join(", "))
        }
        _ => return Err("toml: cannot encode array with nil element".to_owned()),
    })
}

fn name(key: &str) -> String {
    let is_bare = !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if is_bare { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{7f}' => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

/// Helm's `fromToml`: what cannot be read is told under the key `Error`.
fn read(call: &Call<'_>) -> Value {
    let (text, trace) = call.marked(0);
    let parsed = parse_toml(FileId(0), text.as_str());
    let problem = parsed.diagnostics.first().map(|diagnostic| diagnostic.message.clone());
    match (problem, parsed.documents.first()) {
        (None, Some(document)) => from_node(&document.root, &trace),
        (None, None) => Value::dict(BTreeMap::new()),
        (Some(problem), _) => {
            Value::dict(BTreeMap::from([(SmolStr::new_static("Error"), format!("toml: {problem}").into())]))
        }
    }
}

fn from_node(node: &Node, trace: &Trace) -> Value {
    let data = match &node.data {
        NodeData::Null => Data::Nil,
        NodeData::Bool(flag) => Data::Bool(*flag),
        NodeData::Integer(number) => Data::Int(*number, IntType::Int64),
        NodeData::Float(number) => Data::Float(*number),
        NodeData::String(text) | NodeData::Template(text) => Data::Text(Text::plain(text.as_str())),
        NodeData::Sequence(items) => {
            Value::list(items.iter().map(|item| from_node(item, trace)).collect()).data
        }
        NodeData::Mapping(entries) => {
            let name = |key: &Node| match &key.data {
                NodeData::String(text) => SmolStr::clone(text),
                _ => SmolStr::default(),
            };
            Value::dict(
                entries.iter().map(|entry| (name(&entry.key), from_node(&entry.value, trace))).collect(),
            )
            .data
        }
    };
    Value::new(data, Trace::clone(trace))
}

//! `spec:inputs`.

use super::codes;
use super::interpolation::{Inputs, interpolate};
use super::source::{SourceFile, Sources};
use super::tree::flat;
use crate::places::unknown_but_set;
use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use proofmark_source::Span;

/// Who sets the inputs of a file.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    /// Whoever starts the pipeline: what has no default is not known.
    AtStart,
    /// The statement at that place, with these values.
    ByStatement(Span, Option<&'a Value>),
}

/// The configuration of a file with its inputs filled in. Without a header, blocks are no more than text.
pub fn filled_in(sources: &mut Sources<'_>, source: &SourceFile<'_>, given: Given<'_>) -> Value {
    let values = match given {
        Given::ByStatement(_, values) => values.and_then(Value::as_map),
        Given::AtStart => None,
    };
    let Some(header) = &source.header else {
        if let Some(first) = values.and_then(|values| values.entries().first()) {
            let path = sources.workspace.path(source.file);
            let message = format!("`{path}` declares no inputs, so `{}` cannot be set", first.name);
            sources.tell(codes::INPUT, first.name_span, message);
        }
        return Value::clone(&source.content);
    };
    let declared = header.at_path(&["spec", "inputs"]).and_then(Value::as_map);
    let declared = declared.map(Map::entries).unwrap_or_default();
    if let Some(values) = values {
        tell_undeclared(sources, declared, values);
    }
    let path = sources.workspace.path(source.file);
    let mut inputs = Inputs::new();
    for input in declared {
        let set = values.and_then(|values| values.get(&input.name));
        let value = match set {
            Some(set) => {
                check(sources, input, set);
                Value::clone(&set.value)
            }
            None => unset(sources, input, given, path),
        };
        inputs.insert(SmolStr::clone(&input.name), value);
    }
    if header.at_path(&["spec", "include"]).is_some() {
        // The declarations in other files may be any: their names stay open.
        return interpolate_open(sources, &source.content, inputs);
    }
    interpolate(sources, &source.content, &inputs)
}

/// Interpolates where further inputs may be declared elsewhere.
fn interpolate_open(sources: &mut Sources<'_>, content: &Value, mut inputs: Inputs) -> Value {
    let mut names = Vec::new();
    collect_names(content, &mut names);
    for name in names {
        let span = content.origin.span;
        inputs.entry(name).or_insert_with(|| unknown_but_set("another file declares the input", span));
    }
    interpolate(sources, content, &inputs)
}

fn collect_names(value: &Value, names: &mut Vec<SmolStr>) {
    match &value.data {
        Data::String(text) => {
            let blocks = text.split("$[[").skip(1).filter_map(|rest| rest.trim().strip_prefix("inputs."));
            names.extend(blocks.map(|rest| {
                let end =
                    rest.find(|c: char| c.is_whitespace() || c == '|' || c == ']').unwrap_or(rest.len());
                SmolStr::new(rest.get(..end).unwrap_or(""))
            }));
        }
        Data::List(elements) => elements.iter().for_each(|element| collect_names(element, names)),
        Data::Map(map) => map.entries().iter().for_each(|entry| collect_names(&entry.value, names)),
        _ => {}
    }
}

fn tell_undeclared(sources: &mut Sources<'_>, declared: &[Attribute], values: &Map) {
    for set in values.entries() {
        if declared.iter().any(|input| input.name == set.name) {
            continue;
        }
        let hint = sources.hint(&set.name, declared.iter().map(|input| input.name.as_str()));
        let message = format!("the file has no input `{}`{hint}", set.name);
        sources.tell(codes::INPUT, set.name_span, message);
    }
}

/// The value of an input that nobody sets.
fn unset(sources: &mut Sources<'_>, input: &Attribute, given: Given<'_>, path: &str) -> Value {
    let name = &input.name;
    if let Some(default) = input.value.at_path(&["default"]).filter(|default| !default.is_null()) {
        return Value::clone(default);
    }
    if input.value.at_path(&["rules"]).is_some() {
        return unknown_but_set(format!("other inputs decide the default of `{name}`"), input.name_span);
    }
    if let Given::ByStatement(place, _) = given {
        let message = format!("the input `{name}` of `{path}` has no default and is not set");
        sources.tell_lost(codes::INPUT, place, message);
        return unknown_but_set(format!("the input `{name}` is not set"), input.name_span);
    }
    unknown_but_set(format!("the input `{name}` is set when the pipeline is started"), input.name_span)
}

/// Tells of a value that the declaration does not allow.
fn check(sources: &mut Sources<'_>, input: &Attribute, set: &Attribute) {
    let declared = |key: &str| input.value.at_path(&[key]);
    let wanted = declared("type").and_then(Value::as_str).unwrap_or("string");
    let is_right = matches!(
        (&set.value.data, wanted),
        (Data::Unknown(_), _)
            | (Data::String(_), "string")
            | (Data::Integer(_) | Data::Float(_), "number")
            | (Data::Bool(_), "boolean")
            | (Data::List(_), "array")
    );
    let (name, place) = (&input.name, set.value.origin.span);
    if !is_right {
        sources.tell(codes::INPUT, place, format!("the input `{name}` takes a value of the type `{wanted}`"));
    }
    let options = declared("options").map(flat).unwrap_or_default();
    if !options.is_empty() && !options.iter().any(|option| option.data == set.value.data) {
        let options: Vec<String> = options.iter().map(|option| format!("`{}`", plain(option))).collect();
        let message = format!("the input `{name}` is one of {}", options.join(", "));
        sources.tell(codes::INPUT, place, message);
    }
}

/// A value as messages show it, without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

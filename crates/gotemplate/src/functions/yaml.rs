//! YAML: read as `sigs.k8s.io/yaml` does, and written byte for byte as Helm prints it.

mod emit;
mod key_order;
mod scalar;

use super::builtin::marked;
use super::{Call, Function, Parameter, fail};
use crate::execute::Outcome;
use crate::text::Text;
use crate::trace::Trace;
use crate::value::{Data, Value};
use proofmark_source::FileId;
use proofmark_syntax::{Entry, Node, NodeData, YamlDialect, parse_yaml_without_comments};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeMap;

use Parameter::{Any, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("toYaml", &[Any], |call| super::or_empty(write(call, false))),
    Function::new("mustToYaml", &[Any], |call| write(call, false)),
    Function::new("toYamlPretty", &[Any], |call| super::or_empty(write(call, true))),
    Function::new("fromYaml", &[Str], |call| Ok(read_map(call))),
    Function::new("fromYamlArray", &[Str], |call| Ok(read_list(call))),
];

/// `toYaml`: a value as Helm writes it, without the last line's end. Empty where it cannot be written.
#[must_use]
pub fn to_yaml(value: &Value) -> (Text, Trace) {
    emit::emit(value, false).unwrap_or_default()
}

fn write(call: &Call<'_>, is_pretty: bool) -> Outcome<Value> {
    super::weigh(call.run, call.argument(0), 0)?;
    match emit::emit(call.argument(0), is_pretty) {
        Ok(written) => Ok(marked(written)),
        Err(problem) => fail(problem),
    }
}

/// Helm's `fromYaml`: a map; what is none is told under the key `Error`.
fn read_map(call: &Call<'_>) -> Value {
    let problem = match read(call) {
        Ok(value) if value.as_dict().is_some() => return value,
        Ok(value) if value.is_nil() => return Value::dict(BTreeMap::new()),
        Ok(value) => {
            let mismatch = super::json::go_mismatch(&value, "map[string]interface {}");
            format!("error unmarshaling JSON: while decoding JSON: {mismatch}")
        }
        Err(problem) => problem,
    };
    Value::dict(BTreeMap::from([(SmolStr::new_static("Error"), problem.into())]))
}

/// Helm's `fromYamlArray`: a list; what is none is told in its only element.
fn read_list(call: &Call<'_>) -> Value {
    match read(call) {
        Ok(value) if value.as_list().is_some() => value,
        Ok(value) if value.is_nil() => Value::list(Vec::new()),
        Ok(value) => {
            let mismatch = super::json::go_mismatch(&value, "[]interface {}");
            Value::list(vec![format!("error unmarshaling JSON: while decoding JSON: {mismatch}").into()])
        }
        Err(problem) => Value::list(vec![problem.into()]),
    }
}

fn read(call: &Call<'_>) -> Result<Value, String> {
    let (text, trace) = call.marked(0);
    // A tree is some twenty times as large as its text.
    call.run.work(text.as_str().len() / 2).map_err(|error| error.message)?;
    // The text stands in no file: the spans of its tree are places in it.
    let parsed = parse_yaml_without_comments(FileId(0), text.as_str(), YamlDialect::Kubernetes);
    let Some(document) = parsed.documents.first() else {
        return match parsed.diagnostics.first() {
            Some(problem) => Err(format!("error converting YAML to JSON: yaml: {}", problem.message)),
            None => Ok(Value::nil()),
        };
    };
    if document.broken_at.is_some() {
        let problem = parsed.diagnostics.first().map_or("invalid", |diagnostic| diagnostic.message.as_str());
        return Err(format!("error converting YAML to JSON: yaml: {problem}"));
    }
    Ok(from_node(&document.root, &text, &trace))
}

fn from_node(node: &Node, text: &Text, whole: &Trace) -> Value {
    let stretch = text.stretch_at(node.span.start as usize, whole).map(|(_, trace, _)| Trace::clone(trace));
    let data = match &node.data {
        NodeData::Null => Data::Nil,
        NodeData::Bool(flag) => Data::Bool(*flag),
        NodeData::Integer(number) => Data::Float(*number as f64),
        NodeData::Float(number) => Data::Float(*number),
        NodeData::String(text) | NodeData::Template(text) => Data::Text(Text::plain(text.as_str())),
        NodeData::Sequence(items) => {
            Value::list(items.iter().map(|item| from_node(item, text, whole)).collect()).data
        }
        NodeData::Mapping(entries) => {
            let entry = |entry: &Entry| (key_of(&entry.key), from_node(&entry.value, text, whole));
            Value::dict(entries.iter().map(entry).collect()).data
        }
    };
    Value::new(data, stretch.unwrap_or_else(|| Trace::clone(whole)))
}

/// A key as JSON spells it.
fn key_of(key: &Node) -> SmolStr {
    match &key.data {
        NodeData::String(text) | NodeData::Template(text) => SmolStr::clone(text),
        NodeData::Bool(flag) => format_smolstr!("{flag}"),
        NodeData::Integer(number) => format_smolstr!("{number}"),
        NodeData::Float(number) => SmolStr::new(super::json::number(*number).unwrap_or_default()),
        NodeData::Null => SmolStr::new_static("null"),
        NodeData::Sequence(_) | NodeData::Mapping(_) => SmolStr::default(),
    }
}

//! Values: from YAML, laid over each other, and by path.

mod coalesce;
mod set;

pub use coalesce::coalesce_tables;
pub(crate) use coalesce::coalesce_values;
pub use set::{SetError, SetKind, apply_set};

use proofmark_gotemplate::{Data, Dict, Place, Trace, Value};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use proofmark_syntax::{Entry, Node, NodeData, Parsed, YamlDialect, parse_yaml_without_comments};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeMap;

const BROKEN_VALUES: Code = Code("helm-values");

/// Reads a values file; nothing in it is an empty map.
pub fn parse_values(file: FileId, text: &str) -> (Dict, Parsed) {
    let parsed = parse_yaml_without_comments(file, text, YamlDialect::Kubernetes);
    let root = parsed.documents.first().map(|document| from_node(&document.root));
    let dict = root.and_then(|root| root.as_dict().cloned());
    (dict.unwrap_or_else(empty), parsed)
}

/// The values of files laid over each other, later ones over earlier ones. What cannot be read of them is told.
pub fn lay_values(workspace: &dyn Workspace, files: &[FileId], diagnostics: &mut Vec<Diagnostic>) -> Dict {
    let mut laid = empty();
    for file in files {
        let (values, parsed) = parse_values(*file, workspace.load(*file).unwrap_or(""));
        diagnostics.extend(not_a_map(*file, &parsed));
        diagnostics.extend(parsed.diagnostics);
        coalesce_tables(&values, &laid, true);
        laid = values;
    }
    laid
}

/// What a values file is told that holds something else than a map.
pub(crate) fn not_a_map(file: FileId, parsed: &Parsed) -> Option<Diagnostic> {
    let root = &parsed.documents.first()?.root.data;
    let is_odd = !matches!(root, NodeData::Mapping(_) | NodeData::Null);
    let message = "these values are no map, and none of them is used";
    is_odd.then(|| Diagnostic::new(BROKEN_VALUES, Impact::Partial, Span::file_start(file), message))
}

impl crate::Chart {
    /// Values that stand in another file than one of values, for [`render`](crate::render).
    #[must_use]
    pub fn values_of(node: &Node) -> Dict {
        from_node(node).as_dict().cloned().unwrap_or_else(empty)
    }
}

/// A map without entries.
pub(crate) fn empty() -> Dict {
    Dict::new(BTreeMap::new())
}

/// A value that stands in a file. Every number is a float, as on Helm's way through JSON.
pub(crate) fn from_node(node: &Node) -> Value {
    let trace = Trace::of(Place::Value(node.span));
    let data = match &node.data {
        NodeData::Null => Data::Nil,
        NodeData::Bool(flag) => Data::Bool(*flag),
        NodeData::Integer(number) => Data::Float(*number as f64),
        NodeData::Float(number) => Data::Float(*number),
        NodeData::String(text) | NodeData::Template(text) => Value::text(text.as_str()).data,
        NodeData::Sequence(items) => Value::list(items.iter().map(from_node).collect()).data,
        NodeData::Mapping(entries) => {
            let entry = |entry: &Entry| (text_of(&entry.key), entry_value(entry));
            Data::Dict(Dict::new(entries.iter().map(entry).collect()))
        }
    };
    Value::new(data, trace)
}

/// The value of an entry. Of an empty one, the key is the place.
fn entry_value(entry: &Entry) -> Value {
    let value = from_node(&entry.value);
    if entry.value.span.is_empty() {
        value.from_trace(&Trace::of(Place::Value(entry.key.span)))
    } else {
        value
    }
}

/// A scalar as text; nothing of anything else.
pub(crate) fn text_of(node: &Node) -> SmolStr {
    match &node.data {
        NodeData::String(text) | NodeData::Template(text) => SmolStr::clone(text),
        NodeData::Bool(flag) => format_smolstr!("{flag}"),
        NodeData::Integer(number) => format_smolstr!("{number}"),
        NodeData::Float(number) => format_smolstr!("{number}"),
        NodeData::Null | NodeData::Sequence(_) | NodeData::Mapping(_) => SmolStr::default(),
    }
}

/// A copy of a map that shares no map with it.
pub(crate) fn copied(dict: &Dict) -> Dict {
    let copy = |value: Value| match &value.data {
        Data::Dict(inner) => Value { data: Data::Dict(copied(inner)), ..value },
        _ => value,
    };
    Dict::new(dict.entries().into_iter().map(|(key, value)| (key, copy(value))).collect())
}

/// The map at a path of names with dots between them; the whole for the empty path.
pub(crate) fn table(dict: &Dict, path: &str) -> Option<Dict> {
    let mut found = Dict::clone(dict);
    for name in path.split('.').filter(|name| !name.is_empty()) {
        found = Dict::clone(found.get(name)?.as_dict()?);
    }
    Some(found)
}

/// The value at a path; a map is none.
pub(crate) fn path_value(dict: &Dict, path: &str) -> Option<Value> {
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    table(dict, parents)?.get(name).filter(|value| value.as_dict().is_none())
}

/// A place outside of all files: the command line.
pub(crate) const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

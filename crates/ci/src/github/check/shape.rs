//! Unknown entries, and values of a wrong type.

use super::{ENTRY, Problems, TYPE};
use crate::expression::is_dynamic;
use crate::places::place;
use proofmark_source::nearest;
use proofmark_syntax::{Node, NodeData};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What an entry's value may be.
type Forms = Vec<&'static str>;

fn table() -> &'static HashMap<&'static str, Vec<(&'static str, Forms)>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<(&'static str, Forms)>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<_, Vec<_>> = HashMap::new();
        for line in include_str!("entries.tsv").lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            if let [place, entry, forms] = cells.as_slice() {
                table.entry(*place).or_default().push((*entry, forms.split(',').collect()));
            }
        }
        table
    })
}

/// Checks the entries of a map that stands at `kind` of place.
pub fn check_map(node: &Node, kind: &str, problems: &mut Problems<'_>) {
    let known = table().get(kind).map_or(&[][..], Vec::as_slice);
    for entry in node.entries() {
        let Some(name) = entry.key.as_str() else { continue };
        let row = known.iter().find(|(known, _)| *known == name);
        match row.or_else(|| known.iter().find(|(known, _)| *known == "*")) {
            Some((_, forms)) => check_value(&entry.value, name, forms, problems),
            None => {
                let names = known.iter().map(|(name, _)| *name);
                let help = nearest(name, names).map(|near| format!(", but `{near}` is")).unwrap_or_default();
                let message = format!("`{name}` is no entry of {kind}{help}");
                problems.add(ENTRY, place(&entry.key), message);
            }
        }
    }
}

fn check_value(node: &Node, name: &str, forms: &[&str], problems: &mut Problems<'_>) {
    let Some(form) = forms.iter().find(|form| fits(node, form)) else {
        let wanted: Vec<&str> = forms.iter().map(|form| in_words(form)).collect();
        let message = format!("`{name}` is {}, not {}", shape(node), wanted.join(" or "));
        return problems.add(TYPE, place(node), message);
    };
    if let Some(kind) = form.strip_prefix('@') {
        check_map(node, kind, problems);
    } else if let Some(element) = form.strip_prefix('[').and_then(|form| form.strip_suffix(']')) {
        for node in node.elements() {
            check_value(node, &format!("{name}[]"), &[element], problems);
        }
    }
}

fn fits(node: &Node, form: &str) -> bool {
    match (&node.data, form) {
        (NodeData::Template(_), _) | (_, "any") => true,
        (NodeData::String(text), _) if is_dynamic(text) => true,
        (NodeData::String(_), "text") | (NodeData::Bool(_), "bool") | (NodeData::Null, "null") => true,
        // A number where a text is asked for is written out.
        (NodeData::Integer(_) | NodeData::Float(_), "number" | "text") => true,
        (NodeData::Mapping(_), "map") | (NodeData::Sequence(_), "list") => true,
        (NodeData::Mapping(_), form) => form.starts_with('@'),
        (NodeData::Sequence(_), form) => form.starts_with('['),
        _ => false,
    }
}

fn in_words(form: &str) -> &str {
    match form.get(..1) {
        Some("@") => "a map",
        Some("[") => "a list",
        _ => match form {
            "text" => "a text",
            "bool" => "a boolean",
            "number" => "a number",
            "list" => "a list",
            "map" => "a map",
            _ => "empty",
        },
    }
}

fn shape(node: &Node) -> &'static str {
    match &node.data {
        NodeData::Null => "empty",
        NodeData::Bool(_) => "a boolean",
        NodeData::Integer(_) | NodeData::Float(_) => "a number",
        NodeData::String(_) | NodeData::Template(_) => "a text",
        NodeData::Sequence(_) => "a list",
        NodeData::Mapping(_) => "a map",
    }
}

/// Whether GitHub has an event of that name; else the nearest that it has.
pub fn unknown_event(name: &str) -> Option<Option<&'static str>> {
    let known = table().get("`on`").map_or(&[][..], Vec::as_slice);
    let is_known = known.iter().any(|(known, _)| *known == name);
    (!is_known).then(|| nearest(name, known.iter().map(|(name, _)| *name)))
}

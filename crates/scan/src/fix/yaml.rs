//! Sets attributes in YAML.

use super::literal::{yaml_inline, yaml_line, yaml_text};
use super::offer::{insert, replace};
use super::setting::{Setting, indentation, line_end, line_start, newline};
use proofmark_source::{Span, TextEdit};
use proofmark_syntax::{Entry, Node, NodeData, Parsed};

/// How far a mapping is indented below its key where the file shows no other custom.
const INDENT: usize = 2;

/// The edits that set an attribute; `None` where the text does not take it: where another value than a plain scalar stands,
/// an expression, an alias.
pub(super) fn set(text: &str, parsed: &Parsed, setting: &Setting<'_>) -> Option<Vec<TextEdit>> {
    let roots = parsed.documents.iter().map(|document| &document.root);
    let whole = setting.target.start == 0 && setting.target.end as usize == text.len();
    let mapping = match whole {
        true => roots.into_iter().find(|root| !root.entries().is_empty()),
        false => roots.into_iter().find_map(|root| mapping_at(root, setting.target)),
    }?;
    set_in(text, mapping, setting)
}

/// The mapping that stands at `place`, or under a key that the place includes.
fn mapping_at(node: &Node, place: Span) -> Option<&Node> {
    let is_written_here = |node: &Node| node.included_at.is_none();
    if !is_written_here(node) {
        return None;
    }
    if node.span == place && matches!(node.data, NodeData::Mapping(_)) {
        return Some(node);
    }
    let under_key = node.entries().iter().find(|entry| {
        entry.key.span.join(entry.value.span) == place
            && !entry.value.entries().is_empty()
            && is_written_here(&entry.value)
    });
    if let Some(entry) = under_key {
        return Some(&entry.value);
    }
    let children = node.entries().iter().map(|entry| &entry.value).chain(node.elements());
    children.filter(|child| child.span.contains(place)).find_map(|child| mapping_at(child, place))
}

/// Sets the path below `mapping`.
pub(super) fn set_in(text: &str, mapping: &Node, setting: &Setting<'_>) -> Option<Vec<TextEdit>> {
    let (name, rest) = setting.path.split_first()?;
    let Some(entry) = mapping.entry(name) else { return add_entry(text, mapping, setting) };
    if entry.value.included_at.is_some() || entry.value.tag.is_some() {
        return None;
    }
    let deeper = Setting { path: rest, before: None, ..*setting };
    match &entry.value.data {
        NodeData::Mapping(entries) if !rest.is_empty() => match entries.is_empty() {
            true => Some(vec![replace(entry.value.span, format!("{{ {} }}", flow_entry(rest, setting)?))]),
            false => set_in(text, &entry.value, &deeper),
        },
        NodeData::Null if !rest.is_empty() => {
            let key = indentation_of(text, mapping)?;
            let lines = block_lines(rest, setting, &" ".repeat(key + INDENT))?;
            let at = line_end(text, entry.key.span.end as usize);
            Some(vec![insert(
                entry.key.span.file,
                at,
                format!("{0}{1}", newline(text), lines.join(newline(text))),
            )])
        }
        _ if !rest.is_empty() => None,
        NodeData::Null => {
            let colon = entry.key.span.end as usize + text.get(entry.key.span.end as usize..)?.find(':')? + 1;
            let is_empty = text.get(colon..line_end(text, colon))?.trim_start();
            let value = yaml_inline(setting.value)?;
            let at = insert(entry.key.span.file, colon, format!(" {value}"));
            (is_empty.is_empty() || is_empty.starts_with('#')).then(|| vec![at])
        }
        NodeData::String(written) if written.contains("{{") => None,
        NodeData::Bool(_) | NodeData::Integer(_) | NodeData::Float(_) | NodeData::String(_) => {
            Some(vec![replace(entry.value.span, yaml_inline(setting.value)?)])
        }
        NodeData::Sequence(_) | NodeData::Mapping(_) | NodeData::Template(_) => None,
    }
}

/// Adds an entry for the path, before the named one, else behind the last.
fn add_entry(text: &str, mapping: &Node, setting: &Setting<'_>) -> Option<Vec<TextEdit>> {
    let first = mapping.entries().first()?;
    let file = mapping.span.file;
    if is_flow(text, first) {
        let entry = flow_entry(setting.path, setting)?;
        let last = &mapping.entries().last()?.value;
        let end = last.included_at.unwrap_or(last.span).end as usize;
        return Some(vec![insert(file, end, format!(", {entry}"))]);
    }
    let indent = " ".repeat(indentation_of(text, mapping)?);
    let lines = block_lines(setting.path, setting, &indent)?.join(newline(text));
    let follower = setting.before.and_then(|name| mapping.entry(name));
    if let Some(at) = follower.and_then(|entry| above(text, entry)) {
        let is_apart =
            text.get(..at).is_some_and(|before| before.ends_with("\n\n") || before.ends_with("\n\r\n"));
        let gap = if is_apart { newline(text) } else { "" };
        return Some(vec![insert(file, at, format!("{lines}{}{gap}", newline(text)))]);
    }
    let written = text.get(..mapping.span.end as usize)?.trim_end().len();
    Some(vec![insert(file, line_end(text, written), format!("{}{lines}", newline(text)))])
}

/// Where lines go that stand before an entry: above the comments that belong to it. `None` where the entry shares its line.
fn above(text: &str, entry: &Entry) -> Option<usize> {
    let indent = indentation(text, entry.key.span.start as usize)?;
    let mut at = line_start(text, entry.key.span.start as usize);
    while at > 0 {
        let previous = line_start(text, at - 1);
        let line = text.get(previous..at)?;
        let is_own_comment = line.strip_prefix(indent).is_some_and(|rest| rest.starts_with('#'));
        if !is_own_comment {
            break;
        }
        at = previous;
    }
    Some(at)
}

/// Whether the mapping stands in braces.
fn is_flow(text: &str, first: &Entry) -> bool {
    let start = first.key.span.start as usize;
    let before = text.get(line_start(text, start)..start).unwrap_or("");
    before.trim_end().ends_with(['{', ','])
}

/// How many columns the keys of a block mapping are indented by.
fn indentation_of(text: &str, mapping: &Node) -> Option<usize> {
    let start = mapping.entries().first()?.key.span.start as usize;
    let before = text.get(line_start(text, start)..start)?;
    // The first key of a list's element stands behind its dash.
    let is_blank = before.chars().all(|character| character == ' ' || character == '-');
    is_blank.then_some(before.len())
}

/// `a:`, `  b:`, `    c: value`.
fn block_lines(path: &[&str], setting: &Setting<'_>, indent: &str) -> Option<Vec<String>> {
    let (last, outer) = path.split_last()?;
    let deeper = |depth: usize| format!("{indent}{}", " ".repeat(depth * INDENT));
    let mut lines: Vec<String> = outer
        .iter()
        .enumerate()
        .map(|(depth, name)| format!("{}{}:", deeper(depth), yaml_text(name)))
        .collect();
    let value = yaml_line(setting.value)?;
    lines.push(format!("{}{}: {value}", deeper(outer.len()), yaml_text(last)));
    Some(lines)
}

/// `a: { b: { c: value } }`.
fn flow_entry(path: &[&str], setting: &Setting<'_>) -> Option<String> {
    let (last, outer) = path.split_last()?;
    let inner = format!("{}: {}", yaml_text(last), yaml_inline(setting.value)?);
    Some(outer.iter().rev().fold(inner, |inner, name| format!("{}: {{ {inner} }}", yaml_text(name))))
}

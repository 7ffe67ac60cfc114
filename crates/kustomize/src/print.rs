//! Objects as a YAML stream.

use crate::node::scalar;
use crate::object::Object;
use proofmark_syntax::{Node, NodeData, YamlDialect};

/// The objects as YAML documents: keys sorted, texts quoted only where they would be taken for something else.
#[must_use]
pub fn print_yaml(objects: &[Object]) -> String {
    let mut out = String::new();
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        print_block(&object.node, 0, &mut out);
    }
    out
}

/// Prints a collection, each line indented; a scalar on a line of its own.
fn print_block(node: &Node, indent: usize, out: &mut String) {
    match &node.data {
        NodeData::Mapping(entries) if !entries.is_empty() => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by_key(|entry| scalar(&entry.key).unwrap_or_default());
            for (index, entry) in sorted.into_iter().enumerate() {
                if index > 0 || indent == 0 || out.ends_with('\n') {
                    pad(indent, out);
                }
                print_scalar(&entry.key, indent, out);
                out.push(':');
                print_value(&entry.value, indent, out);
            }
        }
        NodeData::Sequence(elements) if !elements.is_empty() => {
            for (index, element) in elements.iter().enumerate() {
                if index > 0 || out.ends_with('\n') || out.is_empty() {
                    pad(indent, out);
                }
                out.push_str("- ");
                print_block(element, indent + 2, out);
            }
        }
        _ => {
            print_scalar(node, indent, out);
            out.push('\n');
        }
    }
}

/// Prints what stands behind a key.
fn print_value(node: &Node, indent: usize, out: &mut String) {
    match &node.data {
        NodeData::Mapping(entries) if !entries.is_empty() => {
            out.push('\n');
            print_block(node, indent + 2, out);
        }
        NodeData::Sequence(elements) if !elements.is_empty() => {
            out.push('\n');
            print_block(node, indent, out);
        }
        _ => {
            out.push(' ');
            print_scalar(node, indent, out);
            out.push('\n');
        }
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn print_scalar(node: &Node, indent: usize, out: &mut String) {
    match &node.data {
        NodeData::String(text) => print_text(text, indent, out),
        NodeData::Template(text) => out.push_str(&quoted(text)),
        NodeData::Null => out.push_str("null"),
        NodeData::Sequence(_) => out.push_str("[]"),
        NodeData::Mapping(_) => out.push_str("{}"),
        NodeData::Integer(_) | NodeData::Bool(_) => out.push_str(&scalar(node).unwrap_or_default()),
        NodeData::Float(value) if value.is_nan() => out.push_str(".nan"),
        NodeData::Float(value) if value.is_infinite() => {
            out.push_str(if *value < 0.0 { "-.inf" } else { ".inf" });
        }
        NodeData::Float(value) => out.push_str(&value.to_string()),
    }
}

fn print_text(text: &str, indent: usize, out: &mut String) {
    if is_block(text) {
        let body = text.trim_end_matches('\n');
        let rest = text.len() - body.len();
        out.push_str(match rest {
            0 => "|-",
            1 => "|",
            _ => "|+",
        });
        for line in body.split('\n') {
            out.push('\n');
            if !line.is_empty() {
                pad(indent + 2, out);
                out.push_str(line);
            }
        }
        // The line that ends the block is written behind every scalar.
        out.extend(std::iter::repeat_n('\n', rest.saturating_sub(1)));
    } else if is_plain(text) {
        out.push_str(text);
    } else {
        out.push_str(&quoted(text));
    }
}

/// Whether a text can stand as a block: several lines, none of which YAML would take for anything but text.
fn is_block(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    text.contains('\n')
        && !body.is_empty()
        && !body.starts_with([' ', '\n'])
        && !text.contains(|character| is_odd(character) && character != '\n')
}

/// Characters that mean something at the beginning of a YAML value.
const MARKS: &str = "?:,[]{}#&*!|>'\"%@`=~<";

/// Whether a text can stand without quotes, and means the same text to every program that reads YAML.
fn is_plain(text: &str) -> bool {
    let dialects = [YamlDialect::Core, YamlDialect::Kubernetes, YamlDialect::Go, YamlDialect::Python];
    let is_text = dialects.iter().all(|dialect| matches!(dialect.resolve(text), NodeData::String(_)));
    let has_word = text.contains(|character: char| character.is_alphabetic());
    let Some(first) = text.chars().next() else { return false };
    let is_number_like = first.is_ascii_digit() || matches!(first, '+' | '-' | '.');
    let has_mark = MARKS.contains(first)
        || text.starts_with("- ")
        || text.starts_with("---")
        || text.ends_with(':')
        || text.contains(": ")
        || text.contains(" #");
    is_text && (has_word || !is_number_like) && !has_mark && text.trim() == text && !text.contains(is_odd)
}

/// Whether a character never stands in a text without an escape.
fn is_odd(character: char) -> bool {
    character.is_control() || matches!(character, '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// The text in double quotes. JSON's escapes are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned())
        .to_string()
        .replace('\u{85}', "\\N")
        .replace('\u{feff}', "\\uFEFF")
}

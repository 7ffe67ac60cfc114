//! What texts become, as printed trees.

mod broken;
mod ini;
mod json;
mod scalar;
mod template;
mod toml;
mod yaml;

use crate::{Node, NodeData, Parsed, Style};

/// The whole of what parsing `text` gave, one node a line, each with the text under its span.
fn print(parsed: &Parsed, text: &str) -> String {
    let mut out = String::new();
    for (number, document) in parsed.documents.iter().enumerate() {
        if parsed.documents.len() > 1 {
            out.push_str(&format!("document {} `{}`\n", number + 1, short(document.span.slice(text))));
        }
        print_node(&document.root, "", 0, text, &mut out);
        if let Some(span) = document.broken_at {
            out.push_str(&format!("broken at {}\n", span.start));
        }
        assert_nested(&document.root, text);
    }
    for comment in &parsed.comments {
        out.push_str(&format!("comment {:?} `{}`\n", comment.text, short(comment.span.slice(text))));
    }
    for diagnostic in &parsed.diagnostics {
        let line = text.get(..diagnostic.span.start as usize).unwrap_or("").matches('\n').count() + 1;
        out.push_str(&format!(
            "{} {:?} line {line} `{}`: {}\n",
            diagnostic.code,
            diagnostic.impact,
            short(diagnostic.span.slice(text)),
            diagnostic.message
        ));
    }
    out.trim_end().to_owned()
}

fn print_node(node: &Node, label: &str, depth: usize, text: &str, out: &mut String) {
    let value = match &node.data {
        NodeData::Null => "null".to_owned(),
        NodeData::Bool(value) => value.to_string(),
        NodeData::Integer(value) => value.to_string(),
        NodeData::Float(value) => format!("{value:?}"),
        NodeData::String(text) => format!("{text:?}"),
        NodeData::Template(text) => format!("template {text:?}"),
        NodeData::Sequence(_) => "list".to_owned(),
        NodeData::Mapping(_) => "map".to_owned(),
    };
    let tag = node.tag.as_ref().map(|tag| format!(" {tag}")).unwrap_or_default();
    let style = if node.style == Style::Plain { String::new() } else { format!(" {:?}", node.style) };
    let included =
        node.included_at.map(|span| format!(" <- `{}`", short(span.slice(text)))).unwrap_or_default();
    let source = short(node.span.slice(text));
    out.push_str(&format!("{}{label}{value}{tag}{style} `{source}`{included}\n", "  ".repeat(depth)));
    for element in node.elements() {
        print_node(element, "- ", depth + 1, text, out);
    }
    for entry in node.entries() {
        let key = match &entry.key.data {
            NodeData::String(key) => format!("{key}: "),
            other => format!("{other:?}: "),
        };
        print_node(&entry.value, &key, depth + 1, text, out);
    }
}

fn short(text: &str) -> String {
    let escaped = text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'");
    if escaped.chars().count() <= 48 {
        return escaped;
    }
    let count = escaped.chars().count();
    let first: String = escaped.chars().take(22).collect();
    let last: String = escaped.chars().skip(count - 22).collect();
    format!("{first} … {last}")
}

/// Every node lies within its parent, unless an alias or merge key brought it, and splits no character.
fn assert_nested(node: &Node, text: &str) {
    assert!(
        text.get(node.span.start as usize..node.span.end as usize).is_some(),
        "{node:?} is outside the text"
    );
    let pairs = node.entries().iter().flat_map(|entry| [&entry.key, &entry.value]);
    for child in node.elements().iter().chain(pairs) {
        let place = child.included_at.unwrap_or(child.span);
        let is_inside =
            node.included_at.is_some() || (node.span.start <= place.start && place.end <= node.span.end);
        assert!(is_inside, "{:?} is outside its parent {:?}", child, node.span);
        assert_nested(child, text);
    }
}

//! Reading a mapping whose keys are known, with a located complaint about everything else.

use super::{CONFIGURATION, Named};
use proofmark_model::SmolStr;
use proofmark_rules::nearest;
use proofmark_source::{Diagnostic, Impact, Span};
use proofmark_syntax::{Node, NodeData};

/// What is wrong with a configuration, as far as it was read.
#[derive(Default)]
pub(super) struct Problems {
    pub(super) list: Vec<Diagnostic>,
}

impl Problems {
    pub(super) fn add(&mut self, span: Span, message: String, help: Option<String>) {
        let diagnostic = Diagnostic { help, ..Diagnostic::new(CONFIGURATION, Impact::Unread, span, message) };
        self.list.push(diagnostic);
    }

    /// Complains that `node`, which is called `name`, should be `expected`.
    pub(super) fn mistyped(&mut self, node: &Node, name: &str, expected: &str) {
        self.add(
            node.span,
            format!("`{name}` is {}", described(node)),
            Some(format!("it should be {expected}")),
        );
    }

    /// Complains about keys of a mapping that are not among `known`, and about keys that stand twice. Says whether the
    /// node is a mapping at all.
    pub(super) fn check_keys(&mut self, node: &Node, name: &str, known: &[&str]) -> bool {
        if !matches!(node.data, NodeData::Mapping(_)) {
            self.mistyped(node, name, &format!("a map with the keys {}", list(known)));
            return false;
        }
        let mut seen = Vec::new();
        for entry in node.entries() {
            let key = entry.key.as_str().unwrap_or("");
            if !known.contains(&key) {
                let help = match nearest(key, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the keys are {}", list(known)),
                };
                self.add(entry.key.span, format!("`{name}` has no key `{key}`"), Some(help));
            } else if seen.contains(&key) {
                self.add(entry.key.span, format!("`{key}` stands here a second time"), None);
            }
            seen.push(key);
        }
        true
    }

    pub(super) fn text(&mut self, parent: &Node, key: &str) -> Option<Named> {
        let node = parent.get(key).filter(|node| node.data != NodeData::Null)?;
        let named = named(node);
        if named.is_none() {
            self.mistyped(node, key, "a text");
        }
        named
    }

    /// The text under a key that must be there.
    pub(super) fn required(&mut self, parent: &Node, key: &str, what: &str) -> Option<Named> {
        if parent.get(key).is_none_or(|node| node.data == NodeData::Null) {
            self.add(first_line(parent), format!("{what} has no `{key}`"), Some(format!("add `{key}: …`")));
            return None;
        }
        self.text(parent, key)
    }

    pub(super) fn truth(&mut self, parent: &Node, key: &str) -> Option<bool> {
        let node = parent.get(key)?;
        match node.data {
            NodeData::Bool(value) => Some(value),
            _ => {
                self.mistyped(node, key, "`true` or `false`");
                None
            }
        }
    }

    /// The texts of a list; a single text counts as a list of one.
    pub(super) fn texts(&mut self, parent: &Node, key: &str) -> Option<Vec<Named>> {
        let node = parent.get(key)?;
        if let Some(single) = named(node) {
            return Some(vec![single]);
        }
        if !matches!(node.data, NodeData::Sequence(_) | NodeData::Null) {
            self.mistyped(node, key, "a list of texts");
        }
        let mut texts = Vec::new();
        for element in node.elements() {
            match named(element) {
                Some(text) => texts.push(text),
                None => self.mistyped(element, key, "a list of texts"),
            }
        }
        Some(texts)
    }
}

/// A scalar that can be meant as a text.
fn named(node: &Node) -> Option<Named> {
    let name = match &node.data {
        NodeData::String(text) => SmolStr::clone(text),
        NodeData::Integer(number) => SmolStr::from(number.to_string()),
        _ => return None,
    };
    Some(Named { name, span: node.span })
}

/// Where a complaint about something that is missing in a mapping points.
pub(super) fn first_line(node: &Node) -> Span {
    node.entries().first().map_or(node.span, |entry| entry.key.span)
}

fn described(node: &Node) -> &'static str {
    match node.data {
        NodeData::Null => "empty",
        NodeData::Bool(_) => "a truth value",
        NodeData::Integer(_) | NodeData::Float(_) => "a number",
        NodeData::String(_) => "a text",
        NodeData::Sequence(_) => "a list",
        NodeData::Mapping(_) => "a map",
        NodeData::Template(_) => "a template expression",
    }
}

/// Names in backticks, separated by commas.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

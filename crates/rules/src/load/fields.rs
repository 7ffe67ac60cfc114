//! Reading a mapping strictly.

use super::{RULE_KEY, RULE_SYNTAX};
use crate::nearest::did_you_mean;
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use smol_str::SmolStr;

/// The errors of one file.
pub(super) struct Errors {
    pub file: FileId,
    pub found: Vec<Diagnostic>,
}

impl Errors {
    pub fn new(file: FileId) -> Self {
        Self { file, found: Vec::new() }
    }

    pub fn add(&mut self, code: Code, span: Span, message: impl Into<String>, help: Option<String>) {
        let mut diagnostic = Diagnostic::new(code, Impact::Unread, span, message);
        diagnostic.help = help;
        self.found.push(diagnostic);
    }

    pub fn key(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.add(RULE_KEY, span, message, Some(help.to_owned()));
    }

    /// `value`, unless anything was wrong.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => {
                if self.found.is_empty() {
                    self.add(RULE_SYNTAX, Span::file_start(self.file), "the file cannot be read", None);
                }
                self.found.sort_by_key(|diagnostic| diagnostic.span);
                Err(self.found)
            }
        }
    }
}

/// The single mapping that a file must hold. Whatever the parser finds odd is an error here.
pub(super) fn parse_mapping(text: &str, errors: &mut Errors) -> Option<Node> {
    let parsed = parse_yaml(errors.file, text, YamlDialect::Core);
    for diagnostic in parsed.diagnostics {
        errors.found.push(Diagnostic { code: RULE_SYNTAX, impact: Impact::Unread, ..diagnostic });
    }
    let mut documents = parsed.documents.into_iter();
    let first = documents.next();
    if let Some(second) = documents.next() {
        errors.add(
            RULE_SYNTAX,
            second.span,
            "the file holds a second document",
            Some("one file, one rule".to_owned()),
        );
    }
    let root = first.map(|document| document.root);
    match root {
        Some(root) if matches!(root.data, NodeData::Mapping(_)) => Some(root),
        other => {
            if errors.found.is_empty() {
                let span = other.map_or(Span::file_start(errors.file), |node| node.span);
                errors.add(RULE_SYNTAX, span, "the file is not a mapping of keys to values", None);
            }
            None
        }
    }
}

/// Refuses keys that are not in `known`, and keys that are no text.
pub(super) fn check_keys(node: &Node, known: &[&str], errors: &mut Errors) {
    for entry in node.entries() {
        let Some(key) = entry.key.as_str() else {
            errors.key(entry.key.span, "the key is not a text", "put it in quotes");
            continue;
        };
        if !known.contains(&key) {
            let help = did_you_mean(key, known.iter().copied())
                .unwrap_or_else(|| format!("known keys are `{}`", known.join("`, `")));
            errors.add(RULE_KEY, entry.key.span, format!("unknown key `{key}`"), Some(help));
        }
    }
}

/// The value under `key`, which must be there.
pub(super) fn required<'n>(node: &'n Node, key: &str, help: &str, errors: &mut Errors) -> Option<&'n Node> {
    let value = node.get(key).filter(|value| value.data != NodeData::Null);
    if value.is_none() {
        let span = node.entry(key).map_or_else(|| first_key(node), |entry| entry.key.span);
        errors.key(span, format!("`{key}` is missing"), help);
    }
    value
}

/// A value under `key` that may be left out, but not left empty.
pub(super) fn optional<'n>(node: &'n Node, key: &str, errors: &mut Errors) -> Option<&'n Node> {
    let entry = node.entry(key)?;
    if entry.value.data == NodeData::Null {
        errors.key(entry.key.span, format!("`{key}` has no value"), "give one, or leave the key away");
        return None;
    }
    Some(&entry.value)
}

/// The first key of a mapping, for errors about what it lacks.
fn first_key(node: &Node) -> Span {
    node.entries().first().map_or(node.span, |entry| entry.key.span)
}

/// A text that is not empty.
pub(super) fn text(node: &Node, key: &str, errors: &mut Errors) -> Option<SmolStr> {
    match node.as_str().map(str::trim) {
        Some(text) if !text.is_empty() => Some(SmolStr::new(text)),
        _ => {
            errors.key(
                node.span,
                format!("`{key}` is not a text"),
                "write a text; put it in quotes if it looks otherwise",
            );
            None
        }
    }
}

/// One text, or a list of them: each with its node, in order, at least one.
pub(super) fn texts<'n>(node: &'n Node, key: &str, errors: &mut Errors) -> Vec<(SmolStr, &'n Node)> {
    if !matches!(node.data, NodeData::Sequence(_)) {
        return text(node, key, errors).map(|text| (text, node)).into_iter().collect();
    }
    list(node, key, errors)
}

/// A list of texts: each with its node, in order, at least one.
pub(super) fn list<'n>(node: &'n Node, key: &str, errors: &mut Errors) -> Vec<(SmolStr, &'n Node)> {
    if node.elements().is_empty() {
        errors.key(
            node.span,
            format!("`{key}` is not a list with at least one element"),
            "write `[first, second]`",
        );
    }
    let elements = node.elements().iter();
    elements.filter_map(|element| Some((text(element, key, errors)?, element))).collect()
}

/// One of a few words.
pub(super) fn word<T: Copy>(node: &Node, key: &str, words: &[(&str, T)], errors: &mut Errors) -> Option<T> {
    let found = node.as_str().unwrap_or("");
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == found) {
        return Some(*value);
    }
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let help = format!("write one of `{}`", names.join("`, `"));
    errors.key(node.span, format!("`{key}` has an unknown value"), &help);
    None
}

//! YAML that a template language fills in.

mod mask;

use super::parse_yaml;
use crate::{Node, NodeData, Parsed, Style, YamlDialect};
use mask::mask;
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use smol_str::SmolStr;
use std::ops::Range;

const TEMPLATE: Code = Code("yaml-template");

/// Parses YAML `text` of `file` that holds actions of a template language (`{{ … }}`, also `{% … %}`), without
/// rendering it. Never fails: see [`Parsed::diagnostics`].
///
/// Every scalar with an action in it becomes [`NodeData::Template`] with its text as written, without quotes. Lines that
/// only steer (`{{ if … }}`, `{{ end }}`) count as blank, so that all branches are read; keys that stand in several
/// branches are no duplicates. A line with nothing but a value (`{{ toYaml . }}`) becomes the value of the key above it;
/// between other entries, an entry or element that nobody knows, with a template for its key.
#[must_use]
pub fn parse_yaml_template(file: FileId, text: &str, dialect: YamlDialect) -> Parsed {
    let (masked, actions) = mask(text);
    let mut parsed = parse_yaml(file, &masked, dialect);
    let Some(first) = actions.first() else { return parsed };
    parsed.diagnostics.retain(|diagnostic| diagnostic.code != super::builder::DUPLICATE_KEY);
    for document in &mut parsed.documents {
        restore(&mut document.root, text, &actions);
    }
    // Hidden actions look like comments; comments with actions in them are real ones.
    parsed.comments.retain(|comment| comment.span.slice(text).starts_with('#'));
    for comment in &mut parsed.comments {
        let written = comment.span.slice(text).trim_start_matches('#').trim();
        comment.text = SmolStr::new(written);
    }
    let span = Span::new(file, first.start, first.end);
    let message = "a template fills in values of this file; they are not known here";
    parsed.diagnostics.insert(0, Diagnostic::new(TEMPLATE, Impact::None, span, message));
    parsed
}

/// Turns scalars that hold an action into templates.
fn restore(node: &mut Node, text: &str, actions: &[Range<usize>]) {
    match &mut node.data {
        NodeData::Sequence(elements) => elements.iter_mut().for_each(|one| restore(one, text, actions)),
        NodeData::Mapping(entries) => {
            for entry in entries {
                restore(&mut entry.key, text, actions);
                let is_unknown = matches!(entry.key.data, NodeData::Template(_));
                if is_unknown && entry.value.data == NodeData::Null {
                    entry.value.data = entry.key.data.clone();
                }
                restore(&mut entry.value, text, actions);
            }
        }
        _ => {
            if let Some(whole) = with_actions(node.span, actions) {
                let written = whole.slice(text).trim();
                let is_quoted = node.style == Style::Quoted && written.len() >= 2;
                let inner = if is_quoted { written.get(1..written.len() - 1) } else { None };
                node.data = NodeData::Template(SmolStr::new(inner.unwrap_or(written)));
                node.span.end = whole.end;
            }
        }
    }
}

/// The span together with the actions that touch it, if there are any; actions stand in order and apart.
fn with_actions(span: Span, actions: &[Range<usize>]) -> Option<Span> {
    let first = actions.partition_point(|action| action.end <= span.start as usize);
    let touching = actions.get(first..)?.iter().take_while(|action| action.start < span.end as usize);
    touching
        .map(|action| Span::new(span.file, action.start, action.end))
        .reduce(Span::join)
        .map(|one| one.join(span))
}

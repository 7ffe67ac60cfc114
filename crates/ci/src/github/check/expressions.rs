//! Expressions that cannot be read.

use super::{ENTRY, EXPRESSION, Problems};
use crate::context::FileContext;
use crate::expression::{find_expressions, find_unclosed, is_dynamic, parse, unknown_contexts};
use crate::scalar::Scalar;
use github_actions_expressions::{Error, call};
use proofmark_syntax::Node;
use std::ops::Range;

/// Checks all expressions below a node.
pub fn check_node(context: &FileContext<'_>, node: &Node, problems: &mut Problems<'_>) {
    for entry in node.entries() {
        if let Some(at) = entry.key.included_at {
            problems.add(ENTRY, at, "GitHub follows aliases, but knows no merge keys (`<<`)".to_owned());
        }
        match (entry.key.as_str(), entry.value.as_str()) {
            (Some("if"), Some(text)) if !is_dynamic(text) => {
                Checked { context, node: &entry.value, text }.check(0..text.len(), problems);
            }
            _ => check_node(context, &entry.value, problems),
        }
    }
    node.elements().iter().for_each(|element| check_node(context, element, problems));
    let Some(text) = node.as_str().filter(|text| is_dynamic(text)) else { return };
    let checked = Checked { context, node, text };
    for (_, inside) in find_expressions(text) {
        checked.check(inside, problems);
    }
    if let Some(at) = find_unclosed(text) {
        let message = "an expression opens with `${{` and never closes with `}}`";
        checked.add(at..at + 3, message.to_owned(), problems);
    }
}

/// A text with expressions.
struct Checked<'c> {
    context: &'c FileContext<'c>,
    node: &'c Node,
    text: &'c str,
}

impl Checked<'_> {
    /// Checks the expression in a part of the text.
    fn check(&self, inside: Range<usize>, problems: &mut Problems<'_>) {
        let Some(text) = self.text.get(inside.start..inside.end) else { return };
        let shown = text.trim();
        if shown.is_empty() {
            return self.add(inside, "an expression is empty".to_owned(), problems);
        }
        match parse(text) {
            Ok(expression) => {
                for (name, at) in unknown_contexts(&expression) {
                    let start = inside.start + at;
                    let message = format!("GitHub has no context `{name}`");
                    self.add(start..start + name.len(), message, problems);
                }
            }
            Err(error) => self.add(inside, problem(shown, &error), problems),
        }
    }

    fn add(&self, range: Range<usize>, message: String, problems: &mut Problems<'_>) {
        if let Some(scalar) = Scalar::of(self.node, self.context.text) {
            problems.add(EXPRESSION, scalar.locate(range), message);
        }
    }
}

fn problem(text: &str, error: &Error) -> String {
    match error {
        Error::Call(call::Error::UnknownFunction(name)) => format!("GitHub has no function `{name}`"),
        Error::Call(call::Error::Arity(function, wanted)) => {
            format!("`{function:?}` takes {wanted}, not what `{text}` gives it")
        }
        Error::Depth => "an expression is too long or too deep to be read".to_owned(),
        Error::Syntax(_) => format!("`{text}` is no expression"),
    }
}

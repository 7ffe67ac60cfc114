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
        match entry.key.as_str() {
            Some("if") if !entry.value.as_str().is_some_and(is_dynamic) => {
                if let Some(scalar) = Scalar::of(&entry.value, context.text) {
                    check(&scalar, 0..scalar.text.len(), problems);
                }
            }
            _ => check_node(context, &entry.value, problems),
        }
    }
    node.elements().iter().for_each(|element| check_node(context, element, problems));
    if !node.as_str().is_some_and(is_dynamic) {
        return;
    }
    let Some(scalar) = Scalar::of(node, context.text) else { return };
    for (_, inside) in find_expressions(scalar.text) {
        check(&scalar, inside, problems);
    }
    if let Some(at) = find_unclosed(scalar.text) {
        let message = "an expression opens with `${{` and never closes with `}}`";
        problems.add(EXPRESSION, scalar.locate(at..at + 3), message.to_owned());
    }
}

fn check(scalar: &Scalar<'_>, inside: Range<usize>, problems: &mut Problems<'_>) {
    let Some(text) = scalar.text.get(inside.start..inside.end) else { return };
    let shown = text.trim();
    if shown.is_empty() {
        return problems.add(EXPRESSION, scalar.locate(inside), "an expression is empty".to_owned());
    }
    match parse(text) {
        Ok(expression) => {
            for (name, at) in unknown_contexts(&expression) {
                let start = inside.start + at;
                let message = format!("GitHub has no context `{name}`");
                problems.add(EXPRESSION, scalar.locate(start..start + name.len()), message);
            }
        }
        Err(error) => problems.add(EXPRESSION, scalar.locate(inside), problem(shown, &error)),
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

//! The conditions of jobs and steps.

use super::facts::certain_truth;
use super::{Place, expression_value, find_expressions, is_dynamic, parse};
use crate::expression::scope::Scope;
use crate::places::place;
use proofmark_model::{MapBuilder, Value};
use proofmark_syntax::{Node, NodeData};

/// An `if` as rules see it: its expression with `is_always_true`, `is_always_false` and `is_unsound`.
///
/// GitHub takes a text without marks for one expression. With marks, only a text that is one expression and nothing else
/// keeps its truth; a blank or a line break beside the marks makes it a text, and every text that is not empty counts as
/// true ("Evaluate expressions in workflows and actions").
pub fn condition_value(node: &Node, scope: &Scope<'_>) -> Option<Value> {
    let span = place(node);
    let at = Place { part: "if", key: "" };
    let (inside, is_unsound) = match &node.data {
        NodeData::String(text) => match find_expressions(text).as_slice() {
            [] => (text.to_string(), false),
            [(whole, inside)] => (text.get(inside.start..inside.end)?.to_owned(), *whole != (0..text.len())),
            _ => (text.to_string(), true),
        },
        NodeData::Bool(value) => (value.to_string(), false),
        NodeData::Integer(value) => (value.to_string(), false),
        _ => return None,
    };
    let mut fields = MapBuilder::of(&expression_value(&inside, at, scope, span));
    let truth = match is_unsound {
        true => Some(true),
        false if is_dynamic(&inside) => None,
        false => parse(&inside).ok().and_then(|expression| certain_truth(&expression)),
    };
    fields.set_bool("is_always_true", truth == Some(true), span);
    fields.set_bool("is_always_false", truth == Some(false), span);
    fields.set_bool("is_unsound", is_unsound, span);
    Some(fields.finish(span, span))
}

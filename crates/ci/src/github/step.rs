//! Steps of jobs and of composite actions.

use super::uses::{ResolveLocal, uses_value};
use crate::context::FileContext;
use crate::expression::{Place, Scope, condition_in, expressions_in};
use crate::places::{element_header, place, relocate};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_syntax::Node;

/// Entries whose text rules read although it may hold expressions.
pub const TEXTS: [&str; 5] = ["run", "if", "name", "run-name", "uses"];

/// A list of steps with what was found in all of them.
#[derive(Default)]
pub struct Steps {
    /// The steps, in order.
    pub steps: Vec<Value>,
    /// The expressions of all steps, each with `step`, the number of its step from 0.
    pub expressions: Vec<Value>,
    /// The commands of all steps, each with `step`.
    pub commands: Vec<Value>,
    /// The actions that all steps use, each with `step`.
    pub actions: Vec<Value>,
}

/// Reads the steps below `node`.
pub fn read_steps(
    context: &FileContext<'_>,
    node: &Node,
    scope: &Scope<'_>,
    resolve: &ResolveLocal<'_>,
) -> Steps {
    let mut steps = Steps::default();
    for (index, element) in node.elements().iter().enumerate() {
        let scope = inner_scope(element, scope);
        read_step(context, element, &scope, resolve, index, &mut steps);
    }
    steps
}

fn inner_scope<'n>(node: &'n Node, scope: &Scope<'n>) -> Scope<'n> {
    let mut inner = scope.clone();
    if let Some(environment) = node.get("env") {
        inner.environments.insert(0, environment);
    }
    inner
}

fn read_step(
    context: &FileContext<'_>,
    node: &Node,
    scope: &Scope<'_>,
    resolve: &ResolveLocal<'_>,
    index: usize,
    steps: &mut Steps,
) {
    let header = element_header(node);
    let mut fields = MapBuilder::of(&context.value(node, header, &TEXTS));
    let span = place(node);
    let number = Value::new(Data::Integer(i64::try_from(index).unwrap_or(i64::MAX)), header);
    let expressions = with_step(step_expressions(context, node, scope), &number);
    let commands = with_step(node.get("run").map(|run| context.commands(run)).unwrap_or_default(), &number);
    if let Some(uses) = node.get("uses").and_then(|uses| uses_value(context, uses, resolve)) {
        let action = with_step(vec![uses.clone()], &number);
        steps.actions.extend(action.into_iter().map(|value| settled(node, value)));
        fields.set("uses_action", uses);
    }
    fields.set("index", number);
    fields.set("expressions", Value::list(expressions.clone(), span));
    fields.set("commands", Value::list(commands.clone(), span));
    steps.steps.push(settled(node, fields.finish(span, header)));
    steps.expressions.extend(expressions.iter().map(|value| settled(node, value.clone())));
    steps.commands.extend(commands.iter().map(|value| settled(node, value.clone())));
}

/// What an alias brought stands where the alias stands.
fn settled(node: &Node, value: Value) -> Value {
    match node.included_at {
        Some(at) => relocate(&value, at, "an anchor"),
        None => value,
    }
}

fn step_expressions(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let mut found = Vec::new();
    for entry in node.entries() {
        match entry.key.as_str() {
            Some("if") => condition_in(&entry.value, context.text, scope, &mut found),
            Some(part) => {
                let place = Place { part, key: "" };
                expressions_in(&entry.value, context.text, place, scope, &mut found);
            }
            None => {}
        }
    }
    found
}

fn with_step(values: Vec<Value>, number: &Value) -> Vec<Value> {
    let add = |value: &Value| {
        let header = value.as_map().and_then(|map| map.header).unwrap_or(value.origin.span);
        let mut fields = MapBuilder::of(value);
        fields.set("step", number.clone());
        fields.finish(value.origin.span, header)
    };
    values.iter().map(add).collect()
}

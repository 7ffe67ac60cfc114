//! Steps of jobs and of composite actions.

use super::uses::{ResolveLocal, uses_value};
use crate::context::FileContext;
use crate::expression::{Expressions, Scope};
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
    for element in node.elements() {
        steps.add(context, element, &inner_scope(element, scope), resolve);
    }
    steps
}

fn inner_scope<'n>(node: &'n Node, scope: &Scope<'n>) -> Scope<'n> {
    let own = node.get("env").into_iter();
    Scope { environments: own.chain(scope.environments.iter().copied()).collect(), matrix: scope.matrix }
}

impl Steps {
    fn add(&mut self, context: &FileContext<'_>, node: &Node, scope: &Scope<'_>, resolve: &ResolveLocal<'_>) {
        let header = element_header(node);
        let mut fields = MapBuilder::of(&context.value(node, header, &TEXTS));
        let span = place(node);
        let index = i64::try_from(self.steps.len()).unwrap_or(i64::MAX);
        let number = Value::new(Data::Integer(index), header);
        let numbered = |value: &Value| with_step(value, &number);
        let expressions: Vec<Value> = step_expressions(context, node, scope).iter().map(numbered).collect();
        let commands = node.get("run").map(|run| context.commands(run)).unwrap_or_default();
        let commands: Vec<Value> = commands.iter().map(numbered).collect();
        if let Some(uses) = node.get("uses").and_then(|uses| uses_value(context, uses, resolve)) {
            self.actions.push(settled(node, &numbered(&uses)));
            fields.set("uses_action", uses);
        }
        self.expressions.extend(expressions.iter().map(|value| settled(node, value)));
        self.commands.extend(commands.iter().map(|value| settled(node, value)));
        fields.set("index", number);
        fields.set("expressions", Value::list(expressions, span));
        fields.set("commands", Value::list(commands, span));
        self.steps.push(settled(node, &fields.finish(span, header)));
    }
}

/// What an alias brought stands where the alias stands.
fn settled(node: &Node, value: &Value) -> Value {
    match node.included_at {
        Some(at) => relocate(value, at, "an anchor"),
        None => Value::clone(value),
    }
}

fn step_expressions(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let mut expressions = Expressions::new(context.text, scope);
    node.entries().iter().for_each(|entry| expressions.add_entry(entry));
    expressions.finish()
}

fn with_step(value: &Value, number: &Value) -> Value {
    let header = value.as_map().and_then(|map| map.header).unwrap_or(value.origin.span);
    let mut fields = MapBuilder::of(value);
    fields.set("step", Value::clone(number));
    fields.finish(value.origin.span, header)
}

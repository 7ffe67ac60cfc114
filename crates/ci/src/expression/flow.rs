//! Whose text can become part of an expression's result.

use super::control::{Class, Control, class_of, class_of_output};
use super::scope::{Scope, Sources};
use super::{find_expressions, parse};
use crate::calls::action_name;
use github_actions_expressions::SpannedExpr;
use proofmark_model::{MapBuilder, Origin, SmolStr, Step, StepKind, Value};
use proofmark_source::Span;
use proofmark_syntax::Node;
use std::sync::Arc;

/// How many steps a context is followed through `env`, `matrix` and `inputs`; a circle ends here.
const MAX_STEPS: usize = 12;

/// How many nodes are looked at for one expression: an action that hundreds of jobs use, which hand on inputs of their
/// own, could ask for any number.
const MAX_NODES: usize = 512;

/// A context whose text can reach the result.
pub struct Flow {
    /// The context, in lower case with dots.
    pub context: SmolStr,
    /// Who decides its text, and why.
    pub class: Option<Class>,
    /// The places that it came through, nearest first.
    trail: Option<Arc<Step>>,
}

impl Flow {
    /// The context as a text at `span`, with the way that it came.
    pub fn text(&self, span: Span) -> Value {
        let origin = Origin { span, trail: self.trail.as_ref().map(Arc::clone) };
        Value { origin, ..Value::string(SmolStr::clone(&self.context), span) }
    }

    /// `context`, `class` and `why`.
    pub fn source(&self, span: Span) -> Value {
        let mut fields = MapBuilder::default();
        fields.set("context", self.text(span));
        if let Some(class) = self.class {
            fields.set_text("class", class.control.name(), span);
            fields.set_text("why", class.why, span);
        }
        fields.finish(span, span)
    }
}

/// The contexts whose text can reach the result of an expression, followed as far as the files say, each once.
pub fn flows_of(expression: &SpannedExpr<'_>, scope: &Scope<'_>) -> Vec<Flow> {
    let mut walk = Walk { found: Vec::new(), path: Vec::new(), nodes: 0 };
    walk.expression(expression, scope);
    walk.found
}

/// The most dangerous of those who decide the texts.
pub fn worst(flows: &[Flow]) -> Option<Control> {
    flows.iter().filter_map(|flow| flow.class).map(|class| class.control).max()
}

struct Walk {
    found: Vec<Flow>,
    /// The places on the way, nearest to the expression first.
    path: Vec<(StepKind, Span)>,
    nodes: usize,
}

impl Walk {
    /// Contexts whose text can reach the result, also through a member of a call's result.
    fn expression(&mut self, expression: &SpannedExpr<'_>, scope: &Scope<'_>) {
        for (context, _) in expression.dataflow_contexts() {
            match (context.as_pattern(), context.parts.first()) {
                (Some(pattern), _) => self.context(&pattern, scope),
                (None, Some(head)) => self.expression(head, scope),
                (None, None) => {}
            }
        }
    }

    fn context(&mut self, pattern: &str, scope: &Scope<'_>) {
        let is_near = self.path.len() < MAX_STEPS && self.nodes < MAX_NODES;
        let Some(Sources { nodes, is_complete }) = scope.sources(pattern).filter(|_| is_near) else {
            return self.push(pattern, scope);
        };
        if !is_complete {
            self.push(pattern, scope);
        }
        for source in &nodes {
            self.path.push((StepKind::clone(&source.kind), source.node.span));
            self.node(source.node, source.scope.as_ref().unwrap_or(scope));
            self.path.pop();
        }
    }

    fn node(&mut self, node: &Node, scope: &Scope<'_>) {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return;
        }
        node.entries().iter().for_each(|entry| self.node(&entry.value, scope));
        node.elements().iter().for_each(|element| self.node(element, scope));
        let text = node.as_str().unwrap_or("");
        for (_, inside) in find_expressions(text) {
            if let Ok(expression) = parse(text.get(inside).unwrap_or("")) {
                self.expression(&expression, scope);
            }
        }
    }

    fn push(&mut self, pattern: &str, scope: &Scope<'_>) {
        if self.found.iter().any(|flow| flow.context == pattern) {
            return;
        }
        let steps = self.path.iter().rev();
        let trail = steps.fold(None, |before, (kind, span)| {
            Some(Arc::new(Step { kind: StepKind::clone(kind), span: *span, before }))
        });
        self.found.push(Flow { context: SmolStr::new(pattern), class: classify(pattern, scope), trail });
    }
}

/// Who decides the text of a context at a place.
fn classify(pattern: &str, scope: &Scope<'_>) -> Option<Class> {
    let class = class_of(pattern)?;
    let parts: Vec<&str> = pattern.split('.').collect();
    let closer = match parts.as_slice() {
        ["inputs", name, ..] => scope.inputs.and_then(|inputs| class_of_input(inputs.declaration(name)?)),
        ["steps", id, "outputs", output, ..] => scope.step(id).and_then(|step| class_of_step(step, output)),
        _ => None,
    };
    Some(closer.unwrap_or(class))
}

/// Only inputs that are texts leave room for anything.
fn class_of_input(declared: &Node) -> Option<Class> {
    let kind = declared.get("type").and_then(Node::as_str)?;
    let is_fixed = matches!(kind, "boolean" | "number" | "choice");
    is_fixed.then_some(Class { control: Control::Trusted, why: "a fixed form" })
}

fn class_of_step(step: &Node, output: &str) -> Option<Class> {
    let uses = step.get("uses").and_then(Node::as_str)?;
    class_of_output(&action_name(uses)?, output)
}

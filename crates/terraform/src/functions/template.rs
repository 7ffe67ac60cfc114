//! `templatefile` and `templatestring`: templates that see nothing but the variables that they are given.

use super::{Call, STRING};
use crate::evaluator::{Eval, Evaluator};
use crate::scope::Scope;
use crate::value::{describe, unknown_from};
use proofmark_hcl::{Expr, ExprKind, SpanMap, Step, StepKind, TemplatePart, parse_template};
use proofmark_model::{Data, Map, SmolStr, Unknown, Value};
use std::sync::Arc;

/// The text of a template, with the variables that the second argument holds.
pub(super) fn render<'r>(
    evaluator: &Evaluator<'r>,
    call: &Call<'_>,
    (text, map): (&str, SpanMap),
    scope: &Scope<'_, 'r>,
) -> Eval {
    let refused = |message: String| call.fault(message);
    let parts = parse_template(text, map)
        .map_err(|diagnostic| refused(format!("the template cannot be read: {}", diagnostic.message)))?;
    let Some(variables) = call.arguments.get(1) else {
        return Err(refused(String::from("`vars` is missing")));
    };
    let given = match &variables.data {
        Data::Map(given) => given,
        Data::Unknown(_) => {
            let all: Vec<&Value> = call.arguments.iter().collect();
            return Ok(unknown_from(STRING, call.span, &all));
        }
        _ => return Err(refused(format!("`vars` must be a map, and it is {}", describe(variables)))),
    };
    if let Some(entry) = given.entries().iter().find(|entry| !is_name(&entry.name)) {
        return Err(refused(format!("`{}` is no name that a template can use", entry.name)));
    }
    let mut bindings: Vec<(SmolStr, Value)> = given
        .entries()
        .iter()
        .map(|entry| (SmolStr::clone(&entry.name), Value::clone(&entry.value)))
        .collect();
    let mut reads = Reads { given, bound: Vec::new(), missing: Vec::new(), nested: None };
    reads.parts(&parts);
    if let Some(name) = reads.nested {
        return Err(refused(format!("a template must not call `{name}`")));
    }
    bindings.extend(missing_variables(reads.missing, given, call).map_err(refused)?);
    let alone = Scope::of(scope.module);
    let names = alone.names(&bindings);
    let mut value = evaluator.text(&parts, call.span, &alone.with(&names))?;
    value.origin.span = call.span;
    Ok(value)
}

/// Variables that are not given: not known while the map may hold more, else a mistake.
fn missing_variables(
    names: Vec<SmolStr>,
    given: &Map,
    call: &Call<'_>,
) -> Result<Vec<(SmolStr, Value)>, String> {
    match (&given.unknown_rest, names.first()) {
        (None, Some(name)) => Err(format!("the template reads `{name}`, which `vars` does not hold")),
        (None, None) => Ok(Vec::new()),
        (Some(rest), _) => {
            let unknown = || {
                Value::new(Data::Unknown(Arc::new(Unknown::because(SmolStr::clone(&rest.reason)))), call.span)
            };
            Ok(names.into_iter().map(|name| (name, unknown())).collect())
        }
    }
}

/// Names begin with a letter; letters, digits and underscores follow.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What a template reads.
struct Reads<'m> {
    given: &'m Map,
    /// Names that a `for` around the place binds.
    bound: Vec<SmolStr>,
    /// Names that neither the variables nor a `for` give.
    missing: Vec<SmolStr>,
    /// A template function that it calls.
    nested: Option<SmolStr>,
}

impl Reads<'_> {
    fn parts(&mut self, parts: &[TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(..) => {}
                TemplatePart::Interpolation(expr) => self.expr(expr),
                TemplatePart::If { condition, then, otherwise } => {
                    self.expr(condition);
                    self.parts(then);
                    self.parts(otherwise);
                }
                TemplatePart::For { key_name, value_name, collection, body } => {
                    self.expr(collection);
                    self.within(key_name.as_ref(), value_name, |reads| reads.parts(body));
                }
            }
        }
    }

    fn within(&mut self, key: Option<&SmolStr>, value: &SmolStr, inner: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        self.bound.extend(key.cloned());
        self.bound.push(SmolStr::clone(value));
        inner(self);
        self.bound.truncate(outer);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(name) => self.name(name),
            ExprKind::Traversal(root, steps) => {
                self.expr(root);
                steps.iter().for_each(|step| self.step(step));
            }
            ExprKind::Call { name, arguments, .. } => {
                let plain = name.strip_prefix("core::").unwrap_or(name);
                if matches!(plain, "templatefile" | "templatestring") {
                    self.nested = Some(SmolStr::clone(name));
                }
                arguments.iter().for_each(|argument| self.expr(argument));
            }
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::Tuple(elements) => elements.iter().for_each(|element| self.expr(element)),
            ExprKind::Object(items) => {
                for item in items {
                    self.expr(&item.key);
                    self.expr(&item.value);
                }
            }
            ExprKind::Conditional(parts) => parts.iter().for_each(|part| self.expr(part)),
            ExprKind::Binary(_, operands) => operands.iter().for_each(|operand| self.expr(operand)),
            ExprKind::Unary(_, inner) | ExprKind::Parenthesis(inner) => self.expr(inner),
            ExprKind::For(inner) => {
                self.expr(&inner.collection);
                self.within(inner.key_name.as_ref(), &inner.value_name, |reads| {
                    let rest = [inner.key.as_ref(), Some(&inner.value), inner.condition.as_ref()];
                    rest.into_iter().flatten().for_each(|expr| reads.expr(expr));
                });
            }
            _ => {}
        }
    }

    fn step(&mut self, step: &Step) {
        if let StepKind::Index(index) = &step.kind {
            self.expr(index);
        }
    }

    fn name(&mut self, name: &SmolStr) {
        let is_given =
            self.given.get(name).is_some() || self.bound.contains(name) || self.missing.contains(name);
        if !is_given {
            self.missing.push(SmolStr::clone(name));
        }
    }
}

//! Evaluates conditions, and remembers which values decided.
//!
//! Every evaluation of a sub-expression appends the values that it read to [`Run::reads`]. Operators then cut away what
//! did not decide: of a false `&&` only the failing side stays, of a false `all` only the failing element. What is left
//! at the end are the decisive reads, in order of the expression.

mod access;
mod operators;
mod macros;

use crate::compare::rule_problem;
use crate::context::Context;
use crate::index::Index;
use crate::item::{Item, PathId, Record, View};
use crate::patterns::Patterns;
use crate::truth::Truth;
use access::PathNode;
pub(crate) use operators::{as_list, contains as is_member};
use proofmark_model::{Attribute, Resource, SmolStr, Unknown, Value};
use proofmark_rules::{Expr, ExprKind, Literal, UnaryOperator};
use proofmark_source::Span;
use std::sync::Arc;

/// One evaluation of one rule on one resource.
pub(crate) struct Run<'a> {
    pub world: World<'a>,
    /// The values of the rule's parameters.
    pub params: &'a Record<'static>,
    /// The element that is judged, where the rule has `each`.
    pub element: Option<Item<'a>>,
    /// What was read, in order, as far as it may still decide.
    pub reads: Vec<Read<'a>>,
    paths: Vec<PathNode>,
    variables: Vec<(&'a str, Item<'a>)>,
}

/// What surrounds a rule.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    pub resource: &'a Resource,
    pub index: &'a Index<'a>,
    pub context: &'a Context<'a>,
    pub patterns: &'a Patterns,
}

/// A value that was read.
#[derive(Clone, Debug)]
pub(crate) struct Read<'a> {
    pub path: PathId,
    pub seen: Seen<'a>,
    /// The entry that holds the value, where a map does.
    pub attribute: Option<&'a Attribute>,
    /// The header of the deepest block that is there.
    pub home: Span,
    pub is_sensitive: bool,
}

/// What a read found.
#[derive(Clone, Debug)]
pub(crate) enum Seen<'a> {
    Value(&'a Value),
    Absent,
    /// The resources of a kind; with an attribute, those that point here by it.
    Resources {
        kind: SmolStr,
        attribute: SmolStr,
        count: usize,
    },
}

impl<'a> Run<'a> {
    pub fn new(world: World<'a>, params: &'a Record<'static>) -> Self {
        Self { world, params, element: None, reads: Vec::new(), paths: Vec::new(), variables: Vec::new() }
    }

    /// Whether scalars compare across spellings.
    pub fn is_lenient(&self) -> bool {
        self.world.resource.is_lenient
    }

    /// Whether a condition holds. The reads of it are appended.
    pub fn truth(&mut self, expr: &'a Expr) -> Truth {
        let item = self.evaluate(expr);
        self.as_truth(&item)
    }

    /// The truth value of an item. What is absent is false.
    pub fn as_truth(&self, item: &Item<'a>) -> Truth {
        match item.view() {
            View::Bool(value) => Truth::from(value),
            View::Absent => Truth::False,
            View::Unknown(unknown) => Truth::Unknown(Arc::clone(unknown)),
            View::Text("true") if self.is_lenient() => Truth::True,
            View::Text("false") if self.is_lenient() => Truth::False,
            other => Truth::unknown(rule_problem(&format!("{} is no truth value", other.type_name()))),
        }
    }

    /// The value of an expression. The reads of it are appended.
    pub fn evaluate(&mut self, expr: &'a Expr) -> Item<'a> {
        match &expr.kind {
            ExprKind::Literal(literal) => literal_item(literal),
            ExprKind::Name(_) | ExprKind::Member(..) | ExprKind::Index(..) => {
                let reach = self.reach(expr);
                self.read(reach)
            }
            ExprKind::Has(place) => self.has(place),
            ExprKind::List(elements) => {
                Item::list(elements.iter().map(|element| self.evaluate(element)).collect())
            }
            ExprKind::Map(entries) => self.map_literal(entries),
            ExprKind::Unary(UnaryOperator::Not, inner) => self.truth(inner).negate().into_item(),
            ExprKind::Unary(UnaryOperator::Negate, inner) => self.negative(inner),
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right),
            ExprKind::Conditional(condition, then, otherwise) => self.conditional(condition, then, otherwise),
            ExprKind::Macro(kind, range, variable, bodies) => self.expand(*kind, range, variable, bodies),
            ExprKind::Call(name, arguments) => self.call(name, arguments),
        }
    }

    fn map_literal(&mut self, entries: &'a [(Expr, Expr)]) -> Item<'a> {
        let mut evaluated = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let key = self.evaluate(key);
            let View::Text(name) = key.view() else {
                return Item::unknown(rule_problem("the key of a map is no text"));
            };
            evaluated.push((SmolStr::new(name), self.evaluate(value)));
        }
        Item::record(evaluated)
    }

    /// `has(place)`: whether an attribute is there and not null.
    fn has(&mut self, place: &'a Expr) -> Item<'a> {
        let reach = self.reach(place);
        let item = self.read(reach);
        is_there(&item).into_item()
    }

    fn conditional(&mut self, condition: &'a Expr, then: &'a Expr, otherwise: &'a Expr) -> Item<'a> {
        match self.truth(condition) {
            Truth::True => self.evaluate(then),
            Truth::False => self.evaluate(otherwise),
            Truth::Unknown(unknown) => {
                let mark = self.reads.len();
                let then = self.evaluate(then);
                let otherwise = self.evaluate(otherwise);
                // Where both branches agree the condition does not matter.
                if crate::compare::equal(then.view(), otherwise.view(), false).is(true) {
                    return then;
                }
                self.reads.truncate(mark);
                Item::Unknown(unknown)
            }
        }
    }

    fn call(&mut self, name: &str, arguments: &'a [Expr]) -> Item<'a> {
        let mut items = [Item::Absent, Item::Absent, Item::Absent];
        for (item, argument) in items.iter_mut().zip(arguments) {
            *item = self.evaluate(argument);
        }
        crate::functions::call(self, name, items, arguments.len())
    }

    /// Runs `inner` with a variable bound.
    fn with_variable<T>(&mut self, name: &'a str, item: Item<'a>, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.variables.push((name, item));
        let result = inner(self);
        self.variables.pop();
        result
    }

    /// Forgets the reads between two marks.
    fn forget(&mut self, from: usize, to: usize) {
        if from < to && to <= self.reads.len() {
            self.reads.drain(from..to);
        }
    }
}

/// Whether a value is there: neither missing nor `null`.
pub(crate) fn is_there(item: &Item<'_>) -> Truth {
    match item.view() {
        View::Absent => Truth::False,
        View::Unknown(unknown) if !crate::compare::is_set(unknown) => Truth::Unknown(Arc::clone(unknown)),
        _ => Truth::True,
    }
}

fn literal_item<'a>(literal: &Literal) -> Item<'a> {
    match literal {
        Literal::Null => Item::Absent,
        Literal::Bool(value) => Item::Bool(*value),
        Literal::Integer(value) => Item::Integer(*value),
        Literal::Float(value) => Item::Float(*value),
        Literal::String(text) => Item::Text(SmolStr::clone(text)),
    }
}

/// What is left of an unknown value when an attribute of it is read: the reason and the references, but nothing that is
/// known of it, because that was said of the whole.
fn part_of(unknown: &Unknown) -> Arc<Unknown> {
    let known = proofmark_model::Known::default();
    Arc::new(Unknown {
        reason: SmolStr::clone(&unknown.reason),
        references: unknown.references.clone(),
        known,
    })
}

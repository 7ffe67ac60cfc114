//! The names that an expression can see.

use crate::evaluator::Instance;
use proofmark_model::{SmolStr, Value};
use std::rc::Rc;

/// Where an expression is evaluated: a module instance, and local names.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a, 'r> {
    pub module: &'a Rc<Instance<'r>>,
    /// The resource whose arguments are evaluated, by its place in the configuration: they may not refer to it.
    pub owner: Option<usize>,
    names: Option<&'a Names<'a>>,
}

/// Local names (`each`, `count`, iterators, names of `for`), innermost first.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    bindings: &'a [(SmolStr, Value)],
    outer: Option<&'a Names<'a>>,
}

impl<'a, 'r> Scope<'a, 'r> {
    /// The scope of a module, without local names.
    pub fn of(module: &'a Rc<Instance<'r>>) -> Self {
        Self { module, owner: None, names: None }
    }

    /// The same scope for the arguments of a resource.
    pub fn owned_by(self, owner: usize) -> Self {
        Self { owner: Some(owner), ..self }
    }

    /// The names to hand to [`Scope::with`].
    pub fn names(&self, bindings: &'a [(SmolStr, Value)]) -> Names<'a> {
        Names { bindings, outer: self.names }
    }

    /// The same scope with more local names.
    pub fn with<'b>(&self, names: &'b Names<'b>) -> Scope<'b, 'r>
    where
        'a: 'b,
    {
        Scope { module: self.module, owner: self.owner, names: Some(names) }
    }

    /// The value of a local name.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        let mut names = self.names;
        while let Some(current) = names {
            if let Some((_, value)) = current.bindings.iter().rev().find(|(bound, _)| bound == name) {
                return Some(value);
            }
            names = current.outer;
        }
        None
    }
}

//! What is wrong with a condition although it parses: names, functions, parameters, and traps.

mod guard;
#[cfg(test)]
mod tests;

use crate::cel::ConditionError;
use crate::functions::{FUNCTIONS, function_named};
use crate::nearest::did_you_mean;
use crate::{BinaryOperator, Condition, Expr, ExprKind, Literal, Param};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The names that every condition sees, besides `it`.
const NAMES: [&str; 6] = ["self", "params", "resource", "pod", "repo", "environment"];

/// What `resource` holds.
const RESOURCE_FACTS: [&str; 3] = ["address", "kind", "file"];

/// What surrounds a condition.
pub(crate) struct Scope<'r> {
    /// The rule's parameters.
    pub params: &'r BTreeMap<SmolStr, Param>,
    /// Whether the rule has `each`, and this condition sees its `it`.
    pub has_element: bool,
}

/// What a condition must give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Truth,
    List,
    Value,
}

/// Finds everything that is wrong, and adds the parameters that the condition reads to `used`.
pub(crate) fn check_condition(
    condition: &Condition,
    wanted: Wanted,
    scope: &Scope<'_>,
    used: &mut BTreeSet<SmolStr>,
) -> Vec<ConditionError> {
    let mut checker = Checker { scope, used, variables: Vec::new(), errors: Vec::new() };
    checker.check_result(condition.expr(), wanted);
    checker.visit(condition.expr());
    let mut errors = checker.errors;
    guard::check_negated_order(condition.expr(), &mut errors);
    errors.sort_by_key(|error| error.range);
    errors
}

struct Checker<'c, 'r> {
    scope: &'c Scope<'r>,
    used: &'c mut BTreeSet<SmolStr>,
    variables: Vec<SmolStr>,
    errors: Vec<ConditionError>,
}

impl Checker<'_, '_> {
    fn refuse(&mut self, range: (u32, u32), message: String, help: Option<String>) {
        let mut error = ConditionError::new(range, message);
        error.help = help;
        self.errors.push(error);
    }

    /// Refuses what certainly gives something else than is wanted.
    fn check_result(&mut self, expr: &Expr, wanted: Wanted) {
        let gives_truth = match &expr.kind {
            ExprKind::Literal(Literal::Bool(_)) | ExprKind::Has(_) => true,
            ExprKind::Unary(operator, _) => *operator == crate::UnaryOperator::Not,
            ExprKind::Binary(operator, ..) => !is_arithmetic(*operator),
            ExprKind::Macro(kind, ..) => !matches!(kind, crate::Macro::Filter | crate::Macro::Map),
            ExprKind::Literal(_) | ExprKind::List(_) | ExprKind::Map(_) => false,
            ExprKind::Name(_) | ExprKind::Member(..) | ExprKind::Index(..) | ExprKind::Call(..) => return,
            ExprKind::Conditional(_, then, otherwise) => {
                self.check_result(then, wanted);
                return self.check_result(otherwise, wanted);
            }
        };
        match wanted {
            Wanted::Truth if !gives_truth => {
                self.refuse(expr.range, "this is a value, not a condition".to_owned(), None);
            }
            Wanted::List if gives_truth => {
                let help = Some("give the list whose elements are judged".to_owned());
                self.refuse(expr.range, "this is a condition, not a list".to_owned(), help);
            }
            _ => {}
        }
    }

    fn visit(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(_) => {}
            ExprKind::Name(name) => self.check_name(name, expr.range),
            ExprKind::Member(base, name) => self.visit_member(base, name, expr.range),
            ExprKind::Index(base, index) => self.visit_index(base, index, expr.range),
            ExprKind::Has(inner) | ExprKind::Unary(_, inner) => self.visit(inner),
            ExprKind::List(elements) => elements.iter().for_each(|element| self.visit(element)),
            ExprKind::Map(entries) => {
                for (key, value) in entries {
                    self.visit(key);
                    self.visit(value);
                }
            }
            ExprKind::Binary(_, left, right) => {
                self.visit(left);
                self.visit(right);
            }
            ExprKind::Conditional(condition, then, otherwise) => {
                self.visit(condition);
                self.visit(then);
                self.visit(otherwise);
            }
            ExprKind::Macro(_, range, variable, bodies) => {
                self.visit(range);
                self.check_shadowing(variable, expr.range);
                self.variables.push(SmolStr::clone(variable));
                bodies.iter().for_each(|body| self.visit(body));
                self.variables.pop();
            }
            ExprKind::Call(name, arguments) => {
                self.check_call(name, arguments, expr.range);
                arguments.iter().for_each(|argument| self.visit(argument));
            }
        }
    }

    fn visit_member(&mut self, base: &Expr, name: &SmolStr, range: (u32, u32)) {
        match &base.kind {
            ExprKind::Name(root) if root == "params" => self.use_param(name, range),
            ExprKind::Name(root) if root == "resource" => {
                if !RESOURCE_FACTS.contains(&name.as_str()) {
                    let help =
                        format!("it has `{}`; its attributes are under `self`", RESOURCE_FACTS.join("`, `"));
                    self.refuse(range, format!("`resource` has no `{name}`"), Some(help));
                }
            }
            _ => self.visit(base),
        }
    }

    fn visit_index(&mut self, base: &Expr, index: &Expr, range: (u32, u32)) {
        match (&base.kind, &index.kind) {
            (ExprKind::Name(root), ExprKind::Literal(Literal::String(name))) if root == "params" => {
                self.use_param(name, range);
            }
            _ => {
                self.visit(base);
                self.visit(index);
            }
        }
    }

    fn use_param(&mut self, name: &SmolStr, range: (u32, u32)) {
        if self.scope.params.contains_key(name) {
            self.used.insert(SmolStr::clone(name));
            return;
        }
        let near = did_you_mean(name, self.scope.params.keys().map(SmolStr::as_str));
        let help = near.unwrap_or_else(|| "declare it under `params`".to_owned());
        self.refuse(range, format!("the rule has no parameter `{name}`"), Some(help));
    }

    fn check_name(&mut self, name: &SmolStr, range: (u32, u32)) {
        if self.variables.contains(name) || (name == "it" && self.scope.has_element) {
            return;
        }
        match name.as_str() {
            "params" => {
                let help = Some("read one of them: `params.name`".to_owned());
                self.refuse(range, "`params` as a whole is no value".to_owned(), help);
            }
            "resource" => {
                let help = Some(format!("read `resource.{}`", RESOURCE_FACTS.join("`, `resource.")));
                self.refuse(range, "`resource` as a whole is no value".to_owned(), help);
            }
            "it" => {
                let help = Some("add `each` with the list whose elements are judged".to_owned());
                self.refuse(range, "`it` is only there where the rule has `each`".to_owned(), help);
            }
            known if NAMES.contains(&known) => {}
            unknown => {
                let variables = self.variables.iter().map(SmolStr::as_str);
                let near = did_you_mean(unknown, NAMES.into_iter().chain(variables));
                let help = near.unwrap_or_else(|| format!("attributes are read as `self.{unknown}`"));
                self.refuse(range, format!("unknown name `{unknown}`"), Some(help));
            }
        }
    }

    fn check_shadowing(&mut self, variable: &SmolStr, range: (u32, u32)) {
        if NAMES.contains(&variable.as_str()) || variable == "it" || self.variables.contains(variable) {
            let help = Some("choose another letter or word".to_owned());
            self.refuse(range, format!("the variable `{variable}` hides another of that name"), help);
        }
    }

    fn check_call(&mut self, name: &SmolStr, arguments: &[Expr], range: (u32, u32)) {
        let Some(function) = function_named(name) else {
            let macros = ["all", "exists", "exists_one", "filter", "map", "has"];
            let names = FUNCTIONS.iter().map(|function| function.name);
            let help = did_you_mean(name, names.chain(macros));
            return self.refuse(range, format!("unknown function `{name}`"), help);
        };
        let count = arguments.len();
        if count < function.min_arguments || count > function.max_arguments {
            let help = Some(format!("it is written `{}`", function.usage));
            return self.refuse(range, format!("`{name}` cannot take {count} arguments"), help);
        }
        match (name.as_str(), arguments) {
            ("matches", [_, pattern]) => self.check_pattern(pattern),
            ("glob", [pattern, _]) => self.check_glob(pattern),
            _ => {}
        }
    }

    fn check_pattern(&mut self, pattern: &Expr) {
        let ExprKind::Literal(Literal::String(text)) = &pattern.kind else { return };
        if let Err(error) = regex::Regex::new(text) {
            // The last line of the library's message says what is wrong; those before draw the pattern.
            let shown = error.to_string();
            let reason = shown.lines().last().unwrap_or("").trim_start_matches("error: ");
            self.refuse(pattern.range, format!("the regular expression does not compile: {reason}"), None);
        }
    }

    fn check_glob(&mut self, pattern: &Expr) {
        let ExprKind::Literal(Literal::String(text)) = &pattern.kind else { return };
        if let Err(error) = globset::Glob::new(text) {
            self.refuse(pattern.range, format!("the pattern cannot be read: {}", error.kind()), None);
        }
    }
}

fn is_arithmetic(operator: BinaryOperator) -> bool {
    use BinaryOperator::{Add, Divide, Multiply, Remainder, Subtract};
    matches!(operator, Add | Subtract | Multiply | Divide | Remainder)
}

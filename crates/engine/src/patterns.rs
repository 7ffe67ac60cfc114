//! Regular expressions and globs, compiled once.

mod partial;

use globset::{Glob, GlobBuilder, GlobMatcher};
use partial::PartialRegex;
use proofmark_model::SmolStr;
use proofmark_rules::{Expr, ExprKind, Literal, ParamValue, Rule};
use regex::{Regex, RegexBuilder};
use std::collections::HashMap;
use std::sync::OnceLock;

pub(crate) use partial::PartialText;

/// A compiled regular expression may take this many bytes; patterns may come from a repository's own rules.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// The patterns that a rule names, each compiled when it is first used.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    regexes: HashMap<SmolStr, OnceLock<Option<Regex>>>,
    partial: HashMap<SmolStr, OnceLock<Option<PartialRegex>>>,
    globs: HashMap<SmolStr, OnceLock<Option<GlobMatcher>>>,
}

impl Patterns {
    /// The constant patterns in a rule's conditions, and every text among its parameters' values.
    pub fn of_rule<'p>(rule: &Rule, values: impl Iterator<Item = &'p ParamValue>) -> Self {
        let mut patterns = Self::default();
        let edits = rule.edit.iter().flat_map(|edit| edit.set.values());
        for condition in rule.when.iter().chain(&rule.each).chain(&rule.require).chain(edits) {
            patterns.add_expr(condition.expr());
        }
        for value in values {
            patterns.add_value(value);
        }
        patterns
    }

    fn add_value(&mut self, value: &ParamValue) {
        match value {
            ParamValue::String(text) => {
                self.add_regex(text);
                self.globs.entry(SmolStr::clone(text)).or_default();
            }
            ParamValue::List(values) => values.iter().for_each(|value| self.add_value(value)),
            ParamValue::Map(values) => values.values().for_each(|value| self.add_value(value)),
            ParamValue::Boolean(_) | ParamValue::Integer(_) | ParamValue::Number(_) => {}
        }
    }

    fn add_regex(&mut self, pattern: &SmolStr) {
        self.regexes.entry(SmolStr::clone(pattern)).or_default();
        self.partial.entry(SmolStr::clone(pattern)).or_default();
    }

    fn add_expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Name(_) => {}
            ExprKind::Member(inner, _) | ExprKind::Has(inner) | ExprKind::Unary(_, inner) => {
                self.add_expr(inner)
            }
            ExprKind::Index(left, right) | ExprKind::Binary(_, left, right) => {
                self.add_expr(left);
                self.add_expr(right);
            }
            ExprKind::List(inner) => inner.iter().for_each(|inner| self.add_expr(inner)),
            ExprKind::Map(entries) => entries.iter().for_each(|(key, value)| {
                self.add_expr(key);
                self.add_expr(value);
            }),
            ExprKind::Conditional(condition, then, otherwise) => {
                [condition, then, otherwise].into_iter().for_each(|inner| self.add_expr(inner));
            }
            ExprKind::Macro(_, range, _, bodies) => {
                self.add_expr(range);
                bodies.iter().for_each(|body| self.add_expr(body));
            }
            ExprKind::Call(name, arguments) => {
                let pattern = match (name.as_str(), arguments.as_slice()) {
                    ("matches", [_, pattern]) | ("glob", [pattern, _]) => Some(pattern),
                    _ => None,
                };
                if let Some(ExprKind::Literal(Literal::String(text))) = pattern.map(|pattern| &pattern.kind) {
                    match name.as_str() {
                        "matches" => self.add_regex(text),
                        _ => drop(self.globs.entry(SmolStr::clone(text)).or_default()),
                    }
                }
                arguments.iter().for_each(|argument| self.add_expr(argument));
            }
        }
    }

    /// Whether `pattern` is found in `text`; `None` where it is no regular expression.
    pub fn is_match(&self, pattern: &str, text: &str) -> Option<bool> {
        match self.regexes.get(pattern) {
            Some(compiled) => {
                compiled.get_or_init(|| regex(pattern)).as_ref().map(|regex| regex.is_match(text))
            }
            None => regex(pattern).map(|regex| regex.is_match(text)),
        }
    }

    /// Whether `pattern` is found in a text whatever its unknown parts are; `None` where that depends on them.
    pub fn is_partial_match(&self, pattern: &str, text: &PartialText) -> Option<bool> {
        match self.partial.get(pattern) {
            Some(compiled) => compiled.get_or_init(|| PartialRegex::new(pattern)).as_ref()?.is_match(text),
            None => PartialRegex::new(pattern)?.is_match(text),
        }
    }

    /// Whether `text` as a whole is what `pattern` describes; `None` where it is no pattern.
    pub fn is_glob_match(&self, pattern: &str, text: &str) -> Option<bool> {
        match self.globs.get(pattern) {
            Some(compiled) => compiled.get_or_init(|| glob(pattern)).as_ref().map(|glob| glob.is_match(text)),
            None => glob(pattern).map(|glob| glob.is_match(text)),
        }
    }
}

fn regex(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(MAX_REGEX_BYTES).build().ok()
}

/// `*` stays within one folder, as in every other list of paths.
fn glob(pattern: &str) -> Option<GlobMatcher> {
    let glob: Glob = GlobBuilder::new(pattern).literal_separator(true).build().ok()?;
    Some(glob.compile_matcher())
}

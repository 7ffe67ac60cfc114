//! Expressions in workflow texts.

mod code;
mod condition;
mod control;
mod facts;
mod flow;
mod possible;
mod scope;

use crate::places::place;
use crate::scalar::Scalar;
use github_actions_expressions::{Error, Evaluation, Expr, SpannedExpr};
use proofmark_model::{Attribute, Data, Map, MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};
use std::ops::Range;

pub use condition::condition_value;
pub use facts::unknown_contexts;
pub use possible::possible_values;
pub use scope::{Inputs, Scope};

/// How long an expression may be: GitHub refuses more than 21,000 characters.
const MAX_LENGTH_BYTES: usize = 21_000;

/// Whether a text holds an expression.
#[must_use]
pub fn is_dynamic(text: &str) -> bool {
    text.contains("${{")
}

/// Reads the inside of an expression.
///
/// # Errors
/// Says what is wrong with it.
pub fn parse(text: &str) -> Result<SpannedExpr<'_>, Error> {
    if text.len() > MAX_LENGTH_BYTES { Err(Error::Depth) } else { Expr::parse(text) }
}

/// The value of a text that is one constant expression and nothing else, such as `${{ false }}`.
#[must_use]
pub fn whole_constant(text: &str, span: Span) -> Option<Data> {
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    if inner.contains("${{") {
        return None;
    }
    Some(data_of(parse(inner).ok()?.consteval()?, span))
}

/// A result as data at `span`.
fn data_of(result: Evaluation, span: Span) -> Data {
    match result {
        Evaluation::Boolean(value) => Data::Bool(value),
        Evaluation::String(text) => Data::String(SmolStr::new(text)),
        Evaluation::Null => Data::Null,
        Evaluation::Number(number) => number_data(number),
        Evaluation::Array(elements) => {
            Data::List(elements.into_iter().map(|element| Value::new(data_of(element, span), span)).collect())
        }
        Evaluation::Object(entries) => {
            let entries = entries.into_iter().map(|(name, result)| Attribute {
                name: SmolStr::new(name),
                name_span: span,
                value: Value::new(data_of(result, span), span),
            });
            Data::Map(Map::new(entries.collect()).with_header(span).into())
        }
    }
}

fn number_data(number: f64) -> Data {
    /// Above this not every whole number is a number of its own.
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract() == 0.0 && number.abs() <= MAX_EXACT;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within range")]
    if is_whole { Data::Integer(number as i64) } else { Data::Float(number) }
}

/// The places of the expressions in a text: each with its marks, and its inside.
#[must_use]
pub fn find_expressions(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let mut position = 0;
    while let Some(start) = text.get(position..).and_then(|rest| rest.find("${{")).map(|at| at + position) {
        let inside = start + 3;
        let Some(length) = closing(text.get(inside..).unwrap_or("")) else { break };
        found.push((start..inside + length + 2, inside..inside + length));
        position = inside + length + 2;
    }
    found
}

/// Where an expression opens that never closes.
#[must_use]
pub fn find_unclosed(text: &str) -> Option<usize> {
    let end = find_expressions(text).last().map_or(0, |(whole, _)| whole.end);
    text.get(end..)?.find("${{").map(|at| at + end)
}

/// The bytes before the closing `}}`; quotes hide it.
fn closing(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    for (index, character) in text.char_indices() {
        match character {
            '\'' => is_quoted = !is_quoted,
            '}' if !is_quoted && text.get(index..).is_some_and(|rest| rest.starts_with("}}")) => {
                return Some(index);
            }
            _ => {}
        }
    }
    None
}

/// Where an expression stands: the part of the step or job (`run`, `with`, `env`, `if`, …) and the entry below it, `""`
/// for none.
#[derive(Clone, Copy)]
struct Place<'p> {
    part: &'p str,
    key: &'p str,
}

/// The expressions of a step, a job or a file, while they are gathered.
///
/// Each is a map of `text`, `in` (the part of the step or job: `run`, `with`, `env`, `if`, …), `key` (the entry below it, `""`
/// for none), `contexts` (all that are read), `flows` (those whose text can become part of the result, followed through
/// `env`, `matrix` and `inputs` as far as the files say), `sources` (the same with `class`, who decides the text, and `why`),
/// `class` (the worst of them), `functions`, `comparisons`, `unsound_ternaries`, `is_constant`, `has_constant_part`,
/// `has_computed_index`, and `runs_as`, the language, where the text becomes part of code. Constant lists and maps do not count
/// as constants: no file can write them in another way.
///
/// Contexts are in lower case with dots: `github.event.issue.title`, `matrix.os`, `github.event.commits.*.message`.
pub struct Expressions<'a> {
    source: &'a str,
    scope: &'a Scope<'a>,
    action: Option<String>,
    found: Vec<Value>,
}

impl<'a> Expressions<'a> {
    /// None so far, of a file with the text `source`.
    pub fn new(source: &'a str, scope: &'a Scope<'a>) -> Self {
        Self { source, scope, action: None, found: Vec::new() }
    }

    /// Those of a step that uses `action` (`owner/repo` in lower case).
    pub fn for_action(self, action: Option<String>) -> Self {
        Self { action, ..self }
    }

    /// Adds those in one entry of a step or job.
    pub fn add_entry(&mut self, entry: &Entry) {
        match entry.key.as_str() {
            Some("if") => self.add_condition(&entry.value),
            Some(part) => self.add_part(part, &entry.value),
            None => {}
        }
    }

    /// Adds every expression below the node of a part.
    pub fn add_part(&mut self, part: &str, node: &Node) {
        self.add(Place { part, key: "" }, node);
    }

    /// All that were found, in order of place.
    pub fn finish(self) -> Vec<Value> {
        self.found
    }

    /// The expression of an `if`, with or without its marks.
    fn add_condition(&mut self, node: &Node) {
        match node.as_str() {
            Some(text) if !is_dynamic(text) => {
                let at = Place { part: "if", key: "" };
                self.found.push(expression_value(text, at, self.scope, place(node)));
            }
            _ => self.add_part("if", node),
        }
    }

    fn add(&mut self, place: Place<'_>, node: &Node) {
        for entry in node.entries() {
            let key = if place.key.is_empty() { entry.key.as_str().unwrap_or("") } else { place.key };
            self.add(Place { key, ..place }, &entry.value);
        }
        for element in node.elements() {
            self.add(place, element);
        }
        if !node.as_str().is_some_and(is_dynamic) {
            return;
        }
        let Some(scalar) = Scalar::of(node, self.source) else { return };
        for (whole, inside) in find_expressions(scalar.text) {
            let span = scalar.locate(whole);
            let text = scalar.text.get(inside).unwrap_or("");
            let value = expression_value(text, place, self.scope, span);
            self.found.push(match code::language_of(place, self.action.as_deref()) {
                Some(language) => with_language(&value, language),
                None => value,
            });
        }
    }
}

/// The same with `runs_as`.
fn with_language(value: &Value, language: &str) -> Value {
    let span = value.origin.span;
    let mut fields = MapBuilder::of(value);
    fields.set_text("runs_as", language, span);
    fields.finish(span, span)
}

fn expression_value(text: &str, Place { part, key }: Place<'_>, scope: &Scope<'_>, span: Span) -> Value {
    let mut fields = MapBuilder::default();
    fields.set_text("text", text.trim(), span);
    fields.set_text("in", part, span);
    fields.set_text("key", key, span);
    match parse(text) {
        Ok(expression) => read_expression(&expression, scope, span, &mut fields),
        Err(_) => {
            let reason = format!("`{}` is no expression that can be read", text.trim());
            for name in ["contexts", "flows", "functions", "sources", "class"] {
                fields.set(name, Value::unknown(Unknown::because(reason.as_str()), span));
            }
        }
    }
    fields.finish(span, span)
}

fn read_expression(expression: &SpannedExpr<'_>, scope: &Scope<'_>, span: Span, fields: &mut MapBuilder) {
    let texts = |texts: Vec<SmolStr>| {
        Value::list(texts.into_iter().map(|text| Value::string(text, span)).collect(), span)
    };
    let all = expression.contexts().into_iter();
    fields.set(
        "contexts",
        texts(all.filter_map(|(context, _)| context.as_pattern().map(SmolStr::new)).collect()),
    );
    fields.set("functions", texts(facts::functions(expression)));
    let flows = flow::flows_of(expression, scope);
    fields.set("flows", Value::list(flows.iter().map(|flow| flow.text(span)).collect(), span));
    if !flows.is_empty() {
        fields.set("sources", Value::list(flows.iter().map(|flow| flow.source(span)).collect(), span));
    }
    if let Some(worst) = flow::worst(&flows) {
        fields.set_text("class", worst.name(), span);
    }
    let comparisons = facts::comparisons(expression);
    if !comparisons.is_empty() {
        let comparisons = comparisons.iter().map(|comparison| comparison.value(span)).collect();
        fields.set("comparisons", Value::list(comparisons, span));
    }
    let ternaries = facts::unsound_ternaries(expression);
    if !ternaries.is_empty() {
        fields.set("unsound_ternaries", texts(ternaries));
    }
    let is_constant = expression.consteval().is_some_and(|value| facts::is_plain(&value));
    let parts = expression.consteval_subexprs();
    fields.set_bool("is_constant", is_constant, span);
    fields.set_bool("has_constant_part", parts.iter().any(|(_, value)| facts::is_plain(value)), span);
    fields.set_bool("has_computed_index", !expression.computed_indices().is_empty(), span);
}

//! Expressions in workflow texts.

use crate::places::place;
use crate::scalar::Scalar;
use github_actions_expressions::call::{Call, Function};
use github_actions_expressions::literal::Literal;
use github_actions_expressions::{Evaluation, Expr, SpannedExpr};
use proofmark_model::{Data, MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};
use std::ops::Range;

/// Whether a text holds an expression.
#[must_use]
pub fn is_dynamic(text: &str) -> bool {
    text.contains("${{")
}

/// The value of a text that is one constant expression and nothing else, such as `${{ false }}`.
#[must_use]
pub fn whole_constant(text: &str) -> Option<Data> {
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    if inner.contains("${{") {
        return None;
    }
    match Expr::parse(inner).ok()?.consteval()? {
        Evaluation::Boolean(value) => Some(Data::Bool(value)),
        Evaluation::String(text) => Some(Data::String(SmolStr::new(text))),
        Evaluation::Null => Some(Data::Null),
        _ => None,
    }
}

/// What an expression can come out as, where the file says so.
pub enum Leaf {
    /// A value of the matrix, by its name.
    Matrix(String),
    /// A text.
    Text(String),
}

/// The possible results of a text that is one expression and nothing else, such as `${{ matrix.os }}` or
/// `${{ inputs.fast && 'large' || 'small' }}`; `None` where one of them is not in the file.
#[must_use]
pub fn possible_leaves(text: &str) -> Option<Vec<Leaf>> {
    let text = text.trim();
    let [(whole, inside)] = find_expressions(text).try_into().ok()?;
    let expression = Expr::parse(text.get(inside)?).ok()?;
    if whole != (0..text.len()) {
        return None;
    }
    let leaf = |leaf: &&SpannedExpr<'_>| match &leaf.inner {
        Expr::Literal(Literal::String(text)) => Some(Leaf::Text(text.to_string())),
        Expr::Context(context) => {
            let pattern = context.as_pattern()?;
            let name = pattern.strip_prefix("matrix.")?;
            (!name.contains('.')).then(|| Leaf::Matrix(name.to_owned()))
        }
        _ => None,
    };
    expression.leaf_expressions().iter().map(leaf).collect()
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
/// Each is a map of `text`, `contexts` (all that are read), `flows` (those whose text can become part of the result,
/// followed through `env` and `matrix` as far as the file says), `functions`, `in` (the part of the step or job: `run`,
/// `with`, `env`, `if`, …), `key` (the entry below it, `""` for none), `is_constant`, `has_computed_index`.
///
/// Contexts are in lower case with dots: `github.event.issue.title`, `matrix.os`, `github.event.commits.*.message`.
pub struct Expressions<'a> {
    source: &'a str,
    scope: &'a Scope<'a>,
    found: Vec<Value>,
}

impl<'a> Expressions<'a> {
    /// None so far, of a file with the text `source`.
    pub fn new(source: &'a str, scope: &'a Scope<'a>) -> Self {
        Self { source, scope, found: Vec::new() }
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
                self.found.push(expression_value(
                    text,
                    Place { part: "if", key: "" },
                    self.scope,
                    place(node),
                ));
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
        let Some(scalar) = Scalar::of(node, self.source) else { return };
        if !is_dynamic(scalar.text) {
            return;
        }
        for (whole, inside) in find_expressions(scalar.text) {
            let span = scalar.locate(whole);
            let text = scalar.text.get(inside).unwrap_or("");
            self.found.push(expression_value(text, place, self.scope, span));
        }
    }
}

fn expression_value(text: &str, Place { part, key }: Place<'_>, scope: &Scope<'_>, span: Span) -> Value {
    let mut fields = MapBuilder::default();
    fields.set_text("text", text.trim(), span);
    fields.set_text("in", part, span);
    fields.set_text("key", key, span);
    match Expr::parse(text) {
        Ok(expression) => read_expression(&expression, scope, span, &mut fields),
        Err(_) => {
            let reason = format!("`{}` is no expression that can be read", text.trim());
            for name in ["contexts", "flows", "functions"] {
                fields.set(name, Value::unknown(Unknown::because(reason.as_str()), span));
            }
        }
    }
    fields.finish(span, span)
}

fn read_expression(expression: &SpannedExpr<'_>, scope: &Scope<'_>, span: Span, fields: &mut MapBuilder) {
    let texts = |contexts: Vec<SmolStr>| {
        Value::list(contexts.into_iter().map(|text| Value::string(text, span)).collect(), span)
    };
    let all = expression.contexts().into_iter();
    let all: Vec<SmolStr> = all.filter_map(|(context, _)| context.as_pattern().map(SmolStr::new)).collect();
    let mut flows = Vec::new();
    collect_flows(expression, scope, 0, &mut flows);
    let mut functions = Vec::new();
    collect_functions(expression, &mut functions);
    fields.set("contexts", texts(all));
    fields.set("flows", texts(flows));
    fields.set("functions", texts(functions));
    fields.set_bool("is_constant", expression.consteval().is_some(), span);
    fields.set_bool("has_computed_index", !expression.computed_indices().is_empty(), span);
}

/// What the names `env` and `matrix` stand for at a place.
#[derive(Default)]
pub struct Scope<'n> {
    /// The `env` maps that apply, innermost first.
    pub environments: Vec<&'n Node>,
    /// The job's `strategy.matrix`.
    pub matrix: Option<&'n Node>,
}

impl<'n> Scope<'n> {
    /// The nodes that supply a context, where the file says so: `None` leaves the context as it is, an empty list means
    /// that it is never set.
    fn sources(&self, pattern: &str) -> Option<Vec<&'n Node>> {
        let (head, rest) = pattern.split_once('.')?;
        let name = rest.split('.').next()?;
        match head {
            "env" => self.environments.iter().find_map(|map| entry_of(map, name)).map(|node| vec![node]),
            "matrix" => matrix_values(self.matrix?, name),
            _ => None,
        }
    }
}

/// The value under a key in any case.
fn entry_of<'n>(map: &'n Node, name: &str) -> Option<&'n Node> {
    let has_name = |key: &Node| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name));
    map.entries().iter().find(|entry| has_name(&entry.key)).map(|entry| &entry.value)
}

/// The values that a matrix gives to one of its names; `None` where a run computes them.
pub fn matrix_values<'n>(matrix: &'n Node, name: &str) -> Option<Vec<&'n Node>> {
    if matrix.as_str().is_some() {
        return None;
    }
    let mut values = Vec::new();
    if let Some(axis) = entry_of(matrix, name) {
        if axis.as_str().is_some_and(is_dynamic) {
            return None;
        }
        values.extend(axis.elements());
    }
    if let Some(include) = matrix.get("include") {
        if include.as_str().is_some_and(is_dynamic) {
            return None;
        }
        values.extend(include.elements().iter().filter_map(|element| entry_of(element, name)));
    }
    Some(values)
}

/// How many steps a context is followed through `env` and `matrix`; a circle ends here.
const MAX_STEPS: usize = 8;

/// Contexts whose text can reach the result, also through a member of a call's result.
fn collect_flows(expression: &SpannedExpr<'_>, scope: &Scope<'_>, steps: usize, flows: &mut Vec<SmolStr>) {
    for (context, _) in expression.dataflow_contexts() {
        match (context.as_pattern(), context.parts.first()) {
            (Some(pattern), _) => follow(&pattern, scope, steps, flows),
            (None, Some(head)) => collect_flows(head, scope, steps, flows),
            (None, None) => {}
        }
    }
}

fn follow(pattern: &str, scope: &Scope<'_>, steps: usize, flows: &mut Vec<SmolStr>) {
    let sources = if steps < MAX_STEPS { scope.sources(pattern) } else { None };
    match sources {
        Some(nodes) => nodes.iter().for_each(|node| flows_of_node(node, scope, steps + 1, flows)),
        None => flows.push(SmolStr::new(pattern)),
    }
}

fn flows_of_node(node: &Node, scope: &Scope<'_>, steps: usize, flows: &mut Vec<SmolStr>) {
    for entry in node.entries() {
        flows_of_node(&entry.value, scope, steps, flows);
    }
    for element in node.elements() {
        flows_of_node(element, scope, steps, flows);
    }
    let text = node.as_str().unwrap_or("");
    for (_, inside) in find_expressions(text) {
        if let Ok(expression) = Expr::parse(text.get(inside).unwrap_or("")) {
            collect_flows(&expression, scope, steps, flows);
        }
    }
}

fn collect_functions(expression: &SpannedExpr<'_>, functions: &mut Vec<SmolStr>) {
    match &expression.inner {
        Expr::Call(Call { func, args }) => {
            functions.push(function_name(func));
            for argument in args {
                collect_functions(argument, functions);
            }
        }
        Expr::Context(context) => {
            for part in &context.parts {
                collect_functions(part, functions);
            }
        }
        Expr::BinExpr(binary) => {
            collect_functions(&binary.lhs, functions);
            collect_functions(&binary.rhs, functions);
        }
        Expr::UnExpr { expr, .. } | Expr::Index(expr) => collect_functions(expr, functions),
        _ => {}
    }
}

fn function_name(function: &Function) -> SmolStr {
    SmolStr::new(format!("{function:?}").to_lowercase())
}

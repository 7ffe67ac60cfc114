//! The functions that templates may call: Go's own, Sprig's and Helm's.
//!
//! Every function is a row in the table of its family: name, types of its parameters, and what it does. What comes in
//! unknown, or from somewhere, goes out so: a result without a trace of its own takes that of its arguments.

mod builtin;
mod certificate;
mod convert;
mod date;
mod dict;
mod encode;
mod flow;
mod json;
mod list;
mod math;
mod path;
mod pattern;
mod random;
mod text;
mod toml;
mod version;
mod yaml;

pub(crate) use date::layout_time;
pub use flow::without_no_value;
pub use version::version_fits;
pub use yaml::to_yaml;

use crate::error::{ErrorKind, ExecuteError, Limit};
use crate::execute::{Outcome, Run};
use crate::limits::{MAX_ITEMS, MAX_TEXT_BYTES};
use crate::template::Templates;
use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::LazyLock;

/// A function of templates.
pub(crate) struct Function {
    pub name: &'static str,
    /// The types of the parameters that must be given.
    pub fixed: &'static [Parameter],
    /// The type of any number of further ones.
    pub rest: Option<Parameter>,
    pub run: fn(&Call<'_>) -> Outcome<Value>,
}

/// The type of a parameter, as far as Go checks it before it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    Any,
    Text,
    Int,
    Int64,
    Float,
    Bool,
    /// `map[string]interface {}`
    Dict,
    /// `[]interface {}`
    List,
}

/// A call with its arguments, checked.
pub(crate) struct Call<'c> {
    pub arguments: Vec<Value>,
    /// The first argument as it is written, for messages.
    pub written: &'c dyn fmt::Display,
    pub run: &'c Run,
    pub templates: &'c Rc<Templates>,
}

impl Function {
    /// The type of the parameter at a place, from 0.
    pub fn parameter(&self, index: usize) -> Parameter {
        self.fixed.get(index).copied().or(self.rest).unwrap_or(Parameter::Any)
    }

    /// A row of a table.
    const fn new(
        name: &'static str,
        fixed: &'static [Parameter],
        run: fn(&Call<'_>) -> Outcome<Value>,
    ) -> Self {
        Self { name, fixed, rest: None, run }
    }

    /// A row of a function that takes any number of further arguments.
    const fn variadic(
        name: &'static str,
        fixed: &'static [Parameter],
        rest: Parameter,
        run: fn(&Call<'_>) -> Outcome<Value>,
    ) -> Self {
        Self { name, fixed, rest: Some(rest), run }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// Later tables replace functions of earlier ones: Helm's and Sprig's come behind Go's own.
const TABLES: [&[Function]; 17] = [
    builtin::TABLE,
    text::TABLE,
    list::TABLE,
    dict::TABLE,
    math::TABLE,
    convert::TABLE,
    encode::TABLE,
    pattern::TABLE,
    path::TABLE,
    date::TABLE,
    version::TABLE,
    random::TABLE,
    certificate::TABLE,
    json::TABLE,
    yaml::TABLE,
    toml::TABLE,
    flow::TABLE,
];

/// All functions, by the length of their names and then by these: names of one length are told apart by a glance.
static BY_LENGTH: LazyLock<Vec<BTreeMap<&'static str, &'static Function>>> = LazyLock::new(|| {
    let mut by_length: Vec<BTreeMap<_, _>> = Vec::new();
    for function in TABLES.iter().flat_map(|table| table.iter()) {
        let length = function.name.len();
        by_length.resize_with(by_length.len().max(length + 1), BTreeMap::new);
        by_length.get_mut(length).and_then(|functions| functions.insert(function.name, function));
    }
    by_length
});

/// The function of a name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    BY_LENGTH.get(name.len())?.get(name).copied()
}

/// The names of all functions, in order.
#[must_use]
pub fn function_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> =
        TABLES.iter().flat_map(|table| table.iter()).map(|function| function.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(Box::new(ExecuteError::new(message)))
}

/// Refuses lists beyond bounds.
pub(crate) fn check_items(items: usize) -> Outcome<()> {
    if items > MAX_ITEMS {
        return Err(Box::new(ExecuteError::limit(Limit::Items, format!("more than {MAX_ITEMS} elements"))));
    }
    Ok(())
}

/// An empty text where something cannot be written; a limit stays one.
fn or_empty(written: Outcome<Value>) -> Outcome<Value> {
    match written {
        Err(error) if !matches!(error.kind, ErrorKind::Limit(_)) => Ok("".into()),
        written => written,
    }
}

/// Counts a value that is written out whole: where maps hold each other, it is far larger written than kept.
fn weigh(run: &Run, value: &Value, depth: usize) -> Outcome<()> {
    run.step()?;
    match &value.data {
        _ if depth > MAX_WRITTEN_DEPTH => Ok(()),
        Data::List(list) => list.items.iter().try_for_each(|item| weigh(run, item, depth + 1)),
        Data::Dict(dict) => dict.entries().iter().try_for_each(|(_, item)| weigh(run, item, depth + 1)),
        _ => Ok(()),
    }
}

/// How deep maps and lists may hold each other where they are written out; deeper ones are taken for a circle.
pub(crate) const MAX_WRITTEN_DEPTH: usize = 200;

/// Refuses texts beyond bounds.
pub(crate) fn check_bytes(bytes: usize) -> Outcome<()> {
    if bytes > MAX_TEXT_BYTES {
        return Err(Box::new(ExecuteError::limit(
            Limit::Text,
            format!("more than {} MiB of text", MAX_TEXT_BYTES >> 20),
        )));
    }
    Ok(())
}

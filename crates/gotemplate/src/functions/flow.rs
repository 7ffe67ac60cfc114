//! Choices, and what Helm adds: templates as functions, and deliberate ends.

use super::builtin::marked;
use super::{Call, Function, Parameter, fail};
use crate::error::{ErrorKind, ExecuteError};
use crate::execute::{Outcome, execute_in};
use crate::template::{Origin, Source, Templates};
use crate::text::{Text, TextBuilder};
use crate::trace::Trace;
use crate::unicode::quote;
use crate::value::{Data, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::rc::Rc;

use Parameter::{Any, Bool, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::variadic("default", &[Any], Any, |call| {
        let given = call.arguments.get(1).filter(|given| given.is_true());
        Ok(given.unwrap_or_else(|| call.argument(0)).clone())
    }),
    Function::new("empty", &[Any], |call| Ok((!call.argument(0).is_true()).into())),
    Function::variadic("coalesce", &[], Any, |call| {
        Ok(call.arguments.iter().find(|value| value.is_true()).cloned().unwrap_or_else(Value::nil))
    }),
    Function::variadic("all", &[], Any, |call| Ok(call.arguments.iter().all(Value::is_true).into())),
    Function::variadic("any", &[], Any, |call| Ok(call.arguments.iter().any(Value::is_true).into())),
    Function::new("ternary", &[Any, Any, Bool], |call| {
        Ok(Value::clone(call.argument(usize::from(!call.argument(2).is_true()))))
    }),
    Function::new("fail", &[Str], |call| deliberate(call.text(0))),
    Function::new("required", &[Str, Any], required),
    Function::new("include", &[Str, Any], |call| {
        let output = execute_in(call.run, call.templates, call.text(0), call.argument(1))?;
        Ok(marked(output.finish()))
    }),
    Function::new("tpl", &[Str, Any], evaluate),
    // Nothing is known of a cluster, so nothing is found in it; Helm says the same without one.
    Function::new("lookup", &[Str, Str, Str, Str], |_| Ok(Value::dict(BTreeMap::new()))),
    Function::new("getHostByName", &[Str], |_| Ok("".into())),
];

fn deliberate(message: &str) -> Outcome<Value> {
    Err(Box::new(ExecuteError { kind: ErrorKind::Deliberate, ..ExecuteError::new(message) }))
}

fn required(call: &Call<'_>) -> Outcome<Value> {
    let value = call.argument(1);
    if value.is_nil() || value.as_str() == Some("") {
        return deliberate(call.text(0));
    }
    Ok(Value::clone(value))
}

/// The name that Helm gives to a text handed to `tpl`.
const COMPUTED: &str = "gotpl";

/// `tpl`: a text as a template, which knows all other templates.
fn evaluate(call: &Call<'_>) -> Outcome<Value> {
    let (text, trace) = call.marked(0);
    if !text.as_str().contains("{{") {
        return Ok(Value::clone(call.argument(0)));
    }
    // To parse a text takes far longer than to read it.
    call.run.work(text.as_str().len() / 4)?;
    let source = Source {
        name: SmolStr::new_static(COMPUTED),
        text: Rc::from(text.as_str()),
        origin: Origin::Computed(trace),
    };
    let mut templates = Templates::extending(call.templates);
    if let Err(error) = templates.add(source) {
        return fail(format!("cannot parse template {}: {}", quote(text.as_str()), error.go_text()));
    }
    let executed = execute_in(call.run, &Rc::new(templates), COMPUTED, call.argument(1));
    match executed {
        Ok(output) => Ok(marked(without_no_value(output.finish()))),
        Err(error) if matches!(error.kind, ErrorKind::Limit(_)) => Err(error),
        Err(error) => Err(Box::new(ExecuteError {
            message: format!(
                "error during tpl function execution for {}: {}",
                quote(text.as_str()),
                error.go_text()
            ),
            frames: Vec::new(),
            kind: error.kind,
        })),
    }
}

/// What Go writes for nothing.
const NO_VALUE: &str = "<no value>";

/// A text without the `<no value>` that Go writes for nothing; Helm removes it from everything that it renders.
#[must_use]
pub fn without_no_value((text, trace): (Text, Trace)) -> (Text, Trace) {
    if !text.as_str().contains(NO_VALUE) {
        return (text, trace);
    }
    // One walk over stretches and removals together: there may be hundreds of thousands of both.
    let mut removals = text.as_str().match_indices(NO_VALUE).map(|(start, _)| start).peekable();
    let mut kept = TextBuilder::default();
    for (stretch, trace, skip) in text.stretches(&trace) {
        let mut at = stretch.start;
        while at < stretch.end {
            let removal = removals.peek().copied().unwrap_or(text.as_str().len());
            let end = removal.clamp(at, stretch.end);
            let part = text.as_str().get(at..end).unwrap_or("");
            kept.push(part, trace, skip + (at - stretch.start));
            at = end;
            if at < removal {
                break;
            }
            let behind = removal + NO_VALUE.len();
            at = behind.min(stretch.end);
            if behind > stretch.end {
                break;
            }
            removals.next();
        }
    }
    kept.finish()
}

impl Value {
    /// A placeholder for what only a real run decides, with why.
    pub(super) fn unknown(data: impl Into<Data>, reason: &str) -> Self {
        let trace = Trace::of(crate::trace::Place::Unknown(SmolStr::new(reason)));
        Self { data: data.into(), trace }
    }
}

//! The built-in functions: what each takes, what it says about values that are not known or sensitive, and what it does.

use crate::evaluator::{Eval, Evaluator, Fault, LIMIT};
use crate::limits::{MAX_ELEMENTS, MAX_NODES, MAX_TEXT_BYTES};
use crate::scope::Scope;
use crate::types::Type;
use crate::value::{
    describe, has_sensitive, is_encoded, is_wholly_known, node_count, to_number, to_text, unknown_from,
};
use proofmark_hcl::Expr;
use proofmark_model::{
    Attribute, Data, Elements, Known, ListKind, Map, MapKind, Shape, SmolStr, StepKind, Unknown, Value,
};
use proofmark_source::Span;
use smol_str::format_smolstr;
use std::sync::Arc;

mod assume;
mod collection;
mod combine;
mod convert;
mod date;
mod duration;
mod encoding;
mod file;
mod format;
mod glob;
mod gzip;
mod hash;
mod json;
mod known;
mod network;
mod number;
mod pattern;
mod provider;
mod set;
mod signature;
mod string;
mod tabular;
mod template;
#[cfg(test)]
mod tests;
mod time;
mod verb;
mod yaml;

pub(crate) use encoding::from_node;
pub(crate) use json::encode_json;
use signature::{Function, OnSensitive, Parameter, Run};

/// A call as it is written.
pub(crate) struct WrittenCall<'e> {
    pub name: &'e str,
    pub arguments: &'e [Expr],
    /// Whether `...` stands behind the last argument.
    pub expands_last: bool,
    pub span: Span,
}

/// A call, with its arguments evaluated and converted.
pub(crate) struct Call<'a> {
    pub name: &'a str,
    pub parameters: &'static [Parameter],
    pub arguments: &'a [Value],
    pub span: Span,
}

/// Why a function has no result.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Terraform would refuse it too.
    Wrong(String),
    /// A limit is reached.
    Limit(String),
}

/// What is said where the reason would show a secret.
const SECRET: &str = "its arguments are refused; the reason would show what is sensitive";

/// What a function makes.
pub(crate) type Made = Result<Value, Refusal>;

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self::Wrong(message)
    }
}

impl From<&str> for Refusal {
    fn from(message: &str) -> Self {
        Self::Wrong(message.to_owned())
    }
}

impl Refusal {
    /// The same, without what it says of arguments that must not be shown.
    fn without(self, is_secret: bool) -> Self {
        match self {
            Self::Wrong(_) if is_secret => Self::Wrong(String::from(SECRET)),
            other => other,
        }
    }

    fn fault(self, name: &str, span: Span) -> Fault {
        match self {
            Self::Wrong(message) => Fault::new(span, format!("`{name}`: {message}")),
            Self::Limit(message) => Fault::limit(span, format!("`{name}`: {message}")),
        }
    }
}

/// A refusal in place of a result.
pub(crate) fn wrong<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Wrong(message.into()))
}

/// Refuses to make more than [`MAX_ELEMENTS`] elements.
pub(crate) fn check_count(count: usize) -> Result<(), Refusal> {
    if count <= MAX_ELEMENTS {
        return Ok(());
    }
    Err(Refusal::Limit(format!("it makes more than {MAX_ELEMENTS} elements")))
}

/// Refuses to make more than [`MAX_TEXT_BYTES`] bytes of text.
pub(crate) fn check_size(bytes: usize) -> Result<(), Refusal> {
    if bytes <= MAX_TEXT_BYTES {
        return Ok(());
    }
    Err(Refusal::Limit(format!("the text grows beyond {MAX_TEXT_BYTES} bytes")))
}

/// `1 argument`, `2 arguments`.
pub(crate) fn count_of(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

impl Call<'_> {
    /// The argument at `index`, from 0; the count is checked before.
    pub fn argument(&self, index: usize) -> Result<&Value, Refusal> {
        self.arguments.get(index).ok_or_else(|| Refusal::Wrong(format!("argument {} is missing", index + 1)))
    }

    pub fn text(&self, index: usize) -> Result<SmolStr, Refusal> {
        let value = self.argument(index)?;
        if is_encoded(value) && is_wholly_known(value) {
            return Ok(encode_json(value));
        }
        to_text(value).ok_or_else(|| self.wrong_type(index, "a string"))
    }

    pub fn number(&self, index: usize) -> Result<f64, Refusal> {
        let value = self.argument(index)?;
        to_number(value).ok_or_else(|| self.wrong_type(index, "a number"))
    }

    /// A whole number. Those beyond 64 bits are cut: every function that takes one refuses them anyway.
    #[allow(clippy::cast_possible_truncation, reason = "checked to be whole; the rest is cut")]
    pub fn integer(&self, index: usize) -> Result<i64, Refusal> {
        if let Data::Integer(value) = self.argument(index)?.data {
            return Ok(value);
        }
        let number = self.number(index)?;
        if number.fract() != 0.0 {
            return wrong(format!("{} must be a whole number, and it is {number}", self.parameter(index)));
        }
        Ok(number as i64)
    }

    pub fn list(&self, index: usize) -> Result<&[Value], Refusal> {
        self.argument(index)?.as_list().ok_or_else(|| self.wrong_type(index, "a list"))
    }

    pub fn map(&self, index: usize) -> Result<&Map, Refusal> {
        self.argument(index)?.as_map().ok_or_else(|| self.wrong_type(index, "a map or an object"))
    }

    fn wrong_type(&self, index: usize, wanted: &str) -> Refusal {
        let found = self.arguments.get(index).map_or("nothing", describe);
        Refusal::Wrong(format!("{} must be {wanted}, and it is {found}", self.parameter(index)))
    }

    /// What an argument is called in messages.
    fn parameter(&self, index: usize) -> String {
        let named = self.parameters.get(index).map(|parameter| format!("`{}`", parameter.name));
        named.unwrap_or_else(|| format!("argument {}", index + 1))
    }

    /// A refusal, without what it says of arguments that must not be shown.
    pub fn fault(&self, refusal: impl Into<Refusal>) -> Fault {
        let is_secret = self.arguments.iter().any(has_sensitive);
        refusal.into().without(is_secret).fault(self.name, self.span)
    }

    /// A result made here.
    pub fn data(&self, data: Data) -> Made {
        Ok(Value::new(data, self.span))
    }

    pub fn string(&self, text: impl Into<SmolStr>) -> Made {
        self.data(Data::String(text.into()))
    }

    pub fn bool(&self, value: bool) -> Made {
        self.data(Data::Bool(value))
    }

    pub fn elements(&self, kind: ListKind, elements: Vec<Value>) -> Made {
        self.data(Data::List(Elements::new(kind, elements)))
    }

    pub fn strings(&self, texts: impl IntoIterator<Item = impl Into<SmolStr>>) -> Made {
        let texts = texts.into_iter().map(|text| Value::string(text, self.span));
        self.elements(ListKind::List, texts.collect())
    }

    pub fn object(&self, kind: MapKind, entries: Vec<Attribute>) -> Made {
        let mut map = Map::new(entries);
        map.kind = kind;
        self.data(Data::Map(Arc::new(map)))
    }

    /// A result that is not known because of these values, of which so much is known.
    pub fn unknown(&self, known: Known, because_of: &[&Value]) -> Made {
        let mut value = unknown_from(known.shape, self.span, because_of);
        if let Data::Unknown(unknown) = &mut value.data {
            let is_set = known.is_set || known.shape.is_some();
            Arc::make_mut(unknown).known = Known { is_set, ..known };
        }
        Ok(value)
    }

    /// A result that is not known because of the arguments.
    pub fn unknown_shape(&self, shape: Option<Shape>) -> Made {
        let all: Vec<&Value> = self.arguments.iter().collect();
        Ok(unknown_from(shape, self.span, &all))
    }

    /// A result that no file holds, for a reason of its own.
    pub fn because(&self, reason: impl Into<SmolStr>, known: Known) -> Made {
        Ok(Value::unknown(Unknown { known, ..Unknown::because(reason) }, self.span))
    }
}

const BOOL: Option<Shape> = Some(Shape::Bool);
const NUMBER: Option<Shape> = Some(Shape::Number);
const STRING: Option<Shape> = Some(Shape::String);
const LIST: Option<Shape> = Some(Shape::List);
const MAP: Option<Shape> = Some(Shape::Map);

const TABLES: [&[Function]; 14] = [
    assume::FUNCTIONS,
    collection::FUNCTIONS,
    combine::FUNCTIONS,
    convert::FUNCTIONS,
    encoding::FUNCTIONS,
    file::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    network::FUNCTIONS,
    number::FUNCTIONS,
    provider::FUNCTIONS,
    set::FUNCTIONS,
    string::FUNCTIONS,
    time::FUNCTIONS,
];

fn find(name: &str) -> Option<&'static Function> {
    TABLES.iter().find_map(|table| table.iter().find(|function| function.name == name))
}

impl<'r> Evaluator<'r> {
    /// The value of a function call. Where nothing catches it, a refusal becomes a diagnostic at the call, and what stands
    /// around the call goes on with a value that is not known.
    pub fn call(&self, call: &WrittenCall<'_>, scope: &Scope<'_, 'r>) -> Eval {
        match self.uncaught_call(call, scope) {
            Err(fault) if !self.is_caught() => Ok(self.settle(Err(fault), call.span)),
            result => result,
        }
    }

    fn uncaught_call(&self, call: &WrittenCall<'_>, scope: &Scope<'_, 'r>) -> Eval {
        let &WrittenCall { name, arguments, span, .. } = call;
        let name = name.strip_prefix("core::").unwrap_or(name);
        match name {
            "try" => return self.caught(|| self.try_each(arguments, span, scope)),
            "can" => return self.caught(|| self.can(arguments, span, scope)),
            "convert" => return self.convert_call(arguments, span, scope),
            _ => {}
        }
        let Some(function) = find(name) else { return unheard_of(name, span) };
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.evaluate(argument, scope)?);
        }
        if call.expands_last
            && let Some(last) = values.pop()
        {
            match &last.data {
                Data::List(elements) => {
                    values.extend(elements.iter().map(|element| marked_as(element, &last)))
                }
                Data::Unknown(_) => return Ok(unknown_from(function.shape, span, &[&last])),
                _ => {
                    let message = format!("`...` needs a list, and this is {}", describe(&last));
                    return Err(Fault::new(span, message));
                }
            }
        }
        self.run(function, values, span, scope)
    }

    /// The result of the function of that name for these arguments, which no expression holds.
    pub fn call_values(&self, name: &str, values: Vec<Value>, span: Span, scope: &Scope<'_, 'r>) -> Eval {
        match find(name) {
            Some(function) => self.run(function, values, span, scope),
            None => unheard_of(name, span),
        }
    }

    /// `convert(value, type)`: the second argument is a type, not a value.
    fn convert_call(&self, arguments: &[Expr], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let [value, kind] = arguments else {
            return Err(Fault::new(span, "`convert`: it takes a value and a type"));
        };
        let value = self.evaluate(value, scope)?;
        let mut default = |expr: &Expr| self.value(expr, scope);
        let converted = crate::conversion::convert(value, &Type::parse(kind), &mut default);
        converted.map_err(|message| Fault::new(span, format!("`convert`: {message}")))
    }

    /// The result of a function for these arguments.
    fn run(&self, function: &Function, values: Vec<Value>, span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let name = function.name;
        let Some(size) = node_count(&values) else {
            return Err(Fault::limit(span, format!("`{name}` is given more than {MAX_NODES} values")));
        };
        self.charge(size);
        let counted = function.check_count(values.len());
        counted.map_err(|message| Fault::new(span, format!("`{name}`: {message}")))?;
        // A refusal may quote its arguments.
        let is_secret = values.iter().any(has_sensitive);
        let refused = |refusal: Refusal| refusal.without(is_secret).fault(name, span);
        let values = function.take(values).map_err(|message| refused(Refusal::Wrong(message)))?;
        let operands: Vec<&Value> = values.iter().collect();
        let is_sensitive = match function.sensitive {
            OnSensitive::Deep => values.iter().any(has_sensitive),
            OnSensitive::Shallow => values.iter().any(|value| value.is_sensitive),
            OnSensitive::Handles => false,
        };
        if function.is_unknown_for(&values) {
            let value = unknown_from(function.shape, span, &operands);
            return Ok(Value { is_sensitive: value.is_sensitive || is_sensitive, ..value });
        }
        let call = Call { name, parameters: function.parameters, arguments: &values, span };
        let result = match function.run {
            Run::Pure(run) => run(&call).map_err(refused)?,
            Run::Reading(run) => run(self, &call, scope)?,
        };
        Ok(placed_result(result, is_sensitive, &operands, span))
    }

    fn try_each(&self, arguments: &[Expr], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let mut last = None;
        for argument in arguments {
            match self.evaluate(argument, scope) {
                Ok(value) => return Ok(crate::value::placed(value, span)),
                Err(fault) if fault.0.code == LIMIT => return Err(fault),
                Err(fault) => last = Some(fault),
            }
        }
        let message = match last {
            Some(Fault(diagnostic)) => {
                format!("`try`: no expression succeeds; of the last, {}", diagnostic.message)
            }
            None => String::from("`try`: at least one expression is required"),
        };
        Err(Fault::new(span, message))
    }

    fn can(&self, arguments: &[Expr], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let [argument] = arguments else {
            return Err(Fault::new(
                span,
                format!("`can`: it takes 1 argument, and {} are given", arguments.len()),
            ));
        };
        match self.evaluate(argument, scope) {
            // What becomes known later may still fail.
            Ok(value) if !is_wholly_known(&value) => Ok(unknown_from(BOOL, span, &[&value])),
            Ok(_) => Ok(Value::new(Data::Bool(true), span)),
            Err(fault) if fault.0.code == LIMIT => Err(fault),
            Err(_) => Ok(Value::new(Data::Bool(false), span)),
        }
    }
}

/// What a name stands for that is no function's.
fn unheard_of(name: &str, span: Span) -> Eval {
    if name.starts_with("provider::") {
        let unknown = Unknown::because(format_smolstr!("`{name}` is a function of a provider"));
        return Ok(Value::unknown(unknown, span));
    }
    Err(Fault::new(span, format!("there is no function `{name}`")))
}

/// An element that is as sensitive as its list.
fn marked_as(element: &Value, list: &Value) -> Value {
    Value { is_sensitive: element.is_sensitive || list.is_sensitive, ..Value::clone(element) }
}

/// A result seen at the call, as sensitive as its function says.
fn placed_result(result: Value, is_sensitive: bool, operands: &[&Value], span: Span) -> Value {
    let is_sensitive = is_sensitive || result.is_sensitive;
    let is_made_here = result.origin.span == span;
    let value = match result.origin.trail {
        None if is_made_here => crate::value::computed(result.data, span, operands),
        _ if is_made_here => result,
        _ => Value { origin: result.origin.used_at(span, StepKind::Operand), ..result },
    };
    Value { is_sensitive, ..value }
}

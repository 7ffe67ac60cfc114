//! The built-in functions: what each takes, what it says about values that are not known, and what it does.

use crate::evaluator::{Eval, Evaluator, Fault, LIMIT};
use crate::limits::MAX_NODES;
use crate::scope::Scope;
use crate::types::Type;
use crate::value::{
    describe, has_sensitive, is_too_large, is_wholly_known, to_number, to_text, unknown_from,
};
use proofmark_hcl::Expr;
use proofmark_model::{Data, Shape, SmolStr, StepKind, Unknown, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;

mod assume;
mod collection;
mod convert;
mod encoding;
mod file;
mod format;
mod gzip;
mod hash;
mod json;
mod network;
mod number;
mod set;
mod string;
mod time;
mod yaml;

pub(crate) use encoding::from_node;
pub(crate) use json::encode_json;

/// A function.
pub(crate) struct Function {
    pub name: &'static str,
    /// The least and the greatest number of arguments.
    pub arity: (usize, usize),
    /// The shape of its result.
    pub shape: Option<Shape>,
    pub unknown: OnUnknown,
    pub run: fn(&Call<'_>) -> Result<Value, String>,
}

/// What a function does with arguments that are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnUnknown {
    /// Its result is not known if anything inside its arguments is not.
    Deep,
    /// Its result is not known if one of its arguments is not; what is inside does not matter.
    Shallow,
    /// It looks for itself.
    Handles,
}

/// A call as it is written.
pub(crate) struct WrittenCall<'e> {
    pub name: &'e str,
    pub arguments: &'e [Expr],
    /// Whether `...` stands behind the last argument.
    pub expands_last: bool,
    pub span: Span,
}

/// A call, with its arguments evaluated.
pub(crate) struct Call<'a> {
    pub arguments: &'a [Value],
    pub span: Span,
}

/// Any number of arguments.
pub(crate) const MANY: usize = usize::MAX;

impl Call<'_> {
    /// The argument at `index`, from 0; the arity is checked before.
    pub fn argument(&self, index: usize) -> Result<&Value, String> {
        self.arguments.get(index).ok_or_else(|| format!("argument {} is missing", index + 1))
    }

    pub fn text(&self, index: usize) -> Result<SmolStr, String> {
        let value = self.argument(index)?;
        let is_structure = matches!(value.data, Data::Map(_) | Data::List(_));
        if is_structure && value.origin.trail.is_some() && is_wholly_known(value) {
            return Ok(encode_json(value));
        }
        to_text(value).ok_or_else(|| wrong(index, "string", value))
    }

    pub fn number(&self, index: usize) -> Result<f64, String> {
        let value = self.argument(index)?;
        to_number(value).ok_or_else(|| wrong(index, "number", value))
    }

    #[allow(clippy::cast_possible_truncation, reason = "checked to be whole; the rest is cut")]
    pub fn integer(&self, index: usize) -> Result<i64, String> {
        let number = self.number(index)?;
        if number.fract() != 0.0 {
            return Err(format!("argument {} must be a whole number, and it is {number}", index + 1));
        }
        Ok(number as i64)
    }

    pub fn list(&self, index: usize) -> Result<&[Value], String> {
        let value = self.argument(index)?;
        value.as_list().ok_or_else(|| wrong(index, "list", value))
    }

    pub fn map(&self, index: usize) -> Result<&proofmark_model::Map, String> {
        let value = self.argument(index)?;
        value.as_map().ok_or_else(|| wrong(index, "map", value))
    }

    /// A result made here.
    pub fn data(&self, data: Data) -> Result<Value, String> {
        Ok(Value::new(data, self.span))
    }

    pub fn string(&self, text: impl Into<SmolStr>) -> Result<Value, String> {
        self.data(Data::String(text.into()))
    }

    pub fn values(&self, elements: Vec<Value>) -> Result<Value, String> {
        self.data(Data::List(elements.into()))
    }

    pub fn strings(&self, texts: impl IntoIterator<Item = impl Into<SmolStr>>) -> Result<Value, String> {
        self.values(texts.into_iter().map(|text| Value::string(text, self.span)).collect())
    }
}

/// What is said about an argument of the wrong type.
fn wrong(index: usize, wanted: &str, value: &Value) -> String {
    format!("argument {} must be a {wanted}, and it is {}", index + 1, describe(value))
}

const BOOL: Option<Shape> = Some(Shape::Bool);
const NUMBER: Option<Shape> = Some(Shape::Number);
const STRING: Option<Shape> = Some(Shape::String);
const LIST: Option<Shape> = Some(Shape::List);
const MAP: Option<Shape> = Some(Shape::Map);

/// A row of a table of functions: one whose result is not known if anything inside its arguments is not.
const fn function(
    name: &'static str,
    arity: (usize, usize),
    shape: Option<Shape>,
    run: fn(&Call<'_>) -> Result<Value, String>,
) -> Function {
    Function { name, arity, shape, unknown: OnUnknown::Deep, run }
}

impl Function {
    /// The same, but what is inside its arguments need not be known.
    const fn shallow(self) -> Self {
        Self { unknown: OnUnknown::Shallow, ..self }
    }

    /// The same, but it looks itself for what is not known.
    const fn handles_unknown(self) -> Self {
        Self { unknown: OnUnknown::Handles, ..self }
    }
}

const TABLES: [&[Function]; 11] = [
    assume::FUNCTIONS,
    collection::FUNCTIONS,
    convert::FUNCTIONS,
    encoding::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    network::FUNCTIONS,
    number::FUNCTIONS,
    set::FUNCTIONS,
    string::FUNCTIONS,
    time::FUNCTIONS,
];

fn find(name: &str) -> Option<&'static Function> {
    TABLES.iter().find_map(|table| table.iter().find(|function| function.name == name))
}

impl<'r> Evaluator<'r> {
    /// The value of a function call.
    pub fn call(&self, call: &WrittenCall<'_>, scope: &Scope<'_, 'r>) -> Eval {
        let &WrittenCall { name, arguments, expands_last, span } = call;
        let name = name.strip_prefix("core::").unwrap_or(name);
        match name {
            "try" => return self.try_each(arguments, span, scope),
            "can" => return Ok(self.can(arguments, span, scope)),
            "convert" => return self.convert_call(arguments, span, scope),
            _ if name.starts_with("provider::") => {
                return Ok(Value::unknown(
                    Unknown::because(format_smolstr!("`{name}` is a function of a provider")),
                    span,
                ));
            }
            _ => {}
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.evaluate(argument, scope)?);
        }
        if expands_last && let Some(last) = values.pop() {
            match &last.data {
                Data::List(elements) => values.extend(elements.iter().cloned()),
                Data::Unknown(_) => {
                    let shape = find(name).and_then(|function| function.shape);
                    return Ok(unknown_from(shape, span, &[&last]));
                }
                _ => {
                    return Err(Fault::new(
                        span,
                        format!("`...` needs a list, and this is {}", describe(&last)),
                    ));
                }
            }
        }
        match self.file_function(name, &values, span, scope) {
            Some(result) => result,
            None => self.call_values(name, &values, span),
        }
    }

    /// `convert(value, type)`: the second argument is a type, not a value.
    fn convert_call(&self, arguments: &[Expr], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let [value, kind] = arguments else {
            return Err(Fault::new(span, "`convert` takes a value and a type"));
        };
        let value = self.evaluate(value, scope)?;
        let mut default = |expr: &Expr| self.value(expr, scope);
        let converted = crate::types::convert(value, &Type::parse(kind), &mut default);
        converted.map_err(|message| Fault::new(span, format!("`convert`: {message}")))
    }

    /// The value of a function with these arguments.
    pub fn call_values(&self, name: &str, values: &[Value], span: Span) -> Eval {
        let Some(function) = find(name) else {
            return Err(Fault::new(span, format!("there is no function `{name}`")));
        };
        let (least, most) = function.arity;
        if values.len() < least || values.len() > most {
            return Err(Fault::new(span, format!("`{name}` cannot take {} arguments", values.len())));
        }
        if is_too_large(values) {
            return Err(Fault::limit(span, format!("`{name}` is given more than {MAX_NODES} values")));
        }
        let is_unknown = match function.unknown {
            OnUnknown::Deep => values.iter().any(|value| !is_wholly_known(value)),
            OnUnknown::Shallow => values.iter().any(|value| value.as_unknown().is_some()),
            OnUnknown::Handles => false,
        };
        let operands: Vec<&Value> = values.iter().collect();
        if is_unknown {
            return Ok(unknown_from(function.shape, span, &operands));
        }
        let call = Call { arguments: values, span };
        let result =
            (function.run)(&call).map_err(|message| Fault::new(span, format!("`{name}`: {message}")))?;
        let reveals = matches!(name, "nonsensitive" | "issensitive");
        let is_sensitive = !reveals && (result.is_sensitive || values.iter().any(has_sensitive));
        let mut value = if result.origin.span == span && result.origin.trail.is_none() {
            crate::value::computed(result.data, span, &operands)
        } else {
            let origin = result.origin.used_at(span, StepKind::Operand);
            Value { origin, ..result }
        };
        value.is_sensitive = is_sensitive;
        Ok(value)
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
        Err(last.unwrap_or_else(|| Fault::new(span, "`try` needs an argument")))
    }

    fn can(&self, arguments: &[Expr], span: Span, scope: &Scope<'_, 'r>) -> Value {
        let Some(argument) = arguments.first() else { return Value::new(Data::Bool(false), span) };
        match self.evaluate(argument, scope) {
            Ok(value) if value.as_unknown().is_some() => unknown_from(Some(Shape::Bool), span, &[&value]),
            Ok(value) => crate::value::computed(Data::Bool(true), span, &[&value]),
            Err(Fault(diagnostic)) if diagnostic.code == LIMIT => self.settle(Err(Fault(diagnostic)), span),
            Err(_) => Value::new(Data::Bool(false), span),
        }
    }
}

//! What a function takes, and how its arguments become what it takes.

use super::{Call, Made, count_of};
use crate::conversion::convert_plain;
use crate::evaluator::{Eval, Evaluator};
use crate::scope::Scope;
use crate::types::Type;
use crate::value::{describe, is_encoded, is_wholly_known};
use proofmark_model::{Shape, Value};

/// A function.
pub(crate) struct Function {
    pub name: &'static str,
    pub parameters: &'static [Parameter],
    pub rest: Rest,
    /// The shape of its result.
    pub shape: Option<Shape>,
    pub unknown: OnUnknown,
    pub sensitive: OnSensitive,
    pub run: Run,
}

/// What a function does.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// It needs its arguments and nothing else.
    Pure(fn(&Call<'_>) -> Made),
    /// It reads files or evaluates templates.
    Reading(for<'r> fn(&Evaluator<'r>, &Call<'_>, &Scope<'_, 'r>) -> Eval),
}

/// The arguments behind those that a function names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rest {
    Nothing,
    One(Parameter),
    Many(Parameter),
}

/// An argument that a function takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// Its name in Terraform's own documentation and messages.
    pub name: &'static str,
    pub kind: Kind,
    pub takes_null: bool,
}

/// The type that an argument is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whatever it is.
    Any,
    String,
    Number,
    /// A list of elements of one type.
    List,
    Strings,
    Bools,
    /// A set of elements of one type.
    Set,
    /// A map to lists of strings.
    StringLists,
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

/// What a function does with arguments that are sensitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnSensitive {
    /// Its result is sensitive if anything inside its arguments is.
    Deep,
    /// Its result is sensitive if one of its arguments is; elements that it hands on keep what they are.
    Shallow,
    /// It looks for itself.
    Handles,
}

/// A row of a table of functions: one whose result is not known, or sensitive, if anything inside its arguments is.
pub(crate) const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    shape: Option<Shape>,
    run: fn(&Call<'_>) -> Made,
) -> Function {
    Function {
        name,
        parameters,
        rest: Rest::Nothing,
        shape,
        unknown: OnUnknown::Deep,
        sensitive: OnSensitive::Deep,
        run: Run::Pure(run),
    }
}

/// A row of a table of functions: one that reads files or evaluates templates.
pub(crate) const fn reading(
    name: &'static str,
    parameters: &'static [Parameter],
    shape: Option<Shape>,
    run: for<'r> fn(&Evaluator<'r>, &Call<'_>, &Scope<'_, 'r>) -> Eval,
) -> Function {
    Function {
        name,
        parameters,
        rest: Rest::Nothing,
        shape,
        unknown: OnUnknown::Deep,
        sensitive: OnSensitive::Deep,
        run: Run::Reading(run),
    }
}

pub(crate) const fn any(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Any, takes_null: false }
}

pub(crate) const fn string(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::String, takes_null: false }
}

pub(crate) const fn number(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Number, takes_null: false }
}

pub(crate) const fn list(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::List, takes_null: false }
}

pub(crate) const fn strings(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Strings, takes_null: false }
}

pub(crate) const fn set(name: &'static str) -> Parameter {
    Parameter { name, kind: Kind::Set, takes_null: false }
}

impl Parameter {
    /// The same, but it may be null.
    pub const fn or_null(self) -> Self {
        Self { takes_null: true, ..self }
    }

    /// The argument as it is taken.
    fn take(&self, value: Value) -> Result<Value, String> {
        let name = self.name;
        if value.is_null() {
            return if self.takes_null { Ok(value) } else { Err(format!("`{name}` must not be null")) };
        }
        if self.kind == Kind::Any || (self.kind == Kind::String && is_encoded(&value)) {
            return Ok(value);
        }
        if !self.kind.may_take(&value) {
            let wanted = self.kind.words();
            return Err(format!("`{name}` must be {wanted}, and it is {}", describe(&value)));
        }
        convert_plain(value, &self.kind.as_type()).map_err(|message| format!("`{name}`: {message}"))
    }
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Kind::Any => "a value",
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::List => "a list",
            Kind::Strings => "a list of strings",
            Kind::Bools => "a list of bools",
            Kind::Set => "a set",
            Kind::StringLists => "a map to lists of strings",
        }
    }

    fn as_type(self) -> Type {
        let boxed = Box::new;
        match self {
            Kind::Any => Type::Any,
            Kind::String => Type::String,
            Kind::Number => Type::Number,
            Kind::List => Type::List(boxed(Type::Any)),
            Kind::Strings => Type::List(boxed(Type::String)),
            Kind::Bools => Type::List(boxed(Type::Bool)),
            Kind::Set => Type::Set(boxed(Type::Any)),
            Kind::StringLists => Type::Map(boxed(Type::List(boxed(Type::String)))),
        }
    }

    /// Whether a value of that shape can become one of this kind. Of one that is not known the shape is all there is.
    fn may_take(self, value: &Value) -> bool {
        let Some(shape) = crate::value::shape_of(value) else { return true };
        match self {
            Kind::Any => true,
            Kind::String => matches!(shape, Shape::String | Shape::Number | Shape::Bool),
            Kind::Number => matches!(shape, Shape::String | Shape::Number),
            Kind::List | Kind::Strings | Kind::Bools | Kind::Set => shape == Shape::List,
            Kind::StringLists => shape == Shape::Map,
        }
    }
}

impl Function {
    /// The same, with a last argument that may be left out.
    pub const fn or_one(self, parameter: Parameter) -> Self {
        Self { rest: Rest::One(parameter), ..self }
    }

    /// The same, with any number of further arguments.
    pub const fn and_many(self, parameter: Parameter) -> Self {
        Self { rest: Rest::Many(parameter), ..self }
    }

    /// The same, but what is inside its arguments need not be known.
    pub const fn shallow(self) -> Self {
        Self { unknown: OnUnknown::Shallow, ..self }
    }

    /// The same, but it looks itself for what is not known.
    pub const fn handles_unknown(self) -> Self {
        Self { unknown: OnUnknown::Handles, ..self }
    }

    /// The same, but elements keep whether they are sensitive.
    pub const fn keeps_marks(self) -> Self {
        Self { sensitive: OnSensitive::Shallow, ..self }
    }

    /// The same, but it says itself whether its result is sensitive.
    pub const fn handles_sensitive(self) -> Self {
        Self { sensitive: OnSensitive::Handles, ..self }
    }

    /// The arguments as the function takes them, which are as many as it takes.
    pub fn take(&self, arguments: Vec<Value>) -> Result<Vec<Value>, String> {
        let mut parameters = self.parameters.iter();
        let mut taken = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let further = match &self.rest {
                Rest::Nothing => None,
                Rest::One(parameter) | Rest::Many(parameter) => Some(parameter),
            };
            match parameters.next().or(further) {
                Some(parameter) => taken.push(parameter.take(argument)?),
                None => taken.push(argument),
            }
        }
        Ok(taken)
    }

    /// Refuses more or fewer arguments than the function takes.
    pub fn check_count(&self, given: usize) -> Result<(), String> {
        let least = self.parameters.len();
        if let Some(missing) = self.parameters.get(given) {
            let bound = if matches!(self.rest, Rest::Nothing) { "" } else { "at least " };
            return Err(format!(
                "it takes {bound}{}, and `{}` is missing",
                count_of(least, "argument"),
                missing.name
            ));
        }
        let most = match self.rest {
            Rest::Nothing => least,
            Rest::One(_) => least + 1,
            Rest::Many(_) => return Ok(()),
        };
        if given > most {
            return Err(format!("it takes {}, and {given} are given", count_of(most, "argument")));
        }
        Ok(())
    }

    /// Whether what is not known in the arguments makes the result unknown.
    pub fn is_unknown_for(&self, arguments: &[Value]) -> bool {
        match self.unknown {
            OnUnknown::Deep => arguments.iter().any(|value| !is_wholly_known(value)),
            OnUnknown::Shallow => arguments.iter().any(|value| value.as_unknown().is_some()),
            OnUnknown::Handles => false,
        }
    }
}

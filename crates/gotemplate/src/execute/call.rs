//! Functions and their typed arguments.

use super::field::Arguments;
use super::{Outcome, Site, State};
use crate::functions::{Call, Function, Parameter};
use crate::node::{Command, Operand, OperandKind};
use crate::text::Text;
use crate::trace::Trace;
use crate::value::{ANY_TYPE, Data, IntType, TEXT_MAP_TYPE, Value};
use smol_str::SmolStr;

impl<'n> State<'n> {
    /// Calls a function; the command is what messages name.
    pub(super) fn function(
        &mut self,
        dot: &Value,
        callee: (&'n Operand, Option<&'n Command>),
        function: &'static Function,
        arguments: Arguments<'n>,
    ) -> Outcome<Value> {
        let (operand, command) = callee;
        self.at(Site::Operand(operand));
        self.check_count(function, &arguments)?;
        if matches!(function.name, "and" | "or") {
            return self.short_circuit(dot, function.name == "or", arguments);
        }
        let mut values = Vec::with_capacity(arguments.0.len() + 1);
        for (index, argument) in arguments.0.iter().enumerate() {
            values.push(self.argument(dot, argument, function.parameter(index))?);
        }
        if let Some(last) = arguments.1 {
            values.push(self.checked(last, function.parameter(values.len()))?);
        }
        self.run.work(values.iter().map(Value::weight).sum())?;
        let traces = Trace::joined(values.iter().map(|value| &value.trace));
        let written = arguments.0.first().unwrap_or(operand);
        let call = Call { arguments: values, written, run: self.run, templates: self.templates };
        match (function.run)(&call).and_then(|value| self.counted_result(value)) {
            // What a literal was compared with decides an answer, not the literal.
            Ok(value) if matches!(value.data, Data::Bool(_)) && traces.is_literal() => Ok(value),
            Ok(value) if value.trace.is_empty() => Ok(value.from_trace(&traces)),
            Ok(value) => Ok(value),
            Err(mut error) => {
                let site = command.map_or(Site::Operand(operand), Site::Command);
                error.frames.insert(0, self.frame(site, Some(SmolStr::new_static(function.name))));
                self.settle();
                Err(error)
            }
        }
    }

    /// A function has worked as much as it made.
    pub(super) fn counted_result(&self, value: Value) -> Outcome<Value> {
        crate::functions::check_bytes(value.as_str().map_or(0, str::len))?;
        self.run.work(value.price())?;
        Ok(value)
    }

    fn check_count(&self, function: &Function, arguments: &Arguments<'n>) -> Outcome<()> {
        let given = arguments.0.len() + usize::from(arguments.1.is_some());
        let wanted = function.fixed.len();
        let name = function.name;
        if function.rest.is_some() && given < wanted {
            let written = arguments.0.len();
            return self
                .fail(format!("wrong number of args for {name}: want at least {wanted} got {written}"));
        }
        if function.rest.is_none() && given != wanted {
            return self.fail(format!("wrong number of args for {name}: want {wanted} got {given}"));
        }
        Ok(())
    }

    /// `and` and `or` stop at the argument that decides.
    fn short_circuit(&mut self, dot: &Value, is_or: bool, arguments: Arguments<'n>) -> Outcome<Value> {
        let mut value = Value::default();
        for argument in arguments.0 {
            value = self.argument(dot, argument, Parameter::Any)?;
            if value.is_true() == is_or {
                return Ok(value);
            }
        }
        match arguments.1 {
            Some(last) => self.checked(last, Parameter::Any),
            None => Ok(value),
        }
    }

    fn argument(&mut self, dot: &Value, operand: &'n Operand, parameter: Parameter) -> Outcome<Value> {
        self.at(Site::Operand(operand));
        match (&operand.kind, parameter) {
            (OperandKind::Nil, _) if !parameter.may_be_nil() => {
                self.fail(format!("cannot assign nil to {}", parameter.type_name()))
            }
            (OperandKind::Nil, _) => Ok(Value::new(Data::Nil, self.literal(operand))),
            (OperandKind::Number(number), Parameter::Int | Parameter::Int64) => match number.whole {
                Some(whole) => Ok(Value::new(Data::Int(whole, parameter.int_type()), self.literal(operand))),
                None => self.fail(format!("expected integer; found {operand}")),
            },
            (OperandKind::Number(number), Parameter::Float) => {
                Ok(Value::new(Data::Float(number.float), self.literal(operand)))
            }
            (OperandKind::Number(_) | OperandKind::Bool(_) | OperandKind::Text { .. }, _)
                if !parameter.takes_literal(&operand.kind) =>
            {
                self.fail(parameter.literal_problem(operand))
            }
            _ => {
                let value = self.operand(dot, operand)?;
                self.checked(value, parameter)
            }
        }
    }

    /// A value as a parameter takes it (text/template, `validateType`).
    fn checked(&self, value: Value, parameter: Parameter) -> Outcome<Value> {
        let kind = parameter.type_name();
        match &value.data {
            Data::Invalid if parameter.may_be_nil() => Ok(Value { data: Data::Nil, ..value }),
            Data::Invalid => self.fail(format!("invalid value; expected {kind}")),
            // An empty interface is no map and no list to Go, but stands for any value.
            Data::Nil if parameter == Parameter::Any => Ok(value),
            Data::Nil => self.fail(format!("wrong type for value; expected {kind}; got interface {{}}")),
            _ if parameter.takes(&value) => Ok(value),
            _ => self.fail(format!("wrong type for value; expected {kind}; got {}", value.type_name())),
        }
    }
}

impl Parameter {
    /// Go's name of the type.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Any => ANY_TYPE,
            Self::Text => "string",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Float => "float64",
            Self::Bool => "bool",
            Self::Dict => crate::value::MAP_TYPE,
            Self::List => "[]interface {}",
        }
    }

    fn may_be_nil(self) -> bool {
        matches!(self, Self::Any | Self::Dict | Self::List)
    }

    fn int_type(self) -> IntType {
        if self == Self::Int64 { IntType::Int64 } else { IntType::Int }
    }

    fn takes(self, value: &Value) -> bool {
        match (self, &value.data) {
            (Self::Any, _)
            | (Self::Text, Data::Text(_))
            | (Self::Float, Data::Float(_))
            | (Self::Bool, Data::Bool(_))
            | (Self::Int, Data::Int(_, IntType::Int))
            | (Self::Int64, Data::Int(_, IntType::Int64)) => true,
            (Self::Dict, Data::Dict(dict)) => dict.type_name() != TEXT_MAP_TYPE,
            (Self::List, Data::List(list)) => list.element == ANY_TYPE,
            _ => false,
        }
    }

    fn takes_literal(self, literal: &OperandKind) -> bool {
        match self {
            Self::Any => true,
            Self::Text => matches!(literal, OperandKind::Text { .. }),
            Self::Bool => matches!(literal, OperandKind::Bool(_)),
            _ => false,
        }
    }

    fn literal_problem(self, operand: &Operand) -> String {
        match self {
            Self::Int | Self::Int64 => format!("expected integer; found {operand}"),
            Self::Float => format!("expected float; found {operand}"),
            Self::Text => format!("expected string; found {operand}"),
            Self::Bool => format!("expected bool; found {operand}"),
            _ => format!("can't handle {operand} for arg of type {}", self.type_name()),
        }
    }
}

/// What stands for an argument that was not given.
const NOTHING: &Value = &Value { data: Data::Nil, trace: Trace::NONE };

impl Call<'_> {
    /// An argument, or `nil` where there are fewer.
    pub(crate) fn argument(&self, index: usize) -> &Value {
        self.arguments.get(index).unwrap_or(NOTHING)
    }

    /// A text argument; the parameter's type has been checked.
    pub(crate) fn text(&self, index: usize) -> &str {
        self.argument(index).as_str().unwrap_or("")
    }

    /// A whole-number argument; the parameter's type has been checked.
    pub(crate) fn int(&self, index: usize) -> i64 {
        match self.argument(index).data {
            Data::Int(number, _) => number,
            _ => 0,
        }
    }

    /// A text argument with where its bytes came from.
    pub(crate) fn marked(&self, index: usize) -> (Text, Trace) {
        let value = self.argument(index);
        match &value.data {
            Data::Text(text) => (text.clone(), value.trace.clone()),
            _ => (Text::default(), value.trace.clone()),
        }
    }
}

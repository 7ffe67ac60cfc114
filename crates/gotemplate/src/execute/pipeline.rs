//! Pipelines, commands and operands.

use super::{Outcome, Site, State};
use crate::node::{Command, Operand, OperandKind, Pipe};
use crate::number::Number;
use crate::text::Text;
use crate::trace::Trace;
use crate::value::{Data, IntType, Value};
use smol_str::SmolStr;

impl<'n> State<'n> {
    /// The value of a pipeline. An empty interface becomes no value at all on the way, as in Go.
    pub(super) fn pipeline(&mut self, dot: &Value, pipe: &'n Pipe) -> Outcome<Value> {
        self.at(Site::Pipe(pipe));
        let mut value: Option<Value> = None;
        for command in &pipe.commands {
            let mut result = self.command(dot, command, value.take())?;
            if matches!(result.data, Data::Nil) {
                result.data = Data::Invalid;
            }
            value = Some(result);
        }
        let value = value.unwrap_or_default();
        for variable in &pipe.variables {
            if pipe.is_assignment {
                self.assign(variable, Value::clone(&value));
            } else {
                self.declare(SmolStr::clone(variable), Value::clone(&value));
            }
        }
        Ok(value)
    }

    /// A command; `last` is what the pipeline hands on.
    fn command(&mut self, dot: &Value, command: &'n Command, last: Option<Value>) -> Outcome<Value> {
        self.run.step()?;
        let Some((first, arguments)) = command.operands.split_first() else { return Ok(Value::default()) };
        match &first.kind {
            OperandKind::Field(names) => {
                self.at(Site::Operand(first));
                self.field_chain(dot, (first, Value::clone(dot)), names, (arguments, last))
            }
            OperandKind::Chain(inner, names) => {
                let value = self.chain_start(dot, first, inner)?;
                self.field_chain(dot, (first, value), names, (arguments, last))
            }
            OperandKind::Function(function) => {
                self.function(dot, (first, Some(command)), function, (arguments, last))
            }
            OperandKind::Pipe(pipe) => {
                self.no_arguments(first, arguments, last.as_ref())?;
                self.pipeline(dot, pipe)
            }
            OperandKind::Variable(names) => self.variable_command(dot, first, names, (arguments, last)),
            OperandKind::Nil => {
                self.at(Site::Operand(first));
                self.no_arguments(first, arguments, last.as_ref())?;
                self.fail("nil is not a command")
            }
            _ => {
                self.at(Site::Operand(first));
                self.no_arguments(first, arguments, last.as_ref())?;
                self.constant(dot, first)
            }
        }
    }

    fn variable_command(
        &mut self,
        dot: &Value,
        operand: &'n Operand,
        names: &'n [SmolStr],
        arguments: super::field::Arguments<'n>,
    ) -> Outcome<Value> {
        self.at(Site::Operand(operand));
        let value = self.variable_of(names);
        match names.get(1..) {
            None | Some([]) => {
                self.no_arguments(operand, arguments.0, arguments.1.as_ref())?;
                Ok(value)
            }
            Some(fields) => self.field_chain(dot, (operand, value), fields, arguments),
        }
    }

    fn no_arguments(&self, first: &Operand, arguments: &[Operand], last: Option<&Value>) -> Outcome<()> {
        if arguments.is_empty() && last.is_none() {
            return Ok(());
        }
        self.fail(format!("can't give argument to non-function {first}"))
    }

    fn chain_start(&mut self, dot: &Value, chain: &'n Operand, inner: &'n Operand) -> Outcome<Value> {
        self.at(Site::Operand(chain));
        if matches!(inner.kind, OperandKind::Nil) {
            return self.fail(format!("indirection through explicit nil in {chain}"));
        }
        self.operand(dot, inner)
    }

    fn variable_of(&self, names: &[SmolStr]) -> Value {
        names.first().and_then(|name| self.variable(name)).cloned().unwrap_or_default()
    }

    /// The value of an operand that is an argument.
    pub(super) fn operand(&mut self, dot: &Value, operand: &'n Operand) -> Outcome<Value> {
        self.at(Site::Operand(operand));
        match &operand.kind {
            OperandKind::Field(names) => {
                self.field_chain(dot, (operand, Value::clone(dot)), names, (&[], None))
            }
            OperandKind::Variable(names) => {
                let value = self.variable_of(names);
                self.field_chain(dot, (operand, value), names.get(1..).unwrap_or(&[]), (&[], None))
            }
            OperandKind::Chain(inner, names) => {
                let value = self.chain_start(dot, operand, inner)?;
                self.field_chain(dot, (operand, value), names, (&[], None))
            }
            OperandKind::Function(function) => self.function(dot, (operand, None), function, (&[], None)),
            OperandKind::Pipe(pipe) => self.pipeline(dot, pipe),
            _ => self.constant(dot, operand),
        }
    }

    fn constant(&self, dot: &Value, operand: &Operand) -> Outcome<Value> {
        let trace = self.literal(operand);
        let data = match &operand.kind {
            OperandKind::Dot => return Ok(Value::clone(dot)),
            OperandKind::Bool(value) => Data::Bool(*value),
            OperandKind::Number(number) => return self.number(number, trace),
            OperandKind::Text { text, .. } => Data::Text(Text::plain(text.as_str())),
            _ => Data::Nil,
        };
        Ok(Value::new(data, trace))
    }

    /// Where a literal stands.
    pub(super) fn literal(&self, operand: &Operand) -> Trace {
        self.template.source.literal(operand.start, operand.end)
    }

    /// A literal where nothing asks for a type of number.
    fn number(&self, number: &Number, trace: Trace) -> Outcome<Value> {
        match number.whole {
            _ if number.is_float() => Ok(Value::new(Data::Float(number.float), trace)),
            Some(whole) => Ok(Value::new(Data::Int(whole, IntType::Int), trace)),
            None => self.fail(format!("{} overflows int", number.written)),
        }
    }
}

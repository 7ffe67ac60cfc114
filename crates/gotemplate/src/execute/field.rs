//! Fields, keys and methods.

use super::{Outcome, Site, State};
use crate::node::Operand;
use crate::value::{Data, Dict, Object, TEXT_MAP_TYPE, Value};
use smol_str::SmolStr;

/// What stands behind a field, and what the pipeline hands on.
pub(super) type Arguments<'n> = (&'n [Operand], Option<Value>);

impl<'n> State<'n> {
    /// Follows `names` from a value; the arguments belong to the last.
    pub(super) fn field_chain(
        &mut self,
        dot: &Value,
        receiver: (&'n Operand, Value),
        names: &[SmolStr],
        arguments: Arguments<'n>,
    ) -> Outcome<Value> {
        let (operand, mut value) = receiver;
        let mut given = Some(arguments);
        for (index, name) in names.iter().enumerate() {
            let own = if index + 1 == names.len() { given.take() } else { None };
            value = self.field(dot, (operand, value, index > 0), name, own.unwrap_or((&[], None)))?;
        }
        Ok(value)
    }

    fn field(
        &mut self,
        dot: &Value,
        receiver: (&'n Operand, Value, bool),
        name: &SmolStr,
        arguments: Arguments<'n>,
    ) -> Outcome<Value> {
        let (operand, value, is_inner) = receiver;
        let has_arguments = !arguments.0.is_empty() || arguments.1.is_some();
        match &value.data {
            Data::Invalid => Ok(value),
            Data::Nil => self.fail(format!("nil pointer evaluating interface {{}}.{name}")),
            Data::Dict(_) if has_arguments => self.fail(format!("{name} is not a method but has arguments")),
            Data::Dict(dict) => Ok(key_of(dict, name, &value)),
            Data::Object(object) => self.method(dot, (operand, object.as_ref()), name, arguments),
            _ => {
                let kind = if is_inner { SmolStr::new_static("interface {}") } else { value.type_name() };
                self.fail(format!("can't evaluate field {name} in type {kind}"))
            }
        }
    }

    fn method(
        &mut self,
        dot: &Value,
        receiver: (&'n Operand, &dyn Object),
        name: &SmolStr,
        arguments: Arguments<'n>,
    ) -> Outcome<Value> {
        let (operand, object) = receiver;
        let mut values = Vec::with_capacity(arguments.0.len() + 1);
        for argument in arguments.0 {
            values.push(self.operand(dot, argument)?);
        }
        values.extend(arguments.1);
        self.run.work(object.weight())?;
        match object.call(name, &values) {
            Some(Ok(value)) => self.counted_result(value),
            Some(Err(message)) => {
                self.at(Site::Operand(operand));
                self.fail(format!("error calling {name}: {message}"))
            }
            None => self.fail(format!("can't evaluate field {name} in type {}", object.type_name())),
        }
    }
}

/// The value of a key; of a missing one, what Go calls the zero value.
fn key_of(dict: &Dict, name: &str, whole: &Value) -> Value {
    match dict.get(name) {
        Some(found) => found,
        None if dict.type_name() == TEXT_MAP_TYPE => Value::text("").from_trace(&whole.trace),
        None => Value::nil(),
    }
}

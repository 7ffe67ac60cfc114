//! From one type to another, as `spf13/cast` and Sprig do it, and questions about types.

use super::{Call, Function, MAX_WRITTEN_DEPTH, Parameter, fail};
use crate::execute::{Outcome, Run};
use crate::limits::BYTES_PER_STEP;
use crate::number::{parse_float, parse_int};
use crate::print::plain;
use crate::text::Text;
use crate::trace::Trace;
use crate::value::{Data, IntType, Value};

pub(super) const TABLE: &[Function] = &[
    Function::new("int", &[Parameter::Any], |call| Ok(Value::int(to_int(call.argument(0))))),
    Function::new("int64", &[Parameter::Any], |call| Ok(int64(to_int(call.argument(0))))),
    Function::new("float64", &[Parameter::Any], |call| Ok(Data::Float(to_float(call.argument(0))).into())),
    Function::new("atoi", &[Parameter::Text], |call| {
        Ok(Value::int(parse_int(call.text(0), 10).unwrap_or(0)))
    }),
    Function::new("toDecimal", &[Parameter::Any], to_decimal),
    Function::new("toString", &[Parameter::Any], |call| Ok(text_value(call.argument(0)))),
    Function::new("toStrings", &[Parameter::Any], |call| Ok(strings_value(call.argument(0)))),
    Function::new("typeOf", &[Parameter::Any], |call| Ok(Value::text(call.argument(0).type_name().as_str()))),
    Function::new("typeIs", &[Parameter::Text, Parameter::Any], |call| {
        Ok((call.text(0) == call.argument(1).type_name()).into())
    }),
    Function::new("typeIsLike", &[Parameter::Text, Parameter::Any], |call| {
        let name = call.argument(1).type_name();
        Ok((call.text(0) == name || name.strip_prefix('*') == Some(call.text(0))).into())
    }),
    Function::new("kindOf", &[Parameter::Any], |call| Ok(Value::text(call.argument(0).kind_name()))),
    Function::new("kindIs", &[Parameter::Text, Parameter::Any], |call| {
        Ok((call.text(0) == call.argument(1).kind_name()).into())
    }),
    Function::new("deepEqual", &[Parameter::Any, Parameter::Any], |call| {
        Ok(is_deeply_equal(call.run, (call.argument(0), call.argument(1)))?.into())
    }),
];

/// An `int64`.
pub(super) fn int64(number: i64) -> Value {
    Data::Int(number, IntType::Int64).into()
}

/// `cast.ToInt64`: what is no number is 0.
pub(super) fn to_int(value: &Value) -> i64 {
    match &value.data {
        Data::Int(number, _) => *number,
        Data::Float(number) => *number as i64,
        Data::Bool(flag) => i64::from(*flag),
        Data::Text(text) => parse_int(without_zero_decimals(text.as_str()), 0).unwrap_or(0),
        _ => 0,
    }
}

/// `cast.ToFloat64`.
pub(super) fn to_float(value: &Value) -> f64 {
    match &value.data {
        Data::Int(number, _) => *number as f64,
        Data::Float(number) => *number,
        Data::Bool(flag) => f64::from(u8::from(*flag)),
        Data::Text(text) => parse_float(text.as_str()).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// `8080.00` is a whole number to `cast`.
fn without_zero_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, decimals)) if !decimals.is_empty() && decimals.bytes().all(|digit| digit == b'0') => {
            whole
        }
        _ => text,
    }
}

fn to_decimal(call: &Call<'_>) -> Outcome<Value> {
    let text = plain(call.argument(0));
    match i64::from_str_radix(&text, 8) {
        Ok(number) => Ok(int64(number)),
        Err(_) => Ok(int64(0)),
    }
}

/// `fmt.Sprint` of one value; text stays itself.
pub(super) fn text_value(value: &Value) -> Value {
    match &value.data {
        Data::Text(_) => Value::clone(value),
        _ => Value::text(plain(value)).from_trace(&value.trace),
    }
}

/// The text of a value and where it came from.
pub(super) fn text_of(value: &Value) -> (Text, Trace) {
    match &value.data {
        Data::Text(text) => (text.clone(), value.trace.clone()),
        _ => (Text::plain(plain(value)), value.trace.clone()),
    }
}

/// A list as texts, without its empty interfaces; a single value as a list of one (Sprig, `strslice`).
pub(super) fn strings(value: &Value) -> Vec<Value> {
    match &value.data {
        Data::Nil | Data::Invalid => Vec::new(),
        Data::List(list) => list.items.iter().filter(|item| !item.is_nil()).map(text_value).collect(),
        _ => vec![text_value(value)],
    }
}

fn strings_value(value: &Value) -> Value {
    Value::typed_list(strings(value), "string").from_trace(&value.trace)
}

/// `reflect.DeepEqual`; counts what it compares.
pub(super) fn is_deeply_equal(run: &Run, values: (&Value, &Value)) -> Outcome<bool> {
    are_equal(run, values, 0)
}

fn are_equal(run: &Run, (left, right): (&Value, &Value), depth: usize) -> Outcome<bool> {
    run.step()?;
    let inner = |left: &Value, right: &Value| are_equal(run, (left, right), depth + 1);
    Ok(match (&left.data, &right.data) {
        // As in Go, a circle is equal to a circle.
        _ if depth > MAX_WRITTEN_DEPTH => true,
        (Data::Invalid | Data::Nil, Data::Invalid | Data::Nil) => true,
        (Data::Bool(left), Data::Bool(right)) => left == right,
        (Data::Int(left, first), Data::Int(right, second)) => left == right && first == second,
        (Data::Float(left), Data::Float(right)) => left == right,
        (Data::Text(left), Data::Text(right)) => {
            run.work(left.as_str().len() / BYTES_PER_STEP)?;
            left.as_str() == right.as_str()
        }
        (Data::Time(left), Data::Time(right)) => left == right,
        (Data::List(left), Data::List(right)) => {
            if left.element != right.element || left.items.len() != right.items.len() {
                return Ok(false);
            }
            for (left, right) in left.items.iter().zip(&right.items) {
                if !inner(left, right)? {
                    return Ok(false);
                }
            }
            true
        }
        (Data::Dict(left), Data::Dict(right)) if left.is(right) => true,
        (Data::Dict(left), Data::Dict(right)) => {
            if left.type_name() != right.type_name() || left.len() != right.len() {
                return Ok(false);
            }
            for ((key, left), (other, right)) in left.entries().iter().zip(right.entries().iter()) {
                if key != other || !inner(left, right)? {
                    return Ok(false);
                }
            }
            true
        }
        _ => false,
    })
}

/// The elements of a list argument, or an error in Sprig's words.
pub(super) fn list_argument<'v>(value: &'v Value, problem: &str) -> Outcome<&'v [Value]> {
    match value.as_list() {
        Some(items) => Ok(items),
        None if value.is_nil() => fail("runtime error: invalid memory address or nil pointer dereference"),
        None => fail(problem.replace("{}", value.kind_name())),
    }
}

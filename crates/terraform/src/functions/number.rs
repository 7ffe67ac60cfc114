//! Functions over numbers.

use super::{Call, Function, MANY, NUMBER, function};
use crate::value::number;
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("abs", (1, 1), NUMBER, |call| call.data(number(call.number(0)?.abs()))),
    function("ceil", (1, 1), NUMBER, |call| call.data(number(call.number(0)?.ceil()))),
    function("floor", (1, 1), NUMBER, |call| call.data(number(call.number(0)?.floor()))),
    function("log", (2, 2), NUMBER, |call| finite(call, call.number(0)?.ln() / call.number(1)?.ln())),
    function("pow", (2, 2), NUMBER, |call| finite(call, call.number(0)?.powf(call.number(1)?))),
    function("signum", (1, 1), NUMBER, signum),
    function("max", (1, MANY), NUMBER, |call| fold(call, f64::max)),
    function("min", (1, MANY), NUMBER, |call| fold(call, f64::min)),
    function("sum", (1, 1), NUMBER, sum),
    function("parseint", (2, 2), NUMBER, parse_integer),
];

fn finite(call: &Call<'_>, result: f64) -> Result<Value, String> {
    if result.is_finite() { call.data(number(result)) } else { Err(String::from("the result is no number")) }
}

fn signum(call: &Call<'_>) -> Result<Value, String> {
    let value = call.number(0)?;
    call.data(number(if value == 0.0 { 0.0 } else { value.signum() }))
}

fn fold(call: &Call<'_>, choose: fn(f64, f64) -> f64) -> Result<Value, String> {
    let mut result = call.number(0)?;
    for index in 1..call.arguments.len() {
        result = choose(result, call.number(index)?);
    }
    call.data(number(result))
}

fn sum(call: &Call<'_>) -> Result<Value, String> {
    let elements = call.list(0)?;
    if elements.is_empty() {
        return Err(String::from("the list must not be empty"));
    }
    let mut total = 0.0;
    for element in elements {
        total += crate::value::to_number(element).ok_or("all elements must be numbers")?;
    }
    call.data(number(total))
}

fn parse_integer(call: &Call<'_>) -> Result<Value, String> {
    let text = call.text(0)?;
    let base = u32::try_from(call.integer(1)?).ok().filter(|base| (2..=62).contains(base));
    let Some(base) = base else { return Err(String::from("the base must be between 2 and 62")) };
    // Above 36, digits continue with upper-case letters; only Terraform's big numbers know such bases.
    let parsed = if base <= 36 { i64::from_str_radix(&text, base).ok() } else { None };
    match parsed {
        Some(value) => call.data(Data::Integer(value)),
        None => Err(format!("`{text}` is no whole number in base {base}")),
    }
}

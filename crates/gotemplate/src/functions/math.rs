//! Sprig's arithmetic.

mod decimal;

use super::convert::{int64, to_float, to_int};
use super::{Call, Function, Parameter, fail};
use crate::execute::Outcome;
use crate::value::{Data, Value};

use Parameter::{Any, Float, Int};

pub(super) const TABLE: &[Function] = &[
    Function::variadic("add", &[], Any, |call| Ok(folded(call, i64::wrapping_add))),
    Function::new("add1", &[Any], |call| Ok(int64(to_int(call.argument(0)).wrapping_add(1)))),
    Function::new("sub", &[Any, Any], |call| {
        Ok(int64(to_int(call.argument(0)).wrapping_sub(to_int(call.argument(1)))))
    }),
    Function::variadic("mul", &[Any], Any, |call| Ok(folded(call, i64::wrapping_mul))),
    Function::new("div", &[Any, Any], |call| divided(call, i64::wrapping_div)),
    Function::new("mod", &[Any, Any], |call| divided(call, i64::wrapping_rem)),
    Function::variadic("addf", &[], Any, |call| decimal::fold(call, decimal::add)),
    Function::new("add1f", &[Any], |call| decimal::pair(to_float(call.argument(0)), 1.0, decimal::add)),
    Function::variadic("subf", &[Any], Any, |call| decimal::fold(call, decimal::subtract)),
    Function::variadic("mulf", &[Any], Any, |call| decimal::fold(call, decimal::multiply)),
    Function::variadic("divf", &[Any], Any, |call| decimal::fold(call, decimal::divide)),
    Function::variadic("max", &[Any], Any, |call| Ok(folded(call, i64::max))),
    Function::variadic("biggest", &[Any], Any, |call| Ok(folded(call, i64::max))),
    Function::variadic("min", &[Any], Any, |call| Ok(folded(call, i64::min))),
    Function::variadic("maxf", &[Any], Any, |call| Ok(folded_float(call, f64::max))),
    Function::variadic("minf", &[Any], Any, |call| Ok(folded_float(call, f64::min))),
    Function::new("ceil", &[Any], |call| Ok(float(to_float(call.argument(0)).ceil()))),
    Function::new("floor", &[Any], |call| Ok(float(to_float(call.argument(0)).floor()))),
    Function::variadic("round", &[Any, Int], Float, round),
];

fn float(number: f64) -> Value {
    Data::Float(number).into()
}

/// Go's arithmetic on `int64` wraps around.
fn folded(call: &Call<'_>, step: fn(i64, i64) -> i64) -> Value {
    int64(call.arguments.iter().map(to_int).reduce(step).unwrap_or(0))
}

fn folded_float(call: &Call<'_>, step: fn(f64, f64) -> f64) -> Value {
    float(call.arguments.iter().map(to_float).reduce(step).unwrap_or(0.0))
}

fn divided(call: &Call<'_>, step: fn(i64, i64) -> i64) -> Outcome<Value> {
    match to_int(call.argument(1)) {
        0 => fail("runtime error: integer divide by zero"),
        divisor => Ok(int64(step(to_int(call.argument(0)), divisor))),
    }
}

/// Rounds to so many decimals; from the third argument upwards, one half unless it is given.
fn round(call: &Call<'_>) -> Outcome<Value> {
    let turn = call.arguments.get(2).map_or(0.5, to_float);
    let power = 10f64.powi(i32::try_from(call.int(1)).unwrap_or(0));
    let shifted = power * to_float(call.argument(0));
    let rounded = if shifted.fract() >= turn { shifted.ceil() } else { shifted.floor() };
    Ok(float(rounded / power))
}

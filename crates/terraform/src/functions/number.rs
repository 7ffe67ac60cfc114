//! Functions over numbers.
//!
//! Terraform's numbers have 512 bits. Here they are 64-bit integers and floats: what would not be exact is not known,
//! rather than wrong.

use super::signature::{Function, any, function, number};
use super::{Call, LIST, Made, NUMBER, wrong};
use crate::value::{describe, to_number};
use proofmark_model::{Data, Known, ListKind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("abs", &[number("num")], NUMBER, |call| rounded(call, f64::abs)),
    function("ceil", &[number("num")], NUMBER, |call| rounded(call, f64::ceil)),
    function("floor", &[number("num")], NUMBER, |call| rounded(call, f64::floor)),
    function("log", &[number("num"), number("base")], NUMBER, |call| {
        float(call, call.number(0)?.ln() / call.number(1)?.ln())
    }),
    function("pow", &[number("num"), number("power")], NUMBER, |call| {
        float(call, call.number(0)?.powf(call.number(1)?))
    }),
    function("signum", &[number("num")], NUMBER, |call| call.data(Data::Integer(call.integer(0)?.signum()))),
    function("max", &[], NUMBER, |call| extreme(call, |best, other| other > best))
        .and_many(number("numbers")),
    function("min", &[], NUMBER, |call| extreme(call, |best, other| other < best))
        .and_many(number("numbers")),
    function("sum", &[any("list")], NUMBER, sum),
    function("parseint", &[any("number"), number("base")], NUMBER, parse_integer),
    function("range", &[], LIST, range).and_many(number("params")),
];

/// The most numbers that Terraform's own `range` makes.
const MAX_RANGE: usize = 1_024;

/// A whole number as a result, if it is one that is kept exactly.
fn whole(call: &Call<'_>, value: i128) -> Made {
    match i64::try_from(value) {
        Ok(value) => call.data(Data::Integer(value)),
        Err(_) => too_large(call),
    }
}

fn too_large(call: &Call<'_>) -> Made {
    let known = Known { shape: NUMBER, is_set: true, ..Known::default() };
    call.because("the whole number is beyond 64 bits", known)
}

/// The result of floating-point arithmetic, which is Terraform's own for `log` and `pow`.
#[allow(clippy::cast_possible_truncation, reason = "the value is whole and within the range")]
fn float(call: &Call<'_>, value: f64) -> Made {
    if value.is_nan() {
        return wrong("the result is no number");
    }
    if value.is_infinite() {
        let known = Known { shape: NUMBER, is_set: true, ..Known::default() };
        return call.because("the result is infinite", known);
    }
    let is_exact = value.fract() == 0.0 && value.abs() < 9.0e15;
    call.data(if is_exact { Data::Integer(value as i64) } else { Data::Float(value) })
}

fn rounded(call: &Call<'_>, change: fn(f64) -> f64) -> Made {
    match call.argument(0)?.data {
        Data::Integer(value) if change(-1.0) > 0.0 => whole(call, i128::from(value).abs()),
        Data::Integer(value) => call.data(Data::Integer(value)),
        _ => float(call, change(call.number(0)?)),
    }
}

fn extreme(call: &Call<'_>, is_better: fn(f64, f64) -> bool) -> Made {
    let mut numbers = call.arguments.iter();
    let Some(mut best) = numbers.next() else { return wrong("at least one number is required") };
    for other in numbers {
        let pair = (to_number(best).unwrap_or_default(), to_number(other).unwrap_or_default());
        if is_better(pair.0, pair.1) {
            best = other;
        }
    }
    call.data(Data::clone(&best.data))
}

fn sum(call: &Call<'_>) -> Made {
    let elements = call.list(0)?;
    if elements.is_empty() {
        return wrong("the list must not be empty");
    }
    let mut total = Some(0_i128);
    let mut approximate = 0.0;
    for element in elements {
        let value = to_number(element)
            .ok_or_else(|| format!("all elements must be numbers, and one is {}", describe(element)))?;
        approximate += value;
        total = match (total, whole_of(element)) {
            (Some(total), Some(value)) => total.checked_add(i128::from(value)),
            _ => None,
        };
    }
    match total {
        Some(total) => whole(call, total),
        None => call.data(crate::value::number(approximate)),
    }
}

fn whole_of(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Integer(value) => Some(*value),
        Data::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn parse_integer(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let Some(text) = value.as_str() else {
        return wrong(format!("`number` must be a string, and it is {}", describe(value)));
    };
    let base = u32::try_from(call.integer(1)?).ok().filter(|base| (2..=62).contains(base));
    let Some(base) = base else { return wrong("`base` must be between 2 and 62") };
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let Some(values) = digits.chars().map(|digit| digit_value(digit, base)).collect::<Option<Vec<u32>>>()
    else {
        return wrong(format!("`{text}` is no whole number in base {base}"));
    };
    if values.is_empty() {
        return wrong(format!("`{text}` is no whole number in base {base}"));
    }
    let mut total = Some(0_i128);
    for value in values {
        total = total.and_then(|total| total.checked_mul(i128::from(base))?.checked_add(i128::from(value)));
    }
    match total {
        Some(total) => whole(call, if is_negative { -total } else { total }),
        None => too_large(call),
    }
}

/// The value of a digit. Up to base 36 both cases are the same; above, capitals follow the small letters.
fn digit_value(digit: char, base: u32) -> Option<u32> {
    let value = match digit {
        'A'..='Z' if base > 36 => u32::from(digit) - u32::from('A') + 36,
        _ => digit.to_digit(36)?,
    };
    (value < base).then_some(value)
}

fn range(call: &Call<'_>) -> Made {
    let (start, end, step) = match call.arguments.len() {
        1 => (0.0, call.number(0)?, None),
        2 => (call.number(0)?, call.number(1)?, None),
        3 => (call.number(0)?, call.number(1)?, Some(call.number(2)?)),
        _ => return wrong("one, two or three numbers are required"),
    };
    let step = step.unwrap_or(if start <= end { 1.0 } else { -1.0 });
    if (step > 0.0 && start > end) || (step < 0.0 && start < end) {
        return wrong("the step leads away from the end");
    }
    let mut elements = Vec::new();
    let mut current = start;
    while if step < 0.0 { current > end } else { current < end } {
        if elements.len() >= MAX_RANGE {
            return wrong(format!("more than {MAX_RANGE} numbers are asked for"));
        }
        elements.push(Value::new(crate::value::number(current), call.span));
        current += step;
    }
    call.elements(ListKind::List, elements)
}

//! Decimal arithmetic, as `shopspring/decimal` does it for the functions with an `f`: 0.1 and 0.2 make 0.3.

use super::super::convert::to_float;
use super::super::{Call, fail};
use crate::execute::Outcome;
use crate::value::{Data, Value};

/// `digits` × 10 to the power of minus `scale`.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    digits: i128,
    scale: u32,
}

/// How many decimals a quotient keeps (`DivisionPrecision`).
const DIVISION_SCALE: u32 = 16;

/// What an operation gives: nothing beyond 38 digits.
type Operation = fn(Decimal, Decimal) -> Option<Decimal>;

/// Applies an operation from left to right.
pub(super) fn fold(call: &Call<'_>, step: Operation) -> Outcome<Value> {
    let mut numbers = call.arguments.iter().map(to_float);
    let mut result = numbers.next().unwrap_or(0.0);
    let mut exact = Decimal::parse(result);
    for number in numbers {
        let next = exact.zip(Decimal::parse(number)).map(|(left, right)| step(left, right));
        match next {
            Some(Some(decimal)) => {
                exact = Some(decimal);
                result = decimal.to_float();
            }
            _ => return fail("decimal division by 0"),
        }
    }
    Ok(Data::Float(result).into())
}

/// Applies an operation to two numbers.
pub(super) fn pair(left: f64, right: f64, step: Operation) -> Outcome<Value> {
    let exact = Decimal::parse(left).zip(Decimal::parse(right)).and_then(|(left, right)| step(left, right));
    Ok(Data::Float(exact.map_or(left + right, Decimal::to_float)).into())
}

pub(super) fn add(left: Decimal, right: Decimal) -> Option<Decimal> {
    let (left, right) = aligned(left, right)?;
    Some(Decimal { digits: left.digits.checked_add(right.digits)?, scale: left.scale })
}

pub(super) fn subtract(left: Decimal, right: Decimal) -> Option<Decimal> {
    add(left, Decimal { digits: right.digits.checked_neg()?, scale: right.scale })
}

pub(super) fn multiply(left: Decimal, right: Decimal) -> Option<Decimal> {
    Some(Decimal { digits: left.digits.checked_mul(right.digits)?, scale: left.scale + right.scale })
}

pub(super) fn divide(left: Decimal, right: Decimal) -> Option<Decimal> {
    if right.digits == 0 {
        return None;
    }
    // One digit more than is kept decides how the last is rounded.
    let wanted = DIVISION_SCALE + 1 + right.scale;
    let shifted = left.rescaled(wanted.max(left.scale))?;
    let digits = shifted.digits.checked_div(right.digits)?;
    let scale = shifted.scale.checked_sub(right.scale)?;
    let drop = 10i128.checked_pow(scale.checked_sub(DIVISION_SCALE)?)?;
    let rounded = (digits + digits.signum() * (drop / 2)) / drop;
    Some(Decimal { digits: rounded, scale: DIVISION_SCALE })
}

fn aligned(left: Decimal, right: Decimal) -> Option<(Decimal, Decimal)> {
    let scale = left.scale.max(right.scale);
    Some((left.rescaled(scale)?, right.rescaled(scale)?))
}

impl Decimal {
    /// The shortest decimal that reads back as the number.
    fn parse(number: f64) -> Option<Self> {
        let text = format!("{number}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, scale: u32::try_from(fraction.len()).ok()? })
    }

    fn rescaled(self, scale: u32) -> Option<Self> {
        let factor = 10i128.checked_pow(scale.checked_sub(self.scale)?)?;
        Some(Self { digits: self.digits.checked_mul(factor)?, scale })
    }

    fn to_float(self) -> f64 {
        format!("{}e-{}", self.digits, self.scale).parse().unwrap_or(0.0)
    }
}

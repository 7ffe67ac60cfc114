//! Operators, with what they say about values that are not known.

use crate::evaluator::{Eval, Fault};
use crate::expression::is_set;
use crate::value::{computed, describe, is_wholly_known, number, to_bool, to_number, unknown_from};
use proofmark_hcl::{BinaryOperator, UnaryOperator};
use proofmark_model::{Data, Shape, Value};
use proofmark_source::Span;

/// An operator before its operand.
pub(crate) fn unary(operator: UnaryOperator, operand: &Value, span: Span) -> Eval {
    if operand.as_unknown().is_some() {
        let shape = if operator == UnaryOperator::Not { Shape::Bool } else { Shape::Number };
        return Ok(unknown_from(Some(shape), span, &[operand]));
    }
    let data = match operator {
        UnaryOperator::Not => to_bool(operand).map(|value| Data::Bool(!value)),
        UnaryOperator::Negate => match operand.data {
            Data::Integer(value) => Some(whole(value.checked_neg())),
            _ => to_number(operand).map(|value| number(-value)),
        },
    };
    let wanted = if operator == UnaryOperator::Not { "bool" } else { "number" };
    match data {
        Some(data) => Ok(computed(data, span, &[operand])),
        None => Err(Fault::new(span, format!("a {wanted} is required, and this is {}", describe(operand)))),
    }
}

/// An operator between two operands.
pub(crate) fn binary(operator: BinaryOperator, left: &Value, right: &Value, span: Span) -> Eval {
    use BinaryOperator as Op;
    match operator {
        Op::Equal | Op::NotEqual => {
            let Some(equal) = equality(left, right) else {
                return Ok(unknown_from(Some(Shape::Bool), span, &[left, right]));
            };
            Ok(computed(Data::Bool(equal == (operator == Op::Equal)), span, &[left, right]))
        }
        Op::And | Op::Or => logical(operator, left, right, span),
        _ => arithmetic(operator, left, right, span),
    }
}

/// Whether two values are equal; `None` where that is not known.
pub(crate) fn equality(left: &Value, right: &Value) -> Option<bool> {
    match (&left.data, &right.data) {
        (Data::Null, Data::Null) => Some(true),
        (Data::Null, _) if is_set(right) => Some(false),
        (_, Data::Null) if is_set(left) => Some(false),
        (Data::Unknown(unknown), Data::String(text)) | (Data::String(text), Data::Unknown(unknown)) => {
            let prefix = unknown.known.prefix.as_ref()?;
            (!text.starts_with(prefix.as_str())).then_some(false)
        }
        (Data::Unknown(_), _) | (_, Data::Unknown(_)) => None,
        (Data::Integer(a), Data::Integer(b)) => Some(a == b),
        (Data::Integer(_) | Data::Float(_), Data::Integer(_) | Data::Float(_)) => {
            Some(to_number(left) == to_number(right))
        }
        (Data::List(a), Data::List(b)) => {
            // Values of different types are never equal, and these are types of their own.
            if a.len() != b.len() || a.kind() != b.kind() {
                return Some(false);
            }
            all_equal(a.iter().zip(b.iter()))
        }
        (Data::Map(a), Data::Map(b)) => {
            if a.unknown_rest.is_some() || b.unknown_rest.is_some() {
                return None;
            }
            let names_differ = a.kind != b.kind
                || a.entries().len() != b.entries().len()
                || a.entries().iter().zip(b.entries()).any(|(a, b)| a.name != b.name);
            if names_differ {
                return Some(false);
            }
            all_equal(a.entries().iter().zip(b.entries()).map(|(a, b)| (&a.value, &b.value)))
        }
        _ => Some(left.data == right.data),
    }
}

fn all_equal<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<bool> {
    let mut result = Some(true);
    for (a, b) in pairs {
        match equality(a, b) {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

fn logical(operator: BinaryOperator, left: &Value, right: &Value, span: Span) -> Eval {
    let decides = operator == BinaryOperator::Or;
    for operand in [left, right] {
        if to_bool(operand) == Some(decides) {
            return Ok(computed(Data::Bool(decides), span, &[left, right]));
        }
        if operand.as_unknown().is_none() && to_bool(operand).is_none() {
            return Err(Fault::new(span, format!("a bool is required, and this is {}", describe(operand))));
        }
    }
    if is_wholly_known(left) && is_wholly_known(right) {
        return Ok(computed(Data::Bool(!decides), span, &[left, right]));
    }
    Ok(unknown_from(Some(Shape::Bool), span, &[left, right]))
}

fn arithmetic(operator: BinaryOperator, left: &Value, right: &Value, span: Span) -> Eval {
    use BinaryOperator as Op;
    let is_order = matches!(operator, Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual);
    if left.as_unknown().is_some() || right.as_unknown().is_some() {
        let shape = if is_order { Shape::Bool } else { Shape::Number };
        return Ok(unknown_from(Some(shape), span, &[left, right]));
    }
    let operand = |value: &Value| {
        to_number(value)
            .ok_or_else(|| Fault::new(span, format!("a number is required, and this is {}", describe(value))))
    };
    let (a, b) = (operand(left)?, operand(right)?);
    if matches!(operator, Op::Divide | Op::Modulo) && b == 0.0 {
        return Err(Fault::new(span, "division by zero"));
    }
    let data = match (&left.data, &right.data) {
        (Data::Integer(a), Data::Integer(b)) => exact(operator, *a, *b),
        _ => None,
    };
    let data = data.unwrap_or_else(|| match operator {
        Op::Plus => number(a + b),
        Op::Minus => number(a - b),
        Op::Times => number(a * b),
        Op::Divide => number(a / b),
        Op::Modulo => number(a % b),
        Op::Less => Data::Bool(a < b),
        Op::LessEqual => Data::Bool(a <= b),
        Op::Greater => Data::Bool(a > b),
        _ => Data::Bool(a >= b),
    });
    Ok(computed(data, span, &[left, right]))
}

/// What whole numbers make without rounding; `None` for a quotient that is none.
fn exact(operator: BinaryOperator, a: i64, b: i64) -> Option<Data> {
    use BinaryOperator as Op;
    Some(match operator {
        Op::Plus => whole(a.checked_add(b)),
        Op::Minus => whole(a.checked_sub(b)),
        Op::Times => whole(a.checked_mul(b)),
        Op::Modulo => whole(a.checked_rem(b)),
        Op::Divide if a.checked_rem(b) == Some(0) => whole(a.checked_div(b)),
        Op::Less => Data::Bool(a < b),
        Op::LessEqual => Data::Bool(a <= b),
        Op::Greater => Data::Bool(a > b),
        Op::GreaterEqual => Data::Bool(a >= b),
        _ => return None,
    })
}

/// A whole number, or nothing known where 64 bits do not hold it.
fn whole(value: Option<i64>) -> Data {
    value.map_or_else(crate::value::beyond_64_bits, Data::Integer)
}

//! Operators.

use super::Run;
use crate::compare::{self, Order, mismatch};
use crate::item::{Item, List, ListView, View, rest_of};
use crate::truth::Truth;
use proofmark_model::SmolStr;
use proofmark_rules::{BinaryOperator, Expr, ExprKind};
use std::cmp::Ordering;
use std::sync::Arc;

impl<'a> Run<'a> {
    pub(super) fn binary(&mut self, operator: BinaryOperator, left: &'a Expr, right: &'a Expr) -> Item<'a> {
        match operator {
            BinaryOperator::And => self.logic(false, left, right).into_item(),
            BinaryOperator::Or => self.logic(true, left, right).into_item(),
            BinaryOperator::Equal => self.equality(left, right).into_item(),
            BinaryOperator::NotEqual => self.equality(left, right).negate().into_item(),
            BinaryOperator::In => self.membership(left, right).into_item(),
            BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => {
                let (left, right) = (self.evaluate(left), self.evaluate(right));
                let order = compare::order(left.view(), right.view(), self.is_lenient());
                decide_order(operator, order).into_item()
            }
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Remainder => {
                let (left, right) = (self.evaluate(left), self.evaluate(right));
                arithmetic(operator, &left, &right, self.is_lenient())
            }
        }
    }

    /// `&&` and `||`, which are mirror images: `decisive` is the value of one side that settles the whole. Kept are the
    /// reads of the side that settled it; of both where neither did.
    fn logic(&mut self, decisive: bool, left: &'a Expr, right: &'a Expr) -> Truth {
        let start = self.reads.len();
        let left = self.truth(left);
        if left.is(decisive) {
            return left;
        }
        let middle = self.reads.len();
        let right = self.truth(right);
        match (&left, &right) {
            (_, right_truth) if right_truth.is(decisive) => {
                self.forget(start, middle);
                right
            }
            (Truth::Unknown(_), Truth::Unknown(_)) => left,
            (Truth::Unknown(_), _) => {
                self.reads.truncate(middle);
                left
            }
            (_, Truth::Unknown(_)) => {
                self.forget(start, middle);
                right
            }
            _ => left,
        }
    }

    fn equality(&mut self, left: &'a Expr, right: &'a Expr) -> Truth {
        let (left, right) = (self.evaluate(left), self.evaluate(right));
        compare::equal(left.view(), right.view(), self.is_lenient())
    }

    /// `element in list`, `key in map`.
    fn membership(&mut self, element: &'a Expr, container: &'a Expr) -> Truth {
        let element = self.evaluate(element);
        let is_lenient = self.is_lenient();
        // A list of constants, by far the most frequent, is not built.
        if let ExprKind::List(candidates) = &container.kind {
            let mut result = Truth::False;
            for candidate in candidates {
                let candidate = self.evaluate(candidate);
                result = Truth::any([result, compare::equal(element.view(), candidate.view(), is_lenient)]);
                if result.is(true) {
                    break;
                }
            }
            return result;
        }
        let container = self.evaluate(container);
        contains(container.view(), element.view(), is_lenient)
    }

    pub(super) fn negative(&mut self, inner: &'a Expr) -> Item<'a> {
        let item = self.evaluate(inner);
        arithmetic(BinaryOperator::Subtract, &Item::Integer(0), &item, self.is_lenient())
    }
}

/// Whether a list holds an element, or a map a key.
pub(crate) fn contains(container: View<'_, '_>, element: View<'_, '_>, is_lenient: bool) -> Truth {
    match (container, element) {
        (View::Absent, _) => Truth::False,
        (View::Unknown(unknown), _) => Truth::Unknown(Arc::clone(unknown)),
        (View::List(list), element) => {
            let found =
                Truth::any(list.iter().map(|candidate| compare::equal(candidate, element, is_lenient)));
            match (found, list.open()) {
                (Truth::False, Some(open)) => Truth::Unknown(Arc::clone(open)),
                (found, _) => found,
            }
        }
        (View::Map(_), View::Absent) => Truth::False,
        (View::Map(_), View::Unknown(unknown)) => Truth::Unknown(Arc::clone(unknown)),
        (View::Map(map), View::Text(key)) => match (map.get(key), map.open()) {
            (Some(_), _) => Truth::True,
            (None, Some(open)) => Truth::Unknown(Arc::clone(open)),
            (None, None) => Truth::False,
        },
        (container, element) => Truth::Unknown(mismatch("use `in` with", element, container)),
    }
}

fn decide_order(operator: BinaryOperator, order: Order) -> Truth {
    let holds = |order: Ordering| match operator {
        BinaryOperator::Less => order.is_lt(),
        BinaryOperator::LessOrEqual => order.is_le(),
        BinaryOperator::Greater => order.is_gt(),
        _ => order.is_ge(),
    };
    match order {
        Order::Known(order) => Truth::from(holds(order)),
        Order::None => Truth::False,
        Order::Unknown(unknown) => Truth::Unknown(unknown),
        // Between two bounds an order comparison is decided where both agree.
        Order::Bounds { least, most, unknown } => match (holds(least), holds(most)) {
            (true, true) => Truth::True,
            (false, false) => Truth::False,
            _ => Truth::Unknown(unknown),
        },
    }
}

fn arithmetic<'a>(operator: BinaryOperator, left: &Item<'a>, right: &Item<'a>, is_lenient: bool) -> Item<'a> {
    match (left.view(), right.view()) {
        (View::Absent, _) | (_, View::Absent) => Item::Absent,
        (View::Unknown(unknown), _) | (_, View::Unknown(unknown)) => Item::Unknown(Arc::clone(unknown)),
        (View::Between(.., unknown), _) | (_, View::Between(.., unknown)) => {
            Item::Unknown(Arc::clone(unknown))
        }
        (View::Integer(left), View::Integer(right)) => whole(operator, left, right),
        (View::Text(left), View::Text(right)) if operator == BinaryOperator::Add => {
            let mut text = String::with_capacity(left.len() + right.len());
            text.push_str(left);
            text.push_str(right);
            Item::Text(SmolStr::from(text))
        }
        (View::List(_), View::List(_)) if operator == BinaryOperator::Add => concatenate(left, right),
        (left, right) => match compare::number(left, is_lenient).zip(compare::number(right, is_lenient)) {
            Some((left, right)) => fractional(operator, left, right),
            None => Item::Unknown(mismatch("calculate with", left, right)),
        },
    }
}

fn whole<'a>(operator: BinaryOperator, left: i64, right: i64) -> Item<'a> {
    let result = match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    };
    result.map_or_else(|| Item::unknown("a calculation divides by zero or leaves 64 bits"), Item::Integer)
}

fn fractional<'a>(operator: BinaryOperator, left: f64, right: f64) -> Item<'a> {
    let result = match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::Divide => left / right,
        _ => left % right,
    };
    if result.is_finite() {
        Item::Float(result)
    } else {
        Item::unknown("a calculation divides by zero or is too large")
    }
}

/// Two lists in one. The elements keep their values, not their places: a joined list has none.
fn concatenate<'a>(left: &Item<'a>, right: &Item<'a>) -> Item<'a> {
    let mut joined = List::default();
    for side in [left, right] {
        match side {
            Item::List(list) => {
                joined.elements.extend(list.elements.iter().cloned());
                joined.open = joined.open.or_else(|| list.open.as_ref().map(Arc::clone));
            }
            Item::Place(place) => {
                let elements = place.value.as_list().unwrap_or(&[]);
                let rest = rest_of(elements);
                joined.open = joined.open.or_else(|| rest.cloned());
                let elements = elements.iter().take(elements.len() - usize::from(rest.is_some()));
                joined.elements.extend(elements.map(|value| {
                    let is_sensitive = place.is_sensitive || value.is_sensitive;
                    let home = value.as_map().and_then(|map| map.header).unwrap_or(place.home);
                    Item::Place(crate::item::Place {
                        value,
                        attribute: None,
                        path: place.path,
                        home,
                        is_sensitive,
                    })
                }));
            }
            _ => {}
        }
    }
    Item::List(Arc::new(joined))
}

/// The view of a list, for functions that go through one.
pub(crate) fn as_list<'v, 'a>(item: &'v Item<'a>) -> Option<ListView<'v, 'a>> {
    match item.view() {
        View::List(list) => Some(list),
        _ => None,
    }
}

//! Equality and order, with absent, unknown and the spellings of lenient formats.

use crate::item::{ListView, MapView, View};
use crate::truth::Truth;
use crate::version::Version;
use proofmark_model::{SmolStr, Unknown};
use smol_str::format_smolstr;
use std::cmp::Ordering;
use std::sync::Arc;

/// How two values stand to each other.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    Known(Ordering),
    /// One of them is absent, or not a number: every order comparison is false.
    None,
    /// The left one is a number between two bounds.
    Bounds {
        least: Ordering,
        most: Ordering,
        unknown: Arc<Unknown>,
    },
    Unknown(Arc<Unknown>),
}

/// Whether two values are equal.
pub(crate) fn equal(left: View<'_, '_>, right: View<'_, '_>, is_lenient: bool) -> Truth {
    use View::{Absent, Between, Bool, Float, Integer, List, Map, Text};
    match (left, right) {
        (View::Unknown(left), View::Unknown(right)) if is_same(left, right) => Truth::True,
        (View::Unknown(unknown), other) | (other, View::Unknown(unknown)) => equal_unknown(unknown, other),
        (Absent, Absent) => Truth::True,
        (Absent, _) | (_, Absent) => Truth::False,
        (Between(least, most, unknown), other) | (other, Between(least, most, unknown)) => match other {
            Integer(value) if value < least || value > most => Truth::False,
            Integer(value) if least == most => Truth::from(value == least),
            _ => Truth::Unknown(Arc::clone(unknown)),
        },
        (Bool(left), Bool(right)) => Truth::from(left == right),
        (Integer(left), Integer(right)) => Truth::from(left == right),
        (Text(left), Text(right)) => Truth::from(left == right),
        (Integer(_) | Float(_), Integer(_) | Float(_)) => Truth::from(
            number(left, false).zip(number(right, false)).is_some_and(|(left, right)| left == right),
        ),
        (View::Version(version), other) | (other, View::Version(version)) => {
            Truth::from(as_version(other).is_some_and(|other| version.cmp(&other).is_eq()))
        }
        (Text(text), Bool(value)) | (Bool(value), Text(text)) if is_lenient => {
            Truth::from(text == if value { "true" } else { "false" })
        }
        (Text(_), Integer(_) | Float(_)) | (Integer(_) | Float(_), Text(_)) if is_lenient => Truth::from(
            number(left, true).zip(number(right, true)).is_some_and(|(left, right)| left == right),
        ),
        (List(left), List(right)) => equal_lists(left, right, is_lenient),
        (Map(left), Map(right)) => equal_maps(left, right, is_lenient),
        _ => Truth::False,
    }
}

/// Whether two unknown values are one and the same.
fn is_same(left: &Unknown, right: &Unknown) -> bool {
    left.known.identity.is_some() && left.known.identity == right.known.identity
}

/// What is known of an unknown value may decide that it differs.
fn equal_unknown(unknown: &Arc<Unknown>, other: View<'_, '_>) -> Truth {
    let known = &unknown.known;
    let differs = match other {
        View::Absent => is_set(unknown),
        View::Text(text) => {
            let length = text.chars().count() as u64;
            known.prefix.as_ref().is_some_and(|prefix| !text.starts_with(prefix.as_str()))
                || known.suffix().is_some_and(|suffix| !text.ends_with(suffix))
                || outside(unknown, length)
        }
        View::List(list) if list.open().is_none() => outside(unknown, list.len() as u64),
        _ => false,
    };
    if differs { Truth::False } else { Truth::Unknown(Arc::clone(unknown)) }
}

/// Whether an unknown value is certainly there.
pub(crate) fn is_set(unknown: &Unknown) -> bool {
    unknown.known.is_set
        || unknown.known.prefix.is_some()
        || unknown.known.min_length.is_some_and(|length| length > 0)
}

fn outside(unknown: &Unknown, length: u64) -> bool {
    let known = &unknown.known;
    known.min_length.is_some_and(|least| length < least) || known.max_length.is_some_and(|most| length > most)
}

fn equal_lists(left: ListView<'_, '_>, right: ListView<'_, '_>, is_lenient: bool) -> Truth {
    if let Some(open) = left.open().or(right.open()) {
        return Truth::Unknown(Arc::clone(open));
    }
    if left.len() != right.len() {
        return Truth::False;
    }
    Truth::all(left.iter().zip(right.iter()).map(|(left, right)| equal(left, right, is_lenient)))
}

fn equal_maps(left: MapView<'_, '_>, right: MapView<'_, '_>, is_lenient: bool) -> Truth {
    let open = left.open().or(right.open());
    if open.is_none() && left.len() != right.len() {
        return Truth::False;
    }
    let entries = (0..left.len()).filter_map(|index| {
        let key = left.key(index)?;
        Some(match (left.get(key), right.get(key), right.open()) {
            (Some(left), Some(right), _) => equal(left, right, is_lenient),
            (_, _, Some(open)) => Truth::Unknown(Arc::clone(open)),
            _ => Truth::False,
        })
    });
    match (Truth::all(entries), open) {
        (Truth::True, Some(open)) => Truth::Unknown(Arc::clone(open)),
        (truth, _) => truth,
    }
}

/// How two values are ordered.
pub(crate) fn order(left: View<'_, '_>, right: View<'_, '_>, is_lenient: bool) -> Order {
    use View::{Absent, Between, Integer, Text};
    match (left, right) {
        (Absent, _) | (_, Absent) => Order::None,
        (View::Unknown(unknown), _) | (_, View::Unknown(unknown)) => Order::Unknown(Arc::clone(unknown)),
        (Integer(left), Integer(right)) => Order::Known(left.cmp(&right)),
        (Between(least, most, unknown), Integer(right)) => {
            Order::Bounds { least: least.cmp(&right), most: most.cmp(&right), unknown: Arc::clone(unknown) }
        }
        (Integer(left), Between(least, most, unknown)) => {
            Order::Bounds { least: left.cmp(&most), most: left.cmp(&least), unknown: Arc::clone(unknown) }
        }
        (Between(.., unknown), _) | (_, Between(.., unknown)) => Order::Unknown(Arc::clone(unknown)),
        (Text(left), Text(right)) => Order::Known(left.cmp(right)),
        (View::Version(version), other) => order_version(version, other, left),
        (other, View::Version(version)) => match order_version(version, other, left) {
            Order::Known(order) => Order::Known(order.reverse()),
            order => order,
        },
        _ => match number(left, is_lenient).zip(number(right, is_lenient)) {
            Some((left, right)) => left.partial_cmp(&right).map_or(Order::None, Order::Known),
            None => Order::Unknown(mismatch("compare", left, right)),
        },
    }
}

fn order_version(version: &Version, other: View<'_, '_>, left: View<'_, '_>) -> Order {
    match as_version(other) {
        Some(other) => Order::Known(version.cmp(&other)),
        None => Order::Unknown(mismatch("compare", left, other)),
    }
}

fn as_version(view: View<'_, '_>) -> Option<Version> {
    match view {
        View::Version(version) => Some(version.clone()),
        View::Text(text) => Version::parse(text),
        View::Integer(number) => Version::parse(&number.to_string()),
        View::Float(number) => Version::parse(&number.to_string()),
        _ => None,
    }
}

/// The number that a value is, or that its text stands for where the format does not tell the two apart.
pub(crate) fn number(view: View<'_, '_>, is_lenient: bool) -> Option<f64> {
    match view {
        #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 settings do not differ by one")]
        View::Integer(value) => Some(value as f64),
        View::Float(value) => Some(value),
        View::Text(text) if is_lenient => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// Why an operation cannot be done with values of these types: the input is odd, or the rule is.
pub(crate) fn mismatch(operation: &str, left: View<'_, '_>, right: View<'_, '_>) -> Arc<Unknown> {
    let (left, right) = (left.type_name(), right.type_name());
    Arc::new(Unknown::because(rule_problem(&format!("the rule cannot {operation} {left} and {right}"))))
}

/// A reason for what the rule did not expect: either the file is odd, or the rule is wrong.
pub(crate) fn rule_problem(problem: &str) -> SmolStr {
    format_smolstr!("{problem}; if the file is right, please report this rule")
}

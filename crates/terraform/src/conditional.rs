//! Conditionals: both sides get one type, and what one may be whose condition is not known.

use crate::conversion::convert_plain;
use crate::evaluator::{Eval, Evaluator, Fault};
use crate::expression::is_set;
use crate::limits::MAX_LEVELS;
use crate::operators::equality;
use crate::scope::Scope;
use crate::types::{Type, unify};
use crate::value::{
    computed, describe, has_sensitive, is_wholly_known, placed, shape_of, to_bool, unknown_from,
};
use proofmark_hcl::Expr;
use proofmark_model::{Attribute, Data, Elements, Known, ListKind, Map, SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::sync::Arc;

impl<'r> Evaluator<'r> {
    /// The value of `condition ? then : otherwise`.
    ///
    /// Terraform evaluates both sides, because the type of the result depends on both; an error in the side that is not
    /// taken does not count.
    pub fn conditional(&self, parts: &[Expr; 3], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let [condition, then, otherwise] = parts;
        let decided = self.evaluate(condition, scope)?;
        if decided.as_unknown().is_some() {
            let then = self.caught(|| self.evaluate(then, scope)).ok();
            let otherwise = self.caught(|| self.evaluate(otherwise, scope)).ok();
            return Ok(undecided(&decided, then, otherwise, span));
        }
        let Some(holds) = to_bool(&decided) else {
            let message = format!("a condition must be true or false, and this is {}", describe(&decided));
            return Err(Fault::new(condition.span, message));
        };
        let (chosen, other) = if holds { (then, otherwise) } else { (otherwise, then) };
        let mut value = self.evaluate(chosen, scope)?;
        value.is_sensitive |= decided.is_sensitive;
        if let Ok(other) = self.caught(|| self.evaluate(other, scope)) {
            value = beside(value, &other, span)?;
            // Which side was taken would tell of the other, to Terraform too.
            value.is_sensitive |= other.is_sensitive;
        }
        Ok(placed(value, span))
    }
}

/// The value in the type that it and the other one can both become.
fn beside(value: Value, other: &Value, span: Span) -> Eval {
    let is_same_scalar = match (&value.data, &other.data) {
        (Data::Null, _) | (_, Data::Null) => true,
        (Data::List(_) | Data::Map(_), _) => false,
        _ => shape_of(&value).is_some() && shape_of(&value) == shape_of(other),
    };
    if is_same_scalar {
        return Ok(value);
    }
    let own = Type::of(&value);
    let types = [own, Type::of(other)];
    match unify(&types) {
        Some(kind) if types.first() == Some(&kind) => Ok(value),
        Some(kind) => convert_plain(value, &kind).map_err(|message| {
            Fault::new(span, format!("the two sides of a conditional need one type: {message}"))
        }),
        None if types.iter().any(Type::is_open) => Ok(value),
        None => {
            let message = format!(
                "the two sides of a conditional need one type, and these are {} and {}",
                describe(&value),
                describe(other)
            );
            Err(Fault::new(span, message))
        }
    }
}

/// What is known of a conditional whose condition is not.
fn undecided(condition: &Value, then: Option<Value>, otherwise: Option<Value>, span: Span) -> Value {
    let (Some(then), Some(otherwise)) = (then, otherwise) else {
        return unknown_from(None, span, &[condition]);
    };
    let unified = unify(&[Type::of(&then), Type::of(&otherwise)]);
    let as_unified = |value: Value| match &unified {
        Some(kind) => convert_plain(Value::clone(&value), kind).unwrap_or(value),
        None => value,
    };
    either(condition, [&as_unified(then), &as_unified(otherwise)], span, MAX_LEVELS)
}

/// One of two values: where both have the same parts, part by part.
fn either(condition: &Value, sides: [&Value; 2], span: Span, levels: usize) -> Value {
    let [then, otherwise] = sides;
    if is_wholly_known(then) && equality(then, otherwise) == Some(true) {
        return computed(Data::clone(&then.data), span, &[condition, then]);
    }
    let inner = |then: &Value, otherwise: &Value| either(condition, [then, otherwise], span, levels - 1);
    let data = match (&then.data, &otherwise.data) {
        _ if levels <= 1 => None,
        (Data::Map(a), Data::Map(b)) if has_same_names(a, b) => {
            let entries = a.entries().iter().zip(b.entries());
            let entries = entries.map(|(a, b)| Attribute {
                name: SmolStr::clone(&a.name),
                name_span: a.name_span,
                value: inner(&a.value, &b.value),
            });
            Some(Data::Map(Arc::new(a.with_entries(entries.collect()))))
        }
        (Data::List(a), Data::List(b))
            if a.len() == b.len() && a.kind() == b.kind() && a.kind() != ListKind::Set =>
        {
            let elements = a.iter().zip(b.iter()).map(|(a, b)| inner(a, b)).collect();
            Some(Data::List(Elements::new(a.kind(), elements)))
        }
        _ => None,
    };
    match data {
        Some(data) => computed(data, span, &[condition, then, otherwise]),
        None => {
            let mut value = unknown_from(None, span, &[condition, then, otherwise]);
            value.is_sensitive = condition.is_sensitive || has_sensitive(then) || has_sensitive(otherwise);
            if let Data::Unknown(unknown) = &mut value.data {
                *unknown = Arc::new(common(unknown, then, otherwise));
            }
            value
        }
    }
}

fn has_same_names(a: &Map, b: &Map) -> bool {
    a.kind == b.kind
        && a.unknown_rest.is_none()
        && b.unknown_rest.is_none()
        && a.entries().len() == b.entries().len()
        && a.entries().iter().zip(b.entries()).all(|(a, b)| a.name == b.name)
}

/// What both sides have in common.
fn common(unknown: &Unknown, then: &Value, otherwise: &Value) -> Unknown {
    let shape = match (shape_of(then), shape_of(otherwise)) {
        (Some(a), Some(b)) if a == b => Some(a),
        (Some(a), None) if otherwise.is_null() => Some(a),
        (None, Some(b)) if then.is_null() => Some(b),
        _ => None,
    };
    let lengths = |value: &Value| match &value.data {
        Data::List(elements) if elements.kind() != ListKind::Set => {
            let length = u64::try_from(elements.len()).ok();
            (length, length)
        }
        Data::String(text) => {
            let length = u64::try_from(text.chars().count()).ok();
            (length, length)
        }
        Data::Unknown(unknown) => (unknown.known.min_length, unknown.known.max_length),
        _ => (None, None),
    };
    let ((a_least, a_most), (b_least, b_most)) = (lengths(then), lengths(otherwise));
    let known = Known {
        shape,
        is_set: is_set(then) && is_set(otherwise),
        prefix: common_prefix(prefix_of(then), prefix_of(otherwise)),
        skeleton: None,
        min_length: a_least.zip(b_least).map(|(a, b)| a.min(b)),
        max_length: a_most.zip(b_most).map(|(a, b)| a.max(b)),
        identity: None,
    };
    Unknown { known, ..unknown.clone() }
}

fn prefix_of(value: &Value) -> &str {
    match &value.data {
        Data::String(text) => text,
        Data::Unknown(unknown) => unknown.known.prefix.as_deref().unwrap_or(""),
        _ => "",
    }
}

fn common_prefix(a: &str, b: &str) -> Option<SmolStr> {
    let shared: SmolStr = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    (!shared.is_empty()).then_some(shared)
}

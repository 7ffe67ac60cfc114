//! Small operations on values that every part of the evaluator needs.

use crate::limits::{MAX_LEVELS, MAX_NODES};
use proofmark_model::{
    Data, Elements, Known, ListKind, Map, MapKind, Origin, Shape, Step, StepKind, Unknown, Value,
};
use proofmark_source::Span;
use smol_str::{SmolStr, format_smolstr};
use std::sync::Arc;

/// The most steps that a computed value keeps of its operands' ways.
const MAX_STEPS: usize = 12;

/// A value computed at `span` from `operands`: their ways and sensitivity stay with it.
pub(crate) fn computed(data: Data, span: Span, operands: &[&Value]) -> Value {
    let is_sensitive = operands.iter().any(|operand| operand.is_sensitive);
    Value { data, origin: Origin { span, trail: operand_trail(operands) }, is_sensitive }
}

/// One chain out of the ways of all operands that came from elsewhere, the first operand nearest.
fn operand_trail(operands: &[&Value]) -> Option<Arc<Step>> {
    let travelled: Vec<&Origin> =
        operands.iter().map(|operand| &operand.origin).filter(|origin| origin.trail.is_some()).collect();
    if let [only] = travelled.as_slice()
        && only.steps().nth(4 * MAX_STEPS).is_none()
    {
        let before = only.trail.as_ref().map(Arc::clone);
        return Some(Arc::new(Step { kind: StepKind::Operand, span: only.span, before }));
    }
    let mut steps: Vec<(StepKind, Span)> = Vec::new();
    for origin in travelled {
        steps.push((StepKind::Operand, origin.span));
        steps.extend(origin.steps().map(|step| (step.kind.clone(), step.span)));
    }
    steps.truncate(MAX_STEPS);
    chain(steps)
}

/// The steps of a way, nearest first, as links.
fn chain(steps: Vec<(StepKind, Span)>) -> Option<Arc<Step>> {
    steps.into_iter().rev().fold(None, |before, (kind, span)| Some(Arc::new(Step { kind, span, before })))
}

/// Not known because at least one of `operands` (or something inside it) is not.
pub(crate) fn unknown_from(shape: Option<Shape>, span: Span, operands: &[&Value]) -> Value {
    let mut unknown = Unknown::because("");
    for operand in operands {
        gather(operand, &mut unknown);
    }
    if unknown.reason.is_empty() {
        unknown.reason = SmolStr::new_static("it depends on a value that is not known");
    }
    unknown.known = Known { shape, is_set: shape.is_some(), ..Known::default() };
    computed(Data::Unknown(Arc::new(unknown)), span, operands)
}

/// A text that only a run of Terraform gives.
pub(crate) fn unknown_text(reason: SmolStr, span: Span) -> Value {
    let known = Known { shape: Some(Shape::String), is_set: true, ..Known::default() };
    Value::unknown(Unknown { known, ..Unknown::because(reason) }, span)
}

fn gather(value: &Value, into: &mut Unknown) {
    match &value.data {
        Data::Unknown(inner) => {
            if into.reason.is_empty() {
                into.reason = SmolStr::clone(&inner.reason);
            }
            for reference in &inner.references {
                if into.references.len() < MAX_STEPS && !into.references.contains(reference) {
                    into.references.push(reference.clone());
                }
            }
        }
        Data::List(elements) => elements.iter().for_each(|element| gather(element, into)),
        Data::Map(map) => {
            map.entries().iter().for_each(|entry| gather(&entry.value, into));
            if let Some(rest) = &map.unknown_rest
                && into.reason.is_empty()
            {
                into.reason = SmolStr::clone(&rest.reason);
            }
        }
        _ => {}
    }
}

/// Why a value is not known, if it is not.
pub(crate) fn reason_of(value: &Value) -> Option<Arc<Unknown>> {
    match &value.data {
        Data::Unknown(unknown) => Some(Arc::clone(unknown)),
        _ => None,
    }
}

/// Whether all of it is known, elements included.
pub(crate) fn is_wholly_known(value: &Value) -> bool {
    match &value.data {
        Data::Unknown(_) => false,
        Data::List(elements) => elements.iter().all(is_wholly_known),
        Data::Map(map) => {
            map.unknown_rest.is_none() && map.entries().iter().all(|entry| is_wholly_known(&entry.value))
        }
        _ => true,
    }
}

/// How many values there are, those inside them included; `None` if more than [`MAX_NODES`], or nested deeper than
/// [`MAX_LEVELS`].
pub(crate) fn node_count<'v>(values: impl IntoIterator<Item = &'v Value>) -> Option<usize> {
    let mut budget = MAX_NODES;
    values.into_iter().all(|value| fits(value, MAX_LEVELS, &mut budget)).then(|| MAX_NODES - budget)
}

fn fits(value: &Value, levels: usize, budget: &mut usize) -> bool {
    let (Some(rest), Some(levels)) = (budget.checked_sub(1), levels.checked_sub(1)) else { return false };
    *budget = rest;
    match &value.data {
        Data::List(elements) => elements.iter().all(|element| fits(element, levels, budget)),
        Data::Map(map) => map.entries().iter().all(|entry| fits(&entry.value, levels, budget)),
        _ => true,
    }
}

/// Whether something inside it is sensitive.
pub(crate) fn has_sensitive(value: &Value) -> bool {
    value.is_sensitive
        || match &value.data {
            Data::List(elements) => elements.iter().any(has_sensitive),
            Data::Map(map) => map.entries().iter().any(|entry| has_sensitive(&entry.value)),
            _ => false,
        }
}

/// The value seen at `span`; one that was written there stays as it is.
pub(crate) fn placed(value: Value, span: Span) -> Value {
    if value.origin.span == span {
        return value;
    }
    used_at(value, span, StepKind::Operand)
}

/// The value used at `span`, where a named thing supplied it.
pub(crate) fn used_at(value: Value, span: Span, kind: StepKind) -> Value {
    Value { origin: moved(&value.origin, span, kind), ..value }
}

/// [`Origin::used_at`], with the far end of a long way cut off: nobody reads hundreds of steps, and a chain of thousands
/// would overflow the stack when it is dropped.
fn moved(origin: &Origin, span: Span, kind: StepKind) -> Origin {
    if origin.steps().nth(4 * MAX_STEPS).is_none() {
        return origin.used_at(span, kind);
    }
    let kept = origin.steps().take(MAX_STEPS).map(|step| (step.kind.clone(), step.span));
    Origin { span: origin.span, trail: chain(kept.collect()) }.used_at(span, kind)
}

/// Something inside of a value that is not known.
pub(crate) fn inside_unknown(unknown: &Unknown, step: &str) -> Unknown {
    let mut inner = unknown.clone();
    inner.known = Known { is_set: false, ..Known::default() };
    if let [reference] = inner.references.as_mut_slice() {
        let path = &reference.attribute;
        let attribute = match (path.is_empty(), step.starts_with('[')) {
            (true, _) => SmolStr::new(step.trim_start_matches('[').trim_end_matches(']')),
            (false, true) => format_smolstr!("{path}{step}"),
            (false, false) => format_smolstr!("{path}.{step}"),
        };
        let is_computed = inner.reason.ends_with(COMPUTED);
        reference.attribute = attribute;
        if is_computed {
            inner.reason = format_smolstr!("`{reference}`{COMPUTED}");
        }
        // A provider that computes an attribute sets it; what it holds inside may be missing.
        inner.known.is_set = is_computed && path_was_empty(unknown);
    }
    inner
}

fn path_was_empty(unknown: &Unknown) -> bool {
    unknown.references.first().is_some_and(|reference| reference.attribute.is_empty())
}

/// How the reason of [`Unknown::computed`] ends.
pub(crate) const COMPUTED: &str = " is computed by the provider";

/// The type of a value, as far as it is known.
pub(crate) fn shape_of(value: &Value) -> Option<Shape> {
    match &value.data {
        Data::Null => None,
        Data::Bool(_) => Some(Shape::Bool),
        Data::Integer(_) | Data::Float(_) => Some(Shape::Number),
        Data::String(_) => Some(Shape::String),
        _ if is_encoded(value) => Some(Shape::String),
        Data::List(_) => Some(Shape::List),
        Data::Map(_) => Some(Shape::Map),
        Data::Unknown(unknown) => unknown.known.shape,
    }
}

/// What a value is, for messages.
pub(crate) fn describe(value: &Value) -> &'static str {
    match shape_of(value) {
        Some(Shape::Bool) => "a bool",
        Some(Shape::Number) => "a number",
        Some(Shape::String) => "a string",
        Some(Shape::List) => "a list",
        Some(Shape::Map) => "a map",
        _ if value.is_null() => "null",
        _ => "a value",
    }
}

/// A number as Terraform keeps it: whole where it can be. Arithmetic is decimal there and binary here, so that the last
/// digits are rounded away.
pub(crate) fn number(value: f64) -> Data {
    whole(value).unwrap_or_else(|| {
        let rounded = format!("{value:.14e}").parse().unwrap_or(value);
        whole(rounded).unwrap_or(Data::Float(rounded))
    })
}

/// A number as it is written. One that 64 bits do not hold is not rounded: Terraform keeps every digit.
pub(crate) fn written_number(value: f64) -> Data {
    // The parser makes floats of whole numbers from 2⁶³ on. A float brings back what has fifteen digits.
    let is_large = value.abs() >= 9.223_372_036_854_775e18;
    if is_large && digit_count(value) > 15 { beyond_64_bits() } else { number(value) }
}

/// How many digits tell this float from its neighbors.
fn digit_count(value: f64) -> usize {
    let text = format!("{value:e}");
    text.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count()
}

/// A whole number of which nothing is known but that it is one: Terraform's numbers have 512 bits.
pub(crate) fn beyond_64_bits() -> Data {
    let known = Known { shape: Some(Shape::Number), is_set: true, ..Known::default() };
    Data::Unknown(Arc::new(Unknown { known, ..Unknown::because("the whole number is beyond 64 bits") }))
}

/// A number that is whole and that a float still holds exactly.
#[allow(clippy::cast_possible_truncation, reason = "the value is whole and within the range")]
fn whole(value: f64) -> Option<Data> {
    (value.fract() == 0.0 && value.abs() < 9.007_199_254_740_992e15).then_some(Data::Integer(value as i64))
}

/// The text that a scalar becomes in a template; `None` where it cannot become one.
pub(crate) fn to_text(value: &Value) -> Option<SmolStr> {
    match &value.data {
        Data::String(text) => Some(SmolStr::clone(text)),
        Data::Bool(value) => Some(SmolStr::new_static(if *value { "true" } else { "false" })),
        Data::Integer(value) => Some(format_smolstr!("{value}")),
        Data::Float(value) => Some(format_smolstr!("{value}")),
        _ => None,
    }
}

/// Whether the value is a text of JSON that is kept as the structure which it encodes.
pub(crate) fn is_encoded(value: &Value) -> bool {
    match &value.data {
        Data::List(elements) => elements.kind() == ListKind::Encoded,
        Data::Map(map) => map.kind == MapKind::Encoded,
        _ => false,
    }
}

/// A structure in the place of the JSON text that encodes it.
pub(crate) fn as_encoded(value: &Value) -> Value {
    match &value.data {
        Data::List(elements) => {
            value.with_data(Data::List(Elements::new(ListKind::Encoded, elements.to_vec())))
        }
        Data::Map(map) => {
            let mut map = Map::clone(map);
            map.kind = MapKind::Encoded;
            value.with_data(Data::Map(Arc::new(map)))
        }
        _ => Value::clone(value),
    }
}

/// The number that a scalar is or spells.
pub(crate) fn to_number(value: &Value) -> Option<f64> {
    match &value.data {
        #[allow(clippy::cast_precision_loss, reason = "Terraform's whole numbers are this large only in ids")]
        Data::Integer(value) => Some(*value as f64),
        Data::Float(value) => Some(*value),
        Data::String(text) => {
            // `inf` and `nan` parse too, and are no numbers that anybody writes.
            let is_decimal =
                text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
            text.parse().ok().filter(|number: &f64| is_decimal && number.is_finite())
        }
        _ => None,
    }
}

/// The truth value that a scalar is or spells.
pub(crate) fn to_bool(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(value) => Some(*value),
        Data::String(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

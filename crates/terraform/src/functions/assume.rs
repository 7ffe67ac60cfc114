//! OpenTofu's `assume…` functions: each hands its first argument on and refines what is known of it before it is known.

use super::signature::{Function, any, function, number, set, string};
use super::{Call, LIST, MAP, Made, STRING, wrong};
use crate::value::{describe, is_wholly_known};
use proofmark_model::{Data, Known, Unknown, Value};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("assumeequal", &[any("value").or_null(), any("other").or_null()], None, same).handles_unknown(),
    function("assumenotnull", &[any("value")], None, |call| refined(call, |_| {})).handles_unknown(),
    function("assumestringprefix", &[string("value"), string("prefix")], STRING, string_prefix)
        .handles_unknown(),
    function("assumelistlength", &[any("value"), number("min"), number("max")], LIST, |call| {
        between(call, 1, 2)
    })
    .handles_unknown(),
    function("assumelistlengthmin", &[any("value"), number("min")], LIST, |call| between(call, 1, NO_BOUND))
        .handles_unknown(),
    function("assumelistlengthmax", &[any("value"), number("max")], LIST, |call| between(call, NO_BOUND, 1))
        .handles_unknown(),
    function("assumesetlength", &[set("value"), number("min"), number("max")], LIST, |call| {
        between(call, 1, 2)
    })
    .handles_unknown(),
    function("assumesetlengthmin", &[set("value"), number("min")], LIST, |call| between(call, 1, NO_BOUND))
        .handles_unknown(),
    function("assumesetlengthmax", &[set("value"), number("max")], LIST, |call| between(call, NO_BOUND, 1))
        .handles_unknown(),
    function("assumemaplength", &[any("value"), number("min"), number("max")], MAP, |call| {
        between(call, 1, 2)
    })
    .handles_unknown(),
    function("assumemaplengthmin", &[any("value"), number("min")], MAP, |call| between(call, 1, NO_BOUND))
        .handles_unknown(),
    function("assumemaplengthmax", &[any("value"), number("max")], MAP, |call| between(call, NO_BOUND, 1))
        .handles_unknown(),
];

/// A place without an argument.
const NO_BOUND: usize = usize::MAX;

/// The first argument; while it is not known, the second says what it is.
fn same(call: &Call<'_>) -> Made {
    let (value, other) = (call.argument(0)?, call.argument(1)?);
    if value.as_unknown().is_some() { Ok(Value::clone(other)) } else { Ok(Value::clone(value)) }
}

/// The first argument, of which more is known by `refine` if it is not known itself. It is never null.
fn refined(call: &Call<'_>, refine: impl FnOnce(&mut Known)) -> Made {
    let value = call.argument(0)?;
    let Data::Unknown(unknown) = &value.data else { return Ok(Value::clone(value)) };
    let mut unknown = Unknown::clone(unknown);
    unknown.known.is_set = true;
    refine(&mut unknown.known);
    Ok(value.with_data(Data::Unknown(Arc::new(unknown))))
}

fn string_prefix(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    if !is_wholly_known(call.argument(1)?) {
        return refined(call, |_| {});
    }
    let prefix = call.text(1)?;
    if is_wholly_known(value) && !call.text(0)?.starts_with(prefix.as_str()) {
        return wrong(format!("`{}` does not begin with `{prefix}`", call.text(0)?));
    }
    refined(call, |known| {
        known.shape = STRING;
        known.prefix.get_or_insert(prefix);
    })
}

/// The collection, if its length lies within the bounds that the arguments at these places give.
fn between(call: &Call<'_>, least: usize, most: usize) -> Made {
    let value = call.argument(0)?;
    let bound = |index: usize| match call.arguments.get(index) {
        Some(bound) if is_wholly_known(bound) => call.integer(index).map(Some),
        _ => Ok(None),
    };
    let (least, most) = (bound(least)?, bound(most)?);
    let length = match &value.data {
        Data::List(elements) => elements.len(),
        Data::Map(map) => map.entries().len(),
        Data::Unknown(_) => {
            let length = |bound: Option<i64>| bound.and_then(|bound| u64::try_from(bound).ok());
            return refined(call, |known| {
                known.shape = known.shape.or(if call.name.contains("map") { MAP } else { LIST });
                known.min_length = length(least);
                known.max_length = length(most);
            });
        }
        _ => return wrong(format!("a collection is required, and this is {}", describe(value))),
    };
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    if least.is_some_and(|least| length < least) || most.is_some_and(|most| length > most) {
        return wrong(format!("the length {length} lies outside of the assumed bounds"));
    }
    Ok(Value::clone(value))
}

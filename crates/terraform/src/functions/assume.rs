//! OpenTofu's `assume…` functions: each hands its first argument on and refines what is known of it before it is known.

use super::signature::{Function, any, function, number, set, string};
use super::{Call, LIST, MAP, Made, STRING, wrong};
use crate::value::describe;
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("assumeequal", &[any("value").or_null(), any("other").or_null()], None, same).shallow(),
    function("assumenotnull", &[any("value")], None, same).shallow(),
    function("assumestringprefix", &[string("value"), string("prefix")], STRING, string_prefix).shallow(),
    function("assumelistlength", &[any("value"), number("min"), number("max")], LIST, |call| between(call, 1, 2))
        .shallow(),
    function("assumelistlengthmin", &[any("value"), number("min")], LIST, |call| between(call, 1, NO_BOUND)).shallow(),
    function("assumelistlengthmax", &[any("value"), number("max")], LIST, |call| between(call, NO_BOUND, 1)).shallow(),
    function("assumesetlength", &[set("value"), number("min"), number("max")], LIST, |call| between(call, 1, 2))
        .shallow(),
    function("assumesetlengthmin", &[set("value"), number("min")], LIST, |call| between(call, 1, NO_BOUND)).shallow(),
    function("assumesetlengthmax", &[set("value"), number("max")], LIST, |call| between(call, NO_BOUND, 1)).shallow(),
    function("assumemaplength", &[any("value"), number("min"), number("max")], MAP, |call| between(call, 1, 2))
        .shallow(),
    function("assumemaplengthmin", &[any("value"), number("min")], MAP, |call| between(call, 1, NO_BOUND)).shallow(),
    function("assumemaplengthmax", &[any("value"), number("max")], MAP, |call| between(call, NO_BOUND, 1)).shallow(),
];

/// A place without an argument.
const NO_BOUND: usize = usize::MAX;

fn same(call: &Call<'_>) -> Made {
    Ok(Value::clone(call.argument(0)?))
}

fn string_prefix(call: &Call<'_>) -> Made {
    let (text, prefix) = (call.text(0)?, call.text(1)?);
    if !text.starts_with(prefix.as_str()) {
        return wrong(format!("`{text}` does not begin with `{prefix}`"));
    }
    same(call)
}

/// The collection, if its length lies within the bounds that the arguments at these places give; a place without an
/// argument is no bound.
fn between(call: &Call<'_>, least: usize, most: usize) -> Made {
    let value = call.argument(0)?;
    let length = match &value.data {
        Data::List(elements) => elements.len(),
        Data::Map(map) => map.entries().len(),
        _ => return wrong(format!("a collection is required, and this is {}", describe(value))),
    };
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let bound = |index: usize| call.arguments.get(index).map(|_| call.integer(index)).transpose();
    let is_too_short = bound(least)?.is_some_and(|least| length < least);
    let is_too_long = bound(most)?.is_some_and(|most| length > most);
    if is_too_short || is_too_long {
        return wrong(format!("the length {length} lies outside of the assumed bounds"));
    }
    same(call)
}

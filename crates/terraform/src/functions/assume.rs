//! OpenTofu's `assume…` functions: each hands its first argument on and refines what is known of it before it is known.

use super::{Call, Function, LIST, MAP, STRING, function};
use crate::types::set_of;
use crate::value::to_text;
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("assumeequal", (2, 2), None, |call| Ok(Value::clone(call.argument(0)?))).shallow(),
    function("assumenotnull", (1, 1), None, |call| Ok(Value::clone(call.argument(0)?))).shallow(),
    function("assumestringprefix", (2, 2), STRING, string_prefix).shallow(),
    function("assumelistlength", (3, 3), LIST, list_length).shallow(),
    function("assumelistlengthmin", (2, 2), LIST, |call| bounded(call, false, Some(1), None)).shallow(),
    function("assumelistlengthmax", (2, 2), LIST, |call| bounded(call, false, None, Some(1))).shallow(),
    function("assumesetlength", (3, 3), LIST, |call| bounded(call, true, Some(1), Some(2))).shallow(),
    function("assumesetlengthmin", (2, 2), LIST, |call| bounded(call, true, Some(1), None)).shallow(),
    function("assumesetlengthmax", (2, 2), LIST, |call| bounded(call, true, None, Some(1))).shallow(),
    function("assumemaplength", (3, 3), MAP, |call| bounded(call, false, Some(1), Some(2))).shallow(),
    function("assumemaplengthmin", (2, 2), MAP, |call| bounded(call, false, Some(1), None)).shallow(),
    function("assumemaplengthmax", (2, 2), MAP, |call| bounded(call, false, None, Some(1))).shallow(),
];

fn string_prefix(call: &Call<'_>) -> Result<Value, String> {
    let (text, prefix) = (call.text(0)?, call.text(1)?);
    if !text.starts_with(prefix.as_str()) {
        return Err(format!("`{text}` does not begin with `{prefix}`"));
    }
    call.string(text)
}

fn list_length(call: &Call<'_>) -> Result<Value, String> {
    bounded(call, false, Some(1), Some(2))
}

/// The collection, if its length lies within the bounds that the arguments at these places give.
fn bounded(
    call: &Call<'_>,
    is_set: bool,
    least: Option<usize>,
    most: Option<usize>,
) -> Result<Value, String> {
    let value = call.argument(0)?;
    let value = match &value.data {
        Data::List(elements) if is_set => value.with_data(Data::List(set_of(elements.to_vec()).into())),
        _ => Value::clone(value),
    };
    let length = match &value.data {
        Data::List(elements) => elements.len(),
        Data::Map(map) => map.entries().len(),
        _ => {
            return Err(format!(
                "a collection is required, and this is {}",
                to_text(&value).unwrap_or_default()
            ));
        }
    };
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let too_short = least.map(|index| call.integer(index)).transpose()?.is_some_and(|least| length < least);
    let too_long = most.map(|index| call.integer(index)).transpose()?.is_some_and(|most| length > most);
    if too_short || too_long {
        return Err(format!("the length {length} is outside of the assumed bounds"));
    }
    Ok(value)
}

//! OpenTofu's `assume…` functions: each hands its first argument on and refines what is known of it before it is known.

use super::OnUnknown::Shallow;
use super::{Call, Function, LIST, MAP, STRING, function};
use crate::types::set_of;
use crate::value::to_text;
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("assumeequal", 2, 2, None, Shallow, |call| Ok(call.argument(0)?.clone())),
    function("assumenotnull", 1, 1, None, Shallow, |call| Ok(call.argument(0)?.clone())),
    function("assumestringprefix", 2, 2, STRING, Shallow, string_prefix),
    function("assumelistlength", 3, 3, LIST, Shallow, list_length),
    function("assumelistlengthmin", 2, 2, LIST, Shallow, |call| bounded(call, false, Some(1), None)),
    function("assumelistlengthmax", 2, 2, LIST, Shallow, |call| bounded(call, false, None, Some(1))),
    function("assumesetlength", 3, 3, LIST, Shallow, |call| bounded(call, true, Some(1), Some(2))),
    function("assumesetlengthmin", 2, 2, LIST, Shallow, |call| bounded(call, true, Some(1), None)),
    function("assumesetlengthmax", 2, 2, LIST, Shallow, |call| bounded(call, true, None, Some(1))),
    function("assumemaplength", 3, 3, MAP, Shallow, |call| bounded(call, false, Some(1), Some(2))),
    function("assumemaplengthmin", 2, 2, MAP, Shallow, |call| bounded(call, false, Some(1), None)),
    function("assumemaplengthmax", 2, 2, MAP, Shallow, |call| bounded(call, false, None, Some(1))),
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
        Data::List(elements) if is_set => {
            Value { data: Data::List(set_of(elements.to_vec()).into()), ..value.clone() }
        }
        _ => value.clone(),
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

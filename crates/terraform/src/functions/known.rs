//! What is known of a text that is not known itself.

use super::{Call, Made, STRING, check_size, encode_json};
use crate::value::{is_wholly_known, to_text};
use proofmark_model::{Data, HOLE, Known, SmolStr, Value};
use smol_str::format_smolstr;

/// The text of a value with [`HOLE`] in place of each part that is not known.
pub(super) fn skeleton(value: &Value) -> Option<SmolStr> {
    match &value.data {
        Data::Unknown(unknown) => {
            let known = &unknown.known;
            Some(match (&known.skeleton, &known.prefix) {
                (Some(skeleton), _) => SmolStr::clone(skeleton),
                (None, Some(prefix)) => format_smolstr!("{prefix}{HOLE}"),
                (None, None) => format_smolstr!("{HOLE}"),
            })
        }
        // A partly unknown `jsonencode` is kept as its structure.
        Data::List(_) | Data::Map(_) => Some(encode_json(value)),
        _ => to_text(value),
    }
}

/// How a text surely begins.
pub(super) fn prefix(value: &Value) -> SmolStr {
    let text = skeleton(value).unwrap_or_default();
    text.split(HOLE).next().map(SmolStr::new).unwrap_or_default()
}

/// How a text surely ends.
pub(super) fn suffix(value: &Value) -> SmolStr {
    let text = skeleton(value).unwrap_or_default();
    text.rsplit(HOLE).next().map(SmolStr::new).unwrap_or_default()
}

/// A text with holes as the result: known where it has none.
pub(super) fn with_holes(call: &Call<'_>, text: &str) -> Made {
    check_size(text.len())?;
    let Some((prefix, _)) = text.split_once(HOLE) else { return call.string(text) };
    let known = Known {
        shape: STRING,
        prefix: (!prefix.is_empty()).then(|| SmolStr::new(prefix)),
        // A hole alone says nothing.
        skeleton: (text.len() > HOLE.len_utf8()).then(|| SmolStr::new(text)),
        ..Known::default()
    };
    call.unknown(known, &call.arguments.iter().collect::<Vec<_>>())
}

/// What `change` makes of the first argument, where the other ones are known and it maps each part by itself.
pub(super) fn in_parts(call: &Call<'_>, change: impl Fn(&str) -> String) -> Made {
    let value = call.argument(0)?;
    let is_known = call.arguments.iter().skip(1).all(is_wholly_known);
    match skeleton(value) {
        Some(text) if is_known => {
            let parts: Vec<String> = text.split(HOLE).map(change).collect();
            with_holes(call, &parts.join(HOLE.encode_utf8(&mut [0; 4])))
        }
        _ => call.unknown_shape(STRING),
    }
}

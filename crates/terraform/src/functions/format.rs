//! `format` and `formatlist`.

use super::known::{skeleton, with_holes};
use super::signature::{Function, any, function, string};
use super::verb::Verb;
use super::{Call, LIST, Made, Refusal, STRING, check_count, check_size, wrong};
use crate::value::is_wholly_known;
use proofmark_model::{Data, HOLE, ListKind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("format", &[string("format")], STRING, format).and_many(any("args").or_null()).handles_unknown(),
    function("formatlist", &[string("format")], LIST, format_list)
        .and_many(any("args").or_null())
        .handles_unknown(),
];

fn format(call: &Call<'_>) -> Made {
    if !is_wholly_known(call.argument(0)?) {
        return call.unknown_shape(STRING);
    }
    let arguments: Vec<&Value> = call.arguments.iter().skip(1).collect();
    with_holes(call, &format_text(&call.text(0)?, &arguments)?)
}

fn format_list(call: &Call<'_>) -> Made {
    let arguments = call.arguments.get(1..).unwrap_or(&[]);
    if !is_wholly_known(call.argument(0)?) || arguments.iter().any(may_be_list) {
        return call.unknown_shape(LIST);
    }
    let pattern = call.text(0)?;
    let mut lengths = arguments.iter().filter_map(|value| value.as_list().map(<[Value]>::len));
    let count = lengths.next().unwrap_or(1);
    if let Some(other) = lengths.find(|length| *length != count) {
        return wrong(format!("one list has {count} elements and another has {other}"));
    }
    check_count(count)?;
    let mut made = Vec::with_capacity(count);
    let mut bytes = 0;
    for index in 0..count {
        let row: Vec<&Value> = arguments
            .iter()
            .filter_map(|value| value.as_list().map_or(Some(value), |list| list.get(index)))
            .collect();
        let text = format_text(&pattern, &row)?;
        bytes += text.len();
        check_size(bytes)?;
        made.push(with_holes(call, &text)?);
    }
    call.elements(ListKind::List, made)
}

/// Whether a value that is not known may be a list, of a length that is not known either.
fn may_be_list(value: &Value) -> bool {
    value.as_unknown().is_some_and(|unknown| unknown.known.shape.is_none_or(|shape| Some(shape) == LIST))
}

/// The text with a hole for each argument that is not known.
fn format_text(pattern: &str, arguments: &[&Value]) -> Result<String, Refusal> {
    let mut made = String::new();
    let mut letters = pattern.chars().peekable();
    let (mut next, mut most) = (0, 0);
    while let Some(letter) = letters.next() {
        if letter != '%' {
            made.push(letter);
            continue;
        }
        let verb = Verb::read(&mut letters)?;
        if verb.letter == '%' {
            made.push('%');
            continue;
        }
        let index = verb.argument.map_or(next, |number| number.saturating_sub(1));
        next = index + 1;
        most = most.max(next);
        let value = arguments
            .get(index)
            .ok_or_else(|| format!("there is no argument {next} for `%{}`", verb.letter))?;
        made.push_str(&applied(&verb, value)?);
        check_size(made.len())?;
    }
    if most < arguments.len() {
        return wrong(format!("{} arguments are given for the text and {most} are used", arguments.len()));
    }
    Ok(made)
}

fn applied(verb: &Verb, value: &Value) -> Result<String, String> {
    if is_wholly_known(value) {
        return verb.apply(value);
    }
    match (verb.is_plain_text(), &value.data) {
        (true, _) => Ok(skeleton(value).map_or_else(|| HOLE.to_string(), |text| text.to_string())),
        (false, Data::Unknown(_)) => Ok(HOLE.to_string()),
        (false, _) => verb.apply(value),
    }
}

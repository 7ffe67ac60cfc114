//! Functions over text.

use super::{BOOL, Call, Function, LIST, MANY, STRING, function};
use crate::limits::MAX_TEXT_BYTES;
use crate::value::{is_wholly_known, to_text, unknown_from};
use proofmark_model::{Attribute, Data, Map, Value};
use regex::{Captures, Regex};
use smol_str::SmolStr;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("upper", (1, 1), STRING, |call| call.string(call.text(0)?.to_uppercase())),
    function("lower", (1, 1), STRING, |call| call.string(call.text(0)?.to_lowercase())),
    function("title", (1, 1), STRING, title),
    function("chomp", (1, 1), STRING, |call| call.string(call.text(0)?.trim_end_matches(['\r', '\n']))),
    function("trimspace", (1, 1), STRING, |call| call.string(call.text(0)?.trim())),
    function("trim", (2, 2), STRING, trim),
    function("trimprefix", (2, 2), STRING, trim_prefix),
    function("trimsuffix", (2, 2), STRING, trim_suffix),
    function("startswith", (2, 2), BOOL, starts_with).handles_unknown(),
    function("endswith", (2, 2), BOOL, |call| {
        call.data(Data::Bool(call.text(0)?.ends_with(call.text(1)?.as_str())))
    }),
    function("strcontains", (2, 2), BOOL, |call| {
        call.data(Data::Bool(call.text(0)?.contains(call.text(1)?.as_str())))
    }),
    function("strrev", (1, 1), STRING, |call| call.string(call.text(0)?.chars().rev().collect::<String>())),
    function("substr", (3, 3), STRING, substr),
    function("split", (2, 2), LIST, split),
    function("join", (2, MANY), STRING, join).handles_unknown(),
    function("replace", (3, 3), STRING, replace),
    function("regex", (2, 2), None, regex_first),
    function("regexall", (2, 2), LIST, regex_all),
    function("indent", (2, 2), STRING, indent),
];

fn title(call: &Call<'_>) -> Result<Value, String> {
    let text = call.text(0)?;
    let mut made = String::with_capacity(text.len());
    let mut begins = true;
    for character in text.chars() {
        if begins {
            made.extend(character.to_uppercase());
        } else {
            made.push(character);
        }
        begins = !(character.is_alphanumeric() || character == '_' || character == '\'');
    }
    call.string(made)
}

fn trim(call: &Call<'_>) -> Result<Value, String> {
    let set = call.text(1)?;
    call.string(call.text(0)?.trim_matches(|character| set.contains(character)))
}

fn trim_prefix(call: &Call<'_>) -> Result<Value, String> {
    let text = call.text(0)?;
    call.string(text.strip_prefix(call.text(1)?.as_str()).unwrap_or(&text))
}

fn trim_suffix(call: &Call<'_>) -> Result<Value, String> {
    let text = call.text(0)?;
    call.string(text.strip_suffix(call.text(1)?.as_str()).unwrap_or(&text))
}

/// A text of which only the beginning is known may answer all the same.
fn starts_with(call: &Call<'_>) -> Result<Value, String> {
    let (value, wanted) = (call.argument(0)?, call.argument(1)?);
    let unknown = || Ok(unknown_from(BOOL, call.span, &[value, wanted]));
    let Data::Unknown(partial) = &value.data else {
        if wanted.as_unknown().is_some() {
            return unknown();
        }
        return call.data(Data::Bool(call.text(0)?.starts_with(call.text(1)?.as_str())));
    };
    let (Some(prefix), Some(wanted)) = (&partial.known.prefix, to_text(wanted)) else { return unknown() };
    if prefix.starts_with(wanted.as_str()) {
        return call.data(Data::Bool(true));
    }
    if wanted.starts_with(prefix.as_str()) { unknown() } else { call.data(Data::Bool(false)) }
}

fn substr(call: &Call<'_>) -> Result<Value, String> {
    let text: Vec<char> = call.text(0)?.chars().collect();
    let size = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let (offset, length) = (call.integer(1)?, call.integer(2)?);
    let start = if offset < 0 { (size + offset).max(0) } else { offset.min(size) };
    let end = if length < 0 { size } else { start.saturating_add(length).min(size) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    call.string(text.get(range).unwrap_or(&[]).iter().collect::<String>())
}

fn split(call: &Call<'_>) -> Result<Value, String> {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    if separator.is_empty() {
        return call.strings(text.chars().map(|character| SmolStr::new(character.to_string())));
    }
    call.strings(text.split(separator.as_str()))
}

/// Joins; where an element is not known, what stands before it is.
fn join(call: &Call<'_>) -> Result<Value, String> {
    let all: Vec<&Value> = call.arguments.iter().collect();
    let unknown = |prefix: &str| {
        let mut value = unknown_from(STRING, call.span, &all);
        if let (Data::Unknown(inner), false) = (&mut value.data, prefix.is_empty()) {
            Arc::make_mut(inner).known.prefix = Some(SmolStr::new(prefix));
        }
        Ok(value)
    };
    if call.argument(0)?.as_unknown().is_some() {
        return unknown("");
    }
    let separator = call.text(0)?;
    let mut made = String::new();
    let mut is_first = true;
    for list in call.arguments.iter().skip(1) {
        if list.as_unknown().is_some() {
            return unknown(&made);
        }
        for element in list.as_list().ok_or("the elements must be in a list")? {
            if !std::mem::take(&mut is_first) {
                made.push_str(&separator);
            }
            if !is_wholly_known(element) {
                return unknown(&made);
            }
            made.push_str(&to_text(element).ok_or("all elements must be strings")?);
            check_size(made.len())?;
        }
    }
    call.string(made)
}

fn check_size(bytes: usize) -> Result<(), String> {
    if bytes > MAX_TEXT_BYTES { Err(format!("the text grows beyond {MAX_TEXT_BYTES} bytes")) } else { Ok(()) }
}

fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|_| format!("`{pattern}` is no regular expression"))
}

fn replace(call: &Call<'_>) -> Result<Value, String> {
    let (text, wanted, replacement) = (call.text(0)?, call.text(1)?, call.text(2)?);
    check_size(text.len().saturating_mul(replacement.len().max(1)) / wanted.len().max(1))?;
    let pattern = wanted.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    match pattern {
        Some(pattern) => call.string(compile(pattern)?.replace_all(&text, replacement.as_str()).into_owned()),
        None => call.string(text.replace(wanted.as_str(), &replacement)),
    }
}

fn regex_first(call: &Call<'_>) -> Result<Value, String> {
    let pattern = compile(&call.text(0)?)?;
    let text = call.text(1)?;
    match pattern.captures(&text) {
        Some(captures) => Ok(capture_value(call, &pattern, &captures)),
        None => Err(String::from("the pattern does not match")),
    }
}

fn regex_all(call: &Call<'_>) -> Result<Value, String> {
    let pattern = compile(&call.text(0)?)?;
    let text = call.text(1)?;
    call.values(
        pattern.captures_iter(&text).map(|captures| capture_value(call, &pattern, &captures)).collect(),
    )
}

/// A match: the text, or what its groups hold, by name where they have names.
fn capture_value(call: &Call<'_>, pattern: &Regex, captures: &Captures<'_>) -> Value {
    let held = |index: usize| match captures.get(index) {
        Some(found) => Value::string(found.as_str(), call.span),
        None => Value::new(Data::Null, call.span),
    };
    if captures.len() == 1 {
        return held(0);
    }
    let names: Vec<Option<&str>> = pattern.capture_names().collect();
    if names.iter().any(Option::is_some) {
        let entries = names.iter().enumerate().filter_map(|(index, name)| {
            let name = SmolStr::new((*name)?);
            Some(Attribute { name, name_span: call.span, value: held(index) })
        });
        return Value::map(Map::new(entries.collect()), call.span);
    }
    Value::list((1..captures.len()).map(held).collect(), call.span)
}

fn indent(call: &Call<'_>) -> Result<Value, String> {
    let count = usize::try_from(call.integer(0)?).map_err(|_| "the indent must not be negative")?;
    let text = call.text(1)?;
    check_size(text.matches('\n').count().saturating_mul(count))?;
    call.string(text.replace('\n', &format!("\n{}", " ".repeat(count))))
}

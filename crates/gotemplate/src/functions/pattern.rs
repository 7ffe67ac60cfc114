//! Regular expressions in RE2's syntax.

use super::{Call, Function, Parameter, check_bytes, fail};
use crate::execute::Outcome;
use crate::value::Value;
use proofmark_syntax::translate_re2;
use regex::{Regex, RegexBuilder};

use Parameter::{Int, Text as Str};

pub(super) const TABLE: &[Function] = &[
    // The plain form calls a broken pattern no match; all others stop.
    Function::new("regexMatch", &[Str, Str], |call| {
        Ok(compile(call.text(0)).is_ok_and(|pattern| pattern.is_match(call.text(1))).into())
    }),
    Function::new("mustRegexMatch", &[Str, Str], |call| {
        Ok(compile(call.text(0))?.is_match(call.text(1)).into())
    }),
    Function::new("regexFind", &[Str, Str], find),
    Function::new("mustRegexFind", &[Str, Str], find),
    Function::new("regexFindAll", &[Str, Str, Int], find_all),
    Function::new("mustRegexFindAll", &[Str, Str, Int], find_all),
    Function::new("regexReplaceAll", &[Str, Str, Str], |call| replace(call, false)),
    Function::new("mustRegexReplaceAll", &[Str, Str, Str], |call| replace(call, false)),
    Function::new("regexReplaceAllLiteral", &[Str, Str, Str], |call| replace(call, true)),
    Function::new("mustRegexReplaceAllLiteral", &[Str, Str, Str], |call| replace(call, true)),
    Function::new("regexSplit", &[Str, Str, Int], split),
    Function::new("mustRegexSplit", &[Str, Str, Int], split),
    Function::new("regexQuoteMeta", &[Str], |call| Ok(quote_meta(call.text(0)).into())),
];

/// The most memory that a compiled pattern may take.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// How long a pattern may be, in bytes; parsing takes a hundred times as much.
const MAX_PATTERN_LENGTH: usize = 64 << 10;

fn compile(pattern: &str) -> Outcome<Regex> {
    let refused = || fail(format!("error parsing regexp: invalid or too large: `{pattern}`"));
    if pattern.len() > MAX_PATTERN_LENGTH {
        return refused();
    }
    let Ok(translated) = translate_re2(pattern) else { return refused() };
    let built = RegexBuilder::new(&translated).size_limit(MAX_PATTERN_BYTES).build();
    built.or_else(|_| refused())
}

fn find(call: &Call<'_>) -> Outcome<Value> {
    let pattern = compile(call.text(0))?;
    Ok(pattern.find(call.text(1)).map_or("", |found| found.as_str()).into())
}

/// A count of Go's: everything below zero means all.
fn limit(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn find_all(call: &Call<'_>) -> Outcome<Value> {
    let pattern = compile(call.text(0))?;
    let found = pattern.find_iter(call.text(1)).take(limit(call.int(2)));
    Ok(Value::typed_list(found.map(|found| found.as_str().into()).collect(), "string"))
}

fn replace(call: &Call<'_>, is_literal: bool) -> Outcome<Value> {
    let pattern = compile(call.text(0))?;
    let (text, new) = (call.text(1), call.text(2));
    // Each `$` stands for a group, none of which is longer than the match that holds it.
    let references = if is_literal { 0 } else { new.matches('$').count() };
    let grows = |found: regex::Match<'_>| new.len().saturating_add(references.saturating_mul(found.len()));
    check_bytes(pattern.find_iter(text).map(grows).fold(text.len(), usize::saturating_add))?;
    let replaced = if is_literal {
        pattern.replace_all(text, regex::NoExpand(new))
    } else {
        pattern.replace_all(text, new)
    };
    Ok(replaced.into_owned().into())
}

fn split(call: &Call<'_>) -> Outcome<Value> {
    let pattern = compile(call.text(0))?;
    let text = call.text(1);
    let parts: Vec<Value> = match call.int(2) {
        0 => Vec::new(),
        count if count > 0 => pattern.splitn(text, limit(count)).map(Value::from).collect(),
        _ => pattern.split(text).map(Value::from).collect(),
    };
    Ok(Value::typed_list(parts, "string"))
}

/// `regexp.QuoteMeta`, which escapes less than our library would.
fn quote_meta(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted
}

//! Regular expressions in RE2's syntax.

use super::{Call, Function, Parameter, check_bytes, check_items, fail};
use crate::execute::Outcome;
use crate::limits::{MAX_ITEMS, STEPS_PER_PATTERN};
use crate::value::Value;
use proofmark_syntax::translate_re2;
use regex_automata::Span;
use regex_automata::meta::{BuildError, Regex};
use regex_automata::util::syntax;
use std::rc::Rc;

use Parameter::{Int, Text as Str};

pub(super) const TABLE: &[Function] = &[
    // The plain form calls a broken pattern no match; all others stop.
    Function::new("regexMatch", &[Str, Str], |call| {
        Ok(pattern(call).is_ok_and(|pattern| pattern.is_match(call.text(1))).into())
    }),
    Function::new("mustRegexMatch", &[Str, Str], |call| Ok(pattern(call)?.is_match(call.text(1)).into())),
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

/// The first argument as a pattern for the second.
fn pattern(call: &Call<'_>) -> Outcome<Rc<Regex>> {
    let (pattern, is_ascii) = (call.text(0), call.text(1).is_ascii());
    call.templates.cache.pattern((pattern, is_ascii), || {
        let refused = || {
            // What is refused is not kept, and was tried both ways.
            call.run.work(10 * STEPS_PER_PATTERN)?;
            fail(format!("error parsing regexp: invalid or too large: `{pattern}`"))
        };
        call.run.work(STEPS_PER_PATTERN)?;
        if pattern.len() > MAX_PATTERN_LENGTH {
            return refused();
        }
        let Ok(translated) = translate_re2(pattern) else { return refused() };
        // In ASCII, `[^a]` is one byte and not one of a million characters.
        let bytewise = if is_ascii { compile(&translated, false).ok() } else { None };
        bytewise.map_or_else(|| compile(&translated, true), Ok).or_else(|_| refused())
    })
}

fn compile(pattern: &str, is_unicode: bool) -> Result<Regex, Box<BuildError>> {
    // A table of all states pays off over megabytes, and texts of charts are short.
    let configuration =
        Regex::config().dfa(false).utf8_empty(is_unicode).nfa_size_limit(Some(MAX_PATTERN_BYTES));
    let syntax = syntax::Config::new().unicode(is_unicode).utf8(is_unicode);
    Regex::builder().configure(configuration).syntax(syntax).build(pattern).map_err(Box::new)
}

fn find(call: &Call<'_>) -> Outcome<Value> {
    let found = pattern(call)?.find(call.text(1));
    Ok(found.map_or("", |found| part(call, found.span())).into())
}

/// A part of the text that is searched.
fn part<'c>(call: &'c Call<'_>, span: Span) -> &'c str {
    call.text(1).get(span.range()).unwrap_or("")
}

/// A count of Go's: everything below zero means all.
fn limit(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn find_all(call: &Call<'_>) -> Outcome<Value> {
    let pattern = pattern(call)?;
    let found = pattern.find_iter(call.text(1)).take(limit(call.int(2)).min(MAX_ITEMS + 1));
    let found: Vec<Value> = found.map(|found| part(call, found.span()).into()).collect();
    check_items(found.len())?;
    Ok(Value::typed_list(found, "string"))
}

fn replace(call: &Call<'_>, is_literal: bool) -> Outcome<Value> {
    let pattern = pattern(call)?;
    let (text, new) = (call.text(1), call.text(2));
    // Each `$` stands for a group, none of which is longer than the match that holds it.
    let references = if is_literal { 0 } else { new.matches('$').count() };
    let mut most = text.len();
    let mut ends = Vec::new();
    for found in pattern.find_iter(text) {
        most = most.saturating_add(new.len()).saturating_add(references.saturating_mul(found.len()));
        ends.push(found.span());
    }
    check_bytes(most)?;
    let mut replaced = String::with_capacity(most);
    let mut at = 0;
    if references == 0 {
        for found in ends {
            replaced.push_str(part(call, Span { start: at, end: found.start }));
            replaced.push_str(new);
            at = found.end;
        }
    } else {
        for groups in pattern.captures_iter(text) {
            let Some(found) = groups.get_match() else { continue };
            replaced.push_str(part(call, Span { start: at, end: found.start() }));
            groups.interpolate_string_into(text, new, &mut replaced);
            at = found.end();
        }
    }
    replaced.push_str(text.get(at..).unwrap_or(""));
    Ok(replaced.into())
}

fn split(call: &Call<'_>) -> Outcome<Value> {
    let pattern = pattern(call)?;
    let (text, count) = (call.text(1), call.int(2));
    let value = |span: Span| Value::from(part(call, span));
    let parts: Vec<Value> = match count {
        0 => Vec::new(),
        count if count > 0 => pattern.splitn(text, limit(count)).map(value).collect(),
        _ => pattern.split(text).take(MAX_ITEMS + 1).map(value).collect(),
    };
    check_items(parts.len())?;
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

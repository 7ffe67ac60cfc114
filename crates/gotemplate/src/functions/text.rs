//! Sprig's functions over text.

mod case;
mod wrap;

use super::builtin::marked;
use super::convert::{strings, text_of};
use super::{Call, Function, Parameter, check_bytes, fail};
use crate::execute::Outcome;
use crate::text::{Text, TextBuilder};
use crate::trace::Trace;
use crate::unicode::quote as quote_text;
use crate::value::{Data, Value};
use smol_str::format_smolstr;
use std::collections::BTreeMap;
use std::ops::Range;

use Parameter::{Any, Int, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("hello", &[], |_| Ok("Hello!".into())),
    Function::new("abbrev", &[Int, Str], |call| Ok(abbreviate(call, 0, call.int(0), call.text(1)))),
    Function::new("abbrevboth", &[Int, Int, Str], |call| {
        Ok(abbreviate(call, call.int(0), call.int(1), call.text(2)))
    }),
    Function::new("trunc", &[Int, Str], truncate),
    Function::new("trim", &[Str], |call| Ok(cut(call, 0, |text| range_of(text, text.trim())))),
    Function::new("trimAll", &[Str, Str], trim_all),
    Function::new("trimall", &[Str, Str], trim_all),
    Function::new("trimSuffix", &[Str, Str], |call| {
        let suffix = call.text(0);
        Ok(cut(call, 1, |text| 0..text.strip_suffix(suffix).unwrap_or(text).len()))
    }),
    Function::new("trimPrefix", &[Str, Str], |call| {
        let prefix = call.text(0);
        Ok(cut(call, 1, |text| range_of(text, text.strip_prefix(prefix).unwrap_or(text))))
    }),
    Function::new("upper", &[Str], |call| Ok(same_place(call, 0, case::upper))),
    Function::new("lower", &[Str], |call| Ok(same_place(call, 0, case::lower))),
    Function::new("title", &[Str], |call| Ok(same_place(call, 0, case::title))),
    Function::new("untitle", &[Str], |call| Ok(same_place(call, 0, case::untitle))),
    Function::new("swapcase", &[Str], |call| Ok(same_place(call, 0, case::swap))),
    Function::new("snakecase", &[Str], |call| Ok(same_place(call, 0, |text| case::separated(text, '_')))),
    Function::new("kebabcase", &[Str], |call| Ok(same_place(call, 0, |text| case::separated(text, '-')))),
    Function::new("camelcase", &[Str], |call| Ok(same_place(call, 0, case::camel))),
    Function::new("initials", &[Str], |call| {
        Ok(same_place(call, 0, |text| {
            text.split_whitespace().filter_map(|word| word.chars().next()).collect()
        }))
    }),
    Function::new("nospace", &[Str], |call| {
        Ok(same_place(call, 0, |text| text.split_whitespace().collect()))
    }),
    Function::new("substr", &[Int, Int, Str], substring),
    Function::new("repeat", &[Int, Str], repeat),
    Function::new("wrap", &[Int, Str], |call| {
        Ok(same_place(call, 1, |text| wrap::wrap(text, call.int(0), "\n", false)))
    }),
    Function::new("wrapWith", &[Int, Str, Str], |call| {
        let line_end = if call.text(1).is_empty() { "\n" } else { call.text(1) };
        Ok(same_place(call, 2, |text| wrap::wrap(text, call.int(0), line_end, true)))
    }),
    Function::new("contains", &[Str, Str], |call| Ok(call.text(1).contains(call.text(0)).into())),
    Function::new("hasPrefix", &[Str, Str], |call| Ok(call.text(1).starts_with(call.text(0)).into())),
    Function::new("hasSuffix", &[Str, Str], |call| Ok(call.text(1).ends_with(call.text(0)).into())),
    Function::variadic("quote", &[], Any, |call| Ok(quoted(call, true))),
    Function::variadic("squote", &[], Any, |call| Ok(quoted(call, false))),
    Function::variadic("cat", &[], Any, |call| Ok(concatenate(call))),
    Function::new("indent", &[Int, Str], |call| indent(call, "")),
    Function::new("nindent", &[Int, Str], |call| indent(call, "\n")),
    Function::new("replace", &[Str, Str, Str], replace),
    Function::new("plural", &[Str, Str, Int], |call| {
        Ok(Value::clone(call.argument(usize::from(call.int(2) != 1))))
    }),
    Function::new("split", &[Str, Str], |call| Ok(split_map(call.text(0), None, call, 1))),
    Function::new("splitn", &[Str, Int, Str], |call| Ok(split_map(call.text(0), Some(call.int(1)), call, 2))),
    Function::new("splitList", &[Str, Str], |call| {
        let (text, trace) = call.marked(1);
        let parts = split(call.text(0), -1, text.as_str());
        let item = |range| part_value(&text, range, &trace);
        Ok(Value::typed_list(parts.into_iter().map(item).collect(), "string"))
    }),
    Function::new("join", &[Str, Any], join),
];

/// The part of `text` that `part`, one of its slices, covers.
fn range_of(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

fn part_value(text: &Text, range: Range<usize>, trace: &Trace) -> Value {
    let mut builder = TextBuilder::default();
    builder.push_part(text, range, trace);
    let value = marked(builder.finish());
    if value.trace.is_empty() { value.from_trace(trace) } else { value }
}

/// A stretch of a text argument, with where its bytes came from.
fn cut(call: &Call<'_>, index: usize, choose: impl Fn(&str) -> Range<usize>) -> Value {
    let (text, trace) = call.marked(index);
    let range = choose(text.as_str());
    part_value(&text, range, &trace)
}

/// A text made from a text argument as a whole.
fn same_place(call: &Call<'_>, index: usize, make: impl Fn(&str) -> String) -> Value {
    let (text, trace) = call.marked(index);
    Value::text(make(text.as_str())).from_trace(&trace)
}

/// The byte at or below `at` where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn truncate(call: &Call<'_>) -> Outcome<Value> {
    let size = call.int(0);
    Ok(cut(call, 1, |text| {
        let length = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
        if size >= 0 {
            return 0..boundary(text, length);
        }
        match text.len().checked_sub(length).filter(|start| *start > 0) {
            Some(start) => boundary(text, start)..text.len(),
            None => 0..text.len(),
        }
    }))
}

/// Cuts to `width` bytes with dots where something is missing (goutils, `AbbreviateFull`).
fn abbreviate(call: &Call<'_>, offset: i64, width: i64, text: &str) -> Value {
    let place = call.arguments.len().saturating_sub(1);
    let width = usize::try_from(width).unwrap_or(0);
    let offset = usize::try_from(offset).unwrap_or(0);
    if width < 4 || (offset > 0 && width < 7) || text.len() <= width {
        return Value::clone(call.argument(place));
    }
    let offset = offset.min(text.len() - (width - 3));
    let slice = |range: Range<usize>| {
        text.get(boundary(text, range.start)..boundary(text, range.end)).unwrap_or("").to_owned()
    };
    let short = if offset <= 4 {
        slice(0..width - 3) + "..."
    } else if offset + (width - 3) < text.len() {
        format!("...{}...", slice(offset..offset + (width - 6)))
    } else {
        format!("...{}", slice(text.len() - (width - 3)..text.len()))
    };
    Value::text(short).from_trace(&call.argument(place).trace)
}

fn trim_all(call: &Call<'_>) -> Outcome<Value> {
    let marks: Vec<char> = call.text(0).chars().collect();
    Ok(cut(call, 1, |text| range_of(text, text.trim_matches(marks.as_slice()))))
}

fn substring(call: &Call<'_>) -> Outcome<Value> {
    let (start, end) = (call.int(0), call.int(1));
    let length = call.text(2).len();
    let size = |number: i64| usize::try_from(number).unwrap_or(0);
    let range = match () {
        () if start < 0 => 0..size(end),
        () if end < 0 || size(end) > length => size(start)..length,
        () => size(start)..size(end),
    };
    if range.end > length {
        return fail(format!(
            "runtime error: slice bounds out of range [:{}] with length {length}",
            range.end
        ));
    }
    if range.start > range.end {
        return fail(format!("runtime error: slice bounds out of range [{}:{}]", range.start, range.end));
    }
    Ok(cut(call, 2, |text| boundary(text, range.start)..boundary(text, range.end)))
}

fn repeat(call: &Call<'_>) -> Outcome<Value> {
    let Ok(count) = usize::try_from(call.int(0)) else { return fail("strings: negative Repeat count") };
    let (text, trace) = call.marked(1);
    check_bytes(text.as_str().len().saturating_mul(count))?;
    if !text.is_marked() {
        return Ok(Value::text(text.as_str().repeat(count)).from_trace(&trace));
    }
    let mut builder = TextBuilder::default();
    for _ in 0..count {
        builder.push_text(&text, &trace);
    }
    Ok(marked(builder.finish()))
}

fn quoted(call: &Call<'_>, is_double: bool) -> Value {
    let mut builder = TextBuilder::default();
    for value in call.arguments.iter().filter(|value| !value.is_nil()) {
        builder.push(if builder.is_empty() { "" } else { " " }, &value.trace, 0);
        let (text, trace) = text_of(value);
        if !is_double {
            builder.push("'", &trace, 0);
            builder.push_text(&text, &trace);
            builder.push("'", &trace, 0);
            continue;
        }
        let escaped = quote_text(text.as_str());
        if escaped.len() == text.as_str().len() + 2 {
            builder.push("\"", &trace, 0);
            builder.push_text(&text, &trace);
            builder.push("\"", &trace, 0);
        } else {
            builder.push(&escaped, &trace, 0);
        }
    }
    marked(builder.finish())
}

fn concatenate(call: &Call<'_>) -> Value {
    let mut builder = TextBuilder::default();
    for (index, value) in call.arguments.iter().filter(|value| !value.is_nil()).enumerate() {
        builder.push(if index == 0 { "" } else { " " }, &value.trace, 0);
        crate::print::push_value(&mut builder, value);
    }
    marked(builder.finish())
}

fn indent(call: &Call<'_>, start: &str) -> Outcome<Value> {
    let Ok(width) = usize::try_from(call.int(0)) else { return fail("strings: negative Repeat count") };
    let (text, trace) = call.marked(1);
    let lines = text.as_str().matches('\n').count() + 1;
    check_bytes(text.as_str().len().saturating_add(lines.saturating_mul(width)))?;
    let padding = " ".repeat(width);
    let mut builder = TextBuilder::default();
    builder.push(start, &Trace::NONE, 0);
    let mut at = 0;
    for line in text.as_str().split_inclusive('\n') {
        builder.push(&padding, &Trace::NONE, 0);
        builder.push_part(&text, at..at + line.len(), &trace);
        at += line.len();
    }
    if text.as_str().is_empty() || text.as_str().ends_with('\n') {
        builder.push(&padding, &Trace::NONE, 0);
    }
    Ok(marked(builder.finish()))
}

fn replace(call: &Call<'_>) -> Outcome<Value> {
    let (old, new) = (call.text(0), call.text(1));
    let (text, trace) = call.marked(2);
    let found =
        if old.is_empty() { text.as_str().chars().count() + 1 } else { text.as_str().matches(old).count() };
    check_bytes(text.as_str().len().saturating_add(found.saturating_mul(new.len())))?;
    if old.is_empty() {
        return Ok(Value::text(text.as_str().replace(old, new)).from_trace(&trace));
    }
    let mut builder = TextBuilder::default();
    let mut at = 0;
    for (start, _) in text.as_str().match_indices(old) {
        builder.push_part(&text, at..start, &trace);
        builder.push(new, &call.argument(1).trace, 0);
        at = start + old.len();
    }
    builder.push_part(&text, at..text.as_str().len(), &trace);
    Ok(marked(builder.finish()))
}

/// `strings.SplitN`: the parts, as ranges.
fn split(separator: &str, count: i64, text: &str) -> Vec<Range<usize>> {
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    match limit {
        0 => Vec::new(),
        _ if separator.is_empty() => {
            let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).take(limit).collect();
            let end_of = |place: usize| starts.get(place + 1).copied().unwrap_or(text.len());
            starts.iter().enumerate().map(|(place, start)| *start..end_of(place)).collect()
        }
        _ => text.splitn(limit, separator).map(|part| range_of(text, part)).collect(),
    }
}

/// Sprig's `split`: a map from `_0` on.
fn split_map(separator: &str, count: Option<i64>, call: &Call<'_>, index: usize) -> Value {
    let (text, trace) = call.marked(index);
    let parts = split(separator, count.unwrap_or(-1), text.as_str());
    let entry = |(place, range)| (format_smolstr!("_{place}"), part_value(&text, range, &trace));
    let entries: BTreeMap<_, _> = parts.into_iter().enumerate().map(entry).collect();
    Data::Dict(crate::value::Dict::typed(entries, crate::value::TEXT_MAP_TYPE)).into()
}

fn join(call: &Call<'_>) -> Outcome<Value> {
    let separator = call.marked(0);
    let parts = strings(call.argument(1));
    let total = parts.iter().map(|part| part.as_str().map_or(0, str::len) + separator.0.as_str().len()).sum();
    check_bytes(total)?;
    let mut builder = TextBuilder::default();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            builder.push_text(&separator.0, &separator.1);
        }
        crate::print::push_value(&mut builder, part);
    }
    Ok(marked(builder.finish()))
}

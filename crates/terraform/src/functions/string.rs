//! Functions over text.

use super::known::{in_parts, prefix, skeleton, suffix, with_holes};
use super::pattern::{self, Pattern};
use super::signature::{Function, function, number, string, strings};
use super::{BOOL, Call, LIST, Made, STRING, check_count, check_size, wrong};
use crate::value::{is_wholly_known, to_text};
use proofmark_model::{Attribute, Data, HOLE, Known, ListKind, Map, Shape, Value};
use regex::Captures;
use smol_str::SmolStr;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    function("upper", &[string("str")], STRING, |call| {
        in_parts(call, |text| text.chars().map(upper).collect())
    })
    .handles_unknown(),
    function("lower", &[string("str")], STRING, |call| {
        in_parts(call, |text| text.chars().map(lower).collect())
    })
    .handles_unknown(),
    function("title", &[string("str")], STRING, title),
    function("chomp", &[string("str")], STRING, |call| {
        call.string(call.text(0)?.trim_end_matches(['\r', '\n']))
    }),
    function("trimspace", &[string("str")], STRING, |call| trim_ends(call, char::is_whitespace))
        .handles_unknown(),
    function("trim", &[string("str"), string("cutset")], STRING, trim).handles_unknown(),
    function("trimprefix", &[string("str"), string("prefix")], STRING, trim_prefix).handles_unknown(),
    function("trimsuffix", &[string("str"), string("suffix")], STRING, trim_suffix).handles_unknown(),
    function("startswith", &[string("str"), string("prefix")], BOOL, starts_with).handles_unknown(),
    function("endswith", &[string("str"), string("suffix")], BOOL, ends_with).handles_unknown(),
    function("strcontains", &[string("str"), string("substr")], BOOL, contains).handles_unknown(),
    function("strrev", &[string("str")], STRING, |call| {
        call.string(call.text(0)?.graphemes(true).rev().collect::<String>())
    }),
    function("substr", &[string("str"), number("offset"), number("length")], STRING, substr)
        .handles_unknown(),
    function("split", &[string("separator"), string("str")], LIST, split),
    function("join", &[string("separator")], STRING, join).and_many(strings("lists")).handles_unknown(),
    function("replace", &[string("str"), string("substr"), string("replace")], STRING, replace)
        .handles_unknown(),
    function("regex", &[string("pattern"), string("string")], None, regex_first).handles_unknown(),
    function("regexall", &[string("pattern"), string("string")], LIST, regex_all),
    function("indent", &[number("spaces"), string("str")], STRING, indent).handles_unknown(),
];

/// The one letter that Go's mapping gives; what would become several (`ß`) stays.
fn upper(letter: char) -> char {
    let mut made = letter.to_uppercase();
    match (made.next(), made.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

fn lower(letter: char) -> char {
    let mut made = letter.to_lowercase();
    match (made.next(), made.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

fn title(call: &Call<'_>) -> Made {
    let text = call.text(0)?;
    let mut made = String::with_capacity(text.len());
    let mut begins = true;
    for letter in text.chars() {
        made.push(if begins { upper(letter) } else { letter });
        begins = match letter {
            '_' => false,
            _ if letter.is_ascii() => !letter.is_ascii_alphanumeric(),
            _ => letter.is_whitespace(),
        };
    }
    call.string(made)
}

/// Takes away what `is_cut` from both ends; next to a part that is not known nothing can be said.
fn trim_ends(call: &Call<'_>, is_cut: impl Fn(char) -> bool) -> Made {
    let Some(text) = skeleton(call.argument(0)?) else { return call.unknown_shape(STRING) };
    let trimmed = text.trim_matches(&is_cut);
    with_holes(call, trimmed)
}

fn trim(call: &Call<'_>) -> Made {
    if !is_wholly_known(call.argument(1)?) {
        return call.unknown_shape(STRING);
    }
    let set = call.text(1)?;
    trim_ends(call, |letter| set.contains(letter))
}

fn trim_prefix(call: &Call<'_>) -> Made {
    let (value, cut) = (call.argument(0)?, call.argument(1)?);
    let Some(text) = skeleton(value).filter(|_| is_wholly_known(cut)) else {
        return call.unknown_shape(STRING);
    };
    let (cut, known) = (call.text(1)?, prefix(value));
    match text.strip_prefix(cut.as_str()) {
        Some(rest) => with_holes(call, rest),
        None if is_wholly_known(value) || !cut.starts_with(known.as_str()) => with_holes(call, &text),
        None => call.unknown_shape(STRING),
    }
}

fn trim_suffix(call: &Call<'_>) -> Made {
    let (value, cut) = (call.argument(0)?, call.argument(1)?);
    let Some(text) = skeleton(value).filter(|_| is_wholly_known(cut)) else {
        return call.unknown_shape(STRING);
    };
    let (cut, known) = (call.text(1)?, suffix(value));
    match text.strip_suffix(cut.as_str()) {
        Some(rest) => with_holes(call, rest),
        None if is_wholly_known(value) || !cut.ends_with(known.as_str()) => with_holes(call, &text),
        None => call.unknown_shape(STRING),
    }
}

/// A text of which only the beginning is known may answer all the same.
fn starts_with(call: &Call<'_>) -> Made {
    let (value, wanted) = (call.argument(0)?, call.argument(1)?);
    if !is_wholly_known(wanted) {
        return call.unknown_shape(BOOL);
    }
    let (known, wanted) = (prefix(value), call.text(1)?);
    if known.starts_with(wanted.as_str()) {
        return call.bool(true);
    }
    let may_follow = !is_wholly_known(value) && wanted.starts_with(known.as_str());
    if may_follow { call.unknown_shape(BOOL) } else { call.bool(false) }
}

fn ends_with(call: &Call<'_>) -> Made {
    let (value, wanted) = (call.argument(0)?, call.argument(1)?);
    if !is_wholly_known(wanted) {
        return call.unknown_shape(BOOL);
    }
    let (known, wanted) = (suffix(value), call.text(1)?);
    if known.ends_with(wanted.as_str()) {
        return call.bool(true);
    }
    let may_follow = !is_wholly_known(value) && wanted.ends_with(known.as_str());
    if may_follow { call.unknown_shape(BOOL) } else { call.bool(false) }
}

fn contains(call: &Call<'_>) -> Made {
    let (value, wanted) = (call.argument(0)?, call.argument(1)?);
    if !is_wholly_known(wanted) {
        return call.unknown_shape(BOOL);
    }
    let wanted = call.text(1)?;
    let text = skeleton(value).unwrap_or_default();
    if text.split(HOLE).any(|part| part.contains(wanted.as_str())) {
        return call.bool(true);
    }
    if is_wholly_known(value) { call.bool(false) } else { call.unknown_shape(BOOL) }
}

/// A part by grapheme clusters (what people take for one character), as everywhere in Terraform.
fn substr(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    if !call.arguments.iter().skip(1).all(is_wholly_known) {
        return call.unknown_shape(STRING);
    }
    let known = prefix(value);
    let clusters: Vec<&str> = known.graphemes(true).collect();
    let size = i64::try_from(clusters.len()).unwrap_or(i64::MAX);
    let (offset, length) = (call.integer(1)?, call.integer(2)?);
    let end = offset.saturating_add(length);
    // The last known cluster may go on in what is not known.
    if !is_wholly_known(value) && (offset < 0 || length < 0 || end >= size) {
        return call.unknown_shape(STRING);
    }
    let start = if offset < 0 { size.saturating_add(offset).max(0) } else { offset.min(size) };
    let end = if length < 0 { size } else { start.saturating_add(length).min(size) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    call.string(clusters.get(range).unwrap_or(&[]).concat())
}

fn split(call: &Call<'_>) -> Made {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    if separator.is_empty() {
        check_count(text.chars().count())?;
        return call.strings(text.chars().map(|letter| SmolStr::new(letter.encode_utf8(&mut [0; 4]))));
    }
    check_count(text.matches(separator.as_str()).count())?;
    call.strings(text.split(separator.as_str()))
}

/// Joins, with a hole for each element that is not known.
fn join(call: &Call<'_>) -> Made {
    if call.arguments.len() < 2 {
        return wrong("at least one list is required");
    }
    let separator = skeleton(call.argument(0)?).unwrap_or_default();
    let mut made = String::new();
    let mut is_first = true;
    for list in call.arguments.iter().skip(1) {
        let Some(elements) = list.as_list() else {
            // How many elements there are is not known, and so not whether a separator follows.
            made.push(HOLE);
            return with_holes(call, &made);
        };
        for element in elements {
            if !std::mem::take(&mut is_first) {
                made.push_str(&separator);
            }
            let text = skeleton(element).ok_or("the lists must not hold null")?;
            made.push_str(&text);
            check_size(made.len())?;
        }
    }
    with_holes(call, &made)
}

fn replace(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    if !call.arguments.iter().skip(1).all(is_wholly_known) {
        return call.unknown_shape(STRING);
    }
    let (wanted, replacement) = (call.text(1)?, call.text(2)?);
    let inner = wanted.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if !is_wholly_known(value) {
        // Of longer ones, a part may stand at the edge of what is not known.
        let is_single = inner.is_none() && wanted.chars().count() == 1;
        return match is_single {
            true => in_parts(call, |part| part.replace(wanted.as_str(), &replacement)),
            false => call.unknown_shape(STRING),
        };
    }
    let text = call.text(0)?;
    let Some(inner) = inner else {
        let count = text.matches(wanted.as_str()).count();
        check_size(text.len().saturating_add(count.saturating_mul(replacement.len())))?;
        return call.string(text.replace(wanted.as_str(), &replacement));
    };
    let pattern = pattern::compile(inner)?;
    call.string(pattern.replace_all(&text, &replacement)?)
}

/// The first match. Of a text that is not known, the pattern still tells what the result is.
fn regex_first(call: &Call<'_>) -> Made {
    if !is_wholly_known(call.argument(0)?) {
        return call.unknown_shape(None);
    }
    let pattern = pattern::compile(&call.text(0)?)?;
    if !is_wholly_known(call.argument(1)?) {
        let shape = match () {
            () if pattern.has_names() => Shape::Map,
            () if pattern.group_count() > 0 => Shape::List,
            () => Shape::String,
        };
        return call.unknown_shape(Some(shape));
    }
    match pattern.expression.captures(&call.text(1)?) {
        Some(captures) => Ok(capture_value(call, &pattern, &captures)),
        None => wrong("the pattern matches no part of the string"),
    }
}

fn regex_all(call: &Call<'_>) -> Made {
    let pattern = pattern::compile(&call.text(0)?)?;
    let text = call.text(1)?;
    let mut matches = Vec::new();
    for captures in pattern.expression.captures_iter(&text) {
        matches.push(capture_value(call, &pattern, &captures));
        check_count(matches.len().saturating_mul(captures.len()))?;
    }
    call.elements(ListKind::List, matches)
}

/// A match: the text, or what its groups hold, by name where they have names.
fn capture_value(call: &Call<'_>, pattern: &Pattern, captures: &Captures<'_>) -> Value {
    let held = |index: usize| match captures.get(index) {
        Some(found) => Value::string(found.as_str(), call.span),
        None => Value::new(Data::Null, call.span),
    };
    if captures.len() == 1 {
        return held(0);
    }
    if !pattern.has_names() {
        return Value::list((1..captures.len()).map(held).collect(), call.span);
    }
    let names = pattern.expression.capture_names().enumerate();
    let entries = names.filter_map(|(index, name)| {
        let name = SmolStr::new(name?);
        Some(Attribute { name, name_span: call.span, value: held(index) })
    });
    Value::map(Map::new(entries.collect()), call.span)
}

fn indent(call: &Call<'_>) -> Made {
    let (count, value) = (call.argument(0)?, call.argument(1)?);
    if !is_wholly_known(count) {
        let known = prefix(value);
        let line = known.split('\n').next().map(SmolStr::new).filter(|line| !line.is_empty());
        let known = Known { shape: STRING, prefix: line, ..Known::default() };
        return call.unknown(known, &[count, value]);
    }
    let Ok(count) = usize::try_from(call.integer(0)?) else { return wrong("`spaces` must not be negative") };
    let text = skeleton(value).unwrap_or_default();
    let lines = text.matches('\n').count();
    if lines == 0 {
        return with_holes(call, &text);
    }
    check_size(text.len().saturating_add(lines.saturating_mul(count)))?;
    with_holes(call, &text.replace('\n', &format!("\n{}", " ".repeat(count))))
}

/// The text of an element that must be one.
pub(super) fn element_text(element: &Value, what: &str) -> Result<SmolStr, String> {
    to_text(element)
        .ok_or_else(|| format!("{what} must be strings, and one is {}", crate::value::describe(element)))
}

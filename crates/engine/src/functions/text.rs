//! Functions of texts, lists and numbers.

use super::{not_text, on_text};
use crate::compare::{self, rule_problem};
use crate::condition::{Run, as_list, is_member};
use crate::item::{Item, List, View};
use crate::patterns::PartialText;
use crate::version::Version;
use proofmark_model::Unknown;
use smol_str::format_smolstr;
use std::borrow::Cow;
use std::sync::Arc;

/// The number of characters, elements or entries. What is absent has none.
pub(super) fn size<'a>(item: &Item<'a>) -> Item<'a> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    match item.view() {
        View::Absent => Item::Integer(0),
        View::Text(text) => Item::Integer(count(text.chars().count())),
        View::List(list) => match list.open() {
            Some(open) => Item::Between(count(list.len()), i64::MAX, Arc::clone(open)),
            None => Item::Integer(count(list.len())),
        },
        View::Map(map) => match map.open() {
            Some(open) => Item::Between(count(map.len()), i64::MAX, Arc::clone(open)),
            None => Item::Integer(count(map.len())),
        },
        View::Unknown(unknown) => size_of_unknown(unknown),
        other => Item::unknown(rule_problem(&format!("{} has no size", other.type_name()))),
    }
}

/// What is known of the length of an unknown value.
fn size_of_unknown<'a>(unknown: &Arc<Unknown>) -> Item<'a> {
    let known = &unknown.known;
    let of_prefix = known.prefix.as_ref().map_or(0, |prefix| prefix.chars().count() as u64);
    let bound = |length: u64| i64::try_from(length).unwrap_or(i64::MAX);
    let least = bound(known.min_length.unwrap_or(0).max(of_prefix));
    let most = known.max_length.map_or(i64::MAX, bound);
    if least == most { Item::Integer(least) } else { Item::Between(least, most, Arc::clone(unknown)) }
}

/// Whether a text holds another, or a list an element.
pub(super) fn contains<'a>(item: &Item<'a>, part: &Item<'a>, is_lenient: bool) -> Item<'a> {
    match (item.view(), part.view()) {
        (View::List(_) | View::Map(_), _) => is_member(item.view(), part.view(), is_lenient).into_item(),
        (View::Unknown(unknown), View::Text(part)) if unknown.known.contains(part) => Item::Bool(true),
        _ => predicate(item, part, is_lenient, |text, part| text.contains(part)),
    }
}

pub(super) fn starts_with<'a>(item: &Item<'a>, part: &Item<'a>, is_lenient: bool) -> Item<'a> {
    match (item.view(), part.view()) {
        (View::Unknown(unknown), View::Text(part)) => match unknown.known.prefix.as_deref() {
            Some(prefix) if prefix.starts_with(part) => Item::Bool(true),
            Some(prefix) if !part.starts_with(prefix) => Item::Bool(false),
            _ => Item::Unknown(Arc::clone(unknown)),
        },
        _ => predicate(item, part, is_lenient, |text, part| text.starts_with(part)),
    }
}

pub(super) fn ends_with<'a>(item: &Item<'a>, part: &Item<'a>, is_lenient: bool) -> Item<'a> {
    match (item.view(), part.view()) {
        (View::Unknown(unknown), View::Text(part)) => match unknown.known.suffix() {
            Some(suffix) if suffix.ends_with(part) => Item::Bool(true),
            Some(suffix) if !part.ends_with(suffix) => Item::Bool(false),
            _ => Item::Unknown(Arc::clone(unknown)),
        },
        _ => predicate(item, part, is_lenient, |text, part| text.ends_with(part)),
    }
}

/// A question about two texts. Of what is absent nothing holds.
fn predicate<'a>(
    item: &Item<'a>,
    part: &Item<'a>,
    is_lenient: bool,
    holds: impl FnOnce(&str, &str) -> bool,
) -> Item<'a> {
    match (item.view(), part.view()) {
        (View::Absent, _) | (_, View::Absent) => Item::Bool(false),
        (text, View::Text(part)) => match spelled(text, is_lenient) {
            Some(text) => Item::Bool(holds(&text, part)),
            None => not_text(text),
        },
        (View::Text(_), other) | (other, _) => not_text(other),
    }
}

/// A text, or how a number is written where the format takes one for the other.
fn spelled<'v>(view: View<'v, '_>, is_lenient: bool) -> Option<Cow<'v, str>> {
    match view {
        View::Text(text) => Some(Cow::Borrowed(text)),
        View::Integer(number) if is_lenient => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

pub(super) fn matches<'a>(run: &Run<'a>, item: &Item<'a>, pattern: &Item<'a>) -> Item<'a> {
    if let (View::Unknown(unknown), View::Text(pattern)) = (item.view(), pattern.view()) {
        let decided =
            PartialText::of(unknown).and_then(|text| run.world.patterns.is_partial_match(pattern, &text));
        return decided.map_or_else(|| Item::Unknown(Arc::clone(unknown)), Item::Bool);
    }
    match (spelled(item.view(), run.is_lenient()), pattern.view()) {
        (Some(text), View::Text(pattern)) => match run.world.patterns.is_match(pattern, &text) {
            Some(found) => Item::Bool(found),
            None => Item::unknown(format_smolstr!("`{pattern}` is no regular expression")),
        },
        _ => predicate(item, pattern, false, |_, _| false),
    }
}

pub(super) fn glob<'a>(run: &Run<'a>, pattern: &Item<'a>, item: &Item<'a>) -> Item<'a> {
    match (pattern.view(), item.view()) {
        (View::Text(pattern), View::Text(text)) => match run.world.patterns.is_glob_match(pattern, text) {
            Some(found) => Item::Bool(found),
            None => Item::unknown(format_smolstr!("`{pattern}` is no path pattern")),
        },
        _ => predicate(item, pattern, false, |_, _| false),
    }
}

pub(super) fn split<'a>(item: &Item<'a>, separator: &Item<'a>) -> Item<'a> {
    match (item.view(), separator.view()) {
        (View::Text(text), View::Text("")) => {
            Item::list(text.chars().map(|character| Item::text(format_smolstr!("{character}"))).collect())
        }
        (View::Text(text), View::Text(separator)) => {
            Item::list(text.split(separator).map(Item::text).collect())
        }
        (View::Text(_), other) | (other, _) => not_text(other),
    }
}

pub(super) fn join<'a>(item: &Item<'a>, separator: Option<&Item<'a>>) -> Item<'a> {
    let separator = match separator.map(Item::view) {
        None => "",
        Some(View::Text(separator)) => separator,
        Some(other) => return not_text(other),
    };
    let Some(list) = as_list(item) else { return not_text(item.view()) };
    if let Some(open) = list.open() {
        return Item::Unknown(Arc::clone(open));
    }
    let mut parts = Vec::with_capacity(list.len());
    for element in list.iter() {
        match element {
            View::Text(text) => parts.push(text.to_owned()),
            View::Integer(number) => parts.push(number.to_string()),
            View::Bool(value) => parts.push(value.to_string()),
            View::Absent => {}
            other => return not_text(other),
        }
    }
    Item::text(parts.join(separator))
}

pub(super) fn replace<'a>(item: &Item<'a>, from: &Item<'a>, to: &Item<'a>) -> Item<'a> {
    match (item.view(), from.view(), to.view()) {
        (View::Text(text), View::Text(from), View::Text(to)) => Item::text(text.replace(from, to)),
        (View::Text(_), View::Text(_), other) | (View::Text(_), other, _) | (other, ..) => not_text(other),
    }
}

/// The elements of the lists in a list; elements that are no lists stay.
pub(super) fn flatten<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Item<'a> {
    let Some(outer) = as_list(item) else { return not_text(item.view()) };
    let mut flat = List { elements: Vec::new(), open: outer.open().map(Arc::clone) };
    for number in 0..outer.len() {
        let inner = run.element(item, number);
        match inner.view() {
            View::Absent => {}
            View::Unknown(unknown) => flat.open = flat.open.or_else(|| Some(Arc::clone(unknown))),
            View::List(list) => {
                flat.open = flat.open.or_else(|| list.open().map(Arc::clone));
                for index in 0..list.len() {
                    flat.elements.push(run.element(&inner, index));
                }
            }
            _ => flat.elements.push(inner),
        }
    }
    Item::List(Arc::new(flat))
}

/// The text of a scalar.
pub(super) fn string<'a>(item: &Item<'a>) -> Item<'a> {
    match item.view() {
        View::Text(text) => Item::text(text),
        View::Bool(value) => Item::text(format_smolstr!("{value}")),
        View::Integer(value) => Item::text(format_smolstr!("{value}")),
        View::Float(value) => Item::text(format_smolstr!("{value}")),
        other => not_text(other),
    }
}

/// The whole number that a text or number stands for; towards zero.
pub(super) fn int<'a>(item: &Item<'a>) -> Item<'a> {
    match item.view() {
        View::Integer(value) => Item::Integer(value),
        View::Bool(value) => Item::Integer(i64::from(value)),
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        View::Float(value) if value.abs() < 9.2e18 => Item::Integer(value as i64),
        View::Text(text) => match text.trim().parse() {
            Ok(value) => Item::Integer(value),
            Err(_) => Item::unknown("the text is no whole number"),
        },
        other => not_text(other),
    }
}

pub(super) fn double<'a>(item: &Item<'a>) -> Item<'a> {
    match item.view() {
        View::Text(text) => match compare::number(View::Text(text), true) {
            Some(value) => Item::Float(value),
            None => Item::unknown("the text is no number"),
        },
        view => compare::number(view, false).map_or_else(|| not_text(view), Item::Float),
    }
}

pub(super) fn semver<'a>(item: &Item<'a>) -> Item<'a> {
    let text = string(item);
    on_text(&text, |text| match Version::parse(text) {
        Some(version) => Item::Version(Arc::new(version)),
        None => Item::unknown("the text is no version"),
    })
}

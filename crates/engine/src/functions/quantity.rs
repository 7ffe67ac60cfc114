//! Quantities and durations.

use super::not_text;
use crate::item::{Item, View};

/// The suffixes of Kubernetes quantities (API reference, `resource.Quantity`) and what they multiply by.
const SUFFIXES: [(&str, f64); 15] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];

/// The number that a quantity such as `500m` or `1Gi` stands for.
pub(super) fn quantity<'a>(item: &Item<'a>) -> Item<'a> {
    match item.view() {
        View::Integer(value) => Item::Integer(value),
        View::Float(value) => Item::Float(value),
        View::Text(text) => match parse_quantity(text.trim()) {
            Some(value) => Item::Float(value),
            None => Item::unknown("the text is no quantity such as `500m` or `1Gi`"),
        },
        other => not_text(other),
    }
}

fn parse_quantity(text: &str) -> Option<f64> {
    // `1E3` is an exponent, `1E` a suffix: a plain number goes first.
    if let Some(number) = parse_number(text) {
        return Some(number);
    }
    let (digits, factor) = SUFFIXES
        .iter()
        .find_map(|(suffix, factor)| text.strip_suffix(suffix).map(|digits| (digits, *factor)))?;
    parse_number(digits).map(|number| number * factor)
}

/// Digits only: Rust would also take `inf` and `nan`.
fn parse_number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if is_plain { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}

/// A span of time in seconds: a number of seconds, `1h30m` as Go and Kubernetes write it, `30d`, or ISO 8601 (`P1DT12H`).
pub(super) fn duration<'a>(item: &Item<'a>) -> Item<'a> {
    match item.view() {
        View::Integer(value) => Item::Integer(value),
        View::Float(value) => Item::Float(value),
        View::Text(text) => match parse_duration(text.trim()) {
            Some(seconds) => seconds_item(seconds),
            None => Item::unknown("the text is no duration such as `1h30m` or `P1D`"),
        },
        other => not_text(other),
    }
}

fn seconds_item<'a>(seconds: f64) -> Item<'a> {
    #[expect(clippy::cast_possible_truncation, reason = "the range and the fraction are checked")]
    if seconds.fract() == 0.0 && seconds.abs() < 9e15 {
        Item::Integer(seconds as i64)
    } else {
        Item::Float(seconds)
    }
}

const DAY: f64 = 86_400.0;

fn parse_duration(text: &str) -> Option<f64> {
    if let Some(number) = parse_number(text) {
        return Some(number);
    }
    if let Some(iso) = text.strip_prefix('P') {
        let (date, time) = iso.split_once('T').unwrap_or((iso, ""));
        let years = [("Y", 365.0 * DAY), ("M", 30.0 * DAY), ("W", 7.0 * DAY), ("D", DAY)];
        let hours = [("H", 3600.0), ("M", 60.0), ("S", 1.0)];
        return (!iso.is_empty())
            .then_some(())
            .and_then(|()| Some(parse_units(date, &years)? + parse_units(time, &hours)?));
    }
    let units = [
        ("ms", 1e-3),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ns", 1e-9),
        ("y", 365.0 * DAY),
        ("w", 7.0 * DAY),
        ("d", DAY),
        ("h", 3600.0),
        ("m", 60.0),
        ("s", 1.0),
    ];
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    if text.is_empty() { None } else { parse_units(text, &units).map(|seconds| sign * seconds) }
}

/// A sequence of numbers with units: `1h30m`.
fn parse_units(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|length| *length > 0)?;
        let (number, behind) = rest.split_at_checked(digits)?;
        let (unit, factor) = units.iter().find(|(unit, _)| behind.starts_with(unit))?;
        total += number.parse::<f64>().ok()? * factor;
        rest = behind.get(unit.len()..)?;
    }
    Some(total)
}

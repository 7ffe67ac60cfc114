//! Dates as go-yaml writes them back.

use std::fmt::Write;

/// A plain scalar that go-yaml v3 takes for a time, as its JSON shows it: RFC 3339 with the fraction cut short
/// (`2001-12-14` is `2001-12-14T00:00:00Z`). Formats and order follow go-yaml's `parseTimestamp`.
pub(super) fn rewrite(text: &str) -> Option<String> {
    // Four digits and a dash: everything else is no date, at the price of one look.
    if text.as_bytes().get(4) != Some(&b'-') || !text.is_char_boundary(4) {
        return None;
    }
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, time) = text.split_at(end);
    let mut date_parts = date.split('-');
    let year = number(date_parts.next()?, 4..=4, 0..=9999)?;
    let month = number(date_parts.next()?, 1..=2, 1..=12)?;
    let day = number(date_parts.next()?, 1..=2, 1..=days_in(year, month))?;
    if date_parts.next().is_some() {
        return None;
    }
    let mut written = format!("{year:04}-{month:02}-{day:02}T");
    match time.get(..1) {
        None | Some("") => written.push_str("00:00:00Z"),
        Some(separator) => {
            let (clock, zone) = split_zone(time.get(1..)?, separator == " ")?;
            write_clock(&mut written, clock)?;
            written.push_str(zone);
        }
    }
    Some(written)
}

/// The time of day and its zone; behind a blank there is none, and UTC is meant.
fn split_zone(time: &str, is_plain: bool) -> Option<(&str, &str)> {
    if is_plain {
        return Some((time, "Z"));
    }
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, "Z"));
    }
    let (clock, zone) = time.split_at_checked(time.rfind(['+', '-'])?)?;
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    number(hours, 2..=2, 0..=24)?;
    number(minutes, 2..=2, 0..=60)?;
    Some((clock, if zone == "+00:00" || zone == "-00:00" { "Z" } else { zone }))
}

fn write_clock(written: &mut String, clock: &str) -> Option<()> {
    let mut parts = clock.split(':');
    let hour = number(parts.next()?, 1..=2, 0..=23)?;
    let minute = number(parts.next()?, 1..=2, 0..=59)?;
    let seconds = parts.next()?;
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let second = number(second, 1..=2, 0..=59)?;
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !is_fraction {
        return None;
    }
    write!(written, "{hour:02}:{minute:02}:{second:02}").ok()?;
    // Nanoseconds, as far as they say something.
    let fraction = fraction.get(..9).unwrap_or(fraction).trim_end_matches('0');
    if !fraction.is_empty() {
        write!(written, ".{fraction}").ok()?;
    }
    Some(())
}

fn number(
    text: &str,
    digits: std::ops::RangeInclusive<usize>,
    values: std::ops::RangeInclusive<u32>,
) -> Option<u32> {
    let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    text.parse().ok().filter(|value| values.contains(value))
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

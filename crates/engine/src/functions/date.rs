//! Dates and schedules.

use super::{not_text, on_text};
use crate::item::{Item, View};
use jiff::Timestamp;
use jiff::civil::Date;

mod cron;

/// A date as a number of days since 1970-01-01, so that dates compare.
pub(super) fn date<'a>(text: &str) -> Item<'a> {
    parse(text).map_or_else(not_date, |date| Item::Integer(day_number(date)))
}

/// The days from a date, as text or as [`date`] gives it, to the day of the scan. Negative for a date to come.
pub(super) fn age_days<'a>(item: &Item<'a>, as_of: &str) -> Item<'a> {
    let Some(today) = parse(as_of) else { return Item::unknown("the day of the scan is not known") };
    match item.view() {
        View::Integer(day) => Item::Integer(day_number(today).saturating_sub(day)),
        View::Text(_) => on_text(item, |text| match parse(text) {
            Some(date) => Item::Integer(day_number(today) - day_number(date)),
            None => not_date(),
        }),
        other => not_text(other),
    }
}

fn not_date<'a>() -> Item<'a> {
    Item::unknown("the text is no date such as `2026-01-31`")
}

/// `2026-01-31`, with or without a time behind it; `2026/01/31`; `January 31, 2026`; `31 January 2026`.
fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp.to_zoned(jiff::tz::TimeZone::UTC).date());
    }
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let formats = ["%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y"];
    formats.iter().find_map(|format| Date::strptime(format, text).ok())
}

fn day_number(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.since(epoch).map_or(0, |span| i64::from(span.get_days()))
}

/// The longest gap between two runs of a cron schedule, in seconds.
pub(super) fn cron_interval<'a>(text: &str) -> Item<'a> {
    match cron::longest_gap_seconds(text) {
        Some(seconds) => Item::Integer(seconds),
        None => Item::unknown("the text is no schedule such as `0 3 * * *`"),
    }
}

//! Days as `YYYY-MM-DD`.

use jiff::civil::Date;

/// The day, where the text is one in exactly that form.
fn parse_date(text: &str) -> Option<Date> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_plain { text.parse().ok() } else { None }
}

/// Whether the text is a day of the calendar, as `YYYY-MM-DD`. Such texts compare as the days they name.
#[must_use]
pub fn is_date(text: &str) -> bool {
    parse_date(text).is_some()
}

/// The days from `day` to `as_of`, negative where it lies ahead; `None` where one is no date.
#[must_use]
pub fn age_days(day: &str, as_of: &str) -> Option<i64> {
    let span = parse_date(day)?.until(parse_date(as_of)?).ok()?;
    Some(i64::from(span.get_days()))
}

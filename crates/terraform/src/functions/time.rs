//! Dates and durations. What depends on the moment of the run is not known.

use super::{Call, Function, NUMBER, STRING, function};
use proofmark_model::{Data, Known, Unknown, Value};
use smol_str::format_smolstr;

pub(super) const FUNCTIONS: &[Function] = &[
    function("timestamp", (0, 0), STRING, |call| now(call, "timestamp")).handles_unknown(),
    function("plantimestamp", (0, 0), STRING, |call| now(call, "plantimestamp")).handles_unknown(),
    function("timeadd", (2, 2), STRING, time_add),
    function("timecmp", (2, 2), NUMBER, time_compare),
    function("formatdate", (2, 2), STRING, format_date),
];

fn now(call: &Call<'_>, name: &str) -> Result<Value, String> {
    let mut unknown = Unknown::because(format_smolstr!("`{name}` is the moment of the run"));
    unknown.known = Known { shape: STRING, is_set: true, ..Known::default() };
    Ok(Value::unknown(unknown, call.span))
}

/// A moment as RFC 3339 writes it.
#[derive(Clone, Copy)]
struct Moment {
    /// Seconds since 1970 in its own time zone.
    local_seconds: i64,
    offset_seconds: i64,
}

/// A moment as a calendar shows it.
struct Calendar {
    year: i64,
    month: usize,
    day: i64,
    /// From Sunday, 0.
    weekday: usize,
    hour: i64,
    minute: i64,
    second: i64,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The day number of a date, from 1970-01-01 (Howard Hinnant, *chrono-compatible low-level date algorithms*).
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn date_of(day_number: i64) -> (i64, i64, i64) {
    let shifted = day_number + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

impl Moment {
    fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| format!("`{text}` is no moment such as `2026-01-31T12:00:00Z`"))
    }

    fn read(text: &str) -> Option<Self> {
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
        let mark = |index: usize| text.as_bytes().get(index).copied();
        let is_shaped = mark(4) == Some(b'-') && mark(7) == Some(b'-') && mark(10) == Some(b'T');
        if !is_shaped || mark(13) != Some(b':') || mark(16) != Some(b':') {
            return None;
        }
        let (month, day) = (number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let zone = text.get(19..)?.trim_start_matches(|mark: char| mark == '.' || mark.is_ascii_digit());
        let offset_seconds = match zone {
            "Z" => 0,
            _ => {
                let sign = if zone.starts_with('-') { -1 } else { 1 };
                let (hours, minutes) = zone.get(1..)?.split_once(':')?;
                sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60)
            }
        };
        let days = day_number(number(0..4)?, month, day);
        Some(Self { local_seconds: days * 86_400 + hour * 3600 + minute * 60 + second, offset_seconds })
    }

    fn calendar(self) -> Calendar {
        let days = self.local_seconds.div_euclid(86_400);
        let seconds = self.local_seconds.rem_euclid(86_400);
        let (year, month, day) = date_of(days);
        Calendar {
            year,
            month: usize::try_from(month).unwrap_or(1),
            day,
            weekday: usize::try_from((days + 4).rem_euclid(7)).unwrap_or(0),
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }

    fn zone(self, colon: &str) -> String {
        let sign = if self.offset_seconds < 0 { '-' } else { '+' };
        let minutes = self.offset_seconds.abs() / 60;
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    fn text(self) -> String {
        let at = self.calendar();
        let zone = if self.offset_seconds == 0 { String::from("Z") } else { self.zone(":") };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            at.year, at.month, at.day, at.hour, at.minute, at.second
        )
    }
}

/// The seconds of a duration as Go writes it: `1h30m`, `-2.5s`.
fn duration_seconds(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is no duration such as `1h30m`");
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total = 0.0;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let end = rest.find(|mark: char| !(mark.is_ascii_digit() || mark == '.')).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let unit_end = after.find(|mark: char| mark.is_ascii_digit() || mark == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let scale = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ if unit.is_empty() && number == "0" => 0.0,
            _ => return Err(wrong()),
        };
        total += number.parse::<f64>().map_err(|_| wrong())? * scale;
        rest = after;
    }
    Ok(sign * total)
}

#[allow(clippy::cast_possible_truncation, reason = "durations beyond the range are cut")]
fn time_add(call: &Call<'_>) -> Result<Value, String> {
    let moment = Moment::parse(&call.text(0)?)?;
    let seconds = duration_seconds(&call.text(1)?)?.floor() as i64;
    // Beyond this a year has more than four digits.
    let bounded = seconds.clamp(-200_000_000_000, 200_000_000_000);
    call.string(Moment { local_seconds: moment.local_seconds + bounded, ..moment }.text())
}

fn time_compare(call: &Call<'_>) -> Result<Value, String> {
    let (a, b) = (Moment::parse(&call.text(0)?)?, Moment::parse(&call.text(1)?)?);
    let order = (a.local_seconds - a.offset_seconds).cmp(&(b.local_seconds - b.offset_seconds));
    call.data(Data::Integer(order as i64))
}

fn format_date(call: &Call<'_>) -> Result<Value, String> {
    let pattern = call.text(0)?;
    let moment = Moment::parse(&call.text(1)?)?;
    let at = moment.calendar();
    let mut made = String::new();
    let mut rest = pattern.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let end = quoted.find('\'').ok_or("a quoted text is not closed by `'`")?;
            made.push_str(if end == 0 { "'" } else { quoted.get(..end).unwrap_or("") });
            rest = quoted.get(end + 1..).unwrap_or("");
            continue;
        }
        let length = rest.len() - rest.trim_start_matches(first).len();
        let run = rest.get(..length).unwrap_or("");
        rest = rest.get(length..).unwrap_or("");
        if !first.is_ascii_alphabetic() {
            made.push_str(run);
            continue;
        }
        made.push_str(&date_part(run, &at, moment).ok_or_else(|| format!("`{run}` is no part of a date"))?);
    }
    call.string(made)
}

fn date_part(run: &str, at: &Calendar, moment: Moment) -> Option<String> {
    let month = MONTHS.get(at.month.checked_sub(1)?).copied()?;
    let weekday = DAYS.get(at.weekday).copied()?;
    let half = if at.hour < 12 { "AM" } else { "PM" };
    let twelve = (at.hour + 11) % 12 + 1;
    Some(match run {
        "YYYY" => format!("{:04}", at.year),
        "YY" => format!("{:02}", at.year % 100),
        "MMMM" => month.to_owned(),
        "MMM" => month.get(..3)?.to_owned(),
        "MM" => format!("{:02}", at.month),
        "M" => at.month.to_string(),
        "DD" => format!("{:02}", at.day),
        "D" => at.day.to_string(),
        "EEEE" => weekday.to_owned(),
        "EEE" => weekday.get(..3)?.to_owned(),
        "hh" => format!("{:02}", at.hour),
        "h" => at.hour.to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => half.to_owned(),
        "aa" => half.to_lowercase(),
        "mm" => format!("{:02}", at.minute),
        "m" => at.minute.to_string(),
        "ss" => format!("{:02}", at.second),
        "s" => at.second.to_string(),
        "ZZZZZ" => moment.zone(":"),
        "ZZZZ" => moment.zone(""),
        "ZZZ" if moment.offset_seconds == 0 => String::from("UTC"),
        "ZZZ" => moment.zone(""),
        "Z" if moment.offset_seconds == 0 => String::from("Z"),
        "Z" => moment.zone(":"),
        _ => return None,
    })
}

//! Dates and durations. What depends on the moment of the run is not known.

use super::date::{Calendar, DAYS, MONTHS, Moment};
use super::signature::{Function, function, string};
use super::{Call, Made, NUMBER, STRING, duration};
use proofmark_model::{Data, Known};
use smol_str::format_smolstr;

pub(super) const FUNCTIONS: &[Function] = &[
    function("timestamp", &[], STRING, now),
    function("plantimestamp", &[], STRING, now),
    function("timeadd", &[string("timestamp"), string("duration")], STRING, |call| {
        let moment = Moment::parse(&call.text(0)?)?;
        call.string(moment.later(duration::nanoseconds(&call.text(1)?)?).text())
    }),
    function("timecmp", &[string("timestamp_a"), string("timestamp_b")], NUMBER, |call| {
        let (a, b) = (Moment::parse(&call.text(0)?)?, Moment::parse(&call.text(1)?)?);
        call.data(Data::Integer(a.order().cmp(&b.order()) as i64))
    }),
    function("formatdate", &[string("format"), string("time")], STRING, format_date),
];

fn now(call: &Call<'_>) -> Made {
    // `2026-01-31T12:00:00Z`
    let length = Some(20);
    let known =
        Known { shape: STRING, is_set: true, min_length: length, max_length: length, ..Known::default() };
    call.because(format_smolstr!("`{}` is the moment of the run", call.name), known)
}

fn format_date(call: &Call<'_>) -> Made {
    let pattern = call.text(0)?;
    let moment = Moment::parse(&call.text(1)?)?;
    let at = moment.calendar();
    let mut made = String::new();
    let mut rest = pattern.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            rest = push_quoted(quoted, &mut made).ok_or("a quoted text is not closed by `'`")?;
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

/// Takes a quoted text, in which two quotes stand for one; gives what stands behind it.
fn push_quoted<'t>(mut quoted: &'t str, made: &mut String) -> Option<&'t str> {
    loop {
        let (text, after) = quoted.split_once('\'')?;
        made.push_str(text);
        let Some(more) = after.strip_prefix('\'') else { return Some(after) };
        made.push('\'');
        quoted = more;
    }
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
        "ZZZ" if moment.is_utc() => String::from("UTC"),
        "ZZZ" => moment.zone(""),
        "Z" if moment.is_utc() => String::from("Z"),
        "Z" => moment.zone(":"),
        _ => return None,
    })
}

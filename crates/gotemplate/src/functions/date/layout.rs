//! Go's layouts: the reference moment is Monday, 2 January 2006, 15:04:05, seven hours west of Greenwich.

use crate::value::Time;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// A part of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    LongMonth,
    Month,
    NumberMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    SpaceDay,
    ZeroDay,
    SpaceYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperHalf,
    LowerHalf,
    ZoneName,
    /// `Z` stands for UTC; with a colon; with minutes.
    Zone {
        utc_as_z: bool,
        has_colon: bool,
        has_minutes: bool,
    },
    /// So many digits; whether trailing zeros are dropped.
    Fraction(usize, bool),
}

const PARTS: [(&str, Part); 33] = [
    ("January", Part::LongMonth),
    ("Jan", Part::Month),
    ("Monday", Part::LongWeekday),
    ("Mon", Part::Weekday),
    ("MST", Part::ZoneName),
    ("002", Part::ZeroYearDay),
    ("__2", Part::SpaceYearDay),
    ("01", Part::ZeroMonth),
    ("02", Part::ZeroDay),
    ("03", Part::ZeroHour12),
    ("04", Part::ZeroMinute),
    ("05", Part::ZeroSecond),
    ("06", Part::Year),
    ("15", Part::Hour),
    ("2006", Part::LongYear),
    ("_2", Part::SpaceDay),
    ("-07:00", zone(false, true, true)),
    ("-0700", zone(false, false, true)),
    ("-07", zone(false, false, false)),
    ("Z07:00", zone(true, true, true)),
    ("Z0700", zone(true, false, true)),
    ("Z07", zone(true, false, false)),
    ("PM", Part::UpperHalf),
    ("pm", Part::LowerHalf),
    ("1", Part::NumberMonth),
    ("2", Part::Day),
    ("3", Part::Hour12),
    ("4", Part::Minute),
    ("5", Part::Second),
    (".000", Part::Fraction(3, false)),
    (".999", Part::Fraction(3, true)),
    (",000", Part::Fraction(3, false)),
    (",999", Part::Fraction(3, true)),
];

const fn zone(utc_as_z: bool, has_colon: bool, has_minutes: bool) -> Part {
    Part::Zone { utc_as_z, has_colon, has_minutes }
}

/// A layout as literal texts and parts.
enum Piece<'l> {
    Text(&'l str),
    Part(Part),
}

fn pieces(layout: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = layout.get(at..).filter(|rest| !rest.is_empty()) {
        match part_at(rest) {
            Some((length, part)) => {
                pieces.push(Piece::Text(layout.get(start..at).unwrap_or("")));
                pieces.push(Piece::Part(part));
                at += length;
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    pieces.push(Piece::Text(layout.get(start..).unwrap_or("")));
    pieces
}

fn part_at(rest: &str) -> Option<(usize, Part)> {
    if let Some(mark) = rest.strip_prefix(['.', ',']) {
        let digit = mark.chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
        let count = mark.chars().take_while(|next| *next == digit).count();
        let ends = !mark.chars().nth(count).is_some_and(|next| next.is_ascii_digit());
        return ends.then_some((count + 1, Part::Fraction(count, digit == '9')));
    }
    // `Jan` in `Janet` is no month to Go.
    let is_word = |word: &str| {
        !rest.get(word.len()..).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_lowercase()))
    };
    PARTS
        .iter()
        .filter(|(text, _)| rest.starts_with(text) && (!matches!(*text, "Jan" | "Mon") || is_word(text)))
        .max_by_key(|(text, _)| text.len())
        .map(|(text, part)| (text.len(), *part))
}

/// A moment in a layout.
pub(crate) fn layout_time(time: Time, layout: &str) -> String {
    let Some(local) = civil(time) else { return String::new() };
    let mut text = String::new();
    for piece in pieces(layout) {
        match piece {
            Piece::Text(literal) => text.push_str(literal),
            Piece::Part(part) => text.push_str(&shown(part, local, time.offset)),
        }
    }
    text
}

fn civil(time: Time) -> Option<DateTime> {
    let offset = Offset::from_seconds(time.offset).ok()?;
    Some(offset.to_datetime(Timestamp::from_second(time.seconds).ok()?))
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

fn weekday(local: DateTime) -> &'static str {
    match local.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn shown(part: Part, local: DateTime, offset: i32) -> String {
    let month =
        usize::try_from(local.month() - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or("");
    let hour12 = if local.hour() % 12 == 0 { 12 } else { local.hour() % 12 };
    match part {
        Part::LongMonth => month.to_owned(),
        Part::Month => month.get(..3).unwrap_or("").to_owned(),
        Part::NumberMonth => local.month().to_string(),
        Part::ZeroMonth => format!("{:02}", local.month()),
        Part::LongWeekday => weekday(local).to_owned(),
        Part::Weekday => weekday(local).get(..3).unwrap_or("").to_owned(),
        Part::Day => local.day().to_string(),
        Part::SpaceDay => format!("{:2}", local.day()),
        Part::ZeroDay => format!("{:02}", local.day()),
        Part::SpaceYearDay => format!("{:3}", local.day_of_year()),
        Part::ZeroYearDay => format!("{:03}", local.day_of_year()),
        Part::Hour => format!("{:02}", local.hour()),
        Part::Hour12 => hour12.to_string(),
        Part::ZeroHour12 => format!("{hour12:02}"),
        Part::Minute => local.minute().to_string(),
        Part::ZeroMinute => format!("{:02}", local.minute()),
        Part::Second => local.second().to_string(),
        Part::ZeroSecond => format!("{:02}", local.second()),
        Part::LongYear => format!("{:04}", local.year()),
        Part::Year => format!("{:02}", local.year().rem_euclid(100)),
        Part::UpperHalf => if local.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        Part::LowerHalf => if local.hour() < 12 { "am" } else { "pm" }.to_owned(),
        Part::ZoneName if offset == 0 => "UTC".to_owned(),
        Part::ZoneName => zone_text(offset, false, offset % 3_600 != 0),
        Part::Zone { utc_as_z: true, .. } if offset == 0 => "Z".to_owned(),
        Part::Zone { has_colon, has_minutes, .. } => zone_text(offset, has_colon, has_minutes),
        // Whole seconds are all that we keep.
        Part::Fraction(_, true) => String::new(),
        Part::Fraction(digits, false) => format!(".{}", "0".repeat(digits)),
    }
}

fn zone_text(offset: i32, has_colon: bool, has_minutes: bool) -> String {
    let minutes = offset.abs() / 60;
    let sign = if offset < 0 { '-' } else { '+' };
    let rest = match (has_minutes, has_colon) {
        (false, _) => String::new(),
        (true, true) => format!(":{:02}", minutes % 60),
        (true, false) => format!("{:02}", minutes % 60),
    };
    format!("{sign}{:02}{rest}", minutes / 60)
}

/// What a text said, as far as it was read.
struct Read {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    is_afternoon: Option<bool>,
    offset: i32,
}

/// `time.Parse`; `None` where the text does not fit the layout.
pub(super) fn parse_time(layout: &str, text: &str) -> Option<Time> {
    let mut read =
        Read { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, is_afternoon: None, offset: 0 };
    let mut rest = text;
    for piece in pieces(layout) {
        match piece {
            Piece::Text(literal) => rest = rest.strip_prefix(literal)?,
            Piece::Part(part) => rest = read_part(part, rest, &mut read)?,
        }
    }
    let hour = match read.is_afternoon {
        Some(true) if read.hour < 12 => read.hour + 12,
        Some(false) if read.hour == 12 => 0,
        _ => read.hour,
    };
    let local = Date::new(read.year, read.month, read.day).ok()?;
    let local = DateTime::from_parts(local, jiff::civil::Time::new(hour, read.minute, read.second, 0).ok()?);
    let utc = local.checked_sub(SignedDuration::from_secs(i64::from(read.offset))).ok()?;
    let seconds = Offset::UTC.to_timestamp(utc).ok()?.as_second();
    rest.is_empty().then_some(Time { seconds, offset: read.offset })
}

fn read_part<'t>(part: Part, text: &'t str, read: &mut Read) -> Option<&'t str> {
    let name = |names: &mut dyn Iterator<Item = &'static str>| -> Option<(usize, usize)> {
        names.enumerate().find_map(|(place, name)| {
            let start = text.get(..name.len())?;
            start.eq_ignore_ascii_case(name).then_some((place, name.len()))
        })
    };
    match part {
        Part::LongMonth | Part::Month => {
            let short = part == Part::Month;
            let mut names =
                MONTHS.iter().map(|name| if short { name.get(..3).unwrap_or(name) } else { name });
            let (place, length) = name(&mut names)?;
            read.month = i8::try_from(place + 1).ok()?;
            text.get(length..)
        }
        Part::LongWeekday | Part::Weekday => {
            let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
            let short = part == Part::Weekday;
            let mut names =
                days.into_iter().map(|name| if short { name.get(..3).unwrap_or(name) } else { name });
            text.get(name(&mut names)?.1..)
        }
        Part::UpperHalf | Part::LowerHalf => {
            read.is_afternoon = Some(text.get(..2)?.eq_ignore_ascii_case("pm"));
            text.get(2..)
        }
        Part::ZoneName => {
            let end = text.find(|next: char| !next.is_ascii_alphabetic()).unwrap_or(text.len());
            text.get(end.max(1)..)
        }
        Part::Zone { utc_as_z: true, .. } if text.starts_with('Z') => text.get(1..),
        Part::Zone { has_colon, has_minutes, .. } => read_zone(text, (has_colon, has_minutes), read),
        Part::Fraction(digits, _) => {
            let found = text.get(1..)?.bytes().take_while(u8::is_ascii_digit).count();
            text.get(1 + found.min(digits)..)
        }
        _ => read_number(part, text, read),
    }
}

fn read_zone<'t>(text: &'t str, form: (bool, bool), read: &mut Read) -> Option<&'t str> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours: i32 = text.get(1..3)?.parse().ok()?;
    let (minutes, end): (i32, usize) = match form {
        (_, false) => (0, 3),
        (true, true) => (text.get(3..)?.strip_prefix(':')?.get(..2)?.parse().ok()?, 6),
        (false, true) => (text.get(3..5)?.parse().ok()?, 5),
    };
    read.offset = sign * (hours * 3_600 + minutes * 60);
    text.get(end..)
}

fn read_number<'t>(part: Part, text: &'t str, read: &mut Read) -> Option<&'t str> {
    let text =
        if matches!(part, Part::SpaceDay | Part::SpaceYearDay) { text.trim_start_matches(' ') } else { text };
    let most = match part {
        Part::LongYear => 4,
        Part::ZeroYearDay | Part::SpaceYearDay => 3,
        _ => 2,
    };
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let number: i16 = text.get(..digits)?.parse().ok()?;
    let small = i8::try_from(number).ok();
    match part {
        Part::LongYear => read.year = number,
        Part::Year => read.year = if number >= 69 { 1900 + number } else { 2000 + number },
        Part::NumberMonth | Part::ZeroMonth => read.month = small?,
        Part::Day | Part::SpaceDay | Part::ZeroDay => read.day = small?,
        Part::Hour | Part::Hour12 | Part::ZeroHour12 => read.hour = small?,
        Part::Minute | Part::ZeroMinute => read.minute = small?,
        Part::Second | Part::ZeroSecond => read.second = small?,
        _ => {}
    }
    text.get(digits..)
}

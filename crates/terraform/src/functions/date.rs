//! Moments as RFC 3339 writes them, and the calendar.

/// A moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Seconds since 1970 in its own time zone.
    local_seconds: i64,
    nanoseconds: u32,
    offset_seconds: i64,
}

/// A moment as a calendar shows it.
pub(super) struct Calendar {
    pub year: i64,
    pub month: usize,
    pub day: i64,
    /// From Sunday, 0.
    pub weekday: usize,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

pub(super) const MONTHS: [&str; 12] = [
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
pub(super) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

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

/// The days of a month.
fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    day_number(next_year, next_month, 1) - day_number(year, month, 1)
}

impl Moment {
    /// Reads a moment such as `2026-01-31T12:00:00Z`.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).ok_or_else(|| format!("`{text}` is no moment such as `2026-01-31T12:00:00Z`"))
    }

    fn read(text: &str) -> Option<Self> {
        let number = |range: std::ops::Range<usize>| digits(text.get(range)?);
        let mark = |index: usize| text.as_bytes().get(index).copied();
        let is_shaped = mark(4) == Some(b'-') && mark(7) == Some(b'-') && mark(10) == Some(b'T');
        if !is_shaped || mark(13) != Some(b':') || mark(16) != Some(b':') {
            return None;
        }
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (nanoseconds, zone) = fraction(text.get(19..)?)?;
        Some(Self {
            local_seconds: day_number(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second,
            nanoseconds,
            offset_seconds: zone_seconds(zone)?,
        })
    }

    /// The moment that is that many nanoseconds later.
    pub fn later(self, nanoseconds: i64) -> Self {
        const SECOND: i64 = 1_000_000_000;
        let sum = i64::from(self.nanoseconds) + nanoseconds.rem_euclid(SECOND);
        Self {
            local_seconds: self.local_seconds + nanoseconds.div_euclid(SECOND) + sum.div_euclid(SECOND),
            nanoseconds: u32::try_from(sum.rem_euclid(SECOND)).unwrap_or(0),
            ..self
        }
    }

    /// What orders moments of all time zones.
    pub fn order(self) -> (i64, u32) {
        (self.local_seconds - self.offset_seconds, self.nanoseconds)
    }

    pub fn is_utc(self) -> bool {
        self.offset_seconds == 0
    }

    pub fn calendar(self) -> Calendar {
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

    /// The time zone: `+02:00`, or with nothing for `colon`, `+0200`.
    pub fn zone(self, colon: &str) -> String {
        let sign = if self.offset_seconds < 0 { '-' } else { '+' };
        let minutes = self.offset_seconds.abs() / 60;
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    pub fn text(self) -> String {
        let at = self.calendar();
        let zone = if self.is_utc() { String::from("Z") } else { self.zone(":") };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            at.year, at.month, at.day, at.hour, at.minute, at.second
        )
    }
}

/// A number of digits only.
fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// `.5` as nanoseconds, and what stands behind it.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = rest.find(|mark: char| !mark.is_ascii_digit()).unwrap_or(rest.len());
    let (written, zone) = rest.split_at_checked(end)?;
    let nine = format!("{:0<9}", written.get(..9).unwrap_or(written));
    (!written.is_empty()).then_some((nine.parse().ok()?, zone))
}

fn zone_seconds(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = match zone.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) =
        (digits(hours).filter(|_| hours.len() == 2)?, digits(minutes).filter(|_| minutes.len() == 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

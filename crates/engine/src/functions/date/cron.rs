//! Cron schedules: five fields (minute, hour, day of month, month, day of week), the `@daily` words, `@every 6h`, and the
//! forms of AWS (`cron(…)` with six fields, `rate(…)`).

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

const DAY_SECONDS: i64 = 86_400;
/// Gaps are looked for over this many days: a year with its leap day, twice.
const HORIZON_DAYS: i64 = 732;

struct Schedule {
    minutes: Vec<bool>,
    hours: Vec<bool>,
    days: Vec<bool>,
    months: Vec<bool>,
    weekdays: Vec<bool>,
    /// Whether the day fields were `*` or `?`: if both say something, one of them suffices.
    any_day: bool,
    any_weekday: bool,
}

/// The longest time between two runs that follow each other.
pub(super) fn longest_gap_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(inner) = wrapped(text, "rate(") {
        return rate_seconds(inner);
    }
    if let Some(every) = text.strip_prefix("@every ") {
        return go_duration_seconds(every.trim());
    }
    let fields = match text {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        other => wrapped(other, "cron(").unwrap_or(other),
    };
    let is_aws = text.starts_with("cron(");
    Schedule::parse(fields, is_aws)?.longest_gap()
}

fn wrapped<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    text.strip_prefix(prefix)?.strip_suffix(')')
}

fn rate_seconds(text: &str) -> Option<i64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: i64 = number.parse().ok()?;
    let unit = match unit.trim().trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3600,
        "day" => DAY_SECONDS,
        _ => return None,
    };
    number.checked_mul(unit)
}

fn go_duration_seconds(text: &str) -> Option<i64> {
    let mut total = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|length| *length > 0)?;
        let (number, behind) = rest.split_at_checked(digits)?;
        let factor = match behind.chars().next()? {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(factor)?)?;
        rest = behind.get(1..)?;
    }
    Some(total)
}

impl Schedule {
    fn parse(text: &str, is_aws: bool) -> Option<Self> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = match fields.as_slice() {
            [a, b, c, d, e] => [*a, *b, *c, *d, *e],
            // The sixth field of AWS is the year.
            [a, b, c, d, e, _year] if is_aws => [*a, *b, *c, *d, *e],
            _ => return None,
        };
        // AWS counts the days of the week from Sunday = 1, cron from Sunday = 0 (and takes 7 for it too).
        let shift = usize::from(is_aws);
        let mut named_weekdays = field(weekdays, shift, 7, &WEEKDAYS)?;
        if shift == 1 {
            named_weekdays =
                (0..7).map(|day| named_weekdays.get(day + 1).copied().unwrap_or(false)).collect();
        } else if named_weekdays.get(7) == Some(&true)
            && let Some(sunday) = named_weekdays.get_mut(0)
        {
            *sunday = true;
        }
        Some(Self {
            minutes: field(minutes, 0, 59, &[])?,
            hours: field(hours, 0, 23, &[])?,
            days: field(days, 1, 31, &[])?,
            months: field(months, 1, 12, &MONTHS)?,
            weekdays: named_weekdays,
            any_day: is_any(days),
            any_weekday: is_any(weekdays),
        })
    }

    fn runs_on(&self, date: Date) -> bool {
        let at = |field: &[bool], index: i8| {
            usize::try_from(index).ok().and_then(|index| field.get(index)) == Some(&true)
        };
        let by_day = at(&self.days, date.day());
        let by_weekday = at(&self.weekdays, date.weekday().since(Weekday::Sunday));
        let fits = match (self.any_day, self.any_weekday) {
            (false, false) => by_day || by_weekday,
            _ => by_day && by_weekday,
        };
        fits && at(&self.months, date.month())
    }

    fn longest_gap(&self) -> Option<i64> {
        let times = self.times_of_day();
        let (first, last) = (*times.first()?, *times.last()?);
        let within =
            times.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?)).max().unwrap_or(0);
        let mut longest = within;
        let mut previous: Option<i64> = None;
        let start = Date::constant(2027, 1, 1);
        for day in 0..HORIZON_DAYS {
            let date = start.checked_add(day.days()).ok()?;
            if self.runs_on(date) {
                if let Some(previous) = previous {
                    longest = longest.max((day - previous) * DAY_SECONDS + first - last);
                }
                previous = Some(day);
            }
        }
        previous.map(|_| longest)
    }

    fn times_of_day(&self) -> Vec<i64> {
        let chosen = |field: &[bool]| -> Vec<i64> {
            (0_i64..).zip(field).filter(|(_, is_on)| **is_on).map(|(value, _)| value).collect()
        };
        let minutes = chosen(&self.minutes);
        let hours = chosen(&self.hours);
        hours.iter().flat_map(|hour| minutes.iter().map(move |minute| hour * 3600 + minute * 60)).collect()
    }
}

const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn is_any(field: &str) -> bool {
    field.starts_with(['*', '?']) && !field.contains('/')
}

/// One field: lists of values, ranges and steps. `least` is the smallest value, and that of the first name.
fn field(text: &str, least: usize, most: usize, names: &[&str]) -> Option<Vec<bool>> {
    let mut chosen = vec![false; most + 1];
    let value = |text: &str| -> Option<usize> {
        let lower = text.to_ascii_lowercase();
        let named = names.iter().position(|name| lower == *name).map(|index| index + least);
        named.or_else(|| text.parse().ok()).filter(|value| (least..=most).contains(value))
    };
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<usize>().ok().filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" || range == "?" => (least, most),
            Some((from, to)) => (value(from)?, value(to)?),
            None => (value(range)?, if step.is_some() { most } else { value(range)? }),
        };
        if from > to {
            return None;
        }
        for index in (from..=to).step_by(step.unwrap_or(1)) {
            *chosen.get_mut(index)? = true;
        }
    }
    Some(chosen)
}

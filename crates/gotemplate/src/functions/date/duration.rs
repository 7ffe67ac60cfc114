//! Go's `time.Duration`, in nanoseconds.

/// A second.
pub(super) const SECOND: i128 = 1_000_000_000;

const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
];

/// `time.ParseDuration`: `-1.5h`, `2h45m`.
pub(super) fn parse_duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.as_bytes().first()? {
        b'-' => (-1, text.get(1..)?),
        b'+' => (1, text.get(1..)?),
        _ => (1, text),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|next: char| !next.is_ascii_digit() && next != '.')?;
        let (number, behind) = rest.split_at_checked(end)?;
        let unit_end = behind.find(|next: char| next.is_ascii_digit() || next == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(unit_end)?;
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let scale = 10i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        total =
            total.checked_add(whole.checked_mul(*size)?)?.checked_add(part.checked_mul(*size)? / scale)?;
        rest = behind;
    }
    (!text.is_empty()).then_some(sign * total)
}

/// `time.Duration.String`.
pub(super) fn format_duration(duration: i128) -> String {
    if duration == 0 {
        return "0s".to_owned();
    }
    let sign = if duration < 0 { "-" } else { "" };
    let size = duration.abs();
    if size < SECOND {
        let (unit, scale) = match size {
            0..1_000 => ("ns", 1),
            1_000..1_000_000 => ("µs", 1_000),
            _ => ("ms", 1_000_000),
        };
        return format!("{sign}{}{unit}", fraction(size, scale));
    }
    let minutes = size / (60 * SECOND);
    let seconds = fraction(size % (60 * SECOND), SECOND);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

/// A number of units with its decimals, without trailing zeros.
fn fraction(size: i128, unit: i128) -> String {
    let digits = unit.to_string().len() - 1;
    let text = format!("{}.{:0digits$}", size / unit, size % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Sprig's `durationRound`: the largest unit alone.
pub(super) fn round_duration(duration: i128) -> String {
    let seconds = (duration / SECOND).abs();
    let sign = if duration < 0 { "-" } else { "" };
    const MINUTE: i128 = 60;
    const HOUR: i128 = 60 * MINUTE;
    const DAY: i128 = 24 * HOUR;
    const MONTH: i128 = 30 * DAY;
    const YEAR: i128 = 365 * DAY;
    let (unit, name) = match seconds {
        _ if seconds > YEAR => (YEAR, "y"),
        _ if seconds > MONTH => (MONTH, "mo"),
        _ if seconds > DAY => (DAY, "d"),
        _ if seconds > HOUR => (HOUR, "h"),
        _ if seconds > MINUTE => (MINUTE, "m"),
        _ if seconds > 0 => (1, "s"),
        _ => return "0s".to_owned(),
    };
    format!("{sign}{}{name}", seconds / unit)
}

//! Floats as Go's `strconv` writes them.

/// `%v`: the shortest text that reads back the same, with an exponent below 10⁻⁴ and from 10⁶.
pub(crate) fn general(number: f64) -> String {
    shortest(number, 6)
}

/// The shortest text, with an exponent below 10⁻⁴ and from 10 to the power of `bound`, or sooner where Go's `%g` puts one.
pub(crate) fn shortest(number: f64, bound: i32) -> String {
    if let Some(special) = special(number) {
        return special.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if exponent < -4 || exponent >= bound {
        return format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    format!("{number}")
}

pub(super) fn special(number: f64) -> Option<&'static str> {
    match number {
        _ if number.is_nan() => Some("NaN"),
        f64::INFINITY => Some("+Inf"),
        f64::NEG_INFINITY => Some("-Inf"),
        _ => None,
    }
}

/// `%e`, `%f` and `%g` with a precision; the exponent has two digits at least.
pub(super) fn formatted(number: f64, verb: char, precision: Option<usize>) -> String {
    if let Some(special) = special(number) {
        return special.to_owned();
    }
    match (verb.to_ascii_lowercase(), precision) {
        ('f', _) => format!("{number:.*}", precision.unwrap_or(6)),
        ('e', _) => exponent_form(number, precision.unwrap_or(6)),
        (_, None) => shortest(number, 6),
        (_, Some(precision)) => significant(number, precision.max(1)),
    }
}

fn exponent_form(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// `%.3g`: so many significant digits, without trailing zeros.
fn significant(number: f64, precision: usize) -> String {
    let text = exponent_form(number, precision - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if exponent < -4 || exponent >= i32::try_from(precision).unwrap_or(i32::MAX) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs());
    }
    let decimals = usize::try_from(i32::try_from(precision).unwrap_or(0) - 1 - exponent).unwrap_or(0);
    trimmed(&format!("{number:.decimals$}"))
}

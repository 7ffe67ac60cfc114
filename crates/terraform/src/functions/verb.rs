//! The verbs of `format`, as Go's `fmt` has them and Terraform documents them.

use super::{Refusal, encode_json, wrong};
use crate::value::{describe, to_bool, to_number, to_text};
use proofmark_model::{Data, Value};
use std::iter::Peekable;
use std::str::Chars;
use unicode_segmentation::UnicodeSegmentation;

/// The widest padding and the longest fraction that a verb may ask for.
const MAX_WIDTH: usize = 10_000;

/// A verb with its flags, width and precision.
#[derive(Default)]
pub(super) struct Verb {
    flags: String,
    width: usize,
    precision: Option<usize>,
    /// The argument that it names, from 1.
    pub argument: Option<usize>,
    pub letter: char,
}

impl Verb {
    /// Reads what stands behind a `%`.
    pub fn read(letters: &mut Peekable<Chars<'_>>) -> Result<Self, Refusal> {
        let mut verb = Self::default();
        while let Some(flag) = letters.next_if(|letter| matches!(letter, '+' | '-' | '#' | '0' | ' ')) {
            verb.flags.push(flag);
        }
        verb.argument = argument_number(letters)?;
        verb.width = number(letters).unwrap_or(0);
        if letters.next_if_eq(&'.').is_some() {
            verb.precision = Some(number(letters).unwrap_or(0));
        }
        if verb.argument.is_none() {
            verb.argument = argument_number(letters)?;
        }
        verb.letter = letters.next().ok_or("the text ends inside a verb")?;
        if verb.width > MAX_WIDTH || verb.precision.is_some_and(|digits| digits > MAX_WIDTH) {
            return Err(Refusal::Limit(format!("a width or precision is above {MAX_WIDTH}")));
        }
        match verb.letter {
            '%' | 'v' | 's' | 'q' | 't' | 'd' | 'b' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
                Ok(verb)
            }
            other => wrong(format!("`%{other}` is no verb")),
        }
    }

    /// Whether a text goes through unchanged.
    pub fn is_plain_text(&self) -> bool {
        matches!(self.letter, 's' | 'v')
            && self.width == 0
            && self.precision.is_none()
            && self.flags.is_empty()
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// The text that the verb makes of a known value.
    pub fn apply(&self, value: &Value) -> Result<String, String> {
        let wrong =
            |wanted: &str| format!("`%{}` needs {wanted}, and this is {}", self.letter, describe(value));
        if value.is_null() && self.letter != 'v' {
            return Err(wrong("a value"));
        }
        match self.letter {
            'v' => Ok(self.padded(&self.as_is(value))),
            's' | 'q' => {
                let text = to_text(value).ok_or_else(|| wrong("a string"))?;
                let cut = match self.precision {
                    Some(most) => text.graphemes(true).take(most).collect(),
                    None => text.to_string(),
                };
                let is_quoted = self.letter == 'q';
                let quoted = || encode_json(&value.with_data(Data::String(cut.as_str().into())));
                Ok(self.padded(if is_quoted { quoted() } else { cut.as_str().into() }.as_str()))
            }
            't' => to_bool(value).map(|value| value.to_string()).ok_or_else(|| wrong("a bool")),
            'd' | 'b' | 'o' | 'x' | 'X' => self.whole(value).ok_or_else(|| wrong("a whole number")),
            _ => to_number(value).map(|number| self.fraction(number)).ok_or_else(|| wrong("a number")),
        }
    }

    /// `%v`: texts as they are, numbers in their shortest form, anything else as JSON.
    fn as_is(&self, value: &Value) -> String {
        match &value.data {
            Data::String(text) if !self.has('#') => text.to_string(),
            Data::Integer(_) | Data::Float(_) if !self.has('#') => {
                let digits = to_text(value).unwrap_or_default();
                shortest(&digits)
            }
            _ => encode_json(value).to_string(),
        }
    }

    fn padded(&self, text: &str) -> String {
        let missing = self.width.saturating_sub(text.graphemes(true).count());
        match (self.has('-'), self.has('0')) {
            _ if missing == 0 => text.to_owned(),
            (true, _) => format!("{text}{}", " ".repeat(missing)),
            (false, true) => format!("{}{text}", "0".repeat(missing)),
            (false, false) => format!("{}{text}", " ".repeat(missing)),
        }
    }

    /// A whole number in the base that the verb names; `None` where the value is none.
    fn whole(&self, value: &Value) -> Option<String> {
        let (is_negative, mut digits) = match whole_number(value)? {
            Whole::Small(number) => {
                let size = number.unsigned_abs();
                let digits = match self.letter {
                    'b' => format!("{size:b}"),
                    'o' => format!("{size:o}"),
                    'x' => format!("{size:x}"),
                    'X' => format!("{size:X}"),
                    _ => size.to_string(),
                };
                (number < 0, digits)
            }
            Whole::Large(_) if self.letter != 'd' => return None,
            Whole::Large(number) => (number < 0.0, format!("{:.0}", number.abs())),
        };
        if let Some(least) = self.precision {
            digits = format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
        }
        let base = match self.letter {
            _ if !self.has('#') => "",
            'b' => "0b",
            'o' => "0",
            'x' => "0x",
            'X' => "0X",
            _ => "",
        };
        Some(self.number_padded(is_negative, base, &digits, self.precision.is_none()))
    }

    fn fraction(&self, number: f64) -> String {
        let size = number.abs();
        let digits = match self.letter {
            'f' => format!("{size:.precision$}", precision = self.precision.unwrap_or(6)),
            'e' | 'E' => {
                exponential(&format!("{size:.precision$e}", precision = self.precision.unwrap_or(6)))
            }
            _ => match self.precision {
                None => shortest(&size.to_string()),
                Some(most) => {
                    let most = most.max(1);
                    general(&format!("{size:.precision$e}", precision = most - 1), most)
                }
            },
        };
        let digits = if self.letter.is_ascii_uppercase() { digits.to_uppercase() } else { digits };
        self.number_padded(number < 0.0, "", &digits, true)
    }

    fn number_padded(&self, is_negative: bool, base: &str, digits: &str, may_zero: bool) -> String {
        let sign = match is_negative {
            true => "-",
            false if self.has('+') => "+",
            false if self.has(' ') => " ",
            false => "",
        };
        let missing = self.width.saturating_sub(sign.len() + base.len() + digits.len());
        if self.has('-') {
            return format!("{sign}{base}{digits}{}", " ".repeat(missing));
        }
        if self.has('0') && may_zero {
            return format!("{sign}{base}{}{digits}", "0".repeat(missing));
        }
        format!("{}{sign}{base}{digits}", " ".repeat(missing))
    }
}

/// `[2]`: the number of an argument.
fn argument_number(letters: &mut Peekable<Chars<'_>>) -> Result<Option<usize>, String> {
    if letters.next_if_eq(&'[').is_none() {
        return Ok(None);
    }
    let found = number(letters).filter(|number| *number > 0);
    match (found, letters.next()) {
        (Some(number), Some(']')) => Ok(Some(number)),
        _ => Err(String::from("an argument number must stand between `[` and `]`")),
    }
}

fn number(letters: &mut Peekable<Chars<'_>>) -> Option<usize> {
    let mut value = None::<usize>;
    while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
        value = Some(value.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
        letters.next();
    }
    value
}

enum Whole {
    Small(i64),
    /// Beyond 64 bits, and exact as a float.
    Large(f64),
}

#[allow(clippy::cast_possible_truncation, reason = "within the range of what a float holds exactly")]
fn whole_number(value: &Value) -> Option<Whole> {
    match &value.data {
        Data::Integer(number) => Some(Whole::Small(*number)),
        Data::String(text) if text.parse::<i64>().is_ok() => text.parse().ok().map(Whole::Small),
        _ => {
            let number = to_number(value).filter(|number| number.fract() == 0.0)?;
            let is_small = number.abs() < 9.0e15;
            Some(if is_small { Whole::Small(number as i64) } else { Whole::Large(number) })
        }
    }
}

/// A number's digits without zeros at the ends, and the power of ten of the first.
struct Scientific {
    digits: String,
    exponent: i64,
}

impl Scientific {
    /// Reads `1234.5` or `1.2345e3`, without a sign.
    fn read(text: &str) -> Self {
        let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let places = whole.len() + significant.len();
        let exponent = i64::try_from(places).unwrap_or(0) - i64::try_from(all.len()).unwrap_or(0) - 1;
        Self {
            digits: significant.trim_end_matches('0').to_owned(),
            exponent: exponent + power.parse().unwrap_or(0),
        }
    }

    /// `1.2345e+03`, with at least two digits in the exponent.
    fn text(&self) -> String {
        let (first, rest) = self.digits.split_at_checked(1).unwrap_or(("0", ""));
        let point = if rest.is_empty() { "" } else { "." };
        format!("{first}{point}{rest}e{}", exponent_text(self.exponent))
    }
}

fn exponent_text(exponent: i64) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{:02}", exponent.unsigned_abs())
}

/// Digits (`1234.5`) as Go's shortest form has them: with an exponent from a million on and below 0.0001.
fn shortest(digits: &str) -> String {
    let (sign, size) = digits.strip_prefix('-').map_or(("", digits), |size| ("-", size));
    let number = Scientific::read(size);
    if number.digits.is_empty() || (-4..6).contains(&number.exponent) {
        return digits.to_owned();
    }
    format!("{sign}{}", number.text())
}

/// `%.3g`: rounded to that many digits, with an exponent where they do not reach the point.
fn general(rounded: &str, most: usize) -> String {
    let number = Scientific::read(rounded);
    let bound = i64::try_from(most).unwrap_or(i64::MAX);
    if number.digits.is_empty() {
        return String::from("0");
    }
    if number.exponent < -4 || number.exponent >= bound {
        return number.text();
    }
    rounded.parse::<f64>().unwrap_or_default().to_string()
}

/// Rust's `1.5e-7` with Go's exponent of at least two digits.
fn exponential(text: &str) -> String {
    let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
    format!("{mantissa}e{}", exponent_text(power.parse().unwrap_or(0)))
}

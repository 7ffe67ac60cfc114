//! `format` and `formatlist`, with the verbs of Go's `fmt` that Terraform documents.

use super::{Call, Function, LIST, MANY, STRING, encode_json, function};
use crate::limits::MAX_ELEMENTS;
use crate::value::{describe, to_bool, to_number, to_text};
use proofmark_model::{Data, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("format", (1, MANY), STRING, |call| {
        let arguments: Vec<&Value> = call.arguments.iter().skip(1).collect();
        call.string(format_text(&call.text(0)?, &arguments)?)
    }),
    function("formatlist", (1, MANY), LIST, format_list),
];

/// The widest padding that a verb may ask for.
const MAX_WIDTH: usize = 10_000;

fn format_list(call: &Call<'_>) -> Result<Value, String> {
    let pattern = call.text(0)?;
    let arguments = call.arguments.get(1..).unwrap_or(&[]);
    let lengths: Vec<usize> =
        arguments.iter().filter_map(|value| value.as_list().map(<[Value]>::len)).collect();
    let count = lengths.first().copied().unwrap_or(1);
    if lengths.iter().any(|length| *length != count) {
        return Err(String::from("all lists must have the same length"));
    }
    if count > MAX_ELEMENTS {
        return Err(format!("more than {MAX_ELEMENTS} elements"));
    }
    let mut made = Vec::with_capacity(count);
    for index in 0..count {
        let row: Vec<&Value> = arguments
            .iter()
            .filter_map(|value| value.as_list().map_or(Some(value), |list| list.get(index)))
            .collect();
        made.push(format_text(&pattern, &row)?);
    }
    call.strings(made)
}

/// A verb with its flags, width and precision.
#[derive(Default)]
struct Verb {
    flags: String,
    width: Option<usize>,
    precision: Option<usize>,
    /// The argument that it names, from 1.
    argument: Option<usize>,
    letter: char,
}

fn format_text(pattern: &str, arguments: &[&Value]) -> Result<String, String> {
    let mut made = String::new();
    let mut characters = pattern.chars().peekable();
    let mut next = 0;
    let mut most = 0;
    while let Some(character) = characters.next() {
        if character != '%' {
            made.push(character);
            continue;
        }
        let verb = read_verb(&mut characters)?;
        if verb.letter == '%' {
            made.push('%');
            continue;
        }
        let index = verb.argument.map_or(next, |number| number.saturating_sub(1));
        next = index + 1;
        most = most.max(next);
        let value = arguments
            .get(index)
            .ok_or_else(|| format!("there is no argument {} for `%{}`", index + 1, verb.letter))?;
        made.push_str(&pad(&verb, apply(&verb, value)?));
    }
    if most < arguments.len() && !pattern.contains("%[") {
        return Err(format!("{} arguments are given and {most} are used", arguments.len()));
    }
    Ok(made)
}

fn read_verb(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Verb, String> {
    let mut verb = Verb::default();
    let number = |characters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
        let mut value = None::<usize>;
        while let Some(digit) = characters.peek().and_then(|character| character.to_digit(10)) {
            value = Some(value.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize).min(MAX_WIDTH));
            characters.next();
        }
        value
    };
    while let Some(flag) = characters.next_if(|character| matches!(character, '+' | '-' | '#' | '0' | ' ')) {
        verb.flags.push(flag);
    }
    if characters.next_if_eq(&'[').is_some() {
        verb.argument = number(characters);
        if characters.next_if_eq(&']').is_none() {
            return Err(String::from("an argument number is not closed by `]`"));
        }
    }
    verb.width = number(characters);
    if characters.next_if_eq(&'.').is_some() {
        verb.precision = Some(number(characters).unwrap_or(0));
    }
    if characters.next_if_eq(&'[').is_some() {
        verb.argument = number(characters);
        characters.next_if_eq(&']');
    }
    verb.letter = characters.next().ok_or("the text ends inside a verb")?;
    Ok(verb)
}

fn apply(verb: &Verb, value: &Value) -> Result<String, String> {
    let wrong =
        |wanted: &str| format!("`%{}` needs a {wanted}, and this is {}", verb.letter, describe(value));
    let number = || to_number(value).ok_or_else(|| wrong("number"));
    match verb.letter {
        'v' if verb.flags.contains('#') => Ok(encode_json(value).to_string()),
        'v' => Ok(match &value.data {
            Data::Null => String::from("null"),
            _ => to_text(value).unwrap_or_else(|| encode_json(value)).to_string(),
        }),
        's' => {
            let text = to_text(value).ok_or_else(|| wrong("string"))?;
            Ok(match verb.precision {
                Some(most) => text.chars().take(most).collect(),
                None => text.to_string(),
            })
        }
        'q' => {
            let text = to_text(value).ok_or_else(|| wrong("string"))?;
            Ok(encode_json(&value.with_data(Data::String(text))).to_string())
        }
        't' => to_bool(value).map(|value| value.to_string()).ok_or_else(|| wrong("bool")),
        'd' => Ok(signed(verb, number()?, |value| format!("{value:.0}"))),
        'b' | 'o' | 'x' | 'X' if matches!(value.data, Data::String(_)) => Ok(hex_text(verb, value)),
        'b' | 'o' | 'x' | 'X' => Ok(radix(verb, number()?)),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => Ok(signed(verb, number()?, |value| float_text(verb, value))),
        other => Err(format!("`%{other}` is no verb")),
    }
}

fn signed(verb: &Verb, value: f64, write: impl Fn(f64) -> String) -> String {
    let text = write(value);
    match text.starts_with('-') {
        false if verb.flags.contains('+') => format!("+{text}"),
        false if verb.flags.contains(' ') => format!(" {text}"),
        _ => text,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the verbs are for whole numbers; the rest is cut")]
fn radix(verb: &Verb, value: f64) -> String {
    let whole = value.trunc() as i64;
    let sign = if whole < 0 { "-" } else { "" };
    let size = whole.unsigned_abs();
    let digits = match verb.letter {
        'b' => format!("{size:b}"),
        'o' => format!("{size:o}"),
        'x' => format!("{size:x}"),
        _ => format!("{size:X}"),
    };
    format!("{sign}{digits}")
}

fn hex_text(verb: &Verb, value: &Value) -> String {
    let text = to_text(value).unwrap_or_default();
    let upper = verb.letter == 'X';
    text.bytes().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect()
}

fn float_text(verb: &Verb, value: f64) -> String {
    match verb.letter {
        'f' | 'F' => format!("{value:.precision$}", precision = verb.precision.unwrap_or(6)),
        'g' | 'G' if verb.precision.is_none() => format!("{value}"),
        'g' | 'G' => {
            let digits = verb.precision.unwrap_or(6).max(1);
            let rounded: f64 =
                format!("{value:.precision$e}", precision = digits - 1).parse().unwrap_or(value);
            format!("{rounded}")
        }
        _ => {
            let text = format!("{value:.precision$e}", precision = verb.precision.unwrap_or(6));
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, digits) = exponent.strip_prefix('-').map_or(("+", exponent), |digits| ("-", digits));
            let made = format!("{mantissa}e{sign}{digits:0>2}");
            if verb.letter == 'E' { made.to_uppercase() } else { made }
        }
    }
}

fn pad(verb: &Verb, text: String) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(text.chars().count());
    if missing == 0 {
        return text;
    }
    if verb.flags.contains('-') {
        return format!("{text}{}", " ".repeat(missing));
    }
    if verb.flags.contains('0') && !matches!(verb.letter, 's' | 'q' | 'v' | 't') {
        let (sign, digits) = match text.strip_prefix(['-', '+']) {
            Some(digits) => (text.get(..1).unwrap_or(""), digits),
            None => ("", text.as_str()),
        };
        return format!("{sign}{}{digits}", "0".repeat(missing));
    }
    format!("{}{text}", " ".repeat(missing))
}

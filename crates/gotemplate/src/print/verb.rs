//! `fmt.Sprintf`.

use super::float::{formatted, special};
use super::{plain, push_value};
use crate::limits::MAX_TEXT_BYTES;
use crate::text::{Text, TextBuilder};
use crate::trace::Trace;
use crate::unicode::{quote, quote_character};
use crate::value::{Data, Value};

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Formats as `fmt.Sprintf`; the bytes of texts keep where they came from. `None` where it grows beyond bounds.
pub(crate) fn sprintf(format: (&Text, &Trace), values: &[Value]) -> Option<(Text, Trace)> {
    let (text, trace) = format;
    let mut printer = Printer { values, next: 0, was_reordered: false, builder: TextBuilder::default() };
    let pattern = text.as_str();
    let mut at = 0;
    while let Some(found) = pattern.get(at..).and_then(|rest| rest.find('%')) {
        printer.builder.push_part(text, at..at + found, trace);
        let start = at + found + 1;
        let (used, piece) = printer.directive(pattern.get(start..).unwrap_or(""))?;
        at = start + used;
        match piece {
            Piece::Text(piece) => printer.builder.push(&piece, trace, 0),
            Piece::Value(index) => push_value(&mut printer.builder, values.get(index)?),
            Piece::From(index, piece) => printer.builder.push(&piece, &values.get(index)?.trace, 0),
        }
        if printer.builder.len() > MAX_TEXT_BYTES {
            return None;
        }
    }
    printer.builder.push_part(text, at..pattern.len(), trace);
    printer.extra(trace);
    Some(printer.builder.finish())
}

/// What a directive becomes.
enum Piece {
    Text(String),
    /// An argument as it is.
    Value(usize),
    /// Text made from an argument.
    From(usize, String),
}

struct Printer<'v> {
    values: &'v [Value],
    next: usize,
    was_reordered: bool,
    builder: TextBuilder,
}

impl Printer<'_> {
    /// Reads a directive behind its `%`: its length, and what it becomes.
    fn directive(&mut self, rest: &str) -> Option<(usize, Piece)> {
        let mut flags = Flags::default();
        let mut at = self.flags(rest, &mut flags);
        at += self.argument_index(rest.get(at..)?);
        at += self.size(rest.get(at..)?, &mut flags, false);
        if rest.get(at..)?.starts_with('.') {
            at += 1;
            at += self.argument_index(rest.get(at..)?);
            flags.precision = Some(0);
            at += self.size(rest.get(at..)?, &mut flags, true);
        }
        at += self.argument_index(rest.get(at..)?);
        let Some(verb) = rest.get(at..)?.chars().next() else {
            return Some((at, Piece::Text("%!(NOVERB)".to_owned())));
        };
        at += verb.len_utf8();
        if flags.width.max(flags.precision).is_some_and(|size| size > MAX_TEXT_BYTES) {
            return None;
        }
        if verb == '%' {
            return Some((at, Piece::Text("%".to_owned())));
        }
        let index = self.next;
        let Some(value) = self.values.get(index) else {
            return Some((at, Piece::Text(format!("%!{verb}(MISSING)"))));
        };
        self.next += 1;
        let is_plain = flags.width.is_none() && flags.precision.is_none() && !flags.sharp;
        if is_plain && matches!(verb, 's' | 'v') && matches!(value.data, Data::Text(_)) {
            return Some((at, Piece::Value(index)));
        }
        Some((at, Piece::From(index, padded_value(value, verb, flags))))
    }

    fn flags(&self, rest: &str, flags: &mut Flags) -> usize {
        let mut at = 0;
        for mark in rest.chars() {
            match mark {
                '-' => flags.minus = true,
                '+' => flags.plus = true,
                '#' => flags.sharp = true,
                ' ' => flags.space = true,
                '0' => flags.zero = true,
                _ => break,
            }
            at += 1;
        }
        at
    }

    /// `[2]`: which argument comes next.
    fn argument_index(&mut self, rest: &str) -> usize {
        let Some((number, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
            return 0;
        };
        let Ok(index) = number.parse::<usize>() else { return 0 };
        self.next = index.saturating_sub(1);
        self.was_reordered = true;
        number.len() + 2
    }

    /// A width or a precision: digits, or `*` for the next argument.
    fn size(&mut self, rest: &str, flags: &mut Flags, is_precision: bool) -> usize {
        let (size, used) = if rest.starts_with('*') {
            let value = self.values.get(self.next).map(|value| &value.data);
            self.next += 1;
            let size = match value {
                Some(Data::Int(number, _)) => *number,
                _ => 0,
            };
            flags.minus |= size < 0 && !is_precision;
            (usize::try_from(size.unsigned_abs()).ok(), 1)
        } else {
            let digits = rest.len() - rest.trim_start_matches(|next: char| next.is_ascii_digit()).len();
            if digits == 0 {
                return 0;
            }
            (Some(rest.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(usize::MAX)), digits)
        };
        if is_precision {
            flags.precision = size;
        } else {
            flags.width = size;
        }
        used
    }

    /// Tells of arguments that nothing asked for.
    fn extra(&mut self, trace: &Trace) {
        let rest = self.values.get(self.next..).unwrap_or(&[]);
        if self.was_reordered || rest.is_empty() {
            return;
        }
        let listed: Vec<String> = rest
            .iter()
            .map(|value| {
                if value.is_nil() {
                    "<nil>".to_owned()
                } else {
                    format!("{}={}", value.type_name(), plain(value))
                }
            })
            .collect();
        self.builder.push(&format!("%!(EXTRA {})", listed.join(", ")), trace, 0);
    }
}

/// `%s`.
pub(crate) fn as_text(value: &Value) -> String {
    padded_value(value, 's', Flags::default())
}

fn padded_value(value: &Value, verb: char, flags: Flags) -> String {
    match verb {
        'T' => pad(value.type_name().to_string(), flags, false),
        // With `v`, a plus asks for the names of fields, which maps and lists do not have.
        'v' => element(value, (verb, Flags { plus: false, ..flags }), 0),
        _ if value.is_nil() => format!("%!{verb}(<nil>)"),
        _ => element(value, (verb, flags), 0),
    }
}

/// One value with a verb; lists and maps hand the verb to their elements.
fn element(value: &Value, (verb, flags): (char, Flags), depth: usize) -> String {
    if depth > super::MAX_DEPTH {
        return "...".to_owned();
    }
    let inner = |value: &Value| element(value, (verb, flags), depth + 1);
    let listed = |parts: Vec<String>, open: &str| format!("{open}{}]", parts.join(" "));
    match &value.data {
        _ if verb == 'v' && flags.sharp => pad(go_syntax(value, 0), flags, false),
        Data::Invalid | Data::Nil => pad("<nil>".to_owned(), flags, false),
        Data::List(list) => listed(list.items.iter().map(inner).collect(), "["),
        Data::Dict(dict) => {
            let entry = |(key, item): &(smol_str::SmolStr, Value)| {
                format!("{}:{}", inner(&Value::text(key.as_str())), inner(item))
            };
            listed(dict.entries().iter().map(entry).collect(), "map[")
        }
        Data::Bool(flag) => match verb {
            't' | 'v' => pad(flag.to_string(), flags, false),
            _ => bad_verb(value, verb),
        },
        Data::Int(number, _) => integer(*number, verb, flags).unwrap_or_else(|| bad_verb(value, verb)),
        Data::Float(number) => float(*number, verb, flags).unwrap_or_else(|| bad_verb(value, verb)),
        Data::Text(text) => string(text.as_str(), verb, flags).unwrap_or_else(|| bad_verb(value, verb)),
        Data::Time(_) | Data::Object(_) => {
            string(&plain(value), verb, flags).unwrap_or_else(|| bad_verb(value, verb))
        }
    }
}

fn bad_verb(value: &Value, verb: char) -> String {
    format!("%!{verb}({}={})", value.type_name(), plain(value))
}

fn integer(number: i64, verb: char, flags: Flags) -> Option<String> {
    let digits = |text: String| Some(signed(number < 0, &text, flags));
    let magnitude = number.unsigned_abs();
    let prefix = |mark: &str| if flags.sharp { mark.to_owned() } else { String::new() };
    match verb {
        'd' | 'v' => digits(magnitude.to_string()),
        'b' => digits(format!("{}{magnitude:b}", prefix("0b"))),
        'o' => digits(format!("{}{magnitude:o}", prefix("0"))),
        'O' => digits(format!("0o{magnitude:o}")),
        'x' => digits(format!("{}{magnitude:x}", prefix("0x"))),
        'X' => digits(format!("{}{magnitude:X}", prefix("0X"))),
        'c' => Some(pad(character(number).to_string(), flags, false)),
        'q' => Some(pad(quote_character(character(number)), flags, false)),
        'U' => Some(pad(format!("U+{magnitude:04X}"), flags, false)),
        _ => None,
    }
}

fn character(number: i64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
}

fn float(number: f64, verb: char, flags: Flags) -> Option<String> {
    let verb_used = match verb {
        'v' => 'g',
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => verb,
        _ => return None,
    };
    let text = formatted(number.abs(), verb_used, flags.precision);
    let text = if verb_used.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text };
    if special(number).is_some() {
        let text = text.trim_start_matches('+').to_owned();
        let sign = if number < 0.0 {
            "-"
        } else if flags.plus || !number.is_nan() {
            "+"
        } else {
            ""
        };
        return Some(pad(format!("{sign}{text}"), Flags { zero: false, ..flags }, false));
    }
    Some(signed(number.is_sign_negative(), &text, Flags { precision: None, ..flags }))
}

/// Sign, zeros and width around the digits of a number.
fn signed(is_negative: bool, digits: &str, flags: Flags) -> String {
    let sign = match (is_negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    let wanted = match (flags.precision, flags.width) {
        (Some(precision), _) => precision,
        (None, Some(width)) if flags.zero && !flags.minus => width.saturating_sub(sign.len()),
        _ => 0,
    };
    let zeros = "0".repeat(wanted.saturating_sub(digits.len()));
    pad(format!("{sign}{zeros}{digits}"), Flags { zero: false, ..flags }, false)
}

fn string(text: &str, verb: char, flags: Flags) -> Option<String> {
    let cut: String = match flags.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    };
    let hexadecimal = |upper: bool| {
        let byte = |byte: &u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        cut.as_bytes().iter().map(byte).collect::<Vec<_>>().join(if flags.space { " " } else { "" })
    };
    let shown = match verb {
        's' | 'v' => cut,
        'q' if flags.sharp && !cut.contains('`') => format!("`{cut}`"),
        'q' => quote(&cut),
        'x' => hexadecimal(false),
        'X' => hexadecimal(true),
        _ => return None,
    };
    Some(pad(shown, flags, true))
}

/// Fills up to the width, in characters.
fn pad(text: String, flags: Flags, may_be_zero: bool) -> String {
    let missing = flags.width.unwrap_or(0).saturating_sub(text.chars().count());
    if missing == 0 {
        return text;
    }
    if flags.minus {
        return text + &" ".repeat(missing);
    }
    let fill = if flags.zero && may_be_zero { "0" } else { " " };
    fill.repeat(missing) + &text
}

/// `%#v`.
fn go_syntax(value: &Value, depth: usize) -> String {
    if depth > super::MAX_DEPTH {
        return "...".to_owned();
    }
    match &value.data {
        Data::Text(text) => quote(text.as_str()),
        Data::List(list) => {
            let items: Vec<String> = list.items.iter().map(|item| go_syntax(item, depth + 1)).collect();
            format!("[]{}{{{}}}", list.element, items.join(", "))
        }
        Data::Dict(dict) => {
            let entries: Vec<String> = dict
                .entries()
                .iter()
                .map(|(key, item)| format!("{}:{}", quote(key), go_syntax(item, depth + 1)))
                .collect();
            format!("{}{{{}}}", dict.type_name(), entries.join(", "))
        }
        Data::Invalid | Data::Nil => "interface {}(nil)".to_owned(),
        _ => plain(value),
    }
}

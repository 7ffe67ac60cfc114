//! Values → YAML, in go-yaml's layout.

use super::super::json::{number, plain};
use super::key_order::compare;
use super::scalar::{Style, is_break, is_printable, style};
use crate::text::{Text, TextBuilder};
use crate::trace::Trace;
use crate::value::{Data, Value};
use smol_str::SmolStr;
use std::fmt::Write;

/// The column behind which texts are folded.
const WIDTH: usize = 80;

/// The longest key that stands in front of its colon without a question mark.
const LONGEST_KEY: usize = 128;

/// How deep maps and lists may hold each other.
const MAX_DEPTH: usize = 200;

/// Writes a value without the line's end that Go would put behind it. Pretty means that lists are indented.
pub(super) fn emit(value: &Value, is_pretty: bool) -> Result<(Text, Trace), String> {
    let mut emitter = Emitter { builder: TextBuilder::default(), column: 0, is_pretty };
    emitter.node(&plain(value), Place { indent: 0, in_list: false, is_root: true, depth: 0 })?;
    Ok(emitter.builder.finish())
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Place {
    /// The column of the keys or dashes of the collection that holds it.
    indent: usize,
    /// Whether a dash stands in front of it.
    in_list: bool,
    is_root: bool,
    depth: usize,
}

struct Emitter {
    builder: TextBuilder,
    column: usize,
    is_pretty: bool,
}

impl Emitter {
    fn put(&mut self, text: &str, trace: &Trace) {
        self.builder.push(text, trace, 0);
        self.column = match text.rfind('\n') {
            Some(line) => text.get(line + 1..).unwrap_or("").chars().count(),
            None => self.column + text.chars().count(),
        };
    }

    fn line(&mut self, indent: usize) {
        self.put(&format!("\n{}", " ".repeat(indent)), &Trace::NONE);
    }

    /// Writes a value where the cursor is, behind a dash or a colon or at the start.
    fn node(&mut self, value: &Value, place: Place) -> Result<(), String> {
        if place.depth > MAX_DEPTH {
            return Err("json: unsupported value: encountered a cycle".to_owned());
        }
        match &value.data {
            Data::Dict(dict) if !dict.is_empty() => self.mapping(dict.entries(), place),
            Data::List(list) if !list.items.is_empty() => self.sequence(&list.items, place),
            _ => {
                if !place.is_root {
                    self.put(" ", &Trace::NONE);
                }
                self.scalar(value, place)
            }
        }
    }

    fn mapping(&mut self, mut entries: Vec<(SmolStr, Value)>, place: Place) -> Result<(), String> {
        entries.sort_by(|(left, _), (right, _)| compare(left, right));
        let indent = if place.is_root { 0 } else { place.indent + 2 };
        for (index, (key, value)) in entries.into_iter().enumerate() {
            match (index, place.is_root, place.in_list) {
                (0, true, _) => {}
                (0, _, true) => self.put(" ", &Trace::NONE),
                _ => self.line(indent),
            }
            let value = plain(&value);
            self.key(&key, &value.trace, indent);
            let inner = Place { indent, in_list: false, is_root: false, depth: place.depth + 1 };
            self.node(&value, inner)?;
        }
        Ok(())
    }

    fn key(&mut self, key: &str, trace: &Trace, indent: usize) {
        let key_style = style(key, true);
        if key.len() > LONGEST_KEY || key.contains(is_break) {
            self.put("? ", trace);
            self.text(&Text::plain(key), trace, (style(key, false), indent + 2));
            self.line(indent);
            self.put(":", trace);
            return;
        }
        let written = match key_style {
            Style::Single => format!("'{}'", key.replace('\'', "''")),
            Style::Double | Style::Literal => double_quoted(key),
            Style::Plain => key.to_owned(),
        };
        self.put(&written, trace);
        self.put(":", trace);
    }

    fn sequence(&mut self, items: &[Value], place: Place) -> Result<(), String> {
        // A list in a map stands in the column of the map's keys.
        let indent = match (place.is_root, place.in_list || self.is_pretty) {
            (true, _) => 0,
            (false, true) => place.indent + 2,
            (false, false) => place.indent,
        };
        for (index, item) in items.iter().enumerate() {
            match (index, place.is_root, place.in_list) {
                (0, true, _) => {}
                (0, _, true) => self.put(" ", &Trace::NONE),
                _ => self.line(indent),
            }
            let item = plain(item);
            self.put("-", &item.trace);
            let inner = Place { indent, in_list: true, is_root: false, depth: place.depth + 1 };
            self.node(&item, inner)?;
        }
        Ok(())
    }

    fn scalar(&mut self, value: &Value, place: Place) -> Result<(), String> {
        let trace = &value.trace;
        let indent = if place.is_root { 0 } else { place.indent } + 2;
        match &value.data {
            Data::Text(text) => self.text(text, trace, (style(text.as_str(), false), indent)),
            Data::Bool(flag) => self.put(if *flag { "true" } else { "false" }, trace),
            Data::Int(number, _) => self.put(&number.to_string(), trace),
            Data::Float(float) => {
                // Floats pass through JSON, where whole ones look like integers.
                let json = number(*float)?;
                let is_whole = json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                let written = if is_whole { json } else { crate::print::general(*float) };
                self.put(&written, trace);
            }
            Data::Dict(_) => self.put("{}", trace),
            Data::List(_) => self.put("[]", trace),
            _ => self.put("null", trace),
        }
        Ok(())
    }

    fn text(&mut self, text: &Text, trace: &Trace, layout: (Style, usize)) {
        let (style, indent) = layout;
        match style {
            Style::Plain => self.folded(text, trace, indent, false),
            Style::Single => {
                self.put("'", trace);
                self.folded(text, trace, indent, true);
                self.put("'", trace);
            }
            Style::Double => self.double(text.as_str(), trace, indent),
            Style::Literal => self.literal(text, trace, indent),
        }
    }

    /// A plain or single-quoted text, folded at spaces behind the last column.
    fn folded(&mut self, text: &Text, trace: &Trace, indent: usize, is_quoted: bool) {
        let characters = text.as_str();
        let mut was_space = false;
        let mut start = 0;
        // Characters since `start`, which are not written yet.
        let mut held = 0;
        for (at, character) in characters.char_indices() {
            let end = at + character.len_utf8();
            let next = characters.get(end..).and_then(|rest| rest.chars().next());
            let column = self.column + held;
            let is_inside = !is_quoted || (at > 0 && next.is_some());
            if character == ' ' && !was_space && column > WIDTH && next != Some(' ') && is_inside {
                self.part(text, start..at, trace);
                self.line(indent);
                start = end;
            } else if is_quoted && character == '\'' {
                self.part(text, start..end, trace);
                self.put("'", trace);
                start = end;
            } else if is_quoted && is_break(character) {
                self.part(text, start..at, trace);
                // A break is written twice: single breaks read back as spaces.
                let is_run = characters.get(..at).is_some_and(|before| before.ends_with(is_break));
                self.put(if is_run { "" } else { "\n" }, trace);
                self.part(text, at..end, trace);
                start = end;
            }
            held = if start == end { 0 } else { held + 1 };
            was_space = character == ' ';
        }
        self.part(text, start..characters.len(), trace);
    }

    fn part(&mut self, text: &Text, range: std::ops::Range<usize>, trace: &Trace) {
        let part = text.as_str().get(range.clone()).unwrap_or("");
        self.builder.push_part(text, range, trace);
        self.column = match part.rfind('\n') {
            Some(line) => part.get(line + 1..).unwrap_or("").chars().count(),
            None => self.column + part.chars().count(),
        };
    }

    fn double(&mut self, text: &str, trace: &Trace, indent: usize) {
        self.put("\"", trace);
        let mut was_space = false;
        for (at, character) in text.char_indices() {
            let rest = text.get(at + character.len_utf8()..).unwrap_or("");
            if character == ' ' {
                if !was_space && self.column > WIDTH && at > 0 && !rest.is_empty() {
                    self.line(indent);
                    if rest.starts_with(' ') {
                        self.put("\\", trace);
                    }
                } else {
                    self.put(" ", trace);
                }
                was_space = true;
            } else {
                self.put(&escaped(character), trace);
                was_space = false;
            }
        }
        self.put("\"", trace);
    }

    fn literal(&mut self, text: &Text, trace: &Trace, indent: usize) {
        let characters = text.as_str();
        let hint = if characters.starts_with(' ') || characters.starts_with(is_break) { "2" } else { "" };
        let chomping = match characters.strip_suffix(is_break) {
            None => "-",
            Some(rest) if rest.is_empty() || rest.ends_with(is_break) => "+",
            Some(_) => "",
        };
        self.put(&format!("|{hint}{chomping}"), trace);
        let mut at = 0;
        let mut is_at_start = true;
        for line in characters.split_inclusive('\n') {
            let content = line.strip_suffix('\n').unwrap_or(line);
            if is_at_start {
                self.put("\n", &Trace::NONE);
            }
            if !content.is_empty() {
                self.put(&" ".repeat(indent), &Trace::NONE);
                self.part(text, at..at + content.len(), trace);
            }
            is_at_start = content.len() < line.len();
            at += line.len();
        }
    }
}

fn double_quoted(text: &str) -> String {
    let inner: String = text.chars().map(escaped).collect();
    format!("\"{inner}\"")
}

/// A character inside double quotes.
fn escaped(character: char) -> String {
    let short = match character {
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{a0}' => "\\_",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ if is_printable(character) => return character.to_string(),
        _ => {
            let mut text = String::new();
            let code = u32::from(character);
            let written = match code {
                0..=0xff => write!(text, "\\x{code:02X}"),
                0x100..=0xffff => write!(text, "\\u{code:04X}"),
                _ => write!(text, "\\U{code:08X}"),
            };
            debug_assert!(written.is_ok());
            return text;
        }
    };
    short.to_owned()
}

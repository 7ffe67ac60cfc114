//! YAML text, as `yamlencode` writes it: the emitter of libyaml with texts in double quotes.

use super::encode_json;
use proofmark_model::{Data, HOLE, Value};
use std::fmt::Write;

/// The column behind which the emitter breaks quoted texts at a space.
const WIDTH: usize = 80;

/// The YAML text of a value: texts in double quotes, two spaces of indent, keys sorted, a hole for what is not known.
pub(super) fn encode_yaml(value: &Value) -> String {
    let mut writer = Writer { text: String::new(), indent: 0 };
    if is_block(value) {
        writer.block(value);
        return writer.text;
    }
    writer.scalar(value);
    writer.text.push('\n');
    // A plain scalar document is ended explicitly.
    if !matches!(value.data, Data::String(_) | Data::Map(_) | Data::List(_)) {
        writer.text.push_str("...\n");
    }
    writer.text
}

struct Writer {
    text: String,
    /// In steps of two spaces.
    indent: usize,
}

impl Writer {
    fn block(&mut self, value: &Value) {
        let pad = "  ".repeat(self.indent);
        match &value.data {
            Data::Map(map) => {
                for (index, entry) in map.entries().iter().enumerate() {
                    // The first entry of a map in a list stands behind its dash.
                    if index > 0 || !self.text.ends_with("- ") {
                        self.text.push_str(&pad);
                    }
                    self.quoted(&entry.name, false);
                    self.text.push(':');
                    self.child(&entry.value);
                }
            }
            Data::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 || !self.text.ends_with("- ") {
                        self.text.push_str(&pad);
                    }
                    self.text.push_str("- ");
                    self.element(element);
                }
            }
            _ => {}
        }
    }

    fn element(&mut self, element: &Value) {
        if is_block(element) {
            self.indent += 1;
            self.block(element);
            self.indent -= 1;
        } else {
            self.scalar(element);
            self.text.push('\n');
        }
    }

    fn child(&mut self, value: &Value) {
        if !is_block(value) {
            self.text.push(' ');
            self.scalar(value);
            self.text.push('\n');
            return;
        }
        self.text.push('\n');
        // Lists stand at the indent of their key.
        let deeper = usize::from(value.as_map().is_some());
        self.indent += deeper;
        self.block(value);
        self.indent -= deeper;
    }

    fn scalar(&mut self, value: &Value) {
        match &value.data {
            Data::Map(_) => self.text.push_str("{}"),
            Data::List(_) => self.text.push_str("[]"),
            Data::String(text) if text.contains('\n') && may_be_literal(text) => self.literal(text),
            Data::String(text) => self.quoted(text, true),
            Data::Unknown(_) => self.text.push(HOLE),
            _ => self.text.push_str(&encode_json(value)),
        }
    }

    /// A text of several lines.
    fn literal(&mut self, text: &str) {
        let pad = "  ".repeat(self.indent + 1);
        let body = text.strip_suffix('\n');
        self.text.push('|');
        if text.starts_with([' ', '\n']) {
            self.text.push('2');
        }
        match body {
            None => self.text.push('-'),
            Some(body) if body.is_empty() || body.ends_with('\n') => self.text.push('+'),
            Some(_) => {}
        }
        for line in body.unwrap_or(text).split('\n') {
            self.text.push('\n');
            if !line.is_empty() {
                self.text.push_str(&pad);
                self.text.push_str(line);
            }
        }
    }

    /// A text in quotes; keys are never broken.
    fn quoted(&mut self, text: &str, may_break: bool) {
        let line_start = self.text.rfind('\n').map_or(0, |place| place + 1);
        let mut column = self.text.get(line_start..).map_or(0, |line| line.chars().count()) + 1;
        self.text.push('"');
        let mut was_space = false;
        let mut letters = text.char_indices().peekable();
        while let Some((place, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            let is_inside = place > 0 && next.is_some();
            if letter == ' ' && may_break && !was_space && column > WIDTH && is_inside {
                let pad = "  ".repeat(self.indent + 1);
                let _ = write!(self.text, "\n{pad}");
                column = pad.len();
                if next == Some(' ') {
                    self.text.push('\\');
                    column += 1;
                }
                was_space = true;
                continue;
            }
            was_space = letter == ' ';
            let before = self.text.len();
            push_escaped(letter, &mut self.text);
            column += self.text.get(before..).map_or(1, |made| made.chars().count());
        }
        self.text.push('"');
    }
}

fn is_block(value: &Value) -> bool {
    match &value.data {
        Data::Map(map) => !map.entries().is_empty(),
        Data::List(elements) => !elements.is_empty(),
        _ => false,
    }
}

/// Whether a text can be a literal block: no space ends a line, and every letter may stand as it is.
fn may_be_literal(text: &str) -> bool {
    !text.contains(" \n")
        && !text.ends_with(' ')
        && text.chars().all(|letter| letter == '\n' || is_printable(letter))
}

fn is_printable(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn push_escaped(letter: char, into: &mut String) {
    let short = match letter {
        '"' | '\\' => letter,
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ if is_printable(letter) => {
            into.push(letter);
            return;
        }
        _ => {
            let code = u32::from(letter);
            // Writing to a text cannot fail.
            let _ = match code {
                0..=0xff => write!(into, "\\x{code:02X}"),
                0x100..=0xffff => write!(into, "\\u{code:04X}"),
                _ => write!(into, "\\U{code:08X}"),
            };
            return;
        }
    };
    into.push('\\');
    into.push(short);
}

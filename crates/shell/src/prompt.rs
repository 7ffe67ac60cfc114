//! A light reading of scripts of the command prompt of Windows: commands with their arguments, wherever they stand.

use crate::builder::Builder;
use crate::command::{Join, Redirect};
use crate::cursor::Cursor;
use crate::facts::Fate;
use crate::light::{Written, finish, redirect_length, redirect_operator, unseen};
use crate::places::Places;
use crate::script::{Script, Settings};
use crate::word::{Parameter, PartKind, Quotes, Word};
use std::ops::Range;

/// Reads `range` of `text` as a batch file. Only the status of the last program counts.
pub fn read(text: &str, range: Range<usize>, settings: &Settings<'_>) -> Script {
    let places = Places::default();
    let mut reader = Reader {
        cursor: Cursor::new(text, range, &places),
        current: Written::default(),
        written: Vec::new(),
        join: Join::Sequence,
        depth: 0,
    };
    while !reader.cursor.is_at_end() {
        reader.step();
    }
    reader.end(Join::Sequence);
    finish(reader.written, settings, &fate)
}

fn fate(written: &Written, next: Option<&Written>) -> Fate {
    let asks = |word: &Word| word.text.to_ascii_lowercase().contains("errorlevel");
    match next.is_some_and(|next| next.words.iter().any(asks)) {
        true => Fate::handled(false),
        false => unseen(written, next),
    }
}

/// The number of words at the start of a command that only say when it runs: `if not exist x`, `else`.
fn condition_length(words: &[String]) -> usize {
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    match word(0) {
        "else" => 1,
        "if" => {
            let at = if matches!(word(1), "not" | "/i") { 2 } else { 1 };
            at + if matches!(word(at), "exist" | "defined" | "errorlevel") { 2 } else { 1 }
        }
        _ => 0,
    }
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    current: Written,
    written: Vec<Written>,
    join: Join,
    depth: usize,
}

impl Reader<'_> {
    fn step(&mut self) {
        if self.cursor.eat("^\n") || self.cursor.eat("^\r\n") {
            return;
        }
        match self.cursor.peek() {
            Some(' ' | '\t' | '\r' | ',' | ';') => self.cursor.position += 1,
            Some('\n') => self.separator(1, Join::Sequence),
            Some('&') if self.cursor.is_at("&&") => self.separator(2, Join::And),
            Some('&') => self.separator(1, Join::Sequence),
            Some('|') if self.cursor.is_at("||") => self.separator(2, Join::Or),
            Some('|') => self.separator(1, Join::Pipe),
            Some('(') => {
                self.separator(1, Join::Sequence);
                self.depth += 1;
            }
            Some(')') => {
                self.separator(1, Join::Sequence);
                self.depth = self.depth.saturating_sub(1);
            }
            Some(_) => match redirect_length(self.cursor.rest()) {
                Some(length) => self.redirect(length),
                None => self.argument(),
            },
            None => {}
        }
    }

    fn separator(&mut self, length: usize, join: Join) {
        self.cursor.position += length;
        self.end(join);
    }

    fn end(&mut self, join: Join) {
        let mut done = std::mem::take(&mut self.current);
        let lower: Vec<String> =
            done.words.iter().take(3).map(|word| word.text.to_ascii_lowercase()).collect();
        let first = lower.first().map_or("", String::as_str);
        let length = condition_length(&lower);
        done.words.drain(..length.min(done.words.len()));
        let is_switch = first == "echo" && matches!(lower.get(1).map(String::as_str), Some("on" | "off"));
        if !done.words.is_empty() && !is_switch && !first.starts_with(':') {
            done.join = self.join;
            done.depth = self.depth;
            self.written.push(done);
        }
        self.join = join;
    }

    fn redirect(&mut self, length: usize) {
        if let Some(operator) = redirect_operator(&mut self.cursor, length) {
            self.cursor.skip_blanks();
            let target = self.word();
            self.current.redirects.push(Redirect { operator, target, ..Redirect::default() });
        }
    }

    fn argument(&mut self) {
        let start = self.cursor.position;
        let mut word = self.word();
        if self.cursor.position == start {
            self.cursor.advance();
            return;
        }
        if self.current.words.is_empty() {
            if word.text.eq_ignore_ascii_case("rem") || word.text.starts_with("::") {
                return self.cursor.skip_line();
            }
            // `@` keeps the line from being shown; `call` runs another script.
            if let Some(text) = word.text.strip_prefix('@').filter(|_| !word.has_expansion) {
                word = Word::plain(text, word.range.start + 1..word.range.end);
            }
            if word.text.is_empty() || word.text.eq_ignore_ascii_case("call") {
                return;
            }
        }
        self.current.words.push(word);
    }

    fn word(&mut self) -> Word {
        let start = self.cursor.position;
        let mut builder = Builder::default();
        while let Some(character) = self.cursor.peek() {
            match character {
                '"' => {
                    self.cursor.position += 1;
                    builder.word.is_quoted = true;
                    builder.quotes = if builder.is_quoted() { Quotes::Bare } else { Quotes::Double };
                }
                '\n' => break,
                ' ' | '\t' | '\r' | '&' | '|' | '(' | ')' | '>' if !builder.is_quoted() => break,
                '^' if !builder.is_quoted() => {
                    self.cursor.position += 1;
                    self.literal(&mut builder);
                }
                '%' => self.variable(&mut builder),
                '$' if self.cursor.is_at("${{") => self.template(&mut builder),
                _ => self.literal(&mut builder),
            }
        }
        builder.word.range = self.cursor.range_from(start);
        builder.word
    }

    fn literal(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        self.cursor.advance();
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        builder.add(PartKind::Literal, text, start..self.cursor.position);
    }

    fn template(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        let Some(length) = self.cursor.length_to_braces() else { return self.literal(builder) };
        self.cursor.position += length;
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        builder.add(PartKind::Template, text, start..self.cursor.position);
    }

    /// `%NAME%`.
    fn variable(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        let inner = self.cursor.rest().get(1..).unwrap_or("");
        let length = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = inner.get(..length).unwrap_or("").to_owned();
        if length == 0 || !inner.get(length..).is_some_and(|rest| rest.starts_with('%')) {
            return self.literal(builder);
        }
        self.cursor.position += length + 2;
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        let parameter = Parameter { name, ..Parameter::default() };
        builder.add(PartKind::Variable(Box::new(parameter)), text, start..self.cursor.position);
    }
}

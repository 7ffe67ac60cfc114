//! Words and quotes.

use super::Parser;
use crate::builder::Builder;
use crate::word::{PartKind, Quotes, Word};

/// Whether an unquoted `character` ends a word.
pub fn is_word_end(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>')
}

impl Parser<'_> {
    /// Reads one word; `None` where an operator, a blank or the end comes next. `takes_lists` says whether it may be an
    /// assignment of a list, such as `A=(b c)`.
    pub fn word(&mut self, takes_lists: bool) -> Option<Word> {
        let start = self.cursor.position;
        let mut builder = Builder::default();
        while let Some(character) = self.cursor.peek() {
            if is_word_end(character) && !self.is_at_process(character) {
                let text = builder.word.text.as_str();
                if character != '(' || builder.word.is_quoted || !self.opens_within(text, takes_lists) {
                    break;
                }
                self.bracketed(&mut builder);
                continue;
            }
            self.word_part(character, &mut builder);
        }
        if self.cursor.position == start {
            return None;
        }
        builder.word.range = self.cursor.range_from(start);
        Some(builder.word)
    }

    /// Reads the text of a here-document that is expanded.
    pub fn document_text(&mut self) -> Word {
        let mut builder = Builder { quotes: Quotes::Document, ..Builder::default() };
        while let Some(character) = self.cursor.peek() {
            match character {
                '"' => self.literal_character(&mut builder),
                _ => self.double_quoted_part(character, &mut builder),
            }
        }
        builder.word
    }

    /// Reads what stands between `open` and `close`, parts like those of a word, blanks included.
    pub fn text_until(&mut self, close: char, quotes: Quotes) -> Word {
        let start = self.cursor.position;
        let mut builder = Builder { quotes, ..Builder::default() };
        while let Some(character) = self.cursor.peek() {
            if character == close {
                break;
            }
            match character {
                '<' | '>' => self.literal_character(&mut builder),
                '\'' if quotes != Quotes::Bare => self.literal_character(&mut builder),
                _ => self.word_part(character, &mut builder),
            }
        }
        builder.word.range = self.cursor.range_from(start);
        builder.word
    }

    fn is_at_process(&self, character: char) -> bool {
        matches!(character, '<' | '>') && self.cursor.rest().as_bytes().get(1) == Some(&b'(')
    }

    /// Whether a bracket behind `text` belongs to the word: a list, or a pattern such as `@(a|b)`.
    fn opens_within(&self, text: &str, takes_lists: bool) -> bool {
        match text.as_bytes().last() {
            Some(b'=') => takes_lists && text.len() > 1,
            Some(b'?' | b'*' | b'+' | b'@' | b'!') => self.cursor.ahead().contains(')'),
            _ => false,
        }
    }

    /// Reads a bracketed part of a word with everything in it.
    fn bracketed(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        self.literal_character(builder);
        let mut open = 1_usize;
        while let Some(character) = self.cursor.peek() {
            match character {
                '(' => open += 1,
                ')' => open -= 1,
                '#' if builder.word.text.ends_with(char::is_whitespace) => {
                    self.cursor.skip_line();
                    continue;
                }
                _ => {}
            }
            match is_word_end(character) && !self.is_at_process(character) {
                true => self.literal_character(builder),
                false => self.word_part(character, builder),
            }
            if open == 0 {
                return;
            }
        }
        self.cursor.note("the bracket is never closed", start);
    }

    fn literal_character(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        self.cursor.advance();
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        builder.add(PartKind::Literal, text, self.cursor.range_from(start));
    }

    fn word_part(&mut self, character: char, builder: &mut Builder) {
        match character {
            '\'' => self.single_quoted(builder),
            '"' => self.double_quoted(builder),
            '\\' => self.escaped(builder),
            '$' | '`' | '<' | '>' => self.expansion(builder),
            '{' if self.cursor.is_at("{{") => self.template_or_brace(builder),
            _ => self.literal_run(builder),
        }
    }

    /// Reads characters that mean nothing.
    fn literal_run(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        self.cursor.advance();
        while let Some(next) = self.cursor.peek() {
            if !(next.is_alphanumeric() || matches!(next, '-' | '_' | '.' | '/' | ':' | '=' | ',' | '%')) {
                break;
            }
            self.cursor.position += next.len_utf8();
        }
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        builder.add(PartKind::Literal, text, self.cursor.range_from(start));
    }

    /// `{{ … }}` of a template language, or the start of a brace expansion.
    fn template_or_brace(&mut self, builder: &mut Builder) {
        let opens = self.cursor.rest().as_bytes().get(2);
        let length = self.cursor.ahead().find("}}").map(|at| at + 2);
        match length.filter(|_| matches!(opens, Some(b' ' | b'.' | b'-' | b'$'))) {
            Some(length) => self.template(length, builder),
            None => self.literal_run(builder),
        }
    }

    /// Reads a template expression of `length` bytes.
    pub fn template(&mut self, length: usize, builder: &mut Builder) {
        let start = self.cursor.position;
        self.cursor.position = (start + length).min(self.cursor.end);
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        builder.add(PartKind::Template, text, self.cursor.range_from(start));
    }

    fn single_quoted(&mut self, builder: &mut Builder) {
        let opening = self.cursor.position;
        self.cursor.position += 1;
        builder.word.is_quoted = true;
        let outer = std::mem::replace(&mut builder.quotes, Quotes::Single);
        loop {
            let start = self.cursor.position;
            let rest = self.cursor.rest();
            let length = rest.find(['\'', '$']).unwrap_or(rest.len());
            self.cursor.position += length;
            builder.add(PartKind::Literal, rest.get(..length).unwrap_or(""), self.cursor.range_from(start));
            match self.cursor.peek() {
                Some('\'') => {
                    self.cursor.position += 1;
                    break;
                }
                // Filled in before any shell runs, so that quotes do not keep it.
                Some(_) => match self.template_length() {
                    Some(length) => self.template(length, builder),
                    None => self.literal_character(builder),
                },
                None => {
                    self.cursor.note("the quote is never closed", opening);
                    break;
                }
            }
        }
        builder.quotes = outer;
    }

    pub fn double_quoted(&mut self, builder: &mut Builder) {
        let opening = self.cursor.position;
        self.cursor.position += 1;
        builder.word.is_quoted = true;
        let outer = std::mem::replace(&mut builder.quotes, Quotes::Double);
        let mut is_closed = false;
        while let Some(character) = self.cursor.peek() {
            if character == '"' {
                self.cursor.position += 1;
                is_closed = true;
                break;
            }
            self.double_quoted_part(character, builder);
        }
        if !is_closed {
            self.cursor.note("the quote is never closed", opening);
        }
        builder.quotes = outer;
    }

    fn double_quoted_part(&mut self, character: char, builder: &mut Builder) {
        match character {
            '\\' => {
                if self.cursor.eat("\\\n") || self.cursor.eat("\\\r\n") {
                    return;
                }
                if matches!(self.cursor.rest().as_bytes().get(1), Some(b'"' | b'\\' | b'$' | b'`')) {
                    self.cursor.position += 1;
                }
                self.literal_character(builder);
            }
            '$' | '`' => self.expansion(builder),
            _ => {
                let start = self.cursor.position;
                let rest = self.cursor.rest();
                let length = rest
                    .get(character.len_utf8()..)
                    .and_then(|behind| Some(character.len_utf8() + behind.find(['"', '\\', '$', '`'])?));
                self.cursor.position += length.unwrap_or(rest.len());
                let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
                builder.add(PartKind::Literal, text, self.cursor.range_from(start));
            }
        }
    }

    fn escaped(&mut self, builder: &mut Builder) {
        if self.cursor.eat("\\\n") || self.cursor.eat("\\\r\n") {
            return;
        }
        self.cursor.position += 1;
        if self.cursor.is_at_end() {
            self.cursor.note("nothing follows the backslash", self.cursor.position - 1);
            return;
        }
        let outer = std::mem::replace(&mut builder.quotes, Quotes::Backslash);
        builder.word.is_quoted = true;
        self.literal_character(builder);
        builder.quotes = outer;
    }
}

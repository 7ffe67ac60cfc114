//! From characters to words.

use crate::Word;
use std::ops::Range;

/// Reads words and looks ahead in one script.
pub struct Scanner<'t> {
    /// The script.
    pub text: &'t str,
    /// The next byte to read.
    pub position: usize,
    /// The byte to stop before.
    pub end: usize,
    /// Scripts inside substitutions that were met on the way.
    pub nested: Vec<Range<usize>>,
}

impl<'t> Scanner<'t> {
    /// A scanner over `range` of `text`.
    pub fn new(text: &'t str, range: Range<usize>) -> Self {
        Self { text, position: range.start, end: range.end, nested: Vec::new() }
    }

    /// What is left.
    pub fn rest(&self) -> &'t str {
        self.text.get(self.position..self.end).unwrap_or("")
    }

    /// The next character without reading it.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Reads `prefix` if it comes next.
    pub fn eat(&mut self, prefix: &str) -> bool {
        let is_next = self.rest().starts_with(prefix);
        if is_next {
            self.position += prefix.len();
        }
        is_next
    }

    /// Skips blanks and continued lines.
    pub fn skip_blanks(&mut self) {
        while self.eat(" ") || self.eat("\t") || self.eat("\r") || self.eat("\\\n") || self.eat("\\\r\n") {}
    }

    /// Skips to the end of the line, not over it.
    pub fn skip_line(&mut self) {
        let rest = self.rest();
        self.position += rest.find('\n').unwrap_or(rest.len());
    }

    /// Reads one word; `None` where an operator, a blank or the end comes next.
    pub fn read_word(&mut self) -> Option<Word> {
        let start = self.position;
        let mut word = Word::default();
        while let Some(character) = self.peek() {
            if is_word_end(character) && !self.is_process_substitution() {
                break;
            }
            self.read_part(character, &mut word);
        }
        word.range = start..self.position;
        (self.position > start).then_some(word)
    }

    fn is_process_substitution(&self) -> bool {
        self.rest().starts_with("<(") || self.rest().starts_with(">(")
    }

    fn read_part(&mut self, character: char, word: &mut Word) {
        match character {
            '\'' => {
                self.position += 1;
                word.is_quoted = true;
                let rest = self.rest();
                let length = rest.find('\'').unwrap_or(rest.len());
                word.text.push_str(rest.get(..length).unwrap_or(""));
                self.position = (self.position + length + 1).min(self.end);
            }
            '"' => {
                self.position += 1;
                word.is_quoted = true;
                self.read_double_quoted(word);
            }
            '\\' => self.read_escape(word),
            '$' | '`' | '<' | '>' => self.read_expansion(word),
            other => {
                word.text.push(other);
                self.position += other.len_utf8();
            }
        }
    }

    fn read_double_quoted(&mut self, word: &mut Word) {
        while let Some(character) = self.peek() {
            match character {
                '"' => {
                    self.position += 1;
                    return;
                }
                '\\' if self.rest().starts_with("\\\n") => self.position += 2,
                '\\' => {
                    self.position += 1;
                    if let Some(next) = self.peek() {
                        if !matches!(next, '"' | '\\' | '$' | '`') {
                            word.text.push('\\');
                        }
                        word.text.push(next);
                        self.position += next.len_utf8();
                    }
                }
                '$' | '`' => self.read_expansion(word),
                other => {
                    word.text.push(other);
                    self.position += other.len_utf8();
                }
            }
        }
    }

    fn read_escape(&mut self, word: &mut Word) {
        if self.eat("\\\n") || self.eat("\\\r\n") {
            return;
        }
        self.position += 1;
        if let Some(next) = self.peek() {
            word.text.push(next);
            self.position += next.len_utf8();
        }
    }

    /// Reads `$…`, backticks, `<(…)` or `${{ … }}` and keeps the text.
    fn read_expansion(&mut self, word: &mut Word) {
        let start = self.position;
        let rest = self.rest();
        let length = if rest.starts_with("${{") {
            rest.find("}}").map_or(rest.len(), |at| at + 2)
        } else if rest.starts_with("$((") {
            balanced(rest, 1, '(', ')')
        } else if rest.starts_with("$(") || rest.starts_with("<(") || rest.starts_with(">(") {
            let length = balanced(rest, 1, '(', ')');
            self.nested.push(start + 2..start + length.saturating_sub(1).max(2));
            length
        } else if rest.starts_with("${") {
            balanced(rest, 1, '{', '}')
        } else if let Some(inner) = rest.strip_prefix('`') {
            let length = inner.find('`').map_or(rest.len(), |at| at + 2);
            self.nested.push(start + 1..start + length.saturating_sub(1).max(1));
            length
        } else {
            1
        };
        let is_variable =
            rest.chars().nth(1).is_some_and(|next| next.is_alphanumeric() || "_@*#?!-".contains(next));
        word.has_expansion |= length > 1 || is_variable;
        word.text.push_str(rest.get(..length).unwrap_or(rest));
        self.position = (start + length).min(self.end);
    }
}

/// Whether an unquoted `character` ends a word.
fn is_word_end(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>')
}

/// The length of the bracketed part of `text` whose `open` bracket stands at byte `at`, quotes respected; all of `text`
/// where it is never closed.
fn balanced(text: &str, at: usize, open: char, close: char) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut is_escaped = false;
    for (index, character) in text.char_indices().skip_while(|(index, _)| *index < at) {
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match (quote, character) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => is_escaped = true,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, _) if character == open => depth += 1,
            (None, _) if character == close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index + character.len_utf8();
                }
            }
            (None, _) => {}
        }
    }
    text.len()
}

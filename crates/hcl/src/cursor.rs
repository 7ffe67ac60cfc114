//! A place in the text: what stands here, what is space, and how deep we are.

use crate::parse::{NESTING_LIMIT, SYNTAX, SpanMap};
use proofmark_source::{Diagnostic, Impact, Span};
use smol_str::SmolStr;
use std::ops::Range;

/// Brackets and operators inside each other. Real files stay below 30; the parser and all that walks its tree recurse.
pub(crate) const MAX_NESTING: u32 = 100;

/// Heredocs without an end that are looked for, since each search reads to the end of the file.
const MAX_UNCLOSED_HEREDOCS: u32 = 16;

/// Why something cannot be read.
#[derive(Debug)]
pub(crate) struct Broken(pub Box<Diagnostic>);

/// What was read, or why it cannot be.
pub(crate) type Read<T> = Result<T, Broken>;

/// The parser's place in a text.
pub(crate) struct Cursor<'t> {
    pub text: &'t str,
    pub at: usize,
    pub map: SpanMap,
    /// Whether newlines are space here: inside parentheses, square brackets and interpolations.
    pub is_soft: bool,
    /// Comments seen so far, in order of place.
    pub comments: Vec<Range<usize>>,
    /// Whether the last of them is never closed.
    pub is_comment_open: bool,
    /// How many expressions stand inside each other in the one that was read last.
    pub height: u32,
    /// The greatest height of the expressions that were read inside the one that is being read.
    pub tallest: u32,
    depth: u32,
    unclosed: u32,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str, map: SpanMap) -> Self {
        Self {
            text,
            at: 0,
            map,
            is_soft: false,
            comments: Vec::new(),
            is_comment_open: false,
            height: 0,
            tallest: 0,
            depth: 0,
            unclosed: 0,
        }
    }

    /// The byte so far ahead; 0 behind the end.
    pub fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub fn span_from(&self, start: usize) -> Span {
        self.map.span(start..self.at)
    }

    /// Steps over spaces and comments, and over newlines where they are space.
    pub fn space(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' => self.at += 1,
                b'\n' if self.is_soft => self.at += 1,
                b'\r' if self.is_soft || self.byte(1) != b'\n' => self.at += 1,
                b'#' | b'/' if self.comment() => {}
                _ => return,
            }
        }
    }

    /// Steps over spaces, comments and newlines.
    pub fn blank(&mut self) {
        self.within(true, Self::space);
    }

    /// Steps over the end of a line, if one is here.
    pub fn eat_newline(&mut self) -> bool {
        let length = self.newline_length();
        self.at += length;
        length > 0
    }

    /// The bytes of the line end that stands here; 0 where none does.
    pub fn newline_length(&self) -> usize {
        match self.byte(0) {
            b'\n' => 1,
            b'\r' if self.byte(1) == b'\n' => 2,
            _ => 0,
        }
    }

    /// Steps over a comment, if one begins here.
    pub fn comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with("/*") {
            let end = rest.find("*/");
            self.is_comment_open |= end.is_none();
            end.map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('#') || rest.starts_with("//") {
            let line = rest.split('\n').next().unwrap_or(rest);
            line.strip_suffix('\r').unwrap_or(line).len()
        } else {
            return false;
        };
        let start = self.at;
        self.at += length;
        // A place may be looked at twice.
        if self.comments.last().is_none_or(|last| last.end <= start) {
            self.comments.push(start..self.at);
        }
        true
    }

    /// Whether a line further down holds nothing but this.
    pub fn may_be_closed(&mut self, marker: &str) -> bool {
        if self.unclosed >= MAX_UNCLOSED_HEREDOCS {
            return false;
        }
        let is_closed = self.rest().lines().skip(1).any(|line| line.trim() == marker);
        self.unclosed += u32::from(!is_closed);
        is_closed
    }

    /// Steps over these bytes, if they are here.
    pub fn eat(&mut self, wanted: &str) -> bool {
        let is_here = self.rest().starts_with(wanted);
        if is_here {
            self.at += wanted.len();
        }
        is_here
    }

    /// The identifier that begins here, which may hold dashes.
    pub fn identifier(&mut self) -> Option<SmolStr> {
        let rest = self.rest();
        let length = identifier_length(rest)?;
        self.at += length;
        rest.get(..length).map(SmolStr::new)
    }

    /// Whether this very word stands here.
    pub fn is_at_word(&self, word: &str) -> bool {
        let rest = self.rest();
        identifier_length(rest).is_some_and(|length| rest.get(..length) == Some(word))
    }

    /// Runs `inner` where newlines are space or are not.
    pub fn within<T>(&mut self, is_soft: bool, inner: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.is_soft, is_soft);
        let result = inner(self);
        self.is_soft = outer;
        result
    }

    /// Runs `inner` one level deeper.
    pub fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_NESTING {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    pub fn too_deep(&self) -> Broken {
        let message = format!("brackets and operators are nested more than {MAX_NESTING} levels deep");
        Broken(Box::new(Diagnostic::new(NESTING_LIMIT, Impact::Partial, self.here(), message)))
    }

    /// Something is wrong with what stands here.
    pub fn broken(&self, message: impl Into<String>) -> Broken {
        self.broken_at(self.here(), message)
    }

    pub fn broken_at(&self, span: Span, message: impl Into<String>) -> Broken {
        Broken(Box::new(Diagnostic::new(SYNTAX, Impact::Partial, span, message)))
    }

    /// The character here.
    fn here(&self) -> Span {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.map.span(self.at..self.at + length)
    }

    /// What stands here, for messages.
    pub fn found(&self) -> String {
        match self.rest().chars().next() {
            None => String::from("the end of the text"),
            Some('\n' | '\r') => String::from("the end of the line"),
            Some(found) => {
                match identifier_length(self.rest()).and_then(|length| self.rest().get(..length)) {
                    Some(word) => format!("`{word}`"),
                    None => format!("`{found}`"),
                }
            }
        }
    }
}

/// The length of the identifier at the start of `text`.
fn identifier_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    chars.next().filter(|(_, first)| first.is_alphabetic() || *first == '_')?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-') || is_mark(c);
    Some(chars.find(|(_, c)| !is_part(*c)).map_or(text.len(), |(end, _)| end))
}

/// Accents that are written behind their letter.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

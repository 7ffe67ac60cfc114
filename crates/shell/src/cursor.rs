//! Reading characters, one after the other.

use crate::places::Places;
use crate::tree::Oddity;
use std::ops::Range;

/// A place in a script, up to which it has been read.
pub struct Cursor<'t> {
    /// The script.
    pub text: &'t str,
    /// The next byte to read.
    pub position: usize,
    /// The byte to stop before.
    pub end: usize,
    /// Where the script stands in the outermost one.
    pub places: &'t Places,
    /// What was odd so far.
    pub oddities: Vec<Oddity>,
    /// From where the next `}}` was looked for, and where it stands.
    braces: Option<(usize, usize)>,
}

/// How far ahead is looked for the end of something that may not be meant at all.
const LOOK_AHEAD_BYTES: usize = 512;

/// More oddities than this tell nothing new about a script.
const MAX_ODDITIES: usize = 64;

impl<'t> Cursor<'t> {
    /// A cursor before `range` of `text`.
    pub fn new(text: &'t str, range: Range<usize>, places: &'t Places) -> Self {
        let end = range.end.min(text.len());
        Self { text, position: range.start.min(end), end, places, oddities: Vec::new(), braces: None }
    }

    /// What is left.
    pub fn rest(&self) -> &'t str {
        self.text.get(self.position..self.end).unwrap_or("")
    }

    /// The next character without reading it.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next byte without reading it; 0 at the end.
    pub fn peek_byte(&self) -> u8 {
        if self.position < self.end {
            self.text.as_bytes().get(self.position).copied().unwrap_or(0)
        } else {
            0
        }
    }

    /// Whether `prefix` comes next.
    pub fn is_at(&self, prefix: &str) -> bool {
        self.rest().starts_with(prefix)
    }

    /// Reads `prefix` if it comes next.
    pub fn eat(&mut self, prefix: &str) -> bool {
        let is_next = self.is_at(prefix);
        if is_next {
            self.position += prefix.len();
        }
        is_next
    }

    /// Reads one character.
    pub fn advance(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.position += next.len_utf8();
        Some(next)
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.position >= self.end
    }

    /// Skips blanks and continued lines.
    pub fn skip_blanks(&mut self) {
        loop {
            match self.peek_byte() {
                b' ' | b'\t' | b'\r' => self.position += 1,
                b'\\' if self.eat("\\\n") || self.eat("\\\r\n") => {}
                _ => return,
            }
        }
    }

    /// Skips to the end of the line, not over it.
    pub fn skip_line(&mut self) {
        let rest = self.rest();
        self.position += rest.find('\n').unwrap_or(rest.len());
    }

    /// The rest of this line.
    pub fn line(&self) -> &'t str {
        let rest = self.rest();
        rest.get(..rest.find('\n').unwrap_or(rest.len())).unwrap_or(rest)
    }

    /// The rest of this line, as far as it pays to look.
    pub fn ahead(&self) -> &'t str {
        let rest = self.rest();
        let mut length = rest.len().min(LOOK_AHEAD_BYTES);
        while !rest.is_char_boundary(length) {
            length -= 1;
        }
        let near = rest.get(..length).unwrap_or("");
        near.get(..near.find('\n').unwrap_or(length)).unwrap_or(near)
    }

    /// The bytes up to behind the next `}}`. Remembered, so that many openings that nothing closes cost one search.
    pub fn length_to_braces(&mut self) -> Option<usize> {
        let found = match self.braces {
            Some((from, at)) if from <= self.position && self.position <= at => at,
            _ => {
                let rest = self.text.get(self.position..).unwrap_or("");
                let at = rest.find("}}").map_or(usize::MAX, |at| self.position + at);
                self.braces = Some((self.position, at));
                at
            }
        };
        (found < self.end.saturating_sub(1)).then(|| found + 2 - self.position)
    }

    /// The bytes from `start` up to here, in the outermost script.
    pub fn range_from(&self, start: usize) -> Range<usize> {
        self.places.outer(start..self.position.max(start))
    }

    /// Notes that the bytes from `start` up to here are odd.
    pub fn note(&mut self, message: &'static str, start: usize) {
        if self.oddities.len() < MAX_ODDITIES {
            let range = self.range_from(start);
            self.oddities.push(Oddity { message, range });
        }
    }
}

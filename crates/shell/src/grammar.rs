//! The grammar: from characters to a tree.
//!
//! Recursive descent without a separate lexer, because what a character means depends on where it stands. Follows IEEE
//! Std 1003.1, "Shell Command Language", and the Bash manual's "Shell Syntax". What does not fit is noted and skipped.

mod command;
mod compound;
mod document;
mod expansion;
mod word;

use crate::cursor::Cursor;
use crate::places::Places;
use crate::tree::{Document, List, Pipeline, Statement, Tree};
use document::Awaited;
use std::ops::Range;

/// How deep commands and expansions are read inside each other; deeper ones stay text. Real scripts nest to ten, and each
/// level costs stack.
pub const MAX_DEPTH: usize = 32;

/// Words that end a list of statements where a command could begin.
const CLOSING: [&str; 8] = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];

/// Parses `range` of `text`. Never fails: see [`Tree::oddities`].
#[must_use]
pub fn parse_script(text: &str, range: Range<usize>) -> Tree {
    parse_placed(text, range, &Places::default())
}

/// Parses a script that stands in another one at `places`.
pub fn parse_placed(text: &str, range: Range<usize>, places: &Places) -> Tree {
    let mut parser = Parser {
        cursor: Cursor::new(text, range, places),
        depth: 0,
        closers: Vec::new(),
        awaited: Vec::new(),
        documents: Vec::new(),
    };
    let list = parser.list(&[]);
    parser.read_documents();
    let mut oddities = parser.cursor.oddities;
    oddities.sort_by_key(|oddity| oddity.range.start);
    Tree { list, documents: parser.documents, oddities }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    /// How many compound commands and expansions are open.
    depth: usize,
    /// What ends the lists that are open, outermost first.
    closers: Vec<&'static [&'static str]>,
    /// Here-documents whose text begins behind the next line break.
    awaited: Vec<Awaited>,
    documents: Vec<Document>,
}

impl Parser<'_> {
    /// Reads statements up to one of `closers`, which stays unread, or to what ends a list further out.
    fn list(&mut self, closers: &'static [&'static str]) -> List {
        self.closers.push(closers);
        let mut list = List::default();
        loop {
            self.skip_separators();
            if self.cursor.is_at_end() || self.is_at_closer() {
                break;
            }
            let start = self.cursor.position;
            list.statements.extend(self.statement());
            if self.cursor.position == start {
                self.cursor.advance();
                self.cursor.note("nothing can begin with this character", start);
            }
        }
        self.closers.pop();
        list
    }

    /// Skips blanks, line breaks, comments and `;`.
    fn skip_separators(&mut self) {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.peek_byte() {
                b'\n' => self.line_break(),
                b'#' => self.cursor.skip_line(),
                b';' if !self.is_at_arm_end() => self.cursor.position += 1,
                _ => return,
            }
        }
    }

    /// Skips blanks, line breaks and comments.
    fn skip_lines(&mut self) {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.peek_byte() {
                b'\n' => self.line_break(),
                b'#' => self.cursor.skip_line(),
                _ => return,
            }
        }
    }

    /// Reads a line break, and the here-documents that begin behind it.
    fn line_break(&mut self) {
        self.cursor.position += 1;
        if !self.awaited.is_empty() {
            self.read_documents();
        }
    }

    fn is_at_arm_end(&self) -> bool {
        self.cursor.is_at(";;") || self.cursor.is_at(";&")
    }

    /// Whether what comes next ends a list that is open; closing words that end none are skipped as odd.
    fn is_at_closer(&mut self) -> bool {
        while !self.cursor.is_at_end() {
            let closing = match self.cursor.peek_byte() {
                b')' => ")",
                b';' => ";;",
                _ => match self.keyword(&CLOSING) {
                    Some(word) => word,
                    None => return false,
                },
            };
            if self.closers.iter().any(|closers| closers.contains(&closing)) {
                return true;
            }
            let start = self.cursor.position;
            self.cursor.position += closing.len();
            self.cursor.note("nothing is open that this closes", start);
            self.skip_separators();
        }
        true
    }

    /// The one of `words` that comes next as a word of its own, unread.
    fn keyword(&self, words: &[&'static str]) -> Option<&'static str> {
        let rest = self.cursor.rest();
        let is_word = |word: &&&'static str| {
            rest.strip_prefix(**word).is_some_and(|behind| {
                behind.chars().next().is_none_or(|next| word::is_word_end(next) || next == '`')
            })
        };
        words.iter().find(is_word).copied()
    }

    /// Reads the keyword `word` if it comes next; notes what is missing if not.
    fn expect(&mut self, word: &'static str, missing: &'static str) -> bool {
        self.skip_separators();
        let is_next = match word {
            ")" => self.cursor.is_at(word),
            _ => self.keyword(&[word]).is_some(),
        };
        if is_next {
            self.cursor.position += word.len();
        } else {
            self.cursor.note(missing, self.cursor.position);
        }
        is_next
    }

    /// Reads pipelines joined by `&&` and `||`.
    fn statement(&mut self) -> Option<Statement> {
        let start = self.cursor.position;
        let mut pipelines = vec![(false, self.pipeline()?)];
        let mut end = self.cursor.position;
        loop {
            self.cursor.skip_blanks();
            let sign_at = self.cursor.position;
            let is_or = self.cursor.is_at("||");
            if !is_or && !self.cursor.is_at("&&") {
                break;
            }
            self.cursor.position += 2;
            self.skip_lines();
            match self.pipeline() {
                Some(pipeline) => pipelines.push((is_or, pipeline)),
                None => {
                    self.cursor.note("no command follows this operator", sign_at);
                    break;
                }
            }
            end = self.cursor.position;
        }
        let is_background = self.cursor.eat("&");
        Some(Statement { pipelines, is_background, range: self.cursor.places.outer(start..end) })
    }

    /// Reads commands joined by `|`.
    fn pipeline(&mut self) -> Option<Pipeline> {
        let start = self.cursor.position;
        self.skip_time();
        let mut is_negated = false;
        while self.keyword(&["!"]).is_some() {
            self.cursor.position += 1;
            is_negated = !is_negated;
            self.cursor.skip_blanks();
        }
        let mut stages = vec![self.node()?];
        let mut end = self.cursor.position;
        loop {
            self.cursor.skip_blanks();
            let sign_at = self.cursor.position;
            if self.cursor.is_at("||") || !(self.cursor.eat("|&") || self.cursor.eat("|")) {
                break;
            }
            self.skip_lines();
            match self.node() {
                Some(node) => stages.push(node),
                None => {
                    self.cursor.note("no command follows this operator", sign_at);
                    break;
                }
            }
            end = self.cursor.position;
        }
        Some(Pipeline { is_negated, stages, range: self.cursor.places.outer(start..end) })
    }

    /// Skips `time` before a compound command; before a simple one it reads like a program that runs another.
    fn skip_time(&mut self) {
        if self.keyword(&["time"]).is_none() {
            return;
        }
        let start = self.cursor.position;
        self.cursor.position += "time".len();
        self.cursor.skip_blanks();
        if self.cursor.peek_byte() != b'(' && self.keyword(&compound::OPENING).is_none() {
            self.cursor.position = start;
        }
    }
}

//! Text → tokens, as text/template's `lex.go` cuts it.

use crate::unicode::describe;
use smol_str::{SmolStr, format_smolstr};

/// The pieces of a template.
pub(crate) struct Tokens {
    /// In order; the last is [`TokenKind::End`] or [`TokenKind::Error`].
    pub list: Vec<Token>,
    /// How the text is broken, where it is.
    pub problem: SmolStr,
}

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    /// Bytes in the text of the template.
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Text,
    LeftDelimiter,
    RightDelimiter,
    Identifier,
    Keyword(Keyword),
    /// `.name`
    Field,
    /// `$name` or `$`
    Variable,
    Dot,
    Nil,
    Bool,
    Number,
    /// `'c'`
    Character,
    String,
    RawString,
    Pipe,
    Declare,
    Assign,
    LeftParenthesis,
    RightParenthesis,
    Space,
    /// Any other printable character, of which the comma alone means something.
    Punctuation,
    End,
    /// The text is broken from here on.
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

impl Keyword {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "block" => Self::Block,
            "break" => Self::Break,
            "continue" => Self::Continue,
            "define" => Self::Define,
            "else" => Self::Else,
            "end" => Self::End,
            "if" => Self::If,
            "range" => Self::Range,
            "template" => Self::Template,
            "with" => Self::With,
            _ => return None,
        })
    }
}

const LEFT: &str = "{{";
const RIGHT: &str = "}}";
const COMMENT_START: &str = "/*";
const COMMENT_END: &str = "*/";
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Cuts a text into tokens.
pub(crate) fn tokens(text: &str) -> Tokens {
    let mut lexer = Lexer { text, at: 0, depth: 0, tokens: Vec::with_capacity(text.len() / BYTES_PER_TOKEN) };
    let problem = lexer.run().err();
    if problem.is_some() {
        lexer.push(TokenKind::Error, lexer.at);
    }
    Tokens { list: lexer.tokens, problem: problem.unwrap_or_default() }
}

/// What a token takes in charts, spaces included.
const BYTES_PER_TOKEN: usize = 6;

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Open parentheses.
    depth: usize,
    tokens: Vec<Token>,
}

impl<'t> Lexer<'t> {
    fn run(&mut self) -> Result<(), SmolStr> {
        let mut start = 0;
        while let Some(delimiter) = self.left_delimiter(start) {
            let inside = delimiter + LEFT.len();
            let is_trimmed = self.trims_left(inside);
            let mut text = self.text.get(start..delimiter).unwrap_or("");
            if is_trimmed {
                text = text.trim_end_matches(SPACES);
            }
            self.push_text(start, start + text.len());
            self.at = inside + if is_trimmed { 2 } else { 0 };
            if self.rest().starts_with(COMMENT_START) {
                start = self.comment()?;
                continue;
            }
            self.push(TokenKind::LeftDelimiter, delimiter);
            self.depth = 0;
            start = self.action()?;
        }
        self.push_text(start, self.text.len());
        self.at = self.text.len();
        self.push(TokenKind::End, self.at);
        Ok(())
    }

    /// Where the next action begins.
    fn left_delimiter(&self, start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            // One character is found far faster than two.
            at += self.text.get(at..)?.find('{')?;
            if self.bytes_from(at).starts_with(LEFT.as_bytes()) {
                return Some(at);
            }
            at += 1;
        }
    }

    fn bytes_from(&self, at: usize) -> &'t [u8] {
        self.text.as_bytes().get(at..).unwrap_or(&[])
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, start, end: self.at });
    }

    fn push_text(&mut self, start: usize, end: usize) {
        if start < end {
            self.tokens.push(Token { kind: TokenKind::Text, start, end });
        }
    }

    /// Whether `- ` follows the left delimiter.
    fn trims_left(&self, at: usize) -> bool {
        matches!(self.bytes_from(at), [b'-', next, ..] if is_space(*next))
    }

    /// Whether the action ends here, and whether ` -` before the delimiter trims what follows.
    fn right_delimiter(&self) -> Option<bool> {
        match self.bytes_from(self.at) {
            [b'}', b'}', ..] => Some(false),
            [space, b'-', b'}', b'}', ..] if is_space(*space) => Some(true),
            _ => None,
        }
    }

    /// Steps behind the right delimiter; gives where the text begins again.
    fn close(&mut self, is_trimmed: bool) -> usize {
        let start = self.at + if is_trimmed { 2 } else { 0 };
        self.at = start + RIGHT.len();
        let rest = self.rest();
        if is_trimmed { self.at + (rest.len() - rest.trim_start_matches(SPACES).len()) } else { self.at }
    }

    fn comment(&mut self) -> Result<usize, SmolStr> {
        let end = self.rest().find(COMMENT_END).ok_or("unclosed comment")?;
        self.at += end + COMMENT_END.len();
        let is_trimmed = self.right_delimiter().ok_or("comment ends before closing delimiter")?;
        Ok(self.close(is_trimmed))
    }

    /// The tokens up to the right delimiter; gives where the text begins again.
    fn action(&mut self) -> Result<usize, SmolStr> {
        loop {
            if let Some(is_trimmed) = self.right_delimiter() {
                if self.depth > 0 {
                    return Err("unclosed left paren".into());
                }
                let next = self.close(is_trimmed);
                self.push(TokenKind::RightDelimiter, self.at - RIGHT.len());
                return Ok(next);
            }
            let start = self.at;
            let kind = match self.bytes_from(start).first() {
                Some(first) if first.is_ascii() => self.token(char::from(*first))?,
                _ => self.token(self.peek().ok_or("unclosed action")?)?,
            };
            self.push(kind, start);
        }
    }

    fn token(&mut self, character: char) -> Result<TokenKind, SmolStr> {
        let start = self.at;
        self.at += character.len_utf8();
        Ok(match character {
            ' ' | '\t' | '\r' | '\n' => {
                let rest = self.bytes_from(self.at);
                let count = rest.iter().take_while(|next| is_space(**next)).count();
                // The last space before `-}}` belongs to the delimiter.
                let is_trimmed = rest.get(count..).is_some_and(|rest| rest.starts_with(b"-}}"));
                self.at += if is_trimmed { count.saturating_sub(1) } else { count };
                TokenKind::Space
            }
            '=' => TokenKind::Assign,
            ':' => {
                if self.peek() != Some('=') {
                    return Err("expected :=".into());
                }
                self.at += 1;
                TokenKind::Declare
            }
            '|' => TokenKind::Pipe,
            '"' => self.quoted('"', "unterminated quoted string").map(|()| TokenKind::String)?,
            '\'' => self.quoted('\'', "unterminated character constant").map(|()| TokenKind::Character)?,
            '`' => {
                let end = self.rest().find('`').ok_or("unterminated raw quoted string")?;
                self.at += end + 1;
                TokenKind::RawString
            }
            '$' => self.name_behind(TokenKind::Variable, TokenKind::Variable)?,
            '.' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => {
                self.name_behind(TokenKind::Field, TokenKind::Dot)?
            }
            '.' | '+' | '-' | '0'..='9' => self.number(start)?,
            '(' => {
                self.depth += 1;
                TokenKind::LeftParenthesis
            }
            ')' => {
                self.depth = self.depth.checked_sub(1).ok_or("unexpected right paren")?;
                TokenKind::RightParenthesis
            }
            _ if is_alphanumeric(character) => self.word(start)?,
            ' '..='~' => TokenKind::Punctuation,
            _ => return Err(format_smolstr!("unrecognized character in action: {}", describe(character))),
        })
    }

    fn quoted(&mut self, mark: char, problem: &'static str) -> Result<(), SmolStr> {
        let mut is_escaped = false;
        let rest = self.rest();
        for (index, character) in rest.char_indices() {
            match character {
                '\n' => break,
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                _ if character == mark => {
                    self.at += index + 1;
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(problem.into())
    }

    /// A field or a variable, or what its mark means alone.
    fn name_behind(&mut self, named: TokenKind, alone: TokenKind) -> Result<TokenKind, SmolStr> {
        if self.is_at_terminator() {
            return Ok(alone);
        }
        self.skip_word();
        self.expect_terminator()?;
        Ok(named)
    }

    fn word(&mut self, start: usize) -> Result<TokenKind, SmolStr> {
        self.skip_word();
        let word = self.text.get(start..self.at).unwrap_or("");
        let kind = match word {
            "true" | "false" => TokenKind::Bool,
            "nil" => TokenKind::Nil,
            _ => Keyword::parse(word).map_or(TokenKind::Identifier, TokenKind::Keyword),
        };
        self.expect_terminator()?;
        Ok(kind)
    }

    fn skip_word(&mut self) {
        let is_ascii_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        self.at += self.bytes_from(self.at).iter().take_while(is_ascii_word).count();
        if self.bytes_from(self.at).first().is_some_and(|next| !next.is_ascii()) {
            let rest = self.rest();
            self.at += rest.find(|character| !is_alphanumeric(character)).unwrap_or(rest.len());
        }
    }

    fn expect_terminator(&self) -> Result<(), SmolStr> {
        match self.peek() {
            Some(character) if !self.is_at_terminator() => {
                Err(format_smolstr!("bad character {}", describe(character)))
            }
            _ => Ok(()),
        }
    }

    fn is_at_terminator(&self) -> bool {
        match self.bytes_from(self.at) {
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(', ..] => true,
            rest => rest.starts_with(RIGHT.as_bytes()),
        }
    }

    /// The extent of a number; what it means is decided later.
    fn number(&mut self, start: usize) -> Result<TokenKind, SmolStr> {
        self.at = start;
        let sign = self.rest().starts_with(['+', '-']);
        self.at += usize::from(sign);
        let rest = self.rest();
        let digits: &str = match rest.as_bytes() {
            [b'0', b'x' | b'X', ..] => "0123456789abcdefABCDEF_",
            [b'0', b'o' | b'O', ..] => "01234567_",
            [b'0', b'b' | b'B', ..] => "01_",
            _ => "0123456789_",
        };
        let is_decimal = digits.len() == 11;
        self.at += if is_decimal { 0 } else { 2 };
        self.skip_any(digits);
        if self.rest().starts_with('.') {
            self.at += 1;
            self.skip_any(digits);
        }
        let exponent: &[char] = if is_decimal { &['e', 'E'] } else { &['p', 'P'] };
        if self.rest().starts_with(exponent) {
            self.at += 1;
            self.at += usize::from(self.rest().starts_with(['+', '-']));
            self.skip_any("0123456789_");
        }
        if self.peek().is_some_and(is_alphanumeric) {
            let end = self.at + self.peek().map_or(0, char::len_utf8);
            return Err(format_smolstr!("bad number syntax: {:?}", self.text.get(start..end).unwrap_or("")));
        }
        Ok(TokenKind::Number)
    }

    fn skip_any(&mut self, accepted: &str) {
        let rest = self.rest();
        self.at += rest.find(|next| !accepted.contains(next)).unwrap_or(rest.len());
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_alphanumeric(character: char) -> bool {
    character == '_' || character.is_alphabetic() || character.is_numeric()
}

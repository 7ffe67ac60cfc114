//! A scanner that knows strings, heredocs, comments and brackets, and nothing else of the grammar.

use std::ops::Range;

/// What the scanner saw. All ranges are bytes of the scanned text.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Comments with their marks.
    pub comments: Vec<Range<usize>>,
    /// Top-level items: an attribute or a block, up to the end of its last line.
    pub items: Vec<Range<usize>>,
    /// Newlines (and comments up to them) where the grammar ignores them: in parentheses, square brackets,
    /// interpolations, and braces that hold a `for`.
    pub soft: Vec<Range<usize>>,
    /// The first bracket that is nested deeper than the limit.
    pub too_deep: Option<usize>,
}

/// The deepest nesting of brackets that is handed to the parser, which recurses: its own limit is 64.
pub(crate) const MAX_NESTING: usize = 60;

/// The most heredocs without an end that are stepped over, since each is first read to the end of the file.
const MAX_UNCLOSED_HEREDOCS: u32 = 8;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode<'t> {
    /// Inside a bracket; the byte that closes it, and whether newlines count inside.
    Bracket { closer: u8, is_soft: bool },
    /// Inside quotes.
    Quoted,
    /// Inside a heredoc with this delimiter; where its marker stands.
    Heredoc { delimiter: &'t str, start: usize },
}

/// Scans `text` once. With `guesses`, a line that looks like the header of a top-level block ends the item before it even
/// inside brackets: right for text that is known to be broken, wrong for unindented text that is not.
pub(crate) fn scan(text: &str, guesses: bool) -> Scan {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        stack: Vec::new(),
        item: None,
        seen: Scan::default(),
        guesses,
        unclosed: 0,
    };
    while scanner.at < scanner.bytes.len() {
        match scanner.stack.last().copied() {
            Some(Mode::Quoted) => scanner.quoted(),
            Some(Mode::Heredoc { delimiter, start }) => scanner.heredoc(delimiter, start),
            _ => scanner.code(),
        }
    }
    scanner.end_item(scanner.bytes.len());
    scanner.seen
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    stack: Vec<Mode<'t>>,
    item: Option<usize>,
    seen: Scan,
    guesses: bool,
    unclosed: u32,
}

impl<'t> Scanner<'t> {
    fn byte(&self, offset: usize) -> u8 {
        self.bytes.get(self.at + offset).copied().unwrap_or(0)
    }

    fn code(&mut self) {
        let byte = self.byte(0);
        if !byte.is_ascii_whitespace() && self.item.is_none() && !self.is_comment() {
            self.item = Some(self.at);
        }
        match byte {
            b'\n' => self.newline(),
            _ if self.is_comment() => self.comment(),
            b'"' => self.push(Mode::Quoted, 1),
            b'<' if self.byte(1) == b'<' => self.heredoc_start(),
            b'{' => {
                let is_soft = self.holds_for();
                self.push(Mode::Bracket { closer: b'}', is_soft }, 1);
            }
            b'(' => self.push(Mode::Bracket { closer: b')', is_soft: true }, 1),
            b'[' => self.push(Mode::Bracket { closer: b']', is_soft: true }, 1),
            b'}' | b')' | b']' => self.close(byte),
            _ => self.at += 1,
        }
    }

    fn is_comment(&self) -> bool {
        self.byte(0) == b'#' || (self.byte(0) == b'/' && matches!(self.byte(1), b'/' | b'*'))
    }

    fn comment(&mut self) {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let is_block = rest.starts_with("/*");
        let length = if is_block {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            rest.find('\n').map_or(rest.len(), |end| end - usize::from(rest[..end].ends_with('\r')))
        };
        self.at += length;
        self.seen.comments.push(start..self.at);
        if !is_block && self.is_soft() {
            self.seen.soft.push(start..self.at);
        }
    }

    fn is_soft(&self) -> bool {
        matches!(self.stack.last(), Some(Mode::Bracket { is_soft: true, .. }))
    }

    fn newline(&mut self) {
        if self.is_soft() {
            self.seen.soft.push(self.at..self.at + 1);
        }
        self.at += 1;
        if self.stack.is_empty() || (self.guesses && self.begins_block()) {
            self.stack.clear();
            self.end_item(self.at);
        }
    }

    /// Whether the line that begins here looks like the header of a top-level block: a name in the first column, quoted
    /// labels, and an opening brace at its end. Inside brackets that means that one was never closed.
    fn begins_block(&self) -> bool {
        let line = self.text.get(self.at..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let Some(head) = line.trim_end().strip_suffix('{') else { return false };
        let head = head.trim_end();
        let name_length = head.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'_').count();
        let labels = head.get(name_length..).unwrap_or("");
        name_length > 0
            && labels.split_whitespace().all(|label| {
                label.len() > 1 && label.starts_with('"') && label.ends_with('"') && !label.contains('$')
            })
    }

    fn end_item(&mut self, end: usize) {
        if let Some(start) = self.item.take() {
            self.seen.items.push(start..end);
        }
    }

    fn push(&mut self, mode: Mode<'t>, length: usize) {
        if self.stack.len() >= MAX_NESTING && self.seen.too_deep.is_none() {
            self.seen.too_deep = Some(self.at);
        }
        self.stack.push(mode);
        self.at += length;
    }

    fn close(&mut self, byte: u8) {
        // A closer that does not fit is left to the parser's message.
        if matches!(self.stack.last(), Some(Mode::Bracket { closer, .. }) if *closer == byte) {
            self.stack.pop();
        }
        self.at += 1;
    }

    /// Whether the brace here opens a `for` expression rather than an object or a block.
    fn holds_for(&self) -> bool {
        let inner = self.text.get(self.at + 1..).unwrap_or("").trim_start();
        inner.strip_prefix("for").is_some_and(|rest| rest.starts_with(char::is_whitespace))
            && !inner.trim_start_matches("for").trim_start().starts_with('=')
    }

    fn quoted(&mut self) {
        match self.byte(0) {
            b'\\' => self.at += 2,
            b'"' => {
                self.stack.pop();
                self.at += 1;
            }
            // A quoted text never spans lines: it was not closed.
            b'\n' => {
                self.stack.pop();
            }
            byte => self.template_byte(byte),
        }
    }

    fn template_byte(&mut self, byte: u8) {
        if !matches!(byte, b'$' | b'%') {
            self.at += 1;
        } else if self.byte(1) == byte && self.byte(2) == b'{' {
            self.at += 3;
        } else if self.byte(1) == b'{' {
            self.push(Mode::Bracket { closer: b'}', is_soft: true }, 2);
        } else {
            self.at += 1;
        }
    }

    fn heredoc_start(&mut self) {
        let rest = self.text.get(self.at + 2..).unwrap_or("");
        let line = rest.split_inclusive('\n').next().unwrap_or("");
        let delimiter = line.strip_prefix('-').unwrap_or(line).trim_end();
        let is_name = !delimiter.is_empty()
            && delimiter.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            && line.ends_with('\n');
        if is_name {
            let start = self.at;
            self.push(Mode::Heredoc { delimiter, start }, 2 + line.len());
            self.heredoc_line(delimiter);
        } else {
            self.at += 2;
        }
    }

    fn heredoc(&mut self, delimiter: &'t str, start: usize) {
        match self.byte(0) {
            b'\n' => {
                self.at += 1;
                self.heredoc_line(delimiter);
            }
            byte => self.template_byte(byte),
        }
        if self.at >= self.bytes.len() && self.stack.last() == Some(&(Mode::Heredoc { delimiter, start })) {
            self.unclosed_heredoc(start);
        }
    }

    /// Leaves the heredoc if the line that begins here is its delimiter.
    fn heredoc_line(&mut self, delimiter: &str) {
        let line = self.text.get(self.at..).and_then(|rest| rest.split('\n').next()).unwrap_or("");
        let trimmed = line.trim_start();
        let is_end = trimmed
            .strip_prefix(delimiter)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')));
        if is_end {
            self.stack.pop();
            self.at += line.len() - trimmed.len() + delimiter.len();
        }
    }

    /// A heredoc that runs into the end of the text was not closed: goes on behind it, at the next line that looks like
    /// a block, so that it hides one block and not the file.
    fn unclosed_heredoc(&mut self, start: usize) {
        self.unclosed += 1;
        if !self.guesses || self.unclosed > MAX_UNCLOSED_HEREDOCS {
            return;
        }
        self.at = start;
        while let Some(length) = self.text.get(self.at..).and_then(|rest| rest.find('\n')) {
            self.at += length + 1;
            if self.begins_block() {
                self.stack.clear();
                self.end_item(self.at);
                return;
            }
        }
        self.at = self.bytes.len();
    }
}

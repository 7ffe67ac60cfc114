//! From words to commands.

use crate::scanner::Scanner;
use crate::{Command, Join, Redirect, Word};
use std::ops::Range;

/// How deep substitutions inside substitutions are read; deeper ones stay text. Real scripts nest two or three deep.
const MAX_DEPTH: usize = 16;

/// Words after which a command begins, when they stand where a command would.
const KEYWORDS: [&str; 12] =
    ["if", "then", "else", "elif", "fi", "do", "done", "while", "until", "!", "{", "}"];

/// Longest first, so that `<<-` is not read as `<<`.
const REDIRECTS: [&str; 11] = ["&>>", "<<<", "<<-", "&>", ">>", "<<", "<&", ">&", ">|", "<", ">"];

/// Splits `text` into its simple commands, in order of place; those in substitutions follow the command that holds them.
/// Never fails: what is not shell gives odd commands.
#[must_use]
pub fn parse_commands(text: &str) -> Vec<Command> {
    let mut commands = Vec::new();
    parse_range(text, 0..text.len(), 0, &mut commands);
    commands
}

struct Parser<'t> {
    scanner: Scanner<'t>,
    is_nested: bool,
    join: Join,
    current: Command,
    /// Here-documents whose text begins behind the next line break: place in `finished`/`current`, end mark, tabs kept.
    awaited: Vec<Awaited>,
    finished: Vec<Command>,
}

/// A here-document whose text is still to come.
struct Awaited {
    end_mark: String,
    strips_tabs: bool,
    body: Option<Range<usize>>,
}

fn parse_range(text: &str, range: Range<usize>, depth: usize, commands: &mut Vec<Command>) {
    let mut parser = Parser {
        scanner: Scanner::new(text, range),
        is_nested: depth > 0,
        join: Join::Sequence,
        current: empty_command(depth > 0),
        awaited: Vec::new(),
        finished: Vec::new(),
    };
    while parser.step() {}
    parser.finish(Join::Sequence);
    let nested = std::mem::take(&mut parser.scanner.nested);
    commands.append(&mut parser.finished);
    if depth < MAX_DEPTH {
        for inner in nested {
            parse_range(text, inner, depth + 1, commands);
        }
    }
}

fn empty_command(is_nested: bool) -> Command {
    Command {
        assignments: Vec::new(),
        words: Vec::new(),
        redirects: Vec::new(),
        join: Join::Sequence,
        is_nested,
        range: 0..0,
    }
}

impl Parser<'_> {
    /// Reads the next word or operator; false at the end.
    fn step(&mut self) -> bool {
        self.scanner.skip_blanks();
        let Some(character) = self.scanner.peek() else { return false };
        match character {
            '#' => self.scanner.skip_line(),
            '\n' => {
                self.scanner.position += 1;
                self.read_here_documents();
                // A pipe or `&&` at the end of a line goes on in the next.
                if !self.is_empty() {
                    self.finish(Join::Sequence);
                }
            }
            '&' | '|' | ';' | '(' | ')' => self.read_operator(),
            _ => self.read_redirect_or_word(),
        }
        true
    }

    fn is_empty(&self) -> bool {
        self.current.words.is_empty()
            && self.current.assignments.is_empty()
            && self.current.redirects.is_empty()
    }

    fn read_operator(&mut self) {
        if self.scanner.rest().starts_with("&>") {
            return self.read_redirect_or_word();
        }
        let join = if self.scanner.eat("&&") {
            Join::And
        } else if self.scanner.eat("||") {
            Join::Or
        } else if self.scanner.eat("|&") || self.scanner.eat("|") {
            Join::Pipe
        } else {
            self.scanner.position += 1;
            Join::Sequence
        };
        self.finish(join);
    }

    fn read_redirect_or_word(&mut self) {
        let start = self.scanner.position;
        let rest = self.scanner.rest();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let behind = rest.get(digits..).unwrap_or("");
        let is_substitution = behind.starts_with("<(") || behind.starts_with(">(");
        if let Some(operator) =
            REDIRECTS.iter().find(|operator| behind.starts_with(**operator) && !is_substitution)
        {
            self.scanner.position += digits + operator.len();
            self.read_redirect(start);
            return;
        }
        match self.scanner.read_word() {
            Some(word) => self.take_word(word),
            // Nothing else reads this character; go on behind it rather than for ever.
            None => self.scanner.position += self.scanner.peek().map_or(1, char::len_utf8),
        }
    }

    fn read_redirect(&mut self, start: usize) {
        let operator = self.scanner.text.get(start..self.scanner.position).unwrap_or("").to_owned();
        self.scanner.skip_blanks();
        let target = self.scanner.read_word().unwrap_or_default();
        self.extend_range(start..target.range.end.max(self.scanner.position));
        if operator.ends_with("<<") || operator.ends_with("<<-") {
            let strips_tabs = operator.ends_with('-');
            self.awaited.push(Awaited { end_mark: target.text.clone(), strips_tabs, body: None });
        }
        self.current.redirects.push(Redirect { operator, target, body: None });
    }

    fn take_word(&mut self, word: Word) {
        let is_first = self.current.words.is_empty();
        if is_first && !word.is_quoted && KEYWORDS.contains(&word.text.as_str()) {
            return self.finish(Join::Sequence);
        }
        self.extend_range(word.range.start..word.range.end);
        if is_first && is_assignment(&word.text) {
            self.current.assignments.push(word);
        } else {
            self.current.words.push(word);
        }
    }

    fn extend_range(&mut self, range: Range<usize>) {
        if self.is_empty() {
            self.current.range = range;
        } else {
            self.current.range.end = range.end;
        }
    }

    /// Closes the current command; the next one follows it by `join`.
    fn finish(&mut self, join: Join) {
        if !self.is_empty() {
            let mut command = std::mem::replace(&mut self.current, empty_command(self.is_nested));
            command.join = self.join;
            self.finished.push(command);
            self.join = join;
        } else if join != Join::Sequence || !matches!(self.join, Join::Pipe | Join::And | Join::Or) {
            self.join = join;
        }
    }

    /// Reads the texts of here-documents, which begin behind a line break.
    fn read_here_documents(&mut self) {
        let mut awaited = std::mem::take(&mut self.awaited);
        for document in &mut awaited {
            let start = self.scanner.position;
            let mut end = start;
            while self.scanner.peek().is_some() {
                end = self.scanner.position;
                self.scanner.skip_line();
                let line =
                    self.scanner.text.get(end..self.scanner.position).unwrap_or("").trim_end_matches('\r');
                self.scanner.position = (self.scanner.position + 1).min(self.scanner.end);
                let line = if document.strips_tabs { line.trim_start_matches('\t') } else { line };
                if line == document.end_mark {
                    break;
                }
                end = self.scanner.position;
            }
            document.body = Some(start..end);
        }
        self.give_bodies(awaited);
    }

    /// Hands the texts to the redirections that wait for them, oldest first.
    fn give_bodies(&mut self, awaited: Vec<Awaited>) {
        let commands = self.finished.iter_mut().chain(std::iter::once(&mut self.current));
        let open = commands.flat_map(|command| command.redirects.iter_mut()).filter(|redirect| {
            redirect.body.is_none()
                && (redirect.operator.ends_with("<<") || redirect.operator.ends_with("<<-"))
        });
        for (redirect, document) in open.zip(awaited) {
            redirect.body = document.body;
        }
    }
}

/// Whether `text` is `NAME=…` or `NAME+=…`.
fn is_assignment(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

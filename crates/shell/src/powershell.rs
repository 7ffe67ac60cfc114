//! A light reading of PowerShell: commands with their arguments, wherever they stand.
//!
//! Follows "about_Parsing", "about_Quoting_Rules" and "about_Pipelines" of PowerShell's documentation as far as the question
//! goes which programs run with which arguments. Expressions and declarations give no commands.

use crate::builder::Builder;
use crate::command::{Join, Redirect};
use crate::cursor::Cursor;
use crate::facts::Fate;
use crate::light::{Written, finish, redirect_length, redirect_operator, unseen};
use crate::places::Places;
use crate::script::{Script, Settings};
use crate::word::{Parameter, PartKind, Quotes, Word};
use std::ops::Range;

/// Words behind which a command may begin.
const KEYWORDS: [&str; 16] = [
    "if", "elseif", "else", "while", "for", "foreach", "do", "until", "switch", "try", "catch", "finally",
    "function", "return", "param", "process",
];

/// Operators that make one text of others; with any other an expression gives something else.
const JOINING: [&str; 4] = ["-f", "-join", "-replace", "-split"];

/// Reads `range` of `text` as PowerShell.
pub fn read(text: &str, range: Range<usize>, settings: &Settings<'_>) -> Script {
    let places = Places::default();
    let mut reader = Reader::new(text, range, &places);
    reader.read();
    let stops = settings.shell.options.errexit;
    let fate_of = |written: &Written, next: Option<&Written>| fate(written, next, stops);
    let mut script = finish(reader.written, settings, &fate_of);
    script.oddities = reader.cursor.oddities;
    script
}

/// The words of `text` that belong to expressions and so to no command.
pub fn expression_words(text: &str) -> Vec<Word> {
    let places = Places::default();
    let mut reader = Reader::new(text, 0..text.len(), &places);
    reader.read();
    reader.others
}

/// With `$ErrorActionPreference = 'stop'` a failing cmdlet ends the script. The status of a program counts only if it is
/// the last, unless `$LASTEXITCODE` is asked for.
fn fate(written: &Written, next: Option<&Written>, stops: bool) -> Fate {
    let name = written.words.first().map_or("", |word| word.text.as_str());
    let is_program = name.contains(['.', '/', '\\']);
    let is_cmdlet = !is_program
        && name.split_once('-').is_some_and(|(verb, noun)| {
            verb.chars().all(|c| c.is_ascii_alphabetic())
                && noun.starts_with(|c: char| c.is_ascii_uppercase())
        });
    let silenced = written.words.windows(2).any(|pair| {
        matches!(pair, [option, value] if option.text.eq_ignore_ascii_case("-ErrorAction")
            && matches!(value.text.to_ascii_lowercase().as_str(), "silentlycontinue" | "ignore" | "continue"))
    });
    if is_cmdlet && stops && !silenced {
        return Fate::stops();
    }
    unseen(written, next)
}

/// Whether an expression gives a text to what reads its output: it begins with one, or is a single variable.
fn gives_text(words: &[Word]) -> bool {
    let is_operator = |word: &Word| {
        let text = word.text.to_ascii_lowercase();
        !word.is_quoted && text.starts_with('-') && !JOINING.contains(&text.as_str())
    };
    match words {
        [only] if !only.is_quoted => only.as_variable().is_some(),
        [first, rest @ ..] => first.is_quoted && !rest.iter().any(is_operator),
        [] => false,
    }
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    current: Written,
    written: Vec<Written>,
    /// The words of expressions.
    others: Vec<Word>,
    join: Join,
    /// The brackets that are open.
    open: Vec<char>,
    /// Whether what is read goes to a variable.
    is_assigned: bool,
    /// Whether the text that comes next names a program.
    is_called: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, range: Range<usize>, places: &'t Places) -> Self {
        Self {
            cursor: Cursor::new(text, range, places),
            current: Written::default(),
            written: Vec::new(),
            others: Vec::new(),
            join: Join::Sequence,
            open: Vec::new(),
            is_assigned: false,
            is_called: false,
        }
    }

    fn read(&mut self) {
        while !self.cursor.is_at_end() {
            self.step();
        }
        self.end(Join::Sequence);
    }

    fn step(&mut self) {
        if self.cursor.eat("`\n") || self.cursor.eat("`\r\n") {
            return;
        }
        match self.cursor.peek() {
            Some(' ' | '\t' | '\r') => self.cursor.position += 1,
            Some('\n') => {
                self.cursor.position += 1;
                self.end(Join::Sequence);
            }
            Some(';') => self.separator(1, Join::Sequence),
            Some('|') if self.cursor.is_at("||") => self.separator(2, Join::Or),
            Some('|') => self.separator(1, Join::Pipe),
            Some('&') if self.cursor.is_at("&&") => self.separator(2, Join::And),
            // The call operator, or a job in the background.
            Some('&') => {
                self.separator(1, Join::Sequence);
                self.is_called = true;
            }
            Some('#') => self.cursor.skip_line(),
            Some('<') if self.cursor.is_at("<#") => self.block_comment(),
            Some(bracket @ ('{' | '(')) => self.open(bracket),
            Some('}' | ')') => self.close(),
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

    fn open(&mut self, bracket: char) {
        // What a bracket follows is no text that is given: a value of `switch`, the name of a function.
        self.is_assigned = true;
        self.separator(1, Join::Sequence);
        self.open.push(bracket);
    }

    fn close(&mut self) {
        self.separator(1, Join::Sequence);
        self.open.pop();
    }

    fn block_comment(&mut self) {
        let rest = self.cursor.rest();
        self.cursor.position += rest.find("#>").map_or(rest.len(), |at| at + 2);
    }

    /// Closes the command that is read; the next one follows it by `join`.
    fn end(&mut self, join: Join) {
        let mut done = std::mem::take(&mut self.current);
        let first = done.words.first().map_or("", |word| word.text.as_str());
        let is_quoted = done.words.first().is_some_and(|word| word.is_quoted);
        let is_called = std::mem::take(&mut self.is_called);
        let is_assigned = std::mem::take(&mut self.is_assigned);
        let is_expression =
            !is_called && (is_quoted || first.starts_with(['$', '[', '@', '-']) || first.is_empty());
        if done.words.is_empty() && join == Join::Sequence && self.join != Join::Sequence {
            // A line may end behind an operator.
            return;
        }
        let asks =
            |word: &Word| word.text.to_ascii_uppercase().contains("$LASTEXITCODE") || word.text == "$?";
        if let Some(last) = self.written.last_mut().filter(|_| done.words.iter().any(asks)) {
            last.is_asked = true;
        }
        let is_text = is_expression && !is_assigned && !self.open.contains(&'(') && gives_text(&done.words);
        if is_expression && !is_text {
            self.others.append(&mut done.words);
        } else {
            if is_text {
                done.output = std::mem::take(&mut done.words);
            }
            done.join = self.join;
            done.depth = self.open.len();
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
        let word = self.word();
        if self.cursor.position == start {
            self.cursor.advance();
            return;
        }
        let is_first = self.current.words.is_empty();
        let lower = word.text.to_ascii_lowercase();
        if is_first && !word.is_quoted && (KEYWORDS.contains(&lower.as_str()) || word.text == ".") {
            self.is_called |= word.text == ".";
            return;
        }
        // `$x = program …` runs the program.
        if matches!(word.text.as_str(), "=" | "+=") && self.current.words.len() == 1 {
            self.others.append(&mut self.current.words);
            self.is_assigned = true;
            return;
        }
        self.current.words.push(word);
    }

    fn word(&mut self) -> Word {
        let start = self.cursor.position;
        let mut builder = Builder::default();
        if self.cursor.is_at("@'\n") || self.cursor.is_at("@\"\n") {
            self.here_string(&mut builder);
        }
        while let Some(character) = self.cursor.peek() {
            match character {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | ')' | '}' | '(' | '{' => break,
                '>' if self.cursor.position > start => break,
                '\'' => self.quoted('\'', &mut builder),
                '"' => self.quoted('"', &mut builder),
                '$' => self.variable(&mut builder),
                '`' => {
                    self.cursor.position += 1;
                    self.literal(&mut builder);
                }
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

    fn quoted(&mut self, quote: char, builder: &mut Builder) {
        let opening = self.cursor.position;
        self.cursor.position += 1;
        builder.word.is_quoted = true;
        let quotes = if quote == '"' { Quotes::Double } else { Quotes::Single };
        let outer = std::mem::replace(&mut builder.quotes, quotes);
        loop {
            match self.cursor.peek() {
                Some(character) if character == quote => {
                    self.cursor.position += 1;
                    // A doubled quote stands for itself.
                    if self.cursor.peek() != Some(quote) {
                        break;
                    }
                    self.literal(builder);
                }
                Some('`') if quote == '"' => {
                    self.cursor.position += 1;
                    self.literal(builder);
                }
                Some('$') if quote == '"' || self.cursor.is_at("${{") => self.variable(builder),
                Some(_) => self.literal(builder),
                None => {
                    self.cursor.note("the quote is never closed", opening);
                    break;
                }
            }
        }
        builder.quotes = outer;
    }

    /// `@'…'@` and `@"…"@`.
    fn here_string(&mut self, builder: &mut Builder) {
        let opening = self.cursor.position;
        let reads = self.cursor.is_at("@\"");
        let (mark, quotes) = if reads { ("\n\"@", Quotes::Document) } else { ("\n'@", Quotes::Verbatim) };
        self.cursor.position += "@'\n".len();
        builder.word.is_quoted = true;
        let outer = std::mem::replace(&mut builder.quotes, quotes);
        loop {
            match self.cursor.peek() {
                Some('\n') if self.cursor.eat(mark) => break,
                Some('$') if reads || self.cursor.is_at("${{") => self.variable(builder),
                Some(_) => self.literal(builder),
                None => {
                    self.cursor.note("the here-string is never closed", opening);
                    break;
                }
            }
        }
        builder.quotes = outer;
    }

    /// `$name`, `$env:NAME`, `${name}`, `$(…)`, `${{ … }}`.
    fn variable(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        let rest = self.cursor.rest();
        if self.cursor.is_at("${{")
            && let Some(length) = self.cursor.length_to_braces()
        {
            self.cursor.position += length;
            let text = rest.get(..length).unwrap_or("");
            return builder.add(PartKind::Template, text, start..self.cursor.position);
        }
        if rest.starts_with("$(") {
            let length = self.cursor.ahead().find(')').map_or(2, |at| at + 1);
            self.cursor.position += length;
            let text = rest.get(..length).unwrap_or("");
            return builder.add(PartKind::Arithmetic(Box::default()), text, start..self.cursor.position);
        }
        let is_braced = rest.starts_with("${");
        let inner = rest.get(if is_braced { 2 } else { 1 }..).unwrap_or("");
        let length =
            inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_:?".contains(byte)).count();
        let written = inner.get(..length).unwrap_or("");
        if length == 0 {
            return self.literal(builder);
        }
        let is_closed = is_braced && inner.get(length..).is_some_and(|rest| rest.starts_with('}'));
        self.cursor.position += length + if is_braced { 2 } else { 1 } + usize::from(is_closed);
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        let name = match written.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("env:") => written.get(4..).unwrap_or(written),
            _ => written,
        };
        let parameter = Parameter { name: name.to_owned(), ..Parameter::default() };
        builder.add(PartKind::Variable(Box::new(parameter)), text, start..self.cursor.position);
    }
}

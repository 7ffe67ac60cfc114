//! What begins with `$`, a backtick, `<(` or `>(`.

use super::{MAX_DEPTH, Parser};
use crate::builder::Builder;
use crate::cursor::Cursor;
use crate::places::Places;
use crate::tree::List;
use crate::word::{Form, Parameter, PartKind, Quotes, Word};

impl Parser<'_> {
    /// Reads an expansion and keeps its text as written.
    pub fn expansion(&mut self, builder: &mut Builder) {
        let start = self.cursor.position;
        if let Some(length) = self.template_length() {
            return self.template(length, builder);
        }
        if self.cursor.is_at("$'") && !builder.is_quoted() {
            return self.escaped_quote(builder);
        }
        if self.cursor.is_at("$\"") && !builder.is_quoted() {
            self.cursor.position += 1;
            return self.double_quoted(builder);
        }
        let is_opening = ["$(", "${", "`", "<(", ">("].iter().any(|sign| self.cursor.is_at(sign));
        let kind = if is_opening && self.depth >= MAX_DEPTH {
            self.cursor.note("nested too deep to be read", start);
            self.skip_balanced();
            PartKind::Substitution(List::default())
        } else {
            self.depth += 1;
            let kind = self.expansion_kind(builder.quotes);
            self.depth -= 1;
            kind
        };
        let text = self.cursor.text.get(start..self.cursor.position).unwrap_or("");
        builder.add(kind, text, self.cursor.range_from(start));
    }

    /// The length of the template expression that begins here, if one does.
    pub fn template_length(&mut self) -> Option<usize> {
        if self.cursor.is_at("${{") {
            return self.cursor.length_to_braces().or_else(|| self.unclosed_template());
        }
        if self.cursor.is_at("$[[") {
            return self.cursor.ahead().find("]]").map(|at| at + 2);
        }
        None
    }

    /// The rest of the line: the best guess at where an expression was to end.
    fn unclosed_template(&mut self) -> Option<usize> {
        let start = self.cursor.position;
        let length = self.cursor.ahead().trim_end().len();
        self.cursor.position += length;
        self.cursor.note("the expression is never closed", start);
        self.cursor.position = start;
        Some(length)
    }

    fn expansion_kind(&mut self, quotes: Quotes) -> PartKind {
        let start = self.cursor.position;
        if self.cursor.is_at("$((")
            && let Some(end) = arithmetic_end(self.cursor.rest())
        {
            self.cursor.position += 3;
            let inner = self.text_within(start + end - 2);
            self.cursor.position = start + end;
            return PartKind::Arithmetic(Box::new(inner));
        }
        if self.cursor.eat("$(") {
            return PartKind::Substitution(self.script_until_bracket(start));
        }
        if self.cursor.eat("<(") || self.cursor.eat(">(") {
            return PartKind::Process(self.script_until_bracket(start));
        }
        if self.cursor.eat("`") {
            return PartKind::Substitution(self.backticks(start, quotes != Quotes::Bare));
        }
        if self.cursor.eat("${") {
            return PartKind::Variable(Box::new(self.parameter(start, quotes)));
        }
        self.cursor.advance();
        let length = name_length(self.cursor.rest());
        match length {
            0 => PartKind::Literal,
            _ => {
                let name = self.cursor.rest().get(..length).unwrap_or("").to_owned();
                self.cursor.position += length;
                PartKind::Variable(Box::new(Parameter { name, ..Parameter::default() }))
            }
        }
    }

    /// Reads the statements up to the bracket that closes a substitution.
    fn script_until_bracket(&mut self, start: usize) -> List {
        let outer = std::mem::take(&mut self.closers);
        let list = self.list(&[")"]);
        self.closers = outer;
        if !self.cursor.eat(")") {
            self.cursor.note("the substitution is never closed", start);
        }
        list
    }

    /// Reads parts up to `end`.
    fn text_within(&mut self, end: usize) -> Word {
        let outer = std::mem::replace(&mut self.cursor.end, end);
        let word = self.text_until('\0', Quotes::Double);
        self.cursor.end = outer;
        word
    }

    /// Reads the script between backticks, in which a backslash keeps the next one from closing it.
    fn backticks(&mut self, start: usize, is_quoted: bool) -> List {
        let rest = self.cursor.rest();
        let (mut script, mut places) = (String::new(), Places::default());
        let mut characters = rest.char_indices();
        let mut length = None;
        while let Some((at, character)) = characters.next() {
            let mut kept = (at, character);
            if character == '`' {
                length = Some(at);
                break;
            }
            if character == '\\' {
                let next = characters.clone().next();
                let is_mark = |c: char| matches!(c, '`' | '$' | '\\') || (is_quoted && c == '"');
                if let Some(next) = next.filter(|(_, next)| is_mark(*next)) {
                    kept = next;
                    characters.next();
                }
            }
            let outer = self.cursor.places.offset(self.cursor.position + kept.0);
            places.add(script.len(), outer, kept.1.len_utf8());
            script.push(kept.1);
        }
        self.cursor.position += length.map_or(rest.len(), |length| length + 1);
        if length.is_none() {
            self.cursor.note("the substitution is never closed", start);
        }
        self.inner_script(&script, &places)
    }

    /// Parses a script that has lost some of its characters.
    fn inner_script(&mut self, script: &str, places: &Places) -> List {
        let mut inner = Parser {
            cursor: Cursor::new(script, 0..script.len(), places),
            depth: self.depth,
            closers: Vec::new(),
            awaited: Vec::new(),
            documents: std::mem::take(&mut self.documents),
        };
        let list = inner.list(&[]);
        inner.read_documents();
        self.documents = inner.documents;
        self.cursor.oddities.append(&mut inner.cursor.oddities);
        list
    }

    /// Reads what stands behind `${`.
    fn parameter(&mut self, start: usize, quotes: Quotes) -> Parameter {
        let mut parameter = Parameter::default();
        let rest = self.cursor.rest();
        let prefix = match rest.bytes().next() {
            Some(b'#') => Some(Form::Length),
            Some(b'!') => Some(Form::Indirect),
            _ => None,
        };
        if let Some(form) = prefix.filter(|_| name_length(rest.get(1..).unwrap_or("")) > 0) {
            self.cursor.position += 1;
            parameter.form = form;
        }
        let rest = self.cursor.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        parameter.name = rest.get(..name_length(rest).max(digits)).unwrap_or("").to_owned();
        self.cursor.position += parameter.name.len();
        let rest = self.cursor.rest();
        let operator = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign));
        if let Some((sign, _)) = operator {
            self.cursor.position += sign.len();
        }
        if parameter.form == Form::Plain && !rest.starts_with('}') {
            parameter.form = operator.map_or(Form::Computed, |(_, form)| *form);
        }
        parameter.operand = self.text_until('}', quotes);
        if !self.cursor.eat("}") {
            self.cursor.note("the expansion is never closed", start);
        }
        parameter
    }

    /// Reads `$'…'`.
    fn escaped_quote(&mut self, builder: &mut Builder) {
        let opening = self.cursor.position;
        self.cursor.position += 2;
        builder.word.is_quoted = true;
        builder.quotes = Quotes::Escapes;
        loop {
            let start = self.cursor.position;
            match self.cursor.advance() {
                Some('\'') => break,
                Some('\\') => {
                    let decoded = decode_escape(&mut self.cursor);
                    builder.add(
                        PartKind::Literal,
                        decoded.encode_utf8(&mut [0; 4]),
                        self.cursor.range_from(start),
                    );
                }
                Some(other) => {
                    builder.add(
                        PartKind::Literal,
                        other.encode_utf8(&mut [0; 4]),
                        self.cursor.range_from(start),
                    );
                }
                None => {
                    self.cursor.note("the quote is never closed", opening);
                    break;
                }
            }
        }
        builder.quotes = Quotes::Bare;
    }

    /// Skips an expansion or a command in brackets as a whole, however deep it goes.
    pub fn skip_balanced(&mut self) {
        let rest = self.cursor.rest();
        let length = balanced_length(rest).unwrap_or(rest.len());
        self.cursor.position += length.max(1);
    }
}

/// Longest first. `#`, `%`, `/`, `^`, `,`, `@`, `[` and slices are [`Form::Computed`].
const OPERATORS: [(&str, Form); 8] = [
    (":-", Form::Default),
    (":=", Form::Default),
    (":+", Form::Alternative),
    (":?", Form::Required),
    ("-", Form::Default),
    ("=", Form::Default),
    ("+", Form::Alternative),
    ("?", Form::Required),
];

/// The bytes of the name of a variable at the start of `text`: a name, a digit, or a special sign.
fn name_length(text: &str) -> usize {
    match text.bytes().next() {
        Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
            text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
        }
        Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(&byte) => 1,
        _ => 0,
    }
}

/// The bytes up to behind `))` where `text`, which begins with `$((` or `((`, is arithmetic; `None` where the first
/// bracket closes alone, as in `$((a; b) | c)`.
pub fn arithmetic_end(text: &str) -> Option<usize> {
    let opening = text.find("((")? + 2;
    let mut open = 0_usize;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(opening) {
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => return (bytes.get(at + 1) == Some(&b')')).then_some(at + 2),
            b')' => open -= 1,
            _ => {}
        }
    }
    None
}

/// The bytes of the bracketed text that begins at the first bracket of `text`, quotes respected.
fn balanced_length(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut quote = None;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match (quote, byte) {
            (_, b'\\') if quote != Some(b'\'') => is_escaped = true,
            (Some(b'\''), b'\'') | (Some(b'"'), b'"') | (Some(b'`'), b'`') => {
                quote = None;
                if open == 0 {
                    return Some(at + 1);
                }
            }
            (Some(_), _) => {}
            (None, b'\'' | b'"' | b'`') => quote = Some(byte),
            (None, b'(' | b'{') => open += 1,
            (None, b')' | b'}') => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(at + 1);
                }
            }
            (None, _) => {}
        }
    }
    None
}

/// Reads what follows the backslash in `$'…'`.
fn decode_escape(cursor: &mut Cursor<'_>) -> char {
    let code = |cursor: &mut Cursor<'_>, radix: u32, most: usize| {
        let rest = cursor.rest();
        let length = rest.chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        cursor.position += length;
        let digits = rest.get(..length).unwrap_or("");
        u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
    };
    match cursor.advance() {
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('a') => '\u{7}',
        Some('b') => '\u{8}',
        Some('e' | 'E') => '\u{1b}',
        Some('f') => '\u{c}',
        Some('v') => '\u{b}',
        Some('x') => code(cursor, 16, 2),
        Some('u') => code(cursor, 16, 4),
        Some('U') => code(cursor, 16, 8),
        Some('0'..='7') => {
            cursor.position -= 1;
            code(cursor, 8, 3)
        }
        Some(other) => other,
        None => '\\',
    }
}

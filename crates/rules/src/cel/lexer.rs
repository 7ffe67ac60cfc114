//! The words of a condition.

use super::ConditionError;
use smol_str::SmolStr;

/// A word with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub range: (u32, u32),
}

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Name(SmolStr),
    Integer(u64),
    Float(f64),
    String(SmolStr),
    /// An operator, bracket or separator, as written.
    Mark(&'static str),
    End,
}

/// Two characters before one, so that `<=` is not `<` and `=`.
const MARKS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")", "[", "]",
    "{", "}", ",", ".",
];

/// Words that CEL keeps for other languages (language definition, "Syntax").
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Splits `text` into words; the last one is [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ConditionError> {
    let mut lexer = Lexer { text, position: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space();
        let token = lexer.token()?;
        let is_end = token.kind == TokenKind::End;
        tokens.push(token);
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.position..).unwrap_or("")
    }

    fn range_from(&self, start: usize) -> (u32, u32) {
        (offset(start), offset(self.position))
    }

    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.position += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return;
            }
            self.position += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn token(&mut self) -> Result<Token, ConditionError> {
        let start = self.position;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(Token { kind: TokenKind::End, range: self.range_from(start) });
        };
        let kind = if first.is_ascii_digit() || (first == '.' && second_is_digit(rest)) {
            self.number()?
        } else if let Some(quote) = string_start(rest) {
            self.string(quote)?
        } else if first.is_ascii_alphabetic() || first == '_' {
            self.name()?
        } else if first == '`' {
            self.quoted_name()?
        } else {
            self.mark(first)?
        };
        Ok(Token { kind, range: self.range_from(start) })
    }

    fn mark(&mut self, first: char) -> Result<TokenKind, ConditionError> {
        let rest = self.rest();
        if let Some(&mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            self.position += mark.len();
            return Ok(TokenKind::Mark(mark));
        }
        let start = self.position;
        self.position += first.len_utf8();
        let error = ConditionError::new(self.range_from(start), format!("unexpected character `{first}`"));
        Err(match first {
            '=' => error.with_help("equality is written `==`"),
            '&' => error.with_help("both must hold is written `&&`"),
            '|' => error.with_help("one of both is written `||`"),
            _ => error,
        })
    }

    fn name(&mut self) -> Result<TokenKind, ConditionError> {
        let start = self.position;
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.position += length;
        let name = rest.get(..length).unwrap_or("");
        // After a dot such a word is an ordinary attribute name: `self.package`, `self.if`.
        let is_attribute = self.text.get(..start).unwrap_or("").trim_end().ends_with('.');
        if RESERVED.contains(&name) && !is_attribute {
            let error =
                ConditionError::new(self.range_from(start), format!("`{name}` is a reserved word of CEL"));
            return Err(match name {
                "if" | "else" => error.with_help("a choice is written `condition ? value : other`"),
                "for" | "while" | "loop" => {
                    error.with_help("go through a list with `all`, `exists`, `filter` or `map`")
                }
                _ => error,
            });
        }
        Ok(TokenKind::Name(SmolStr::new(name)))
    }

    /// An attribute name that is no plain name: `` labels.`app.kubernetes.io/name` ``.
    fn quoted_name(&mut self) -> Result<TokenKind, ConditionError> {
        let start = self.position;
        let inner = self.rest().get(1..).unwrap_or("");
        match inner.find('`') {
            Some(length) if length > 0 => {
                self.position += length + 2;
                Ok(TokenKind::Name(SmolStr::new(inner.get(..length).unwrap_or(""))))
            }
            _ => {
                self.position = self.text.len();
                Err(ConditionError::new(
                    self.range_from(start),
                    "the name in backticks is empty or has no end",
                ))
            }
        }
    }

    fn number(&mut self) -> Result<TokenKind, ConditionError> {
        let start = self.position;
        let rest = self.rest();
        if let Some(digits) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
            let length = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
            self.position += 2 + length;
            let value = u64::from_str_radix(digits.get(..length).unwrap_or(""), 16);
            return self.finish_integer(start, value.ok());
        }
        let length = number_length(rest.as_bytes());
        self.position += length;
        let text = rest.get(..length).unwrap_or("");
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.finish_integer(start, text.parse().ok());
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(TokenKind::Float(value)),
            _ => Err(ConditionError::new(self.range_from(start), format!("`{text}` is not a number"))),
        }
    }

    /// Takes the `u` of an unsigned number: there is one kind of whole number here.
    fn finish_integer(&mut self, start: usize, value: Option<u64>) -> Result<TokenKind, ConditionError> {
        if self.rest().starts_with(['u', 'U']) {
            self.position += 1;
        }
        let is_whole = !self.rest().starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        match value {
            Some(value) if is_whole => Ok(TokenKind::Integer(value)),
            _ => Err(ConditionError::new(
                self.range_from(start),
                "this is not a whole number that fits 64 bits",
            )),
        }
    }

    fn string(&mut self, quote: StringStart) -> Result<TokenKind, ConditionError> {
        let start = self.position;
        self.position += quote.prefix_length;
        if quote.is_bytes {
            let error = ConditionError::new(self.range_from(start), "bytes are not supported");
            return Err(error.with_help("use a text: leave the `b` away"));
        }
        let body_start = self.position + quote.mark.len();
        let Some(length) = body_length(self.text.get(body_start..).unwrap_or(""), &quote) else {
            self.position = self.text.len();
            return Err(ConditionError::new(
                self.range_from(start),
                format!("the text has no closing {}", quote.mark),
            ));
        };
        self.position = body_start + length + quote.mark.len();
        let body = self.text.get(body_start..body_start + length).unwrap_or("");
        if quote.is_raw || !body.contains('\\') {
            return Ok(TokenKind::String(SmolStr::new(body)));
        }
        unescape(body, body_start).map(TokenKind::String)
    }
}

/// How a text begins.
struct StringStart {
    prefix_length: usize,
    is_raw: bool,
    is_bytes: bool,
    /// One quote, or three.
    mark: &'static str,
}

fn string_start(rest: &str) -> Option<StringStart> {
    let prefix_length =
        rest.bytes().take(2).take_while(|byte| matches!(byte, b'r' | b'R' | b'b' | b'B')).count();
    let (prefix, quoted) = rest.split_at_checked(prefix_length)?;
    let mark = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|mark| quoted.starts_with(mark))?;
    let prefix = prefix.to_ascii_lowercase();
    Some(StringStart { prefix_length, is_raw: prefix.contains('r'), is_bytes: prefix.contains('b'), mark })
}

/// The bytes before the closing mark; `None` where it is missing. A text in single marks ends with its line.
fn body_length(body: &str, quote: &StringStart) -> Option<usize> {
    let mut position = 0;
    loop {
        let rest = body.get(position..)?;
        if rest.starts_with(quote.mark) {
            return Some(position);
        }
        let character = rest.chars().next()?;
        if character == '\n' && quote.mark.len() == 1 {
            return None;
        }
        position += character.len_utf8();
        if character == '\\' && !quote.is_raw {
            position += body.get(position..)?.chars().next()?.len_utf8();
        }
    }
}

/// Resolves escapes (CEL language definition, "String and Bytes Values").
fn unescape(body: &str, body_start: usize) -> Result<SmolStr, ConditionError> {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(index) = rest.find('\\') {
        text.push_str(rest.get(..index).unwrap_or(""));
        let escape = rest.get(index + 1..).unwrap_or("");
        let start = body_start + body.len() - escape.len() - 1;
        let Some((character, length)) = escaped(escape) else {
            let shown: String = escape.chars().take(1).collect();
            let range = (offset(start), offset(start + 1 + shown.len()));
            let error = ConditionError::new(range, format!("`\\{shown}` is not an escape"));
            return Err(error.with_help("a backslash itself is written `\\\\`, or put `r` before the text"));
        };
        text.push(character);
        rest = escape.get(length..).unwrap_or("");
    }
    text.push_str(rest);
    Ok(SmolStr::new(text))
}

/// The character that an escape (without its backslash) stands for, and how many bytes it takes.
fn escaped(escape: &str) -> Option<(char, usize)> {
    let simple = |character| Some((character, 1));
    let coded = |start: usize, digits: usize, radix| {
        let code = u32::from_str_radix(escape.get(start..start + digits)?, radix).ok()?;
        Some((char::from_u32(code)?, start + digits))
    };
    match escape.chars().next()? {
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        'f' => simple('\u{c}'),
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        'v' => simple('\u{b}'),
        same @ ('\\' | '\'' | '"' | '`' | '?') => simple(same),
        'x' | 'X' => coded(1, 2, 16),
        'u' => coded(1, 4, 16),
        'U' => coded(1, 8, 16),
        '0'..='3' => coded(0, 3, 8),
        _ => None,
    }
}

/// The length of a decimal number at the start of `bytes`: digits, a fraction, an exponent.
fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

fn second_is_digit(text: &str) -> bool {
    text.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

/// Conditions are bounded, so that their offsets always fit.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

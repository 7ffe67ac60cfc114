//! Characters, quoted and described as Go's `fmt` and `strconv` do it.

use std::fmt::Write;

/// `%#U`: `U+0040 '@'`.
pub(crate) fn describe(character: char) -> String {
    let code = u32::from(character);
    if is_printable(character) { format!("U+{code:04X} '{character}'") } else { format!("U+{code:04X}") }
}

/// `%q`: a Go string literal.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        push_escaped(&mut quoted, character, '"');
    }
    quoted.push('"');
    quoted
}

/// `%q` of a number: a Go character literal.
pub(crate) fn quote_character(character: char) -> String {
    let mut quoted = String::from("'");
    push_escaped(&mut quoted, character, '\'');
    quoted.push('\'');
    quoted
}

fn push_escaped(into: &mut String, character: char, mark: char) {
    match character {
        '\\' => into.push_str("\\\\"),
        _ if character == mark => {
            into.push('\\');
            into.push(mark);
        }
        '\u{7}' => into.push_str("\\a"),
        '\u{8}' => into.push_str("\\b"),
        '\u{c}' => into.push_str("\\f"),
        '\n' => into.push_str("\\n"),
        '\r' => into.push_str("\\r"),
        '\t' => into.push_str("\\t"),
        '\u{b}' => into.push_str("\\v"),
        _ if is_printable(character) => into.push(character),
        _ => {
            let code = u32::from(character);
            let written = match code {
                0..=0x7f => write!(into, "\\x{code:02x}"),
                0x80..=0xffff => write!(into, "\\u{code:04x}"),
                _ => write!(into, "\\U{code:08x}"),
            };
            debug_assert!(written.is_ok());
        }
    }
}

/// Whether Go prints it as it is: letters, marks, numbers, punctuation, symbols and the space.
pub(crate) fn is_printable(character: char) -> bool {
    character == ' '
        || !(character.is_control()
            || character.is_whitespace()
            || matches!(
                character,
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                    | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            ))
}

/// The text of a Go string literal in double quotes, or `None` where it is none.
pub(crate) fn unquote(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    unescape(inner, '"')
}

/// The character of a Go character literal.
pub(crate) fn unquote_character(literal: &str) -> Option<char> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let text = unescape(inner, '\'')?;
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

fn unescape(inner: &str, mark: char) -> Option<String> {
    if !inner.contains(['\\', mark]) {
        return Some(inner.to_owned());
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(inner.len());
    let mut rest = inner.chars();
    let mut buffer = [0; 4];
    while let Some(character) = rest.next() {
        if character == mark {
            return None;
        }
        if character != '\\' {
            bytes.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        let escaped = rest.next()?;
        let mut code = |digits: usize| {
            let number: String = rest.by_ref().take(digits).collect();
            (number.len() == digits).then(|| u32::from_str_radix(&number, 16).ok()).flatten()
        };
        let decoded = match escaped {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' => '\\',
            'u' => char::from_u32(code(4)?)?,
            'U' => char::from_u32(code(8)?)?,
            'x' => {
                bytes.push(u8::try_from(code(2)?).ok()?);
                continue;
            }
            '0'..='7' => {
                let more: String = rest.by_ref().take(2).collect();
                let octal = u32::from_str_radix(&format!("{escaped}{more}"), 8).ok()?;
                bytes.push(u8::try_from(octal).ok()?);
                continue;
            }
            _ if escaped == mark => mark,
            _ => return None,
        };
        bytes.extend_from_slice(decoded.encode_utf8(&mut buffer).as_bytes());
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

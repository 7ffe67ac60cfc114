//! Patterns of paths, as `fileset` documents them.

use regex::{Regex, RegexBuilder};
use std::iter::Peekable;
use std::str::Chars;

/// How large a compiled pattern may become, in bytes.
const MAX_GLOB_BYTES: usize = 1 << 20;

/// A pattern with `*`, `?`, `**/`, `{a,b}` and `[…]`, as an expression over whole paths.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let wrong = || format!("`{pattern}` is no pattern of paths");
    let expression = translate(pattern).ok_or_else(wrong)?;
    RegexBuilder::new(&expression).size_limit(MAX_GLOB_BYTES).build().map_err(|_| wrong())
}

fn translate(pattern: &str) -> Option<String> {
    let mut expression = String::from("^");
    let mut letters = pattern.chars().peekable();
    let mut depth = 0_usize;
    let mut begins_part = true;
    while let Some(letter) = letters.next() {
        let was_begin = std::mem::replace(&mut begins_part, letter == '/');
        match letter {
            '*' => {
                let is_double = letters.next_if_eq(&'*').is_some();
                while letters.next_if_eq(&'*').is_some() {}
                begins_part = push_star(is_double && was_begin, &mut letters, &mut expression);
            }
            '?' => expression.push_str("[^/]"),
            '{' => {
                depth += 1;
                begins_part = was_begin;
                expression.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                expression.push(')');
            }
            ',' if depth > 0 => expression.push('|'),
            '[' => push_class(&mut letters, &mut expression)?,
            '\\' => expression.push_str(&escaped(letters.next()?)),
            other => expression.push_str(&escaped(other)),
        }
    }
    expression.push('$');
    (depth == 0).then_some(expression)
}

/// `**` as a whole part of the path stands for any number of folders; elsewhere it is `*`. Gives whether a part begins
/// behind it.
fn push_star(is_part: bool, letters: &mut Peekable<Chars<'_>>, expression: &mut String) -> bool {
    match (is_part, letters.peek()) {
        (true, Some('/')) => {
            letters.next();
            expression.push_str("(?:.*/)?");
            return true;
        }
        (true, None) => expression.push_str(".*"),
        _ => expression.push_str("[^/]*"),
    }
    false
}

/// `[a-z]`, `[^a]`.
fn push_class(letters: &mut Peekable<Chars<'_>>, expression: &mut String) -> Option<()> {
    expression.push('[');
    if letters.next_if_eq(&'^').is_some() {
        expression.push('^');
    }
    let mut is_empty = true;
    loop {
        match letters.next()? {
            ']' if !is_empty => break,
            ']' => return None,
            '-' => expression.push('-'),
            '\\' => expression.push_str(&escaped(letters.next()?)),
            other => expression.push_str(&escaped(other)),
        }
        is_empty = false;
    }
    expression.push(']');
    Some(())
}

/// A letter that stands for itself, also between brackets.
fn escaped(letter: char) -> String {
    regex::escape(letter.encode_utf8(&mut [0; 4]))
}

//! Regular expressions: from the language of RE2, which Go uses, to that of the `regex` crate.
//!
//! The two are close. This translates where they are not: classes such as `\d` are ASCII in Go, `\Q…\E` quotes, a brace that
//! begins no repetition is a letter, set operations inside brackets are letters, and some spellings that Rust takes are
//! refused (`a**`, `(?x)`, more than 1,000 repetitions). See <https://github.com/google/re2/wiki/Syntax>.

use std::iter::Peekable;
use std::str::Chars;

/// The most repetitions that Go takes.
const MAX_REPETITIONS: u32 = 1_000;

/// How far the end of `{2,3}` is looked for. Without a bound, a row of braces takes time that grows with its square.
const MAX_BRACE_CHARACTERS: usize = 32;

/// A pattern of RE2, as Go's `regexp` takes it, in the words of the `regex` crate: what matches is the same.
///
/// # Errors
/// Why Go refuses the pattern, where the crate would take it. What both refuse is left to the crate.
pub fn translate_re2(pattern: &str) -> Result<String, String> {
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        made: String::with_capacity(pattern.len()),
        is_repeated: false,
    };
    while let Some(letter) = translator.rest.next() {
        translator.piece(letter)?;
    }
    Ok(translator.made)
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    made: String,
    /// Whether the last piece was a repetition.
    is_repeated: bool,
}

impl Translator<'_> {
    fn piece(&mut self, letter: char) -> Result<(), String> {
        let was_repeated = std::mem::take(&mut self.is_repeated);
        match letter {
            '*' | '+' | '?' => {
                if was_repeated {
                    return Err(format!("`{letter}` follows another repetition"));
                }
                self.made.push(letter);
                self.end_repetition();
            }
            '{' => self.brace(was_repeated)?,
            '}' => self.made.push_str("\\}"),
            '\\' => self.escape(false)?,
            '[' => self.class()?,
            '(' => self.group()?,
            other => self.made.push(other),
        }
        Ok(())
    }

    /// Takes the `?` of a repetition that prefers less.
    fn end_repetition(&mut self) {
        if self.rest.next_if_eq(&'?').is_some() {
            self.made.push('?');
        }
        self.is_repeated = true;
    }

    /// `{2}`, `{2,}`, `{2,3}`; any other brace is a letter.
    fn brace(&mut self, was_repeated: bool) -> Result<(), String> {
        let ahead = self.rest.clone().take(MAX_BRACE_CHARACTERS);
        let inner: String = ahead.take_while(|letter| *letter != '}').collect();
        let is_closed = self.rest.clone().nth(inner.chars().count()) == Some('}');
        let (least, most) = inner.split_once(',').unwrap_or((&inner, &inner));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_closed || !is_number(least) || !(most.is_empty() || is_number(most)) {
            self.made.push_str("\\{");
            return Ok(());
        }
        let bound = |text: &str| text.parse::<u32>().ok().filter(|count| *count <= MAX_REPETITIONS);
        let is_ordered =
            most.is_empty() || bound(least).zip(bound(most)).is_some_and(|(least, most)| least <= most);
        if bound(least).is_none() || !is_ordered {
            return Err(format!("`{{{inner}}}` is no number of repetitions"));
        }
        if was_repeated {
            return Err(String::from("`{` follows another repetition"));
        }
        self.made.push('{');
        self.made.push_str(&inner);
        self.made.push('}');
        self.rest.nth(inner.chars().count());
        self.end_repetition();
        Ok(())
    }

    fn escape(&mut self, is_in_class: bool) -> Result<(), String> {
        let letter = self.rest.next().ok_or("it ends with `\\`")?;
        let open = if is_in_class { "" } else { "[" };
        let close = if is_in_class { "" } else { "]" };
        let piece = match letter {
            'd' => format!("{open}0-9{close}"),
            'w' => format!("{open}0-9A-Za-z_{close}"),
            's' => format!("{open}\\t\\n\\f\\r {close}"),
            'D' => String::from("[^0-9]"),
            'W' => String::from("[^0-9A-Za-z_]"),
            'S' => String::from("[^\\t\\n\\f\\r ]"),
            'b' if !is_in_class => String::from("(?-u:\\b)"),
            'Q' => return self.quoted(),
            'p' | 'P' | 'x' if self.rest.peek() == Some(&'{') => {
                let inner: String = self.rest.by_ref().take_while(|letter| *letter != '}').collect();
                format!("\\{letter}{inner}}}")
            }
            // Rust's own, which Go refuses.
            'u' | 'U' | '<' | '>' => return Err(format!("`\\{letter}` means nothing")),
            other => format!("\\{other}"),
        };
        self.made.push_str(&piece);
        Ok(())
    }

    /// `\Q…\E`: letters, whatever they are.
    fn quoted(&mut self) -> Result<(), String> {
        while let Some(letter) = self.rest.next() {
            if letter == '\\' && self.rest.next_if_eq(&'E').is_some() {
                break;
            }
            if letter.is_ascii_punctuation() {
                self.made.push('\\');
            }
            self.made.push(letter);
        }
        Ok(())
    }

    fn class(&mut self) -> Result<(), String> {
        self.made.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.made.push('^');
        }
        if self.rest.next_if_eq(&']').is_some() {
            self.made.push_str("\\]");
        }
        while let Some(letter) = self.rest.next() {
            match letter {
                ']' => {
                    self.made.push(']');
                    return Ok(());
                }
                '\\' => self.escape(true)?,
                '[' if self.rest.peek() == Some(&':') => self.named_class(),
                '[' | '&' | '~' => {
                    self.made.push('\\');
                    self.made.push(letter);
                }
                other => self.made.push(other),
            }
        }
        Err(String::from("a `[` is not closed"))
    }

    /// `[:alpha:]` inside brackets.
    fn named_class(&mut self) {
        self.made.push('[');
        for letter in self.rest.by_ref() {
            self.made.push(letter);
            if letter == ']' {
                return;
            }
        }
    }

    /// What stands behind `(?`: flags or a name.
    fn group(&mut self) -> Result<(), String> {
        self.made.push('(');
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('?') {
            return Ok(());
        }
        let flags: String =
            ahead.take_while(|letter| letter.is_ascii_alphabetic() || *letter == '-').collect();
        let is_name = flags == "P";
        if !is_name && flags.chars().any(|flag| !matches!(flag, 'i' | 'm' | 's' | 'U' | '-')) {
            return Err(format!("`(?{flags}` means nothing"));
        }
        // The `?` is no repetition.
        self.rest.next();
        self.made.push('?');
        Ok(())
    }
}

#[cfg(test)]
mod tests;

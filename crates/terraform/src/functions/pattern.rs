//! Regular expressions as Go's `regexp` (RE2) writes them.
//!
//! The two languages are close. This translates where they are not: classes such as `\d` are ASCII in Go, `\Q…\E` quotes,
//! a brace that begins no repetition is a letter, set operations inside brackets are letters, and some spellings that
//! Rust takes are refused (`a**`, `(?x)`, more than 1,000 repetitions). See <https://github.com/google/re2/wiki/Syntax>.

use super::{Refusal, check_size, wrong};
use regex::{Regex, RegexBuilder};
use std::iter::Peekable;
use std::str::Chars;

/// How large a compiled pattern may become, in bytes. Real ones stay below a tenth; repetitions in repetitions multiply.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// The most repetitions that Go takes.
const MAX_REPETITIONS: u32 = 1_000;

pub(super) struct Pattern {
    pub expression: Regex,
}

impl Pattern {
    /// How many groups it has.
    pub fn group_count(&self) -> usize {
        self.expression.captures_len().saturating_sub(1)
    }

    /// Whether its groups have names.
    pub fn has_names(&self) -> bool {
        self.expression.capture_names().any(|name| name.is_some())
    }

    /// The text with every match replaced; `$1` and `${name}` stand for what groups hold.
    pub fn replace_all(&self, text: &str, replacement: &str) -> Result<String, Refusal> {
        let mut made = String::with_capacity(text.len());
        // Each `$` stands for a group, none of which is longer than the match: one `expand` could make terabytes.
        let references = replacement.matches('$').count();
        let mut end = 0;
        for captures in self.expression.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            made.push_str(text.get(end..whole.start()).unwrap_or(""));
            let most = replacement.len().saturating_add(references.saturating_mul(whole.len()));
            check_size(made.len().saturating_add(most))?;
            captures.expand(replacement, &mut made);
            end = whole.end();
        }
        made.push_str(text.get(end..).unwrap_or(""));
        check_size(made.len())?;
        Ok(made)
    }
}

/// Compiles a pattern.
pub(super) fn compile(pattern: &str) -> Result<Pattern, Refusal> {
    let translated =
        translate(pattern).map_err(|why| format!("`{pattern}` is no regular expression: {why}"))?;
    let built = RegexBuilder::new(&translated)
        .size_limit(MAX_PATTERN_BYTES)
        .dfa_size_limit(MAX_PATTERN_BYTES)
        .build();
    let expression = match built {
        Ok(expression) => expression,
        Err(regex::Error::CompiledTooBig(_)) => {
            return Err(Refusal::Limit(format!("the pattern takes more than {MAX_PATTERN_BYTES} bytes")));
        }
        Err(_) => return wrong(format!("`{pattern}` is no regular expression")),
    };
    let pattern = Pattern { expression };
    let named = pattern.expression.capture_names().flatten().count();
    if named > 0 && named != pattern.group_count() {
        return wrong("the pattern mixes groups with and without names");
    }
    Ok(pattern)
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    made: String,
    /// Whether the last piece was a repetition.
    is_repeated: bool,
}

fn translate(pattern: &str) -> Result<String, String> {
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
        let inner: String = self.rest.clone().take_while(|letter| *letter != '}').collect();
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
            self.made.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
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

//! The words of an instruction.

use proofmark_shell::Word;
use std::ops::Range;

/// The words in `range` of the masked text: split at blanks, without quotes.
pub fn split_words(masked: &str, range: Range<usize>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut position = range.start;
    while position < range.end {
        let rest = masked.get(position..range.end).unwrap_or("");
        let blank = blank_length(rest);
        if blank > 0 {
            position += blank;
            continue;
        }
        let word = read_word(rest, position);
        position = word.range.end.max(position + 1);
        words.push(word);
    }
    words
}

/// The bytes of blanks and continued lines at the start of `text`.
fn blank_length(text: &str) -> usize {
    if text.starts_with("\\\n") {
        return 2;
    }
    text.chars().next().filter(|c| c.is_whitespace()).map_or(0, char::len_utf8)
}

fn read_word(text: &str, offset: usize) -> Word {
    let mut word = Word::default();
    let mut quote = None;
    let mut characters = text.char_indices().peekable();
    let mut end = text.len();
    while let Some((at, character)) = characters.next() {
        let is_continued = character == '\\' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
        match (quote, character) {
            (None, _) if is_continued || character.is_whitespace() => {
                end = at;
                break;
            }
            (_, '\\') if is_continued => {
                characters.next();
            }
            (None, '"' | '\'') => {
                quote = Some(character);
                word.is_quoted = true;
            }
            (Some(open), _) if open == character => quote = None,
            (None | Some('"'), '\\') => {
                if let Some((_, next)) = characters.next() {
                    word.text.push(next);
                }
            }
            _ => {
                word.has_expansion |= character == '$' && quote != Some('\'');
                word.text.push(character);
            }
        }
    }
    word.range = offset..offset + end;
    word
}

/// The elements of `["a", "b"]` in `range`; `None` where it is no such list.
pub fn split_json(masked: &str, range: Range<usize>) -> Option<Vec<Word>> {
    let text = masked.get(range.start..range.end)?;
    let mut rest = skip_blanks(text, 1);
    if !text.starts_with('[') || !text.trim_end().ends_with(']') {
        return None;
    }
    let mut words = Vec::new();
    while !text.get(rest..)?.starts_with(']') {
        let (word, end) = read_json_string(text, rest)?;
        words.push(Word { range: range.start + rest..range.start + end, ..word });
        rest = skip_blanks(text, end);
        match text.get(rest..)?.chars().next()? {
            ',' => rest = skip_blanks(text, rest + 1),
            ']' => {}
            _ => return None,
        }
    }
    Some(words)
}

fn skip_blanks(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(length) = text.get(at..).map(blank_length).filter(|length| *length > 0) {
        at += length;
    }
    at
}

/// The string that begins at byte `start`, and the byte behind it.
fn read_json_string(text: &str, start: usize) -> Option<(Word, usize)> {
    let inner = text.get(start..)?.strip_prefix('"')?;
    let mut word = Word { is_quoted: true, ..Word::default() };
    let mut characters = inner.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((word, start + 1 + at + 1)),
            '\\' => match characters.next()?.1 {
                'n' => word.text.push('\n'),
                't' => word.text.push('\t'),
                'u' => {
                    let code: String = characters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    word.text.push(
                        u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'),
                    );
                }
                other => word.text.push(other),
            },
            other => word.text.push(other),
        }
    }
    None
}

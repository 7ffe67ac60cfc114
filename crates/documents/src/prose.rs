//! Facts about the lines of a text, whatever its markup.

use std::ops::Range;

/// The lines from byte `body` on that hold something, each trimmed, with their bytes.
pub(crate) fn lines(text: &str, body: usize) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut offset = body;
    text.get(body..).unwrap_or("").split_inclusive('\n').filter_map(move |line| {
        let start = offset;
        offset += line.len();
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        (!trimmed.is_empty()).then_some((start + indent..start + indent + trimmed.len(), trimmed))
    })
}

/// The number of words: runs between white space that hold a letter or a digit.
pub(crate) fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// A labelled line: `**Owner:** Platform team`, `Owner: Platform team`, `- Owner: …`, `| Owner | … |`.
pub(crate) struct Labelled {
    /// The label in lower case, its words joined by `_`.
    pub(crate) label: String,
    /// The bytes of the label in the text.
    pub(crate) label_range: Range<usize>,
    /// What stands behind it, without emphasis.
    pub(crate) value: String,
    /// The bytes of the value.
    pub(crate) value_range: Range<usize>,
}

/// How long a label may be: longer ones are sentences with a colon in them.
const MAX_LABEL_BYTES: usize = 40;

/// The label of a line, if it has one. `line` stands at byte `start` of the text.
pub(crate) fn labelled(line: &str, start: usize) -> Option<Labelled> {
    let is_row = line.starts_with('|');
    let begin = line.len() - line.trim_start_matches(['|', '-', '*', '_', '>', '+', ' ']).len();
    let rest = line.get(begin..)?;
    let split = if is_row { rest.find('|')? } else { rest.find(':')? };
    let label = rest.get(..split)?.trim_end_matches(['*', '_', ' ']);
    let behind = rest.get(split + 1..)?;
    let value = behind.trim_matches(['|', '*', '_', '`', ' ', '"', '\t']);
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '/');
    if label.is_empty() || label.len() > MAX_LABEL_BYTES || value.is_empty() || !label.chars().all(is_word) {
        return None;
    }
    if value.starts_with("//") || (is_row && value.contains('|')) {
        return None;
    }
    let value_start = start + begin + split + 1 + behind.find(value)?;
    let folded: Vec<String> =
        label.split([' ', '-', '/', '_']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    Some(Labelled {
        label: folded.join("_"),
        label_range: start + begin..start + begin + label.len(),
        value: value.to_owned(),
        value_range: value_start..value_start + value.len(),
    })
}

/// The calendar dates of the form `2026-01-31` in a line, as offsets into it.
pub(crate) fn dates(line: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = line.as_bytes();
    (0..bytes.len().saturating_sub(9)).filter_map(move |start| {
        let date = bytes.get(start..start + 10)?;
        let is_digit = |index: Option<usize>| {
            index
                .and_then(|index| bytes.get(index))
                .is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
        };
        let is_date = date.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        (is_date && !is_digit(start.checked_sub(1)) && !is_digit(Some(start + 10)) && is_calendar_date(date))
            .then_some(start..start + 10)
    })
}

fn is_calendar_date(date: &[u8]) -> bool {
    let number = |range: Range<usize>| {
        let digits = date.get(range).and_then(|digits| std::str::from_utf8(digits).ok());
        digits.and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0)
    };
    (1990..=2199).contains(&number(0..4))
        && (1..=12).contains(&number(5..7))
        && (1..=31).contains(&number(8..10))
}

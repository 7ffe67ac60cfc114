//! Comma-separated values.

use super::{Call, Made, check_count, wrong};
use proofmark_model::{Attribute, ListKind, Map, SmolStr, Value};
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// Rows of comma-separated values (RFC 4180), each a map by the names of the first row.
pub(super) fn decode(call: &Call<'_>) -> Made {
    let text = call.text(0)?;
    let mut rows = read_rows(&text)?.into_iter();
    let Some(names) = rows.next() else { return wrong("the first row with the names is missing") };
    let mut seen = BTreeSet::new();
    if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return wrong(format!("two columns have the name `{name}`"));
    }
    let mut maps = Vec::new();
    for row in rows {
        if row.len() != names.len() {
            return wrong(format!("a row has {} fields and the first has {}", row.len(), names.len()));
        }
        let entries = names.iter().zip(row).map(|(name, field)| Attribute {
            name: SmolStr::new(name),
            name_span: call.span,
            value: Value::string(field, call.span),
        });
        maps.push(Value::map(Map::new(entries.collect()), call.span));
        check_count(maps.len())?;
    }
    call.elements(ListKind::List, maps)
}

/// Rows of fields; empty lines are none.
fn read_rows(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let mut rows = Vec::new();
    let mut letters = text.chars().peekable();
    while letters.peek().is_some() {
        if is_line_end(&mut letters) {
            continue;
        }
        let mut row = vec![read_field(&mut letters)?];
        while letters.next_if_eq(&',').is_some() {
            row.push(read_field(&mut letters)?);
        }
        if letters.peek().is_some() && !is_line_end(&mut letters) {
            return Err("a quoted field goes on behind its quote");
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Takes the end of a line.
fn is_line_end(letters: &mut Peekable<Chars<'_>>) -> bool {
    let mut ahead = letters.clone();
    ahead.next_if_eq(&'\r');
    let is_end = ahead.next() == Some('\n');
    if is_end {
        *letters = ahead;
    }
    is_end
}

fn read_field(letters: &mut Peekable<Chars<'_>>) -> Result<String, &'static str> {
    let mut field = String::new();
    if letters.next_if_eq(&'"').is_none() {
        while let Some(letter) = letters.peek().copied() {
            match letter {
                ',' | '\n' => break,
                '\r' if letters.clone().nth(1) == Some('\n') => break,
                '"' => return Err("a quote stands in a field that does not begin with one"),
                other => field.push(other),
            }
            letters.next();
        }
        return Ok(field);
    }
    while let Some(letter) = letters.next() {
        match letter {
            '"' if letters.next_if_eq(&'"').is_none() => return Ok(field),
            other => field.push(other),
        }
    }
    Err("a quoted field is not closed")
}

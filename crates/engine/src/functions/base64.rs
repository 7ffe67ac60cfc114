//! Base64, as start-up scripts and encoded settings are written.

use super::not_text;
use crate::item::{Item, View};

/// The text that a base64 text stands for: absent where it is no base64, or stands for bytes that are no text.
pub(super) fn base64<'a>(value: &Item<'a>) -> Item<'a> {
    match value.view() {
        View::Text(text) => match decode(text).map(String::from_utf8) {
            Some(Ok(text)) => Item::text(text),
            _ => Item::Absent,
        },
        other => not_text(other),
    }
}

/// The bytes of a text in the standard alphabet; line breaks are allowed, as encoders wrap long lines.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_ascii_whitespace().collect();
    let digits = text.trim_end_matches('=');
    if digits.is_empty() || !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for digit in digits.bytes() {
        bits = (bits << 6) | value_of(digit)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

fn value_of(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

//! Breaking text into lines.

/// goutils, `WrapCustom`. Its quirk is kept: without breaking of long words, one that no space follows loses a byte.
pub(super) fn wrap(text: &str, width: i64, line_end: &str, breaks_words: bool) -> String {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let bytes = text.as_bytes();
    let mut wrapped: Vec<u8> = Vec::with_capacity(text.len());
    let mut offset = 0;
    while bytes.len() - offset > width {
        if bytes.get(offset) == Some(&b' ') {
            offset += 1;
            continue;
        }
        let end = width + offset;
        let line = bytes.get(offset..=end).unwrap_or(&[]);
        let (stop, next) = match line.iter().rposition(|byte| *byte == b' ') {
            Some(space) => (offset + space, offset + space + 1),
            None if breaks_words => (end, end),
            None => {
                let rest = bytes.get(end..).unwrap_or(&[]);
                let space = rest.iter().position(|byte| *byte == b' ').map_or(end - 1, |space| end + space);
                (space, space + 1)
            }
        };
        wrapped.extend_from_slice(bytes.get(offset..stop).unwrap_or(&[]));
        wrapped.extend_from_slice(line_end.as_bytes());
        offset = next;
    }
    wrapped.extend_from_slice(bytes.get(offset..).unwrap_or(&[]));
    String::from_utf8_lossy(&wrapped).into_owned()
}

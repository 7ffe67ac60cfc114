//! Paths as relative references.

use std::borrow::Cow;

/// The path as a relative URI reference (RFC 3986, section 3.3): every byte but the unreserved ones and `/` is
/// percent-encoded. A first segment with a colon needs no `./`, because the colon is encoded too.
pub fn path_uri(path: &str) -> Cow<'_, str> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    if path.bytes().all(is_plain) {
        return Cow::Borrowed(path);
    }
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value)).map_or('0', |&byte| char::from(byte));
    let mut uri = String::with_capacity(path.len() + 16);
    for byte in path.bytes() {
        if is_plain(byte) {
            uri.push(char::from(byte));
        } else {
            uri.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    Cow::Owned(uri)
}

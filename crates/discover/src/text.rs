//! From bytes to text.

use proofmark_source::LoadError;

/// How many of the first bytes are looked at for zeros, as Git does.
const PROBE_BYTES: usize = 8_000;

/// The text of a file, without a byte order mark.
pub(crate) fn decode(mut bytes: Vec<u8>) -> Result<String, LoadError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(LoadError::Utf16);
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    let probe = bytes.get(..PROBE_BYTES).unwrap_or(&bytes);
    if probe.contains(&0) {
        return Err(if is_utf16(probe) { LoadError::Utf16 } else { LoadError::Binary });
    }
    String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8 { offset: error.utf8_error().valid_up_to() })
}

/// Whether every second byte is zero, as in UTF-16 text without a byte order mark that is mostly ASCII.
fn is_utf16(probe: &[u8]) -> bool {
    let zeros = |first: usize| probe.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = probe.len() / 2;
    half >= 2 && even.min(odd) == 0 && even.max(odd) * 10 >= half * 9
}

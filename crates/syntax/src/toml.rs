//! TOML.

use crate::Parsed;
use proofmark_source::FileId;

/// Parses TOML `text` of `file`. Never fails: see [`Parsed::diagnostics`].
#[must_use]
pub fn parse_toml(file: FileId, text: &str) -> Parsed {
    let _ = (file, text);
    Parsed::default()
}

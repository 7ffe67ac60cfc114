//! The skeleton of a rule.

use std::path::Path;

/// Writes the three files of a new rule.
pub(crate) fn write(_root: &Path, _id: &str) -> Vec<String> {
    Vec::new()
}

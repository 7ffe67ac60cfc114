//! Files that are derived from others.

use std::path::Path;

/// Writes every derived file. What it returns are problems.
pub(crate) fn write(_root: &Path) -> Vec<String> {
    Vec::new()
}

/// Says which derived files differ from what they should be.
pub(crate) fn check(_root: &Path) -> Vec<String> {
    Vec::new()
}

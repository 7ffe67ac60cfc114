//! Runs every fixture, and checks what the whole promises.
//!
//! The tests lie in `tests/`: each rule's fixtures as its own named test, broken input through the whole scan, and the
//! sample projects through every report. This library holds what they share: where the checkout lies, and its files.
//!
//! Nothing depends on this crate.

use proofmark_scan::{DiskWorkspace, Scope, WalkSettings};
use std::path::{Path, PathBuf};

/// The root of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.ancestors().nth(2).unwrap_or(crate_folder).to_path_buf()
}

/// A folder of the checkout.
#[must_use]
pub fn folder(path: &str) -> PathBuf {
    root().join(path)
}

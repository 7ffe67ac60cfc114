//! Runs every fixture, and checks what the whole promises.
//!
//! The tests lie in `tests/`: each rule's fixtures as its own named test, broken input through the whole scan, and the
//! sample projects through every report. This library holds what they share: where the checkout lies, and a scan of one
//! of its folders.
//!
//! Nothing depends on this crate.
//!
//! Start at [`open`].

use proofmark_scan::{
    DiskWorkspace, RuleSet, ScanResult, Scope, Settings, WalkSettings, builtin_rules, scan,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The day against which fixtures are judged, so that they do not fail by growing old.
pub const DAY: &str = "2026-11-22";

/// The root of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.ancestors().nth(2).unwrap_or(crate_folder).to_path_buf()
}

/// The files below a folder of the checkout, as if it were a repository of its own.
///
/// # Panics
/// Where the folder is missing: the checkout is then not whole.
#[must_use]
#[expect(clippy::panic, reason = "a test that cannot find its input has failed")]
pub fn open(folder: &str) -> DiskWorkspace {
    let path = root().join(folder);
    match Scope::find(std::slice::from_ref(&path), Some(&path)) {
        Ok(scope) => DiskWorkspace::open(scope, &WalkSettings::default()),
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// Scans those files with every rule.
///
/// # Panics
/// Where the scan cannot even begin.
#[must_use]
#[expect(clippy::panic, reason = "a test that cannot run its scan has failed")]
pub fn scan_all(workspace: &DiskWorkspace) -> ScanResult {
    let mut settings = Settings::new(rules(), DAY);
    settings.packs = vec!["all".into()];
    match scan(workspace, &settings) {
        Ok(result) => result,
        Err(error) => panic!("{error}"),
    }
}

/// The rules of the checkout.
#[must_use]
pub fn rules() -> Arc<RuleSet> {
    builtin_rules()
}

//! `proofmark verify`.

use super::Status;
use super::evidence::MANIFEST_FILE;
use crate::args::VerifyArguments;
use crate::failure::Failure;
use crate::output::print;
use crate::session::{open_folder, rules_of, scope_failure};
use crate::words::count;
use proofmark_scan::report::Manifest;
use proofmark_scan::{DiskWorkspace, Scope, WalkSettings, Workspace};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Recomputes the hashes of a manifest.
///
/// # Errors
/// When there is no manifest, or it cannot be understood.
pub fn run(arguments: &VerifyArguments) -> Result<Status, Failure> {
    let bundle = open_folder(&arguments.folder)?;
    let text = load(&bundle, MANIFEST_FILE).and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text
        .ok_or_else(|| Failure::new(format!("`{}` holds no {MANIFEST_FILE}", arguments.folder.display())))?;
    let manifest = Manifest::parse(&text).map_err(|error| Failure::new(error.to_string()))?;
    let paths = [arguments.root.as_deref().map_or_else(|| PathBuf::from("."), std::path::Path::to_path_buf)];
    let scope = Scope::find(&paths, arguments.root.as_deref()).map_err(scope_failure)?;
    let named = manifest.files.iter().map(|entry| entry.path.to_owned()).collect();
    let files = DiskWorkspace::open(scope, &WalkSettings { named, ..WalkSettings::default() });
    let rules = rules_of(&arguments.rules)?;
    let mismatches = manifest.verify(&rules.digest, |path| load(&files, path), |path| load(&bundle, path));
    let mut report = String::new();
    for mismatch in &mismatches {
        let _ = writeln!(report, "{mismatch}");
    }
    let (files, reports) = (count(manifest.files.len(), "file"), count(manifest.reports.len(), "report"));
    let _ = writeln!(report, "{files}, {reports}: {} not as in the manifest", mismatches.len());
    let _ = writeln!(report, "sha256 of the manifest: {}", manifest.digest());
    print(&report)?;
    Ok(if mismatches.is_empty() { Status::Clean } else { Status::Findings })
}

fn load(workspace: &dyn Workspace, path: &str) -> Option<Vec<u8>> {
    workspace.find(path).and_then(|file| workspace.load_bytes(file))
}

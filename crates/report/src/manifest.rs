//! The manifest of an evidence bundle: what was scanned and what was reported, by SHA-256.
//!
//! A manifest shows that nothing changed since it was written, not who wrote it: its own digest is to be kept elsewhere, or
//! signed.

use proofmark_findings::{FileState, ScanResult, sha256_hex};
use proofmark_source::Workspace;
use serde::{Deserialize, Serialize};

/// The version of the format.
const VERSION: &str = "1";

/// What was scanned and what was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format.
    pub schema_version: String,
    /// The version of the tool.
    pub tool_version: String,
    /// SHA-256 over rules, frameworks and packs.
    pub rule_set_digest: String,
    /// The commit, where one is known.
    pub commit: Option<String>,
    /// The day of the scan.
    pub as_of: String,
    /// The scanned files that were read at least in part, by path from the root of the repository.
    pub files: Vec<ManifestEntry>,
    /// The reports of the bundle, by path within it.
    pub reports: Vec<ManifestEntry>,
}

/// A file by its contents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// Its path.
    pub path: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// SHA-256 over its bytes, in hexadecimal.
    pub sha256: String,
}

/// What no longer agrees with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// A file is gone, or cannot be read.
    #[error("`{path}` is missing")]
    Missing {
        /// The file.
        path: String,
    },
    /// A file has other contents.
    #[error("`{path}` has changed")]
    Changed {
        /// The file.
        path: String,
    },
    /// The rules are not those of the manifest.
    #[error("the rules have changed")]
    RuleSet,
}

/// Why a text is no manifest.
#[derive(Debug, thiserror::Error)]
#[error("this is no manifest of version {VERSION}: {0}")]
pub struct ManifestError(String);

impl Manifest {
    /// The manifest of a scan with these reports (path within the bundle, contents).
    #[must_use]
    pub fn build(result: &ScanResult, workspace: &dyn Workspace, reports: &[(&str, &[u8])]) -> Self {
        let mut files = Vec::new();
        for record in &result.files {
            if !matches!(record.state, FileState::Read | FileState::PartlyRead) {
                continue;
            }
            let Some(bytes) = record.file.and_then(|file| workspace.load_bytes(file)) else { continue };
            files.push(entry(&record.path, &bytes));
        }
        files.sort();
        let mut reports: Vec<ManifestEntry> =
            reports.iter().map(|(path, bytes)| entry(path, bytes)).collect();
        reports.sort();
        Self {
            schema_version: VERSION.to_owned(),
            tool_version: result.tool_version.to_string(),
            rule_set_digest: String::from(&*result.rule_set.digest),
            commit: result.repository.commit.as_deref().map(str::to_owned),
            as_of: result.as_of.to_string(),
            files,
            reports,
        }
    }

    /// Reads `manifest.json`.
    ///
    /// # Errors
    /// Says at which line and column the text is no manifest.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_str(text).map_err(|error| ManifestError(error.to_string()))?;
        if manifest.schema_version != VERSION {
            return Err(ManifestError(format!("it has version `{}`", manifest.schema_version)));
        }
        Ok(manifest)
    }

    /// The manifest as `manifest.json`.
    #[must_use]
    pub fn render(&self) -> String {
        crate::layout::render_json_lines(self, 2)
    }

    /// SHA-256 over [`render`](Self::render): the one number to keep elsewhere or to sign.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(self.render().as_bytes())
    }

    /// What no longer agrees: `load_file` gives a scanned file by path, `load_report` a report of the bundle, and
    /// `rule_set_digest` is that of the rules at hand.
    pub fn verify(
        &self,
        rule_set_digest: &str,
        mut load_file: impl FnMut(&str) -> Option<Vec<u8>>,
        mut load_report: impl FnMut(&str) -> Option<Vec<u8>>,
    ) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        if self.rule_set_digest != rule_set_digest {
            mismatches.push(Mismatch::RuleSet);
        }
        mismatches.extend(self.reports.iter().filter_map(|entry| compare(entry, load_report(&entry.path))));
        mismatches.extend(self.files.iter().filter_map(|entry| compare(entry, load_file(&entry.path))));
        mismatches
    }
}

fn entry(path: &str, bytes: &[u8]) -> ManifestEntry {
    ManifestEntry { path: path.to_owned(), size_bytes: bytes.len() as u64, sha256: sha256_hex(bytes) }
}

fn compare(entry: &ManifestEntry, bytes: Option<Vec<u8>>) -> Option<Mismatch> {
    let path = || entry.path.to_owned();
    match bytes {
        None => Some(Mismatch::Missing { path: path() }),
        Some(bytes) if sha256_hex(&bytes) != entry.sha256 => Some(Mismatch::Changed { path: path() }),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;

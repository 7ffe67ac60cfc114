//! Everything that a scan found.

use crate::{AttestationRecord, Evaluation, Waiver};
use proofmark_rules::{Instance, RuleSet};
use proofmark_source::{Diagnostic, FileId};
use smol_str::SmolStr;
use std::sync::Arc;

/// Everything a report needs.
#[derive(Clone, Debug)]
pub struct ScanResult {
    /// The rules, frameworks and packs that were used.
    pub rule_set: Arc<RuleSet>,
    /// The packs that were asked for.
    pub packs: Vec<SmolStr>,
    /// What was evaluated, sorted by rule id and parameters.
    pub instances: Vec<Instance>,
    /// What came out, sorted by path, place, rule, element.
    pub evaluations: Vec<Evaluation>,
    /// The environments that units were judged in, in the order of the configuration; empty where none are configured.
    pub environments: Vec<EnvironmentRecord>,
    /// The units, sorted by path and reader.
    pub units: Vec<UnitRecord>,
    /// The ledger: every file that was discovered, sorted by path.
    pub files: Vec<FileRecord>,
    /// What was odd about the input, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The waivers that were in force, expired or unused.
    pub waivers: Vec<Waiver>,
    /// The records in the repository that speak for controls, sorted by control and path.
    pub attestations: Vec<AttestationRecord>,
    /// What was scanned.
    pub repository: Repository,
    /// The day against which ages are counted, `YYYY-MM-DD`.
    pub as_of: SmolStr,
    /// The version of the tool.
    pub tool_version: SmolStr,
}

impl ScanResult {
    /// The number of files in scope that were not read whole.
    #[must_use]
    pub fn unread_count(&self) -> usize {
        let is_unread =
            |record: &&FileRecord| matches!(record.state, FileState::NotRead(_) | FileState::PartlyRead);
        self.files.iter().filter(is_unread).count()
    }
}

/// What was scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// Its name: the last part of its remote, else of its folder.
    pub name: String,
    /// Where it is fetched from, without any user name or password.
    pub remote: Option<String>,
    /// The commit, where Git knows one.
    pub commit: Option<String>,
    /// The branch, where one is checked out.
    pub branch: Option<String>,
    /// Whether tracked files differ from the commit.
    pub is_dirty: Option<bool>,
    /// The path that was asked for, relative to the root of the workspace; `""` for the root. Paths in reports are
    /// relative to it where the format asks for it.
    pub scanned_path: String,
}

/// An environment, and what it gave to Terraform root modules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentRecord {
    /// Its name.
    pub name: SmolStr,
    /// The workspace, where somebody says which.
    pub workspace: Option<SmolStr>,
    /// The variable files, by path relative to the root of the workspace, in order of precedence.
    pub variable_files: Vec<String>,
}

/// A unit that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRecord {
    /// Its reader.
    pub reader: &'static str,
    /// Its folder or file.
    pub path: String,
    /// The environments that are about it, sorted; empty where none is.
    pub environments: Vec<SmolStr>,
    /// The number of its resources; where environments differ, the largest.
    pub resource_count: usize,
    /// Whether everything in it was understood.
    pub is_complete: bool,
    /// Whether a bug of ours cost the unit.
    pub is_failed: bool,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// Its path relative to the root of the workspace.
    pub path: String,
    /// Its id; `None` for files and folders that were left out before they were looked at.
    pub file: Option<FileId>,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// SHA-256 over its bytes in hexadecimal, where somebody asked for it.
    pub sha256: Option<String>,
    /// What it was taken for; empty where nobody recognized it.
    pub classes: Vec<&'static str>,
    /// What became of it.
    pub state: FileState,
}

/// What became of a discovered file. Every file is in exactly one state, so the sums tie out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileState {
    /// All of it was read.
    Read,
    /// A part of it was read.
    PartlyRead,
    /// Nothing was read; why.
    NotRead(String),
    /// It was left out; by whom (`.gitignore`, `proofmark.yaml`).
    Excluded(String),
    /// No reader knows it.
    Unrecognized,
}

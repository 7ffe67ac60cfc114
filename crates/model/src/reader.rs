//! The contract of the format crates.

use crate::{Resource, SmolStr};
use proofmark_source::{Diagnostic, FileId, Workspace};
use std::collections::BTreeMap;

/// Turns files of one family of formats into resources.
///
/// A reader is asked in this order: [`claim`](Reader::claim) for each file, [`units`](Reader::units) once,
/// [`read`](Reader::read) for each unit, the last in parallel.
pub trait Reader: Sync {
    /// The reader's name in reports: `terraform`, `kubernetes`.
    fn name(&self) -> &'static str;

    /// Whether a file belongs to this reader, by its path and, where that does not say, its text.
    ///
    /// Several readers may claim a file. This must be cheap: a look for a marker in the text, not a parse.
    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim>;

    /// Groups claimed files (sorted by id) into the units that are read together.
    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], settings: &ReadSettings) -> Vec<Unit>;

    /// Reads one unit. Never fails: what cannot be read becomes diagnostics.
    fn read(&self, workspace: &dyn Workspace, unit: &Unit, settings: &ReadSettings) -> UnitModel;
}

/// A reader's claim on a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What the file is, for the ledger: `terraform`, `kubernetes manifest`, `github workflow`.
    pub class: &'static str,
}

/// Files that are read together: a root module, the manifests of a folder, the workflows of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The reader's name.
    pub reader: &'static str,
    /// The folder or file that names the unit, relative to the root; `""` for the repository.
    pub path: String,
    /// The files that make it, sorted by id. Further files may be read on the way; see [`UnitModel::files`].
    pub files: Vec<FileId>,
}

/// What reading a unit gave.
#[derive(Clone, Debug, Default)]
pub struct UnitModel {
    /// What was found, in order of file and place.
    pub resources: Vec<Resource>,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was opened for it.
    pub files: Vec<FileUse>,
    /// Values that the unit gives to the outside, in order of name: a module's outputs.
    pub outputs: Vec<crate::Attribute>,
}

/// That a file was opened for a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileUse {
    /// The file.
    pub file: FileId,
    /// Whether all of it was understood.
    pub is_whole: bool,
}

/// What the user said about how to read.
#[derive(Clone, Debug, Default)]
pub struct ReadSettings {
    /// The name of the environment, where several are configured.
    pub environment: Option<SmolStr>,
    /// Variable files for Terraform root modules, relative to the root of the workspace, in order of precedence.
    pub variable_files: Vec<String>,
    /// Single variables for Terraform root modules: name and expression as on Terraform's own command line.
    pub variables: BTreeMap<String, String>,
    /// The day that ages and ends of support are counted against, `YYYY-MM-DD`.
    pub as_of: SmolStr,
    /// The day of the last change of each file by Git's history (`YYYY-MM-DD`), where there is one.
    pub changed_on: BTreeMap<FileId, SmolStr>,
}

//! The contract of the format crates.

use crate::{Resource, SmolStr};
use proofmark_source::{Diagnostic, FileId, Span, Workspace};
use std::collections::BTreeMap;
use std::sync::Arc;

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

    /// The names of what a unit takes from outside, such as the variables of a root module, in no order.
    fn inputs(&self, _workspace: &dyn Workspace, _unit: &Unit) -> Vec<SmolStr> {
        Vec::new()
    }

    /// Further files that a unit is read from, as far as its own say so: those of the modules that it calls, and of what
    /// these call.
    fn reached(&self, _workspace: &dyn Workspace, _unit: &Unit) -> Vec<FileId> {
        Vec::new()
    }

    /// Which of its units are one thing in several environments, such as the overlays of a base, in no order.
    fn variants(&self, _workspace: &dyn Workspace, _units: &[&Unit]) -> Vec<Variant> {
        Vec::new()
    }

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

/// That a unit is what something becomes in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The path of the unit.
    pub unit: String,
    /// The name of the environment, as the files give it.
    pub environment: SmolStr,
    /// What it is a variant of: variants of the same thing share this.
    pub family: String,
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
    /// What sets the variables of Terraform root modules beside their own variable files, and the values of Helm charts over
    /// their own, each overriding those before.
    pub inputs: Vec<VariableInput>,
    /// The workspace of Terraform, where somebody says which.
    pub workspace: Option<SmolStr>,
    /// The day that ages and ends of support are counted against, `YYYY-MM-DD`.
    pub as_of: SmolStr,
    /// The day of the last change of each file by Git's history (`YYYY-MM-DD`), where there is one.
    pub changed_on: Arc<BTreeMap<FileId, SmolStr>>,
}

/// Something that sets variables of a Terraform root module, or values of a Helm chart, from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableInput {
    /// A variable file.
    File(FileId),
    /// A values file, for charts.
    Values(FileId),
    /// A variable as Terraform's own command line takes it: the text is the value where the variable has no type or a
    /// primitive one, and an expression where it has another.
    Argument {
        /// The variable.
        name: SmolStr,
        /// What stands behind the `=`.
        text: String,
    },
    /// A variable as a variable file takes it, written elsewhere.
    Assignment {
        /// The variable.
        name: SmolStr,
        /// Its value, as HCL.
        expression: String,
        /// Where it is written, if that is a file of the workspace.
        place: Option<Span>,
    },
}

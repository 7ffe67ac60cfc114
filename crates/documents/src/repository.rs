//! The repository itself as a resource.

use crate::facts::Facts;
use crate::inventory::{describe_files, first_of};
use crate::ownership::{read_code_owners, read_ignore_patterns};
use proofmark_model::{
    Address, Claim, FileUse, Kind, ReadSettings, Reader, Resource, SmolStr, Unit, UnitModel,
};
use proofmark_source::{FileId, Span, Workspace};

/// The file that stands for the repository as a whole. No workspace has so many files; reports print it as path `.`, line 1.
pub const REPOSITORY_FILE: FileId = FileId(u32::MAX);

/// Where code hosts look for code owners, in the order in which they look.
const CODE_OWNERS: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Makes the one resource `repository`, which rules ask about what is missing.
///
/// Attributes: `files` and `folders` (paths), `lock_files`, `manifests`, `languages` (number of files by language), `readme`,
/// `license`, `security_policy`, `changelog`, `contributing`, `code_of_conduct` (paths, absent where there is none),
/// `code_owners` {path, entries of {pattern, owners}}, `ignored` (the patterns of the root's `.gitignore`).
#[derive(Debug, Default)]
pub struct RepositoryReader;

/// Where the repository itself stands.
pub(crate) fn place() -> Span {
    Span::file_start(REPOSITORY_FILE)
}

impl Reader for RepositoryReader {
    fn name(&self) -> &'static str {
        "repository"
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        let path = workspace.path(file);
        if CODE_OWNERS.contains(&path) {
            return Some(Claim { class: "code owners" });
        }
        (path == ".gitignore").then_some(Claim { class: "ignore rules" })
    }

    fn units(&self, workspace: &dyn Workspace, _claimed: &[FileId], _settings: &ReadSettings) -> Vec<Unit> {
        let count = u32::try_from(workspace.files().len()).unwrap_or(u32::MAX);
        let files = (0..count).map(FileId).collect();
        vec![Unit { reader: "repository", path: String::new(), files }]
    }

    fn read(&self, workspace: &dyn Workspace, _unit: &Unit, _settings: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        let mut facts = Facts::new(place());
        describe_files(workspace, &mut facts);
        if let Some((file, path)) = first_of(workspace, &CODE_OWNERS)
            && let Ok(text) = workspace.load(file)
        {
            facts.set("code_owners", read_code_owners(file, &path, text));
            model.files.push(FileUse { file, is_whole: true });
        }
        if let Some(file) = workspace.find(".gitignore")
            && let Ok(text) = workspace.load(file)
        {
            facts.set("ignored", read_ignore_patterns(file, text));
            model.files.push(FileUse { file, is_whole: true });
        }
        let name = SmolStr::new_static("repository");
        let address = Address(SmolStr::clone(&name));
        model.resources.push(Resource::new(address, Kind(name), place(), facts.finish(place())));
        model
    }
}

//! Which files are pipelines, and which are read together.

use crate::class::Class;
use crate::github::read_repository;
use crate::gitlab::{is_main, reached_files, read_pipeline};
use crate::pipeline::add_view;
use proofmark_model::{Claim, ReadSettings, Reader, Unit, UnitModel};
use proofmark_source::{FileId, Workspace, parent_path};
use std::collections::{BTreeMap, BTreeSet};

/// The reader's name in reports.
const NAME: &str = "ci";

/// Reads GitHub's and GitLab's pipelines.
#[derive(Clone, Copy, Debug, Default)]
pub struct CiReader;

/// The folder that holds `.github` above `path`.
fn repository_folder(path: &str) -> Option<&str> {
    if path.starts_with(".github/") {
        return Some("");
    }
    path.rfind("/.github/").and_then(|at| path.get(..at))
}

impl Reader for CiReader {
    fn name(&self) -> &'static str {
        NAME
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        Class::of(workspace, file).map(|class| Claim { class: class.name() })
    }

    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _settings: &ReadSettings) -> Vec<Unit> {
        let mut units: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
        let is_kind = |file: &FileId, kinds: &[Class]| {
            Class::of_claimed(workspace.path(*file)).is_some_and(|class| kinds.contains(&class))
        };
        for file in claimed.iter().filter(|file| is_kind(file, &[Class::Workflow, Class::Dependabot])) {
            let path = workspace.path(*file);
            units.entry(repository_folder(path).unwrap_or(parent_path(path))).or_default().push(*file);
        }
        let repositories: Vec<&str> = units.keys().copied().collect();
        for file in claimed.iter().filter(|file| is_kind(file, &[Class::Action])) {
            let folder = parent_path(workspace.path(*file));
            let holds = |outer: &&&str| {
                outer.is_empty() || folder == **outer || folder.starts_with(&format!("{outer}/"))
            };
            let home = repositories.iter().filter(holds).max_by_key(|outer| outer.len());
            units.entry(home.copied().unwrap_or(folder)).or_default().push(*file);
        }
        // A repository's own pipeline is read with its workflows: what is asked of the whole concerns both.
        let gitlab: Vec<FileId> =
            claimed.iter().copied().filter(|file| is_kind(file, &[Class::GitLab])).collect();
        let mut units: BTreeMap<String, Vec<FileId>> =
            units.into_iter().map(|(path, files)| (path.to_owned(), files)).collect();
        for (path, files) in gitlab_units(workspace, &gitlab) {
            units.entry(path).or_default().extend(files);
        }
        let unit = |(path, mut files): (String, Vec<FileId>)| {
            files.sort();
            files.dedup();
            Unit { reader: NAME, path, files }
        };
        units.into_iter().map(unit).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, _settings: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        let begins = |file: &FileId| {
            let path = workspace.path(*file);
            is_main(path) && parent_path(path) == unit.path || path == unit.path
        };
        let is_gitlab = |file: &FileId| Class::of_claimed(workspace.path(*file)) == Some(Class::GitLab);
        let pipelines = unit.files.iter().filter(|file| is_gitlab(file) && begins(file));
        pipelines.for_each(|file| read_pipeline(workspace, *file, &mut model));
        let opened: BTreeSet<FileId> = model.files.iter().map(|used| used.file).collect();
        let github: Vec<FileId> = unit.files.iter().copied().filter(|file| !opened.contains(file)).collect();
        read_repository(workspace, &unit.path, &github, &mut model);
        add_view(workspace, &unit.path, &mut model);
        model
    }
}

/// The files of GitLab's pipelines by the place of their unit: the folder of a main pipeline, which its workflows share,
/// or the file itself. A file that others include belongs to them.
fn gitlab_units(workspace: &dyn Workspace, claimed: &[FileId]) -> Vec<(String, Vec<FileId>)> {
    let (main, others): (Vec<FileId>, Vec<FileId>) =
        claimed.iter().partition(|file| is_main(workspace.path(**file)));
    let mut taken: BTreeSet<FileId> = BTreeSet::new();
    let mut units = Vec::new();
    for file in main {
        let reached = reached_files(workspace, file);
        taken.extend(reached.iter().copied());
        units.push((parent_path(workspace.path(file)).to_owned(), reached));
    }
    let others: BTreeMap<FileId, Vec<FileId>> = others
        .into_iter()
        .filter(|file| !taken.contains(file))
        .map(|file| (file, reached_files(workspace, file)))
        .collect();
    let reaches = |from: FileId, to: FileId| others.get(&from).is_some_and(|reached| reached.contains(&to));
    for (&file, reached) in &others {
        // Of files that include each other, the first stands for all.
        let is_part = others
            .keys()
            .any(|&other| other != file && reaches(other, file) && !(file < other && reaches(file, other)));
        if !is_part {
            units.push((workspace.path(file).to_owned(), reached.to_vec()));
        }
    }
    units
}

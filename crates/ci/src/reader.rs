//! Which files are pipelines, and which are read together.

use crate::class::Class;
use crate::context::FileContext;
use crate::github::read_repository;
use crate::gitlab::read_pipeline;
use proofmark_model::{Claim, FileUse, ReadSettings, Reader, Unit, UnitModel};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace, parent_path};
use proofmark_syntax::{Document, Parsed, YamlDialect, parse_yaml};
use std::collections::BTreeMap;

/// The reader's name in reports.
const NAME: &str = "ci";

/// A file is not what its name says.
pub(crate) const SHAPE: Code = Code("ci-shape");

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
        for file in claimed.iter().filter(|file| is_kind(file, &[Class::GitLab])) {
            let path = workspace.path(*file);
            let place = if file_stem(path) == ".gitlab-ci" { parent_path(path) } else { path };
            units.entry(place).or_default().push(*file);
        }
        let unit = |(path, mut files): (&str, Vec<FileId>)| {
            files.sort();
            Unit { reader: NAME, path: path.to_owned(), files }
        };
        units.into_iter().map(unit).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, _settings: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        let is_gitlab = |file: &FileId| Class::of_claimed(workspace.path(*file)) == Some(Class::GitLab);
        let (gitlab, github): (Vec<FileId>, Vec<FileId>) =
            unit.files.iter().partition(|file| is_gitlab(file));
        read_repository(workspace, &unit.path, &github, &mut model);
        read_gitlab(workspace, &gitlab, &mut model);
        model
    }
}

/// The name of a file without its folder and extension.
pub(crate) fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Reads the pipelines of GitLab in `files`.
fn read_gitlab(workspace: &dyn Workspace, files: &[FileId], model: &mut UnitModel) {
    for &file in files {
        let Ok(text) = workspace.load(file) else {
            model.files.push(FileUse { file, is_whole: false });
            continue;
        };
        let parsed = parse_yaml(file, text, YamlDialect::Go);
        let context =
            FileContext { file, text, lines: workspace.line_index(file), comments: &parsed.comments };
        match first_mapping(&parsed) {
            Some(document) => model.resources.extend(read_pipeline(&context, document)),
            None if parsed.diagnostics.is_empty() => model.diagnostics.push(shapeless(file, Class::GitLab)),
            None => {}
        }
        let is_whole = parsed.diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None);
        model.files.push(FileUse { file, is_whole });
        model.diagnostics.extend(parsed.diagnostics);
    }
}

/// The document that counts: the first that has entries.
pub(crate) fn first_mapping(parsed: &Parsed) -> Option<&Document> {
    parsed.documents.iter().find(|document| !document.root.entries().is_empty())
}

/// That a file has no entries at the top.
pub(crate) fn shapeless(file: FileId, class: Class) -> Diagnostic {
    let message = format!("the file is no {}: it has no entries at the top", class.name());
    Diagnostic::new(SHAPE, Impact::Partial, Span::file_start(file), message)
}

//! Files, parsed once each.

use crate::json::body_from_json;
use crate::variables::body_from_json_variables;
use proofmark_hcl::{Body, Comment, parse_body};
use proofmark_source::{Diagnostic, FileId, Workspace, parent_path};
use std::sync::OnceLock;

/// A configuration or variable file, parsed.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub body: Body,
    pub comments: Vec<Comment>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// `.tf`, `.tofu` and their JSON forms.
    Configuration,
    /// `.tfvars` and its JSON form.
    Variables,
    /// `.terraform.lock.hcl`.
    Lock,
}

/// The kind of a file, by its path.
pub(crate) fn file_kind(path: &str) -> Option<FileKind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == ".terraform.lock.hcl" {
        return Some(FileKind::Lock);
    }
    // Terraform ignores editors' leftovers: names that begin with a dot or `#…#`, or end with `~`.
    if name.starts_with('.') || name.starts_with('#') || name.ends_with('~') {
        return None;
    }
    let base = name.strip_suffix(".json").unwrap_or(name);
    let (stem, extension) = base.rsplit_once('.')?;
    match extension {
        "tf" | "tofu" if !stem.is_empty() => Some(FileKind::Configuration),
        "tfvars" => Some(FileKind::Variables),
        _ => None,
    }
}

/// The parsed files of one workspace, each parsed when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct FileCache {
    slots: OnceLock<Box<[OnceLock<Option<SourceFile>>]>>,
}

impl FileCache {
    /// The parsed file; `None` where its text cannot be loaded, which `discover` reports.
    pub fn parsed(&self, workspace: &dyn Workspace, file: FileId) -> Option<&SourceFile> {
        let slots = self.slots.get_or_init(|| workspace.files().iter().map(|_| OnceLock::new()).collect());
        slots.get(file.index())?.get_or_init(|| parse(workspace, file)).as_ref()
    }
}

fn parse(workspace: &dyn Workspace, file: FileId) -> Option<SourceFile> {
    let text = workspace.load(file).ok()?;
    let path = workspace.path(file);
    if path.ends_with(".tfvars.json") {
        return Some(body_from_json_variables(text, file));
    }
    if path.ends_with(".json") {
        return Some(body_from_json(text, file));
    }
    let parsed = parse_body(file, text);
    Some(SourceFile { body: parsed.body, comments: parsed.comments, diagnostics: parsed.diagnostics })
}

/// The files directly in `folder` of that kind, in order of path.
pub(crate) fn files_in<'w>(
    workspace: &'w dyn Workspace,
    folder: &'w str,
    kind: FileKind,
) -> impl Iterator<Item = FileId> + 'w {
    workspace.files_below(folder).filter_map(move |index| {
        let entry = workspace.files().get(index)?;
        let is_here = parent_path(&entry.path) == folder && file_kind(&entry.path) == Some(kind);
        is_here.then(|| u32::try_from(index).ok().map(FileId)).flatten()
    })
}

/// The configuration files of a module in the order in which Terraform merges them: plain files by name, then override
/// files by name. Where `x.tofu` stands beside `x.tf`, OpenTofu reads the former only.
pub(crate) fn configuration_files(workspace: &dyn Workspace, folder: &str) -> Vec<FileId> {
    let all: Vec<FileId> = files_in(workspace, folder, FileKind::Configuration).collect();
    let path_of = |file: &FileId| workspace.path(*file);
    let mut kept: Vec<FileId> = all
        .iter()
        .copied()
        .filter(|file| {
            let path = path_of(file);
            let (stem, json) = path.strip_suffix(".json").map_or((path, ""), |stem| (stem, ".json"));
            let twin = stem.strip_suffix(".tf").map(|stem| format!("{stem}.tofu{json}"));
            twin.is_none_or(|twin| !all.iter().any(|other| path_of(other) == twin))
        })
        .collect();
    kept.sort_by_key(|file| (is_override(path_of(file)), *file));
    kept
}

/// Whether the file's content is merged into what other files define.
pub(crate) fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    stem == "override" || stem.ends_with("_override")
}

//! Which manifests are deployed together.
//!
//! A unit is the largest folder tree of which
//! - at least half of the files, at every level, are manifests, so that services side by side in a repository of source
//!   code stay apart, while `k8s/deployments` and `k8s/network` meet in `k8s`;
//! - no folder below is a chart or an overlay: these are deployed on their own;
//! - no two folders define the same object: `dev` and `prod`, or a collection of examples, are alternatives.
//!
//! Where folders stay apart, the files beside them form a unit too.

use crate::claim::{around, is_chart, is_key};
use crate::overlay::kustomization;
use proofmark_source::{FileId, Workspace, parent_path};
use std::collections::{BTreeMap, BTreeSet};

/// Groups files (sorted by id) into units: the folder of each, and its files. Sorted by folder and first file.
pub(crate) fn group(workspace: &dyn Workspace, claimed: &[FileId]) -> Vec<(String, Vec<FileId>)> {
    let mut folders = folders(workspace, claimed);
    let mut objects = Objects { workspace, known: BTreeMap::new() };
    let mut closed: Vec<Vec<FileId>> = Vec::new();
    // Folders below come first: a folder sorts before everything in it.
    while let Some((path, folder)) = folders.pop_last() {
        let parent = (!path.is_empty()).then(|| parent_path(path));
        let is_boundary = is_chart(workspace, path) || kustomization(workspace, path).is_some();
        let mut open: Vec<Vec<FileId>> = Vec::new();
        let files = workspace.files_below(path).len();
        let is_mostly_manifests = folder.manifests * 2 >= files;
        if is_boundary || is_mostly_manifests && !has_conflict(&folder.parts, &mut objects) {
            open.push(folder.parts.into_iter().flatten().collect());
        } else {
            closed.extend(folder.parts);
        }
        match parent.and_then(|parent| folders.get_mut(parent)) {
            Some(above) if !is_boundary => above.parts.extend(open),
            _ => closed.extend(open),
        }
    }
    let mut units: Vec<(String, Vec<FileId>)> =
        closed.into_iter().filter_map(|files| unit(workspace, files)).collect();
    units.sort();
    units
}

#[derive(Default)]
struct Folder {
    /// Manifests in it and below it.
    manifests: usize,
    /// What may be deployed together: the folder's own manifests, and one part for each folder below.
    parts: Vec<Vec<FileId>>,
}

/// All folders that hold manifests, in themselves or below.
fn folders<'w>(workspace: &'w dyn Workspace, claimed: &[FileId]) -> BTreeMap<&'w str, Folder> {
    let mut folders: BTreeMap<&str, Folder> = BTreeMap::new();
    for &file in claimed {
        let own = parent_path(workspace.path(file));
        for folder in around(own) {
            folders.entry(folder).or_default().manifests += 1;
        }
        let parts = &mut folders.entry(own).or_default().parts;
        match parts.first_mut() {
            Some(files) => files.push(file),
            None => parts.push(vec![file]),
        }
    }
    folders
}

/// Whether two parts define the same object.
fn has_conflict(parts: &[Vec<FileId>], objects: &mut Objects<'_>) -> bool {
    if parts.len() < 2 {
        return false;
    }
    let mut seen = BTreeSet::new();
    for part in parts {
        let own: BTreeSet<Object<'_>> = part.iter().flat_map(|&file| objects.of(file)).collect();
        if own.iter().any(|object| seen.contains(object)) {
            return true;
        }
        seen.extend(own);
    }
    false
}

/// Kind, namespace and name.
type Object<'w> = (&'w str, &'w str, &'w str);

/// The objects of files that were looked at.
struct Objects<'w> {
    workspace: &'w dyn Workspace,
    known: BTreeMap<FileId, Vec<Object<'w>>>,
}

impl<'w> Objects<'w> {
    fn of(&mut self, file: FileId) -> Vec<Object<'w>> {
        let workspace = self.workspace;
        let look = || objects(workspace.load(file).unwrap_or(""));
        self.known.entry(file).or_insert_with(look).to_vec()
    }
}

/// Kind, namespace and name of the objects in a text, by a look at its lines. Objects written on one line are not seen.
fn objects(text: &str) -> Vec<Object<'_>> {
    let mut objects = Vec::new();
    let mut object: Object<'_> = ("", "default", "");
    let mut metadata_indent = None;
    for line in text.lines().chain(["---"]) {
        let content = line.trim_start();
        if line.starts_with("---") {
            if !object.0.is_empty() && !object.2.is_empty() {
                objects.push(object);
            }
            (object, metadata_indent) = (("", "default", ""), None);
            continue;
        }
        let indent = line.len() - content.len();
        let value = content.split_once(':').map_or("", |(_, value)| value.trim());
        if indent == 0 && !content.is_empty() {
            metadata_indent = is_key(content, "metadata").then_some(usize::MAX);
            if is_key(content, "kind") {
                object.0 = value;
            }
        } else if let Some(level) = &mut metadata_indent {
            if *level == usize::MAX && !content.starts_with('#') && !content.is_empty() {
                *level = indent;
            }
            if *level == indent && is_key(content, "namespace") {
                object.1 = value;
            } else if *level == indent && is_key(content, "name") {
                object.2 = value;
            }
        }
    }
    objects
}

/// The innermost folder that holds all of the files, and the files in order.
fn unit(workspace: &dyn Workspace, mut files: Vec<FileId>) -> Option<(String, Vec<FileId>)> {
    files.sort_unstable();
    let first = parent_path(workspace.path(*files.first()?));
    let folder = around(first).find(|folder| {
        let is_inside = |path: &str| around(parent_path(path)).any(|around| around == *folder);
        files.iter().all(|&file| is_inside(workspace.path(file)))
    });
    Some((folder.unwrap_or("").to_owned(), files))
}

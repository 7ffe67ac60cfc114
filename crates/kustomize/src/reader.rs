//! The reader's door.

use crate::build::{Built, build};
use crate::environment::variants;
use crate::value::resource;
use proofmark_kubernetes::{is_kustomization, overlay_paths};
use proofmark_model::{Claim, FileUse, ReadSettings, Reader, Unit, UnitModel, Variant};
use proofmark_source::{FileId, Workspace, parent_path};
use std::collections::{BTreeMap, BTreeSet};

/// Reads Kustomize overlays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kustomize;

/// The reader's name in reports.
const NAME: &str = "kustomize";

impl Reader for Kustomize {
    fn name(&self) -> &'static str {
        NAME
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        is_kustomization(workspace.path(file)).then_some(Claim { class: "kustomization" })
    }

    /// Every folder with a kustomization that no other kustomization uses. Bases and components are judged where they are
    /// used. Of those that use one another in a circle, the first is built, which tells of it.
    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _: &ReadSettings) -> Vec<Unit> {
        let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
        for &file in claimed {
            folders.entry(parent_path(workspace.path(file))).or_default().push(file);
        }
        let used = |files: &[FileId]| files.iter().flat_map(|&file| overlay_paths(workspace, file)).collect();
        let named: BTreeMap<&str, BTreeSet<String>> =
            folders.iter().map(|(&folder, files)| (folder, used(files))).collect();
        let all_named: BTreeSet<&str> = named.values().flatten().map(String::as_str).collect();
        let (used, unused): (Vec<&str>, Vec<&str>) =
            folders.keys().partition(|folder| all_named.contains(**folder));
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut units = Vec::new();
        for folder in unused.into_iter().chain(used) {
            if reached.contains(folder) {
                continue;
            }
            reach(folder, &named, &mut reached);
            let files = folders.get(folder).cloned().unwrap_or_default();
            units.push(Unit { reader: NAME, path: folder.to_owned(), files });
        }
        units
    }

    fn variants(&self, workspace: &dyn Workspace, units: &[&Unit]) -> Vec<Variant> {
        variants(workspace, units)
    }

    fn reached(&self, workspace: &dyn Workspace, unit: &Unit) -> Vec<FileId> {
        build(workspace, &unit.path).files.into_keys().collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, _: &ReadSettings) -> UnitModel {
        let built = build(workspace, &unit.path);
        let resources =
            built.objects.iter().filter_map(|object| resource(workspace, &built, object)).collect();
        let Built { diagnostics, files, .. } = built;
        let files = files.into_iter().map(|(file, is_whole)| FileUse { file, is_whole }).collect();
        UnitModel { resources, diagnostics, files, ..UnitModel::default() }
    }
}

/// Notes a folder and all that its kustomization leads to.
fn reach<'f>(folder: &'f str, named: &BTreeMap<&'f str, BTreeSet<String>>, reached: &mut BTreeSet<&'f str>) {
    let mut next = vec![folder];
    while let Some(folder) = next.pop() {
        if reached.insert(folder) {
            let paths = named.get(folder);
            let inside = paths.into_iter().flatten().filter_map(|path| named.get_key_value(path.as_str()));
            next.extend(inside.map(|(folder, _)| *folder));
        }
    }
}

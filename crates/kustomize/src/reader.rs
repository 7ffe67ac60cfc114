//! The reader's door.

use crate::build::{Built, build};
use crate::environment::variants;
use crate::value::resource;
use proofmark_kubernetes::{is_kustomization, overlay_paths};
use proofmark_model::{Claim, FileUse, ReadSettings, Reader, Unit, UnitModel, Variant};
use proofmark_source::{FileId, Workspace, parent_path};
use std::collections::BTreeSet;

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
    /// used.
    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _: &ReadSettings) -> Vec<Unit> {
        let used: BTreeSet<String> =
            claimed.iter().flat_map(|&file| overlay_paths(workspace, file)).collect();
        let mut units: Vec<Unit> = Vec::new();
        for &file in claimed {
            let folder = parent_path(workspace.path(file));
            match units.iter_mut().find(|unit| unit.path == folder) {
                Some(unit) => unit.files.push(file),
                None if !used.contains(folder) => {
                    units.push(Unit { reader: NAME, path: folder.to_owned(), files: vec![file] });
                }
                None => {}
            }
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

//! The reader's door.

use crate::claim::is_manifest;
use crate::group::group;
use crate::manifest::read_manifest;
use crate::overlay::paths_in_overlays;
use proofmark_model::{Claim, FileUse, ReadSettings, Reader, Unit, UnitModel};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};

const UNREADABLE: Code = Code("kubernetes-unreadable");

/// Reads Kubernetes manifests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kubernetes;

/// The reader's name in reports.
const NAME: &str = "kubernetes";

impl Reader for Kubernetes {
    fn name(&self) -> &'static str {
        NAME
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        is_manifest(workspace, file).then_some(Claim { class: "kubernetes manifest" })
    }

    /// Manifests that an overlay names are judged as what it makes of them, and patches are only parts of manifests.
    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _: &ReadSettings) -> Vec<Unit> {
        let in_overlays = paths_in_overlays(workspace);
        let own = claimed.iter().copied().filter(|file| !in_overlays.contains(workspace.path(*file)));
        let own: Vec<FileId> = own.collect();
        let unit = |(path, files)| Unit { reader: NAME, path, files };
        group(workspace, &own).into_iter().map(unit).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, _: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        for &file in &unit.files {
            let diagnosed = model.diagnostics.len();
            match workspace.load(file) {
                Ok(text) => read_manifest(workspace.path(file), file, text, &mut model),
                Err(error) => {
                    let start = Span::file_start(file);
                    let diagnostic = Diagnostic::new(UNREADABLE, Impact::Unread, start, error.to_string());
                    model.diagnostics.push(diagnostic);
                }
            }
            let own = model.diagnostics.get(diagnosed..).unwrap_or(&[]);
            let is_whole = own.iter().all(|diagnostic| diagnostic.impact == Impact::None);
            model.files.push(FileUse { file, is_whole });
        }
        model
    }
}

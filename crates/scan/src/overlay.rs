//! What a Kustomize overlay is built to.

use crate::Rendered;
use proofmark_kubernetes::is_kustomization;
use proofmark_kustomize::{build, print_yaml};
use proofmark_source::{Workspace, parent_path};

/// Builds the overlay in `folder` (relative to the root); `None` where there is none.
pub fn render_overlay(workspace: &dyn Workspace, folder: &str) -> Option<Rendered> {
    let mut own = workspace.files().iter().filter(|file| parent_path(&file.path) == folder);
    own.find(|file| is_kustomization(&file.path))?;
    let built = build(workspace, folder);
    Some(Rendered { text: print_yaml(&built.objects), diagnostics: built.diagnostics })
}

//! What a Kustomize overlay is built to.

use proofmark_kubernetes::is_kustomization;
use proofmark_kustomize::{build, print_yaml};
use proofmark_source::{Diagnostic, Impact, Workspace, parent_path};

/// An overlay, built.
#[derive(Clone, Debug)]
pub struct RenderedOverlay {
    /// The objects as a YAML stream, in the order in which kustomize prints them.
    pub text: String,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
}

impl RenderedOverlay {
    /// Whether nothing of the overlay is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None)
    }
}

/// Builds the overlay in `folder` (relative to the root); `None` where there is none.
pub fn render_overlay(workspace: &dyn Workspace, folder: &str) -> Option<RenderedOverlay> {
    let mut own = workspace.files().iter().filter(|file| parent_path(&file.path) == folder);
    own.find(|file| is_kustomization(&file.path))?;
    let built = build(workspace, folder);
    Some(RenderedOverlay { text: print_yaml(&built.objects), diagnostics: built.diagnostics })
}

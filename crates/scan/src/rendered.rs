//! What a chart, an overlay or a module is evaluated to.

use proofmark_source::{Diagnostic, Impact};

/// A text that was evaluated from files.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Of a chart, its manifests in Helm's order, each behind `---` and the name of its template. Of an overlay, its objects
    /// as a YAML stream in kustomize's order. Of a Terraform module, `{"resources": […], "outputs": {…}}`, where what is
    /// not known is `{"unknown": reason}` and what must not be shown `"(sensitive)"`.
    pub text: String,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
}

impl Rendered {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None)
    }
}

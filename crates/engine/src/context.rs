//! What a scan tells every evaluation.

use proofmark_model::{SmolStr, Value};
use proofmark_source::Workspace;

/// What is the same for all resources of a unit.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The files, for paths in `resource.file`.
    pub workspace: &'a dyn Workspace,
    /// The day that ages are counted against, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// The attributes of the `repository` resource, bound to `repo`.
    pub repository: Option<&'a Value>,
    /// The environment, where several are configured.
    pub environment: Option<&'a SmolStr>,
    /// Of the instances, by place, those that are evaluated; all, if nothing is said.
    pub evaluates: Option<&'a [bool]>,
}

impl Context<'_> {
    /// Whether the instance at that place is evaluated.
    pub(crate) fn evaluates(&self, instance: usize) -> bool {
        self.evaluates.is_none_or(|wanted| wanted.get(instance) == Some(&true))
    }
}

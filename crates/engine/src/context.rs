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
}

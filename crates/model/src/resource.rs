//! Configured things.

use crate::{SmolStr, Value};
use proofmark_source::Span;
use std::fmt;

/// The stable name of a resource within its unit, as its own tool prints it:
/// `module.db["a"].aws_db_instance.main[0]`, `Deployment.default.web`, `workflow.ci/job.build`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(pub SmolStr);

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a resource is, as rules name it: `aws_db_instance`, `Deployment`, `github_workflow`, `tsconfig`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(pub SmolStr);

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A configured thing.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its name within the unit.
    pub address: Address,
    /// What it is.
    pub kind: Kind,
    /// The whole block, document or element. Findings lie inside it.
    pub span: Span,
    /// The part that names it, for findings about something that is missing.
    pub header: Span,
    /// Its values: always a map.
    pub attributes: Value,
    /// The pod specification, for every kind of Kubernetes workload (see [`pod_view`](crate::pod_view)).
    pub pod: Option<Value>,
    /// The calls that brought it about, innermost first: module calls, loops over them.
    pub calls: Vec<Span>,
    /// Comments inside the resource and directly above it, for inline waivers.
    pub comments: Vec<Comment>,
    /// Whether `"true"` and `true`, `"30"` and `30` are the same in the source format, as they are in Terraform.
    pub is_lenient: bool,
}

/// A comment, without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text behind `#` or `//`, or between `/*` and `*/`, trimmed.
    pub text: SmolStr,
    /// The comment with its marks.
    pub span: Span,
}

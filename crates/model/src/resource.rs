//! Configured things.

use crate::{SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::fmt;
use std::sync::Arc;

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
    /// The whole block, document or element. Findings lie inside it, or in one of its parts.
    pub span: Span,
    /// Where else something of it is written: patches of an overlay, fields of a kustomization.
    pub parts: Vec<Span>,
    /// The part that names it, for findings about something that is missing.
    pub header: Span,
    /// Its values: always a map.
    pub attributes: Value,
    /// The pod specification, for every kind of Kubernetes workload (see [`pod_view`](crate::pod_view)).
    pub pod: Option<Value>,
    /// The calls that brought it about, innermost first: module calls, loops over them.
    pub calls: Vec<Span>,
    /// What decides whether it stands at all, and is not known. Empty where it surely stands.
    pub conditions: Vec<Condition>,
    /// Why what it stands for is in none of the files: the folder of a module that was not read, the thing that a data
    /// source looks up. What is written in it is still its attributes.
    pub elsewhere: Option<Arc<Unknown>>,
    /// Comments inside the resource and directly above it, for inline waivers.
    pub comments: Vec<Comment>,
    /// Whether `"true"` and `true`, `"30"` and `30` are the same in the source format, as they are in Terraform.
    pub is_lenient: bool,
}

impl Resource {
    /// A resource that surely stands, brought about by nothing else; the header of its attributes is its own.
    #[must_use]
    pub fn new(address: Address, kind: Kind, span: Span, attributes: Value) -> Self {
        Self {
            address,
            kind,
            span,
            parts: Vec::new(),
            header: attributes.as_map().and_then(|map| map.header).unwrap_or(span),
            attributes,
            pod: None,
            calls: Vec::new(),
            conditions: Vec::new(),
            elsewhere: None,
            comments: Vec::new(),
            is_lenient: false,
        }
    }

    /// Whether a place lies in what is written of it.
    #[must_use]
    pub fn holds(&self, place: Span) -> bool {
        self.span.contains(place) || self.parts.iter().any(|part| part.contains(place))
    }
}

/// A value that nobody knows and that decides whether a resource stands: its own `count` or `for_each`, or that of a call
/// around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Where it is evaluated: what stands before the addresses there (`module.db.`), or nothing.
    pub scope: SmolStr,
    /// As it is written. In one scope, what is written alike has one value.
    pub text: SmolStr,
    /// Why its value is not known.
    pub unknown: Arc<Unknown>,
}

/// A comment, without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text behind `#` or `//`, or between `/*` and `*/`, trimmed.
    pub text: SmolStr,
    /// The comment with its marks.
    pub span: Span,
}

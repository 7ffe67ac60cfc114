//! Where a value was written and how it travelled.

use crate::Reference;
use proofmark_source::Span;
use smol_str::SmolStr;
use std::fmt;
use std::sync::Arc;

/// Where a value stands, and the steps that brought it there.
///
/// For `storage_encrypted = var.encrypted` the span is that of `var.encrypted` in the resource, and the trail leads from
/// there back to the line of the variable file that set it.
#[derive(Clone, PartialEq)]
pub struct Origin {
    /// The expression or node that stands where the value is used.
    pub span: Span,
    /// The nearest earlier place, if the value came from elsewhere.
    pub trail: Option<Arc<Step>>,
}

/// One place on a value's way, nearest to its use first.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What happened there.
    pub kind: StepKind,
    /// Where it stands.
    pub span: Span,
    /// The place before it, further from the use.
    pub before: Option<Arc<Step>>,
}

/// What a step on a value's way was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepKind {
    /// The value of a variable: its default, or the line of a variable file; the name without `var.`.
    Variable(SmolStr),
    /// A named local value.
    Local(SmolStr),
    /// The argument of a module call that set a variable.
    ModuleArgument(SmolStr),
    /// An output of a module.
    Output(SmolStr),
    /// An attribute of another resource.
    Resource(Reference),
    /// An anchor, merge key, `extends` or other inclusion that supplied the value; what it is called.
    Included(SmolStr),
    /// What an overlay put its own value in the place of; the file that said it.
    Overridden(SmolStr),
    /// An entry of a values file that a template read.
    Supplied,
    /// The default of a provider or tool, quoted from its documentation; what it is called.
    Default(SmolStr),
    /// An operand of a computed value (a template, a function call), so that references through it stay known.
    Operand,
}

impl Origin {
    /// A value that stands where it was written.
    #[must_use]
    pub fn at(span: Span) -> Self {
        Self { span, trail: None }
    }

    /// This origin seen from a new place of use: `span` becomes the place, the old place the nearest step.
    #[must_use]
    pub fn used_at(&self, span: Span, kind: StepKind) -> Self {
        let step = Step { kind, span: self.span, before: self.trail.as_ref().map(Arc::clone) };
        Self { span, trail: Some(Arc::new(step)) }
    }

    /// The steps from the nearest to the furthest.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        std::iter::successors(self.trail.as_deref(), |step| step.before.as_deref())
    }

    /// The resources that the value came from, nearest first.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.steps().filter_map(|step| match &step.kind {
            StepKind::Resource(reference) => Some(reference),
            _ => None,
        })
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.span)?;
        for step in self.steps() {
            write!(formatter, " <- {:?} {:?}", step.kind, step.span)?;
        }
        Ok(())
    }
}

impl fmt::Display for StepKind {
    /// The step in words for people, such as `variable "encrypted"`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(formatter, "variable `{name}`"),
            Self::Local(name) => write!(formatter, "local value `{name}`"),
            Self::ModuleArgument(name) => write!(formatter, "module argument `{name}`"),
            Self::Output(name) => write!(formatter, "output `{name}`"),
            Self::Resource(reference) => write!(formatter, "`{reference}`"),
            Self::Included(name) => write!(formatter, "included from `{name}`"),
            Self::Overridden(name) => write!(formatter, "instead of what `{name}` says"),
            Self::Supplied => formatter.write_str("a value"),
            Self::Default(name) => write!(formatter, "default of {name}"),
            Self::Operand => formatter.write_str("computed from"),
        }
    }
}

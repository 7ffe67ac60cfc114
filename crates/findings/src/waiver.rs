//! Accepted failures.

use proofmark_source::Span;
use smol_str::SmolStr;

/// An accepted failure with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule, by id or alias.
    pub rule: SmolStr,
    /// What it covers: an address, a path pattern, or everything where the waiver stands inline.
    pub target: Target,
    /// Why the failure is accepted.
    pub reason: String,
    /// Who accepted it.
    pub approver: Option<String>,
    /// When, `YYYY-MM-DD`.
    pub approved: Option<SmolStr>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub expires: Option<SmolStr>,
    /// Where it is written.
    pub source: WaiverSource,
    /// What became of it in this scan.
    pub state: WaiverState,
}

/// What a waiver covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Resources with an address that matches this pattern.
    Address(SmolStr),
    /// Files with a path that matches this pattern.
    Path(SmolStr),
    /// What stands in these bytes: the block below or around a comment.
    Span(Span),
}

/// Where a waiver is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiverSource {
    /// The configuration file.
    Configuration,
    /// A comment of ours.
    Inline(Span),
    /// A comment of another tool, by name.
    Foreign(&'static str, Span),
}

/// What became of a waiver in a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaiverState {
    /// It covered at least one failure.
    Used,
    /// It covered none.
    Unused,
    /// It is over.
    Expired,
}

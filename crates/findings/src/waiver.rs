//! Accepted failures.

use proofmark_source::Span;
use smol_str::SmolStr;

/// An accepted failure with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule, by id or alias; `*` for every rule.
    pub rule: SmolStr,
    /// What it covers: an address, a path pattern, or everything where the waiver stands inline.
    pub target: Target,
    /// Why the failure is accepted.
    pub reason: String,
    /// What protects instead: for a HIPAA specification that is addressable, the record must say so.
    pub alternative: Option<String>,
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
    /// Resources with an address that matches this pattern: `*` stands for any characters, also dots and brackets;
    /// everything else for itself.
    Address(SmolStr),
    /// Files with a path (relative to the root) that matches this pattern: `*` within a folder, `**` through folders. A
    /// folder covers everything below it.
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
    /// It covered none, although its rule was evaluated on what it names or could have been.
    Unused,
    /// It is over.
    Expired,
    /// The scan cannot say whether it is still needed: its rule was not evaluated, its files were not part of the scan, or
    /// the verdict is unknown.
    Idle,
}

//! Verdicts and what stands behind them: evaluations, observations, waivers, baselines, and the ledger of files.
//!
//! An [`Evaluation`] is the meeting of one rule (with one set of parameters) and one resource or element. A failed one is a
//! finding; the others are evidence too. [`ScanResult`] is everything a report needs; a report never re-reads or
//! re-evaluates.
//!
//! What comes out of the engine becomes a result in this order: [`merge_environments`], [`assign_fingerprints`],
//! [`apply_waivers`] (with what [`read_inline_waivers`] found in each resource), [`Baseline::mark`]. Then
//! [`summarize_controls`] says what it means for a framework, and [`Ledger`] what was looked at.
//!
//! Deliberately absent: how verdicts come about (`engine`), and how they are shown (`report`).
//!
//! Start at [`Evaluation`], then [`ScanResult`].

mod evaluation;
mod merge;
mod fingerprint;
mod waiver;
mod inline;
mod apply;
mod baseline;
mod date;
mod attestation;
mod result;
mod ledger;
mod control;
mod secret;

#[cfg(test)]
mod testing;

pub use apply::{
    AppliedWaivers, WAIVER_EXPIRED, WAIVER_UNKNOWN_RULE, WAIVER_UNUSED, WAIVER_WITHOUT_ALTERNATIVE,
    WaiverContext, WaiverError, apply_waivers, check_waiver,
};
pub use attestation::{AttestationRecord, AttestationState, assess_attestations};
pub use baseline::{BASELINE_INVALID, BASELINE_VERSION, Baseline, BaselineCounts, BaselineFinding};
pub use control::{
    ControlRule, ControlStatus, ControlSummary, VerdictCounts, describe_attestation, needs_alternative,
    summarize_controls,
};
pub use date::{age_days, is_date};
pub use evaluation::{Change, Evaluation, Extent, Observation, Related, Subject, Verdict};
pub use fingerprint::{FingerprintParts, assign_fingerprints, fingerprint, sha256_hex};
pub use inline::{InlineWaivers, WAIVER_INVALID, read_inline_waivers};
pub use ledger::{Ledger, check_ledger};
pub use merge::{merge_environments, sort_evaluations};
pub use result::{EnvironmentRecord, FileRecord, FileState, Repository, ScanResult, UnitRecord};
pub use secret::{Masked, SENSITIVE, entry_name, is_secret_argument, is_secret_entry, looks_secret, masked};
pub use waiver::{Target, Waiver, WaiverSource, WaiverState};

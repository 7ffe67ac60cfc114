//! Verdicts and what stands behind them: evaluations, observations, waivers, baselines, and the ledger of files.
//!
//! An [`Evaluation`] is the meeting of one rule (with one set of parameters) and one resource or element. A failed one is a
//! finding; the others are evidence too. [`ScanResult`] is everything a report needs; a report never re-reads or
//! re-evaluates.
//!
//! Deliberately absent: how verdicts come about (`engine`), and how they are shown (`report`).
//!
//! Start at [`Evaluation`], then [`ScanResult`].

mod evaluation;
mod waiver;
mod result;

pub use evaluation::{Evaluation, Observation, Related, Subject, Verdict};
pub use result::{FileRecord, FileState, Repository, ScanResult, UnitRecord};
pub use waiver::{Target, Waiver, WaiverSource, WaiverState};

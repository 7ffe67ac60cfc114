//! Reports: the same facts for code scanning, for other tools, for people, and for auditors.
//!
//! Every report is a function from a [`ScanResult`](proofmark_findings::ScanResult) and the files it speaks about to text. Nothing is read or judged again,
//! and the same result gives the same bytes. Values that must not be shown print as `(sensitive)` everywhere.
//!
//! The cast: [`render_json`] is the contract with other tools, [`render_sarif`] that with code scanning; [`Summary`] holds
//! the numbers that every report ends with; `place` turns spans into lines, and `shown` values into words.
//!
//! Deliberately absent: colors and source excerpts (`cli`), files and the clock (the doors).
//!
//! Start at [`summarize`], then [`render_json`].

mod place;
mod shown;
mod layout;
mod summary;
mod json;
mod sarif;
mod page;
mod evidence;
mod overview;
mod finding;
mod junit;
mod github;
mod gitlab;
mod csv;
mod manifest;

#[cfg(test)]
mod testing;

pub use csv::render_csv;
pub use evidence::{EvidenceOptions, render_evidence, render_evidence_html};
pub use github::render_github;
pub use gitlab::{render_gitlab_codequality, render_gitlab_sast};
pub use json::{render_json, scan_result_schema, write_json};
pub use junit::render_junit;
pub use manifest::{Manifest, ManifestEntry, ManifestError, Mismatch};
pub use overview::render_markdown;
pub use sarif::{SarifError, SarifOptions, SarifProfile, render_sarif};
pub use summary::{FrameworkCounts, Summary, WaiverCounts, summarize};

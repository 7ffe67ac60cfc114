//! Frameworks and their controls: what SOC 2, HIPAA, GDPR and engineering practice ask for, and how far files can show it.
//!
//! A [`Framework`] file lists every control, also those that no rule reaches, so that a gap is visible. Titles are in our
//! own words; the source names the official text.
//!
//! Deliberately absent: rules, verdicts, and any quotation of protected text.
//!
//! Start at [`Framework`].

mod catalog;

pub use catalog::{Attestation, Control, ControlId, Duty, Framework, FrameworkId, Reach};

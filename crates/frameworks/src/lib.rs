//! Frameworks and their controls: what SOC 2, HIPAA, GDPR and engineering practice ask for, and how far files can show it.
//!
//! A [`Framework`] file lists every control, also those that no rule reaches, so that a gap is visible. Titles are in our
//! own words; the source names the official text. [`load_framework`] reads such a file and refuses whatever it does not
//! know, with the place and what would be right.
//!
//! Deliberately absent: rules, verdicts, and any quotation of protected text.
//!
//! Start at [`Framework`].

mod catalog;
mod load;
mod strict;

#[cfg(test)]
mod tests;

pub use catalog::{Attestation, Control, ControlId, Duty, Framework, FrameworkId, Reach};
pub use load::{FRAMEWORK_KEY, FRAMEWORK_SYNTAX, load_framework};

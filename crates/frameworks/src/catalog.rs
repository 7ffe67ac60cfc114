//! The types of a framework file.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;

/// A framework's short name: `soc2`, `hipaa`, `gdpr`, `engineering`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FrameworkId(pub SmolStr);

/// A control, with its framework: `soc2/CC6.1`, `hipaa/164.312(a)(1)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ControlId(pub SmolStr);

/// One catalog of controls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Framework {
    /// Its short name, equal to the file's name.
    pub id: FrameworkId,
    /// Its full name.
    pub title: SmolStr,
    /// The edition the controls follow, such as `TSC 2017 with the 2022 points of focus`.
    pub edition: SmolStr,
    /// Where the official text is to be had.
    pub source: SmolStr,
    /// Every control, in the order of the official text.
    pub controls: Vec<Control>,
}

/// One numbered requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Its id with the framework.
    pub id: ControlId,
    /// What it asks for, in our own words.
    pub title: SmolStr,
    /// The part of the framework that it stands in, for headings.
    pub group: SmolStr,
    /// Whether it must be met as written (HIPAA's distinction; `None` elsewhere).
    pub duty: Option<Duty>,
    /// How far files can show it.
    pub reach: Reach,
    /// What files cannot show about it, in a sentence an auditor understands; empty where they show all.
    pub beyond_files: SmolStr,
    /// The record in the repository that shows what configuration cannot.
    pub attestation: Option<Attestation>,
    /// Where the official text of this control is to be had, where that is more than the framework's own address.
    pub source: Option<SmolStr>,
}

/// Whether a specification is mandatory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// It must be implemented.
    Required,
    /// It must be implemented where reasonable; otherwise the reason and an equivalent alternative are recorded.
    Addressable,
}

/// How far the files of a repository can show a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Files decide it.
    Full,
    /// Files show a part; the rest needs other evidence.
    Partial,
    /// No file shows it.
    None,
}

/// A document in the repository that stands for what no configuration shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attestation {
    /// Path patterns, of which one file must exist.
    pub paths: Vec<SmolStr>,
    /// Front matter keys that it must have.
    pub required: Vec<SmolStr>,
    /// The greatest age of its review, in days.
    pub max_age_days: Option<u32>,
}

impl ControlId {
    /// The framework's part of the id.
    #[must_use]
    pub fn framework(&self) -> &str {
        self.0.split_once('/').map_or("", |(framework, _)| framework)
    }

    /// The control's part of the id.
    #[must_use]
    pub fn number(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, number)| number)
    }
}

impl fmt::Display for ControlId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for FrameworkId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

//! All that decides a scan, besides the files.

use crate::Configuration;
use proofmark_findings::{Baseline, Repository};
use proofmark_model::SmolStr;
use proofmark_rules::{Rule, RuleSet};
use proofmark_source::{Diagnostic, FileId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that decides a scan, besides the files.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is known: rules, packs, frameworks.
    pub rule_set: Arc<RuleSet>,
    /// What the organization sets.
    pub configuration: Configuration,
    /// The packs asked for; if none are, those of the configuration, else the default ones.
    pub packs: Vec<SmolStr>,
    /// The rules asked for, by id or alias; if any are, only these are evaluated.
    pub rules: Vec<SmolStr>,
    /// The day that ages are counted against, `YYYY-MM-DD`.
    pub as_of: SmolStr,
    /// What Terraform root modules are given in this scan, in order of precedence, after what the configuration gives.
    pub inputs: Vec<VariableArgument>,
    /// The workspace of Terraform, in every environment.
    pub workspace: Option<SmolStr>,
    /// The environments asked for; all that are configured, if none are.
    pub environments: Vec<SmolStr>,
    /// The configuration file, where it lies in the workspace: values of variables that it gives come from there.
    pub configuration_file: Option<FileId>,
    /// What is scanned, for reports.
    pub repository: Repository,
    /// Files and folders that were left out before anybody looked at them, and by whom.
    pub excluded: Vec<(String, Arc<str>)>,
    /// Findings recorded earlier.
    pub baseline: Option<Baseline>,
    /// The day of the last change of each file by Git's history, where somebody asked Git.
    pub changed_on: Arc<BTreeMap<FileId, SmolStr>>,
}

impl Settings {
    /// A scan of everything with the default packs and no configuration, as of that day (`YYYY-MM-DD`).
    #[must_use]
    pub fn new(rule_set: Arc<RuleSet>, as_of: impl Into<SmolStr>) -> Self {
        Self {
            rule_set,
            configuration: Configuration::default(),
            packs: Vec::new(),
            rules: Vec::new(),
            as_of: as_of.into(),
            inputs: Vec::new(),
            workspace: None,
            environments: Vec::new(),
            configuration_file: None,
            repository: Repository::default(),
            excluded: Vec::new(),
            baseline: None,
            changed_on: Arc::default(),
        }
    }
}

/// Something that sets variables of Terraform root modules, as on Terraform's own command line, or values of Helm charts, as on
/// Helm's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableArgument {
    /// A variable file, relative to the root. One in the folder of a root module belongs to it alone, one in none to all.
    File(String),
    /// A values file for Helm charts, relative to the root.
    Values(String),
    /// A single variable.
    Variable {
        /// Its name.
        name: SmolStr,
        /// Its value: the text itself where the variable has no type or a primitive one, else an expression.
        text: String,
    },
}

/// What rules call the day of a file's last change. Asking Git for it reads the whole history, so it is only done for
/// rules that mention it.
const CHANGED_ON: &str = "changed_on";

/// Whether a rule asks when files were last changed, so that [`Settings::changed_on`] is worth filling.
#[must_use]
pub fn needs_change_dates(rule_set: &RuleSet) -> bool {
    let conditions = |rule: &Rule| {
        let mut conditions = rule.when.iter().chain(&rule.each).chain(&rule.require);
        conditions.any(|condition| condition.text.contains(CHANGED_ON))
    };
    rule_set.rules.iter().any(conditions)
}

/// Why nothing was scanned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// A pack or rule that nobody knows, or a parameter that a rule cannot take.
    #[error(transparent)]
    Plan(#[from] proofmark_rules::PlanError),
    /// An environment that is not configured, and that no overlay is.
    #[error("no environment `{name}` is configured, and no overlay is one")]
    UnknownEnvironment {
        /// The name.
        name: SmolStr,
        /// What it may have meant.
        nearest: Option<String>,
    },
    /// A variable that no root module declares.
    #[error("no root module declares the variable `{name}`")]
    UndeclaredVariable {
        /// The name.
        name: SmolStr,
        /// What it may have meant.
        nearest: Option<String>,
    },
    /// The configuration names what nobody knows. Spans lie in the configuration file.
    #[error("the configuration is wrong in {} place(s)", .0.len())]
    Configuration(Vec<Diagnostic>),
}

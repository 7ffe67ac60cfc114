//! Packs, and what of a rule set a scan evaluates.

mod select;
#[cfg(test)]
mod tests;

use crate::{Params, Rule, RuleId};
use proofmark_frameworks::{ControlId, Framework};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The pack that turns every rule on, previews included.
pub const ALL_PACKS: &str = "all";

/// A pack's id: `soc2`, `hipaa`, `gdpr`, `engineering`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackId(pub SmolStr);

/// A named selection of controls and parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// Its id, equal to the file's name.
    pub id: PackId,
    /// What it is for.
    pub title: SmolStr,
    /// The frameworks, or single controls, whose rules it turns on.
    pub controls: Vec<SmolStr>,
    /// Parameter values, by rule.
    pub params: BTreeMap<RuleId, Params>,
}

/// Everything Proofmark knows: rules, frameworks, packs. Sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleSet {
    /// The rules.
    pub rules: Vec<Rule>,
    /// The frameworks.
    pub frameworks: Vec<Framework>,
    /// The packs.
    pub packs: Vec<Pack>,
    /// Parameter values that frameworks ask for, by framework and rule.
    pub framework_params: BTreeMap<SmolStr, BTreeMap<RuleId, Params>>,
    /// SHA-256 over the files that it was made from, in hexadecimal.
    pub digest: String,
}

/// What the user asks to evaluate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Packs by id; `all` means every rule, previews included.
    pub packs: Vec<SmolStr>,
    /// Rules by id or alias; if any are named, only these are evaluated.
    pub rules: Vec<SmolStr>,
    /// The organization's parameter values, by rule.
    pub params: BTreeMap<RuleId, Params>,
}

/// A rule with one set of parameter values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// The rule, by its place in [`RuleSet::rules`].
    pub rule: usize,
    /// The value of every parameter.
    pub params: Params,
    /// The names in other tools that this set of values speaks for.
    pub aliases: Vec<SmolStr>,
    /// The controls that it speaks for.
    pub controls: Vec<ControlId>,
}

/// Why a selection cannot be evaluated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No such pack.
    #[error("unknown pack `{pack}`")]
    UnknownPack {
        /// What was asked for.
        pack: SmolStr,
        /// The nearest that exists.
        nearest: Option<SmolStr>,
    },
    /// No such rule or alias.
    #[error("unknown rule `{rule}`")]
    UnknownRule {
        /// What was asked for.
        rule: SmolStr,
        /// The nearest that exists.
        nearest: Option<SmolStr>,
    },
    /// The rule is no longer evaluated.
    #[error("rule `{rule}` is retired: {reason}")]
    Retired {
        /// The rule.
        rule: RuleId,
        /// Why, and what replaces it.
        reason: SmolStr,
    },
    /// A parameter that the rule does not have, or a value of another type.
    #[error("rule `{rule}` cannot take parameter `{param}`: {problem}")]
    BadParam {
        /// The rule.
        rule: RuleId,
        /// The parameter.
        param: SmolStr,
        /// What is wrong.
        problem: String,
    },
}

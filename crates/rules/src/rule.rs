//! The types of a rule file.

use crate::Condition;
use proofmark_frameworks::ControlId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;

/// A rule's id: the path of its file under `rules/` without the extension, such as `aws/rds-instance-encrypted`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub SmolStr);

impl fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The harm if the requirement is not met, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// How sure a finding of the rule is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Confidence {
    Low,
    Medium,
    #[default]
    High,
}

/// How far a rule has proved itself.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Not yet run on real projects; off unless asked for.
    Preview,
    /// On by default.
    #[default]
    Stable,
    /// No longer evaluated; the file stays for its id and the reason.
    Retired,
}

/// One testable statement about a kind of resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// The requirement, stated positively.
    pub title: SmolStr,
    /// The harm if it is not met.
    pub severity: Severity,
    /// How sure a finding is.
    pub confidence: Confidence,
    /// How far it has proved itself.
    pub stage: Stage,
    /// Raised when a verdict changes on existing input; from 1.
    pub version: u32,
    /// The resource kinds it speaks about. `workload` stands for every kind that has a pod specification.
    pub resources: Vec<SmolStr>,
    /// Where it applies; false makes the verdict `not-applicable`.
    pub when: Option<Condition>,
    /// The list whose elements are judged one by one, bound to `it`.
    pub each: Option<Condition>,
    /// What must hold: all of them.
    pub require: Vec<Condition>,
    /// Its parameters, by name.
    pub params: BTreeMap<SmolStr, Param>,
    /// The controls it gives evidence for.
    pub controls: Vec<ControlId>,
    /// The same requirement in other tools and catalogs.
    pub aliases: Vec<Alias>,
    /// Why it matters.
    pub why: SmolStr,
    /// What to do about a failure.
    pub fix: SmolStr,
    /// A mechanical change that makes it pass.
    pub edit: Option<EditTemplate>,
    /// The documentation that it rests on.
    pub sources: Vec<SmolStr>,
    /// Why a retired rule was retired.
    pub retired: Option<SmolStr>,
}

/// A value that users may set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// The value where nobody sets one.
    pub default: ParamValue,
    /// Its type.
    pub kind: ParamType,
    /// Its unit, where it has one: `days`.
    pub unit: Option<SmolStr>,
    /// Why the default is what it is.
    pub why: Option<SmolStr>,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ParamType {
    Integer,
    Number,
    Boolean,
    String,
    List,
    Map,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ParamValue {
    Boolean(bool),
    Integer(i64),
    Number(f64),
    #[schemars(with = "String")]
    String(SmolStr),
    List(Vec<ParamValue>),
    Map(BTreeMap<String, ParamValue>),
}

/// Values of parameters, by name.
pub type Params = BTreeMap<SmolStr, ParamValue>;

/// A name that the rule has elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    /// `CKV_AWS_16`, `AVD-AWS-0080`, `KSV012`, `zizmor/unpinned-uses`, `seed/TF-RDS-002`.
    pub id: SmolStr,
    /// Where the other tool asks for something else: the values with which the rule means the same. Empty otherwise.
    pub params: Params,
}

/// A mechanical change: attributes to set, or an expression to take out of a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditTemplate {
    /// Attributes of the judged resource or element to set, by path, and the expression that gives the value.
    pub set: BTreeMap<SmolStr, Condition>,
    /// The entry before which new ones are written, where readers expect them there; else they come last.
    pub before: Option<SmolStr>,
    /// The map beside the script (`env`) that takes the judged expression; the script then reads the variable.
    pub extract: Option<SmolStr>,
}

//! What an organization sets for all its scans: `proofmark.yaml`.

mod fields;
mod parse;
mod resolve;
mod schema;

pub use parse::parse_configuration;
pub(crate) use resolve::{ResolvedRules, resolve_rules};
pub use resolve::{find_rule, nearest_rule};
pub use schema::configuration_schema;

use proofmark_findings::{Target, Waiver};
use proofmark_model::SmolStr;
use proofmark_rules::{Params, RuleId, Severity};
use proofmark_source::{Code, Span, join_path};
use std::collections::BTreeMap;

/// The name that a configuration file has unless somebody says otherwise.
pub const CONFIGURATION_FILE: &str = "proofmark.yaml";

/// The packs of a scan that names none.
pub const DEFAULT_PACKS: [&str; 4] = ["soc2", "hipaa", "gdpr", "engineering"];

/// A configuration file that is not valid YAML, or says what no configuration can say.
pub const CONFIGURATION: Code = Code("configuration");

/// What a configuration file says. Paths and patterns are as written: relative to the folder of the file.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The packs; `None` where the file leaves it to the defaults.
    pub packs: Option<Vec<Named>>,
    /// Rules that are evaluated in addition to those of the packs.
    pub enable: Vec<Named>,
    /// Rules that are not evaluated.
    pub disable: Vec<Named>,
    /// Values of parameters, by rule.
    pub params: Vec<RuleParams>,
    /// If not empty, only files that match are seen.
    pub include: Vec<String>,
    /// Files and folders that are left out.
    pub exclude: Vec<String>,
    /// The least severity that makes a scan fail.
    pub fail_on: Option<Severity>,
    /// Whether an unknown verdict makes a scan fail.
    pub fail_on_unknown: Option<bool>,
    /// Accepted failures.
    pub waivers: Vec<Waiver>,
    /// Where the rules of `waivers` stand, in the same order.
    pub waiver_rules: Vec<Named>,
    /// The environments, in order of place.
    pub environments: Vec<Environment>,
    /// Variable files for Terraform root modules where no environment is configured.
    pub variable_files: Vec<String>,
    /// The folder of the organization's own rules.
    pub rules: Option<String>,
}

impl Configuration {
    /// The same with every path and pattern as it is seen from the root of the workspace, where the file lies in `folder`
    /// (relative to the root).
    #[must_use]
    pub fn seen_from(mut self, folder: &str) -> Self {
        if folder.is_empty() {
            return self;
        }
        let seen = |path: &mut String| *path = join_path(folder, path).unwrap_or_else(|| path.to_owned());
        self.variable_files.iter_mut().for_each(seen);
        self.rules.iter_mut().for_each(seen);
        for environment in &mut self.environments {
            environment.variable_files.iter_mut().for_each(seen);
        }
        for pattern in self.include.iter_mut().chain(&mut self.exclude) {
            // A pattern without `/` matches in every folder, here in every one below the file.
            let is_anchored = pattern.trim_end_matches('/').contains('/');
            let inner = pattern.trim_start_matches("./").trim_start_matches('/');
            *pattern = if is_anchored { format!("{folder}/{inner}") } else { format!("{folder}/**/{inner}") };
        }
        for waiver in &mut self.waivers {
            if let Target::Path(path) = &mut waiver.target {
                *path = format!("{folder}/{path}").into();
            }
        }
        self
    }
}

/// A name with the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: SmolStr,
    /// Where it stands in the configuration file.
    pub span: Span,
}

/// Values of parameters of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleParams {
    /// The rule, by id or alias.
    pub rule: Named,
    /// The values.
    pub values: Params,
}

/// One of several ways in which the same files are deployed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Environment {
    /// Its name in reports.
    pub name: SmolStr,
    /// Variable files for Terraform root modules, in order of precedence.
    pub variable_files: Vec<String>,
    /// Single variables for Terraform root modules.
    pub variables: BTreeMap<String, String>,
    /// Values of parameters that differ from those for all environments.
    pub params: Vec<RuleParams>,
}

/// Values of parameters by the id of the rule.
pub type ParamsByRule = BTreeMap<RuleId, Params>;

#[cfg(test)]
mod tests;

//! What an organization sets for all its scans: `proofmark.yaml`.

mod fields;
mod environments;
mod parse;
mod resolve;
mod schema;

pub use parse::parse_configuration;
pub(crate) use resolve::{ResolvedRules, resolve_rules};
pub use resolve::{find_rule, nearest_rule};
pub use schema::configuration_schema;

use proofmark_findings::{Target, Waiver};
use proofmark_model::SmolStr;
use proofmark_rules::{ParamValue, Params, RuleId, Severity};
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
    /// What Terraform root modules are given in every environment, and where none is configured.
    pub inputs: Inputs,
    /// The environments, in order of place.
    pub environments: Vec<Environment>,
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
        if let Some(rules) = &mut self.rules {
            *rules = seen_path(folder, rules);
        }
        self.inputs.seen_from(folder);
        for environment in &mut self.environments {
            environment.inputs.seen_from(folder);
            for path in environment.paths.iter_mut().flatten() {
                path.name = seen_pattern(folder, &path.name).into();
            }
        }
        for pattern in self.include.iter_mut().chain(&mut self.exclude) {
            *pattern = seen_pattern(folder, pattern);
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
    /// The part of the repository that it is about, as patterns of paths; `None` for all of it.
    pub paths: Option<Vec<Named>>,
    /// What Terraform root modules are given in it.
    pub inputs: Inputs,
    /// Values of parameters that differ from those for all environments.
    pub params: Vec<RuleParams>,
}

/// What Terraform root modules are given from outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Variable files, by path or pattern, in order of precedence. One that lies in the folder of a root module belongs to
    /// it alone, and one that lies in none to all of them.
    pub variable_files: Vec<Named>,
    /// Single variables, which override those of files.
    pub variables: Vec<Variable>,
    /// The workspace.
    pub workspace: Option<SmolStr>,
    /// Values files for Helm charts, by path or pattern, in order of precedence. One that lies in the folder of a chart
    /// belongs to it alone, and one that lies in none to all of them.
    pub values_files: Vec<Named>,
}

/// A variable and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: Named,
    /// Its value, as a variable file would have it.
    pub value: ParamValue,
}

impl Inputs {
    fn seen_from(&mut self, folder: &str) {
        for file in &mut self.variable_files {
            file.name = match is_pattern(&file.name) {
                true => seen_pattern(folder, &file.name).into(),
                false => seen_path(folder, &file.name).into(),
            };
        }
    }
}

/// Whether a path stands for all that it matches.
pub(crate) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

fn seen_path(folder: &str, path: &str) -> String {
    join_path(folder, path).unwrap_or_else(|| path.to_owned())
}

/// A pattern without `/` matches in every folder, here in every one below `folder`.
fn seen_pattern(folder: &str, pattern: &str) -> String {
    let is_anchored = pattern.trim_end_matches('/').contains('/');
    let inner = pattern.trim_start_matches("./").trim_start_matches('/');
    match (inner, is_anchored) {
        ("." | "", _) => folder.to_owned(),
        (_, true) => format!("{folder}/{inner}"),
        (_, false) => format!("{folder}/**/{inner}"),
    }
}

/// Values of parameters by the id of the rule.
pub type ParamsByRule = BTreeMap<RuleId, Params>;

#[cfg(test)]
mod tests;

//! The last look before a log is given out.

use super::SarifProfile;
use super::log::{Location, Log, Rule, Run, SarifResult};

/// GitHub refuses a file with more results in a run.
pub const MAX_RESULTS: usize = 25_000;
/// GitHub refuses a file with more rules in a run.
const MAX_RULES: usize = 25_000;
/// GitHub refuses a file with more tags on a rule.
const MAX_TAGS: usize = 20;
/// GitHub refuses a file with more locations in a result.
const MAX_LOCATIONS: usize = 1_000;
/// GitHub refuses a file with more steps in the code flow of a result.
const MAX_FLOW_LOCATIONS: usize = 10_000;
/// GitHub takes no longer names of rules.
const MAX_NAME_CHARS: usize = 255;
/// GitHub takes no longer descriptions.
const MAX_DESCRIPTION_CHARS: usize = 1_024;

/// Why a log is not given out: a bug of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SarifError {
    /// A limit of code scanning.
    #[error("the SARIF report has {count} {what}, more than the {limit} that code scanning takes")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Something that viewers cannot read.
    #[error("the SARIF report has {what} in `{at}`")]
    Malformed {
        /// What is wrong.
        what: &'static str,
        /// The rule that it is about.
        at: String,
    },
}

/// Checks what GitHub and other viewers insist on beyond the schema.
pub fn check(log: &Log<'_>, profile: SarifProfile) -> Result<(), SarifError> {
    for run in &log.runs {
        if profile == SarifProfile::Github {
            at_most("results", run.results.len(), MAX_RESULTS)?;
        }
        at_most("rules", run.tool.driver.rules.len(), MAX_RULES)?;
        for rule in &run.tool.driver.rules {
            check_rule(rule)?;
        }
        for result in &run.results {
            check_result(run, result)?;
        }
    }
    Ok(())
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Result<(), SarifError> {
    if count <= limit { Ok(()) } else { Err(SarifError::TooMany { what, count, limit }) }
}

fn holds(is_true: bool, what: &'static str, at: &str) -> Result<(), SarifError> {
    if is_true { Ok(()) } else { Err(SarifError::Malformed { what, at: at.to_owned() }) }
}

fn check_rule(rule: &Rule<'_>) -> Result<(), SarifError> {
    at_most("tags", rule.properties.tags.len(), MAX_TAGS)?;
    at_most("characters in a name", rule.name.chars().count(), MAX_NAME_CHARS)?;
    for text in [&rule.short_description.text, &rule.full_description.text] {
        at_most("characters in a description", text.chars().count(), MAX_DESCRIPTION_CHARS)?;
        holds(!text.trim().is_empty(), "an empty description", &rule.id)?;
    }
    holds(!rule.id.is_empty(), "a rule without an id", &rule.id)
}

fn check_result(run: &Run<'_>, result: &SarifResult<'_>) -> Result<(), SarifError> {
    let rule = run.tool.driver.rules.get(result.rule_index);
    holds(
        rule.is_some_and(|rule| rule.id == result.rule_id),
        "a result that names another rule",
        &result.rule_id,
    )?;
    holds(!result.message.text.trim().is_empty(), "an empty message", &result.rule_id)?;
    holds(!result.locations.is_empty(), "a result without a place", &result.rule_id)?;
    let locations = result.locations.len() + result.related_locations.len();
    at_most("locations in a result", locations, MAX_LOCATIONS)?;
    let steps = result.code_flows.iter().flat_map(|flow| &flow.thread_flows).map(|flow| flow.locations.len());
    at_most("steps in a code flow", steps.sum(), MAX_FLOW_LOCATIONS)?;
    for location in result.locations.iter().chain(&result.related_locations) {
        check_location(location, &result.rule_id)?;
    }
    Ok(())
}

fn check_location(location: &Location<'_>, rule: &str) -> Result<(), SarifError> {
    let uri = &location.physical_location.artifact_location.uri;
    let is_relative = !uri.is_empty() && !uri.starts_with(['/', '\\']) && !uri.starts_with("./");
    holds(is_relative && !uri.contains(':'), "a path that is not relative to the repository", rule)?;
    let Some(region) = location.physical_location.region else { return Ok(()) };
    let start = (region.start_line, region.start_column);
    let end = (region.end_line, region.end_column);
    holds(
        start.0 > 0 && start.1 > 0 && end.1 > 0 && start <= end,
        "a region that ends before it begins",
        rule,
    )
}

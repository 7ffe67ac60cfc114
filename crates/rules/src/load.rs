//! From the files below `rules/` to rules, packs and frameworks.
//!
//! Loading is strict: what is not understood is an error with its place, and all errors of a file are told at once.

mod fields;
mod rule;
mod param;
mod condition;
mod pack;
mod set;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use rule::RULE_KEYS;
pub use set::hexadecimal;
pub use set::{load_rule_set, load_rules_beside};

use crate::{Rule, RuleId};
use proofmark_source::{Code, Diagnostic, FileId};

/// The text is no YAML mapping.
pub const RULE_SYNTAX: Code = Code("rule-syntax");
/// A key is missing, unknown, or its value has the wrong form.
pub const RULE_KEY: Code = Code("rule-key");
/// A condition is wrong.
pub const RULE_CONDITION: Code = Code("rule-condition");
/// Something that is named does not exist, or exists twice.
pub const RULE_REFERENCE: Code = Code("rule-reference");

/// Reads one rule file. Whether its controls exist is for [`load_rule_set`] to say, which knows the frameworks.
///
/// # Errors
/// Everything that is wrong with the file, in order of place.
pub fn load_rule(id: RuleId, file: FileId, text: &str) -> Result<Rule, Vec<Diagnostic>> {
    rule::load(id, file, text).map(|loaded| loaded.rule)
}

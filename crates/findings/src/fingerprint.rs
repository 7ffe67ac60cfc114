//! The identity of an evaluation across edits and moves within a file.

use crate::Evaluation;
use proofmark_model::Address;
use proofmark_rules::{Instance, ParamValue, Params, RuleId, RuleSet, hexadecimal};
use proofmark_source::Workspace;
use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use std::collections::HashMap;
use std::fmt::Write as _;

/// What a fingerprint is made of: never lines, never environments.
#[derive(Clone, Copy, Debug)]
pub struct FingerprintParts<'a> {
    /// The rule.
    pub rule: &'a RuleId,
    /// The values of its parameters.
    pub params: &'a Params,
    /// The resource.
    pub address: &'a Address,
    /// The element's key, where the rule goes through a list.
    pub element: Option<&'a str>,
    /// The file, relative to the root of the workspace.
    pub path: &'a str,
    /// The number among those that are equal in all of this, from 1.
    pub number: usize,
}

/// SHA-256 over the parts, in hexadecimal (64 characters).
#[must_use]
pub fn fingerprint(parts: &FingerprintParts<'_>) -> String {
    finish(begin(parts.rule, parts.params), parts)
}

/// The digest of what all evaluations of a rule with its parameters have in common.
fn begin(rule: &RuleId, params: &Params) -> Sha256 {
    let mut digest = Sha256::new();
    add(&mut digest, "proofmark/v1");
    add(&mut digest, &rule.0);
    let mut spelled = String::new();
    for (name, value) in params {
        spelled.push_str(name);
        spelled.push('=');
        write_param(&mut spelled, value);
        spelled.push(';');
    }
    add(&mut digest, &spelled);
    digest
}

/// The digest with the parts of one evaluation.
fn finish(mut digest: Sha256, parts: &FingerprintParts<'_>) -> String {
    add(&mut digest, &parts.address.0);
    add(&mut digest, if parts.element.is_some() { "element" } else { "" });
    add(&mut digest, parts.element.unwrap_or(""));
    add(&mut digest, parts.path);
    add(&mut digest, &parts.number.to_string());
    hexadecimal(&digest.finalize())
}

fn add(digest: &mut Sha256, text: &str) {
    // The length keeps `ab` + `c` apart from `a` + `bc`.
    digest.update((text.len() as u64).to_le_bytes());
    digest.update(text.as_bytes());
}

/// Gives every evaluation its fingerprint. Call it on sorted evaluations, so that equal ones are numbered by place.
///
/// Evaluations that are equal in all parts and hold in different environments are one finding and share a fingerprint;
/// within an environment they are numbered.
pub fn assign_fingerprints(
    evaluations: &mut [Evaluation],
    instances: &[Instance],
    rule_set: &RuleSet,
    workspace: &dyn Workspace,
) {
    let mut begun: HashMap<usize, Sha256> = HashMap::new();
    let mut seen: HashMap<(String, SmolStr), usize> = HashMap::new();
    for evaluation in evaluations {
        let Some(instance) = instances.get(evaluation.instance) else { continue };
        let Some(rule) = rule_set.rules.get(instance.rule) else { continue };
        let begun = begun.entry(evaluation.instance).or_insert_with(|| begin(&rule.id, &instance.params));
        let mut parts = FingerprintParts {
            rule: &rule.id,
            params: &instance.params,
            address: &evaluation.subject.address,
            element: evaluation.element.as_deref(),
            path: workspace.path(evaluation.span.file),
            number: 1,
        };
        let first = finish(Sha256::clone(begun), &parts);
        let environments: &[_] = &evaluation.environments;
        let nowhere = environments.is_empty().then(SmolStr::default);
        for name in environments.iter().chain(&nowhere) {
            let count = seen.entry((first.to_owned(), SmolStr::clone(name))).or_default();
            *count += 1;
            parts.number = parts.number.max(*count);
        }
        evaluation.fingerprint = if parts.number == 1 { first } else { finish(Sha256::clone(begun), &parts) };
    }
}

/// SHA-256 over bytes, in hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// A parameter's value in one fixed spelling.
fn write_param(text: &mut String, value: &ParamValue) {
    match value {
        ParamValue::Boolean(value) => drop(write!(text, "{value}")),
        ParamValue::Integer(value) => drop(write!(text, "{value}")),
        ParamValue::Number(value) => drop(write!(text, "{value}")),
        ParamValue::String(value) => drop(write!(text, "{value:?}")),
        ParamValue::List(elements) => {
            text.push('[');
            for element in elements {
                write_param(text, element);
                text.push(',');
            }
            text.push(']');
        }
        ParamValue::Map(entries) => {
            text.push('{');
            for (name, value) in entries {
                let _ = write!(text, "{name:?}:");
                write_param(text, value);
                text.push(',');
            }
            text.push('}');
        }
    }
}

#[cfg(test)]
mod tests;

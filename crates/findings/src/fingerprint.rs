//! The identity of an evaluation across edits and moves within a file.

use crate::Evaluation;
use proofmark_model::Address;
use proofmark_rules::{Instance, ParamValue, Params, RuleId, RuleSet, hexadecimal};
use proofmark_source::Workspace;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

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
    let begun: Vec<OnceLock<Sha256>> = instances.iter().map(|_| OnceLock::new()).collect();
    let print = |evaluation: &Evaluation, number: usize| {
        let instance = instances.get(evaluation.instance)?;
        let rule = &rule_set.rules.get(instance.rule)?.id;
        let begun = begun.get(evaluation.instance)?.get_or_init(|| begin(rule, &instance.params));
        let parts = FingerprintParts {
            rule,
            params: &instance.params,
            address: &evaluation.subject.address,
            element: evaluation.element.as_deref(),
            path: workspace.path(evaluation.span.file),
            number,
        };
        Some(finish(Sha256::clone(begun), &parts))
    };
    let firsts: Vec<Option<String>> = evaluations.par_iter().map(|evaluation| print(evaluation, 1)).collect();
    let mut seen: HashMap<(&str, SmolStr), usize> = HashMap::new();
    for (evaluation, first) in evaluations.iter_mut().zip(&firsts) {
        let Some(first) = first else { continue };
        let environments: &[_] = &evaluation.environments;
        let nowhere = environments.is_empty().then(SmolStr::default);
        let mut number = 1;
        for name in environments.iter().chain(&nowhere) {
            let count = seen.entry((first, SmolStr::clone(name))).or_default();
            *count += 1;
            number = number.max(*count);
        }
        let own = if number == 1 { Some(String::clone(first)) } else { print(evaluation, number) };
        evaluation.fingerprint = own.unwrap_or_default();
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

//! The identity of an evaluation across edits and moves within a file.

use crate::Evaluation;
use proofmark_model::Address;
use proofmark_rules::{Instance, ParamValue, Params, RuleId, RuleSet, hexadecimal};
use proofmark_source::Workspace;
use sha2::{Digest, Sha256};
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
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        // The length keeps `ab` + `c` apart from `a` + `bc`.
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    add("proofmark/v1");
    add(&parts.rule.0);
    let mut params = String::new();
    for (name, value) in parts.params {
        params.push_str(name);
        params.push('=');
        write_param(&mut params, value);
        params.push(';');
    }
    add(&params);
    add(&parts.address.0);
    add(if parts.element.is_some() { "element" } else { "" });
    add(parts.element.unwrap_or(""));
    add(parts.path);
    add(&parts.number.to_string());
    hexadecimal(&digest.finalize())
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
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    for evaluation in evaluations {
        let Some(instance) = instances.get(evaluation.instance) else { continue };
        let Some(rule) = rule_set.rules.get(instance.rule) else { continue };
        let mut parts = FingerprintParts {
            rule: &rule.id,
            params: &instance.params,
            address: &evaluation.subject.address,
            element: evaluation.element.as_deref(),
            path: workspace.path(evaluation.span.file),
            number: 1,
        };
        let first = fingerprint(&parts);
        let environments: &[_] = &evaluation.environments;
        let names =
            environments.iter().map(|name| name.as_str()).chain(environments.is_empty().then_some(""));
        for name in names {
            let count = seen.entry((first.to_owned(), name.to_owned())).or_default();
            *count += 1;
            parts.number = parts.number.max(*count);
        }
        evaluation.fingerprint = if parts.number == 1 { first } else { fingerprint(&parts) };
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

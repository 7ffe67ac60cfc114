//! Evaluations in order, and each only once.

use crate::{Evaluation, Extent};
use proofmark_rules::Instance;
use smol_str::SmolStr;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash as _, Hasher as _};

/// Makes one evaluation, with all names, of those that are equal in several environments, and sorts by path, place, rule
/// and element. `about` is how many environments each unit has.
#[must_use]
pub fn merge_environments(
    mut evaluations: Vec<Evaluation>,
    instances: &[Instance],
    about: &[usize],
) -> Vec<Evaluation> {
    if about.iter().all(|count| *count == 0) {
        sort_evaluations(&mut evaluations);
        return evaluations;
    }
    sort_evaluations(&mut evaluations);
    let mut merged: Vec<Evaluation> = Vec::with_capacity(evaluations.len());
    // Equal evaluations share place, rule and address, so their partner is among the last few.
    let mut group_start = 0;
    for mut evaluation in evaluations {
        let is_same_group = merged.get(group_start).is_some_and(|first| is_same_place(first, &evaluation));
        if !is_same_group {
            group_start = merged.len();
        }
        let group = merged.get_mut(group_start..).unwrap_or_default();
        match group.iter_mut().find(|earlier| is_equal(earlier, &evaluation)) {
            Some(earlier) => earlier.environments.append(&mut evaluation.environments),
            None => merged.push(evaluation),
        }
    }
    for evaluation in &mut merged {
        evaluation.environments.sort();
        evaluation.environments.dedup();
    }
    sort_evaluations(&mut merged);
    compare_environments(&mut merged, instances, about);
    merged
}

/// Says of every evaluation how its environments stand to the others of its unit.
fn compare_environments(evaluations: &mut [Evaluation], instances: &[Instance], about: &[usize]) {
    // One requirement may have other values and point at another place in another environment, so the order does not
    // bring partners together.
    let keys: Vec<u64> = evaluations.iter().map(|evaluation| verdict_key(evaluation, instances)).collect();
    let mut alike: HashMap<u64, BTreeSet<SmolStr>> = HashMap::new();
    for (evaluation, key) in evaluations.iter().zip(&keys) {
        alike.entry(*key).or_default().extend(evaluation.environments.iter().cloned());
    }
    for (evaluation, key) in evaluations.iter_mut().zip(&keys) {
        let own = evaluation.environments.len();
        let all = about.get(evaluation.subject.unit).copied().unwrap_or(0);
        let alike = alike.get(key).map_or(0, BTreeSet::len);
        evaluation.extent = match (own == all, own == alike) {
            (true, _) => Extent::Everywhere,
            (false, true) => Extent::Only,
            (false, false) => Extent::Partly,
        };
    }
}

/// What environments that come to the same verdict have in common.
fn verdict_key(evaluation: &Evaluation, instances: &[Instance]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    let rule = instances.get(evaluation.instance).map(|instance| instance.rule);
    let subject = &evaluation.subject;
    (rule, evaluation.verdict, subject.unit, &subject.address.0, &evaluation.element).hash(&mut hasher);
    hasher.finish()
}

/// Sorts by path, place, rule with its parameters, address and element: the order of every report.
///
/// File ids follow paths, and instances follow rule ids, so neither needs looking up.
pub fn sort_evaluations(evaluations: &mut [Evaluation]) {
    evaluations.sort_by(|a, b| {
        let place = |e: &Evaluation| (e.span, e.instance, e.subject.unit);
        (place(a), &a.subject.address, &a.element, a.verdict, &a.message, &a.environments).cmp(&(
            place(b),
            &b.subject.address,
            &b.element,
            b.verdict,
            &b.message,
            &b.environments,
        ))
    });
}

fn is_same_place(a: &Evaluation, b: &Evaluation) -> bool {
    (a.span, a.instance, a.subject.unit) == (b.span, b.instance, b.subject.unit)
        && a.subject.address == b.subject.address
        && a.element == b.element
}

/// Equal in all that a report shows but the environments, which must differ: two equal evaluations of the same
/// environment are two findings.
fn is_equal(a: &Evaluation, b: &Evaluation) -> bool {
    is_same_place(a, b)
        && a.verdict == b.verdict
        && a.message == b.message
        && a.observations == b.observations
        && a.related == b.related
        && !b.environments.is_empty()
        && b.environments.iter().all(|name| !a.environments.contains(name))
}

#[cfg(test)]
mod tests;

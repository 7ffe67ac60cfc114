//! The order of jobs.

use super::Scope;
use crate::gitlab::codes;
use crate::gitlab::keywords::DEFAULT_STAGE;
use crate::gitlab::pipeline::is_job;
use crate::gitlab::source::Sources;
use crate::gitlab::tree::{flat, written_at};
use proofmark_model::{Attribute, Data, Value};
use proofmark_source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// GitLab's own limit on what one job needs.
const MAX_NEEDS: usize = 50;

/// A name that a job gives for another job.
struct Named<'a> {
    name: &'a str,
    place: Span,
    /// Whether the other job may be missing.
    is_optional: bool,
}

/// Tells of jobs that need what does not exist, comes later, or needs them in turn.
pub fn check_needs(sources: &mut Sources<'_>, scope: &Scope<'_>) {
    let jobs: BTreeMap<&str, &Attribute> = scope
        .root
        .entries()
        .iter()
        .filter(|entry| is_job(entry))
        .map(|entry| (entry.name.as_str(), entry))
        .collect();
    let mut graph: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
    for (name, job) in &jobs {
        let needs = needed(job);
        if needs.len() > MAX_NEEDS {
            let message = format!("the job `{name}` needs more than {MAX_NEEDS} others");
            sources.tell(codes::NEEDS, job.name_span, message);
        }
        let conditional = job.value.at_path(&["rules"]).map(flat).unwrap_or_default();
        let conditional = conditional.into_iter().filter_map(|rule| rule.at_path(&["needs"]));
        let conditional: Vec<Named<'_>> = conditional.flat_map(names_in).collect();
        let dependencies = job.value.at_path(&["dependencies"]).map(names_in).unwrap_or_default();
        for other in needs.iter().chain(&conditional).chain(&dependencies) {
            check_order(sources, scope, &jobs, (job, other));
        }
        check_stop(sources, scope, &jobs, job);
        graph.insert(name, needs);
    }
    check_circles(sources, &graph);
}

fn needed(job: &Attribute) -> Vec<Named<'_>> {
    job.value.at_path(&["needs"]).map(names_in).unwrap_or_default()
}

/// The jobs of the same pipeline that a list names.
fn names_in(list: &Value) -> Vec<Named<'_>> {
    let named = |element: &'_ Value| -> Option<(Span, bool)> {
        let is_elsewhere = ["pipeline", "project"].iter().any(|key| element.at_path(&[key]).is_some());
        let is_optional = element.at_path(&["optional"]).is_some_and(|value| value.data == Data::Bool(true));
        (!is_elsewhere).then_some((written_at(&element.origin), is_optional))
    };
    flat(list)
        .into_iter()
        .filter_map(|element| {
            let (place, is_optional) = named(element)?;
            let value = element.at_path(&["job"]).unwrap_or(element);
            let name = value.as_str().filter(|name| !name.contains("$["))?;
            let place = if value.as_str().is_some() { written_at(&value.origin) } else { place };
            Some(Named { name, place, is_optional })
        })
        .collect()
}

/// The name without the values of a matrix behind it.
fn base_name(name: &str) -> &str {
    name.rsplit_once(": [").map_or(name, |(base, _)| base)
}

type Jobs<'a> = BTreeMap<&'a str, &'a Attribute>;

fn check_order(
    sources: &mut Sources<'_>,
    scope: &Scope<'_>,
    jobs: &Jobs<'_>,
    (job, other): (&Attribute, &Named<'_>),
) {
    let found = jobs.get(other.name).or_else(|| jobs.get(base_name(other.name)));
    let Some(found) = found else {
        if scope.is_whole && !other.is_optional {
            let known: Vec<&str> = jobs.keys().copied().collect();
            let message =
                format!("the job `{}` does not exist{}", other.name, sources.hint(other.name, known));
            sources.tell(codes::NEEDS, other.place, message);
        }
        return;
    };
    if let (Some(own), Some(others)) = (stage_index(scope, job), stage_index(scope, found))
        && others > own
    {
        let message = format!("the job `{}` runs in a later stage than `{}`", other.name, job.name);
        sources.tell(codes::NEEDS, other.place, message);
    }
}

fn stage_index(scope: &Scope<'_>, job: &Attribute) -> Option<usize> {
    let map = job.value.as_map()?;
    let stage = match map.value("stage").filter(|stage| !stage.is_null()) {
        Some(stage) => stage.as_str()?,
        None if map.unknown_rest.is_some() => return None,
        None => DEFAULT_STAGE,
    };
    scope.stages.as_ref()?.get(stage).copied()
}

/// The job that `on_stop` names stops the environment.
fn check_stop(sources: &mut Sources<'_>, scope: &Scope<'_>, jobs: &Jobs<'_>, job: &Attribute) {
    let Some(stop) = job.value.at_path(&["environment", "on_stop"]) else { return };
    let Some(name) = stop.as_str() else { return };
    let place = written_at(&stop.origin);
    match jobs.get(name) {
        None if scope.is_whole => {
            let known: Vec<&str> = jobs.keys().copied().collect();
            let message = format!("the job `{name}` does not exist{}", sources.hint(name, known));
            sources.tell(codes::NEEDS, place, message);
        }
        Some(found) if found.value.as_map().is_some_and(|map| map.unknown_rest.is_none()) => {
            let action = found.value.at_path(&["environment", "action"]).and_then(Value::as_str);
            if action != Some("stop") {
                let message = format!("the job `{name}` has no `action: stop` in its environment");
                sources.tell(codes::NEEDS, place, message);
            }
        }
        _ => {}
    }
}

/// Tells of the need that closes a circle.
fn check_circles(sources: &mut Sources<'_>, graph: &BTreeMap<&str, Vec<Named<'_>>>) {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in graph.keys() {
        // Each frame is a job with the number of its needs that were followed; the names in it are those on the way.
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((name, followed)) = way.pop() {
            let next = graph.get(name).and_then(|needs| needs.get(followed));
            let Some(next) = next.filter(|_| !done.contains(name)) else {
                done.insert(name);
                continue;
            };
            way.push((name, followed + 1));
            let target = base_name(next.name);
            if way.iter().any(|(open, _)| *open == target) {
                let message = format!("the job `{name}` needs `{target}`, which needs it in turn");
                sources.tell(codes::NEEDS, next.place, message);
            } else if !done.contains(target) {
                way.push((target, 0));
            }
        }
    }
}

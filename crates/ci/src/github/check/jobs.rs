//! Jobs and steps that GitHub refuses to run.

use super::shape::unknown_event;
use super::{ENTRY, MATRIX, Problems, REFERENCE};
use crate::context::FileContext;
use crate::expression::is_dynamic;
use crate::github::action::RETIRED_RUNTIMES;
use crate::github::matrix::{MAX_JOBS, Unexpanded, combinations};
use crate::github::triggers::events;
use crate::places::place;
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};
use std::collections::BTreeMap;

/// The runtimes of JavaScript actions that the runner has ("Metadata syntax").
const RUNTIMES: [&str; 2] = ["node20", "node24"];

/// What a job that calls a workflow may have ("Reusing workflow configurations").
const CALL_ENTRIES: [&str; 10] =
    ["name", "uses", "with", "secrets", "strategy", "needs", "if", "concurrency", "permissions", "runs-on"];

/// Checks a workflow's triggers and jobs.
pub fn check_workflow(context: &FileContext<'_>, root: &Node, problems: &mut Problems<'_>) {
    for name in ["on", "jobs"] {
        if root.get(name).is_none() {
            let header = root.entries().first().map_or(root.span, |entry| entry.key.span);
            problems.add(ENTRY, header, format!("a workflow has `{name}`, and this one does not"));
        }
    }
    let triggers = root.get("on").map(events).unwrap_or_default();
    // The entries of a map are checked with all others.
    for (name, _) in triggers.iter().filter(|(_, settings)| settings.is_none()) {
        if let Some(near) = name.as_str().and_then(unknown_event) {
            let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("GitHub has no event `{}`{help}", name.as_str().unwrap_or(""));
            problems.add(ENTRY, place(name), message);
        }
    }
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    for job in jobs {
        check_job(context, job, problems);
    }
    check_needs(jobs, problems);
}

/// Checks what an action runs.
pub fn check_action(root: &Node, problems: &mut Problems<'_>) {
    let Some(runs) = root.get("runs") else { return };
    let Some(using) = runs.get("using") else {
        return problems.add(ENTRY, place(runs), "`runs` has `using`, and this one does not".to_owned());
    };
    let wanted = match using.as_str() {
        Some("composite") => "steps",
        Some("docker") => "image",
        Some(name) if RUNTIMES.contains(&name) => "main",
        Some(name) if RETIRED_RUNTIMES.contains(&name) => {
            let message =
                format!("the runner no longer has `{name}`; actions run on `{}`", RUNTIMES.join("` or `"));
            problems.add(ENTRY, place(using), message);
            "main"
        }
        other => {
            let name = other.unwrap_or("");
            let message = format!("`{name}` is nothing that actions run on");
            return problems.add(ENTRY, place(using), message);
        }
    };
    if runs.get(wanted).is_none() {
        let name = using.as_str().unwrap_or("");
        problems.add(
            ENTRY,
            place(using),
            format!("an action that uses `{name}` has `{wanted}`, and this one does not"),
        );
    }
    check_steps(runs, problems);
    for step in runs.get("steps").map(Node::elements).unwrap_or_default() {
        if step.get("run").is_some() && step.get("shell").is_none() {
            let message = "a script of an action has a `shell`, and this one does not";
            problems.add(ENTRY, header(step), message.to_owned());
        }
    }
}

fn check_job(context: &FileContext<'_>, entry: &Entry, problems: &mut Problems<'_>) {
    let (id, job) = (entry.key.as_str().unwrap_or(""), &entry.value);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if id.is_empty() || !id.chars().all(is_name) || id.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        let message =
            format!("`{id}` is no id of a job: letters, digits, `-` and `_`, with a letter or `_` first");
        problems.add(REFERENCE, entry.key.span, message);
    }
    if job.entries().is_empty() {
        return;
    }
    match job.get("uses") {
        Some(_) => {
            let others = job.entries().iter().filter_map(|entry| Some((entry, entry.key.as_str()?)));
            for (other, name) in others.filter(|(_, name)| !CALL_ENTRIES.contains(name)) {
                let message = format!("the job `{id}` calls a workflow, which leaves no place for `{name}`");
                problems.add(ENTRY, place(&other.key), message);
            }
        }
        None => {
            for name in ["runs-on", "steps"].iter().filter(|name| job.get(name).is_none()) {
                problems.add(ENTRY, entry.key.span, format!("the job `{id}` has no `{name}`"));
            }
        }
    }
    check_steps(job, problems);
    if let Some(matrix) = job.at_path(&["strategy", "matrix"])
        && combinations(context, matrix) == Err(Unexpanded::TooMany)
    {
        let message = format!("the matrix has more combinations than the {MAX_JOBS} jobs that GitHub runs");
        problems.add(MATRIX, place(matrix), message);
    }
}

fn check_steps(holder: &Node, problems: &mut Problems<'_>) {
    let mut ids: BTreeMap<String, Span> = BTreeMap::new();
    for step in holder.get("steps").map(Node::elements).unwrap_or_default() {
        match (step.get("run").is_some(), step.get("uses").is_some()) {
            (true, true) => {
                problems.add(ENTRY, header(step), "a step has `run` or `uses`, not both".to_owned())
            }
            (false, false) if !step.entries().is_empty() => {
                problems.add(
                    ENTRY,
                    header(step),
                    "a step has `run` or `uses`, and this one has neither".to_owned(),
                );
            }
            _ => {}
        }
        let Some(node) = step.get("id") else { continue };
        let Some(id) = node.as_str().filter(|id| !is_dynamic(id)) else { continue };
        if ids.insert(id.to_lowercase(), node.span).is_some() {
            problems.add(REFERENCE, place(node), format!("two steps of the job have the id `{id}`"));
        }
    }
}

/// Where a step begins.
fn header(step: &Node) -> Span {
    step.included_at.or(step.entries().first().map(|entry| entry.key.span)).unwrap_or(step.span)
}

/// The jobs that one waits for, with their places.
fn needs(job: &Node) -> Vec<(&str, &Node)> {
    let Some(node) = job.get("needs") else { return Vec::new() };
    let nodes = match &node.data {
        NodeData::Sequence(elements) => elements.as_slice(),
        _ => std::slice::from_ref(node),
    };
    nodes.iter().filter_map(|node| Some((node.as_str()?, node))).collect()
}

fn check_needs(jobs: &[Entry], problems: &mut Problems<'_>) {
    let places: BTreeMap<String, usize> = jobs
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((entry.key.as_str()?.to_lowercase(), index)))
        .collect();
    for entry in jobs {
        for (name, node) in needs(&entry.value) {
            if !places.contains_key(&name.to_lowercase()) {
                problems.add(
                    REFERENCE,
                    place(node),
                    format!("`needs` names the job `{name}`, which does not exist"),
                );
            }
        }
    }
    for index in in_circles(jobs, &places) {
        if let Some(entry) = jobs.get(index) {
            let name = entry.key.as_str().unwrap_or("");
            let message = format!("the job `{name}` waits for itself, by way of its `needs`");
            problems.add(REFERENCE, entry.key.span, message);
        }
    }
}

/// The jobs that stand in a circle: what is left when, again and again, those that wait for no other and those that no
/// other waits for are taken away.
fn in_circles(jobs: &[Entry], places: &BTreeMap<String, usize>) -> Vec<usize> {
    let edges: Vec<Vec<usize>> = jobs
        .iter()
        .map(|entry| {
            let names = needs(&entry.value).into_iter();
            names.filter_map(|(name, _)| places.get(&name.to_lowercase()).copied()).collect()
        })
        .collect();
    let mut backward = vec![Vec::new(); jobs.len()];
    for (from, targets) in edges.iter().enumerate() {
        for target in targets {
            if let Some(sources) = backward.get_mut(*target) {
                sources.push(from);
            }
        }
    }
    let forward = peel(&edges, &backward, vec![true; jobs.len()]);
    let both = peel(&backward, &edges, forward);
    both.iter().enumerate().filter_map(|(index, is_left)| is_left.then_some(index)).collect()
}

/// Takes away, again and again, what has no edge to anything that is left.
fn peel(edges: &[Vec<usize>], backward: &[Vec<usize>], mut left: Vec<bool>) -> Vec<bool> {
    let is_left = |left: &[bool], index: &usize| left.get(*index).copied().unwrap_or(false);
    let mut counts: Vec<usize> =
        edges.iter().map(|targets| targets.iter().filter(|target| is_left(&left, target)).count()).collect();
    let mut open: Vec<usize> =
        (0..edges.len()).filter(|index| is_left(&left, index) && counts.get(*index) == Some(&0)).collect();
    while let Some(index) = open.pop() {
        if let Some(slot) = left.get_mut(index) {
            *slot = false;
        }
        for source in backward.get(index).map_or(&[][..], Vec::as_slice) {
            if let Some(count) = counts.get_mut(*source) {
                *count = count.saturating_sub(1);
                if *count == 0 && is_left(&left, source) {
                    open.push(*source);
                }
            }
        }
    }
    left
}

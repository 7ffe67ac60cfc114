//! Calls that cannot work: in a circle, too deep, or with inputs that are not declared.

use super::{ENTRY, Problems, REFERENCE};
use crate::calls::{Call, Callable, Calls};
use crate::class::Class;
use crate::github::home::{Home, MAX_LEVELS};
use crate::github::repository::SourceFile;
use crate::places::place;
use proofmark_syntax::{Node, NodeData};

/// Checks the calls that a file makes.
pub fn check_calls(home: &Home<'_>, problems: &mut Problems<'_>) {
    let calls = &home.repository.calls;
    for call in calls.calls.iter().filter(|call| call.from == home.file) {
        let (Some(callable), Some(target)) = (calls.files.get(call.to), home.repository.files.get(call.to))
        else {
            continue;
        };
        if reaches(calls, call.to, call.from) {
            let message = format!("the call of `{}` leads in a circle", target.path);
            problems.add(REFERENCE, call.place, message);
        } else if levels(calls, call.to, 1) > MAX_LEVELS - 1 {
            let message = format!("the call of `{}` leads deeper than {MAX_LEVELS} levels", target.path);
            problems.add(REFERENCE, call.place, message);
        }
        check_inputs(call, callable, target, problems);
    }
}

/// Whether the calls of `file` lead to `wanted`.
fn reaches(calls: &Calls<'_>, file: usize, wanted: usize) -> bool {
    let mut seen = vec![false; calls.files.len()];
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        if file == wanted {
            return true;
        }
        match seen.get_mut(file) {
            Some(is_seen) if !*is_seen => *is_seen = true,
            _ => continue,
        }
        open.extend(calls.from(file).map(|call| call.to));
    }
    false
}

/// How many levels the calls of `file` lead down, itself included; counts no further than the limit.
fn levels(calls: &Calls<'_>, file: usize, depth: usize) -> usize {
    let mut level = vec![file];
    let mut depth = depth;
    while depth <= MAX_LEVELS {
        let mut next: Vec<usize> =
            level.iter().flat_map(|file| calls.from(*file).map(|call| call.to)).collect();
        next.sort_unstable();
        next.dedup();
        if next.is_empty() {
            break;
        }
        level = next;
        depth += 1;
    }
    depth
}

fn check_inputs(
    call: &Call<'_>,
    callable: &Callable<'_>,
    target: &SourceFile<'_>,
    problems: &mut Problems<'_>,
) {
    let declared = target.root.and_then(|root| match target.class {
        Class::Action => root.get("inputs"),
        _ => root.at_path(&["on", "workflow_call", "inputs"]),
    });
    let declares = |name: &str| declared.is_some_and(|map| named(map, name));
    for entry in call.with.map(Node::entries).unwrap_or_default() {
        let Some(name) = entry.key.as_str().filter(|name| !declares(name)) else { continue };
        let message = format!("`{}` declares no input `{name}`", target.path);
        problems.add(ENTRY, place(&entry.key), message);
    }
    let is_computed = call.with.is_some_and(|with| with.entries().is_empty() && with.as_str().is_some());
    for entry in declared.map(Node::entries).unwrap_or_default() {
        let Some(name) = entry.key.as_str() else { continue };
        let is_required = entry.value.get("required").is_some_and(|node| node.data == NodeData::Bool(true));
        let is_given = is_computed || call.with.is_some_and(|with| named(with, name));
        if is_required && !is_given && entry.value.get("default").is_none() && !callable.inputs.is_empty() {
            let message = format!("`{}` asks for the input `{name}`", target.path);
            problems.add(ENTRY, call.place, message);
        }
    }
}

/// Whether a map has an entry of that name, in any case.
fn named(map: &Node, name: &str) -> bool {
    let has_name = |key: &Node| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name));
    map.entries().iter().any(|entry| has_name(&entry.key))
}

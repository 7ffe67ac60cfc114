//! Keys that maps take, and words that keywords take.

use super::place_of;
use crate::gitlab::codes;
use crate::gitlab::keywords::{DEFAULTS, JOB};
use crate::gitlab::source::Sources;
use crate::gitlab::tree::{flat, written_at};
use proofmark_model::{Attribute, Value};

/// The entries of a rule, of a job or of the workflow.
const RULE: [&str; 10] = [
    "allow_failure",
    "auto_cancel",
    "changes",
    "exists",
    "if",
    "interruptible",
    "needs",
    "start_in",
    "variables",
    "when",
];

/// The keys of maps, by their path below a job or below the top.
const KEYS: [(&[&str], &[&str]); 19] = [
    (
        &["artifacts"],
        &[
            "access",
            "exclude",
            "expire_in",
            "expose_as",
            "name",
            "paths",
            "public",
            "reports",
            "untracked",
            "when",
        ],
    ),
    (&["cache"], &["fallback_keys", "key", "paths", "policy", "unprotect", "untracked", "when"]),
    (&["cache", "key"], &["files", "files_commits", "prefix"]),
    (&["default"], &DEFAULTS),
    (
        &["environment"],
        &["action", "auto_stop_in", "deployment_tier", "kubernetes", "name", "on_stop", "url"],
    ),
    (&["except"], &["changes", "kubernetes", "refs", "variables"]),
    (&["hooks"], &["pre_get_sources_script"]),
    (&["image"], &["docker", "entrypoint", "kubernetes", "name", "pull_policy"]),
    (&["inherit"], &["default", "variables"]),
    (&["needs"], &["artifacts", "job", "optional", "parallel", "pipeline", "project", "ref"]),
    (&["only"], &["changes", "kubernetes", "refs", "variables"]),
    (&["parallel"], &["matrix"]),
    (
        &["release"],
        &["assets", "description", "milestones", "name", "ref", "released_at", "tag_message", "tag_name"],
    ),
    (&["retry"], &["exit_codes", "max", "when"]),
    (&["rules"], &RULE),
    (
        &["services"],
        &["alias", "command", "docker", "entrypoint", "kubernetes", "name", "pull_policy", "variables"],
    ),
    (&["trigger"], &["branch", "forward", "include", "inputs", "project", "strategy"]),
    (&["workflow"], &["auto_cancel", "name", "rules"]),
    (&["workflow", "rules"], &RULE),
];

const PULL_POLICIES: [&str; 3] = ["always", "if-not-present", "never"];
const OUTCOMES: [&str; 3] = ["on_success", "on_failure", "always"];

/// The words that a keyword takes, by its path below a job or below the top.
const CHOICES: [(&[&str], &[&str]); 15] = [
    (&["artifacts", "access"], &["all", "developer", "maintainer", "none"]),
    (&["artifacts", "when"], &OUTCOMES),
    (&["cache", "policy"], &["pull", "push", "pull-push"]),
    (&["cache", "when"], &OUTCOMES),
    (&["environment", "action"], &["start", "prepare", "stop", "verify", "access"]),
    (&["environment", "deployment_tier"], &["production", "staging", "testing", "development", "other"]),
    (&["image", "pull_policy"], &PULL_POLICIES),
    (&["rules", "when"], &["on_success", "on_failure", "always", "never", "manual", "delayed"]),
    (&["services", "pull_policy"], &PULL_POLICIES),
    (&["trigger", "strategy"], &["depend", "mirror"]),
    (&["when"], &["on_success", "on_failure", "always", "manual", "delayed"]),
    (&["default", "image", "pull_policy"], &PULL_POLICIES),
    (&["workflow", "rules", "when"], &["always", "never"]),
    (&["workflow", "auto_cancel", "on_new_commit"], &["conservative", "interruptible", "none"]),
    (&["workflow", "auto_cancel", "on_job_failure"], &["all", "none"]),
];

/// Tells of keys below `entry` that its map does not take. `path` leads to the entry.
pub fn check_keys(sources: &mut Sources<'_>, entry: &Attribute, path: &[&str]) {
    for (place, known) in KEYS.iter().filter(|(place, _)| place.starts_with(path)) {
        let below = place.get(path.len()..).unwrap_or(&[]);
        for map in reached(&entry.value, below).into_iter().filter_map(Value::as_map) {
            for key in map.entries().iter().filter(|key| !known.contains(&key.name.as_str())) {
                let message = format!(
                    "`{}` takes no `{}`{}",
                    place.join(":"),
                    key.name,
                    sources.hint(&key.name, known.iter().copied())
                );
                sources.tell(codes::KEYWORD, place_of(key), message);
            }
        }
    }
}

/// Tells of keywords below `entry` whose value is none of those that they take.
pub fn check_choices(sources: &mut Sources<'_>, entry: &Attribute, path: &[&str]) {
    for (place, known) in CHOICES.iter().filter(|(place, _)| place.starts_with(path)) {
        let below = place.get(path.len()..).unwrap_or(&[]);
        for value in reached(&entry.value, below) {
            let Some(word) = value.as_str().filter(|word| !known.contains(word) && !word.contains('$'))
            else {
                continue;
            };
            let words = known.join("`, `");
            let message = format!("`{}` is one of `{words}`, not `{word}`", place.join(":"));
            sources.tell(codes::VALUE, written_at(&value.origin), message);
        }
    }
}

/// Tells of entries of a job that are no keywords.
pub fn check_job_keywords(sources: &mut Sources<'_>, job: &Attribute) {
    let Some(map) = job.value.as_map() else { return };
    for entry in map.entries() {
        if JOB.contains(&entry.name.as_str()) {
            check_keys(sources, entry, &[&entry.name]);
            check_choices(sources, entry, &[&entry.name]);
        } else {
            let message =
                format!("`{}` is no keyword of a job{}", entry.name, sources.hint(&entry.name, JOB));
            sources.tell(codes::KEYWORD, place_of(entry), message);
        }
    }
}

/// The values at a path below `value`, through the elements of lists.
fn reached<'v>(value: &'v Value, path: &[&str]) -> Vec<&'v Value> {
    let here = flat(value);
    match path.split_first() {
        None => here,
        Some((key, rest)) => {
            let inner = here.into_iter().filter_map(|value| value.as_map()?.value(key));
            inner.flat_map(|value| reached(value, rest)).collect()
        }
    }
}

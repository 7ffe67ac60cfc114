//! Which commits a scan compares.

use super::event::{Branch, Event};
use super::truth::Truth;

/// A commit as a scan names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commit<'c> {
    /// The tip of the default branch.
    Default,
    /// The tip of a branch.
    Tip(&'c str),
    /// What is checked out.
    Head,
    /// Another one.
    Other,
}

/// What stands for the name of the default branch.
const DEFAULT: [&str; 3] =
    ["${{github.event.repository.default_branch}}", "$CI_DEFAULT_BRANCH", "${CI_DEFAULT_BRANCH}"];

/// What stands for the commit or the branch that the pipeline runs for.
const HEAD: [&str; 12] = [
    "",
    "HEAD",
    "$GITHUB_SHA",
    "${GITHUB_SHA}",
    "${{github.sha}}",
    "${{github.ref}}",
    "${{github.ref_name}}",
    "$CI_COMMIT_SHA",
    "${CI_COMMIT_SHA}",
    "$CI_COMMIT_BRANCH",
    "${CI_COMMIT_BRANCH}",
    "$CI_COMMIT_REF_NAME",
];

/// Whether what lies between two commits is nothing for an event, because both are the same.
pub fn is_empty(from: &str, to: &str, event: &Event) -> Truth {
    let (from, to): (String, String) = (from.split_whitespace().collect(), to.split_whitespace().collect());
    match (commit(&from), commit(&to)) {
        (Commit::Other, _) | (_, Commit::Other) => Truth::False,
        (from, to) if from == to => Truth::True,
        (Commit::Head, other) | (other, Commit::Head) => is_checked_out(other, event),
        _ => Truth::False,
    }
}

/// Whether an event checks out the tip of that branch.
fn is_checked_out(commit: Commit<'_>, event: &Event) -> Truth {
    if !matches!(event.event, "push" | "schedule") {
        return Truth::False;
    }
    match (commit, &event.branch) {
        (Commit::Default, _) => event.is_default,
        (Commit::Tip(name), Branch::Named(branch)) => Truth::from(branch == name),
        _ => Truth::False,
    }
}

fn commit(text: &str) -> Commit<'_> {
    let prefixes = ["refs/heads/", "refs/remotes/origin/", "origin/"];
    let name = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte));
    match name {
        _ if DEFAULT.contains(&name) => Commit::Default,
        _ if HEAD.contains(&name) => Commit::Head,
        _ if is_plain => Commit::Tip(name),
        _ => Commit::Other,
    }
}

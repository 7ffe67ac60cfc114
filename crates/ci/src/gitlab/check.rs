//! What GitLab would refuse.
//!
//! Everything here is told and nothing is dropped: a pipeline with an unknown keyword is still judged by what it says. In a
//! part of a pipeline whose other files are not in the repository, what is missing may stand in those, so nothing is said
//! about it.

mod job;
mod needs;
mod shape;

use super::codes;
use super::draft::Draft;
use super::keywords::{JOB, TOP, TOP_DEFAULTS};
use super::pipeline::{is_job, stages};
use super::source::Sources;
use super::tree::written_at;
use job::check_job;
use needs::check_needs;
use proofmark_model::{Attribute, Map, Value};
use proofmark_source::Span;
use shape::{check_choices, check_keys};
use std::collections::BTreeMap;

/// What the parts of a check share.
struct Scope<'a> {
    root: &'a Map,
    /// The place of each stage; `None` where files that were not read may name others.
    stages: Option<BTreeMap<&'a str, usize>>,
    /// Whether every file was read.
    is_whole: bool,
}

/// Tells of what GitLab would refuse in a pipeline.
pub fn check(sources: &mut Sources<'_>, draft: &Draft) {
    let Some(root) = draft.root() else { return };
    let stages = stages(draft, root);
    let numbered = stages.as_ref().map(|stages| {
        stages.iter().enumerate().filter_map(|(index, name)| Some((name.as_str()?, index))).collect()
    });
    let is_whole = draft.assembly.unread.is_empty() && root.unknown_rest.is_none();
    let scope = Scope { root, stages: numbered, is_whole };
    for entry in root.entries() {
        check_top(sources, &scope, entry);
    }
    check_needs(sources, &scope);
}

fn check_top(sources: &mut Sources<'_>, scope: &Scope<'_>, entry: &Attribute) {
    let name = entry.name.as_str();
    if name.starts_with('.') {
        return;
    }
    if TOP.contains(&name) {
        check_keyword(sources, scope, entry);
    } else if is_job(entry) {
        check_job(sources, scope, entry);
    } else if !holds_unknown(&entry.value) {
        let message = if JOB.contains(&name) {
            format!("`{name}` is a keyword of jobs and of `default`, not of the top")
        } else {
            format!("`{name}` is no job, since it holds no keywords{}", sources.hint(name, TOP))
        };
        sources.tell(codes::KEYWORD, entry.name_span, message);
    }
}

/// Checks a keyword at the top.
fn check_keyword(sources: &mut Sources<'_>, scope: &Scope<'_>, entry: &Attribute) {
    let name = entry.name.as_str();
    if ["script", "trigger", "run"].iter().any(|key| entry.value.at_path(&[key]).is_some())
        && name != "variables"
    {
        let message = format!("`{name}` is a keyword, so no job can have that name");
        sources.tell(codes::JOB, entry.name_span, message);
        return;
    }
    let in_default = scope.root.value("default").and_then(|default| default.at_path(&[name]));
    if TOP_DEFAULTS.contains(&name) && in_default.is_some() {
        let message = format!("`{name}` stands both at the top and in `default`");
        sources.tell(codes::KEYWORD, entry.name_span, message);
    }
    if name == "default" && entry.value.at_path(&["timeout"]).is_some() {
        let place = entry.value.as_map().and_then(|map| map.get("timeout")).map_or(entry.name_span, place_of);
        sources.tell(
            codes::KEYWORD,
            place,
            "`timeout` has no effect in `default`: set it in the jobs".into(),
        );
    }
    check_keys(sources, entry, &[name]);
    check_choices(sources, entry, &[name]);
}

/// Whether a part is hidden, by an error in the file say.
fn holds_unknown(value: &Value) -> bool {
    value.as_unknown().is_some() || value.as_list().is_some_and(|elements| elements.iter().any(holds_unknown))
}

/// Where an entry is written, whatever brought it to where it is used.
fn place_of(entry: &Attribute) -> Span {
    match entry.value.origin.trail {
        Some(_) => written_at(&entry.value.origin),
        None => entry.name_span,
    }
}

/// Whether the value is set to something.
fn is_set(map: &Map, name: &str) -> bool {
    map.value(name).is_some_and(|value: &Value| !value.is_null())
}

//! Jobs that GitLab would refuse.

use super::shape::check_job_keywords;
use super::{Scope, is_set, place_of};
use crate::gitlab::codes;
use crate::gitlab::keywords::{DEFAULT_STAGE, TOP};
use crate::gitlab::source::Sources;
use crate::gitlab::tree::{flat, written_at};
use proofmark_model::{Attribute, Data, Map};
use proofmark_source::Code;

/// GitLab's own limit on the characters of a job's name.
const MAX_NAME: usize = 255;

/// Names that GitLab takes for something else.
const RESERVED: [&str; 3] = ["false", "nil", "true"];

/// Keywords that exclude each other, with the code of the diagnostic.
const EXCLUSIVE: [(&str, &str); 6] = [
    ("script", "trigger"),
    ("script", "run"),
    ("run", "trigger"),
    ("rules", "only"),
    ("rules", "except"),
    ("run", "before_script"),
];

/// Numbers with their least and greatest value.
const RANGES: [(&[&str], i64, i64); 3] =
    [(&["parallel"], 1, 200), (&["retry"], 0, 2), (&["retry", "max"], 0, 2)];

/// Tells of what GitLab would refuse in a job.
pub fn check_job(sources: &mut Sources<'_>, scope: &Scope<'_>, job: &Attribute) {
    let Some(map) = job.value.as_map() else { return };
    let name = job.name.as_str();
    let runs = ["script", "run", "trigger"].iter().any(|key| is_set(map, key));
    let slip = if runs { String::new() } else { sources.hint(name, TOP) };
    let mut tell = |code: Code, message: String| sources.tell(code, job.name_span, message);
    if name.chars().count() > MAX_NAME {
        tell(codes::JOB, format!("the name of a job has at most {MAX_NAME} characters"));
    }
    if RESERVED.contains(&name) {
        tell(codes::JOB, format!("no job can have the name `{name}`"));
    }
    if !runs && map.unknown_rest.is_none() && scope.is_whole {
        tell(codes::JOB, format!("the job `{name}` has no `script`, `run` or `trigger`{slip}"));
        if !slip.is_empty() {
            return;
        }
    }
    for (one, other) in EXCLUSIVE {
        if is_set(map, one) && is_set(map, other) {
            tell(codes::JOB, format!("the job `{name}` has both `{one}` and `{other}`"));
        }
    }
    check_job_keywords(sources, job);
    check_scripts(sources, map);
    check_times(sources, map);
    check_ranges(sources, job);
    check_stage(sources, scope, job);
}

/// Lines of scripts are texts: a colon in an unquoted one makes it a map.
fn check_scripts(sources: &mut Sources<'_>, map: &Map) {
    for section in ["before_script", "script", "after_script"] {
        let Some(entry) = map.get(section) else { continue };
        for line in flat(&entry.value) {
            let is_text = matches!(line.data, Data::String(_) | Data::Unknown(_));
            if !is_text {
                let what = match line.data {
                    Data::Map(_) => "a map; quote the line if its colon is meant",
                    Data::List(_) => "a list that nests too deep",
                    _ => "no text; quote it",
                };
                let message = format!("a line of `{section}` is {what}");
                sources.tell(codes::VALUE, written_at(&line.origin), message);
            }
        }
    }
}

fn check_times(sources: &mut Sources<'_>, map: &Map) {
    let is_delayed = map.value("when").is_some_and(|when| when.as_str() == Some("delayed"));
    let is_open =
        map.unknown_rest.is_some() || map.value("when").is_some_and(|when| when.as_unknown().is_some());
    match (map.get("when"), map.get("start_in")) {
        (Some(when), None) if is_delayed && map.unknown_rest.is_none() => {
            let message = "`when: delayed` takes a `start_in`".to_owned();
            sources.tell(codes::VALUE, place_of(when), message);
        }
        (_, Some(start)) if !is_delayed && !is_open => {
            let message = "`start_in` has no effect without `when: delayed`".to_owned();
            sources.tell(codes::VALUE, place_of(start), message);
        }
        _ => {}
    }
}

fn check_ranges(sources: &mut Sources<'_>, job: &Attribute) {
    for (path, least, greatest) in RANGES {
        let Some(value) = job.value.at_path(path) else { continue };
        if matches!(value.data, Data::Integer(number) if number < least || number > greatest) {
            let message = format!("`{}` takes a number from {least} to {greatest}", path.join(":"));
            sources.tell(codes::VALUE, written_at(&value.origin), message);
        }
    }
}

fn check_stage(sources: &mut Sources<'_>, scope: &Scope<'_>, job: &Attribute) {
    let (Some(stages), Some(map)) = (&scope.stages, job.value.as_map()) else { return };
    let stage = map.get("stage").filter(|stage| !stage.value.is_null());
    let (name, place) = match stage {
        Some(stage) => (stage.value.as_str(), written_at(&stage.value.origin)),
        None if map.unknown_rest.is_some() => return,
        None => (Some(DEFAULT_STAGE), job.name_span),
    };
    let Some(name) = name.filter(|name| !stages.contains_key(name)) else { return };
    let known: Vec<&str> = stages.keys().copied().collect();
    let message = format!("the stage `{name}` does not exist{}", sources.hint(name, known));
    sources.tell(codes::STAGE, place, message);
}

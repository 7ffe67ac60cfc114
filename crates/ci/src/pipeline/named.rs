//! What jobs and steps are called, beside what is done under that name.
//!
//! A name is a promise: people who read `image scan` in a list of green steps believe it. The name of a step that has none is
//! the comment right above it.

use super::job::{Job, entry, get, list, text};
use proofmark_model::{Data, MapBuilder, Resource, SmolStr, Value};
use proofmark_source::Span;
use std::collections::BTreeMap;

/// A name with its place.
type Name = (SmolStr, Span);

/// The names of a job and of its steps, each with `does`, what is done under it; `source` is the text of the file.
pub fn named(resource: &Resource, job: &Job, source: &str) -> Value {
    let header = resource.header;
    let mut found = Vec::new();
    if let Some(name) = job_name(job, header) {
        found.push(entry_value(name, None, &job.values.iter().collect::<Vec<&Value>>()));
    }
    let mut by_step: BTreeMap<i64, Vec<&Value>> = BTreeMap::new();
    for value in &job.values {
        if let Some(Data::Integer(step)) = get(value, "step").map(|step| &step.data) {
            by_step.entry(*step).or_default().push(value);
        }
    }
    for step in list(&job.native, "steps") {
        let Some(index @ Value { data: Data::Integer(number), .. }) = get(step, "index") else { continue };
        let Some(name) = step_name(resource, step, source) else { continue };
        let done = by_step.get(number).map_or(&[][..], Vec::as_slice);
        found.push(entry_value(name, Some(index), done));
    }
    Value::list(found, header)
}

/// The name of a job in lists: what it says, else its id.
fn job_name(job: &Job, header: Span) -> Option<Name> {
    let said = entry(&job.native, "name").filter(|_| job.system == "github");
    match said.map(|name| (name.value.as_str(), name.value.origin.span)) {
        Some((Some(said), place)) if !said.contains("${{") => Some((SmolStr::new(said), place)),
        _ => (!job.id.is_empty()).then(|| (SmolStr::clone(&job.id), header)),
    }
}

fn step_name(resource: &Resource, step: &Value, source: &str) -> Option<Name> {
    if let Some(name) = get(step, "name") {
        return name.as_str().map(|text| (SmolStr::new(text), name.origin.span));
    }
    let start = step.origin.span.start;
    let behind = resource.comments.partition_point(|comment| comment.span.end <= start);
    let comment = resource.comments.get(behind.checked_sub(1)?)?;
    let between = source.get(comment.span.end as usize..start as usize)?;
    let is_above =
        between.trim_matches([' ', '\t', '\r', '\n', '-']).is_empty() && between.matches('\n').count() == 1;
    is_above.then(|| (SmolStr::clone(&comment.text), comment.span))
}

/// A name with what is done under it. In a step that stands from the name to what says it, so that both are seen; in a job, which
/// may be long, at its name.
fn entry_value((name, place): Name, step: Option<&Value>, done: &[&Value]) -> Value {
    let mut does: Vec<Value> = Vec::new();
    let mut whole = place;
    for activity in done {
        let Some(word) = text(activity, "does") else { continue };
        // A mode says more closely than the tool what is done.
        let header = activity.as_map().and_then(|map| map.header).unwrap_or(activity.origin.span);
        let said = get(activity, "mode").map_or(header, |mode| mode.origin.span);
        let span = if step.is_some() && said.file == place.file { place.join(said) } else { place };
        whole = whole.join(span);
        if !does.iter().any(|known| known.as_str() == Some(word)) {
            does.push(Value::string(word, span));
        }
    }
    let mut fields = MapBuilder::default();
    fields.set("name", Value::string(name, place));
    if let Some(step) = step {
        fields.set("step", Value::clone(step));
    }
    fields.put("does", place, Value::list(does, whole));
    fields.finish(whole, place)
}

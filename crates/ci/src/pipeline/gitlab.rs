//! Jobs of GitLab in the neutral view.

use super::activity::{Activity, Outcome};
use super::command::{Followed, command_activities};
use super::event::Event;
use super::github::image_value;
use super::gitlab_events::GitlabEvents;
use super::job::{Job, Need, Needs, entry, entry_span, get, list, minutes, static_key, text, truth_at};
use super::step::{Parts, Surroundings};
use super::task::Tasks;
use super::truth::Truth;
use crate::secret_name::names_secret;
use proofmark_model::{Data, Map, MapBuilder, SmolStr, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;

/// What the jobs of a pipeline share.
pub struct GitlabContext<'a> {
    /// What the pipeline runs for.
    pub events: &'a GitlabEvents,
    /// The tasks that the repository names.
    pub tasks: &'a Tasks<'a>,
    /// The pipeline's stages.
    pub stages: &'a [Value],
}

/// A job in the neutral view.
pub fn gitlab_job(context: &GitlabContext<'_>, job: &Value, header: Span) -> Job {
    let &GitlabContext { events, tasks, stages } = context;
    let events = events.of_job(job);
    let mut own = MapBuilder::default();
    put_settings(job, header, &mut own);
    let may_fail = job_may_fail(job, &events, header);
    let variables: Vec<&Value> = get(job, "variables").into_iter().collect();
    let mut activities = Vec::new();
    for command in list(job, "commands") {
        // What `after_script` does changes the outcome of no job, and happens after failures too.
        let is_after = text(command, "section") == Some("after_script");
        let around = Surroundings {
            step_may_fail: is_after.then_some((Truth::True, command.origin.span)),
            job_may_fail: Some(may_fail),
            start: if is_after { "always" } else { "automatic" },
            variables: variables.clone(),
            ..Surroundings::of_job()
        };
        command_activities(command, &around, Followed { tasks, depth: 0 }, &mut activities);
    }
    activities.extend(coverage_report(job, may_fail));
    put_artifacts(job, header, &mut own);
    let stage = text(job, "stage").unwrap_or("test");
    let after_failure = Truth::from(events.iter().any(|event| event.start == "always"));
    Job {
        system: "gitlab",
        id: SmolStr::new(text(job, "name").unwrap_or("")),
        native: Value::clone(job),
        header,
        activities,
        values: Vec::new(),
        unread: unread(job),
        events,
        may_fail,
        needs: needs(job, header),
        after_failure,
        stage: stage_index(stages, stage),
        own,
    }
}

/// The coverage that a job shows on the merge request: by a pattern for its log, or a report.
fn coverage_report(job: &Value, may_fail: (Truth, Span)) -> Option<Activity> {
    let report = || entry(get(get(job, "artifacts")?, "reports")?, "coverage_report");
    let entry = entry(job, "coverage").or_else(report)?;
    let place = entry_span(entry);
    let around = Surroundings { job_may_fail: Some(may_fail), ..Surroundings::of_job() };
    Some(around.activity(Parts {
        does: ("coverage-upload", ""),
        tool: SmolStr::new_static("gitlab"),
        text: Value::string(SmolStr::clone(&entry.name), place),
        outcome: Outcome::blocking(place),
        place,
        fields: MapBuilder::default(),
    }))
}

/// The place of a stage. `.pre` comes before all and `.post` behind, whether they are listed or not.
fn stage_index(stages: &[Value], stage: &str) -> Option<usize> {
    match stages.iter().position(|known| known.as_str() == Some(stage)) {
        Some(index) => Some(index + 1),
        None if stage == ".pre" => Some(0),
        None if stage == ".post" => Some(stages.len() + 1),
        None if stages.is_empty() => match stage {
            "build" => Some(1),
            "test" => Some(2),
            "deploy" => Some(3),
            _ => None,
        },
        None => None,
    }
}

fn needs(job: &Value, header: Span) -> Needs {
    let Some(elements) = get(job, "needs").and_then(Value::as_list) else {
        return Needs::Stages(entry(job, "stage").map_or(header, entry_span));
    };
    let one = |need: &Value| {
        let name = need.as_str().or_else(|| text(need, "job"))?;
        let is_foreign = get(need, "pipeline").is_some() || get(need, "project").is_some();
        let is_optional = Truth::of(get(need, "optional")) != Truth::False;
        (!is_foreign).then(|| Need { id: SmolStr::new(name), is_optional, place: need.origin.span })
    };
    Needs::Jobs(elements.iter().filter_map(one).collect())
}

/// Why a job may do more than its file says.
fn unread(job: &Value) -> Option<SmolStr> {
    let rest = job.as_map().and_then(|map| map.unknown_rest.as_ref());
    if let Some(rest) = rest {
        return Some(SmolStr::clone(&rest.reason));
    }
    let trigger = get(job, "trigger")?;
    let is_read = get(trigger, "pipeline").is_some();
    let name = text(job, "name").unwrap_or("");
    (!is_read).then(|| format_smolstr!("the pipeline that `{name}` starts was not read"))
}

/// Whether the failure of a job fails nothing: `allow_failure`, or the same in each rule under which it runs.
fn job_may_fail(job: &Value, events: &[Event], header: Span) -> (Truth, Span) {
    if let Some(entry) = entry(job, "allow_failure") {
        let truth = match &entry.value.data {
            // Some exit codes only.
            Data::Map(_) => Truth::Unknown,
            _ => truth_at(job, "allow_failure", header).0,
        };
        return (truth, entry_span(entry));
    }
    let by_rules = events.iter().map(|event| event.may_fail).reduce(|all, one| match all == one {
        true => all,
        false => Truth::Unknown,
    });
    let place = events.iter().find(|event| event.may_fail == Truth::True).map_or(header, |event| event.place);
    (by_rules.unwrap_or(Truth::False), place)
}

fn put_settings(job: &Value, header: Span, own: &mut MapBuilder) {
    if let Some(entry) = entry(job, "timeout") {
        let value = minutes(&entry.value).unwrap_or_else(|| Value::clone(&entry.value));
        own.put("timeout_minutes", entry.name_span, value);
    }
    let group = entry(job, "resource_group");
    own.set_bool("serialized", group.is_some(), group.map_or(header, |entry| entry.name_span));
    own.set("secrets_used", Value::list(secrets_used(job), header));
    let images = list(job, "images").iter().enumerate().filter_map(|(index, image)| {
        let name = get(image, "name")?;
        // The first is the job's own, where it has one.
        let is_service = index > 0 || get(job, "image").is_none();
        let is_service = Value::new(Data::Bool(is_service), name.origin.span);
        Some(image_value(name, Some(&is_service), get(image, "entrypoint")))
    });
    own.set("container_images", Value::list(images.collect(), header));
}

/// The names of secrets: of `secrets`, and of variables that scripts read, that the file does not set, and that are named so.
fn secrets_used(job: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut add = |name: &str, span: Span| {
        if !found.iter().any(|known| known.as_str() == Some(name)) {
            found.push(Value::string(name, span));
        }
    };
    for entry in get(job, "secrets").and_then(Value::as_map).map_or(&[][..], Map::entries) {
        add(&entry.name, entry.name_span);
    }
    let declared = get(job, "variables");
    for command in list(job, "commands") {
        for variable in list(command, "variables").iter().filter_map(Value::as_str) {
            let is_declared = declared.is_some_and(|declared| get(declared, variable).is_some());
            if !is_declared && (names_secret(variable) || static_key(variable).is_some()) {
                add(variable, command.origin.span);
            }
        }
    }
    found
}

/// What is handed on to other jobs.
fn put_artifacts(job: &Value, header: Span, own: &mut MapBuilder) {
    let mut uploads = Vec::new();
    if let Some(artifacts) = entry(job, "artifacts").filter(|entry| entry.value.as_map().is_some()) {
        let span = artifacts.value.origin.span;
        let mut fields = MapBuilder::default();
        for (name, native) in [("name", "name"), ("paths", "paths"), ("reports", "reports")] {
            if let Some(value) = get(&artifacts.value, native) {
                fields.set(name, Value::clone(value));
            }
        }
        if let Some(kept) = get(&artifacts.value, "expire_in")
            && kept.as_str() != Some("never")
            && let Some(Value { data: Data::Float(minutes), .. }) = minutes(kept)
        {
            fields.set("retention_days", kept.with_data(Data::Float(minutes / 1_440.0)));
        }
        uploads.push(fields.finish(span, artifacts.name_span));
    }
    own.set("uploads", Value::list(uploads, header));
    let downloads = list(job, "dependencies").iter().map(|name| {
        let mut fields = MapBuilder::default();
        fields.set("name", Value::clone(name));
        fields.finish(name.origin.span, name.origin.span)
    });
    own.set("downloads", Value::list(downloads.collect(), header));
}

//! Jobs of GitHub in the neutral view.

use super::action::{Use, action_activities};
use super::activity::Activity;
use super::command::{Followed, command_activities};
use super::event::{Branch, Event};
use super::github_condition::{Condition, Status};
use super::job::{Job, Need, Needs, entry, entry_span, get, list, open_list, text, truth_at};
use super::step::Surroundings;
use super::task::Tasks;
use super::truth::Truth;
use proofmark_model::{MapBuilder, SmolStr, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;

/// Names that default branches have, where nothing says which it is.
const DEFAULT_BRANCHES: [&str; 2] = ["main", "master"];

/// Called workflows call others; GitHub itself follows four.
const MAX_CALLS: usize = 10;

/// What a workflow runs for.
pub fn workflow_events(workflow: &Value) -> Vec<Event> {
    let Some(on) = get(workflow, "on").and_then(Value::as_map) else { return Vec::new() };
    let mut events = Vec::new();
    for trigger in on.entries() {
        let place = entry_span(trigger);
        let place = if place.start < trigger.value.origin.span.start { trigger.name_span } else { place };
        add_events(&trigger.name, &trigger.value, place, &mut events);
    }
    events
}

fn add_events(name: &str, settings: &Value, place: Span, events: &mut Vec<Event>) {
    let start = events.len();
    match name {
        "push" => push_events(settings, place, events),
        "pull_request" | "pull_request_target" | "merge_group" => {
            events.push(Event::new("merge_request", name, place));
        }
        "schedule" => {
            for one in settings.as_list().unwrap_or(&[]) {
                let mut event = Event::new("schedule", name, one.origin.span);
                event = event.on_branch(Branch::None, Truth::True);
                event.cron = get(one, "cron").cloned();
                events.push(event);
            }
        }
        "workflow_dispatch" => events.push(Event::new("manual", name, place)),
        "repository_dispatch" => events.push(Event::new("api", name, place)),
        "release" => events.push(Event::new("release", name, place)),
        "workflow_call" => events.push(Event::new("pipeline", name, place)),
        _ => events.push(Event::new("external", name, place)),
    }
    let names_all = |path: &Value| matches!(path.as_str(), Some("**" | "**/*"));
    let is_for_paths_only =
        get(settings, "paths").is_some() && !list(settings, "paths").iter().any(names_all);
    let has_path_filter = get(settings, "paths").is_some() || get(settings, "paths-ignore").is_some();
    for event in events.iter_mut().skip(start) {
        event.has_path_filter = has_path_filter;
        event.is_for_paths_only = is_for_paths_only;
    }
}

fn push_events(settings: &Value, place: Span, events: &mut Vec<Event>) {
    let has = |name: &str| get(settings, name).is_some();
    let branches = list(settings, "branches");
    let push = || Event::new("push", "push", place);
    if has("tags") || has("tags-ignore") || !(has("branches") || has("branches-ignore")) {
        events.push(Event::new("tag", "push", place));
    }
    if has("branches") {
        for branch in branches {
            let Some(name) = branch.as_str() else { continue };
            let is_default = DEFAULT_BRANCHES.iter().any(|default| fits(name, default));
            let event = push().on_branch(Branch::Named(SmolStr::new(name)), Truth::from(is_default));
            events.push(event);
        }
    } else if !has("tags") || has("branches-ignore") {
        let ignored = list(settings, "branches-ignore");
        let ignores =
            |branch: &str| ignored.iter().filter_map(Value::as_str).any(|pattern| fits(pattern, branch));
        if !DEFAULT_BRANCHES.iter().any(|branch| ignores(branch)) {
            let [default, _] = DEFAULT_BRANCHES;
            events.push(push().on_branch(Branch::Named(SmolStr::new(default)), Truth::True));
        }
        events.push(push().on_branch(Branch::Other, Truth::False));
    }
}

/// Whether a pattern for branches fits a plain name: equal, or `*` for the rest.
fn fits(pattern: &str, name: &str) -> bool {
    pattern == name
        || pattern
            .strip_suffix("**")
            .or_else(|| pattern.strip_suffix('*'))
            .is_some_and(|begin| name.starts_with(begin))
}

/// What a job is read with.
pub struct GithubContext<'g> {
    /// The workflow's attributes.
    pub workflow: &'g Value,
    /// What the workflow runs for.
    pub events: &'g [Event],
    /// The tasks of the repository.
    pub tasks: &'g Tasks<'g>,
}

/// A job in the neutral view.
pub fn github_job(context: &GithubContext<'_>, job: &Value, header: Span) -> Job {
    let condition = text(job, "if").map(Condition::new);
    let events = job_events(context.events, condition.as_ref());
    let may_fail = truth_at(job, "continue-on-error", header);
    let mut own = MapBuilder::default();
    put_settings(context, job, header, &mut own);
    let mut found = Found::default();
    let around = Around { context, events: &events, may_fail: Some(may_fail), depth: 0 };
    around.job(job, header, &mut found);
    hand_to_host(&mut found.activities);
    put_artifacts(&found.activities, header, &mut own);
    let need = |need: &Value| {
        let id = SmolStr::new(need.as_str()?);
        // A job that is left out takes with it those that need it.
        Some(Need { id, is_optional: false, place: need.origin.span })
    };
    let needs = Needs::Jobs(list(job, "needs").iter().filter_map(need).collect());
    let after_failure = condition.as_ref().map_or(Truth::False, |own| {
        let both = |event: &Event| own.holds(event, Status::Success) & own.holds(event, Status::Failure);
        events.iter().fold(Truth::False, |any, event| any | both(event))
    });
    Job {
        system: "github",
        id: SmolStr::new(text(job, "id").unwrap_or("")),
        native: Value::clone(job),
        header,
        activities: found.activities,
        values: Vec::new(),
        unread: found.unread,
        events,
        may_fail,
        needs,
        after_failure,
        stage: None,
        own,
    }
}

/// The events of a workflow for which a job runs.
fn job_events(events: &[Event], condition: Option<&Condition<'_>>) -> Vec<Event> {
    let Some(condition) = condition else { return events.to_vec() };
    let mut found = Vec::new();
    for event in events {
        let runs = condition.holds(event, Status::Success) | condition.holds(event, Status::Failure);
        if runs == Truth::False {
            continue;
        }
        let mut own = event.clone();
        own.runs = runs;
        let start = condition.start(event);
        if own.start == "automatic" {
            own.start = start;
        }
        found.push(own);
    }
    found
}

/// What was found in steps.
#[derive(Default)]
struct Found {
    activities: Vec<Activity>,
    unread: Option<SmolStr>,
}

/// What is around the steps of a job, also of one in a called workflow.
struct Around<'a> {
    context: &'a GithubContext<'a>,
    events: &'a [Event],
    may_fail: Option<(Truth, Span)>,
    depth: usize,
}

impl Around<'_> {
    fn job(&self, job: &Value, header: Span, found: &mut Found) {
        for step in list(job, "steps") {
            self.step(job, step, None, found);
        }
        let Some(uses) = entry(job, "uses_action") else { return };
        let place = entry(job, "uses").map_or(header, entry_span);
        let around = self.surroundings(job, None, None);
        let known = found.activities.len();
        if let Some(map) = uses.value.as_map() {
            let (inputs, expressions) = (get(job, "with"), list(job, "expressions"));
            let tasks = self.context.tasks;
            let own = Use { uses: map, inputs, expressions, tasks, place };
            action_activities(&own, &around, &mut found.activities);
        }
        let called = list(job, "called");
        for inner in called.iter().filter(|_| self.depth < MAX_CALLS) {
            let own = truth_at(inner, "continue-on-error", header);
            let may_fail = self.may_fail.map(|(truth, span)| match truth {
                Truth::True => (truth, span),
                _ => (truth | own.0, own.1),
            });
            Around { may_fail, depth: self.depth + 1, ..*self }.job(inner, header, found);
        }
        if called.is_empty() && found.activities.len() == known {
            let name = text(&uses.value, "text").unwrap_or("");
            found.unread = Some(format_smolstr!("the called workflow `{name}` was not read"));
        }
    }

    fn surroundings<'s>(
        &self,
        job: &'s Value,
        step: Option<&'s Value>,
        outer: Option<&Surroundings<'s>>,
    ) -> Surroundings<'s>
    where
        Self: 's,
    {
        let maps = step.into_iter().chain([job]).filter_map(|value| get(value, "env"));
        let condition = step.and_then(|step| text(step, "if")).map(Condition::new);
        let start = condition.as_ref().map_or("automatic", |condition| {
            self.events.first().map_or("automatic", |event| condition.start(event))
        });
        let holds = |condition: &Condition<'_>| -> Vec<Truth> {
            self.events.iter().map(|event| condition.holds(event, Status::Success)).collect()
        };
        let own = condition.as_ref().map(holds).unwrap_or_default();
        let on_events = match outer.map_or(&[][..], |outer| &outer.on_events) {
            [] => own,
            outer if own.is_empty() => outer.to_vec(),
            outer => outer.iter().zip(own).map(|(outer, own)| *outer & own).collect(),
        };
        let is_sure = on_events.iter().fold(Truth::True, |all, one| all & *one);
        let step_may_fail = step.and_then(|step| {
            let entry = entry(step, "continue-on-error")?;
            Some((Truth::of(Some(&entry.value)), entry_span(entry)))
        });
        Surroundings {
            step: outer.map_or_else(|| step.and_then(|step| get(step, "index")), |outer| outer.step),
            whole: outer.map_or_else(|| step.map(|step| step.origin.span), |outer| outer.whole),
            step_may_fail: outer.and_then(|outer| outer.step_may_fail).or(step_may_fail),
            job_may_fail: self.may_fail,
            start: outer.map_or(start, |outer| if outer.start == "automatic" { start } else { outer.start }),
            is_sure,
            on_events,
            variables: maps.collect(),
        }
    }

    /// A step; `outer` is the step of the job that uses the composite action which holds it.
    fn step<'s>(&self, job: &'s Value, step: &'s Value, outer: Option<&Surroundings<'s>>, found: &mut Found)
    where
        Self: 's,
    {
        let around = self.surroundings(job, Some(step), outer);
        for command in list(step, "commands") {
            let followed = Followed { tasks: self.context.tasks, depth: 0 };
            command_activities(command, &around, followed, &mut found.activities);
        }
        let Some(uses) = get(step, "uses_action").and_then(Value::as_map) else { return };
        let header = step.as_map().and_then(|map| map.header).unwrap_or(step.origin.span);
        let place = entry(step, "uses").map_or(header, entry_span);
        let (inputs, expressions) = (get(step, "with"), list(step, "expressions"));
        let own = Use { uses, inputs, expressions, tasks: self.context.tasks, place };
        action_activities(&own, &around, &mut found.activities);
        let called = get(step, "called");
        for inner in called.map_or(&[][..], |called| list(called, "steps")) {
            let depth = self.depth + 1;
            if depth < MAX_CALLS {
                Around { depth, ..*self }.step(job, inner, Some(&around), found);
            }
        }
        let is_local = uses.value("kind").and_then(Value::as_str) == Some("local");
        if is_local && called.is_none() && uses.value("target").is_none() {
            let name = uses.value("text").and_then(Value::as_str).unwrap_or("");
            found.unread = Some(format_smolstr!("the action `{name}` is not in the repository"));
        }
    }
}

/// Findings that are uploaded to the code host may be judged there, which no file shows.
fn hand_to_host(activities: &mut [Activity]) {
    if !activities.iter().any(|activity| activity.does == "sarif-upload") {
        return;
    }
    let scans = activities.iter_mut().filter(|activity| {
        activity.outcome.hidden_by == Some("tool")
            && (activity.does.ends_with("-scan") || activity.does == "sast")
    });
    for scan in scans {
        scan.outcome.blocks = Truth::Unknown;
        scan.outcome.hidden_by = None;
        scan.outcome.reason =
            SmolStr::new_static("its findings are uploaded, and the code host may judge them");
    }
}

fn put_settings(context: &GithubContext<'_>, job: &Value, header: Span, own: &mut MapBuilder) {
    if let Some(entry) = entry(job, "timeout-minutes") {
        own.put("timeout_minutes", entry.name_span, Value::clone(&entry.value));
    }
    let concurrency = entry(job, "concurrency").or_else(|| entry(context.workflow, "concurrency"));
    let place = concurrency.map_or(header, |entry| entry.name_span);
    own.set_bool("serialized", concurrency.is_some(), place);
    if let Some(permissions) = get(job, "effective_permissions") {
        own.set("token_permissions", Value::clone(permissions));
    }
    own.set("secrets_used", Value::list(secrets_used(job), header));
    let images = list(job, "images").iter().filter_map(|image| {
        let name = get(image, "image")?;
        Some(image_value(name, get(image, "is_service"), None))
    });
    own.set("container_images", Value::list(images.collect(), header));
}

/// An image in the form of the view.
pub fn image_value(name: &Value, is_service: Option<&Value>, entrypoint: Option<&Value>) -> Value {
    let span = name.origin.span;
    let mut fields = MapBuilder::default();
    fields.set("image", Value::clone(name));
    if let Some(is_service) = is_service {
        fields.set("is_service", Value::clone(is_service));
    }
    if let Some(entrypoint) = entrypoint {
        fields.set("entrypoint", Value::clone(entrypoint));
    }
    if let Some(row) = name.as_str().and_then(super::command::image_row) {
        fields.set_bool("starts_tool", row.does != "-", span);
        let tools = row.rest().split(',').map(|tool| Value::string(tool, span));
        fields.set("tools", Value::list(tools.collect(), span));
    }
    fields.finish(span, span)
}

/// The names of the secrets that a job reads, each once, where it is first read.
fn secrets_used(job: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for expression in list(job, "expressions") {
        for context in list(expression, "contexts") {
            let Some(name) = context.as_str().and_then(|text| text.strip_prefix("secrets.")) else {
                continue;
            };
            let name = name.to_ascii_uppercase();
            if name != "GITHUB_TOKEN" && !found.iter().any(|known| known.as_str() == Some(&name)) {
                found.push(Value::string(name, expression.origin.span));
            }
        }
    }
    found
}

/// What is handed on to other jobs.
fn put_artifacts(activities: &[Activity], header: Span, own: &mut MapBuilder) {
    for (name, does) in [("uploads", "artifact-upload"), ("downloads", "artifact-download")] {
        let fitting = activities.iter().filter(|activity| activity.does == does);
        let value = |activity: &Activity| {
            let whole = activity.fields.clone().finish(activity.whole, activity.place);
            let mut fields = MapBuilder::default();
            for (own, other) in [("name", "name"), ("paths", "targets"), ("retention_days", "retention_days")]
            {
                if let Some(value) = get(&whole, other) {
                    fields.set(own, Value::clone(value));
                }
            }
            fields.finish(activity.whole, activity.place)
        };
        own.set(name, open_list(fitting.map(value).collect(), None, header));
    }
}

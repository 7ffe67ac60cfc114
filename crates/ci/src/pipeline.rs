//! One view of pipelines over GitHub and GitLab.
//!
//! Whether every change is tested, scanned and approved before it is deployed, and whether it can be taken back, does not
//! depend on the system that runs the pipeline. [`add_view`] adds to the jobs of both the same attributes, computed from those
//! that their readers give: what a job does ([`Activity`](activity::Activity)), what it runs for ([`Event`](event::Event)), what has
//! passed before it ([`Order`](order::Order)), what it deploys and how that is approved. For all pipelines of a repository together it adds
//! one resource of kind `pipelines`.
//!
//! What well-known commands and actions do stands in tables (`commands.txt`, `actions.txt`, …), one line for each; `table` reads
//! them, `words` finds the line. What only a run decides is unknown, and so is what stands in a file that was not read.

mod action;
mod activity;
mod build_file;
mod command;
mod event;
mod facts;
mod github;
mod github_condition;
mod gitlab;
mod gitlab_condition;
mod gitlab_events;
mod include;
mod job;
mod named;
mod order;
mod range;
mod runtime;
mod step;
mod table;
mod task;
#[cfg(test)]
mod tests;
mod tier;
mod truth;
mod variables;
mod words;

use activity::Activity;
use event::{Event, events_value};
use github::{GithubContext, github_job, workflow_events};
use gitlab::{GitlabContext, gitlab_job};
use gitlab_events::GitlabEvents;
use include::included_activities;
pub use include::only_scans;
use job::{Job, Needs, Neighbors, get, list, open_list};
use named::named;
use order::{Before, Hold, Order};
use proofmark_model::{
    Address, Attribute, Elements, FileUse, Kind, Map, MapBuilder, Resource, SmolStr, UnitModel, Unknown,
    Value,
};
use proofmark_source::{FileId, Span, Workspace};
use smol_str::format_smolstr;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use task::Tasks;
use truth::Truth;
use variables::variables_set;

/// A workflow or pipeline with its jobs, by their places among the resources.
struct Group {
    whole: usize,
    jobs: Range<usize>,
}

/// What the pipelines of a repository come to together.
#[derive(Default)]
struct Together {
    systems: Vec<Value>,
    jobs: Vec<Value>,
    events: Vec<Value>,
    activities: Vec<Value>,
    deploys: Vec<Value>,
    unread: Option<SmolStr>,
    files: Vec<Span>,
    /// The first file's header, and where it says what it runs for.
    headers: Option<(Span, Span)>,
}

/// Adds the view to the jobs and pipelines of a unit, and the resource for all of them.
pub fn add_view(workspace: &dyn Workspace, folder: &str, model: &mut UnitModel) {
    let groups = groups(&model.resources);
    if groups.is_empty() {
        return;
    }
    let tasks = Tasks::new(workspace, folder);
    let mut together = Together::default();
    for group in groups {
        let counts = model
            .resources
            .get(group.whole)
            .is_some_and(|whole| counts_for_repository(workspace.path(whole.span.file), folder));
        add_to_group(&tasks, &group, model, counts.then_some(&mut together));
    }
    model.resources.extend(together.resource(workspace));
    let opened = tasks.opened().into_iter();
    model.files.extend(opened.map(|file| FileUse { file, is_whole: true }));
}

/// Whether a file is a pipeline that the code host runs: not one that is kept elsewhere, as templates are.
fn counts_for_repository(path: &str, folder: &str) -> bool {
    let inner = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    inner.starts_with(".github/workflows/") || matches!(inner, ".gitlab-ci.yml" | ".gitlab-ci.yaml")
}

fn groups(resources: &[Resource]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, resource) in resources.iter().enumerate() {
        match resource.kind.0.as_str() {
            "github_workflow" | "gitlab_pipeline" => {
                groups.push(Group { whole: index, jobs: index + 1..index + 1 });
            }
            "github_job" | "gitlab_job" => {
                if let Some(group) = groups.last_mut().filter(|group| group.jobs.end == index) {
                    group.jobs.end = index + 1;
                }
            }
            _ => {}
        }
    }
    groups
}

fn add_to_group(tasks: &Tasks<'_>, group: &Group, model: &mut UnitModel, together: Option<&mut Together>) {
    let texts = texts_around(tasks, group, model);
    let Some(whole) = model.resources.get(group.whole) else { return };
    let resources = model.resources.get(group.jobs.clone()).unwrap_or(&[]);
    let is_github = whole.kind.0 == "github_workflow";
    let (mut jobs, events, included, mut unread) = match is_github {
        true => github_jobs(tasks, whole, resources),
        false => gitlab_jobs(tasks, whole, resources),
    };
    unread = unread.or_else(|| jobs.iter().find_map(|job| job.unread.clone()));
    for (job, resource) in jobs.iter_mut().zip(resources) {
        job.settle_activities();
        let names = named(resource, job, tasks.text(resource.span.file));
        job.own.set("named", names);
    }
    let views = job_views(&jobs);
    let header = whole.header;
    let values: Vec<Value> =
        jobs.iter().zip(&views).map(|(job, view)| with_fields(&job.native, view, true)).collect();
    let included = included.iter().map(Activity::value);
    let activities =
        views.iter().flat_map(|view| list(view, "activities")).filter(|value| value.as_map().is_some());
    let activities: Vec<Value> = activities.map(Value::clone).chain(included).collect();
    let mut fields = MapBuilder::default();
    fields.set_text("system", if is_github { "github" } else { "gitlab" }, header);
    fields.set("events", events_value(&events, header));
    fields.set("variables_set", variables_set(whole, &jobs, &texts, unread.as_ref()));
    let jobs_span = get(&whole.attributes, "jobs").map_or(header, |jobs| jobs.origin.span);
    // What the reader knows to be missing stays missing, also where a table tells what it does.
    let missing = list(&whole.attributes, "jobs").iter().filter(|job| job.as_unknown().is_some());
    let all: Vec<Value> = values.iter().chain(missing).map(Value::clone).collect();
    fields.set("jobs", Value::list(all, jobs_span));
    fields.set("activities", open_list(activities.clone(), unread.as_ref(), header));
    if let Some(together) = together {
        together.add(
            whole,
            &views,
            Whole { jobs: values, activities, events: &events, unread: unread.as_ref() },
        );
    }
    let whole_view = fields.finish(header, header);
    if let Some(whole) = model.resources.get_mut(group.whole) {
        whole.attributes = with_fields(&whole.attributes, &whole_view, false);
    }
    for (resource, view) in model.resources.iter_mut().skip(group.jobs.start).zip(&views) {
        resource.attributes = with_fields(&resource.attributes, view, false);
    }
}

/// The texts that may name a variable of a pipeline: its own file, and those of the unit that are no workflows of their own.
fn texts_around<'t>(tasks: &Tasks<'t>, group: &Group, model: &UnitModel) -> Vec<&'t str> {
    let Some(own) = model.resources.get(group.whole).map(|whole| whole.span.file) else { return Vec::new() };
    let workflows: BTreeSet<FileId> = model
        .resources
        .iter()
        .filter(|resource| resource.kind.0 == "github_workflow")
        .map(|resource| resource.span.file)
        .collect();
    let files = model.files.iter().map(|used| used.file).chain([own]);
    let files: BTreeSet<FileId> = files.filter(|file| *file == own || !workflows.contains(file)).collect();
    files.into_iter().map(|file| tasks.text(file)).collect()
}

/// What a group comes to: its jobs, events, what it includes besides, and why it may hold more.
type Read = (Vec<Job>, Vec<Event>, Vec<Activity>, Option<SmolStr>);

fn github_jobs(tasks: &Tasks<'_>, whole: &Resource, resources: &[Resource]) -> Read {
    let events = workflow_events(&whole.attributes);
    let context = GithubContext { workflow: &whole.attributes, events: &events, tasks };
    let jobs = resources.iter().map(|job| github_job(&context, &job.attributes, job.header)).collect();
    (jobs, events, Vec::new(), None)
}

fn gitlab_jobs(tasks: &Tasks<'_>, whole: &Resource, resources: &[Resource]) -> Read {
    let events = GitlabEvents::new(&whole.attributes, whole.header);
    let stages = list(&whole.attributes, "stages");
    let context = GitlabContext { events: &events, tasks, stages };
    let job = |job: &Resource| gitlab_job(&context, &job.attributes, job.header);
    let jobs: Vec<Job> = resources.iter().map(job).collect();
    let (included, unread) = included_activities(&whole.attributes);
    (jobs, events.events, included, unread)
}

/// The attributes of the view of each job.
fn job_views(jobs: &[Job]) -> Vec<Value> {
    let order = Order::new(jobs);
    let before = jobs_before(jobs, &order);
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); jobs.len()];
    for (index, before) in before.iter().enumerate() {
        for earlier in before.jobs.keys() {
            waiting.get_mut(*earlier).into_iter().for_each(|behind| behind.push(index));
        }
    }
    let deploys: Vec<Vec<Value>> = jobs.iter().map(Job::deploys).collect();
    let view = |((index, job), before): ((usize, &Job), &Rc<BeforeJob>)| {
        let waiting = waiting.get(index).map_or(&[][..], Vec::as_slice);
        let neighbors = Neighbors {
            after: Elements::clone(&before.ids),
            gates: order.gates(index, &before.jobs),
            following: order.following(index, waiting),
            deploys: deploys.get(index).map_or_else(Vec::new, Vec::clone),
            leads_to: order.tiers_ahead(index, waiting, &deploys),
        };
        job.view(neighbors).finish(job.header, job.header)
    };
    jobs.iter().enumerate().zip(&before).map(view).collect()
}

/// What ends before a job.
struct BeforeJob {
    jobs: Before,
    /// Their ids, each where its job is named.
    ids: Elements,
}

/// What ends before each job. All jobs of a stage that wait for the stages before, and alike, wait for the same and share it.
fn jobs_before(jobs: &[Job], order: &Order<'_>) -> Vec<Rc<BeforeJob>> {
    let find = |index: usize| {
        let before = order.before(index);
        let ids = before.keys().filter_map(|at| jobs.get(*at));
        let ids = ids.map(|job| Value::string(SmolStr::clone(&job.id), job.header)).collect::<Vec<Value>>();
        Rc::new(BeforeJob { jobs: before, ids: ids.into() })
    };
    let mut by_stage: BTreeMap<(usize, Hold), Rc<BeforeJob>> = BTreeMap::new();
    let of_job = |(index, job): (usize, &Job)| match (&job.needs, job.stage) {
        (Needs::Stages(_), Some(stage)) => {
            let shared = by_stage.entry((stage, Hold::of_waiting(job)));
            Rc::clone(shared.or_insert_with(|| find(index)))
        }
        _ => find(index),
    };
    jobs.iter().enumerate().map(of_job).collect()
}

/// A map with further attributes. `workflow`, which a job's own resource has, is left out where the job stands in its workflow.
fn with_fields(native: &Value, view: &Value, is_inside: bool) -> Value {
    let Some(map) = native.as_map() else { return Value::clone(native) };
    let added = view.as_map().map_or(&[][..], |map| map.entries());
    let kept = map.entries().iter().filter(|entry| !is_inside || entry.name != "workflow");
    let entries = kept.chain(added).cloned().collect();
    native.with_data(proofmark_model::Data::Map(map.with_entries(entries).into()))
}

/// A map from names to the elements that have them; open where not all was read.
fn by_name(
    elements: &[Value],
    unread: Option<&SmolStr>,
    header: Span,
    names: impl Fn(&Value) -> Vec<SmolStr>,
) -> Value {
    let mut lists: BTreeMap<SmolStr, Vec<Value>> = BTreeMap::new();
    for element in elements {
        for name in names(element) {
            lists.entry(name).or_default().push(Value::clone(element));
        }
    }
    let entry = |(name, list): (SmolStr, Vec<Value>)| {
        let span = list.first().map_or(header, |first| first.origin.span);
        Attribute { name, name_span: span, value: open_list(list, unread, span) }
    };
    let mut map = Map::new(lists.into_iter().map(entry).collect()).with_header(header);
    map.unknown_rest = unread.map(|reason| Arc::new(Unknown::because(SmolStr::clone(reason))));
    Value::map(map, header)
}

/// What the view says of a workflow or pipeline as a whole.
struct Whole<'w> {
    jobs: Vec<Value>,
    activities: Vec<Value>,
    events: &'w [Event],
    /// Why there may be more.
    unread: Option<&'w SmolStr>,
}

impl Together {
    fn add(
        &mut self,
        whole: &Resource,
        views: &[Value],
        Whole { jobs, activities, events, unread }: Whole<'_>,
    ) {
        let system = if whole.kind.0 == "github_workflow" { "github" } else { "gitlab" };
        if !self.systems.iter().any(|known| known.as_str() == Some(system)) {
            self.systems.push(Value::string(system, whole.header));
        }
        self.jobs.extend(jobs);
        self.activities.extend(activities);
        let job_events = views.iter().flat_map(|view| list(view, "events"));
        // What no job runs for happens to nobody; a workflow without jobs that were read still tells its own.
        self.events.extend(job_events.map(Value::clone));
        if views.is_empty() {
            self.events.extend(events.iter().map(Event::value));
        }
        let deploys = views.iter().flat_map(|view| list(view, "deploys"));
        self.deploys.extend(deploys.filter(|deploy| deploy.as_map().is_some()).map(Value::clone));
        self.unread = self.unread.take().or_else(|| unread.cloned());
        self.files.push(whole.span);
        let triggers = whole.attributes.as_map().and_then(|map| map.get("on"));
        let triggers = triggers.map_or(whole.header, |entry| entry.name_span);
        self.headers.get_or_insert((whole.header, triggers));
    }

    /// The resource for all pipelines; none where there are none.
    fn resource(self, workspace: &dyn Workspace) -> Option<Resource> {
        let (first, parts) = self.files.split_first()?;
        let (header, triggers) = self.headers?;
        let unread = self.unread.as_ref();
        let mut fields = MapBuilder::default();
        let named = |value: &Value, name: &str| get(value, name).and_then(Value::as_str).map(SmolStr::new);
        let does = |activity: &Value| {
            let does = named(activity, "does");
            let kind = named(activity, "kind");
            let both = does.as_ref().zip(kind).map(|(does, kind)| format_smolstr!("{does}:{kind}"));
            does.into_iter().chain(both).collect()
        };
        let under = |name: &'static str| move |value: &Value| named(value, name).into_iter().collect();
        let for_all = |event: &&Value| Truth::of(get(event, "is_for_paths_only")) == Truth::False;
        let for_all: Vec<Value> = self.events.iter().filter(for_all).map(Value::clone).collect();
        fields.set("does", by_name(&self.activities, unread, header, does));
        fields.set("runs_for", by_name(&self.events, unread, triggers, under("event")));
        fields.set("runs_for_all", by_name(&for_all, unread, triggers, under("event")));
        fields.set("deploys_to", by_name(&self.deploys, unread, header, under("tier")));
        fields.set("systems", Value::list(self.systems, header));
        fields.set("jobs", open_list(self.jobs, unread, header));
        fields.set("deploys", open_list(self.deploys, unread, header));
        let whole_file = |file: FileId| {
            let length = workspace.load(file).map_or(0, str::len);
            Span::new(file, 0, length)
        };
        let span = whole_file(first.file);
        let name = SmolStr::new_static("pipelines");
        let address = Address(SmolStr::clone(&name));
        let resource = Resource::new(address, Kind(name), span, fields.finish(span, header));
        Some(Resource { parts: parts.iter().map(|part| whole_file(part.file)).collect(), ..resource })
    }
}

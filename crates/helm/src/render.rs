//! A chart with values → manifests.

mod manifest;
mod order;

pub use manifest::Manifest;

use crate::chart::{Chart, ChartFile, Dependency};
use crate::dependencies::process;
use crate::limits::{ACTIONS, MAX_ACTION_BYTES, MAX_TEMPLATE_ACTION_BYTES, MAX_VALUES, VALUES, code_of};
use crate::objects::{Capabilities, Files, capabilities, release};
use crate::schema;
use crate::values::{coalesce_values, empty};
use proofmark_gotemplate::{
    Data, Dict, ErrorKind, ExecuteError, Origin, ParseError, Place, Run, Source, Templates, Text, Trace,
    Value, execute, version_fits, without_no_value,
};
use proofmark_source::{Code, FileId, Impact, Span};
use smol_str::{SmolStr, format_smolstr};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A template, or a chart as a whole, that Helm would refuse too.
pub(crate) const RENDER: Code = Code("helm-render");

/// What a chart is installed as.
#[derive(Clone, Debug)]
pub struct Release {
    /// The name of the release.
    pub name: SmolStr,
    /// Its namespace.
    pub namespace: SmolStr,
    /// Whether nobody said which namespace it is: then what shows it is unknown.
    pub is_namespace_assumed: bool,
    /// The cluster.
    pub capabilities: Capabilities,
}

impl Default for Release {
    fn default() -> Self {
        Self {
            name: SmolStr::new_static("release-name"),
            namespace: SmolStr::new_static("default"),
            is_namespace_assumed: false,
            capabilities: Capabilities::default(),
        }
    }
}

/// What a chart became.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The manifests, in Helm's order: as they are installed, then hooks.
    pub manifests: Vec<Manifest>,
    /// What went wrong; the templates that it did not touch are rendered all the same.
    pub problems: Vec<Problem>,
}

/// Something that went wrong while rendering.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The template, by the name that Helm gives it.
    pub template: SmolStr,
    /// Helm's own words.
    pub message: String,
    /// Where it happened.
    pub place: Trace,
    /// What kind of problem it is.
    pub code: Code,
    /// The file of the template, where it is one of its own.
    pub file: Option<FileId>,
}

impl Problem {
    /// What it takes from the manifests.
    #[must_use]
    pub fn impact(&self) -> Impact {
        if self.code == schema::UNREAD { Impact::None } else { Impact::Partial }
    }

    /// The nearest place in a file.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.place.places().find_map(Place::span)
    }
}

/// A template file with the values that it sees.
struct Job {
    name: SmolStr,
    base_path: SmolStr,
    file: ChartFile,
    scope: Dict,
}

/// Renders a chart with values that the caller gave over its own.
#[must_use]
pub fn render(chart: &Chart, given: &Dict, as_release: &Release) -> Rendered {
    let mut rendered = Rendered::default();
    if chart.is_library() {
        rendered.problems.push(refusal(chart, &Value::nil(), "library charts are not installable"));
        return rendered;
    }
    if let Some(problem) = too_many_values(chart, given) {
        rendered.problems.push(problem);
        return rendered;
    }
    let mut chart = chart.clone();
    rendered.problems.extend(process(&mut chart, given));
    rendered.problems.extend(version_problem(&chart, &as_release.capabilities));
    let values = coalesce_values(&chart, given, false);
    rendered.problems.extend(schema::validate(&chart, &values));
    let jobs = jobs_of(&chart, &values, as_release);
    let templates = parse_all(&jobs, &mut rendered.problems);
    let outputs = run_all(&templates, &jobs, &mut rendered.problems);
    let (manifests, problems) = manifest::split_all(outputs);
    rendered.manifests = manifests;
    rendered.problems.extend(problems);
    rendered
}

/// Renders a chart of which nobody wants to know where anything came from; only once something has gone wrong, `again` loads
/// it to tell where.
#[must_use]
pub fn render_text(
    chart: Chart,
    again: impl FnOnce() -> Option<Chart>,
    given: &Dict,
    as_release: &Release,
) -> Rendered {
    let rendered = render(&chart.without_places(), given, as_release);
    let placed = if rendered.problems.is_empty() { None } else { again() };
    placed.map_or(rendered, |chart| render(&chart, given, as_release))
}

/// Why Helm would not install a chart at all.
fn refusal(chart: &Chart, cause: &Value, message: impl Into<String>) -> Problem {
    let template = SmolStr::clone(&chart.metadata.name);
    Problem { template, message: message.into(), place: Trace::clone(&cause.trace), code: RENDER, file: None }
}

fn version_problem(chart: &Chart, cluster: &Capabilities) -> Option<Problem> {
    let range = chart.metadata.kube_version.as_str().filter(|range| !range.is_empty())?;
    let version = &cluster.kube_version;
    if version_fits(range, version).unwrap_or(false) {
        return None;
    }
    let message =
        format!("chart requires kubeVersion: {range} which is incompatible with Kubernetes {version}");
    Some(refusal(chart, &chart.metadata.kube_version, message))
}

/// Why the values of a chart are not handed to its subcharts.
fn too_many_values(chart: &Chart, given: &Dict) -> Option<Problem> {
    let count = values_seen(chart, global_count(given)).saturating_add(entry_count(given));
    (count > MAX_VALUES).then(|| {
        let message = format!("the charts see more than {MAX_VALUES} values together");
        let place = Trace::of(Place::Value(Span::file_start(chart.file)));
        let template = SmolStr::clone(&chart.metadata.name);
        Problem { template, message, place, code: VALUES, file: None }
    })
}

/// How many values a chart and its subcharts see, of which `globals` come from above.
fn values_seen(chart: &Chart, globals: usize) -> usize {
    let globals = globals.saturating_add(global_count(&chart.values));
    let mut seen = entry_count(&chart.values).saturating_add(globals);
    for child in &chart.dependencies {
        let names = |named: &&Dependency| named.name == child.metadata.name;
        let uses = chart.metadata.dependencies.iter().filter(names).count().max(1);
        seen = seen.saturating_add(values_seen(child, globals).saturating_mul(uses));
    }
    seen
}

fn global_count(values: &Dict) -> usize {
    values.get("global").and_then(|globals| globals.as_dict().map(entry_count)).unwrap_or(0)
}

/// The entries of a map and of the maps in it.
fn entry_count(values: &Dict) -> usize {
    let inner = |(_, value): (SmolStr, Value)| value.as_dict().map_or(0, entry_count);
    values.len() + values.entries().into_iter().map(inner).sum::<usize>()
}

/// The templates of a chart and its subcharts, in the order in which Helm parses them.
fn jobs_of(chart: &Chart, values: &Dict, as_release: &Release) -> Vec<Job> {
    let shared = [("Release", release(as_release)), ("Capabilities", capabilities(&as_release.capabilities))];
    let shared = shared.into_iter().map(|(name, value)| (SmolStr::new_static(name), value)).collect();
    let path = Path { full: SmolStr::clone(&chart.metadata.name), is_root: true };
    let mut jobs = Vec::new();
    scope_of((chart, &path), values, &shared, &mut jobs);
    order::for_parsing(&mut jobs);
    jobs
}

/// What a template wrote.
struct Output {
    file: Option<FileId>,
    text: Text,
    /// Where the text as a whole came from.
    trace: Trace,
}

/// What the templates write, by name.
fn run_all(
    templates: &Rc<Templates>,
    jobs: &[Job],
    problems: &mut Vec<Problem>,
) -> BTreeMap<SmolStr, Output> {
    let mut outputs = BTreeMap::new();
    let shared = Run::default();
    let parsed: BTreeSet<&SmolStr> = templates.names().collect();
    let is_parsed = |job: &&Job| parsed.contains(&job.name);
    for job in jobs.iter().filter(|job| !job.is_partial()).filter(is_parsed) {
        match run(&shared, templates, job) {
            Ok((text, trace)) => {
                let output = Output { file: job.file_id(), text, trace };
                outputs.insert(SmolStr::clone(&job.name), output);
            }
            Err(problem) => problems.push(problem),
        }
    }
    outputs
}

/// The first line of a template.
fn start_of(job: &Job) -> Trace {
    match &job.file.origin {
        Origin::File(file) => Trace::of(Place::Action(Span::file_start(*file))),
        Origin::Computed(trace) => Trace::clone(trace),
    }
}

impl Job {
    fn problem(&self, code: Code, message: impl Into<String>, place: Trace) -> Problem {
        let template = SmolStr::clone(&self.name);
        Problem { template, message: message.into(), place, code, file: self.file_id() }
    }

    /// The file that it is; none of one in an archive.
    fn file_id(&self) -> Option<FileId> {
        match self.file.origin {
            Origin::File(file) => Some(file),
            Origin::Computed(_) => None,
        }
    }

    fn last_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Whether it only defines templates for others, or is notes for people.
    fn is_partial(&self) -> bool {
        self.last_name().starts_with('_') || self.last_name() == "NOTES.txt"
    }
}

/// Where a chart stands among charts.
struct Path {
    /// `chart/charts/child`
    full: SmolStr,
    is_root: bool,
}

/// What the templates of a chart and of its subcharts see; gives the chart's own.
fn scope_of(
    (chart, path): (&Chart, &Path),
    values: &Dict,
    shared: &BTreeMap<SmolStr, Value>,
    jobs: &mut Vec<Job>,
) -> Dict {
    let subcharts = empty();
    let mut entries = shared.clone();
    let own = [
        ("Chart", chart.metadata.value(path.is_root)),
        ("Files", Files::of(&chart.files)),
        ("Values", Data::Dict(Dict::clone(values)).into()),
        ("Subcharts", Data::Dict(Dict::clone(&subcharts)).into()),
    ];
    entries.extend(own.into_iter().map(|(name, value)| (SmolStr::new_static(name), value)));
    let scope = Dict::typed(entries, "common.Values");
    for child in &chart.dependencies {
        let name = &child.metadata.name;
        let inner = values.get(name).and_then(|inner| inner.as_dict().cloned()).unwrap_or_else(empty);
        let path = Path { full: format_smolstr!("{}/charts/{name}", path.full), is_root: false };
        let child_scope = scope_of((child, &path), &inner, shared, jobs);
        subcharts.set(SmolStr::clone(name), Data::Dict(child_scope).into());
    }
    let base_path = format_smolstr!("{}/templates", path.full);
    for file in &chart.templates {
        let is_partial = file.path.rsplit('/').next().is_some_and(|name| name.starts_with('_'));
        if chart.is_library() && !is_partial {
            continue;
        }
        jobs.push(Job {
            name: format_smolstr!("{}/{}", path.full, file.path),
            base_path: SmolStr::clone(&base_path),
            file: file.clone(),
            scope: Dict::clone(&scope),
        });
    }
    scope
}

fn parse_all(jobs: &[Job], problems: &mut Vec<Problem>) -> Rc<Templates> {
    let mut templates = Templates::default();
    let mut left = MAX_ACTION_BYTES;
    for job in jobs {
        let bytes = job.file.action_bytes();
        let Some(rest) = left.checked_sub(bytes).filter(|_| bytes <= MAX_TEMPLATE_ACTION_BYTES) else {
            let message = format!(
                "the actions take up more than {} KiB here, or {} MiB in the whole chart",
                MAX_TEMPLATE_ACTION_BYTES >> 10,
                MAX_ACTION_BYTES >> 20
            );
            problems.push(job.problem(ACTIONS, message, start_of(job)));
            continue;
        };
        left = rest;
        let source = Source {
            name: SmolStr::clone(&job.name),
            text: Rc::clone(&job.file.text),
            origin: job.file.origin.clone(),
        };
        if let Err(error) = templates.add(source) {
            problems.push(parse_problem(job, &error));
        }
    }
    Rc::new(templates)
}

fn parse_problem(job: &Job, error: &ParseError) -> Problem {
    let place = match &job.file.origin {
        Origin::File(file) => Trace::of(Place::Action(Span::new(*file, error.at, error.at))),
        Origin::Computed(trace) => Trace::clone(trace),
    };
    job.problem(RENDER, error.to_string(), place)
}

fn run(run: &Run, templates: &Rc<Templates>, job: &Job) -> Result<(Text, Trace), Problem> {
    let template = Value::dict(BTreeMap::from([
        (SmolStr::new_static("Name"), Value::text(job.name.as_str())),
        (SmolStr::new_static("BasePath"), Value::text(job.base_path.as_str())),
    ]));
    job.scope.set(SmolStr::new_static("Template"), template);
    let dot = Data::Dict(Dict::clone(&job.scope)).into();
    execute(run, templates, &job.name, &dot)
        .map(without_no_value)
        .map_err(|error| execute_problem(job, &error))
}

fn execute_problem(job: &Job, error: &ExecuteError) -> Problem {
    let place = error.frames.first().map_or_else(|| start_of(job), |frame| Trace::clone(&frame.trace));
    let code = if let ErrorKind::Limit(limit) = error.kind { code_of(limit) } else { RENDER };
    job.problem(code, error.to_string(), place)
}

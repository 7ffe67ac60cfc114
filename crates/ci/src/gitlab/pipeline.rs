//! Pipelines and their jobs as resources.

use super::codes;
use super::defaults::Variables;
use super::draft::Draft;
use super::job::{Job, job_value};
use super::keywords::{EDGE_STAGES, STAGES, TOP};
use super::matrix::instances;
use super::rules::rules_value;
use super::scripts::ScriptReader;
use super::secrets::secret_names;
use super::source::Sources;
use super::statement::{Unread, statements};
use super::tree::{carry, flat, size, texts};
use crate::places::relocate;
use proofmark_model::{
    Address, Attribute, Data, Kind, Map, MapBuilder, Origin, Reference, Resource, SmolStr, StepKind, Unknown,
    Value,
};
use proofmark_source::Span;

/// How many jobs of one pipeline are read, matrices counted. GitLab's own plans allow a few thousand.
const MAX_JOBS: usize = 5_000;

/// The pipeline and its jobs.
pub fn resources(sources: &mut Sources<'_>, draft: &Draft) -> Vec<Resource> {
    let Some(root) = draft.root() else { return Vec::new() };
    let is_empty = root.entries().is_empty() && draft.assembly.includes.is_empty();
    if is_empty && root.unknown_rest.is_none() && draft.triggered_by.is_none() {
        return Vec::new();
    }
    let jobs = jobs(sources, draft, root);
    let stages = stages(draft, root);
    let sources = &*sources;
    let reader = ScriptReader::new(sources);
    let values: Vec<Value> = jobs
        .iter()
        .map(|job| {
            let variables = job.variables.values(job.header, job.header);
            let scripts = reader.read(&job.value, &variables);
            let value = with_stage_index(job_value(job, scripts), stages.as_ref(), job.header);
            with_trigger(sources, draft, job, value)
        })
        .collect();
    let pipeline = pipeline_resource(sources, draft, root, &Contents { jobs: &values, stages });
    let jobs = jobs.iter().zip(values).map(|(job, value)| job_resource(sources, draft, job, value));
    std::iter::once(pipeline).chain(jobs).collect()
}

/// The jobs that run, in order of place, each once for every combination of its matrix.
fn jobs(sources: &mut Sources<'_>, draft: &Draft, root: &Map) -> Vec<Job> {
    let mut entries: Vec<&Attribute> = root.entries().iter().filter(|entry| is_job(entry)).collect();
    entries.sort_by_key(|entry| entry.name_span);
    let defaults = draft.defaults(root);
    let shared: usize = ["default", "variables"].iter().filter_map(|name| root.value(name)).map(size).sum();
    let mut jobs = Vec::new();
    for entry in entries {
        let instances = instances(sources, entry);
        let job = |name: &SmolStr, matrix: Option<Map>| Job {
            name: SmolStr::clone(name),
            base_name: SmolStr::clone(&entry.name),
            header: entry.name_span,
            value: defaults.applied(entry),
            variables: defaults.variables(entry, matrix.as_ref()),
            matrix,
        };
        let count = instances.as_ref().map_or(1, Vec::len);
        let weight = shared + size(&entry.value) + VALUES_OF_A_LINE * lines_of(&entry.value);
        let may_copy = sources.may_copy(count.saturating_mul(weight));
        if jobs.len() + count > MAX_JOBS || !may_copy {
            let message = format!(
                "the pipeline has more than {MAX_JOBS} jobs, or too large ones; the rest is not read"
            );
            sources.tell_lost(codes::LIMIT, entry.name_span, message);
            break;
        }
        match instances {
            Some(instances) => {
                jobs.extend(instances.into_iter().map(|one| job(&one.name, Some(one.variables))));
            }
            None => jobs.push(job(&entry.name, None)),
        }
    }
    jobs
}

/// About how many values the commands of one line become.
const VALUES_OF_A_LINE: usize = 40;

fn lines_of(job: &Value) -> usize {
    ["before_script", "script", "after_script"]
        .iter()
        .filter_map(|section| job.at_path(&[section]))
        .map(|section| flat(section).len())
        .sum()
}

/// Whether an entry at the top is a job that runs.
pub fn is_job(entry: &Attribute) -> bool {
    !entry.name.starts_with('.') && !TOP.contains(&entry.name.as_str()) && entry.value.as_map().is_some()
}

/// The stages in order, those at the edges too; `None` where a file that was not read may name others.
pub fn stages(draft: &Draft, root: &Map) -> Option<Vec<Value>> {
    let header = Span::file_start(draft.file);
    let named = root.get("stages").filter(|entry| !entry.value.is_null());
    if named.is_none() && draft.assembly.unread.iter().any(Unread::may_set_stages) {
        return None;
    }
    let by_default = |name: &str| {
        let origin = Origin::at(header).used_at(header, StepKind::Default("GitLab".into()));
        Value { origin, ..Value::string(name, header) }
    };
    let written: Vec<Value> = match named {
        Some(entry) => texts(&entry.value).into_iter().cloned().collect(),
        None => STAGES.iter().map(|name| by_default(name)).collect(),
    };
    let [first, last] = EDGE_STAGES;
    let mut stages = vec![by_default(first)];
    stages.extend(written.into_iter().filter(|name| !EDGE_STAGES.contains(&name.as_str().unwrap_or(""))));
    stages.push(by_default(last));
    Some(stages)
}

fn with_stage_index(job: Value, stages: Option<&Vec<Value>>, header: Span) -> Value {
    let stage = job.at_path(&["stage"]).and_then(Value::as_str);
    let index = stages.and_then(|stages| stages.iter().position(|name| name.as_str() == stage));
    match index.and_then(|index| i64::try_from(index).ok()) {
        Some(index) => with_entry(&job, "stage_index", Value::new(Data::Integer(index), header)),
        None => job,
    }
}

/// The job with the statements and the pipeline of its `trigger` spelled out.
fn with_trigger(sources: &Sources<'_>, draft: &Draft, job: &Job, value: Value) -> Value {
    let Some(trigger) = value.at_path(&["trigger"]).filter(|trigger| trigger.as_map().is_some()) else {
        return value;
    };
    let mut spelled = Value::clone(trigger);
    if let Some(include) = trigger.at_path(&["include"]) {
        let statements = statements(sources, include).into_iter().map(|statement| statement.value);
        spelled = with_entry(&spelled, "include", include.with_data(Data::List(statements.collect())));
    }
    if let Some(child) = draft.children.get(&job.base_name) {
        let span = trigger.origin.span;
        let reference = Reference { address: Address(SmolStr::clone(child)), attribute: SmolStr::default() };
        let origin = Origin::at(span).used_at(span, StepKind::Resource(reference));
        spelled =
            with_entry(&spelled, "pipeline", Value { origin, ..Value::string(SmolStr::clone(child), span) });
    }
    with_entry(&value, "trigger", spelled)
}

/// The map with one entry replaced.
fn with_entry(value: &Value, name: &str, entry: Value) -> Value {
    let Data::Map(map) = &value.data else { return Value::clone(value) };
    let name_span = map.get(name).map_or(entry.origin.span, |known| known.name_span);
    let mut entries = map.entries().to_vec();
    entries.push(Attribute { name: name.into(), name_span, value: entry });
    value.with_data(Data::Map(map.with_entries(entries).into()))
}

/// What a pipeline holds.
struct Contents<'a> {
    jobs: &'a [Value],
    stages: Option<Vec<Value>>,
}

fn pipeline_resource(sources: &Sources<'_>, draft: &Draft, root: &Map, contents: &Contents<'_>) -> Resource {
    let context = sources.opened(draft.file).map(|source| (source.context(), source.first_line()));
    let start = Span::file_start(draft.file);
    let (whole, header, comments) = match &context {
        Some((context, first_line)) => (context.whole(), *first_line, context.comments_of(context.whole())),
        None => (start, start, Vec::new()),
    };
    let frame = Frame { draft, header };
    let attributes = pipeline_value(sources, &frame, root, contents).finish(whole, header);
    let address = Address(SmolStr::clone(&draft.address));
    let resource = Resource::new(address, Kind("gitlab_pipeline".into()), whole, attributes);
    Resource { calls: draft.assembly.calls(draft.file), comments, ..resource }
}

fn pipeline_value(
    sources: &Sources<'_>,
    frame: &Frame<'_>,
    root: &Map,
    contents: &Contents<'_>,
) -> MapBuilder {
    let header = frame.header;
    let mut fields = MapBuilder::default();
    put_keywords(frame, root, &mut fields);
    let inputs = sources.opened(frame.draft.file).and_then(|source| source.header.as_ref());
    if let Some(inputs) = inputs.and_then(|header| header.at_path(&["spec", "inputs"])) {
        fields.set("inputs", Value::clone(inputs));
    }
    if let Some(named) = root.get("stages").filter(|entry| !entry.value.is_null()) {
        let place = frame.settled(&named.value).origin.span;
        let declared = texts(&named.value).into_iter().map(|stage| frame.settled(stage));
        fields.set("declared_stages", Value::list(declared.collect(), place));
    }
    match &contents.stages {
        Some(stages) => {
            let place = root.get("stages").map_or(header, |stages| frame.settled(&stages.value).origin.span);
            let stages = stages.iter().map(|stage| frame.settled(stage));
            fields.set("stages", Value::list(stages.collect(), place));
        }
        None => frame.put_unknown("stages", Unread::may_set_stages, &mut fields),
    }
    frame.put_files(contents, &mut fields);
    fields
}

/// The keywords at the top, `variables` and `workflow` in their longest spelling.
fn put_keywords(frame: &Frame<'_>, root: &Map, fields: &mut MapBuilder) {
    for entry in root.entries().iter().filter(|entry| TOP.contains(&entry.name.as_str())) {
        frame.put(&entry.name, entry, fields);
    }
    if let Some(variables) = root.get("variables") {
        let settled = frame.settled(&variables.value);
        let all = Variables::at_top(&settled);
        let span = settled.origin.span;
        let declared = all.declared(span);
        fields.put("variables", frame.header, all.values(span, span));
        fields.set("secret_names", secret_names(&[], &declared, span));
        fields.set("declared_variables", declared);
    }
    match root.get("workflow") {
        Some(workflow) => {
            let value = match workflow.value.at_path(&["rules"]) {
                Some(rules) => with_entry(&workflow.value, "rules", rules_value(rules)),
                None => Value::clone(&workflow.value),
            };
            frame.put("workflow", &workflow.with_value(value), fields);
        }
        None => frame.put_unknown("workflow", Unread::may_set_workflow, fields),
    }
}

/// Where the attributes of a pipeline must lie: in the file that names it.
struct Frame<'a> {
    draft: &'a Draft,
    /// Where what has no better place stands.
    header: Span,
}

impl Frame<'_> {
    /// The value seen from the pipeline's file: what an included file says stands where that is included.
    fn settled(&self, value: &Value) -> Value {
        let file = value.origin.span.file;
        if file == self.draft.file {
            return Value::clone(value);
        }
        match self.draft.assembly.way(file).filter(|way| way.span.file == self.draft.file) {
            Some(way) => carry(value, &way),
            // What a trigger says of a child pipeline stands in the file of its job.
            None => relocate(value, self.header, "trigger"),
        }
    }

    fn put(&self, name: &str, entry: &Attribute, fields: &mut MapBuilder) {
        let value = self.settled(&entry.value);
        let is_here = entry.name_span.file == self.draft.file;
        fields.put(name, if is_here { entry.name_span } else { value.origin.span }, value);
    }

    /// A keyword that one of the files may set that were not read.
    fn put_unknown(&self, name: &str, may_set: fn(&Unread) -> bool, fields: &mut MapBuilder) {
        if let Some(unread) = self.draft.assembly.unread.iter().find(|unread| may_set(unread)) {
            let place = self.settled(&Value::string("", unread.span)).origin.span;
            fields.put(name, place, Value::unknown(Unknown::because(unread.reason.as_str()), place));
        }
    }

    /// The jobs, and the files that were read for them or were not. What was not read may hold further jobs.
    fn put_files(&self, contents: &Contents<'_>, fields: &mut MapBuilder) {
        let header = self.header;
        let assembly = &self.draft.assembly;
        let mut jobs = contents.jobs.to_vec();
        let mut unread = Vec::new();
        for missing in assembly.unread.iter().chain(&self.draft.unknown_children) {
            let here = self.settled(&Value::string(missing.name.as_str(), missing.span));
            let span = here.origin.span;
            if missing.may_hold_jobs() {
                jobs.push(Value::unknown(Unknown::because(missing.reason.as_str()), span));
            }
            let mut entry = MapBuilder::default();
            entry.set_text("kind", missing.kind, span);
            entry.set("name", here);
            entry.set_text("reason", &missing.reason, span);
            entry.set_bool("may_hold_jobs", missing.may_hold_jobs(), span);
            unread.push(entry.finish(span, span));
        }
        fields.set("jobs", Value::list(jobs, header));
        fields.set("unread", Value::list(unread, header));
        if !assembly.includes.is_empty() {
            let place = assembly.includes.first().map_or(header, |include| self.settled(include).origin.span);
            let includes = assembly.includes.iter().map(|include| self.settled(include));
            fields.set("include", Value::list(includes.collect(), place));
        }
        if let Some(by) = &self.draft.triggered_by {
            fields.set_bool("is_child", true, header);
            fields.set_text("triggered_by", by, header);
        }
    }
}

fn job_resource(sources: &Sources<'_>, draft: &Draft, job: &Job, value: Value) -> Resource {
    let span = job.span();
    let comments =
        sources.opened(span.file).map(|source| source.context().comments_of(span)).unwrap_or_default();
    let address = Address(SmolStr::new(format!("{}/job.{}", draft.address, job.name)));
    Resource {
        header: job.header,
        calls: draft.assembly.calls(span.file),
        comments,
        ..Resource::new(address, Kind("gitlab_job".into()), span, value)
    }
}

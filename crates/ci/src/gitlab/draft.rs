//! The pipelines of a repository before they become resources: the main one, and the child pipelines that its jobs start.

use super::codes;
use super::defaults::Defaults;
use super::extends::resolve_extends;
use super::include::{Assembly, assemble, assemble_included};
use super::inputs::Given;
use super::pipeline::is_job;
use super::reference::resolve_references;
use super::source::Sources;
use super::statement::Unread;
use super::tree::open;
use crate::pipeline::only_scans;
use proofmark_model::{Attribute, Data, Map, SmolStr, Unknown, Value};
use proofmark_source::{FileId, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// GitLab's own limit on how deep child pipelines nest below the main one.
const MAX_CHILD_DEPTH: usize = 2;

/// How many child pipelines are read for one main pipeline: more than people write by hand, few enough that two files that
/// start each other end early.
const MAX_CHILDREN: usize = 100;

/// A pipeline with everything merged that its files say.
pub struct Draft {
    /// Its address.
    pub address: SmolStr,
    /// The file that names it.
    pub file: FileId,
    /// Its files put together; the root has every base and reference in place.
    pub assembly: Assembly,
    /// The address of the job that starts it; `None` for the main pipeline.
    pub triggered_by: Option<SmolStr>,
    /// The variables that the job hands over.
    pub forwarded: Option<Value>,
    /// The addresses of the pipelines that its jobs start, by job.
    pub children: BTreeMap<SmolStr, SmolStr>,
    /// What its jobs start and nobody knows here.
    pub unknown_children: Vec<Unread>,
}

impl Draft {
    /// The entries at the top.
    pub fn root(&self) -> Option<&Map> {
        self.assembly.root.as_map()
    }

    /// What jobs take from the top.
    pub fn defaults<'d>(&'d self, root: &'d Map) -> Defaults<'d> {
        Defaults::of(root, &self.assembly.unread).with_forwarded(self.forwarded.as_ref())
    }
}

/// The pipeline that begins in `file`, and those that it starts. A file that is not named like a main pipeline is a part of
/// one that the repository does not show.
pub fn gather(sources: &mut Sources<'_>, file: FileId, is_main: bool) -> Vec<Draft> {
    let mut assembly = assemble(sources, file, Given::AtStart);
    if !is_main {
        let name = SmolStr::new(sources.workspace.path(file));
        let reason = format!("`{name}` is a part of a pipeline that is not in the repository").into();
        assembly.unread.push(Unread { kind: "file", name, reason, span: Span::file_start(file) });
    }
    let main = settled(sources, assembly, "pipeline".into(), file);
    let mut gatherer = Gatherer { sources, drafts: vec![main], known: BTreeMap::new() };
    let mut depths = vec![0];
    let mut index = 0;
    while let Some(depth) = depths.get(index).copied() {
        gatherer.start_children(index, depth);
        depths.resize(gatherer.drafts.len(), depth + 1);
        index += 1;
    }
    gatherer.drafts
}

/// The draft of an assembly, with bases and references in place.
fn settled(sources: &mut Sources<'_>, mut assembly: Assembly, address: SmolStr, file: FileId) -> Draft {
    let extended = resolve_extends(sources, &assembly.root, &assembly.unread);
    let resolved = resolve_references(sources, &extended, &assembly.unread);
    assembly.root = opened(&resolved, &assembly.unread);
    Draft {
        address,
        file,
        assembly,
        triggered_by: None,
        forwarded: None,
        children: BTreeMap::new(),
        unknown_children: Vec::new(),
    }
}

/// What the scans of GitLab's own templates set. They name no environment, start no pipeline and keep no secrets.
const OF_SCANS: [&str; 6] = ["allow_failure", "artifacts", "image", "rules", "script", "stage"];

/// The root with jobs that may hold more marked: those that run nothing by themselves, where a file that was not read may
/// hold the rest.
fn opened(root: &Value, unread: &[Unread]) -> Value {
    let holders = || unread.iter().filter(|unread| unread.may_hold_jobs());
    let open_one = holders().find(|unread| !only_scans(unread.kind, &unread.name));
    let (Some(map), Some(missing)) = (root.as_map(), open_one.or_else(|| holders().next())) else {
        return Value::clone(root);
    };
    let unknown = Arc::new(Unknown::because(format!("the job may go on elsewhere: {}", missing.reason)));
    let entries = map.entries().iter().map(|entry| {
        let runs = ["script", "run", "trigger"].iter().any(|key| entry.value.at_path(&[key]).is_some());
        match is_job(entry) && !runs {
            true if open_one.is_none() => entry.with_value(opened_scan(entry, &unknown)),
            true => entry.with_value(open(&entry.value, &unknown)),
            false => Attribute::clone(entry),
        }
    });
    root.with_data(Data::Map(map.with_entries(entries.collect()).into()))
}

/// A scan that goes on in a template.
fn opened_scan(job: &Attribute, unknown: &Arc<Unknown>) -> Value {
    let Some(map) = job.value.as_map() else { return Value::clone(&job.value) };
    let mut entries = map.with_values(|entry| open(&entry.value, unknown)).entries().to_vec();
    let missing = OF_SCANS.iter().filter(|name| map.get(name).is_none());
    entries.extend(missing.map(|name| Attribute {
        name: SmolStr::new_static(name),
        name_span: job.name_span,
        value: Value::unknown(Unknown::clone(unknown), job.name_span),
    }));
    job.value.with_data(Data::Map(map.with_entries(entries).into()))
}

struct Gatherer<'s, 'w> {
    sources: &'s mut Sources<'w>,
    drafts: Vec<Draft>,
    /// The addresses of child pipelines by what makes them: the statement and the variables handed over.
    known: BTreeMap<String, SmolStr>,
}

impl Gatherer<'_, '_> {
    fn start_children(&mut self, index: usize, depth: usize) {
        let Some(draft) = self.drafts.get(index) else { return };
        let Some(root) = draft.root() else { return };
        let triggers = root.entries().iter().filter(|entry| !entry.name.starts_with('.'));
        let triggers =
            triggers.filter_map(|entry| Some((entry, entry.value.at_path(&["trigger", "include"])?)));
        let defaults = draft.defaults(root);
        let started: Vec<(Attribute, Value, Option<Value>)> = triggers
            .map(|(entry, include)| {
                (Attribute::clone(entry), Value::clone(include), handed_over(entry, &defaults))
            })
            .collect();
        let parent = SmolStr::clone(&draft.address);
        for (job, include, variables) in started {
            if depth >= MAX_CHILD_DEPTH || self.drafts.len() > MAX_CHILDREN {
                let message = format!("child pipelines nest deeper than {MAX_CHILD_DEPTH} levels");
                self.sources.tell_lost(codes::LIMIT, include.origin.span, message);
                continue;
            }
            let triggered_by = SmolStr::new(format!("{parent}/job.{}", job.name));
            let child = self.child(&include, variables, triggered_by);
            let Some(draft) = self.drafts.get_mut(index) else { continue };
            match child {
                Ok(address) => {
                    draft.children.insert(SmolStr::clone(&job.name), address);
                }
                Err(unread) => draft.unknown_children.extend(unread),
            }
        }
    }

    /// The address of the child pipeline; what cannot be read where that is all of it.
    fn child(
        &mut self,
        include: &Value,
        forwarded: Option<Value>,
        by: SmolStr,
    ) -> Result<SmolStr, Vec<Unread>> {
        let key = format!("{include}{forwarded:?}");
        if let Some(known) = self.known.get(&key) {
            return Ok(SmolStr::clone(known));
        }
        let assembly = assemble_included(self.sources, include);
        let paths = assembly.includes.iter().filter_map(|include| include.at_path(&["files"])?.as_list());
        let found = paths
            .flatten()
            .filter_map(Value::as_str)
            .find_map(|path| Some((SmolStr::new(path), self.sources.workspace.find(path)?)));
        let Some((path, file)) = found else { return Err(assembly.unread) };
        let namesakes = self.drafts.iter().filter(|draft| draft.file == file).count();
        let address = match namesakes {
            0 => format!("pipeline.{path}"),
            _ => format!("pipeline.{path}#{}", namesakes + 1),
        };
        let address = SmolStr::new(address);
        let draft = settled(self.sources, assembly, SmolStr::clone(&address), file);
        self.drafts.push(Draft { triggered_by: Some(by), forwarded, ..draft });
        self.known.insert(key, SmolStr::clone(&address));
        Ok(address)
    }
}

/// The variables that a job hands over to the pipeline it starts: all that the files set for it, unless it says otherwise.
fn handed_over(job: &Attribute, defaults: &Defaults<'_>) -> Option<Value> {
    let forwards = job.value.at_path(&["trigger", "forward", "yaml_variables"]);
    if forwards.is_some_and(|forwards| forwards.data == Data::Bool(false)) {
        return None;
    }
    let variables = defaults.variables(job, None);
    (!variables.is_empty()).then(|| variables.values(job.name_span, job.name_span))
}

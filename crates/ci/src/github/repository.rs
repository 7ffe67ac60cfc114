//! The files of a repository, read together.

use super::check::check_file;
use super::home::Home;
use super::{read_action, read_dependabot, read_workflow};
use crate::calls::{Call, Callable, Calls};
use crate::class::Class;
use crate::context::FileContext;
use crate::expression::Scope;
use crate::places::place;
use crate::reader::{SHAPE, file_stem, first_mapping, shapeless};
use proofmark_model::{Address, FileUse, SmolStr, UnitModel};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace, join_path, parent_path};
use proofmark_syntax::{Node, Parsed, YamlDialect, parse_yaml};
use std::cell::Cell;
use std::collections::BTreeMap;

/// How many jobs and steps are read once more for the calls that lead to them: workflows that call workflows multiply,
/// and real repositories stay below a few hundred.
const MAX_EXPANDED: usize = 10_000;

/// That calls lead to more than is read.
const CALL_LIMIT: Code = Code("github-call-limit");

/// What the files of a repository share.
pub struct Repository<'a> {
    /// The files, in order of id.
    pub files: Vec<SourceFile<'a>>,
    /// Who calls whom.
    pub calls: Calls<'a>,
    /// The folder that holds `.github`.
    root: &'a str,
    /// The places in `files` by the path that a local `uses` would name.
    places: BTreeMap<String, usize>,
    /// How many jobs and steps may still be read for calls.
    expansions_left: Cell<usize>,
    /// The first call that is not followed because there are too many.
    unfollowed: Cell<Option<Span>>,
}

/// A file of the repository.
pub struct SourceFile<'a> {
    /// Its text and comments.
    pub context: FileContext<'a>,
    /// What it is.
    pub class: Class,
    /// Its path.
    pub path: &'a str,
    /// The resource that it becomes.
    pub address: Address,
    /// The entries at the top, where there are any.
    pub root: Option<&'a Node>,
}

/// Reads the workflows, actions and Dependabot settings among `files`, with `.github` in the folder `root`.
pub fn read_repository(workspace: &dyn Workspace, root: &str, files: &[FileId], model: &mut UnitModel) {
    let mut parsed = Vec::new();
    for &file in files {
        match workspace.load(file) {
            Ok(text) => parsed.push((file, text, parse_yaml(file, text, YamlDialect::Core))),
            Err(_) => model.files.push(FileUse { file, is_whole: false }),
        }
    }
    let sources = parsed.iter().filter_map(|(file, text, parsed)| {
        source_file(
            root,
            workspace.path(*file),
            FileContext { file: *file, text, lines: workspace.line_index(*file), comments: &parsed.comments },
            parsed,
        )
    });
    let repository = Repository::new(root, sources.collect());
    for index in 0..repository.files.len() {
        let home = Home { repository: &repository, file: index, path: &[] };
        home.read(model);
    }
    if let Some(place) = repository.unfollowed.get() {
        let message = format!(
            "calls lead to more than {MAX_EXPANDED} jobs and steps; this one and others are not followed"
        );
        model.diagnostics.push(Diagnostic::new(CALL_LIMIT, Impact::Partial, place, message));
    }
    for (file, _, parsed) in parsed {
        let is_odd = |diagnostic: &Diagnostic| diagnostic.impact != Impact::None;
        let own = model.diagnostics.iter().filter(|diagnostic| diagnostic.span.file == file);
        let is_whole = !parsed.diagnostics.iter().chain(own).any(is_odd);
        model.files.push(FileUse { file, is_whole });
        model.diagnostics.extend(parsed.diagnostics);
    }
}

fn source_file<'a>(
    root: &str,
    path: &'a str,
    context: FileContext<'a>,
    parsed: &'a Parsed,
) -> Option<SourceFile<'a>> {
    let class = Class::of_claimed(path)?;
    let address = match class {
        Class::Action => action_address(root, path),
        Class::Dependabot => Address("dependabot".into()),
        Class::Workflow => Address(SmolStr::new(format!("workflow.{}", file_stem(path)))),
        Class::GitLab => return None,
    };
    let root = first_mapping(parsed).map(|document| &document.root);
    Some(SourceFile { context, class, path, address, root })
}

/// `action` at the root of the unit, else `action.<folder>`.
fn action_address(root: &str, path: &str) -> Address {
    let folder = parent_path(path);
    let inner = folder.strip_prefix(root).unwrap_or(folder).trim_start_matches('/');
    Address(if inner.is_empty() { "action".into() } else { SmolStr::new(format!("action.{inner}")) })
}

impl<'a> Repository<'a> {
    fn new(root: &'a str, files: Vec<SourceFile<'a>>) -> Self {
        let place = |(index, file): (usize, &SourceFile<'_>)| match file.class {
            Class::Workflow => Some((file.path.to_owned(), index)),
            Class::Action => Some((parent_path(file.path).to_owned(), index)),
            Class::Dependabot | Class::GitLab => None,
        };
        let places = files.iter().enumerate().filter_map(place).collect();
        let mut repository = Self {
            files,
            calls: Calls::default(),
            root,
            places,
            expansions_left: Cell::new(MAX_EXPANDED),
            unfollowed: Cell::new(None),
        };
        repository.calls = repository.find_calls();
        repository
    }

    /// The file that a local `uses` names.
    pub fn target(&self, uses: &str) -> Option<usize> {
        let path = join_path(self.root, uses)?;
        self.places.get(path.as_str()).copied()
    }

    /// Whether what stands in `file` may be read once more for the call at `place`.
    pub fn may_expand(&self, file: &SourceFile<'_>, place: Span) -> bool {
        let left = self.expansions_left.get().checked_sub(size(file));
        match left {
            Some(left) => self.expansions_left.set(left),
            None if self.unfollowed.get().is_none() => self.unfollowed.set(Some(place)),
            None => {}
        }
        left.is_some()
    }

    fn find_calls(&self) -> Calls<'a> {
        let callable = |file: &SourceFile<'a>| Callable { inputs: declared_inputs(file), calls: Vec::new() };
        let mut calls = Calls { files: self.files.iter().map(callable).collect(), calls: Vec::new() };
        for (from, file) in self.files.iter().enumerate() {
            let Some(root) = file.root else { continue };
            match file.class {
                Class::Workflow => self.find_in_workflow(from, root, &mut calls),
                Class::Action => {
                    let scope = Scope { steps: root.at_path(&["runs", "steps"]), ..Scope::default() };
                    self.find_in_steps(from, &file.address, &scope, &mut calls);
                }
                Class::Dependabot | Class::GitLab => {}
            }
        }
        for (number, call) in calls.calls.iter().enumerate() {
            if let Some(callable) = calls.files.get_mut(call.to) {
                callable.calls.push(number);
            }
        }
        calls
    }

    fn find_in_workflow(&self, from: usize, root: &'a Node, calls: &mut Calls<'a>) {
        let stem = self.files.get(from).map_or("", |file| file_stem(file.path));
        for entry in root.get("jobs").map(Node::entries).unwrap_or_default() {
            let caller =
                Address(SmolStr::new(format!("workflow.{stem}/job.{}", entry.key.as_str().unwrap_or(""))));
            let scope = job_scope(root, &entry.value);
            self.find_in_steps(from, &caller, &scope, calls);
            calls.calls.extend(self.call_at(from, &caller, &entry.value, &scope));
        }
    }

    fn find_in_steps(&self, from: usize, caller: &Address, scope: &Scope<'a>, calls: &mut Calls<'a>) {
        for step in scope.steps.map(Node::elements).unwrap_or_default() {
            let own = step.get("env").into_iter();
            let environments = own.chain(scope.environments.iter().copied()).collect();
            let scope = Scope { environments, ..scope.clone() };
            calls.calls.extend(self.call_at(from, caller, step, &scope));
        }
    }

    /// The call that the job or step in `node` is.
    fn call_at(&self, from: usize, caller: &Address, node: &'a Node, scope: &Scope<'a>) -> Option<Call<'a>> {
        let uses = node.get("uses")?;
        let to = self.target(uses.as_str().filter(|text| is_local(text))?)?;
        Some(Call {
            from,
            to,
            caller: caller.clone(),
            place: place(uses),
            with: node.get("with"),
            environments: scope.environments.to_vec(),
            matrix: scope.matrix,
            steps: scope.steps,
        })
    }
}

/// The number of jobs and steps in a file.
fn size(file: &SourceFile<'_>) -> usize {
    let Some(root) = file.root else { return 0 };
    let steps = |holder: &Node| 1 + holder.get("steps").map_or(0, |steps| steps.elements().len());
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    jobs.iter().map(|entry| steps(&entry.value)).sum::<usize>() + root.get("runs").map_or(0, steps)
}

/// Whether a `uses` names a file of the repository.
pub fn is_local(uses: &str) -> bool {
    uses.starts_with("./") || uses.starts_with("../") || uses == "."
}

/// What names stand for in a job, but for its inputs and the combinations of its matrix.
pub fn job_scope<'n>(workflow: &'n Node, job: &'n Node) -> Scope<'n> {
    Scope {
        environments: job.get("env").into_iter().chain(workflow.get("env")).collect(),
        matrix: job.at_path(&["strategy", "matrix"]),
        combinations: None,
        steps: job.get("steps"),
        inputs: None,
    }
}

fn no_workflow(root: &Node) -> Diagnostic {
    let message = "the file is no github workflow: it has neither `on` nor `jobs`";
    Diagnostic::new(SHAPE, Impact::Partial, entry_span(root), message)
}

/// The first key of a map.
fn entry_span(root: &Node) -> Span {
    root.entries().first().map_or(root.span, |entry| entry.key.span)
}

fn declared_inputs<'n>(file: &SourceFile<'n>) -> Vec<&'n Node> {
    let Some(root) = file.root else { return Vec::new() };
    match file.class {
        Class::Action => root.get("inputs").into_iter().collect(),
        _ => ["workflow_call", "workflow_dispatch"]
            .iter()
            .filter_map(|trigger| root.at_path(&["on", trigger, "inputs"]))
            .collect(),
    }
}

impl Home<'_> {
    /// Reads the file into `model`.
    fn read(&self, model: &mut UnitModel) {
        let Some(source) = self.source() else { return };
        let Some(root) = source.root else {
            return if !model.diagnostics.iter().any(|known| known.span.file == source.context.file) {
                model.diagnostics.push(shapeless(source.context.file, source.class));
            };
        };
        if source.class == Class::Workflow && root.get("on").is_none() && root.get("jobs").is_none() {
            return model.diagnostics.push(no_workflow(root));
        }
        match source.class {
            Class::Action => model.resources.push(read_action(self, source, root)),
            Class::Dependabot => model.resources.push(read_dependabot(&source.context, root)),
            Class::Workflow => model.resources.extend(read_workflow(self, source, root)),
            Class::GitLab => {}
        }
        check_file(self, source, root, &mut model.diagnostics);
    }
}

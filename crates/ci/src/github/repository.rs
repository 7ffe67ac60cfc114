//! What the files of a repository share: who calls whom.

use crate::calls::{Call, Callable, Calls};
use crate::class::Class;
use crate::context::FileContext;
use crate::expression::Scope;
use crate::places::place;
use proofmark_model::Address;
use proofmark_source::{Code, Diagnostic, Impact, Span, join_path, parent_path};
use proofmark_syntax::Node;
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

impl<'a> Repository<'a> {
    /// The repository of these files, with `.github` in the folder `root`.
    pub fn new(root: &'a str, files: Vec<SourceFile<'a>>) -> Self {
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

    /// That some calls were not followed, where that is so.
    pub fn limit(&self) -> Option<Diagnostic> {
        let message = format!(
            "calls lead to more than {MAX_EXPANDED} jobs and steps; this one and others are not followed"
        );
        self.unfollowed.get().map(|place| Diagnostic::new(CALL_LIMIT, Impact::Partial, place, message))
    }

    fn find_calls(&self) -> Calls<'a> {
        let callable = |file: &SourceFile<'a>| Callable {
            inputs: declared_inputs(file),
            root: file.root,
            ..Callable::default()
        };
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
        let workflow = self.files.get(from).map_or("", |file| &file.address.0);
        for entry in root.get("jobs").map(Node::entries).unwrap_or_default() {
            let caller = format!("{workflow}/job.{}", entry.key.as_str().unwrap_or(""));
            let caller = Address(caller.into());
            let scope = Scope::of_job(root, &entry.value);
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

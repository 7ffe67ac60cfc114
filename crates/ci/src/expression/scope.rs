//! What names stand for at a place.

use super::{is_dynamic, whole_constant};
use crate::calls::Calls;
use crate::places::place;
use proofmark_model::{StepKind, Value};
use proofmark_syntax::Node;

/// What the names `env`, `matrix`, `inputs`, `steps` and `needs` stand for at a place.
#[derive(Clone, Default)]
pub struct Scope<'n> {
    /// The `env` maps that apply, innermost first.
    pub environments: Vec<&'n Node>,
    /// The job's `strategy.matrix`.
    pub matrix: Option<&'n Node>,
    /// The combinations that the matrix expands to, where the file says so.
    pub combinations: Option<&'n [Value]>,
    /// The steps of the job or action.
    pub steps: Option<&'n Node>,
    /// What `inputs` stands for.
    pub inputs: Option<Inputs<'n>>,
    /// The workflow around the job, whose other jobs hand over outputs.
    pub workflow: Option<&'n Node>,
}

/// What `inputs` stands for in a file that can be called.
#[derive(Clone, Copy)]
pub struct Inputs<'n> {
    /// Who calls whom.
    pub calls: &'n Calls<'n>,
    /// The file.
    pub file: usize,
    /// The calls that led here, outermost first; empty where it may be any of them, or none that the repository holds.
    pub path: &'n [usize],
}

/// A node that supplies a name, with what names stand for where it is written.
pub struct Source<'n> {
    /// The node.
    pub node: &'n Node,
    /// What names stand for there; `None` for the place that asks.
    pub scope: Option<Scope<'n>>,
    /// How it supplies the name.
    pub kind: StepKind,
}

/// What supplies a context.
pub struct Sources<'n> {
    /// The nodes that do.
    pub nodes: Vec<Source<'n>>,
    /// Whether nothing else can.
    pub is_complete: bool,
}

impl<'n> Scope<'n> {
    /// What names stand for in a job, but for its inputs and the combinations of its matrix.
    pub fn of_job(workflow: &'n Node, job: &'n Node) -> Self {
        Self {
            environments: job.get("env").into_iter().chain(workflow.get("env")).collect(),
            matrix: job.at_path(&["strategy", "matrix"]),
            combinations: None,
            steps: job.get("steps"),
            inputs: None,
            workflow: Some(workflow),
        }
    }

    /// What supplies a context, as far as the files say; `None` for contexts that only a run knows.
    pub fn sources(&self, pattern: &str) -> Option<Sources<'n>> {
        let (head, rest) = pattern.split_once('.')?;
        let name = rest.split('.').next()?;
        match head {
            "env" => {
                let node = self.environments.iter().find_map(|map| entry_of(map, name))?;
                Some(Sources { nodes: vec![here(node, "env")], is_complete: true })
            }
            "matrix" => {
                let nodes = matrix_values(self.matrix?, name)?;
                let nodes = nodes.into_iter().map(|node| here(node, "matrix")).collect();
                Some(Sources { nodes, is_complete: true })
            }
            "inputs" => Some(self.inputs?.sources(name)),
            "needs" | "jobs" => self.job_output(rest),
            _ => None,
        }
    }

    /// What another job writes as its output. A step may compute it in ways that no file shows, so that it stays a source of
    /// its own.
    fn job_output(&self, path: &str) -> Option<Sources<'n>> {
        let parts: Vec<&str> = path.split('.').collect();
        let [id, "outputs", output, ..] = parts.as_slice() else { return None };
        let workflow = self.workflow?;
        let job = entry_of(workflow.get("jobs")?, id)?;
        let (node, scope) = match job.get("uses") {
            Some(uses) => self.called_output(uses, output)?,
            None => {
                let scope = Scope { inputs: self.inputs, ..Scope::of_job(workflow, job) };
                (entry_of(job.get("outputs")?, output)?, scope)
            }
        };
        let source = Source { node, scope: Some(scope), kind: StepKind::Included("needs".into()) };
        Some(Sources { nodes: vec![source], is_complete: false })
    }

    /// What a workflow of the repository hands back to the job that calls it.
    fn called_output(&self, uses: &Node, output: &str) -> Option<(&'n Node, Scope<'n>)> {
        let Inputs { calls, file, .. } = self.inputs?;
        let (_, call) = calls.at(file, place(uses))?;
        let workflow = calls.files.get(call.to)?.root?;
        let outputs = workflow.at_path(&["on", "workflow_call", "outputs"])?;
        let inputs = Some(Inputs { calls, file: call.to, path: &[] });
        let scope = Scope { inputs, workflow: Some(workflow), ..Scope::default() };
        Some((entry_of(outputs, output)?.get("value")?, scope))
    }

    /// The step of that id.
    pub fn step(&self, id: &str) -> Option<&'n Node> {
        let has_id = |step: &&Node| {
            step.get("id").and_then(Node::as_str).is_some_and(|own| own.eq_ignore_ascii_case(id))
        };
        self.steps?.elements().iter().find(has_id)
    }
}

fn here<'n>(node: &'n Node, name: &'static str) -> Source<'n> {
    Source { node, scope: None, kind: StepKind::Included(name.into()) }
}

impl<'n> Inputs<'n> {
    /// The declaration of an input.
    pub fn declaration(&self, name: &str) -> Option<&'n Node> {
        let callable = self.calls.files.get(self.file)?;
        callable.inputs.iter().find_map(|map| entry_of(map, name))
    }

    /// What the callers hand over under that name, or its default.
    fn sources(&self, name: &str) -> Sources<'n> {
        let calls = self.calls;
        let kind = || StepKind::Variable(format!("inputs.{name}").into());
        let default = self.declaration(name).and_then(|declared| declared.get("default"));
        let default = default.map(|node| Source { node, scope: None, kind: kind() });
        let Some((last, outer)) = self.path.split_last() else {
            let given = calls.of(self.file).filter_map(|(_, call)| {
                let scope = call_scope(calls, call, &[]);
                Some(Source { node: entry_of(call.with?, name)?, scope: Some(scope), kind: kind() })
            });
            return Sources { nodes: given.chain(default).collect(), is_complete: false };
        };
        let given = calls.calls.get(*last).and_then(|call| {
            let scope = call_scope(calls, call, outer);
            Some(Source { node: entry_of(call.with?, name)?, scope: Some(scope), kind: kind() })
        });
        Sources { nodes: given.or(default).into_iter().collect(), is_complete: true }
    }
}

fn call_scope<'n>(calls: &'n Calls<'n>, call: &'n crate::calls::Call<'n>, path: &'n [usize]) -> Scope<'n> {
    Scope {
        environments: call.environments.to_vec(),
        matrix: call.matrix,
        combinations: None,
        steps: call.steps,
        inputs: Some(Inputs { calls, file: call.from, path }),
        workflow: None,
    }
}

/// The value under a key in any case.
fn entry_of<'n>(map: &'n Node, name: &str) -> Option<&'n Node> {
    let has_name = |key: &Node| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name));
    map.entries().iter().find(|entry| has_name(&entry.key)).map(|entry| &entry.value)
}

/// The nodes that a matrix gives to one of its names; `None` where a run computes them.
fn matrix_values<'n>(matrix: &'n Node, name: &str) -> Option<Vec<&'n Node>> {
    if matrix.as_str().is_some() {
        return None;
    }
    let mut values = Vec::new();
    if let Some(axis) = entry_of(matrix, name) {
        if is_computed(axis) {
            return None;
        }
        values.extend(axis.elements());
    }
    if let Some(include) = matrix.get("include") {
        if is_computed(include) {
            return None;
        }
        values.extend(include.elements().iter().filter_map(|element| entry_of(element, name)));
    }
    Some(values)
}

/// Whether a node is a text with an expression that is no constant.
fn is_computed(node: &Node) -> bool {
    let text = node.as_str().unwrap_or("");
    is_dynamic(text) && whole_constant(text, node.span).is_none()
}

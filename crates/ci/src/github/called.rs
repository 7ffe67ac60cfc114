//! What calls lead to, read once more as the call has it.

use super::home::{Home, Target};
use super::job::{Surroundings, job_value};
use super::step::StepList;
use crate::class::Class;
use crate::expression::Scope;
use proofmark_model::{MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::Node;

/// The action that the `uses` at `place` names, with what it is handed: `address`, `using`, `steps`, `commands`, `actions`.
pub fn called_action(home: &Home<'_>, place: Span) -> Option<Value> {
    let Target { call, file, source } = home.target(place)?;
    let root = source.root.filter(|_| source.class == Class::Action)?;
    let path: Vec<usize> = home.path.iter().copied().chain(std::iter::once(call)).collect();
    let inner = Home { repository: home.repository, file, path: &path };
    let scope =
        Scope { steps: root.at_path(&["runs", "steps"]), inputs: Some(inner.inputs()), ..Scope::default() };
    let steps =
        StepList { home: &inner, scope: &scope, shell: None, directory: None, is_windows: false }.read();
    let mut fields = MapBuilder::default();
    fields.set_text("address", &source.address.0, place);
    if let Some(using) = root.at_path(&["runs", "using"]) {
        fields.set("using", source.context.value(using, using.span, &[]));
    }
    let list =
        |own: Vec<Value>, called: Vec<Value>| Value::list(own.into_iter().chain(called).collect(), place);
    fields.set("steps", Value::list(steps.steps, place));
    fields.set("commands", list(steps.commands, steps.called_commands));
    fields.set("actions", list(steps.actions, steps.called_actions));
    Some(fields.finish(place, place))
}

/// The jobs of the workflow that the `uses` at `place` names, with what they are handed and what they may do.
pub fn called_jobs(home: &Home<'_>, place: Span, caller: &str, permissions: &Value) -> Option<Vec<Value>> {
    let Target { call, file, source } = home.target(place)?;
    let root = source.root.filter(|_| source.class == Class::Workflow)?;
    let path: Vec<usize> = home.path.iter().copied().chain(std::iter::once(call)).collect();
    let inner = Home { repository: home.repository, file, path: &path };
    let around = Surroundings { limit: Some(permissions), ..Surroundings::of(&inner, source, root) };
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default().iter().map(|entry| {
        let job = job_value(&source.context, entry, &around);
        let mut fields = MapBuilder::of(&job);
        let id = format!("{caller}/{}", entry.key.as_str().unwrap_or(""));
        fields.set_text("id", &id, entry.key.span);
        fields.set_text("workflow_address", &source.address.0, entry.key.span);
        let map = fields.finish(job.origin.span, entry.key.span);
        Value { origin: job.origin, ..map }
    });
    Some(jobs.collect())
}

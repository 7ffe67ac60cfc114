//! What is around a command or an action.

use super::activity::{Activity, Outcome};
use super::truth::Truth;
use proofmark_model::{MapBuilder, SmolStr, Value};
use proofmark_source::Span;

/// A step of a job of GitHub, or a job of GitLab, around the commands in it.
#[derive(Clone)]
pub struct Surroundings<'s> {
    /// The number of the step.
    pub step: Option<&'s Value>,
    /// The step as a whole, where it is more than the command.
    pub whole: Option<Span>,
    /// Whether the failure of the step fails nothing, and where that is written.
    pub step_may_fail: Option<(Truth, Span)>,
    /// The same of the job.
    pub job_may_fail: Option<(Truth, Span)>,
    /// `automatic`, `on_failure`, `always`.
    pub start: &'static str,
    /// Whether the step surely runs with its job.
    pub is_sure: Truth,
    /// The same for each event of the job; empty where nothing depends on it.
    pub on_events: Vec<Truth>,
    /// Where variables of the tools may be set: maps from name to value, innermost first.
    pub variables: Vec<&'s Value>,
}

/// What an activity is made of.
pub struct Parts {
    /// The activity and its kind.
    pub does: (&'static str, &'static str),
    /// The program or action.
    pub tool: SmolStr,
    /// As it is written.
    pub text: Value,
    /// Whether findings fail the command, before anything around it counts.
    pub outcome: Outcome,
    /// Where a finding points.
    pub place: Span,
    /// Further facts.
    pub fields: MapBuilder,
}

impl<'s> Surroundings<'s> {
    /// A job that says nothing.
    pub fn of_job() -> Self {
        Self {
            step: None,
            whole: None,
            step_may_fail: None,
            job_may_fail: None,
            start: "automatic",
            is_sure: Truth::True,
            on_events: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// The value of a variable, where one of the maps sets it.
    pub fn variable(&self, name: &str) -> Option<&'s Value> {
        self.variables.iter().find_map(|map| map.as_map()?.value(name))
    }

    /// An activity in these surroundings.
    pub fn activity(&self, parts: Parts) -> Activity {
        let mut outcome = parts.outcome;
        let reason = "an expression decides whether it may fail";
        if let Some((may_fail, place)) = self.step_may_fail {
            outcome = outcome.hidden(may_fail, "step", reason, place);
        }
        if let Some((may_fail, place)) = self.job_may_fail {
            outcome = outcome.hidden(may_fail, "job", reason, place);
        }
        let mut fields = parts.fields;
        if let Some(step) = self.step {
            fields.set("step", Value::clone(step));
        }
        fields.set("text", parts.text);
        Activity {
            does: parts.does.0,
            kind: parts.does.1,
            tool: parts.tool,
            outcome,
            start: self.start,
            is_sure: self.is_sure,
            on_events: self.on_events.clone(),
            place: parts.place,
            whole: self.whole.filter(|whole| whole.contains(parts.place)).unwrap_or(parts.place),
            fields,
        }
    }
}

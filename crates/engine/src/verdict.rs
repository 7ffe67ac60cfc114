//! From the end of an evaluation to what reports show: place, message, observations.

pub(crate) mod change;
mod place;
mod words;

use crate::condition::{Read, Run, Seen};
use crate::item::{Item, Record};
use proofmark_findings::{Evaluation, Extent, Observation, Subject, Verdict};
use proofmark_model::{Address, Data, Kind, SmolStr, Unknown, Value};
use proofmark_rules::Rule;
use smol_str::format_smolstr;
use std::sync::Arc;

/// More values than this say nothing more to a reader.
const MAX_OBSERVATIONS: usize = 20;

/// What is the same for all evaluations of one rule on one resource.
pub(crate) struct Report<'a> {
    pub instance: usize,
    pub rule: &'a Rule,
    pub unit: usize,
    pub params: &'a Record<'static>,
}

/// How an evaluation ended. The decisive reads are in the [`Run`].
pub(crate) struct Outcome {
    pub verdict: Verdict,
    /// Why nobody knows.
    pub unknown: Option<Arc<Unknown>>,
}

/// The element that was judged.
pub(crate) struct Element {
    pub key: SmolStr,
    /// Where the reads of this element begin; those before it are of the list.
    pub first_read: usize,
}

impl<'a> Report<'a> {
    /// The evaluation for an outcome.
    pub fn finish(&self, run: &Run<'a>, outcome: &Outcome, element: Option<Element>) -> Evaluation {
        let own = element.as_ref().map_or(0, |element| element.first_read);
        let reads = match run.reads.get(own..) {
            Some(reads) if !reads.is_empty() => reads,
            _ => &run.reads,
        };
        let resource = run.world.resource;
        let is_open = matches!(outcome.verdict, Verdict::Fail | Verdict::Unknown);
        Evaluation {
            instance: self.instance,
            verdict: outcome.verdict,
            subject: Subject {
                address: Address::clone(&resource.address),
                kind: Kind::clone(&resource.kind),
                span: resource.span,
                header: resource.header,
                unit: self.unit,
            },
            element: element.map(|element| element.key),
            environments: run.world.context.environment.cloned().into_iter().collect(),
            extent: Extent::default(),
            span: place::location(run, reads),
            message: words::message(self, run, reads, outcome),
            observations: observations(run, reads),
            related: if is_open { place::related(run, reads) } else { Vec::new() },
            fingerprint: String::new(),
            waiver: None,
            is_known: false,
            changes: Vec::new(),
        }
    }
}

/// What was read, each path once, in order.
fn observations<'a>(run: &Run<'a>, reads: &[Read<'a>]) -> Vec<Observation> {
    let mut observations: Vec<Observation> = Vec::with_capacity(reads.len().min(MAX_OBSERVATIONS));
    for read in reads {
        if observations.len() >= MAX_OBSERVATIONS {
            break;
        }
        let path = read_path(run, read);
        if observations.iter().any(|known| known.path == path) {
            continue;
        }
        let span = place::read_span(read);
        let value = match &read.seen {
            Seen::Absent => None,
            Seen::Value(value) => {
                let mut value: Value = Value::clone(value);
                value.is_sensitive |= read.is_sensitive;
                Some(value)
            }
            Seen::Resources { count, .. } => {
                Some(Value::new(Data::Integer(i64::try_from(*count).unwrap_or(i64::MAX)), span))
            }
        };
        observations.push(Observation { path, value, span });
    }
    observations
}

/// The path of a read as people write it.
fn read_path(run: &Run<'_>, read: &Read<'_>) -> SmolStr {
    match &read.seen {
        Seen::Resources { kind, attribute, .. } if attribute.is_empty() => {
            format_smolstr!("resources({kind:?})")
        }
        Seen::Resources { kind, attribute, .. } => format_smolstr!("linked({kind:?}, {attribute:?})"),
        Seen::Value(_) | Seen::Absent => SmolStr::from(run.path_text(read.path)),
    }
}

/// The judged element, where it has a place.
fn element_place<'r, 'a>(run: &'r Run<'a>) -> Option<&'r crate::item::Place<'a>> {
    match &run.element {
        Some(Item::Place(place)) => Some(place),
        _ => None,
    }
}

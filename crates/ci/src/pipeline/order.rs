//! Which jobs end before another, and what they made sure of.

use super::activity::Activity;
use super::event::{Branch, Event};
use super::job::{DELIVERIES, Job, Needs, text};
use super::truth::Truth;
use proofmark_model::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The jobs of a pipeline in their order.
pub struct Order<'o> {
    jobs: &'o [Job],
    by_id: BTreeMap<&'o str, Vec<usize>>,
}

/// How surely a job that ends before another has passed when that one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// It has run and passed.
    Passed,
    /// It has passed if it ran at all.
    LeftOut,
    /// It may have failed.
    Failed,
}

impl Hold {
    /// What a job that runs after failures makes of those it waits for.
    pub fn of_waiting(job: &Job) -> Self {
        match job.after_failure {
            Truth::True => Self::Failed,
            Truth::Unknown => Self::LeftOut,
            Truth::False => Self::Passed,
        }
    }
}

/// The jobs that end before another.
pub type Before = BTreeMap<usize, Hold>;

impl<'o> Order<'o> {
    /// The order of these jobs.
    pub fn new(jobs: &'o [Job]) -> Self {
        let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, job) in jobs.iter().enumerate() {
            by_id.entry(&job.id).or_default().push(index);
            // A need of a job with a matrix means all of its instances.
            if let Some((base, _)) = job.id.split_once(": [") {
                by_id.entry(base).or_default().push(index);
            }
        }
        Self { jobs, by_id }
    }

    /// The jobs that end before one, each with the best that is sure of it on any way.
    pub fn before(&self, index: usize) -> Before {
        let mut found = Before::new();
        let mut open: Vec<(usize, Hold)> = vec![(index, Hold::Passed)];
        let mut seen = BTreeSet::new();
        while let Some((at, hold)) = open.pop() {
            if !seen.insert((at, hold)) {
                continue;
            }
            let Some(job) = self.jobs.get(at) else { continue };
            let hold = hold.max(Hold::of_waiting(job));
            let mut put = |next: usize, hold: Hold| {
                let known = found.entry(next).or_insert(hold);
                *known = hold.min(*known);
            };
            match &job.needs {
                Needs::Jobs(needs) => {
                    for need in needs {
                        let hold = if need.is_optional { hold.max(Hold::LeftOut) } else { hold };
                        for next in self.by_id.get(need.id.as_str()).into_iter().flatten() {
                            put(*next, hold);
                            open.push((*next, hold));
                        }
                    }
                }
                Needs::Stages(_) => {
                    let Some(stage) = job.stage else { continue };
                    let earlier = |(_, other): &(usize, &Job)| other.stage.is_some_and(|own| own < stage);
                    for (next, _) in self.jobs.iter().enumerate().filter(earlier) {
                        put(next, hold.max(Hold::LeftOut));
                    }
                }
            }
        }
        found.remove(&index);
        found
    }

    /// What has surely run and passed before a job that delivers, and in it before it first does; none for other jobs.
    pub fn gates(&self, index: usize, before: &Before) -> Option<Vec<Value>> {
        let job = self.jobs.get(index).filter(|job| job.delivers())?;
        let mut found = Vec::new();
        for (&at, hold) in before {
            let Some(other) = self.jobs.get(at) else { continue };
            let has_passed = match hold {
                Hold::Passed => true,
                Hold::LeftOut => runs_whenever(other, &job.events),
                Hold::Failed => false,
            };
            if has_passed {
                found.extend(values_of(other, 0, is_gate));
            }
        }
        let first = job.activities.iter().position(|activity| DELIVERIES.contains(&activity.does));
        let own = job.activities.iter().zip(&job.values).take(first.unwrap_or(0));
        found.extend(own.filter(|(activity, _)| is_gate(activity)).map(|(_, value)| Value::clone(value)));
        Some(found)
    }

    /// The tiers of what a job deploys and of what is deployed behind it, each once; `deploys` are the deployments of all jobs.
    pub fn tiers_ahead(&self, index: usize, waiting: &[usize], deploys: &[Vec<Value>]) -> Vec<Value> {
        let Some(job) = self.jobs.get(index) else { return Vec::new() };
        let mut found: Vec<Value> = Vec::new();
        for at in waiting.iter().chain([&index]) {
            let own = deploys.get(*at).map_or(&[][..], Vec::as_slice);
            for deploy in own.iter().filter(|deploy| text(deploy, "kind") != Some("pages")) {
                let Some(tier) = text(deploy, "tier") else { continue };
                let is_new = !found.iter().any(|known| known.as_str() == Some(tier));
                if is_new && self.jobs.get(*at).is_some_and(|other| meet(job, other)) {
                    found.push(Value::string(tier, job.header));
                }
            }
        }
        found
    }

    /// What comes behind the first deployment of a job, in it and in the jobs that wait for it; none for other jobs.
    pub fn following(&self, index: usize, waiting: &[usize]) -> Option<Vec<Value>> {
        let job = self.jobs.get(index).filter(|job| job.deploys_anything())?;
        // Where none is known, anything may come behind: the deployment is hidden in a script.
        let first = job.activities.iter().position(|activity| activity.does == "deploy");
        let is_other = |activity: &Activity| activity.does != "deploy";
        let mut found: Vec<Value> = values_of(job, first.map_or(0, |first| first + 1), is_other).collect();
        for other in waiting.iter().filter_map(|at| self.jobs.get(*at)).filter(|other| meet(job, other)) {
            found.extend(values_of(other, 0, is_other));
        }
        Some(found)
    }
}

/// The activities of a job from one on that are meant.
fn values_of(job: &Job, from: usize, is_meant: fn(&Activity) -> bool) -> impl Iterator<Item = Value> {
    let all = job.activities.iter().zip(&job.values).skip(from);
    all.filter(move |(activity, _)| is_meant(activity)).map(|(_, value)| Value::clone(value))
}

/// Whether two jobs run for something in common, as far as is known.
fn meet(one: &Job, other: &Job) -> bool {
    one.events
        .iter()
        .any(|event| other.events.iter().any(|own| own.event == event.event && own.branch == event.branch))
}

/// What checks something, and so can be a gate.
const CHECKS: [&str; 20] = [
    "container-scan",
    "coverage",
    "dast",
    "dependency-scan",
    "format-check",
    "health-check",
    "iac-format-check",
    "iac-plan",
    "iac-scan",
    "iac-validate",
    "license-scan",
    "lint",
    "migration-check",
    "sast",
    "sbom",
    "secret-scan",
    "sign",
    "test",
    "type-check",
    "verify-signature",
];

/// Whether an activity surely takes place and stops what comes behind when it fails.
fn is_gate(activity: &Activity) -> bool {
    CHECKS.contains(&activity.does)
        && activity.is_sure == Truth::True
        && activity.outcome.blocks != Truth::False
        && activity.start != "on_failure"
}

/// Whether a job runs by itself for each of these events, whatever files changed.
fn runs_whenever(job: &Job, events: &[Event]) -> bool {
    let is_covered = |event: &Event| {
        job.events.iter().any(|own| {
            let is_same_branch = own.branch == event.branch || own.branch == Branch::None;
            own.event == event.event
                && is_same_branch
                && own.runs == Truth::True
                && !own.has_path_filter
                && matches!(own.start, "automatic" | "always" | "delayed")
        })
    };
    events.iter().all(is_covered)
}

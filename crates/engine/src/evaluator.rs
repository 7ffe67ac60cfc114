//! Applies a plan to resources.

use crate::condition::{Run, World};
use crate::context::Context;
use crate::index::Index;
use crate::item::{Item, Record, View};
use crate::patterns::Patterns;
use crate::truth::Truth;
use crate::verdict::change::changes;
use crate::verdict::{Element, Outcome, Report};
use proofmark_findings::{Evaluation, Verdict};
use proofmark_model::{Data, Resource, SmolStr};
use proofmark_rules::{Instance, ParamValue, Params, Rule, RuleSet};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

/// What rules write under `resource` to mean everything that has a pod.
pub(crate) const WORKLOAD: &str = "workload";

/// The plan of a scan, ready to meet resources. Cheap to share between threads.
#[derive(Debug)]
pub struct Evaluator<'r> {
    plans: Vec<Plan<'r>>,
    by_kind: HashMap<&'r str, Vec<usize>>,
}

/// One instance, ready to run.
#[derive(Debug)]
struct Plan<'r> {
    /// Its place among the instances of the scan.
    instance: usize,
    rule: &'r Rule,
    values: &'r Params,
    params: Record<'static>,
    /// Made when the rule meets its first resource.
    patterns: OnceLock<Patterns>,
}

impl Plan<'_> {
    fn patterns(&self) -> &Patterns {
        self.patterns.get_or_init(|| Patterns::of_rule(self.rule, self.values.values()))
    }
}

impl<'r> Evaluator<'r> {
    /// Prepares `instances` of the rules in `rule_set`. An instance of a rule that is not there is never evaluated.
    #[must_use]
    pub fn new(rule_set: &'r RuleSet, instances: &'r [Instance]) -> Self {
        let mut evaluator = Self { plans: Vec::new(), by_kind: HashMap::new() };
        for (place, instance) in instances.iter().enumerate() {
            let number = evaluator.plans.len();
            let Some(rule) = rule_set.rules.get(instance.rule) else { continue };
            for kind in &rule.resources {
                evaluator.by_kind.entry(kind.as_str()).or_default().push(number);
            }
            let params = params_record(&instance.params);
            let plan =
                Plan { instance: place, rule, params, values: &instance.params, patterns: OnceLock::new() };
            evaluator.plans.push(plan);
        }
        evaluator
    }

    /// Whether any rule speaks about resources of this kind.
    #[must_use]
    pub fn has_rules_for(&self, resource: &Resource) -> bool {
        self.numbers_for(resource).next().is_some()
    }

    fn numbers_for(&self, resource: &Resource) -> impl Iterator<Item = usize> {
        let of_kind = self.by_kind.get(resource.kind.0.as_str()).map_or(&[][..], Vec::as_slice);
        let of_workloads = match resource.pod {
            Some(_) => self.by_kind.get(WORKLOAD).map_or(&[][..], Vec::as_slice),
            None => &[][..],
        };
        // A rule may name both the kind and `workload`.
        let further = of_workloads.iter().filter(move |number| !of_kind.contains(number));
        of_kind.iter().chain(further).copied()
    }

    /// Judges one resource by every rule that speaks about its kind. `unit` is the place of its unit in the scan.
    #[must_use]
    pub fn evaluate<'a>(
        &'a self,
        context: &'a Context<'a>,
        unit: usize,
        resource: &'a Resource,
        index: &'a Index<'a>,
    ) -> Vec<Evaluation> {
        let mut evaluations = Vec::new();
        for number in self.numbers_for(resource) {
            let is_wanted = |plan: &&Plan<'_>| context.evaluates(plan.instance);
            if let Some(plan) = self.plans.get(number).filter(is_wanted) {
                let world = World { resource, index, context, patterns: plan.patterns() };
                let report = Report { instance: plan.instance, rule: plan.rule, unit, params: &plan.params };
                judge(&report, world, &mut evaluations);
            }
        }
        evaluations
    }
}

/// One rule on one resource: one evaluation, or one for each element.
fn judge<'a>(report: &Report<'a>, world: World<'a>, evaluations: &mut Vec<Evaluation>) {
    let mut run = Run::new(world, report.params);
    if let Some(when) = &report.rule.when {
        let verdict = match run.truth(when.expr()) {
            Truth::True => None,
            Truth::False => Some((Verdict::NotApplicable, None)),
            Truth::Unknown(unknown) => Some((Verdict::Unknown, Some(unknown))),
        };
        if let Some((verdict, unknown)) = verdict {
            let outcome = Outcome { verdict, unknown };
            evaluations.push(report.finish(&run, &outcome, None));
            return;
        }
        run.reads.clear();
    }
    match &report.rule.each {
        None => {
            let outcome = require(report, &mut run);
            evaluations.push(conclude(report, &mut run, &outcome, None));
        }
        Some(_) => judge_elements(report, &mut run, evaluations),
    }
}

/// The evaluation for an outcome; a failed one with what the rule's edit would change.
fn conclude<'a>(
    report: &Report<'a>,
    run: &mut Run<'a>,
    outcome: &Outcome,
    element: Option<Element>,
) -> Evaluation {
    let mut evaluation = report.finish(run, outcome, element);
    if outcome.verdict == Verdict::Fail {
        evaluation.changes = changes(report.rule, run);
    }
    evaluation
}

/// All requirements: a failed one decides, then an unknown one.
fn require<'a>(report: &Report<'a>, run: &mut Run<'a>) -> Outcome {
    let start = run.reads.len();
    let mut undecided: Option<Outcome> = None;
    for condition in &report.rule.require {
        let mark = run.reads.len();
        match run.truth(condition.expr()) {
            Truth::False => {
                run.reads.drain(start..mark);
                return Outcome { verdict: Verdict::Fail, unknown: None };
            }
            Truth::Unknown(unknown) => {
                if undecided.is_none() {
                    run.reads.drain(start..mark);
                    undecided = Some(Outcome { verdict: Verdict::Unknown, unknown: Some(unknown) });
                }
            }
            Truth::True => {
                if undecided.is_some() {
                    run.reads.truncate(mark);
                }
            }
        }
    }
    undecided.unwrap_or(Outcome { verdict: Verdict::Pass, unknown: None })
}

fn judge_elements<'a>(report: &Report<'a>, run: &mut Run<'a>, evaluations: &mut Vec<Evaluation>) {
    let Some(each) = &report.rule.each else { return };
    let list = run.evaluate(each.expr());
    let whole = |verdict, unknown| Outcome { verdict, unknown };
    let (count, mut open) = match list.view() {
        View::List(list) => (list.len(), list.open().cloned()),
        View::Map(map) => (map.len(), map.open().cloned()),
        View::Absent => (0, None),
        View::Unknown(unknown) => {
            let unknown = Some(Arc::clone(unknown));
            evaluations.push(report.finish(run, &whole(Verdict::Unknown, unknown), None));
            return;
        }
        other => {
            let problem = format!("{} has no elements to judge", other.type_name());
            let unknown = proofmark_model::Unknown::because(crate::compare::rule_problem(&problem));
            evaluations.push(report.finish(run, &whole(Verdict::Unknown, Some(unknown.into())), None));
            return;
        }
    };
    if count == 0 && open.is_none() {
        evaluations.push(report.finish(run, &whole(Verdict::NotApplicable, None), None));
        return;
    }
    let list_reads = run.reads.len();
    let mut keys = ElementKeys::default();
    for number in 0..count {
        let element = run.element(&list, number);
        let unknown = match element.view() {
            View::Unknown(unknown) => Some(Arc::clone(unknown)),
            _ => None,
        };
        let key = keys.key(run, &list, &element, number);
        run.element = Some(element);
        let outcome = require(report, run);
        match (unknown, outcome.verdict) {
            // All of which nothing decides are one: nobody knows what they stand for.
            (Some(unknown), Verdict::Unknown) => open = open.or(Some(unknown)),
            _ => {
                let element = Element { key, first_read: list_reads };
                evaluations.push(conclude(report, run, &outcome, Some(element)));
            }
        }
        run.reads.truncate(list_reads);
    }
    run.element = None;
    if open.is_some() {
        evaluations.push(report.finish(run, &whole(Verdict::Unknown, open), None));
    }
}

/// Keys of elements, each once.
#[derive(Default)]
struct ElementKeys {
    seen: BTreeMap<SmolStr, usize>,
}

/// The attributes that name an element.
const KEY_ATTRIBUTES: [&str; 2] = ["name", "id"];
/// Longer names are texts for people; the number says more.
const MAX_KEY_BYTES: usize = 100;

impl ElementKeys {
    fn key<'a>(&mut self, run: &Run<'a>, list: &Item<'a>, element: &Item<'a>, number: usize) -> SmolStr {
        let key = match list.view() {
            View::Map(map) => map.key(number).cloned(),
            _ => named(element),
        };
        let key = key.unwrap_or_else(|| {
            let own = match element {
                Item::Place(place) => run.last_index(place.path),
                _ => None,
            };
            smol_str::format_smolstr!("{}", own.unwrap_or(number))
        });
        let count = self.seen.entry(SmolStr::clone(&key)).or_default();
        *count += 1;
        if *count == 1 { key } else { smol_str::format_smolstr!("{key}#{count}") }
    }
}

/// The element's own name, where it has one that may be shown.
fn named(element: &Item<'_>) -> Option<SmolStr> {
    if let Item::Place(place) = element {
        if place.is_sensitive {
            return None;
        }
        let map = place.value.as_map()?;
        return KEY_ATTRIBUTES.iter().find_map(|name| match map.value(name) {
            Some(value) if !value.is_sensitive => match &value.data {
                Data::String(text) if !text.is_empty() && text.len() <= MAX_KEY_BYTES => {
                    Some(SmolStr::clone(text))
                }
                Data::Integer(number) => Some(smol_str::format_smolstr!("{number}")),
                _ => None,
            },
            _ => None,
        });
    }
    let View::Map(map) = element.view() else { return None };
    KEY_ATTRIBUTES.iter().find_map(|name| match map.get(name) {
        Some(View::Text(text)) if !text.is_empty() && text.len() <= MAX_KEY_BYTES => Some(SmolStr::new(text)),
        _ => None,
    })
}

fn params_record(params: &Params) -> Record<'static> {
    Record::new(params.iter().map(|(name, value)| (SmolStr::clone(name), param_item(value))).collect())
}

fn param_item(value: &ParamValue) -> Item<'static> {
    match value {
        ParamValue::Boolean(value) => Item::Bool(*value),
        ParamValue::Integer(value) => Item::Integer(*value),
        ParamValue::Number(value) => Item::Float(*value),
        ParamValue::String(text) => Item::Text(SmolStr::clone(text)),
        ParamValue::List(values) => Item::list(values.iter().map(param_item).collect()),
        ParamValue::Map(entries) => Item::record(
            entries.iter().map(|(name, value)| (SmolStr::new(name), param_item(value))).collect(),
        ),
    }
}

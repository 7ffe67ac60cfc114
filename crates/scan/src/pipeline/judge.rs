//! The second phase: resources meet rules.

use super::read::{Read, Reading, panic_message};
use crate::Settings;
use crate::plan::Plan;
use proofmark_engine::{Context, Evaluator, Index};
use proofmark_findings::Evaluation;
use proofmark_model::{Resource, Value};
use proofmark_rules::{Rule, RuleSet};
use proofmark_source::Workspace;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The kind of the resource that stands for the repository as a whole. Its rules see every unit.
const REPOSITORY: &str = "repository";

/// How many resources of a unit one thread judges at a time.
const CHUNK: usize = 128;

/// What rules call the environment.
const ENVIRONMENT: &str = "environment";

/// Judges units and the repository in every environment.
pub(crate) struct Judge<'j> {
    workspace: &'j dyn Workspace,
    plan: &'j Plan,
    evaluator: Evaluator<'j>,
    rounds: Rounds,
    /// The attributes of the repository, which every rule may ask.
    repository: Option<&'j Value>,
}

/// What is evaluated when, by place in [`Plan::instances`].
///
/// A rule that does not ask for the environment says the same in all that a unit was read alike for, and is asked once.
struct Rounds {
    /// Once for every reading; `None` for all there is.
    common: Option<Vec<bool>>,
    /// Once more in each pass, by place in the plan; empty where no rule asks.
    particular: Vec<Vec<bool>>,
}

/// One round: what rules are told, and the passes that it is for.
type Round<'a> = (Context<'a>, &'a [usize]);

impl Rounds {
    fn new(plan: &Plan, rule_set: &RuleSet) -> Self {
        let has_environments = plan.passes.list.iter().any(|pass| pass.environment.is_some());
        let asks = plan.instances.iter().map(|instance| {
            has_environments && rule_set.rules.get(instance.rule).is_some_and(asks_for_environment)
        });
        let asks: Vec<bool> = asks.collect();
        if !asks.contains(&true) {
            return Self { common: None, particular: Vec::new() };
        }
        let own = |evaluates: &[bool]| asks.iter().zip(evaluates).map(|(asks, own)| *asks && *own).collect();
        Self {
            common: Some(asks.iter().map(|asks| !asks).collect()),
            particular: plan.passes.list.iter().map(|pass| own(&pass.evaluates)).collect(),
        }
    }
}

/// Whether the text of a rule holds the name, as a value of its own or by chance.
fn asks_for_environment(rule: &Rule) -> bool {
    let mut conditions = rule.when.iter().chain(&rule.each).chain(&rule.require);
    conditions.any(|condition| condition.text.contains(ENVIRONMENT))
}

impl<'j> Judge<'j> {
    /// Compiles what the passes need, once.
    pub(crate) fn new(
        workspace: &'j dyn Workspace,
        settings: &'j Settings,
        plan: &'j Plan,
        units: &'j [Read<'_>],
    ) -> Self {
        let mut resources = units.iter().flat_map(Read::resources);
        let repository = resources.find(|resource| resource.kind.0 == REPOSITORY);
        Self {
            workspace,
            plan,
            evaluator: Evaluator::new(&settings.rule_set, &plan.instances),
            rounds: Rounds::new(plan, &settings.rule_set),
            repository: repository.map(|resource| &resource.attributes),
        }
    }

    /// Judges the resources of one unit among themselves.
    ///
    /// # Errors
    /// The message of a panic: a bug of ours.
    pub(crate) fn judge_unit(&self, unit: &Read<'_>) -> Result<Vec<Evaluation>, String> {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let mut evaluations = Vec::new();
            for Reading { passes, model } in &unit.readings {
                let (rounds, index) = (self.rounds(passes), Index::new(&model.resources));
                // Most units are smaller than a chunk and stay on their thread; a large one does not keep the others waiting.
                let chunks = model.resources.par_chunks(CHUNK).map(|chunk| {
                    let mut evaluations = Vec::new();
                    for resource in chunk.iter().filter(|resource| resource.kind.0 != REPOSITORY) {
                        self.judge(&rounds, (unit.family, resource), &index, &mut evaluations);
                    }
                    evaluations
                });
                evaluations.extend(chunks.collect::<Vec<_>>().into_iter().flatten());
            }
            evaluations
        }));
        judged.map_err(|payload| panic_message(payload.as_ref()))
    }

    /// Judges the resources that stand for the repository as a whole, over everything that was read.
    ///
    /// # Errors
    /// The message of a panic: a bug of ours.
    pub(crate) fn judge_repository(&self, units: &[Read<'_>]) -> Result<Vec<Evaluation>, String> {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let mut evaluations = Vec::new();
            let is_repository = |resource: &&Resource| resource.kind.0 == REPOSITORY;
            let holders =
                units.iter().enumerate().filter(|(_, unit)| unit.resources().any(|r| is_repository(&r)));
            // Where every unit was read once, the repository is the same in all passes as well.
            let is_alike = units.iter().all(|unit| unit.readings.len() == 1);
            for (number, unit) in holders {
                let passes = unit.readings.first().map_or(&[][..], |reading| &reading.passes);
                for passes in passes.chunks(if is_alike { passes.len().max(1) } else { 1 }) {
                    let pass = passes.first().copied().unwrap_or(0);
                    let models = units.iter().filter_map(|unit| unit.model(pass));
                    let index = Index::new(models.flat_map(|model| &model.resources));
                    let rounds = self.rounds(passes);
                    for resource in unit.resources().filter(is_repository) {
                        self.judge(&rounds, (number, resource), &index, &mut evaluations);
                    }
                }
            }
            evaluations
        }));
        judged.map_err(|payload| panic_message(payload.as_ref()))
    }

    fn rounds<'a>(&'a self, passes: &'a [usize]) -> Vec<Round<'a>> {
        let common = Context {
            workspace: self.workspace,
            as_of: &self.plan.as_of,
            repository: self.repository,
            environment: None,
            evaluates: self.rounds.common.as_deref(),
        };
        let particular = passes.chunks(1).filter_map(|own| {
            let pass = *own.first()?;
            let environment = self.plan.passes.list.get(pass)?.environment.as_ref();
            let evaluates = Some(self.rounds.particular.get(pass)?.as_slice());
            Some((Context { environment, evaluates, ..common }, own))
        });
        std::iter::once((common, passes)).chain(particular).collect()
    }

    fn judge<'a>(
        &'a self,
        rounds: &'a [Round<'a>],
        (unit, resource): (usize, &'a Resource),
        index: &'a Index<'a>,
        evaluations: &mut Vec<Evaluation>,
    ) {
        for (context, passes) in rounds {
            let found = self.evaluator.evaluate(context, unit, resource, index).into_iter();
            evaluations.extend(found.filter_map(|found| self.in_environments(found, passes)));
        }
    }

    /// An evaluation with the names of the environments that want it; none where no pass does.
    fn in_environments(&self, mut evaluation: Evaluation, passes: &[usize]) -> Option<Evaluation> {
        let passes = passes.iter().filter_map(|pass| self.plan.passes.list.get(*pass));
        let mut wanting =
            passes.filter(|pass| pass.evaluates.get(evaluation.instance) == Some(&true)).peekable();
        wanting.peek()?;
        evaluation.environments = wanting.filter_map(|pass| pass.environment.clone()).collect();
        Some(evaluation)
    }
}

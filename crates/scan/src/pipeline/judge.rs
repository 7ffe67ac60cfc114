//! The second phase: resources meet rules.

use super::read::{Read, panic_message};
use crate::Settings;
use crate::plan::{Pass, Plan};
use proofmark_engine::{Context, Evaluator, Index};
use proofmark_findings::Evaluation;
use proofmark_model::{Resource, Value};
use proofmark_source::Workspace;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The kind of the resource that stands for the repository as a whole. Its rules see every unit.
const REPOSITORY: &str = "repository";

/// How many resources of a unit one thread judges at a time.
const CHUNK: usize = 128;

/// A pass, ready to judge.
struct Bench<'j> {
    workspace: &'j dyn Workspace,
    pass: &'j Pass,
    evaluator: Evaluator<'j>,
    /// The attributes of the repository, which every rule may ask.
    repository: Option<&'j Value>,
}

/// Judges units and the repository in every pass.
pub(crate) struct Judge<'j> {
    benches: Vec<Bench<'j>>,
}

impl<'j> Judge<'j> {
    /// Compiles what the passes need, once.
    pub(crate) fn new(
        workspace: &'j dyn Workspace,
        settings: &'j Settings,
        plan: &'j Plan,
        units: &'j [Read<'_>],
    ) -> Self {
        let bench = |(number, pass): (usize, &'j Pass)| {
            let models = units.iter().filter_map(|unit| unit.model(number));
            let mut resources = models.flat_map(|model| &model.resources);
            let repository = resources.find(|resource| resource.kind.0 == REPOSITORY);
            Bench {
                workspace,
                pass,
                evaluator: Evaluator::new(&settings.rule_set, &pass.instances),
                repository: repository.map(|resource| &resource.attributes),
            }
        };
        Self { benches: plan.passes.iter().enumerate().map(bench).collect() }
    }

    /// Judges the resources of one unit among themselves.
    ///
    /// # Errors
    /// The message of a panic: a bug of ours.
    pub(crate) fn judge_unit(&self, number: usize, unit: &Read<'_>) -> Result<Vec<Evaluation>, String> {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let mut evaluations = Vec::new();
            for (pass, bench) in self.benches.iter().enumerate() {
                let Some(model) = unit.model(pass) else { continue };
                let (context, index) = (bench.context(), Index::new(&model.resources));
                // Most units are smaller than a chunk and stay on their thread; a large one does not keep the others waiting.
                let chunks = model.resources.par_chunks(CHUNK).map(|chunk| {
                    let mut evaluations = Vec::new();
                    for resource in chunk.iter().filter(|resource| resource.kind.0 != REPOSITORY) {
                        bench.judge(&context, (number, resource), &index, &mut evaluations);
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
            for (pass, bench) in self.benches.iter().enumerate() {
                let models = || {
                    units.iter().enumerate().filter_map(|(number, unit)| Some((number, unit.model(pass)?)))
                };
                let context = bench.context();
                let index = Index::new(models().flat_map(|(_, model)| &model.resources));
                for (number, model) in models() {
                    let repositories =
                        model.resources.iter().filter(|resource| resource.kind.0 == REPOSITORY);
                    for resource in repositories {
                        bench.judge(&context, (number, resource), &index, &mut evaluations);
                    }
                }
            }
            evaluations
        }));
        judged.map_err(|payload| panic_message(payload.as_ref()))
    }
}

impl Bench<'_> {
    fn context(&self) -> Context<'_> {
        Context {
            workspace: self.workspace,
            as_of: &self.pass.read.as_of,
            repository: self.repository,
            environment: self.pass.read.environment.as_ref(),
        }
    }

    fn judge<'a>(
        &'a self,
        context: &'a Context<'a>,
        (unit, resource): (usize, &'a Resource),
        index: &'a Index<'a>,
        evaluations: &mut Vec<Evaluation>,
    ) {
        for mut evaluation in self.evaluator.evaluate(context, unit, resource, index) {
            evaluation.instance =
                self.pass.numbers.get(evaluation.instance).copied().unwrap_or(evaluation.instance);
            evaluation.environments = self.pass.read.environment.iter().cloned().collect();
            evaluations.push(evaluation);
        }
    }
}

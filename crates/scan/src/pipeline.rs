//! From files to a result: claim, group, read, judge, merge.

mod read;
mod judge;

pub use read::INTERNAL;
pub(crate) use read::Read;

use crate::ledger::account;
use crate::plan::{Ground, Plan};
use crate::readers::{Inventory, Registered, readers, take_inventory};
use crate::selection::Selection;
use crate::{ScanError, Settings};
use judge::Judge;
use proofmark_findings::{
    AppliedWaivers, Evaluation, ScanResult, WaiverContext, apply_waivers, assess_attestations,
    assign_fingerprints, merge_environments,
};
use proofmark_model::{ReadSettings, Resource, SmolStr};
use proofmark_source::{Diagnostic, Workspace};
use rayon::prelude::*;
use read::read_unit;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The kind of the resources that can speak for a control that no configuration shows.
const DOCUMENT: &str = "document";

/// How far a scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Units that are done.
    pub done: usize,
    /// All units.
    pub total: usize,
}

/// Scans the files of a workspace.
///
/// Runs on the threads of the surrounding rayon pool; the result is the same for any number of them.
///
/// # Errors
/// Only when the settings name what nobody knows. Odd input becomes diagnostics, and a bug of ours costs one unit.
pub fn scan(workspace: &dyn Workspace, settings: &Settings) -> Result<ScanResult, ScanError> {
    scan_with_progress(workspace, settings, &|_| {})
}

/// The same, and tells how far it is after each unit; in no order, from any thread.
///
/// # Errors
/// As [`scan`].
pub fn scan_with_progress(
    workspace: &dyn Workspace,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<ScanResult, ScanError> {
    let readers = readers();
    let mut inventory = take_inventory(workspace, &readers, &ReadSettings::default());
    let ground =
        Ground { workspace, settings, readers: &readers, inventory: &inventory, has_arguments: true };
    let plan = Plan::new(&ground)?;
    plan.passes.leave_out(&mut inventory);
    let selection = Selection::choose(workspace, &readers, &plan, &mut inventory);
    let scan = Scan { workspace, settings, inventory: &inventory, plan };
    let mut units = scan.read_units(&readers, progress);
    let (evaluations, failures) = scan.judge_units(&units, &selection);
    for (number, problem) in failures {
        if let Some(unit) = units.get_mut(number) {
            unit.fail(&problem);
        }
    }
    Ok(scan.assemble(units, evaluations))
}

/// What the phases of one scan share.
pub(crate) struct Scan<'s> {
    pub(crate) workspace: &'s dyn Workspace,
    pub(crate) settings: &'s Settings,
    pub(crate) inventory: &'s Inventory,
    plan: Plan,
}

impl<'s> Scan<'s> {
    fn read_units(&self, readers: &[Registered], progress: &(dyn Fn(Progress) + Sync)) -> Vec<Read<'s>> {
        let done = AtomicUsize::new(0);
        let total = self.inventory.units.len();
        let units = self.inventory.units.par_iter().with_max_len(1);
        units
            .filter_map(|(reader, unit)| {
                let read = read_unit(self.workspace, &self.plan, readers.get(*reader)?, unit);
                progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
                Some(read)
            })
            .collect()
    }

    /// The verdicts on every unit and then on the repository, and the bugs that were met: the number of the unit, the
    /// message.
    fn judge_units(
        &self,
        units: &[Read<'_>],
        selection: &Selection,
    ) -> (Vec<Evaluation>, Vec<(usize, String)>) {
        let judge = Judge::new(self.workspace, self.settings, &self.plan, units);
        let outcomes = units.par_iter().enumerate().with_max_len(1);
        let mut outcomes: Vec<(usize, Result<Vec<Evaluation>, String>)> =
            outcomes.map(|(number, unit)| (number, judge.judge_unit(number, unit))).collect();
        if self.inventory.is_whole {
            outcomes.push((0, judge.judge_repository(units)));
        }
        let (mut evaluations, mut failures) = (Vec::new(), Vec::new());
        for (number, outcome) in outcomes {
            match outcome {
                Ok(mut found) => {
                    found.retain(|evaluation| selection.tells(self.workspace, number, evaluation));
                    evaluations.append(&mut found);
                }
                Err(problem) => failures.push((number, problem)),
            }
        }
        (evaluations, failures)
    }

    fn assemble(self, mut units: Vec<Read<'_>>, evaluations: Vec<Evaluation>) -> ScanResult {
        let Self { workspace, settings, inventory, ref plan } = self;
        let rule_set = &settings.rule_set;
        let environments = plan.passes.records(workspace);
        let about: Vec<usize> = units.iter().map(|unit| unit.record.environments.len()).collect();
        let mut evaluations = merge_environments(evaluations, &plan.instances, &about);
        assign_fingerprints(&mut evaluations, &plan.instances, rule_set, workspace);
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        let mut waivers = settings.configuration.waivers.to_vec();
        for unit in &mut units {
            diagnostics.append(&mut unit.diagnostics);
            waivers.append(&mut unit.waivers);
        }
        let context = WaiverContext {
            workspace,
            rule_set,
            instances: &plan.instances,
            as_of: &settings.as_of,
            is_whole: inventory.is_whole,
        };
        // Most scans have none, and applying them begins with a table of every name of every rule.
        let applied = match waivers.is_empty() {
            true => AppliedWaivers::default(),
            false => apply_waivers(&context, &mut evaluations, waivers),
        };
        diagnostics.extend(applied.diagnostics);
        if let Some(baseline) = &settings.baseline {
            baseline.mark(&mut evaluations);
        }
        let files = account(&self, &units, &mut diagnostics);
        diagnostics.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        diagnostics.dedup();
        let documents: Vec<&Resource> =
            units.iter().flat_map(Read::resources).filter(|resource| resource.kind.0 == DOCUMENT).collect();
        let attestations = match documents.is_empty() {
            true => Vec::new(),
            false => assess_attestations(&rule_set.frameworks, &documents, &settings.as_of),
        };
        ScanResult {
            rule_set: Arc::clone(rule_set),
            packs: self.plan.packs,
            instances: self.plan.instances,
            evaluations,
            environments,
            units: units.into_iter().map(|unit| unit.record).collect(),
            files,
            diagnostics,
            waivers: applied.waivers,
            attestations,
            repository: settings.repository.clone(),
            as_of: SmolStr::clone(&settings.as_of),
            tool_version: SmolStr::new_static(env!("CARGO_PKG_VERSION")),
        }
    }
}

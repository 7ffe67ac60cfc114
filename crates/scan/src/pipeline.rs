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
    AppliedWaivers, Evaluation, ScanResult, Target, Waiver, WaiverContext, WaiverSource, apply_waivers,
    assess_attestations, assign_fingerprints, merge_environments,
};
use proofmark_model::{ReadSettings, Resource, SmolStr, Unit};
use proofmark_source::{Diagnostic, Span, Workspace};
use rayon::prelude::*;
use read::read_unit;
use std::collections::{BTreeMap, BTreeSet};
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
    plan.passes.leave_out(workspace, &readers, &mut inventory);
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
        let read = units.filter_map(|(reader, unit)| {
            let read = read_unit(self.workspace, &self.plan, readers.get(*reader)?, unit);
            progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
            Some(read)
        });
        let mut units: Vec<Read<'s>> = read.collect();
        self.join_families(&mut units);
        units
    }

    /// Notes which units are one thing in several environments: each goes by the number of the first of them.
    fn join_families(&self, units: &mut [Read<'_>]) {
        let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (number, read) in units.iter_mut().enumerate() {
            let Unit { reader, path, .. } = read.unit;
            let variant = self.inventory.variants.get(&(*reader, path.to_owned()));
            read.family = variant
                .map_or(number, |variant| *first.entry((reader, variant.family.as_str())).or_insert(number));
        }
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
            outcomes.map(|(number, unit)| (number, judge.judge_unit(unit))).collect();
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
        let about = count_environments(&units);
        let mut evaluations = merge_environments(evaluations, &plan.instances, &about);
        assign_fingerprints(&mut evaluations, &plan.instances, rule_set, workspace);
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        let mut waivers = settings.configuration.waivers.to_vec();
        for unit in &mut units {
            diagnostics.append(&mut unit.diagnostics);
            waivers.append(&mut unit.waivers);
        }
        keep_once(&mut waivers);
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
            // On all threads: what is dropped here is every value that was read.
            units: units.into_par_iter().map(|unit| unit.record).collect(),
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

/// How many environments each family of units has, by the number of its first unit.
fn count_environments(units: &[Read<'_>]) -> Vec<usize> {
    let mut names: Vec<BTreeSet<&SmolStr>> = vec![BTreeSet::new(); units.len()];
    for unit in units {
        if let Some(names) = names.get_mut(unit.family) {
            names.extend(&unit.record.environments);
        }
    }
    names.iter().map(BTreeSet::len).collect()
}

/// Drops the second of equal waivers in comments: what stands beside a base is read in each of its overlays.
fn keep_once(waivers: &mut Vec<Waiver>) {
    let mut seen: BTreeSet<(Span, Span, SmolStr)> = BTreeSet::new();
    waivers.retain(|waiver| match (&waiver.source, &waiver.target) {
        (WaiverSource::Inline(comment) | WaiverSource::Foreign(_, comment), Target::Span(covered)) => {
            seen.insert((*comment, *covered, SmolStr::clone(&waiver.rule)))
        }
        _ => true,
    });
}

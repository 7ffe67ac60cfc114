//! Whether edits help.

use super::offer::Offer;
use super::patched::Patched;
use crate::pipeline::scan;
use crate::{ScanError, Settings};
use proofmark_findings::{Evaluation, ScanResult, Verdict};
use proofmark_model::SmolStr;
use proofmark_source::{FileId, Impact, TextEdit};
use std::collections::{BTreeMap, BTreeSet};

/// How many offers are tried one by one where together they do not help and somebody waits for the repair. Each costs a scan.
const MAX_ALONE: usize = 16;

/// How often offers are taken back before all that remain are given up.
const MAX_ATTEMPTS: usize = 4;

/// Findings that are counted together: those of one rule on one resource. Elements have no identity that survives an edit.
type Group<'r> = (usize, &'r SmolStr, FileId);

/// What offers are tried on.
pub(super) struct Trial<'t> {
    /// The texts as they are.
    pub workspace: &'t Patched<'t>,
    /// How they are scanned.
    pub settings: &'t Settings,
    /// What that gave.
    pub before: &'t ScanResult,
    /// Whether offers that do not help together are tried alone, at the price of a scan each.
    pub is_patient: bool,
}

/// Those of offers that can stand together which help, with the result of a scan of the texts that they lead to; `None` where none does.
///
/// # Errors
/// As [`scan`].
pub(super) fn proven(
    trial: &Trial<'_>,
    mut offers: Vec<Offer>,
) -> Result<(Vec<Offer>, Option<ScanResult>), ScanError> {
    for attempt in 0..MAX_ATTEMPTS {
        if offers.is_empty() {
            break;
        }
        let (after, refused) = trial.run(&offers)?;
        if refused.is_empty() {
            return Ok((offers, Some(after)));
        }
        // One bad edit may have spoiled a file for the good ones.
        let mut chances = if trial.is_patient && attempt == 0 { MAX_ALONE } else { 0 };
        let mut kept = Vec::new();
        for (number, offer) in offers.into_iter().enumerate() {
            let mut is_kept = !refused.contains(&number);
            if !is_kept && chances > 0 {
                chances -= 1;
                is_kept = trial.run(std::slice::from_ref(&offer))?.1.is_empty();
            }
            if is_kept {
                kept.push(offer);
            }
        }
        offers = kept;
    }
    Ok((Vec::new(), None))
}

impl Trial<'_> {
    /// The scan of the texts with the offers in them, and the offers, by number, that did not help or did harm.
    fn run(&self, offers: &[Offer]) -> Result<(ScanResult, BTreeSet<usize>), ScanError> {
        let texts = self.workspace.edited(offers.iter().flat_map(|offer| &offer.edits));
        let after = scan(&Patched::new(self.workspace, &texts), self.settings)?;
        let refused = refused(self.before, &after, offers);
        Ok((after, refused))
    }
}

/// The offers whose edits can stand together, first come, first served, and those that collide with one of them.
pub(super) fn compatible(offers: Vec<Offer>) -> (Vec<Offer>, Vec<Offer>) {
    let mut taken: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    offers.into_iter().partition(|offer| {
        let collides = |edit: &TextEdit| {
            let others = taken.get(&edit.span.file).map_or(&[][..], Vec::as_slice);
            others.iter().any(|other| other != edit && touch(other, edit))
        };
        if offer.edits.iter().any(collides) {
            return false;
        }
        for edit in &offer.edits {
            taken.entry(edit.span.file).or_default().push(TextEdit::clone(edit));
        }
        true
    })
}

/// Whether two edits of a file change the same bytes, or insert at the same place.
fn touch(one: &TextEdit, other: &TextEdit) -> bool {
    one.span.start <= other.span.end && other.span.start <= one.span.end
}

/// The offers, by number, that did not help or did harm.
fn refused(before: &ScanResult, after: &ScanResult, offers: &[Offer]) -> BTreeSet<usize> {
    let (was, is) = (failures(before), failures(after));
    let mut offered: BTreeMap<Group<'_>, usize> = BTreeMap::new();
    let group_of = |offer: &Offer| before.evaluations.get(offer.evaluation).map(group);
    for group in offers.iter().filter_map(group_of) {
        *offered.entry(group).or_default() += 1;
    }
    let harmed: BTreeSet<FileId> = harmed_files(before, after)
        .chain(
            is.iter()
                .filter(|(group, count)| was.get(*group).unwrap_or(&0) < *count)
                .map(|(group, _)| group.2),
        )
        .collect();
    let is_refused = |offer: &Offer| {
        let touches_harmed = offer.edits.iter().any(|edit| harmed.contains(&edit.span.file));
        let Some(group) = group_of(offer) else { return true };
        let expected = was.get(&group).unwrap_or(&0).saturating_sub(*offered.get(&group).unwrap_or(&0));
        touches_harmed || *is.get(&group).unwrap_or(&0) > expected
    };
    offers.iter().enumerate().filter(|(_, offer)| is_refused(offer)).map(|(number, _)| number).collect()
}

fn group(evaluation: &Evaluation) -> Group<'_> {
    (evaluation.instance, &evaluation.subject.address.0, evaluation.subject.span.file)
}

/// How many findings each group has.
fn failures(result: &ScanResult) -> BTreeMap<Group<'_>, usize> {
    let mut failures = BTreeMap::new();
    for evaluation in result.evaluations.iter().filter(|evaluation| evaluation.verdict == Verdict::Fail) {
        *failures.entry(group(evaluation)).or_default() += 1;
    }
    failures
}

/// The files that can be read less well than before.
fn harmed_files<'r>(before: &'r ScanResult, after: &'r ScanResult) -> impl Iterator<Item = FileId> {
    let count = |result: &'r ScanResult| {
        let mut counts: BTreeMap<FileId, usize> = BTreeMap::new();
        for diagnostic in result.diagnostics.iter().filter(|diagnostic| diagnostic.impact != Impact::None) {
            *counts.entry(diagnostic.span.file).or_default() += 1;
        }
        counts
    };
    let was = count(before);
    count(after)
        .into_iter()
        .filter(move |(file, count)| was.get(file).unwrap_or(&0) < count)
        .map(|(file, _)| file)
}

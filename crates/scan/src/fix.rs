//! Repairs: what the edits of rules ask for, written into the texts.
//!
//! An edit speaks of values ([`Change`]); here it becomes a change of the text that leaves comments and layout alone
//! ([`offers`]). Whether it helps is not believed but seen: the texts are scanned again with the edits in them, and what
//! does not make its finding pass, or makes anything else fail, is taken back ([`proven`]).

mod offer;
mod patched;
mod proof;
mod setting;
mod literal;
mod yaml;
mod hcl;
mod extract;
#[cfg(test)]
mod tests;

use crate::pipeline::scan;
use crate::{ScanError, Settings};
use offer::{Offer, offers};
use patched::Patched;
use proof::{Trial, compatible, proven};
use proofmark_findings::{ScanResult, Verdict};
use proofmark_rules::RuleId;
use proofmark_source::{FileId, Span, TextEdit, Workspace};
use std::collections::BTreeMap;

/// How often the texts are scanned for edits that only become possible, or needed, through others. Two suffice for what
/// rules ask today; a circle of rules that undo one another ends here.
const MAX_ROUNDS: usize = 8;

/// How many edits at one place a report proposes. Each stands alone, for a finding of its own, but costs a scan of its own.
const MAX_AT_ONE_PLACE: usize = 4;

/// What was repaired.
#[derive(Clone, Debug, Default)]
pub struct Repairs {
    /// The files that change, each with its new text.
    pub texts: BTreeMap<FileId, String>,
    /// The findings that are gone, in the order in which they were repaired.
    pub repaired: Vec<Repaired>,
    /// How many findings are left that no edit mends.
    pub left: usize,
}

/// A finding that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The rule.
    pub rule: RuleId,
    /// The file.
    pub file: FileId,
    /// The line on which the finding stood, from 1, when it was repaired.
    pub line_number: u32,
    /// What was wrong.
    pub message: String,
}

/// Repairs what the edits of rules can, until nothing more can be done. Nothing is written anywhere.
///
/// # Errors
/// As [`scan`].
pub fn repair(workspace: &dyn Workspace, settings: &Settings) -> Result<Repairs, ScanError> {
    let mut repairs = Repairs::default();
    let mut result = scan(workspace, settings)?;
    for _ in 0..MAX_ROUNDS {
        let current = Patched::new(workspace, &repairs.texts);
        let trial = Trial { workspace: &current, settings, before: &result, is_patient: true };
        // What collides with another offer waits for the next round.
        let (together, _) = compatible(offers(&current, &result));
        let (accepted, after) = proven(&trial, together)?;
        let Some(after) = after else { break };
        let texts = current.edited(accepted.iter().flat_map(|offer| &offer.edits));
        let gone: Vec<Repaired> =
            accepted.iter().filter_map(|offer| repaired(&current, &result, offer)).collect();
        repairs.repaired.extend(gone);
        repairs.texts.extend(texts);
        result = after;
    }
    repairs.left = open_findings(&result).count();
    Ok(repairs)
}

/// For each finding that an edit mends, by its place among the evaluations, the edit: proven as in [`repair`], each on the
/// texts as they are.
///
/// # Errors
/// As [`scan`].
pub fn propose_edits(
    workspace: &dyn Workspace,
    settings: &Settings,
    result: &ScanResult,
) -> Result<BTreeMap<usize, Vec<TextEdit>>, ScanError> {
    let mut left = offers(workspace, result);
    let none = BTreeMap::new();
    let workspace = &Patched::new(workspace, &none);
    // A report must not take many times as long as the scan that it tells of.
    let trial = Trial { workspace, settings, before: result, is_patient: false };
    let mut proposed = BTreeMap::new();
    for _ in 0..MAX_AT_ONE_PLACE {
        let (together, others) = compatible(left);
        let (accepted, _) = proven(&trial, together)?;
        proposed.extend(accepted.into_iter().map(|offer| (offer.evaluation, offer.edits)));
        left = others;
    }
    Ok(proposed)
}

/// The findings that nobody has accepted.
fn open_findings(result: &ScanResult) -> impl Iterator<Item = usize> {
    let is_open = |number: &usize| {
        result.evaluations.get(*number).is_some_and(|evaluation| {
            evaluation.verdict == Verdict::Fail && evaluation.waiver.is_none() && !evaluation.is_known
        })
    };
    (0..result.evaluations.len()).filter(is_open)
}

fn repaired(workspace: &dyn Workspace, result: &ScanResult, offer: &Offer) -> Option<Repaired> {
    let evaluation = result.evaluations.get(offer.evaluation)?;
    let rule = result.rule_set.rules.get(result.instances.get(evaluation.instance)?.rule)?;
    let Span { file, start, .. } = evaluation.span;
    let line_number = workspace.line_index(file).line_number(start);
    Some(Repaired { rule: rule.id.clone(), file, line_number, message: evaluation.message.to_owned() })
}

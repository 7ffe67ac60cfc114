//! What a scan says about each control of a framework.

use crate::{AttestationRecord, AttestationState, ScanResult, Verdict};
use proofmark_frameworks::{Control, ControlId, Duty, Framework, Reach};
use proofmark_rules::Stage;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;

/// What a scan says about a control. Ordered worst first; a control gets the first that is true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ControlStatus {
    /// A failure that nobody has accepted.
    Failed,
    /// In scope, but nothing could be judged.
    NotEvaluated,
    /// Something could not be judged, or only accepted failures speak for it.
    Incomplete,
    /// A valid record speaks for it, and no rule against it.
    Attested,
    /// All that could be judged passed.
    Passed,
    /// Everything was read, and nothing in it is what the control speaks about.
    NotApplicable,
}

impl ControlStatus {
    /// The status as reports spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::NotEvaluated => "not-evaluated",
            Self::Incomplete => "incomplete",
            Self::Attested => "attested",
            Self::Passed => "passed",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl fmt::Display for ControlStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How many evaluations came out how. Waived failures are counted apart from failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerdictCounts {
    /// Failures that nobody has accepted.
    pub fail: usize,
    /// Accepted failures.
    pub waived: usize,
    /// Verdicts that a value decides which no file contains.
    pub unknown: usize,
    /// Passes.
    pub pass: usize,
    /// Rules that do not speak about the resource.
    pub not_applicable: usize,
}

impl VerdictCounts {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict, is_waived: bool) {
        match verdict {
            Verdict::Fail if is_waived => self.waived += 1,
            Verdict::Fail => self.fail += 1,
            Verdict::Unknown => self.unknown += 1,
            Verdict::Pass => self.pass += 1,
            Verdict::NotApplicable => self.not_applicable += 1,
        }
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.judged() + self.not_applicable
    }

    /// All but the not applicable ones.
    #[must_use]
    pub fn judged(&self) -> usize {
        self.fail + self.waived + self.unknown + self.pass
    }
}

/// A control with all that speaks for or against it.
#[derive(Clone, Debug)]
pub struct ControlSummary<'r> {
    /// The control.
    pub control: &'r Control,
    /// The derived status.
    pub status: ControlStatus,
    /// Why the status is what it is, in words; never empty.
    pub reason: String,
    /// The verdicts of all its rules.
    pub counts: VerdictCounts,
    /// Its rules that were evaluated, in order of [`ScanResult::instances`].
    pub rules: Vec<ControlRule>,
    /// The records that speak for it.
    pub attestations: Vec<&'r AttestationRecord>,
}

/// A rule that speaks for a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlRule {
    /// The rule with its parameters, by its place in [`ScanResult::instances`].
    pub instance: usize,
    /// Its verdicts.
    pub counts: VerdictCounts,
    /// Its evaluations, by place in [`ScanResult::evaluations`], in that order.
    pub evaluations: Vec<usize>,
}

/// Derives the status of every control of `framework`, in its order.
#[must_use]
pub fn summarize_controls<'r>(result: &'r ScanResult, framework: &'r Framework) -> Vec<ControlSummary<'r>> {
    let by_instance = evaluations_by_instance(result);
    let mut by_control: BTreeMap<&ControlId, Vec<usize>> = BTreeMap::new();
    for (index, instance) in result.instances.iter().enumerate() {
        for control in instance.controls.iter().filter(|control| control.framework() == framework.id.0) {
            by_control.entry(control).or_default().push(index);
        }
    }
    let summarize = |control: &'r Control| {
        let instances = by_control.get(&control.id).map_or(&[][..], Vec::as_slice);
        summarize_control(result, control, instances, &by_instance)
    };
    framework.controls.iter().map(summarize).collect()
}

fn evaluations_by_instance(result: &ScanResult) -> Vec<ControlRule> {
    let empty =
        |instance| ControlRule { instance, counts: VerdictCounts::default(), evaluations: Vec::new() };
    let mut rules: Vec<ControlRule> = (0..result.instances.len()).map(empty).collect();
    for (index, evaluation) in result.evaluations.iter().enumerate() {
        if let Some(rule) = rules.get_mut(evaluation.instance) {
            rule.counts.add(evaluation.verdict, evaluation.waiver.is_some());
            rule.evaluations.push(index);
        }
    }
    rules
}

fn summarize_control<'r>(
    result: &'r ScanResult,
    control: &'r Control,
    instances: &[usize],
    by_instance: &[ControlRule],
) -> ControlSummary<'r> {
    let rules: Vec<ControlRule> =
        instances.iter().filter_map(|&index| by_instance.get(index)).map(ControlRule::to_owned).collect();
    let mut counts = VerdictCounts::default();
    for rule in &rules {
        counts.fail += rule.counts.fail;
        counts.waived += rule.counts.waived;
        counts.unknown += rule.counts.unknown;
        counts.pass += rule.counts.pass;
        counts.not_applicable += rule.counts.not_applicable;
    }
    let attestations: Vec<_> =
        result.attestations.iter().filter(|record| record.control == control.id).collect();
    let grounds = Grounds { control, counts: &counts, rules: &rules, attestations: &attestations };
    let (status, reason) = derive(result, &grounds);
    ControlSummary { control, status, reason, counts, rules, attestations }
}

/// What the status of a control is derived from; see [`ControlSummary`].
struct Grounds<'g> {
    control: &'g Control,
    counts: &'g VerdictCounts,
    rules: &'g [ControlRule],
    attestations: &'g [&'g AttestationRecord],
}

fn derive(result: &ScanResult, grounds: &Grounds<'_>) -> (ControlStatus, String) {
    let Grounds { counts, attestations, .. } = grounds;
    let valid = attestations.iter().find(|record| record.state == AttestationState::Valid);
    if counts.fail > 0 {
        return (
            ControlStatus::Failed,
            count(counts.fail, "failure is not accepted", "failures are not accepted"),
        );
    }
    if counts.judged() == 0 {
        return match valid {
            Some(record) => (ControlStatus::Attested, format!("`{}` speaks for it", record.path)),
            None => nothing_judged(result, grounds),
        };
    }
    if counts.unknown > 0 {
        let reason = count(counts.unknown, "verdict is unknown", "verdicts are unknown");
        return (ControlStatus::Incomplete, reason);
    }
    if counts.pass == 0 {
        let reason = "only accepted failures speak for it".to_owned();
        return (ControlStatus::Incomplete, reason);
    }
    let passes = match counts.waived {
        0 => count(counts.pass, "judgement passed", "judgements passed"),
        waived => format!("{} passed, {waived} waived", counts.pass),
    };
    match valid {
        Some(record) => (ControlStatus::Attested, format!("{passes}, and `{}` speaks for it", record.path)),
        None => (ControlStatus::Passed, passes),
    }
}

/// Why nothing was judged: no rule, no reading, or nothing of the kind in the repository.
fn nothing_judged(result: &ScanResult, grounds: &Grounds<'_>) -> (ControlStatus, String) {
    let Grounds { control, rules, attestations, .. } = grounds;
    if let Some(record) = attestations.first() {
        let problem = describe_attestation(&record.state);
        return (ControlStatus::NotEvaluated, format!("the record `{}` {problem}", record.path));
    }
    // What a missing record should show still applies, whatever else is in the repository.
    if let Some(attestation) = &control.attestation {
        let paths: Vec<String> = attestation.paths.iter().map(|path| format!("`{path}`")).collect();
        return (ControlStatus::NotEvaluated, format!("no record at {}", paths.join(" or ")));
    }
    if rules.is_empty() {
        return (ControlStatus::NotEvaluated, why_no_rule(result, control));
    }
    if control.reach == Reach::None {
        let reason = "configuration cannot show it, and no document was judged".to_owned();
        return (ControlStatus::NotEvaluated, reason);
    }
    let unread = result.unread_count();
    if unread > 0 {
        let files = count(unread, "file was", "files were");
        return (ControlStatus::NotEvaluated, format!("nothing was judged, and {files} not read whole"));
    }
    let applicable: usize = rules.iter().map(|rule| rule.counts.not_applicable).sum();
    if applicable > 0 {
        let reason = count(applicable, "resource is", "resources are");
        return (ControlStatus::NotApplicable, format!("{reason} of the kind, but the rules do not apply"));
    }
    let population: usize = result.units.iter().map(|unit| unit.resource_count).sum();
    let kinds = kinds_of(result, rules);
    (ControlStatus::NotApplicable, format!("none of the {population} resources is a {kinds}"))
}

fn why_no_rule(result: &ScanResult, control: &Control) -> String {
    let is_live = |rule: &&proofmark_rules::Rule| rule.stage != Stage::Retired;
    let exists = result.rule_set.rules.iter().filter(is_live).any(|rule| rule.controls.contains(&control.id));
    if exists {
        return "its rules were not selected for this scan".to_owned();
    }
    match control.reach {
        Reach::None => "files cannot show it".to_owned(),
        Reach::Full | Reach::Partial => "no rule speaks for it yet".to_owned(),
    }
}

/// `aws_db_instance, aws_rds_cluster or 3 other kinds`.
fn kinds_of(result: &ScanResult, rules: &[ControlRule]) -> String {
    const SHOWN: usize = 4;
    let mut kinds: Vec<&SmolStr> = rules
        .iter()
        .filter_map(|rule| result.rule_set.rules.get(result.instances.get(rule.instance)?.rule))
        .flat_map(|rule| &rule.resources)
        .collect();
    kinds.sort();
    kinds.dedup();
    let shown: Vec<String> = kinds.iter().take(SHOWN).map(|kind| format!("`{kind}`")).collect();
    match kinds.len().saturating_sub(SHOWN) {
        0 => shown.join(" or "),
        more => format!("{} or one of {more} further kinds", shown.join(", ")),
    }
}

/// What is wrong with a record, in words that follow its name.
#[must_use]
pub fn describe_attestation(state: &AttestationState) -> String {
    match state {
        AttestationState::Valid => "is valid".to_owned(),
        AttestationState::Incomplete(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            format!("lacks {} in its front matter", keys.join(", "))
        }
        AttestationState::Stale { age_days, max_age_days } => {
            format!("was last reviewed {age_days} days ago, more than the {max_age_days} allowed")
        }
        AttestationState::Undated => "names no day of a review".to_owned(),
    }
}

/// Whether one of the controls is addressable, so that accepting a failure needs an alternative on record.
#[must_use]
pub fn needs_alternative(frameworks: &[Framework], controls: &[ControlId]) -> bool {
    frameworks
        .iter()
        .flat_map(|framework| &framework.controls)
        .any(|control| control.duty == Some(Duty::Addressable) && controls.contains(&control.id))
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests;

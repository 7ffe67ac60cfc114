//! The numbers of a scan.

use proofmark_findings::{
    ControlStatus, FileState, Ledger, ScanResult, Verdict, VerdictCounts, WaiverState, summarize_controls,
};
use proofmark_frameworks::Framework;
use proofmark_rules::Severity;
use std::collections::BTreeMap;

/// The numbers of a scan, for every report that ends with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The ledger of files.
    pub ledger: Ledger,
    /// The verdicts.
    pub counts: VerdictCounts,
    /// Failures without a waiver, by severity; only severities that occur.
    pub failures: BTreeMap<Severity, usize>,
    /// Those of them that the baseline holds.
    pub known: usize,
    /// Rules that were evaluated.
    pub rules: usize,
    /// Resources that were read.
    pub resources: usize,
    /// Environments that were judged.
    pub environments: usize,
    /// Units that were not understood whole.
    pub incomplete_units: usize,
    /// Waivers by what became of them: used, idle, unused, expired.
    pub waivers: WaiverCounts,
    /// The frameworks in scope with the number of their controls in each status, in order of id.
    pub frameworks: Vec<FrameworkCounts>,
    /// Files in scope that were not read whole, with the reason: path, reason.
    pub unread: Vec<(String, String)>,
}

/// How many waivers are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct WaiverCounts {
    pub used: usize,
    pub idle: usize,
    pub unused: usize,
    pub expired: usize,
}

/// How many controls of a framework are in which status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameworkCounts {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The statuses that occur, worst first.
    pub statuses: BTreeMap<ControlStatus, usize>,
}

/// Counts everything once.
#[must_use]
pub fn summarize(result: &ScanResult) -> Summary {
    let VerdictNumbers { counts, failures, known } = count_verdicts(result);
    Summary {
        ledger: Ledger::of(&result.files),
        counts,
        failures,
        known,
        rules: evaluated_rules(result).len(),
        resources: result.units.iter().map(|unit| unit.resource_count).sum(),
        environments: result.environments.len(),
        incomplete_units: result.units.iter().filter(|unit| !unit.is_complete || unit.is_failed).count(),
        waivers: count_waivers(result),
        frameworks: frameworks_in_scope(result).into_iter().map(|f| count_controls(result, f)).collect(),
        unread: unread_files(result),
    }
}

/// What the evaluations alone add up to.
pub(crate) struct VerdictNumbers {
    pub counts: VerdictCounts,
    pub failures: BTreeMap<Severity, usize>,
    pub known: usize,
}

pub(crate) fn count_verdicts(result: &ScanResult) -> VerdictNumbers {
    let mut numbers =
        VerdictNumbers { counts: VerdictCounts::default(), failures: BTreeMap::new(), known: 0 };
    for evaluation in &result.evaluations {
        let is_waived = evaluation.waiver.is_some();
        numbers.counts.add(evaluation.verdict, is_waived);
        if evaluation.verdict == Verdict::Fail && !is_waived {
            numbers.known += usize::from(evaluation.is_known);
            *numbers.failures.entry(severity(result, evaluation.instance)).or_default() += 1;
        }
    }
    numbers
}

impl Summary {
    /// The closing lines of a text report; the last is the ledger.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.failure_line(), self.verdict_line()];
        let waivers = &self.waivers;
        let states = [
            (waivers.used, "used"),
            (waivers.idle, "not needed here"),
            (waivers.unused, "unused"),
            (waivers.expired, "expired"),
        ];
        let waived = states.iter().filter(|(count, _)| *count > 0);
        let waived: Vec<String> = waived.map(|(count, name)| format!("{count} {name}")).collect();
        if !waived.is_empty() {
            lines.push(format!("waivers: {}", waived.join(", ")));
        }
        lines.extend(self.frameworks.iter().map(FrameworkCounts::line));
        if self.incomplete_units > 0 {
            let noun = if self.incomplete_units == 1 { "unit was" } else { "units were" };
            lines.push(format!("{} {noun} not understood whole", self.incomplete_units));
        }
        lines.push(self.ledger.to_string());
        lines
    }

    /// `3 findings: 1 critical, 2 high (1 known from the baseline)`, or `no findings`.
    #[must_use]
    pub fn failure_line(&self) -> String {
        if self.counts.fail == 0 {
            return "no findings".to_owned();
        }
        let parts: Vec<String> = self
            .failures
            .iter()
            .rev()
            .map(|(severity, count)| format!("{count} {}", name_of(*severity)))
            .collect();
        let noun = if self.counts.fail == 1 { "finding" } else { "findings" };
        let known = match self.known {
            0 => String::new(),
            known => format!(" ({known} known from the baseline)"),
        };
        format!("{} {noun}: {}{known}", self.counts.fail, parts.join(", "))
    }

    /// `210 passed, 3 failed, 1 waived, 4 unknown, 12 not applicable; 80 rules on 45 resources`, and in how many
    /// environments where any are configured.
    #[must_use]
    pub fn verdict_line(&self) -> String {
        let counts = &self.counts;
        let parts = [
            (counts.pass, "passed"),
            (counts.fail, "failed"),
            (counts.waived, "waived"),
            (counts.unknown, "unknown"),
            (counts.not_applicable, "not applicable"),
        ];
        let parts = parts.iter().enumerate().filter(|(index, (count, _))| *index < 2 || *count > 0);
        let parts: Vec<String> = parts.map(|(_, (count, name))| format!("{count} {name}")).collect();
        let rules = if self.rules == 1 { "rule" } else { "rules" };
        let resources = if self.resources == 1 { "resource" } else { "resources" };
        let environments = match self.environments {
            0 => String::new(),
            1 => " in 1 environment".to_owned(),
            count => format!(" in {count} environments"),
        };
        let parts = parts.join(", ");
        format!("{parts}; {} {rules} on {} {resources}{environments}", self.rules, self.resources)
    }
}

impl FrameworkCounts {
    /// `soc2: 43 controls, 3 failed, 10 passed, 30 not evaluated`.
    #[must_use]
    pub fn line(&self) -> String {
        let total: usize = self.statuses.values().sum();
        let parts = self.statuses.iter().map(|(status, count)| format!("{count} {}", words(*status)));
        let noun = if total == 1 { "control" } else { "controls" };
        format!("{}: {total} {noun}, {}", self.id, parts.collect::<Vec<_>>().join(", "))
    }
}

/// A status in running text.
#[must_use]
pub fn words(status: ControlStatus) -> &'static str {
    match status {
        ControlStatus::Failed => "failed",
        ControlStatus::NotEvaluated => "not evaluated",
        ControlStatus::Incomplete => "incomplete",
        ControlStatus::Attested => "attested",
        ControlStatus::Passed => "passed",
        ControlStatus::NotApplicable => "not applicable",
    }
}

/// A severity as reports spell it.
#[must_use]
pub fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// A verdict as reports spell it.
#[must_use]
pub fn name_of_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "fail",
        Verdict::Unknown => "unknown",
        Verdict::Pass => "pass",
        Verdict::NotApplicable => "not-applicable",
    }
}

/// The severity of an instance's rule.
pub(crate) fn severity(result: &ScanResult, instance: usize) -> Severity {
    let rule = result.instances.get(instance).and_then(|instance| result.rule_set.rules.get(instance.rule));
    rule.map_or(Severity::Info, |rule| rule.severity)
}

/// The rules that were evaluated, by place in the rule set, sorted.
pub(crate) fn evaluated_rules(result: &ScanResult) -> Vec<usize> {
    let mut rules: Vec<usize> = result.instances.iter().map(|instance| instance.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The frameworks of which at least one control was spoken for.
pub(crate) fn frameworks_in_scope(result: &ScanResult) -> Vec<&Framework> {
    let controls = result.instances.iter().flat_map(|instance| &instance.controls);
    let ids: std::collections::BTreeSet<&str> = controls.map(|control| control.framework()).collect();
    result.rule_set.frameworks.iter().filter(|framework| ids.contains(&*framework.id.0)).collect()
}

fn count_controls(result: &ScanResult, framework: &Framework) -> FrameworkCounts {
    let mut statuses = BTreeMap::new();
    for control in summarize_controls(result, framework) {
        *statuses.entry(control.status).or_default() += 1;
    }
    FrameworkCounts { id: framework.id.to_string(), title: framework.title.to_string(), statuses }
}

fn count_waivers(result: &ScanResult) -> WaiverCounts {
    let mut counts = WaiverCounts::default();
    for waiver in &result.waivers {
        match waiver.state {
            WaiverState::Used => counts.used += 1,
            WaiverState::Idle => counts.idle += 1,
            WaiverState::Unused => counts.unused += 1,
            WaiverState::Expired => counts.expired += 1,
        }
    }
    counts
}

fn unread_files(result: &ScanResult) -> Vec<(String, String)> {
    let reason = |state: &FileState| match state {
        FileState::NotRead(reason) => Some(reason.to_owned()),
        FileState::PartlyRead => Some("read in part".to_owned()),
        FileState::Read | FileState::Excluded(_) | FileState::Unrecognized => None,
    };
    let unread =
        result.files.iter().filter_map(|record| Some((record.path.to_owned(), reason(&record.state)?)));
    unread.collect()
}

#[cfg(test)]
mod tests;

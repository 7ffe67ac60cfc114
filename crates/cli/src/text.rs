//! The report for people: findings by file with excerpts, then the numbers, and the ledger last.

mod finding;
pub mod window;

use crate::output::Colors;
use crate::words::{count, severity_name};
use finding::Finding;
use proofmark_scan::{
    Evaluation, Rule, RuleId, ScanResult, Severity, Verdict, Waiver, WaiverState, Workspace, report,
};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a text report shows.
pub struct TextReport<'r> {
    /// What was found.
    pub result: &'r ScanResult,
    /// The files.
    pub workspace: &'r dyn Workspace,
    /// What stands before a path in the workspace to make it one that the user can open.
    pub prefix: &'r str,
    /// Whether unknown verdicts are told one by one.
    pub shows_unknown: bool,
    /// The least severity that fails the scan.
    pub threshold: Severity,
}

impl TextReport<'_> {
    /// The report as text.
    pub fn render(&self, colors: &Colors) -> String {
        let handler = colors.handler(colors.is_output_colored);
        let mut text = String::new();
        let shown: Vec<&Evaluation> =
            self.result.evaluations.iter().filter(|evaluation| self.is_shown(evaluation)).collect();
        let mut explained: BTreeSet<&RuleId> = BTreeSet::new();
        // Evaluations are sorted by path, so those of a file follow each other.
        for group in shown.chunk_by(|a, b| a.span.file == b.span.file) {
            self.render_heading(&mut text, group, colors);
            for evaluation in group {
                let Some(rule) = self.rule(evaluation) else { continue };
                // What a rule is for is read once; `explain` tells it again.
                let finding = Finding::new(self, evaluation, rule, explained.insert(&rule.id));
                // Writing to a string cannot fail.
                let _ = handler.render_report(&mut text, &finding);
                text.push('\n');
            }
        }
        self.render_waivers(&mut text);
        let mut lines = report::summarize(self.result).lines();
        if let Some(outcome) = self.outcome() {
            // Behind the number of findings, which comes first.
            lines.insert(lines.len().min(1), outcome);
        }
        if let Some(hint) = self.unknown_hint() {
            // The ledger ends the report.
            lines.insert(lines.len().saturating_sub(1), hint);
        }
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// How many of the findings fail the scan, where some do not.
    fn outcome(&self) -> Option<String> {
        let failures = self.result.evaluations.iter();
        let mut failures = failures.filter(|found| found.verdict == Verdict::Fail && found.waiver.is_none());
        let is_grave = |found: &&Evaluation| {
            !found.is_known && self.rule(found).is_some_and(|rule| rule.severity >= self.threshold)
        };
        let (all, grave) = (failures.clone().count(), failures.clone().filter(is_grave).count());
        let threshold = severity_name(self.threshold);
        let has_known = failures.any(|found| found.is_known);
        let (one, those) = if has_known { ("a new one", "new ones") } else { ("one", "those") };
        match grave {
            _ if grave == all => None,
            0 => Some(format!(
                "none of them fails the scan: that takes {one} of severity {threshold} or above"
            )),
            _ => Some(format!("{grave} of them fail the scan: {those} of severity {threshold} or above")),
        }
    }

    /// Where unknown verdicts are told, where they are not told here.
    fn unknown_hint(&self) -> Option<String> {
        let unknown =
            self.result.evaluations.iter().filter(|found| found.verdict == Verdict::Unknown).count();
        let is_hidden = unknown > 0 && !self.shows_unknown;
        is_hidden.then(|| {
            "what is unknown, and why, is told with `--fail-on-unknown` and in `--format json`".to_owned()
        })
    }

    fn is_shown(&self, evaluation: &Evaluation) -> bool {
        match evaluation.verdict {
            Verdict::Fail => evaluation.waiver.is_none() && !evaluation.is_known,
            Verdict::Unknown => self.shows_unknown,
            Verdict::Pass | Verdict::NotApplicable => false,
        }
    }

    fn render_heading(&self, text: &mut String, group: &[&Evaluation], colors: &Colors) {
        let path = group.first().map_or("", |first| self.workspace.path(first.span.file));
        let path =
            if path.is_empty() { "the repository".to_owned() } else { format!("{}{path}", self.prefix) };
        let (bold, plain) = if colors.is_output_colored { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        let _ = writeln!(text, "{bold}{path}{plain}: {}\n", count(group.len(), "finding"));
    }

    fn rule(&self, evaluation: &Evaluation) -> Option<&Rule> {
        let instance = self.result.instances.get(evaluation.instance)?;
        self.result.rule_set.rules.get(instance.rule)
    }

    /// Waivers of the configuration that are over or cover nothing; inline ones are told as diagnostics.
    fn render_waivers(&self, text: &mut String) {
        let is_configured = |waiver: &&Waiver| waiver.source == proofmark_scan::WaiverSource::Configuration;
        let mut is_any = false;
        for waiver in self.result.waivers.iter().filter(is_configured) {
            let state = match waiver.state {
                WaiverState::Expired => {
                    format!("expired after {}", waiver.expires.as_deref().unwrap_or("its end"))
                }
                WaiverState::Unused => "covers no failure".to_owned(),
                WaiverState::Used | WaiverState::Idle => continue,
            };
            is_any = true;
            let _ = writeln!(text, "the waiver of {} for {} {state}", waiver.rule, describe_target(waiver));
        }
        if is_any {
            text.push('\n');
        }
    }
}

fn describe_target(waiver: &Waiver) -> String {
    match &waiver.target {
        proofmark_scan::Target::Address(pattern) | proofmark_scan::Target::Path(pattern) => {
            pattern.to_string()
        }
        proofmark_scan::Target::Span(_) => "a comment".to_owned(),
    }
}

/// `high aws/rds-instance-encrypted`.
fn heading(evaluation: &Evaluation, rule: &Rule) -> String {
    let verdict = if evaluation.verdict == Verdict::Unknown { "unknown, " } else { "" };
    format!("{verdict}{} {}", severity_name(rule.severity), rule.id)
}

//! The report for people: findings by file with excerpts, then the numbers, and the ledger last.

mod finding;
pub mod window;

use crate::output::Colors;
use crate::words::{count, severity_name};
use finding::Finding;
use proofmark_scan::{Evaluation, Rule, ScanResult, Verdict, Waiver, WaiverState, Workspace, report};
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
}

impl TextReport<'_> {
    /// The report as text.
    pub fn render(&self, colors: &Colors) -> String {
        let handler = colors.handler(colors.is_output_colored);
        let mut text = String::new();
        let shown: Vec<&Evaluation> =
            self.result.evaluations.iter().filter(|evaluation| self.is_shown(evaluation)).collect();
        // Evaluations are sorted by path, so those of a file follow each other.
        for group in shown.chunk_by(|a, b| a.span.file == b.span.file) {
            self.render_heading(&mut text, group, colors);
            for evaluation in group {
                let Some(finding) = self.finding(evaluation) else { continue };
                // Writing to a string cannot fail.
                let _ = handler.render_report(&mut text, &finding);
                text.push('\n');
            }
        }
        self.render_waivers(&mut text);
        for line in report::summarize(self.result).lines() {
            text.push_str(&line);
            text.push('\n');
        }
        text
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

    fn finding(&self, evaluation: &Evaluation) -> Option<Finding> {
        let rule = self.rule(evaluation)?;
        Some(Finding::new(self, evaluation, rule))
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

//! The evidence report for one framework: what an auditor asks for, complete, and tied to the files it speaks about.
//!
//! Facts come once: controls point to rules, rules hold the rows. Every judged resource has a row, passes included; every
//! discovered file has a line. Paths are relative to the root of the repository.

mod scope;
mod controls;
mod rules;
mod registers;

use crate::page::{Page, render_html_page, render_markdown_page};
use crate::place::Places;
use proofmark_findings::{ControlSummary, ScanResult, summarize_controls};
use proofmark_frameworks::Framework;
use proofmark_source::Workspace;

/// What only the doors know.
#[derive(Clone, Copy, Debug, Default)]
pub struct EvidenceOptions<'a> {
    /// When the report is made, as people write it (`2026-11-22 14:05 UTC`).
    pub generated_at: Option<&'a str>,
    /// The command that makes it again.
    pub command: Option<&'a str>,
    /// What was looked at over time, such as `2026-01-01 to 2026-06-30`; a scan alone shows one moment.
    pub period: Option<&'a str>,
}

/// All that the sections share.
struct Evidence<'r> {
    result: &'r ScanResult,
    framework: &'r Framework,
    controls: Vec<ControlSummary<'r>>,
    places: Places<'r>,
    options: &'r EvidenceOptions<'r>,
}

/// The evidence for the framework of that id as Markdown; `None` where there is no such framework.
#[must_use]
pub fn render_evidence(
    result: &ScanResult,
    workspace: &dyn Workspace,
    framework: &str,
    options: &EvidenceOptions<'_>,
) -> Option<String> {
    page(result, workspace, framework, options).map(|page| render_markdown_page(&page))
}

/// The same as one HTML file that needs nothing else.
#[must_use]
pub fn render_evidence_html(
    result: &ScanResult,
    workspace: &dyn Workspace,
    framework: &str,
    options: &EvidenceOptions<'_>,
) -> Option<String> {
    page(result, workspace, framework, options).map(|page| render_html_page(&page))
}

fn page(
    result: &ScanResult,
    workspace: &dyn Workspace,
    framework: &str,
    options: &EvidenceOptions<'_>,
) -> Option<Page> {
    let framework = result.rule_set.frameworks.iter().find(|known| known.id.0 == framework)?;
    let evidence = Evidence {
        result,
        framework,
        controls: summarize_controls(result, framework),
        places: Places::new(workspace, ""),
        options,
    };
    let mut page = Page::new(format!("Evidence: {}", framework.title));
    scope::write(&mut page, &evidence);
    scope::write_completeness(&mut page, &evidence);
    controls::write_overview(&mut page, &evidence);
    controls::write(&mut page, &evidence);
    rules::write(&mut page, &evidence);
    registers::write_waivers(&mut page, &evidence);
    registers::write_unknowns(&mut page, &evidence);
    registers::write_beyond_files(&mut page, &evidence);
    registers::write_limits(&mut page);
    registers::write_population(&mut page, &evidence);
    Some(page)
}

#[cfg(test)]
mod tests;

//! A scan at a glance as Markdown: for job summaries and comments.

use crate::page::{Kind, Page, Phrase, render_markdown_page};
use crate::place::Places;
use crate::summary::{Summary, name_of, severity, summarize, words};
use proofmark_findings::{Evaluation, ScanResult, Verdict, WaiverState};
use proofmark_source::Workspace;

/// A job summary may have 1 MiB; a table of so many rows is long past being read, and stays far below.
const MAX_ROWS: usize = 200;

/// The scan at a glance as Markdown.
#[must_use]
pub fn render_markdown(result: &ScanResult, workspace: &dyn Workspace) -> String {
    let places = Places::new(workspace, &result.repository.scanned_path);
    let summary = summarize(result);
    let mut page = Page::new("Proofmark");
    page.paragraph(Phrase::strong(summary.failure_line()).then(". ").then(summary.verdict_line()).then("."));
    write_frameworks(&mut page, &summary);
    write_findings(&mut page, result, &places);
    write_waivers(&mut page, result);
    page.heading(2, "Files");
    page.paragraph(summary.ledger.to_string());
    let shown = summary.unread.iter().take(MAX_ROWS);
    let row = |(path, why): &(String, String)| {
        vec![Phrase::code(places.relative(path)), Phrase::from(why.as_str())]
    };
    let rows: Vec<_> = shown.map(row).collect();
    let unread = rows.len();
    page.table(&[("Not read whole", Kind::Words), ("Why", Kind::Words)], rows);
    write_more(&mut page, summary.unread.len() - unread);
    render_markdown_page(&page)
}

fn write_frameworks(page: &mut Page, summary: &Summary) {
    let rows = summary.frameworks.iter().map(|framework| {
        let statuses = framework.statuses.iter().map(|(status, count)| format!("{count} {}", words(*status)));
        let statuses = statuses.collect::<Vec<_>>().join(", ");
        vec![Phrase::from(framework.title.as_str()), Phrase::from(statuses)]
    });
    page.table(&[("Framework", Kind::Words), ("Controls", Kind::Words)], rows.collect());
}

fn write_findings(page: &mut Page, result: &ScanResult, places: &Places<'_>) {
    let is_finding = |e: &&Evaluation| e.verdict == Verdict::Fail && e.waiver.is_none();
    let mut findings: Vec<&Evaluation> = result.evaluations.iter().filter(is_finding).collect();
    if findings.is_empty() {
        return;
    }
    // New ones first, then the most severe; the order of places stays within.
    findings.sort_by_key(|e| (e.is_known, std::cmp::Reverse(severity(result, e.instance))));
    page.heading(2, "Findings");
    let all = findings.len();
    let rows = findings.into_iter().take(MAX_ROWS).map(|evaluation| {
        let rule = result.instances.get(evaluation.instance).and_then(|i| result.rule_set.rules.get(i.rule));
        let line = places.range(evaluation.span).start.line;
        let mut message = Phrase::from(evaluation.message.as_str());
        if let Some(place) = evaluation.where_it_holds() {
            message = message.then(format!(" ({place})"));
        }
        if evaluation.is_known {
            message = message.then(" (known)");
        }
        vec![
            Phrase::from(name_of(severity(result, evaluation.instance))),
            Phrase::code(format!("{}:{line}", places.path(evaluation.span.file))),
            Phrase::code(&*evaluation.subject.address.0),
            message,
            Phrase::code(rule.map_or("", |rule| rule.id.0.as_str())),
        ]
    });
    let columns = [
        ("Severity", Kind::Words),
        ("Where", Kind::Words),
        ("Resource", Kind::Words),
        ("What", Kind::Words),
        ("Rule", Kind::Words),
    ];
    page.table(&columns, rows.collect());
    write_more(page, all.saturating_sub(MAX_ROWS));
}

fn write_more(page: &mut Page, more: usize) {
    if more > 0 {
        page.paragraph(format!("And {more} more: the JSON report holds all of them."));
    }
}

fn write_waivers(page: &mut Page, result: &ScanResult) {
    let stale = result.waivers.iter().filter_map(|waiver| {
        let state = match waiver.state {
            WaiverState::Expired => "expired",
            WaiverState::Unused => "unused",
            WaiverState::Used | WaiverState::Idle => return None,
        };
        Some(Phrase::code(&*waiver.rule).then(format!(" {state}: ")).then(waiver.reason.as_str()))
    });
    let stale: Vec<Phrase> = stale.collect();
    if !stale.is_empty() {
        page.heading(2, "Waivers to look at");
        page.list(stale);
    }
}

#[cfg(test)]
mod tests;

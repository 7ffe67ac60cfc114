//! What was looked at, with what, and how much of it was read.

use super::Evidence;
use crate::page::{Kind, Page, Phrase};
use proofmark_findings::{FileState, Ledger};
use proofmark_source::Impact;
use std::collections::BTreeMap;

/// The head of the report.
pub fn write(page: &mut Page, evidence: &Evidence<'_>) {
    page.paragraph(
        "This report shows what the files of one repository say about the controls of one framework, at one moment. \
         It states facts about files; whether the organization meets the framework is for its auditor to judge.",
    );
    page.heading(2, "1. Subject and method");
    page.table(&[("", Kind::Words), ("", Kind::Words)], facts(evidence));
    write_environments(page, evidence);
}

/// What the same files were judged as; nothing where no environment is configured.
fn write_environments(page: &mut Page, evidence: &Evidence<'_>) {
    let environments = &evidence.result.environments;
    if environments.is_empty() {
        return;
    }
    page.heading(3, "Environments");
    page.paragraph(
        "The files were judged in each of these environments. A row that names none holds in every environment that \
         is about it.",
    );
    let rows = environments.iter().map(|environment| {
        let files = environment.variable_files.iter().map(|path| Phrase::code(path.as_str()));
        let workspace = environment.workspace.as_deref().map_or(Phrase::from("not known"), Phrase::code);
        vec![Phrase::from(&*environment.name), workspace, Phrase::lines(files)]
    });
    let columns = [("Environment", Kind::Words), ("Workspace", Kind::Words), ("Variable files", Kind::Words)];
    page.table(&columns, rows.collect());
}

fn facts(evidence: &Evidence<'_>) -> Vec<Vec<Phrase>> {
    let result = evidence.result;
    let repository = &result.repository;
    let framework = evidence.framework;
    let optional = |text: Option<&str>| text.map_or(Phrase::from("not known"), Phrase::code);
    let state = match repository.is_dirty {
        Some(true) => "differs from the commit",
        Some(false) => "equal to the commit",
        None => "not known",
    };
    let scanned = if repository.scanned_path.is_empty() { "." } else { &repository.scanned_path };
    let packs: Vec<&str> = result.packs.iter().map(|pack| pack.as_str()).collect();
    let mut rows = vec![
        ("Framework", Phrase::from(&*framework.title)),
        ("Edition", Phrase::from(&*framework.edition)),
        ("Official text", Phrase::web(&framework.source)),
        ("Repository", Phrase::from(repository.name.as_str())),
        ("Fetched from", optional(repository.remote.as_deref())),
        ("Commit", optional(repository.commit.as_deref())),
        ("Branch", optional(repository.branch.as_deref())),
        ("Working tree", Phrase::from(state)),
        ("Scanned path", Phrase::code(scanned)),
        ("As of", Phrase::from(&*result.as_of)),
        ("Tool", Phrase::from(format!("proofmark {}", result.tool_version))),
        ("Rules, SHA-256", Phrase::code(result.rule_set.digest.as_str())),
        ("Packs", Phrase::from(packs.join(", "))),
    ];
    let options = evidence.options;
    rows.extend(options.period.map(|period| ("Period", Phrase::from(period))));
    rows.extend(options.generated_at.map(|time| ("Generated", Phrase::from(time))));
    rows.extend(options.command.map(|command| ("Made again by", Phrase::code(command))));
    rows.into_iter().map(|(name, fact)| vec![Phrase::strong(name), fact]).collect()
}

/// The ledger, and everything that was not read whole.
pub fn write_completeness(page: &mut Page, evidence: &Evidence<'_>) {
    let result = evidence.result;
    let ledger = Ledger::of(&result.files);
    page.heading(2, "2. Completeness");
    page.paragraph("Every file that was discovered is in exactly one state, and each is listed at the end.");
    page.table(
        &[
            ("Discovered", Kind::Number),
            ("= read", Kind::Number),
            ("+ read in part", Kind::Number),
            ("+ not read", Kind::Number),
            ("+ excluded", Kind::Number),
            ("+ unrecognized", Kind::Number),
        ],
        vec![vec![
            Phrase::from(ledger.total),
            Phrase::from(ledger.read),
            Phrase::from(ledger.partly_read),
            Phrase::from(ledger.not_read),
            Phrase::from(ledger.excluded),
            Phrase::from(ledger.unrecognized),
        ]],
    );
    write_readers(page, evidence);
    write_unread(page, evidence);
    write_excluded(page, evidence);
}

fn write_readers(page: &mut Page, evidence: &Evidence<'_>) {
    let mut readers: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for unit in &evidence.result.units {
        let [units, resources, incomplete] = readers.entry(unit.reader).or_default();
        *units += 1;
        *resources += unit.resource_count;
        *incomplete += usize::from(!unit.is_complete || unit.is_failed);
    }
    let rows = readers.into_iter().map(|(reader, [units, resources, incomplete])| {
        vec![Phrase::from(reader), Phrase::from(units), Phrase::from(resources), Phrase::from(incomplete)]
    });
    let columns = [
        ("Reader", Kind::Words),
        ("Units", Kind::Number),
        ("Resources", Kind::Number),
        ("Units not understood whole", Kind::Number),
    ];
    page.table(&columns, rows.collect());
}

fn write_unread(page: &mut Page, evidence: &Evidence<'_>) {
    let mut rows = Vec::new();
    for record in &evidence.result.files {
        let reason = match &record.state {
            FileState::NotRead(reason) => Phrase::from("not read: ").then(reason.as_str()),
            FileState::PartlyRead => Phrase::from("read in part"),
            FileState::Read | FileState::Excluded(_) | FileState::Unrecognized => continue,
        };
        rows.push(vec![Phrase::code(record.path.as_str()), reason]);
    }
    let diagnostics = evidence.result.diagnostics.iter().filter(|d| d.impact != Impact::None);
    rows.extend(diagnostics.map(|diagnostic| {
        let line = evidence.places.range(diagnostic.span).start.line;
        let place = format!("{}:{line}", evidence.places.root_path(diagnostic.span.file));
        vec![Phrase::code(place), Phrase::from(diagnostic.message.as_str())]
    }));
    if rows.is_empty() {
        page.paragraph("Every file in scope was read whole.");
        return;
    }
    page.heading(3, "Not read whole");
    page.table(&[("Where", Kind::Words), ("What happened", Kind::Words)], rows);
}

fn write_excluded(page: &mut Page, evidence: &Evidence<'_>) {
    let mut excluded: BTreeMap<&str, usize> = BTreeMap::new();
    for record in &evidence.result.files {
        if let FileState::Excluded(by) = &record.state {
            *excluded.entry(by).or_default() += 1;
        }
    }
    if excluded.is_empty() {
        return;
    }
    page.heading(3, "Excluded");
    let rows = excluded.into_iter().map(|(by, count)| vec![Phrase::from(by), Phrase::from(count)]);
    page.table(&[("By", Kind::Words), ("Files and folders", Kind::Number)], rows.collect());
}

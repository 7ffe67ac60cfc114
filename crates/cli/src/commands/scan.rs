//! `proofmark scan`.

use super::Status;
use crate::args::{Format, ScanArguments, SeverityName};
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, print, write_file};
use crate::progress::Bar;
use crate::session::{Session, describe_checkout};
use crate::text::TextReport;
use proofmark_scan::{
    Baseline, FileId, Ledger, MemoryWorkspace, ScanResult, Severity, Verdict, Workspace, report,
    scan_with_progress,
};
use std::path::Path;

/// Judges the files of a repository.
///
/// # Errors
/// When the scan cannot begin, or a report cannot be written.
pub fn run(arguments: &ScanArguments, colors: &Colors) -> Result<Status, Failure> {
    let mut session = Session::open(&arguments.session)?;
    session.settings.baseline = arguments.baseline.as_deref().map(read_baseline).transpose()?;
    let mut formats = arguments.outputs.iter().map(|(format, _)| *format).chain([arguments.format]);
    // Text says nothing about the checkout, and Git takes longer than a small scan.
    let wants_checkout = formats.any(|format| format != Format::Text);
    let result = scan(&mut session, wants_checkout)?;
    print_diagnostics(&session.workspace, &result.diagnostics, &session.prefix, colors);
    let minds_unknown = minds_unknown(arguments, &session);
    for (format, path) in &arguments.outputs {
        write_file(path, &render(*format, &session, &result, minds_unknown, &Colors::NONE))?;
    }
    print(&render(arguments.format, &session, &result, minds_unknown, colors))?;
    Ok(judge(arguments, &session, &result))
}

/// Scans with a progress bar, and asks Git about the checkout meanwhile.
///
/// # Errors
/// When the settings name what nobody knows.
pub fn scan(session: &mut Session, wants_checkout: bool) -> Result<ScanResult, Failure> {
    let bar = Bar::new();
    let mut repository = session.settings.repository.clone();
    let root = session.workspace.scope().root.to_path_buf();
    let scanned = std::thread::scope(|threads| {
        let asked = wants_checkout.then(|| threads.spawn(|| describe_checkout(&root, &mut repository)));
        let scanned =
            scan_with_progress(&session.workspace, &session.settings, &|progress| bar.show(progress));
        if let Some(asked) = asked {
            // Without an answer the report says less about the checkout, and that is all.
            let _ = asked.join();
        }
        scanned
    });
    bar.finish();
    let mut result = scanned.map_err(|error| session.refuse(&error))?;
    result.repository = repository;
    Ok(result)
}

fn render(
    format: Format,
    session: &Session,
    result: &ScanResult,
    shows_unknown: bool,
    colors: &Colors,
) -> String {
    match format {
        Format::Text => {
            let (workspace, prefix) = (&session.workspace, session.prefix.as_str());
            TextReport { result, workspace, prefix, shows_unknown }.render(colors)
        }
        Format::Json => report::render_json(result, &session.workspace),
    }
}

/// The exit status, with a word on standard error where the scan is incomplete.
fn judge(arguments: &ScanArguments, session: &Session, result: &ScanResult) -> Status {
    let mut complaints = Vec::new();
    let ledger = Ledger::of(&result.files);
    let is_nothing = result.evaluations.is_empty() || ledger.read + ledger.partly_read == 0;
    if is_nothing && !arguments.allow_empty && !arguments.session.staged {
        complaints.push(
            Failure::new("there was nothing to assess").with_help(
                "name a folder that holds files Proofmark reads, or allow this with `--allow-empty`",
            ),
        );
    }
    let failed = result.units.iter().filter(|unit| unit.is_failed).count();
    if failed > 0 {
        complaints
            .push(Failure::new(format!("{failed} of {} units met a bug in Proofmark", result.units.len())));
    }
    if arguments.strict && !ledger.is_complete() {
        let unread = ledger.partly_read + ledger.not_read;
        let message = format!("{unread} files in scope could not be read whole, and `--strict` is set");
        complaints.push(Failure::new(message));
    }
    for complaint in &complaints {
        complaint.print(&Colors::NONE);
    }
    match complaints.is_empty() {
        false => Status::Incomplete,
        true if has_findings(arguments, session, result) => Status::Findings,
        true => Status::Clean,
    }
}

fn has_findings(arguments: &ScanArguments, session: &Session, result: &ScanResult) -> bool {
    let configuration = &session.settings.configuration;
    let named = arguments.fail_on.map(severity);
    let threshold = named.or(configuration.fail_on).unwrap_or(Severity::Medium);
    let minds_unknown = minds_unknown(arguments, session);
    result.evaluations.iter().any(|evaluation| {
        let counts = match evaluation.verdict {
            Verdict::Fail => evaluation.waiver.is_none() && !evaluation.is_known,
            Verdict::Unknown => minds_unknown,
            Verdict::Pass | Verdict::NotApplicable => false,
        };
        let instance = result.instances.get(evaluation.instance);
        let rule = instance.and_then(|instance| result.rule_set.rules.get(instance.rule));
        counts && rule.is_some_and(|rule| rule.severity >= threshold)
    })
}

fn minds_unknown(arguments: &ScanArguments, session: &Session) -> bool {
    arguments.fail_on_unknown || session.settings.configuration.fail_on_unknown.unwrap_or(false)
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Info => Severity::Info,
        SeverityName::Low => Severity::Low,
        SeverityName::Medium => Severity::Medium,
        SeverityName::High => Severity::High,
        SeverityName::Critical => Severity::Critical,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a baseline may lie outside the root, where no workspace sees it"
)]
fn read_baseline(path: &Path) -> Result<Baseline, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
    let workspace = MemoryWorkspace::new([(path.to_string_lossy().trim_start_matches('/'), text)]);
    let parsed = Baseline::parse(FileId(0), workspace.load(FileId(0)).unwrap_or(""));
    parsed.map_err(|problems| Failure::located(&workspace, &problems))
}

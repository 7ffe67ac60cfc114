//! `proofmark scan`.

use super::Status;
use crate::args::{Format, SarifProfileName, ScanArguments, SeverityName};
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, Output, print, write_file};
use crate::progress::Bar;
use crate::session::{Extent, Session, describe_checkout};
use crate::text::TextReport;
use crate::words::count;
use proofmark_scan::{
    Baseline, FileId, Ledger, MemoryWorkspace, ScanResult, Severity, Verdict, Workspace, propose_edits,
    report, scan_with_progress,
};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Judges the files of a repository.
///
/// # Errors
/// When the scan cannot begin, or a report cannot be written.
pub fn run(arguments: &ScanArguments, colors: &Colors) -> Result<Status, Failure> {
    let mut session = Session::open(&arguments.session, Extent::Whole)?;
    session.settings.baseline = arguments.baseline.as_deref().map(read_baseline).transpose()?;
    let mut formats = arguments.outputs.iter().map(|(format, _)| *format).chain([arguments.format]);
    // Text says nothing about the checkout, and Git takes longer than a small scan.
    let wants_checkout = formats.any(|format| format != Format::Text);
    let result = scan(&mut session, wants_checkout)?;
    print_diagnostics(&session.workspace, &result.diagnostics, &session.prefix, colors);
    let rendering = Rendering { arguments, session: &session, result: &result };
    // Everything is rendered before anything is written, so that a report which cannot be made leaves no other behind.
    let reports = arguments
        .outputs
        .iter()
        .map(|(format, path)| rendering.render(*format, &Colors::NONE).map(|report| (path, report)));
    let reports: Vec<(&PathBuf, Report<'_>)> = reports.collect::<Result<_, _>>()?;
    let shown = rendering.render(arguments.format, colors)?;
    for (path, report) in reports {
        write_file(path, &report)?;
    }
    print(&shown)?;
    let status = judge(arguments, &session, &result);
    // The process ends, and the system takes memory back faster than it is handed over piece by piece.
    std::mem::forget(result);
    Ok(status)
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

/// All that a report is made from.
struct Rendering<'r> {
    arguments: &'r ScanArguments,
    session: &'r Session,
    result: &'r ScanResult,
}

/// A report that nothing but its writer can keep from being written.
enum Report<'r> {
    Rendered(String),
    /// The largest one is rendered while it is written.
    Json(&'r ScanResult, &'r dyn Workspace),
}

impl Output for Report<'_> {
    fn write_to(&self, writer: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Rendered(text) => text.write_to(writer),
            Self::Json(result, workspace) => report::write_json(result, *workspace, writer),
        }
    }
}

impl<'r> Rendering<'r> {
    fn render(&self, format: Format, colors: &Colors) -> Result<Report<'r>, Failure> {
        let (result, workspace) = (self.result, &self.session.workspace);
        Ok(Report::Rendered(match format {
            Format::Text => {
                let prefix = self.session.prefix.as_str();
                let shows_unknown = minds_unknown(self.arguments, self.session);
                let threshold = threshold(self.arguments, self.session);
                TextReport { result, workspace, prefix, shows_unknown, threshold }.render(colors)
            }
            Format::Json => return Ok(Report::Json(result, workspace)),
            Format::Sarif => self.render_sarif()?,
            Format::Markdown => report::render_markdown(result, workspace),
            Format::Junit => report::render_junit(result, workspace),
            Format::Github => report::render_github(result, workspace),
            Format::GitlabCodequality => report::render_gitlab_codequality(result, workspace),
            Format::GitlabSast => report::render_gitlab_sast(result, workspace, None),
            Format::Csv => report::render_csv(result, workspace),
        }))
    }

    fn render_sarif(&self) -> Result<String, Failure> {
        let profile = match self.arguments.sarif_profile {
            SarifProfileName::Github => report::SarifProfile::Github,
            SarifProfileName::Full => report::SarifProfile::Full,
        };
        // Proving edits costs a second scan, and only this format carries them.
        let (workspace, settings) = (&self.session.workspace, &self.session.settings);
        let edits =
            propose_edits(workspace, settings, self.result).map_err(|error| self.session.refuse(&error))?;
        let options =
            report::SarifOptions { profile, fixes: Some(&edits), ..report::SarifOptions::default() };
        let rendered = report::render_sarif(self.result, &self.session.workspace, &options);
        rendered.map_err(|error| Failure::new(error.to_string()))
    }
}

fn judge(arguments: &ScanArguments, session: &Session, result: &ScanResult) -> Status {
    let allows_empty = arguments.allow_empty || arguments.session.staged;
    let mut status = completeness(result, allows_empty);
    let ledger = Ledger::of(&result.files);
    if arguments.strict && !ledger.is_complete() {
        let unread = count(ledger.partly_read + ledger.not_read, "file");
        Failure::new(format!("{unread} in scope could not be read whole, and `--strict` is set"))
            .print(&Colors::NONE);
        status = Status::Incomplete;
    }
    if has_findings(arguments, session, result) { status.max(Status::Findings) } else { status }
}

/// Whether the scan is complete, with a word on standard error where it is not: nothing to assess, or a bug of ours.
pub fn completeness(result: &ScanResult, allows_empty: bool) -> Status {
    let mut status = Status::Clean;
    let ledger = Ledger::of(&result.files);
    let is_nothing = result.evaluations.is_empty() || ledger.read + ledger.partly_read == 0;
    if is_nothing && !allows_empty {
        let help = "name a folder that holds files Proofmark reads, or allow this with `--allow-empty`";
        Failure::new("there was nothing to assess").with_help(help).print(&Colors::NONE);
        status = Status::Incomplete;
    }
    let failed = result.units.iter().filter(|unit| unit.is_failed).count();
    if failed > 0 {
        Failure::new(format!("{} met a bug in Proofmark", count(failed, "unit"))).print(&Colors::NONE);
        status = Status::Incomplete;
    }
    status
}

fn has_findings(arguments: &ScanArguments, session: &Session, result: &ScanResult) -> bool {
    let threshold = threshold(arguments, session);
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

/// The least severity that fails the scan.
fn threshold(arguments: &ScanArguments, session: &Session) -> Severity {
    let named = arguments.fail_on.map(severity);
    named.or(session.settings.configuration.fail_on).unwrap_or(Severity::Medium)
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

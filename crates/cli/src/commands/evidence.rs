//! `proofmark evidence`.

use super::{Status, scan};
use crate::args::EvidenceArguments;
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, print, write_file};
use crate::session::{Extent, Session};
use proofmark_scan::report::{self, EvidenceOptions, Manifest};
use proofmark_scan::{RuleSet, ScanResult, SmolStr, hash_files, nearest};
use std::fmt::Write as _;

/// The file that holds the hashes.
pub const MANIFEST_FILE: &str = "manifest.json";

/// Writes the evidence for one or several frameworks, the whole result as JSON, and the manifest over both.
///
/// Findings do not change the exit status: evidence that a control failed is complete evidence.
///
/// # Errors
/// When the scan cannot begin, a framework does not exist, or a file cannot be written.
pub fn run(arguments: &EvidenceArguments, colors: &Colors) -> Result<Status, Failure> {
    let mut session = Session::open(&arguments.session, Extent::Whole)?;
    for framework in &arguments.frameworks {
        check_framework(&session.settings.rule_set, framework)?;
    }
    if session.settings.packs.is_empty() {
        session.settings.packs = packs_for(&session.settings.rule_set, &arguments.frameworks);
    }
    let mut result = scan::scan(&mut session, true)?;
    hash_files(&mut result, &session.workspace);
    print_diagnostics(&session.workspace, &result.diagnostics, &session.prefix, colors);
    let reports = render(arguments, &session, &result);
    std::fs::create_dir_all(&arguments.out).map_err(|error| Failure::file("make", &arguments.out, &error))?;
    for (name, text) in &reports {
        write_file(&arguments.out.join(name), text)?;
    }
    let entries: Vec<(&str, &[u8])> =
        reports.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let manifest = Manifest::build(&result, &session.workspace, &entries);
    write_file(&arguments.out.join(MANIFEST_FILE), &manifest.render())?;
    print(&describe(arguments, &reports, &manifest))?;
    Ok(scan::completeness(&result, false))
}

fn check_framework(rule_set: &RuleSet, id: &str) -> Result<(), Failure> {
    let mut known = rule_set.frameworks.iter().map(|framework| framework.id.0.as_str());
    if known.clone().any(|known| known == id) {
        return Ok(());
    }
    let failure = Failure::new(format!("unknown framework `{id}`"));
    Err(match nearest(id, known.by_ref()) {
        Some(near) => failure.with_help(format!("did you mean `{near}`?")),
        None => failure.with_help(format!(
            "the frameworks are {}",
            rule_set.frameworks.iter().map(|f| format!("`{}`", f.id)).collect::<Vec<_>>().join(", ")
        )),
    })
}

/// The packs that go by the names of the frameworks; every rule where one has no pack of its own.
fn packs_for(rule_set: &RuleSet, frameworks: &[String]) -> Vec<SmolStr> {
    let has_pack = |id: &String| rule_set.packs.iter().any(|pack| pack.id.0 == *id);
    match frameworks.iter().all(has_pack) {
        true => frameworks.iter().map(SmolStr::from).collect(),
        false => vec![SmolStr::new_static("all")],
    }
}

fn render(arguments: &EvidenceArguments, session: &Session, result: &ScanResult) -> Vec<(String, String)> {
    let now =
        jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string();
    let command = command_line();
    let options = EvidenceOptions {
        generated_at: Some(&now),
        command: Some(&command),
        period: arguments.period.as_deref(),
    };
    let mut reports = vec![("scan-result.json".to_owned(), report::render_json(result, &session.workspace))];
    for framework in &arguments.frameworks {
        let markdown = report::render_evidence(result, &session.workspace, framework, &options);
        let html = report::render_evidence_html(result, &session.workspace, framework, &options);
        reports.extend(markdown.map(|text| (format!("{framework}.md"), text)));
        reports.extend(html.map(|text| (format!("{framework}.html"), text)));
    }
    reports
}

/// The command as it was called, without the folder that the program lies in.
fn command_line() -> String {
    let arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once("proofmark".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

fn describe(arguments: &EvidenceArguments, reports: &[(String, String)], manifest: &Manifest) -> String {
    let mut text = String::new();
    let names = reports.iter().map(|(name, _)| name.as_str()).chain([MANIFEST_FILE]);
    for name in names {
        let _ = writeln!(text, "wrote {}", arguments.out.join(name).display());
    }
    let _ = writeln!(text, "sha256 of the manifest, to keep elsewhere or to sign: {}", manifest.digest());
    text
}

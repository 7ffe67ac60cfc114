//! Reports that GitLab reads: Code Quality, and SAST.

use crate::finding::{Judged, findings};
use crate::layout::render_json_lines;
use crate::place::Places;
use crate::shown::cut;
use proofmark_findings::{FileState, ScanResult, sha256_hex};
use proofmark_rules::Severity;
use proofmark_source::Workspace;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// The findings for GitLab's Code Quality widget: a JSON array of issues in the form of Code Climate.
#[must_use]
pub fn render_gitlab_codequality(result: &ScanResult, workspace: &dyn Workspace) -> String {
    let places = Places::new(workspace, "");
    let mut seen = HashSet::new();
    let issues: Vec<Issue<'_>> =
        findings(result).map(|finding| issue(&places, &finding, &mut seen)).collect();
    render_json_lines(&issues, 1)
}

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'a str,
    description: Cow<'a, str>,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: Cow<'a, str>,
    location: IssueLocation<'a>,
}

#[derive(Serialize)]
struct IssueLocation<'a> {
    path: &'a str,
    lines: IssueLines,
}

#[derive(Serialize)]
struct IssueLines {
    begin: u32,
    end: u32,
}

fn issue<'a>(places: &Places<'a>, finding: &Judged<'a>, seen: &mut HashSet<String>) -> Issue<'a> {
    let range = places.range(finding.evaluation.span);
    Issue {
        kind: "issue",
        check_name: &finding.rule.id.0,
        description: finding.message(),
        categories: ["Security"],
        severity: match finding.rule.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Info => "info",
        },
        fingerprint: unique(finding, seen),
        location: IssueLocation {
            path: places.root_path(finding.evaluation.span.file),
            lines: IssueLines { begin: range.start.line, end: range.end.line },
        },
    }
}

/// GitLab shows only one of several issues with a fingerprint, such as one finding that differs by environment.
fn unique<'a>(finding: &Judged<'a>, seen: &mut HashSet<String>) -> Cow<'a, str> {
    let own = finding.evaluation.fingerprint.as_str();
    if seen.insert(own.to_owned()) {
        return Cow::Borrowed(own);
    }
    let apart = sha256_hex(format!("{own} {}", finding.evaluation.environments.join(" ")).as_bytes());
    seen.insert(apart.to_owned());
    Cow::Owned(apart)
}

/// The version of GitLab's security report schema that is followed.
const SAST_VERSION: &str = "15.0.2";
/// The schema takes no longer names, descriptions and solutions.
const MAX_NAME_CHARS: usize = 200;
const MAX_SOLUTION_CHARS: usize = 6_900;

/// The findings as GitLab's SAST report. `scanned_at` is the time of the scan (`2026-11-22T14:05:00`, UTC); without it
/// the day of the scan stands for it.
#[must_use]
pub fn render_gitlab_sast(
    result: &ScanResult,
    workspace: &dyn Workspace,
    scanned_at: Option<&str>,
) -> String {
    let places = Places::new(workspace, "");
    let time = scanned_at.map_or_else(|| format!("{}T00:00:00", result.as_of), str::to_owned);
    let tool = || SastTool {
        id: "proofmark",
        name: "Proofmark",
        version: &result.tool_version,
        vendor: SastVendor { name: "Proofmark" },
        url: "https://github.com/proofmark/proofmark",
    };
    let report = SastReport {
        version: SAST_VERSION,
        scan: SastScan {
            analyzer: tool(),
            scanner: tool(),
            kind: "sast",
            start_time: &time,
            end_time: &time,
            status: if result.units.iter().any(|unit| unit.is_failed) { "failure" } else { "success" },
            messages: sast_messages(result),
        },
        vulnerabilities: findings(result).map(|finding| vulnerability(&places, &finding)).collect(),
    };
    render_json_lines(&report, 2)
}

#[derive(Serialize)]
struct SastReport<'a> {
    version: &'static str,
    scan: SastScan<'a>,
    vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
struct SastScan<'a> {
    analyzer: SastTool<'a>,
    scanner: SastTool<'a>,
    #[serde(rename = "type")]
    kind: &'static str,
    start_time: &'a str,
    end_time: &'a str,
    status: &'static str,
    messages: Vec<SastMessage>,
}

#[derive(Serialize)]
struct SastTool<'a> {
    id: &'static str,
    name: &'static str,
    version: &'a str,
    vendor: SastVendor,
    url: &'static str,
}

#[derive(Serialize)]
struct SastVendor {
    name: &'static str,
}

#[derive(Serialize)]
struct SastMessage {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    id: String,
    name: Cow<'a, str>,
    description: String,
    severity: &'static str,
    solution: Cow<'a, str>,
    identifiers: Vec<Identifier<'a>>,
    location: SastLocation<'a>,
    tracking: Tracking<'a>,
}

#[derive(Serialize)]
struct Identifier<'a> {
    #[serde(rename = "type")]
    kind: Cow<'a, str>,
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

#[derive(Serialize)]
struct SastLocation<'a> {
    file: &'a str,
    start_line: u32,
    end_line: u32,
}

#[derive(Serialize)]
struct Tracking<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    items: [TrackingItem<'a>; 1],
}

#[derive(Serialize)]
struct TrackingItem<'a> {
    file: &'a str,
    start_line: u32,
    end_line: u32,
    signatures: [Signature<'a>; 1],
}

#[derive(Serialize)]
struct Signature<'a> {
    algorithm: &'static str,
    value: &'a str,
}

fn sast_messages(result: &ScanResult) -> Vec<SastMessage> {
    let unread = result.files.iter().filter_map(|record| match &record.state {
        FileState::NotRead(reason) => {
            Some(SastMessage { level: "warn", value: format!("{} was not read: {reason}", record.path) })
        }
        _ => None,
    });
    unread.collect()
}

fn vulnerability<'a>(places: &Places<'a>, finding: &Judged<'a>) -> Vulnerability<'a> {
    let range = places.range(finding.evaluation.span);
    let file = places.root_path(finding.evaluation.span.file);
    let (start_line, end_line) = (range.start.line, range.end.line);
    let value = finding.evaluation.fingerprint.as_str();
    let signatures = [Signature { algorithm: "scope_offset", value }];
    Vulnerability {
        id: uuid(&format!("{value} {}", finding.evaluation.environments.join(" "))),
        name: cut(&finding.rule.title, MAX_NAME_CHARS),
        description: format!("{}: {}. {}", finding.subject(), finding.message(), finding.rule.why),
        severity: match finding.rule.severity {
            Severity::Critical => "Critical",
            Severity::High => "High",
            Severity::Medium => "Medium",
            Severity::Low => "Low",
            Severity::Info => "Info",
        },
        solution: cut(&finding.rule.fix, MAX_SOLUTION_CHARS),
        identifiers: identifiers(finding),
        location: SastLocation { file, start_line, end_line },
        tracking: Tracking {
            kind: "source",
            items: [TrackingItem { file, start_line, end_line, signatures }],
        },
    }
}

fn identifiers<'a>(finding: &Judged<'a>) -> Vec<Identifier<'a>> {
    let id = finding.rule.id.0.as_str();
    let own = Identifier {
        kind: Cow::Borrowed("proofmark_rule_id"),
        name: Cow::Borrowed(id),
        value: Cow::Borrowed(id),
    };
    let controls = finding.instance.controls.iter().map(|control| Identifier {
        kind: Cow::Borrowed(control.framework()),
        name: Cow::Borrowed(control.0.as_str()),
        value: Cow::Borrowed(control.number()),
    });
    std::iter::once(own).chain(controls.filter(|control| !control.kind.is_empty())).collect()
}

/// A UUID of version 8 (RFC 9562, section 5.8) made of a text, so that the same finding keeps it.
fn uuid(text: &str) -> String {
    let digest = sha256_hex(text.as_bytes());
    let part = |range: std::ops::Range<usize>| digest.get(range).unwrap_or("");
    format!("{}-{}-8{}-8{}-{}", part(0..8), part(8..12), part(13..16), part(17..20), part(20..32))
}

#[cfg(test)]
mod tests;

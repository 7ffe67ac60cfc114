//! Findings recorded earlier, so that only new ones fail a run.

use crate::{Evaluation, ScanResult, Verdict};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use proofmark_syntax::{Node, NodeData, parse_json};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// The baseline file could not be understood.
pub const BASELINE_INVALID: Code = Code("baseline-invalid");

/// The version of the file format that this crate reads and writes.
pub const BASELINE_VERSION: &str = "1";

/// Findings recorded earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Baseline {
    /// The findings, sorted by path, address, rule, fingerprint.
    pub findings: Vec<BaselineFinding>,
}

/// A recorded finding. Only the fingerprint counts; the rest is for people who read the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BaselineFinding {
    /// The file, relative to the root of the workspace.
    pub path: String,
    /// The resource.
    pub address: String,
    /// The rule.
    pub rule: String,
    /// The identity.
    pub fingerprint: String,
}

/// What a baseline and a scan have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BaselineCounts {
    /// Findings that the baseline holds.
    pub known: usize,
    /// Findings that it does not hold.
    pub new: usize,
    /// Entries of the baseline that the scan did not find again.
    pub gone: usize,
}

impl Baseline {
    /// Records the failures of `result` that no waiver covers.
    #[must_use]
    pub fn record(result: &ScanResult, workspace: &dyn Workspace) -> Self {
        let mut findings: Vec<BaselineFinding> = result
            .evaluations
            .iter()
            .filter(|evaluation| evaluation.verdict == Verdict::Fail && evaluation.waiver.is_none())
            .map(|evaluation| record_finding(result, workspace, evaluation))
            .collect();
        findings.sort();
        // One finding of several environments is recorded once.
        findings.dedup();
        Self { findings }
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// Located diagnostics where the text is no JSON, of another version, or not of this form.
    pub fn parse(file: FileId, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let parsed = parse_json(file, text);
        if !parsed.diagnostics.is_empty() {
            return Err(parsed.diagnostics);
        }
        let Some(document) = parsed.documents.first() else {
            return Err(vec![invalid(Span::file_start(file), "the baseline is empty")]);
        };
        let version = document.root.get("schema_version");
        if version.and_then(Node::as_str) != Some(BASELINE_VERSION) {
            let span = version.map_or(Span::file_start(file), |node| node.span);
            let message = format!("`schema_version` is not `\"{BASELINE_VERSION}\"`");
            return Err(vec![invalid(span, message)]);
        }
        let Some(list) = document.root.get("findings") else {
            return Err(vec![invalid(document.root.span, "`findings` is missing")]);
        };
        if !matches!(list.data, NodeData::Sequence(_)) {
            return Err(vec![invalid(list.span, "`findings` is not a list")]);
        }
        parse_findings(list.elements()).map(|findings| Self { findings })
    }

    /// The baseline as a file: one finding a line, so that a change shows as such in a review.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = format!("{{\n  \"schema_version\": \"{BASELINE_VERSION}\",\n  \"findings\": [");
        for (index, finding) in self.findings.iter().enumerate() {
            text.push_str(if index == 0 { "\n    " } else { ",\n    " });
            // Texts always serialize.
            text.push_str(&serde_json::to_string(finding).unwrap_or_default());
        }
        text.push_str(if self.findings.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }

    /// Marks the failures that the baseline holds.
    pub fn mark(&self, evaluations: &mut [Evaluation]) -> BaselineCounts {
        let known: HashSet<&str> = self.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
        let mut counts = BaselineCounts::default();
        let mut found: HashSet<&str> = HashSet::new();
        for evaluation in evaluations.iter_mut().filter(|evaluation| evaluation.verdict == Verdict::Fail) {
            let hit = known.get(evaluation.fingerprint.as_str());
            evaluation.is_known = hit.is_some();
            match hit {
                Some(fingerprint) => {
                    counts.known += 1;
                    found.insert(fingerprint);
                }
                None => counts.new += 1,
            }
        }
        counts.gone = known.len() - found.len();
        counts
    }
}

fn record_finding(
    result: &ScanResult,
    workspace: &dyn Workspace,
    evaluation: &Evaluation,
) -> BaselineFinding {
    let rule = result.instances.get(evaluation.instance).and_then(|i| result.rule_set.rules.get(i.rule));
    BaselineFinding {
        path: workspace.path(evaluation.span.file).to_owned(),
        address: evaluation.subject.address.to_string(),
        rule: rule.map(|rule| rule.id.to_string()).unwrap_or_default(),
        fingerprint: String::from(&*evaluation.fingerprint),
    }
}

fn parse_findings(elements: &[Node]) -> Result<Vec<BaselineFinding>, Vec<Diagnostic>> {
    let mut findings = Vec::with_capacity(elements.len());
    let mut diagnostics = Vec::new();
    for element in elements {
        match parse_finding(element) {
            Ok(finding) => findings.push(finding),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    findings.sort();
    if diagnostics.is_empty() { Ok(findings) } else { Err(diagnostics) }
}

fn parse_finding(element: &Node) -> Result<BaselineFinding, Diagnostic> {
    let mut fields = BTreeMap::new();
    for name in ["path", "address", "rule", "fingerprint"] {
        let Some(node) = element.get(name) else {
            return Err(invalid(element.span, format!("the finding has no `{name}`")));
        };
        let Some(text) = node.as_str() else {
            return Err(invalid(node.span, format!("`{name}` is not a text")));
        };
        if name == "fingerprint" && !is_fingerprint(text) {
            return Err(invalid(node.span, "the fingerprint is not 64 hexadecimal digits"));
        }
        fields.insert(name, text.to_owned());
    }
    let mut take = |name| fields.remove(name).unwrap_or_default();
    Ok(BaselineFinding {
        path: take("path"),
        address: take("address"),
        rule: take("rule"),
        fingerprint: take("fingerprint"),
    })
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn invalid(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(BASELINE_INVALID, Impact::Unread, span, message)
        .with_help("write it anew with `proofmark baseline`")
}

#[cfg(test)]
mod tests;

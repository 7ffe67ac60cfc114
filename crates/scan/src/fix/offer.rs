//! From changes of values to changes of text.

use super::extract::extract;
use super::setting::Setting;
use super::{hcl, open_findings, yaml};
use proofmark_findings::{Change, ScanResult};
use proofmark_source::{FileId, Span, TextEdit, Workspace};
use proofmark_syntax::YamlDialect;
use std::collections::BTreeMap;

/// A change of text that may mend a finding.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    /// The finding, by its place among the evaluations.
    pub evaluation: usize,
    /// The change: at least one edit.
    pub edits: Vec<TextEdit>,
}

/// What can be written for the findings of a scan, in their order. Nothing where the text does not take a change.
pub(super) fn offers(workspace: &dyn Workspace, result: &ScanResult) -> Vec<Offer> {
    let mut files = Files { workspace, parsed: BTreeMap::new() };
    let mut offers = Vec::new();
    for number in open_findings(result) {
        let Some(evaluation) = result.evaluations.get(number) else { continue };
        let edits: Option<Vec<Vec<TextEdit>>> =
            evaluation.changes.iter().map(|change| files.edits(change)).collect();
        let edits: Vec<TextEdit> = edits.into_iter().flatten().flatten().collect();
        if !edits.is_empty() {
            offers.push(Offer { evaluation: number, edits });
        }
    }
    offers
}

/// A file that edits can be written for.
pub(super) enum Parsed {
    Yaml(proofmark_syntax::Parsed),
    Hcl(proofmark_hcl::Parsed),
}

/// The files that changes are about, each parsed once.
struct Files<'w> {
    workspace: &'w dyn Workspace,
    parsed: BTreeMap<FileId, Option<Parsed>>,
}

impl Files<'_> {
    fn edits(&mut self, change: &Change) -> Option<Vec<TextEdit>> {
        let place = match change {
            Change::Set { target, .. } => *target,
            Change::Extract { expression, .. } => *expression,
        };
        let text = self.workspace.load(place.file).ok()?;
        let path = self.workspace.path(place.file);
        let parsed = self.parsed.entry(place.file).or_insert_with(|| parse(path, place.file, text));
        match (change, parsed.as_ref()?) {
            (Change::Set { path, value, before, .. }, parsed) => {
                let path = split_path(path);
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let setting = Setting { target: place, path: &path, value, before: before.as_deref() };
                match parsed {
                    Parsed::Yaml(parsed) => yaml::set(text, parsed, &setting),
                    Parsed::Hcl(parsed) => hcl::set(text, &parsed.body, &setting),
                }
            }
            (Change::Extract { into, .. }, Parsed::Yaml(parsed)) => extract(text, parsed, place, into),
            (Change::Extract { .. }, Parsed::Hcl(_)) => None,
        }
    }
}

/// The tree of a file in which edits are possible: YAML and HCL, without errors, and no template of a chart, whose text is
/// not what was judged.
fn parse(path: &str, file: FileId, text: &str) -> Option<Parsed> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.')?.1 {
        "yml" | "yaml" => {
            let parsed = proofmark_syntax::parse_yaml(file, text, YamlDialect::Core);
            parsed.diagnostics.is_empty().then_some(Parsed::Yaml(parsed))
        }
        "tf" | "tofu" => {
            let parsed = proofmark_hcl::parse_body(file, text);
            parsed.diagnostics.is_empty().then_some(Parsed::Hcl(parsed))
        }
        _ => None,
    }
}

/// The names of a path: `with.persist-credentials`, ``labels.`a.b` ``.
fn split_path(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut is_quoted = false;
    for character in path.chars() {
        match character {
            '`' => is_quoted = !is_quoted,
            '.' if !is_quoted => names.push(String::new()),
            _ => names.last_mut().unwrap_or(&mut String::new()).push(character),
        }
    }
    names
}

/// An edit that inserts `text` at a byte.
pub(super) fn insert(file: FileId, at: usize, text: String) -> TextEdit {
    TextEdit { span: Span::new(file, at, at), replacement: text }
}

/// An edit that puts `text` in the place of what stands at `span`.
pub(super) fn replace(span: Span, text: String) -> TextEdit {
    TextEdit { span, replacement: text }
}

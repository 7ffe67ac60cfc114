//! Records recognized by their structure.
//!
//! A record is a YAML or JSON document that no tool's fixed file name announces. Each shape has a cheap marker in the text
//! and a recognizer over the tree; a file is claimed only if a recognizer really takes it.

mod alerts;
mod dashboard;
mod openapi;
mod rotation;
mod samples;
mod settings;
mod tags;

use crate::descriptor;
use proofmark_model::{
    Address, Claim, Comment, FileUse, Kind, ReadSettings, Reader, Resource, SmolStr, Unit, UnitModel, Value,
};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace, parent_path};
use proofmark_syntax::{Entry, Node, Parsed, YamlDialect, parse_json, parse_yaml};
use std::collections::BTreeMap;

/// The file could not be read.
const UNREAD: Code = Code("record-unread");

/// Reads alert rules, alert routing, dashboards, observability settings, monitoring stacks, rotation policies, tag
/// dictionaries, sample records and responses, interface descriptions, settings of code hosts, and infrastructure
/// descriptors.
///
/// Kinds: `alert_rules`, `alertmanager_config`, `grafana_dashboard`, `observability_config`, `prometheus_stack`,
/// `secret_rotation`, `tag_dictionary`, `log_record`, `health_response`, `openapi`, `repository_settings`,
/// `branch_ruleset`, and for descriptors `environment_descriptor`, `descriptor_file` and the kinds of Terraform resources.
#[derive(Debug, Default)]
pub struct RecordReader;

/// A document of a file that may be a record.
pub(crate) struct Record<'w> {
    pub(crate) workspace: &'w dyn Workspace,
    pub(crate) path: &'w str,
    pub(crate) root: &'w Node,
    /// All of the document's bytes.
    pub(crate) span: Span,
    /// Whether an error cut the document short, so that the last element of a list may be incomplete.
    pub(crate) is_broken: bool,
}

/// Where a resource stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The key or first line that names it.
    pub(crate) header: Span,
    /// All of its bytes; those of the header may be left out.
    pub(crate) span: Span,
}

impl Place {
    /// The place of an entry, named by its key.
    pub(crate) fn of(entry: &Entry) -> Self {
        Self { header: entry.key.span, span: entry.value.span }
    }
}

/// A shape of records.
struct Shape {
    /// What a file of this shape is, for the ledger.
    class: &'static str,
    /// Whether the text may hold such a record. Must be cheap.
    may_hold: fn(path: &str, text: &str) -> bool,
    /// The resources of a document, none where it is something else.
    recognize: fn(&Record<'_>) -> Vec<Resource>,
}

/// Every shape, the most specific first. The first that takes a document keeps it.
const SHAPES: [Shape; 12] = [
    Shape { class: "alert rules", may_hold: alerts::may_hold, recognize: alerts::recognize },
    Shape { class: "alert routing", may_hold: settings::may_route, recognize: settings::recognize_routing },
    Shape { class: "dashboard", may_hold: dashboard::may_hold, recognize: dashboard::recognize },
    Shape { class: "monitoring stack", may_hold: settings::may_stack, recognize: settings::recognize_stack },
    Shape {
        class: "observability settings",
        may_hold: settings::may_observe,
        recognize: settings::recognize_observability,
    },
    Shape { class: "secret rotation", may_hold: rotation::may_hold, recognize: rotation::recognize },
    Shape { class: "tag dictionary", may_hold: tags::may_hold, recognize: tags::recognize },
    Shape { class: "log record", may_hold: samples::may_log, recognize: samples::recognize_log },
    Shape { class: "health response", may_hold: samples::may_health, recognize: samples::recognize_health },
    Shape { class: "interface description", may_hold: openapi::may_hold, recognize: openapi::recognize },
    Shape {
        class: "repository settings",
        may_hold: settings::may_protect,
        recognize: settings::recognize_protection,
    },
    Shape {
        class: "infrastructure descriptor",
        may_hold: descriptor::may_hold,
        recognize: descriptor::recognize,
    },
];

impl Reader for RecordReader {
    fn name(&self) -> &'static str {
        "records"
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        let path = workspace.path(file);
        if !is_data(path) {
            return None;
        }
        let text = workspace.load(file).ok()?;
        if is_plan(text) || !SHAPES.iter().any(|shape| (shape.may_hold)(path, text)) {
            return None;
        }
        let parsed = parse(file, path, text);
        let found = resources(workspace, path, text, &parsed);
        found.first().map(|(class, _)| Claim { class })
    }

    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _settings: &ReadSettings) -> Vec<Unit> {
        let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
        for &file in claimed {
            folders.entry(parent_path(workspace.path(file))).or_default().push(file);
        }
        let unit =
            |(path, files): (&str, Vec<FileId>)| Unit { reader: "records", path: path.to_owned(), files };
        folders.into_iter().map(unit).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, _settings: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        for &file in &unit.files {
            let path = workspace.path(file);
            let text = match workspace.load(file) {
                Ok(text) => text,
                Err(error) => {
                    let span = Span::file_start(file);
                    model.diagnostics.push(Diagnostic::new(UNREAD, Impact::Unread, span, error.to_string()));
                    model.files.push(FileUse { file, is_whole: false });
                    continue;
                }
            };
            let parsed = parse(file, path, text);
            let found = resources(workspace, path, text, &parsed);
            model.resources.extend(found.into_iter().map(|(_, resource)| resource));
            let is_whole = parsed.diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None);
            model.files.push(FileUse { file, is_whole });
            model.diagnostics.extend(parsed.diagnostics);
        }
        descriptor::compare_environments(&mut model.resources);
        descriptor::find_undeclared(&mut model.resources);
        model
    }
}

/// Whether the file holds data by its name.
fn is_data(path: &str) -> bool {
    let name = crate::classify::file_name(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "yaml" | "yml" | "json") && !name.starts_with("package-lock")
}

/// Whether Terraform wrote the text: a plan or state may hold any word, and be too large for a tree.
fn is_plan(text: &str) -> bool {
    let head: String = text.chars().take(256).collect();
    head.contains("\"format_version\"") && head.contains("\"terraform_version\"")
}

fn parse(file: FileId, path: &str, text: &str) -> Parsed {
    if path.ends_with(".json") { parse_json(file, text) } else { parse_yaml(file, text, YamlDialect::Core) }
}

/// What the documents of a file are, with the class of each.
fn resources(
    workspace: &dyn Workspace,
    path: &str,
    text: &str,
    parsed: &Parsed,
) -> Vec<(&'static str, Resource)> {
    let possible: Vec<&Shape> = SHAPES.iter().filter(|shape| (shape.may_hold)(path, text)).collect();
    let mut found = Vec::new();
    for document in &parsed.documents {
        let record = Record {
            workspace,
            path,
            root: &document.root,
            span: document.span,
            is_broken: document.broken_at.is_some(),
        };
        let taken = possible.iter().find_map(|shape| {
            let resources = (shape.recognize)(&record);
            (!resources.is_empty()).then_some((shape.class, resources))
        });
        if let Some((class, resources)) = taken {
            let comments = comments(parsed, document.span);
            found.extend(resources.into_iter().map(|resource| {
                let own = comments.iter().filter(|comment| belongs(comment, &resource)).cloned().collect();
                (class, Resource { comments: own, ..resource })
            }));
        }
    }
    found
}

fn comments(parsed: &Parsed, span: Span) -> Vec<Comment> {
    let near = parsed.comments.iter().filter(|comment| comment.span.end <= span.end || span.is_empty());
    near.map(|comment| Comment { text: SmolStr::clone(&comment.text), span: comment.span }).collect()
}

/// Whether a comment stands inside a resource or above it at the start of the file.
fn belongs(comment: &Comment, resource: &Resource) -> bool {
    resource.span.contains(comment.span)
        || (comment.span.end <= resource.span.start && resource.header.start <= comment.span.end + 1)
}

impl Record<'_> {
    /// The first key, in JSON the opening brace: where findings about what the whole record lacks point.
    pub(crate) fn header(&self) -> Span {
        if self.path.ends_with(".json") {
            return Span { end: self.root.span.start + 1, ..self.root.span };
        }
        self.root.entries().first().map_or(self.span, |entry| entry.key.span)
    }

    /// A resource that is the whole document.
    pub(crate) fn resource(&self, kind: &str, attributes: Value) -> Resource {
        let name = crate::classify::stem(self.path);
        self.part(kind, &name, Place { header: self.header(), span: self.span }, attributes)
    }

    /// A resource that is a part of the document.
    pub(crate) fn part(&self, kind: &str, name: &str, place: Place, attributes: Value) -> Resource {
        let Place { header, span } = place;
        let address = Address(smol_str::format_smolstr!("{kind}.{name}"));
        let resource = Resource::new(address, Kind(SmolStr::new(kind)), span.join(header), attributes);
        Resource { header, ..resource }
    }

    /// The document's own tree as values.
    pub(crate) fn tree(&self) -> Value {
        Value::from_node(self.root, self.header())
    }

    /// Whether the document is a Kubernetes manifest, which another reader knows.
    pub(crate) fn is_manifest(&self) -> bool {
        self.root.get("apiVersion").is_some() && self.root.get("kind").is_some()
    }
}

/// Whether a line of the text begins with `key:`.
pub(crate) fn has_key_line(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let before = text.get(..at).unwrap_or("");
        let behind = text.get(at + key.len()..).unwrap_or("");
        (before.is_empty() || before.ends_with('\n')) && behind.starts_with(':')
    })
}

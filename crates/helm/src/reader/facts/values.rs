//! Values files.

use super::usage::{Presence, presence};
use super::{Page, Subject};
use crate::values::text_of;
use proofmark_model::{MapBuilder, SmolStr, UnitModel, Value};
use proofmark_source::{FileId, Workspace};
use proofmark_syntax::{Entry, Node, YamlDialect, parse_yaml};
use smol_str::format_smolstr;

/// Whether a file in a chart (its path from there) holds values, by its name.
pub(in super::super) fn is_values_file(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else { return false };
    let is_named = stem == "values"
        || stem.starts_with("values-")
        || stem.starts_with("values.")
        || stem.starts_with("values_")
        || stem.ends_with("-values")
        || stem.ends_with(".values");
    match folder.split('/').next().unwrap_or("") {
        "templates" | "crds" | "charts" => false,
        "" => is_named,
        "values" | "environments" | "envs" => true,
        _ => is_named,
    }
}

/// `helm_values`: `is_default` (whether it is the chart's own `values.yaml`) and `entry_list`, every value that is no map with
/// the path to it as `name`, its `value`, and `is_known`: whether the chart has such a value or its templates may read it.
pub(super) fn add(subject: &Subject<'_>, given: &[FileId], model: &mut UnitModel) {
    let workspace = subject.workspace;
    let skip = if subject.folder.is_empty() { 0 } else { subject.folder.len() + 1 };
    let below =
        workspace.files_below(subject.folder).filter_map(|index| u32::try_from(index).ok().map(FileId));
    let own = below.filter(|file| workspace.path(*file).get(skip..).is_some_and(is_values_file));
    let own = own.filter(|file| is_of(workspace, subject.folder, *file));
    let mut files: Vec<FileId> = own.chain(given.iter().copied()).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        add_file(subject, file, model);
    }
}

/// Whether no chart lies between the folder of a chart and a file below it.
fn is_of(workspace: &dyn Workspace, folder: &str, file: FileId) -> bool {
    super::super::innermost_chart(workspace, workspace.path(file)) == Some(folder)
}

fn add_file(subject: &Subject<'_>, file: FileId, model: &mut UnitModel) {
    let path = subject.workspace.path(file);
    let inner = path.strip_prefix(subject.folder).map_or(path, |rest| rest.trim_start_matches('/'));
    let text = subject.workspace.load(file).unwrap_or("");
    let parsed = parse_yaml(file, text, YamlDialect::Kubernetes);
    let page = Page { file, text, comments: &parsed.comments };
    let is_default = inner == "values.yaml";
    let mut entries = Vec::new();
    if let Some(document) = parsed.documents.first() {
        let mut list = Entries { subject, is_default, path: Vec::new(), found: &mut entries };
        list.add(&document.root);
    }
    let mut fields = MapBuilder::default();
    fields.set_bool("is_default", is_default, page.header());
    fields.set("entry_list", Value::list(entries, page.header()));
    let address = format_smolstr!("{}/{inner}", subject.name);
    model.resources.push(page.resource(subject.workspace, ("helm_values", address), fields));
}

/// The values of a file, as they are found.
struct Entries<'e, 'c> {
    subject: &'e Subject<'c>,
    is_default: bool,
    path: Vec<SmolStr>,
    found: &'e mut Vec<Value>,
}

impl Entries<'_, '_> {
    fn add(&mut self, map: &Node) {
        for entry in map.entries() {
            self.path.push(text_of(&entry.key));
            if entry.value.entries().is_empty() {
                let found = self.entry(entry);
                self.found.push(found);
            } else {
                self.add(&entry.value);
            }
            self.path.pop();
        }
    }

    fn entry(&self, entry: &Entry) -> Value {
        let at = if entry.value.elements().is_empty() {
            entry.key.span.join(entry.value.span)
        } else {
            entry.key.span
        };
        let mut fields = MapBuilder::default();
        fields.set_text("name", &self.path.join("."), entry.key.span);
        let mut value = Value::from_node(&entry.value, entry.key.span);
        value.is_sensitive |= may_be_secret(self.path.last());
        fields.set("value", value);
        if !self.is_default {
            fields.set_bool("is_known", self.subject.knows(&self.path), entry.key.span);
        }
        fields.finish(at, at)
    }
}

/// Words in the names of values that no report shows.
const SECRET_WORDS: [&str; 7] = ["password", "passwd", "passphrase", "secret", "token", "credential", "key"];

fn may_be_secret(name: Option<&SmolStr>) -> bool {
    let name = name.map_or_else(String::new, |name| name.to_ascii_lowercase());
    SECRET_WORDS.iter().any(|word| name.ends_with(word))
}

impl Subject<'_> {
    /// Whether the chart has a value at a path, or does something with it.
    fn knows(&self, path: &[SmolStr]) -> bool {
        presence(&self.chart.values, path) != Presence::Missing
            || self.is_handed_on(path)
            || self.usage.reads(path)
    }

    /// Whether a path leads to values that are not the chart's alone: of a chart below, or of all.
    pub(super) fn is_handed_on(&self, path: &[SmolStr]) -> bool {
        let Some(first) = path.first() else { return true };
        let metadata = &self.chart.metadata;
        let is_dependency = |name: &SmolStr| {
            metadata.dependencies.iter().any(|wanted| wanted.name == *name || wanted.alias == *name)
                || self.chart.dependencies.iter().any(|child| child.metadata.name == *name)
        };
        let decides = |decided: &str| decided.split(',').any(|one| one.trim() == path.join("."));
        first == "global"
            || first == "tags"
            || is_dependency(first)
            || metadata.dependencies.iter().any(|wanted| decides(&wanted.condition))
    }

    /// Whether a value that a template reads has a default, or is at least named in `values.yaml`; nobody knows for a
    /// library, whose values are others'.
    pub(super) fn defines(&self, path: &[SmolStr]) -> Result<bool, &'static str> {
        let given = |values| presence(values, path) != Presence::Missing;
        if given(&self.chart.values) || self.given.as_ref().is_some_and(given) {
            return Ok(true);
        }
        let is_named = path.last().is_some_and(|name| self.usage.named_in_comments.contains(name));
        if is_named || self.is_handed_on(path) || self.usage.changes(path) {
            return Ok(true);
        }
        if self.chart.is_library() {
            return Err("the values of a library are those of the charts that use it");
        }
        if self.chart.metadata.dependencies.iter().any(|wanted| !wanted.imports.is_empty()) {
            return Err("a chart below may supply the value by `import-values`");
        }
        Ok(false)
    }
}

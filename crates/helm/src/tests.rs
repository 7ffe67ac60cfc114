//! Fixtures: each folder of `fixtures/readers/helm` holds a `chart` and perhaps values laid over it, `given.yaml`.
//!
//! `expected.yaml` is what Helm makes of it, `refused.txt` why Helm makes nothing of it; `expected.txt` are the resources
//! and diagnostics that it must become, `expected.facts.txt` what is said of the files themselves, where that is the point
//! of the fixture. `UPDATE_EXPECT=1 cargo test -p proofmark-helm` writes these anew.

mod archives;
mod hostile;
mod set;

use crate::{Capabilities, HelmReader, Release, load_chart, parse_values, render};
use proofmark_model::{Data, ReadSettings, Reader, Resource, Value, VariableInput};
use proofmark_source::{FileEntry, FileId, LineIndex, LoadError, MemoryWorkspace, Span, Workspace};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A folder in memory: texts, and archives as bytes.
pub(super) struct Folder {
    texts: MemoryWorkspace,
    archives: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    pub(super) fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let (mut texts, mut archives) = (Vec::new(), BTreeMap::new());
        for (path, bytes) in files {
            texts.push((path.clone(), String::from_utf8(bytes.clone()).unwrap_or_default()));
            archives.insert(path, bytes);
        }
        Self { texts: MemoryWorkspace::new(texts), archives }
    }
}

impl Workspace for Folder {
    fn files(&self) -> &[FileEntry] {
        self.texts.files()
    }

    fn load(&self, file: FileId) -> Result<&str, &LoadError> {
        match std::str::from_utf8(&self.archives[self.path(file)]) {
            Ok(_) => self.texts.load(file),
            Err(_) => Err(&LoadError::Binary),
        }
    }

    fn line_index(&self, file: FileId) -> &LineIndex {
        self.texts.line_index(file)
    }

    fn load_bytes(&self, file: FileId) -> Option<Vec<u8>> {
        self.archives.get(self.path(file)).cloned()
    }
}

fn fixtures(room: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(room)
}

#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn files_below(root: &Path, folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(root, &path, into);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            into.push((name, std::fs::read(&path).unwrap()));
        }
    }
}

pub(super) fn folder_at(path: &Path) -> Folder {
    let mut files = Vec::new();
    files_below(path, path, &mut files);
    files.retain(|(name, _)| !name.starts_with("expected.") && name != "refused.txt");
    Folder::new(files)
}

/// Whether a resource says something of a file of the chart, instead of what it renders to.
fn is_fact(resource: &Resource) -> bool {
    resource.kind.0.starts_with("helm_")
}

/// What the units of a folder are rendered to, as text.
pub(super) fn read(folder: &Folder) -> String {
    read_some(folder, |resource| !is_fact(resource))
}

/// What the units of a folder become, as text: the resources that are wanted.
fn read_some(folder: &Folder, is_wanted: fn(&Resource) -> bool) -> String {
    let reader = HelmReader;
    let all = (0..folder.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = all.filter(|file| reader.claim(folder, *file).is_some()).collect();
    let mut settings = ReadSettings::default();
    settings.inputs.extend(folder.find("given.yaml").map(VariableInput::Values));
    let mut text = String::new();
    for unit in reader.units(folder, &claimed, &settings) {
        let model = reader.read(folder, &unit, &settings);
        writeln!(text, "unit `{}`", unit.path).unwrap();
        for resource in model.resources.iter().filter(|resource| is_wanted(resource)) {
            write_resource(folder, resource, &mut text);
        }
        for diagnostic in &model.diagnostics {
            let place = place(folder, diagnostic.span);
            writeln!(text, "{place}: {} ({})", diagnostic.message.trim_end(), diagnostic.code).unwrap();
        }
        for used in model.files.iter().filter(|used| !used.is_whole) {
            writeln!(text, "read in part: {}", folder.path(used.file)).unwrap();
        }
    }
    text
}

fn place(folder: &Folder, span: Span) -> String {
    let line = folder.line_index(span.file).line_number(span.start);
    format!("{}:{line}", folder.path(span.file))
}

fn write_resource(folder: &Folder, resource: &Resource, text: &mut String) {
    writeln!(text, "{} at {}", resource.address, place(folder, resource.header)).unwrap();
    for entry in resource.attributes.as_map().unwrap().entries() {
        write_leaves(folder, &entry.name, &entry.value, text);
    }
}

/// Every scalar with its path, its place and the way that it came.
fn write_leaves(folder: &Folder, path: &str, value: &Value, text: &mut String) {
    match &value.data {
        Data::Map(map) if !map.entries().is_empty() => {
            for entry in map.entries() {
                write_leaves(folder, &format!("{path}.{}", entry.name), &entry.value, text);
            }
        }
        Data::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                write_leaves(folder, &format!("{path}[{index}]"), item, text);
            }
        }
        _ => {
            write!(text, "  {path} = {value} at {}", place(folder, value.origin.span)).unwrap();
            for step in value.origin.steps() {
                write!(text, " <- {} {}", step.kind, place(folder, step.span)).unwrap();
            }
            text.push('\n');
        }
    }
}

/// A document with its template, in a spelling that does not depend on the order of keys.
type Document = (String, serde_json::Value);

fn plain(node: &Node) -> serde_json::Value {
    match &node.data {
        NodeData::Null => serde_json::Value::Null,
        NodeData::Bool(flag) => (*flag).into(),
        NodeData::Integer(number) => (*number).into(),
        NodeData::Float(number) => (*number).into(),
        NodeData::String(text) | NodeData::Template(text) => text.as_str().into(),
        NodeData::Sequence(items) => items.iter().map(plain).collect(),
        NodeData::Mapping(entries) => {
            let entry = |entry: &proofmark_syntax::Entry| {
                (crate::values::text_of(&entry.key).to_string(), plain(&entry.value))
            };
            serde_json::Value::Object(entries.iter().map(entry).collect())
        }
    }
}

/// The documents of what Helm printed, each with the template that it names in a comment.
fn printed(text: &str) -> Vec<Document> {
    let mut documents = Vec::new();
    for part in text.split("---\n# Source: ").filter(|part| !part.is_empty()) {
        let (template, body) = part.split_once('\n').unwrap();
        let parsed = parse_yaml(FileId(0), body, YamlDialect::Kubernetes);
        documents
            .extend(parsed.documents.iter().map(|document| (template.to_owned(), plain(&document.root))));
    }
    documents
}

/// What rendering the chart of a folder gives, and what went wrong.
fn rendered(folder: &Folder) -> (Vec<Document>, Vec<String>) {
    let (mut used, mut diagnostics) = (Vec::new(), Vec::new());
    let chart = load_chart(folder, "chart", &mut used, &mut diagnostics).unwrap();
    let given = folder.find("given.yaml").map_or("", |file| folder.load(file).unwrap());
    let capabilities = Capabilities { kube_version: "v1.34.0".into(), ..Capabilities::default() };
    let release = Release { name: "rel".into(), capabilities, ..Release::default() };
    let rendered = render(&chart, &parse_values(FileId(0), given).0, &release);
    let mut documents = Vec::new();
    for manifest in &rendered.manifests {
        let trees = manifest.parsed.documents.iter().map(|document| plain(&document.root));
        documents.extend(trees.map(|tree| (manifest.template.to_string(), tree)));
    }
    (documents, rendered.problems.iter().map(|problem| problem.message.trim().to_owned()).collect())
}

/// How a fixture differs from what Helm makes of it.
#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn difference(path: &Path, folder: &Folder) -> Option<String> {
    let (documents, problems) = rendered(folder);
    if let Ok(refused) = std::fs::read_to_string(path.join("refused.txt")) {
        let is_told = problems.first().is_some_and(|problem| refused.contains(problem.as_str()));
        return (!is_told).then(|| format!("{problems:#?} is not in {refused}"));
    }
    let expected = printed(&std::fs::read_to_string(path.join("expected.yaml")).unwrap_or_default());
    let is_equal = problems.is_empty() && documents == expected;
    (!is_equal).then(|| format!("{problems:#?}\n{documents:#?}\nHelm: {expected:#?}"))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn every_chart_becomes_what_it_must() {
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(fixtures("readers/helm")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_dir());
    paths.sort();
    assert!(!paths.is_empty());
    let mut wrong = Vec::new();
    for path in paths {
        let folder = folder_at(&path);
        wrong
            .extend(difference(&path, &folder).map(|difference| format!("{}: {difference}", path.display())));
        let facts = path.join("expected.facts.txt");
        let mut texts = vec![(path.join("expected.txt"), read(&folder))];
        if facts.exists() {
            texts.push((facts, read_some(&folder, is_fact)));
        }
        for (expected, text) in texts {
            if is_update {
                std::fs::write(&expected, &text).unwrap();
            } else if std::fs::read_to_string(&expected).unwrap_or_default() != text {
                wrong.push(format!("{}:\n{text}", expected.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "these charts became something else:\n{}", wrong.join("\n"));
}

//! `Chart.yaml` and `Chart.lock`.

use super::{Page, Subject};
use crate::chart::{Chart, Dependency};
use proofmark_gotemplate::version_fits;
use proofmark_model::{Data, MapBuilder, UnitModel, Value};
use proofmark_source::{FileId, Span};
use proofmark_syntax::{Node, YamlDialect, parse_yaml};

/// `helm_chart`: the entries of `Chart.yaml` with `files` (paths in the chart, without those of the charts below),
/// `dependency_list` (`name`, `version`, `repository`, `alias`, `condition`, `is_exact`, `is_local`, `is_vendored`,
/// `locked_version`, `is_lock_current`), `lock` (the entries of `Chart.lock`) and `is_library`.
pub(super) fn add(subject: &Subject<'_>, model: &mut UnitModel) {
    let chart = subject.chart;
    let text = subject.workspace.load(chart.file).unwrap_or("");
    let parsed = parse_yaml(chart.file, text, YamlDialect::Kubernetes);
    let page = Page { file: chart.file, text, comments: &parsed.comments };
    let header = page.header();
    let root = parsed.documents.first().map(|document| &document.root);
    let raw = root.map(|root| Value::from_node(root, header));
    let mut fields = raw.as_ref().map(MapBuilder::of).unwrap_or_default();
    fields.set_bool("is_library", chart.is_library(), header);
    fields.set("files", Value::list(files(subject, header), header));
    let lock = read_lock(subject);
    let locked = lock.as_ref().map(|(_, root)| locked(root)).unwrap_or_default();
    let dependencies = chart.metadata.dependencies.iter();
    let dependencies = dependencies.map(|dependency| dependency_fields(chart, dependency, &locked));
    fields.set("dependency_list", Value::list(dependencies.collect(), header));
    if let Some((file, root)) = &lock {
        fields.set("lock", Value::from_node(root, Span::file_start(*file)));
    }
    model.resources.push(page.resource(subject.workspace, ("helm_chart", subject.name.clone()), fields));
}

/// The files of the chart itself, as texts.
fn files(subject: &Subject<'_>, header: Span) -> Vec<Value> {
    let skip = if subject.folder.is_empty() { 0 } else { subject.folder.len() + 1 };
    let entries = subject.workspace.files().get(subject.workspace.files_below(subject.folder)).unwrap_or(&[]);
    let paths = entries.iter().filter_map(|entry| entry.path.get(skip..));
    paths.filter(|path| !path.starts_with("charts/")).map(|path| Value::string(path, header)).collect()
}

/// The lock file, with its root.
fn read_lock(subject: &Subject<'_>) -> Option<(FileId, Node)> {
    let file = subject.find("Chart.lock").or_else(|| subject.find("requirements.lock"))?;
    let parsed = parse_yaml(file, subject.workspace.load(file).ok()?, YamlDialect::Kubernetes);
    let root = parsed.documents.into_iter().next()?.root;
    Some((file, root))
}

/// A version that a lock file fixes.
struct Locked<'n> {
    name: &'n str,
    repository: &'n str,
    version: &'n Node,
}

fn locked(root: &Node) -> Vec<Locked<'_>> {
    let entries = root.get("dependencies").map(Node::elements).unwrap_or(&[]);
    entries.iter().filter_map(Locked::read).collect()
}

impl<'n> Locked<'n> {
    fn read(node: &'n Node) -> Option<Self> {
        let repository = node.get("repository").and_then(Node::as_str).unwrap_or("");
        Some(Self { name: node.get("name")?.as_str()?, repository, version: node.get("version")? })
    }
}

fn dependency_fields(chart: &Chart, dependency: &Dependency, locked: &[Locked<'_>]) -> Value {
    let at = dependency.span;
    let mut fields = MapBuilder::default();
    let texts = [
        ("name", &dependency.name),
        ("version", &dependency.version),
        ("repository", &dependency.repository),
        ("alias", &dependency.alias),
        ("condition", &dependency.condition),
    ];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        fields.set_text(name, text, at);
    }
    let is_vendored = chart.dependencies.iter().any(|child| child.metadata.name == dependency.name);
    fields.set_bool("is_exact", is_exact(&dependency.version), at);
    fields.set_bool("is_local", dependency.is_local(), at);
    fields.set_bool("is_vendored", is_vendored, at);
    let fixed = locked.iter().find(|fixed| fixed.is_of(dependency));
    if let Some(fixed) = fixed {
        let version = Value::from_node(fixed.version, fixed.version.span);
        let fits = version.as_str().and_then(|version| version_fits(&dependency.version, version));
        fields.set("locked_version", version);
        let is_current = fits.map_or(Data::Null, Data::Bool);
        fields.set("is_lock_current", Value::new(is_current, fixed.version.span));
    }
    fields.finish(at, at)
}

impl Locked<'_> {
    /// A chart may need another twice, from two places.
    fn is_of(&self, dependency: &Dependency) -> bool {
        let is_same_place = self.repository.is_empty()
            || dependency.repository.is_empty()
            || self.repository.trim_end_matches('/') == dependency.repository.trim_end_matches('/');
        self.name == dependency.name && is_same_place
    }
}

/// Whether a range leaves one version to choose.
fn is_exact(range: &str) -> bool {
    let version = range.trim().trim_start_matches('=').trim_start().trim_start_matches('v');
    let core = version.split(['-', '+']).next().unwrap_or("");
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    core.split('.').count() == 3 && core.split('.').all(is_number) && !version.contains([' ', ','])
}

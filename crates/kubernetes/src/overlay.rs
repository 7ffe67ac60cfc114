//! What Kustomize overlays name: as far as other readers must know it, so that nothing is judged twice.

use proofmark_source::{FileId, Workspace, join_path, parent_path};
use proofmark_syntax::{Node, YamlDialect, parse_yaml};
use std::collections::BTreeSet;

/// The names of the file that makes a folder an overlay.
pub const KUSTOMIZATION: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The fields of an overlay that name what it stands on.
const BASES: [&str; 2] = ["resources", "bases"];

/// The fields of an overlay that name files and folders: as texts, or under `path`.
const PATH_FIELDS: [&str; 12] = [
    "resources",
    "bases",
    "components",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "generators",
    "transformers",
    "validators",
    "configurations",
    "crds",
    "replacements",
];

/// Whether a file is what makes its folder an overlay.
#[must_use]
pub fn is_kustomization(path: &str) -> bool {
    KUSTOMIZATION.contains(&path.rsplit('/').next().unwrap_or(path))
}

/// The overlay file of a folder.
#[must_use]
pub fn kustomization(workspace: &dyn Workspace, folder: &str) -> Option<FileId> {
    KUSTOMIZATION.iter().find_map(|name| workspace.find(&join_path(folder, name)?))
}

/// The files and folders that an overlay names, as paths from the root of the workspace. What lies outside is left out.
#[must_use]
pub fn overlay_paths(workspace: &dyn Workspace, file: FileId) -> Vec<String> {
    named(workspace, file, &PATH_FIELDS)
}

/// Those among them whose objects the overlay takes over.
#[must_use]
pub fn overlay_bases(workspace: &dyn Workspace, file: FileId) -> Vec<String> {
    named(workspace, file, &BASES)
}

/// The folders of the charts that overlays of the workspace inflate, whether they are there or not.
#[must_use]
pub fn inflated_charts(workspace: &dyn Workspace) -> BTreeSet<String> {
    // Few overlays inflate charts, and a search costs less than a parse.
    let inflates = |file: &FileId| workspace.load(*file).is_ok_and(|text| text.contains("helmChart"));
    kustomizations(workspace).filter(inflates).flat_map(|file| charts(workspace, file)).collect()
}

/// Every path that an overlay of the workspace names.
pub(crate) fn paths_in_overlays(workspace: &dyn Workspace) -> BTreeSet<String> {
    kustomizations(workspace).flat_map(|file| overlay_paths(workspace, file)).collect()
}

fn kustomizations(workspace: &dyn Workspace) -> impl Iterator<Item = FileId> {
    let files = workspace.files().iter().zip(0_u32..);
    files.filter(|(file, _)| is_kustomization(&file.path)).map(|(_, id)| FileId(id))
}

fn named(workspace: &dyn Workspace, file: FileId, fields: &[&str]) -> Vec<String> {
    let folder = parent_path(workspace.path(file));
    let roots = roots(workspace, file);
    let elements = roots
        .iter()
        .flat_map(|root| fields.iter().filter_map(|field| root.get(field)))
        .flat_map(Node::elements);
    let named = elements.filter_map(|element| element.as_str().or_else(|| element.get("path")?.as_str()));
    named.filter_map(|path| join_path(folder, path)).collect()
}

/// The folders in which Kustomize looks for the charts that an overlay names.
fn charts(workspace: &dyn Workspace, file: FileId) -> Vec<String> {
    let folder = parent_path(workspace.path(file));
    let chart = |root: &Node, entry: &Node| join_path(folder, &chart_path(root, entry)?);
    let roots = roots(workspace, file);
    let lists = ["helmCharts", "helmChartInflationGenerator"];
    let entries = roots.iter().flat_map(|root| {
        let elements = lists.iter().filter_map(|list| root.get(list)).flat_map(Node::elements);
        elements.filter_map(move |entry| chart(root, entry))
    });
    entries.collect()
}

/// The folder, as seen from the overlay, in which the chart of an element of `helmCharts` lies. A chart that is fetched has
/// its version in the name of the folder around it.
#[must_use]
pub fn chart_path(kustomization: &Node, entry: &Node) -> Option<String> {
    let word = |key: &str| entry.get(key).and_then(Node::as_str).filter(|word| !word.is_empty());
    let name = word("name").or_else(|| word("chartName"))?;
    let global = kustomization.at_path(&["helmGlobals", "chartHome"]).and_then(Node::as_str);
    let home = word("chartHome").or(global).filter(|home| !home.is_empty()).unwrap_or("charts");
    Some(match (word("version"), word("repo")) {
        (Some(version), Some(_)) => format!("{home}/{name}-{version}/{name}"),
        _ => format!("{home}/{name}"),
    })
}

fn roots(workspace: &dyn Workspace, file: FileId) -> Vec<Node> {
    let parsed = parse_yaml(file, workspace.load(file).unwrap_or(""), YamlDialect::Go);
    parsed.documents.into_iter().map(|document| document.root).collect()
}

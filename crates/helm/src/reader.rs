//! The reader: which folders are charts, and what they become.

mod facts;

use crate::chart::{Chart, load_chart};
use crate::objects::unknown_namespace;
use crate::provenance::Rendered;
use crate::render::{Manifest, Release, render};
use crate::values::lay_values;
use proofmark_gotemplate::Dict;
use proofmark_kubernetes::{inflated_charts, is_cluster_scoped, read_manifest, read_rendered};
use proofmark_model::{
    Attribute, Claim, Data, FileUse, Origin, ReadSettings, Reader, Resource, SmolStr, Unit, UnitModel, Value,
    VariableInput,
};
use proofmark_source::{Diagnostic, FileId, Impact, Span, Workspace, parent_path};
use std::collections::BTreeSet;

/// Reads Helm charts.
#[derive(Clone, Copy, Debug, Default)]
pub struct HelmReader;

/// The reader's name in reports.
const NAME: &str = "helm";

/// The file that makes a folder a chart.
const CHART: &str = "Chart.yaml";

impl Reader for HelmReader {
    fn name(&self) -> &'static str {
        NAME
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        let path = workspace.path(file);
        if path.rsplit('/').next() == Some(CHART) {
            return Some(Claim { class: "helm chart" });
        }
        let Some(chart) = innermost_chart(workspace, path) else {
            return facts::is_stray(workspace, file).then_some(Claim { class: "helm template" });
        };
        let inner = if chart.is_empty() { path } else { path.get(chart.len() + 1..).unwrap_or("") };
        let class = match inner.split_once('/') {
            _ if inner == "values.schema.json" || facts::is_values_file(inner) => "helm values",
            None if inner.ends_with(".lock") || inner == ".helmignore" => "helm chart",
            Some(("templates", _)) => "helm template",
            Some(("charts", rest)) if rest.ends_with(".tgz") => "helm archive",
            _ => return None,
        };
        Some(Claim { class })
    }

    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _: &ReadSettings) -> Vec<Unit> {
        let charts = claimed
            .iter()
            .map(|file| workspace.path(*file))
            .filter(|path| path.rsplit('/').next() == Some(CHART));
        let folders: BTreeSet<&str> =
            charts.map(parent_path).filter(|folder| !is_subchart(workspace, folder)).collect();
        let unit = |folder: &str| {
            let files =
                claimed.iter().copied().filter(|file| is_below(workspace.path(*file), folder)).collect();
            Unit { reader: NAME, path: folder.to_owned(), files }
        };
        let stray =
            claimed.iter().filter(|file| innermost_chart(workspace, workspace.path(**file)).is_none());
        let alone =
            |file: &FileId| Unit { reader: NAME, path: workspace.path(*file).to_owned(), files: vec![*file] };
        folders.into_iter().map(unit).chain(stray.map(alone)).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, settings: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        if let [file] = *unit.files
            && workspace.path(file) == unit.path
        {
            facts::add_stray(workspace, file, &mut model);
            model.files.push(FileUse { file, is_whole: true });
            return model;
        }
        let files = given_files(settings);
        let mut used = files.clone();
        let chart = load_chart(workspace, &unit.path, &mut used, &mut model.diagnostics);
        let given = lay_values(workspace, &files, &mut model.diagnostics);
        if let Some(chart) = &chart {
            // The objects of a chart that an overlay inflates are judged as what it makes of them.
            if !inflated_charts(workspace).contains(&unit.path) {
                read_chart(workspace, chart, &given, &mut model);
            }
            facts::add_facts(workspace, chart, &files, &mut model);
        }
        used.extend(unit.files.iter().copied());
        used.sort_unstable();
        used.dedup();
        let broken: BTreeSet<FileId> = model
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.impact != Impact::None)
            .map(|diagnostic| diagnostic.span.file)
            .collect();
        model.files =
            used.into_iter().map(|file| FileUse { file, is_whole: !broken.contains(&file) }).collect();
        model.resources.sort_by(|a, b| (a.span, &a.address).cmp(&(b.span, &b.address)));
        model
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The folder of the chart that holds a file most closely.
fn innermost_chart<'p>(workspace: &dyn Workspace, path: &'p str) -> Option<&'p str> {
    let mut folder = parent_path(path);
    loop {
        let chart = if folder.is_empty() { CHART.to_owned() } else { format!("{folder}/{CHART}") };
        if workspace.find(&chart).is_some() {
            return Some(folder);
        }
        if folder.is_empty() {
            return None;
        }
        folder = parent_path(folder);
    }
}

/// Whether a chart lies under `charts/` of another, which renders it.
fn is_subchart(workspace: &dyn Workspace, folder: &str) -> bool {
    let parent = parent_path(folder);
    parent.rsplit('/').next() == Some("charts") && innermost_chart(workspace, parent).is_some()
}

/// The values files that the settings name.
fn given_files(settings: &ReadSettings) -> Vec<FileId> {
    let file = |input: &VariableInput| match input {
        VariableInput::Values(file) => Some(*file),
        _ => None,
    };
    settings.inputs.iter().filter_map(file).collect()
}

fn read_chart(workspace: &dyn Workspace, chart: &Chart, given: &Dict, model: &mut UnitModel) {
    // Helm renders no library by itself; the charts that use it do.
    if chart.is_library() {
        return;
    }
    let rendered = render(chart, given, &Release { is_namespace_assumed: true, ..Release::default() });
    for manifest in &rendered.manifests {
        let first = model.resources.len();
        read_document(chart, manifest, model);
        for resource in model.resources.iter_mut().skip(first) {
            add_namespace(resource);
        }
    }
    let chart_file = chart_place(chart);
    let mut failed = BTreeSet::new();
    for problem in rendered.problems {
        let span = problem.span().unwrap_or(chart_file);
        let impact = problem.impact();
        failed.extend(problem.file);
        model.diagnostics.push(Diagnostic::new(problem.code, impact, span, problem.message));
    }
    // What a template that fails would write is read around its actions, as far as that goes.
    for file in failed {
        let mut rest = UnitModel::default();
        read_manifest(workspace.path(file), file, workspace.load(file).unwrap_or(""), &mut rest);
        model.resources.extend(rest.resources);
    }
}

fn read_document(chart: &Chart, manifest: &Manifest, model: &mut UnitModel) {
    let fallback = manifest.file.map_or_else(|| chart_place(chart), Span::file_start);
    let provenance = Rendered { text: &manifest.text, trace: &manifest.trace, fallback };
    let extent = provenance.extent();
    read_rendered(&manifest.parsed, manifest.text.as_str(), (&provenance, extent), model);
}

/// An object that names no namespace lives in that of the release, which nobody knows.
fn add_namespace(resource: &mut Resource) {
    let named = resource.attributes.at_path(&["metadata", "namespace"]).is_some_and(|value| !value.is_null());
    if named || is_cluster_scoped(&resource.kind.0) {
        return;
    }
    let Data::Map(map) = &resource.attributes.data else { return };
    let changed = map.with_values(|entry| match (&entry.value.data, entry.name.as_str()) {
        (Data::Map(metadata), "metadata") => {
            let name_span = metadata.header.unwrap_or(entry.name_span);
            let value = Value {
                data: Data::Unknown(unknown_namespace().into()),
                origin: Origin::at(name_span),
                is_sensitive: false,
            };
            let namespace = Attribute { name: SmolStr::new_static("namespace"), name_span, value };
            let entries = metadata.entries().iter().cloned().chain([namespace]).collect();
            entry.value.with_data(Data::Map(metadata.with_entries(entries).into()))
        }
        _ => Value::clone(&entry.value),
    });
    resource.attributes = resource.attributes.with_data(Data::Map(changed.into()));
}

/// The first line of `Chart.yaml`.
fn chart_place(chart: &Chart) -> Span {
    Span::file_start(chart.file)
}

//! `helmCharts`: objects of charts that lie in the repository.

use crate::build::{Builder, Gathered, Layer, REFUSED, REMOTE};
use crate::node::{is_set, scalar, scalar_at};
use crate::object::Object;
use proofmark_helm::{Capabilities, Chart, Release, coalesce_tables, load_chart, parse_values, render};
use proofmark_kubernetes::chart_path;
use proofmark_source::{Impact, join_path};
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;

/// A chart that is there, and the entry of a layer that names it.
struct Inflation<'i> {
    layer: &'i Layer,
    entry: &'i Node,
    chart: &'i Chart,
}

/// Adds the objects of every chart that a layer names.
pub(crate) fn inflate(builder: &mut Builder<'_>, layer: &Layer, gathered: &mut Gathered) {
    for list in ["helmCharts", "helmChartInflationGenerator"] {
        for entry in layer.list(list) {
            inflate_one(builder, layer, &entry, gathered);
        }
    }
}

/// Adds the objects of one chart, which lies in `chartHome`, or is not in the repository.
pub(crate) fn inflate_one(builder: &mut Builder<'_>, layer: &Layer, entry: &Node, gathered: &mut Gathered) {
    let name = scalar_at(entry, &["name"]).or_else(|| scalar_at(entry, &["chartName"])).unwrap_or_default();
    let path = chart_path(&layer.root, entry).unwrap_or_default();
    let folder = join_path(&layer.folder, &path).unwrap_or_default();
    let is_there = join_path(&folder, "Chart.yaml").and_then(|path| builder.workspace.find(&path)).is_some();
    if name.is_empty() || folder.is_empty() || !is_there {
        let message = format!(
            "the chart `{name}` is not in the repository (it would lie in `{path}`); its objects are not known"
        );
        builder.tell(REMOTE, Impact::Partial, entry.span, message);
        return;
    }
    let (mut used, mut diagnostics) = (Vec::new(), Vec::new());
    let chart = load_chart(builder.workspace, &folder, &mut used, &mut diagnostics);
    for file in used {
        builder.built.files.entry(file).or_insert(true);
    }
    for diagnostic in diagnostics {
        builder.tell(diagnostic.code, diagnostic.impact, diagnostic.span, diagnostic.message);
    }
    if let Some(chart) = chart {
        add_objects(builder, &Inflation { layer, entry, chart: &chart }, gathered);
    }
}

fn add_objects(builder: &mut Builder<'_>, inflation: &Inflation<'_>, gathered: &mut Gathered) {
    let Inflation { layer, entry, chart } = *inflation;
    let given = Chart::values_of(entry.get("valuesInline").unwrap_or(&Node::new(NodeData::Null, entry.span)));
    let mut files: Vec<Node> = entry.get("additionalValuesFiles").map_or(&[][..], Node::elements).to_vec();
    files.reverse();
    files.extend(entry.get("valuesFile").cloned());
    for node in files {
        let Some(path) = scalar(&node) else { continue };
        let Some(file) = builder.find_file(layer, &path, node.span) else { continue };
        let Some(text) = builder.load_text(file) else { continue };
        let (values, _) = parse_values(file, text);
        coalesce_tables(&given, &values, true);
    }
    let rendered = render(chart, &given, &release(entry));
    for problem in rendered.problems {
        builder.tell(REFUSED, Impact::Partial, entry.span, problem.message);
    }
    for manifest in &rendered.manifests {
        let is_test = manifest.hooks.iter().any(|hook| hook.starts_with("test"));
        let is_skipped =
            manifest.is_hook() && (is_set(entry, "skipHooks") || is_test && is_set(entry, "skipTests"));
        for root in manifest.placed(chart).into_iter().filter(|_| !is_skipped) {
            add(builder, root, entry, gathered);
        }
    }
    for crd in chart.crds.iter().filter(|_| is_set(entry, "includeCRDs")) {
        let path =
            format!("{}/{}", proofmark_source::parent_path(builder.workspace.path(chart.file)), crd.path);
        let file = builder.workspace.find(path.trim_start_matches('/'));
        for object in file.map(|file| builder.load_objects(file)).unwrap_or_default() {
            builder.append(gathered, object, entry.span);
        }
    }
}

fn add(builder: &mut Builder<'_>, root: Node, entry: &Node, gathered: &mut Gathered) {
    let home = crate::node::extent(&root);
    let mut objects: Vec<Object> = Vec::new();
    builder.add_objects(root, &[], &mut objects);
    for mut object in objects {
        object.home = home;
        builder.append(gathered, object, entry.span);
    }
}

fn release(entry: &Node) -> Release {
    let default = Release::default();
    let capabilities = Capabilities::default();
    let listed = entry.get("apiVersions").map_or(&[][..], Node::elements);
    Release {
        name: scalar_at(entry, &["releaseName"]).unwrap_or(default.name),
        is_namespace_assumed: entry.get("namespace").is_none(),
        namespace: scalar_at(entry, &["namespace"]).unwrap_or(default.namespace),
        capabilities: Capabilities {
            kube_version: scalar_at(entry, &["kubeVersion"]).map_or(capabilities.kube_version, |version| {
                SmolStr::new(format!("v{}", version.trim_start_matches('v')))
            }),
            api_versions: listed.iter().filter_map(scalar).collect(),
        },
    }
}

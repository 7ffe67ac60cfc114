//! `helmCharts`: objects of charts that lie in the repository.

use crate::build::{Builder, Gathered, Layer, REMOTE};
use crate::node::scalar_at;
use proofmark_source::{Impact, join_path};
use proofmark_syntax::Node;

/// Adds the objects of every chart that a layer names.
pub(crate) fn inflate(builder: &mut Builder<'_>, layer: &Layer, gathered: &mut Gathered) {
    for list in ["helmCharts", "helmChartInflationGenerator"] {
        for entry in layer.list(list) {
            inflate_one(builder, layer, &entry, gathered);
        }
    }
}

/// Adds the objects of one chart, which lies in `chartHome`, or is not in the repository.
pub(crate) fn inflate_one(builder: &mut Builder<'_>, layer: &Layer, entry: &Node, _gathered: &mut Gathered) {
    let name = scalar_at(entry, &["name"]).or_else(|| scalar_at(entry, &["chartName"])).unwrap_or_default();
    let home = scalar_at(&layer.root, &["helmGlobals", "chartHome"]).unwrap_or_else(|| "charts".into());
    let folder = join_path(&layer.folder, &format!("{home}/{name}"));
    let message = format!(
        "the chart `{name}` is not in the repository (it would lie in `{}`); its objects are not known",
        folder.unwrap_or_default()
    );
    builder.tell(REMOTE, Impact::Partial, entry.span, message);
}

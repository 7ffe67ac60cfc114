//! Helm charts as resources, rendered inside the program and traced back to the line.
//!
//! A chart is loaded from its folder with the charts that it holds (folders and archives), values are laid over each other as
//! Helm does, templates are run by `gotemplate`, and what they write is cut into manifests in Helm's order. The manifests
//! become resources through `kubernetes`; every value of theirs stands at a line of a template and knows the entry of the
//! values file that supplied it.
//!
//! The cast: [`Chart`] is what lies in the folder, [`render`] makes [`Manifest`]s of it, and [`HelmReader`] makes resources of
//! these. What goes wrong is told in Helm's words; the templates that it does not touch are rendered all the same.
//!
//! Behaviour follows Helm 4.1. Deliberately absent: a cluster (`lookup` finds nothing), repositories of charts, and files
//! outside of the chart.
//!
//! Start at `reader.rs`, then `chart.rs`, `values.rs`, `dependencies.rs` and `render.rs`.

mod limits;
mod values;
mod chart;
mod dependencies;
mod objects;
mod schema;
mod render;
mod provenance;
mod reader;

pub use chart::{Chart, ChartFile, Dependency, Import, Metadata, load_chart};
pub use objects::Capabilities;
pub use proofmark_gotemplate::{Place, Trace};
pub use reader::HelmReader;
pub use render::{Manifest, Problem, Release, Rendered, render, render_text};
pub use values::{SetError, SetKind, apply_set, coalesce_tables, lay_values, parse_values};

#[cfg(test)]
mod tests;

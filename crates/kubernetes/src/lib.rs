//! Kubernetes manifests as resources.
//!
//! The [`Kubernetes`] reader claims YAML and JSON files that hold `apiVersion` and `kind`, groups those that are
//! deployed together into units, and makes a resource of every object in them: `Kind.namespace.name`, with the manifest
//! itself as attributes and the pod specification beside it where the kind has one. Manifests that a template language
//! fills in are read around its expressions.
//!
//! Deliberately absent: charts and overlays, which have readers of their own; the meaning of kinds, which is the rules'
//! business; defaults that the cluster would add.
//!
//! Start at `reader.rs`, then `claim.rs`, `group.rs` (what is deployed together) and `manifest.rs`.

mod claim;
mod group;
mod manifest;
mod overlay;
mod reader;
mod scope;

pub use manifest::{read_manifest, read_object, read_rendered};
pub use overlay::{
    KUSTOMIZATION, chart_path, inflated_charts, is_kustomization, kustomization, overlay_bases, overlay_paths,
};
pub use reader::Kubernetes;
pub use scope::is_cluster_scoped;

#[cfg(test)]
mod tests;

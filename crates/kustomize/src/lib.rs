//! Kustomize overlays, built inside the program.
//!
//! The [`Kustomize`] reader claims kustomization files, makes a unit of every overlay that no other one uses, builds it as
//! `kustomize build` would, and turns the objects into resources. Objects stay syntax trees all the way: every node knows
//! where it was written, and where a patch or a field of a kustomization changed it, both places. So a finding points
//! at the patch that set a value, with the line of the base beside it.
//!
//! The cast: [`build`] makes a [`Built`] of [`Object`]s; [`print_yaml`] prints them as a stream. What kustomize would refuse
//! is told in its own words, and the rest is built all the same.
//!
//! Behavior follows kustomize 5.7. Deliberately absent: the network (remote bases are told and left out), plugins that run
//! programs or containers, and any judgement.
//!
//! Start at `build.rs`, which goes through an overlay in kustomize's order, then `object.rs`; each transformer has a
//! file of its own.

mod build;
mod chart;
mod configuration;
mod environment;
mod field;
mod generate;
mod hash;
mod image;
mod inline;
mod json_patch;
mod label;
mod merge;
mod metadata;
mod node;
mod object;
mod order;
mod patch;
mod path;
mod plugin;
mod print;
mod reader;
mod reference;
mod rename;
mod replacement;
mod selector;
mod tables;
mod value;
mod variable;

pub use build::{Built, build};
pub use object::Object;
pub use print::print_yaml;
pub use reader::Kustomize;

#[cfg(test)]
mod tests;

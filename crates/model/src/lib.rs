//! What every reader produces and every rule is judged on: resources, and values that know where they came from.
//!
//! A [`Resource`] is a configured thing with an [`Address`], a kind and a tree of values. A [`Value`] carries its
//! [`Origin`]: where it was written and, if it travelled through variables, modules or templates, the steps that brought
//! it. What no file contains is [`Data::Unknown`] with a reason and what is known of it all the same.
//!
//! The cast: [`Value`], [`Data`], [`Map`] and [`Attribute`] are the tree; [`Origin`] and [`Step`] the way a value came;
//! [`Unknown`] and [`Reference`] what is not known and what it points to; [`Resource`] the thing; [`pod_view`] the one
//! view over every kind of Kubernetes workload; [`Reader`] the contract of the format crates.
//!
//! Deliberately absent: formats, rules, and any judgement.
//!
//! Start at [`Value`], then [`Resource`], then [`Reader`].

mod elements;
mod map_builder;
mod origin;
mod pod;
mod reader;
mod resource;
mod comments;
mod tree;
mod unknown;
mod value;

pub use comments::comments_of;
pub use elements::{Elements, ListKind};
pub use map_builder::MapBuilder;
pub use origin::{Origin, Step, StepKind};
pub use pod::{POD_CONTAINER_LISTS, pod_view};
pub use reader::{Claim, FileUse, ReadSettings, Reader, Unit, UnitModel, VariableInput, Variant};
pub use resource::{Address, Comment, Condition, Kind, Resource};
pub use smol_str::SmolStr;
pub use tree::{AsWritten, Provenance};
pub use unknown::{HOLE, Known, Reference, Shape, Unknown};
pub use value::{Attribute, Data, Map, MapKind, Value};

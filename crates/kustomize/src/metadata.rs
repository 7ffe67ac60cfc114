//! `buildMetadata`: labels and annotations that say how an object was built.

use crate::build::{Builder, Layer, PLUGIN};
use crate::label::{pair, put_pairs};
use crate::node::{get_or_put, scalar};
use crate::object::Object;
use proofmark_source::{Impact, Span};
use proofmark_syntax::{Node, NodeData};

/// The version whose behavior this crate has.
const VERSION: &str = "kustomize-v5.7.1";

/// Adds what the overlay asks for.
pub(crate) fn add(builder: &mut Builder<'_>, layer: &Layer, objects: &mut [Object]) {
    for option in layer.list("buildMetadata") {
        match scalar(&option).as_deref() {
            Some("managedByLabel") => {
                let label = pair("app.kubernetes.io/managed-by", VERSION, option.span);
                objects.iter_mut().for_each(|object| put_in(object, "labels", &label));
            }
            Some("originAnnotations") => {
                for object in objects.iter_mut() {
                    let origin = pair("config.kubernetes.io/origin", origin(builder, object), option.span);
                    put_in(object, "annotations", &origin);
                }
            }
            Some("transformerAnnotations") => {
                let message = "annotations that record which transformers ran are left out";
                builder.tell(PLUGIN, Impact::None, option.span, message.to_owned());
            }
            _ => builder.refuse(
                option.span,
                "buildMetadata must be one of [managedByLabel, originAnnotations, transformerAnnotations]",
            ),
        }
    }
}

fn put_in(object: &mut Object, field: &str, pairs: &Node) {
    let span: Span = pairs.span;
    let make = || Node::new(NodeData::Mapping(Vec::new()), span);
    let metadata = get_or_put(&mut object.node, "metadata", make);
    if let Some(map) = metadata.and_then(|metadata| get_or_put(metadata, field, make)) {
        put_pairs(map, pairs);
    }
}

/// Where an object comes from, in kustomize's words.
fn origin(builder: &Builder<'_>, object: &Object) -> String {
    let path = builder.path_from_root(object.home.file);
    if !builder.built.kustomizations.contains_key(&object.home.file) {
        return format!("path: {path}\n");
    }
    let generator = if object.kind() == "Secret" { "SecretGenerator" } else { "ConfigMapGenerator" };
    format!("configuredIn: {path}\nconfiguredBy:\n  apiVersion: builtin\n  kind: {generator}\n")
}

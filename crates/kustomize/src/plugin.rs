//! `generators`, `transformers` and `validators`: the built-in ones, configured as objects of their own.

use crate::build::{Builder, Gathered, Layer, PLUGIN};
use crate::generate::Generated;
use crate::inline::parse_inline;
use crate::label::{read_field, set_pairs};
use crate::node::{is_set, put, remove, scalar, scalar_at};
use crate::object::Object;
use crate::rename::{Affix, End, NamespaceChange, Subjects, affix, set_namespace};
use crate::tables::{FieldSpec, Fields};
use crate::{patch, replacement};
use proofmark_source::{Impact, Span, join_path};
use proofmark_syntax::{Node, NodeData};

/// Runs what the list of that name says on the objects.
pub(crate) fn transformers(builder: &mut Builder<'_>, layer: &Layer, list: &str, gathered: &mut Gathered) {
    for config in configurations(builder, layer, list) {
        if !is_built_in(&config) {
            tell(builder, &config);
            continue;
        }
        transform(builder, layer, &config, gathered);
        gathered.objects.retain(|object| !object.is_deleted);
    }
}

/// Adds what the `generators` make.
pub(crate) fn generators(builder: &mut Builder<'_>, layer: &Layer, gathered: &mut Gathered) {
    for config in configurations(builder, layer, "generators") {
        let kind = match config.kind().as_str() {
            "ConfigMapGenerator" if is_built_in(&config) => Generated::ConfigMap,
            "SecretGenerator" if is_built_in(&config) => Generated::Secret,
            "HelmChartInflationGenerator" if is_built_in(&config) => {
                crate::chart::inflate_one(builder, layer, &config.node, gathered);
                continue;
            }
            _ => {
                tell(builder, &config);
                continue;
            }
        };
        let mut entry = Node::clone(&config.node);
        for key in ["name", "namespace"] {
            if let Some(value) = config.node.at_path(&["metadata", key]) {
                put(&mut entry, key, Node::clone(value));
            }
        }
        if let Some(object) = builder.generated(layer, &entry, kind, None) {
            builder.absorb(gathered, object, config.home);
        }
    }
}

/// The objects that configure: files, folders, or texts in place.
fn configurations(builder: &mut Builder<'_>, layer: &Layer, list: &str) -> Vec<Object> {
    let mut configs = Vec::new();
    for node in layer.list(list) {
        let Some(text) = scalar(&node) else { continue };
        if text.contains('\n') || text.contains(": ") {
            for root in parse_inline(builder.workspace, &node) {
                builder.add_objects(root, &[], &mut configs);
            }
            continue;
        }
        let is_file =
            join_path(&layer.folder, &text).is_some_and(|path| builder.workspace.find(&path).is_some());
        if is_file {
            let Some(file) = builder.find_file(layer, &text, node.span) else { continue };
            configs.extend(builder.load_objects(file));
        } else if let Some(base) = builder.enter(layer, &text, node.span) {
            configs.extend(builder.layer(&base, Gathered::default()).objects);
        }
    }
    configs
}

fn is_built_in(config: &Object) -> bool {
    scalar_at(&config.node, &["apiVersion"]).is_some_and(|version| version == "builtin")
}

fn tell(builder: &mut Builder<'_>, config: &Object) {
    let message = format!(
        "`{}` is a program of its own, which is not run; what it would make or change is not known",
        config.kind()
    );
    builder.tell(PLUGIN, Impact::Partial, config.node.span, message);
}

fn transform(builder: &mut Builder<'_>, layer: &Layer, config: &Object, gathered: &mut Gathered) {
    let node = &config.node;
    let listed = |key: &str| node.get(key).map_or(&[][..], Node::elements);
    let specs: Vec<FieldSpec> = listed("fieldSpecs").iter().map(read_field).collect();
    let or = |default: &'static [FieldSpec]| if specs.is_empty() { default } else { specs.as_slice() };
    let known = Fields::built_in();
    let objects = &mut gathered.objects;
    match config.kind().as_str() {
        "NamespaceTransformer" => namespace(builder, config, &specs, objects),
        "PrefixTransformer" => named(config, End::Prefix, or(&known.name_prefix), objects),
        "SuffixTransformer" => named(config, End::Suffix, or(&known.name_suffix), objects),
        "PrefixSuffixTransformer" => {
            named(config, End::Prefix, or(&known.name_prefix), objects);
            named(config, End::Suffix, or(&known.name_suffix), objects);
        }
        "LabelTransformer" => {
            let pairs = node.get("labels").cloned();
            set_pairs(objects, &pairs.unwrap_or_else(|| nothing(node.span)), &specs);
        }
        "AnnotationsTransformer" => {
            let pairs = node.get("annotations").cloned();
            set_pairs(objects, &pairs.unwrap_or_else(|| nothing(node.span)), &specs);
        }
        "ImageTagTransformer" => {
            if let Some(image) = node.get("imageTag") {
                builder.images(objects, image, &specs);
            }
        }
        "ReplicaCountTransformer" => {
            if let Some(replica) = node.get("replica") {
                builder.replicas(objects, replica, or(&known.replicas));
            }
        }
        "PatchTransformer" => patch::apply(builder, layer, node, objects),
        "PatchJson6902Transformer" => {
            let mut entry = Node::clone(node);
            if let Some(operations) = remove(&mut entry, "jsonOp") {
                put(&mut entry, "patch", operations);
            }
            patch::apply(builder, layer, &entry, objects);
        }
        "PatchStrategicMergeTransformer" => {
            for path in listed("paths") {
                let entry = crate::node::mapping([("path", Node::clone(path))], node.span);
                patch::apply(builder, layer, &entry, objects);
            }
            if let Some(patches) = node.get("patches") {
                let entry = crate::node::mapping([("patch", Node::clone(patches))], node.span);
                patch::apply(builder, layer, &entry, objects);
            }
        }
        "ReplacementTransformer" => {
            for one in listed("replacements") {
                replacement::apply_entry(builder, layer, one, objects);
            }
        }
        _ => tell(builder, config),
    }
}

fn nothing(span: Span) -> Node {
    Node::new(NodeData::Mapping(Vec::new()), span)
}

fn named(config: &Object, end: End, fields: &[FieldSpec], objects: &mut [Object]) {
    let key = match end {
        End::Prefix => "prefix",
        End::Suffix => "suffix",
    };
    if let Some(value) = config.node.get(key) {
        let text = scalar(value).unwrap_or_default();
        affix(objects, &Affix { end, text: &text, by: value.span }, fields);
    }
}

fn namespace(builder: &mut Builder<'_>, config: &Object, fields: &[FieldSpec], objects: &mut [Object]) {
    let Some(name) = config.node.at_path(&["metadata", "namespace"]) else { return };
    let subjects = match scalar_at(&config.node, &["setRoleBindingSubjects"]).as_deref() {
        Some("allServiceAccounts") => Subjects::ServiceAccounts,
        Some("none") => Subjects::None,
        _ => Subjects::Default,
    };
    let text = scalar(name).unwrap_or_default();
    let unset_only = is_set(&config.node, "unsetOnly");
    set_namespace(objects, &NamespaceChange { name: &text, by: name.span, fields, subjects, unset_only });
    builder.tell_conflicts(objects, name.span);
}

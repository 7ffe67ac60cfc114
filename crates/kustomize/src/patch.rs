//! Patches: `patches`, and the older `patchesStrategicMerge` and `patchesJson6902`.

use crate::build::{Builder, Layer};
use crate::inline::parse_inline;
use crate::json_patch;
use crate::merge::Merger;
use crate::node::{get_mut, is_set, remove, scalar};
use crate::object::{Id, Object};
use crate::selector::Selector;
use proofmark_source::{Span, join_path};
use proofmark_syntax::{Node, NodeData, YamlDialect};

/// What a patch may change beside values.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    allows_name_change: bool,
    allows_kind_change: bool,
}

/// Patches of one entry, which stands at `by`.
struct Patches<'p> {
    roots: &'p [Node],
    target: Option<&'p Node>,
    options: Options,
    by: Span,
}

/// What the patches of one entry are for, and what they may do.
struct Aim {
    selector: Option<Selector>,
    options: Options,
    by: Span,
}

/// Applies an element of `patches` or `patchesJson6902`.
pub(crate) fn apply(builder: &mut Builder<'_>, layer: &Layer, entry: &Node, objects: &mut [Object]) {
    let roots = match (entry.entry("path"), entry.entry("patch")) {
        (Some(path), None) => load(builder, layer, &path.value),
        (None, Some(patch)) => Some(parse_inline(builder.workspace, &patch.value)),
        (Some(_), Some(_)) => {
            builder.refuse(entry.span, "patch and path can't be set at the same time");
            return;
        }
        (None, None) => {
            builder.refuse(entry.span, "must specify one of patch and path in a patch");
            return;
        }
    };
    let Some(roots) = roots else { return };
    let options = entry.get("options").map_or_else(Options::default, |options| Options {
        allows_name_change: is_set(options, "allowNameChange"),
        allows_kind_change: is_set(options, "allowKindChange"),
    });
    let target = entry.get("target").filter(|target| !target.entries().is_empty());
    apply_roots(builder, &Patches { roots: &roots, target, options, by: entry.span }, objects);
}

/// Applies the elements of `patchesStrategicMerge`: paths, or patches in place.
pub(crate) fn apply_legacy_merges(builder: &mut Builder<'_>, layer: &Layer, objects: &mut [Object]) {
    for node in layer.list("patchesStrategicMerge") {
        let Some(text) = node.as_str() else { continue };
        let is_path =
            join_path(&layer.folder, text).is_some_and(|path| builder.workspace.find(&path).is_some());
        let is_inline = !is_path && text.contains(':') && text.contains('\n');
        let roots = if is_inline {
            Some(parse_inline(builder.workspace, &node))
        } else {
            load(builder, layer, &node)
        };
        if let Some(roots) = roots {
            let options = Options::default();
            let patches = Patches { roots: &roots, target: None, options, by: node.span };
            apply_roots(builder, &patches, objects);
        }
    }
}

fn load(builder: &mut Builder<'_>, layer: &Layer, path: &Node) -> Option<Vec<Node>> {
    let file = builder.find_file(layer, &scalar(path)?, path.span)?;
    let parsed = builder.parse_file(file, YamlDialect::Go)?;
    Some(parsed.documents.into_iter().map(|document| document.root).collect())
}

fn apply_roots(builder: &mut Builder<'_>, patches: &Patches<'_>, objects: &mut [Object]) {
    let Patches { roots, target, options, by } = *patches;
    let selector = match target.map(Selector::read).transpose() {
        Ok(selector) => selector,
        Err(_) => {
            let span = target.map_or(by, |target| target.span);
            builder.refuse(span, "the target of a patch has a text that is no regular expression");
            return;
        }
    };
    let aim = Aim { selector, options, by };
    for root in roots {
        match &root.data {
            NodeData::Null => {}
            NodeData::Sequence(operations) => apply_operations(builder, operations, &aim, objects),
            NodeData::Mapping(_) => merge_into(builder, root, &aim, objects),
            _ => builder.refuse(by, "unable to parse SM or JSON patch"),
        }
    }
}

/// Applies a strategic merge patch to its target, or to the object that it names itself.
fn merge_into(builder: &mut Builder<'_>, patch: &Node, aim: &Aim, objects: &mut [Object]) {
    let own = Object::new(Node::clone(patch), patch.span).id();
    let is_meant = |object: &Object| match &aim.selector {
        Some(selector) => selector.is_for(object),
        None => object.is_any(|id| id.is_same(&own)),
    };
    let meant: Vec<&mut Object> =
        objects.iter_mut().filter(|object| !object.is_deleted && is_meant(object)).collect();
    if aim.selector.is_none() && meant.len() != 1 {
        builder.refuse(patch.span, no_target(&own, meant.len()));
        return;
    }
    for object in meant {
        merge_one(builder, patch, aim.options, object);
    }
}

fn no_target(id: &Id, count: usize) -> String {
    let why = if count == 0 { "no matches" } else { "multiple matches" };
    format!(
        "no resource matches strategic merge patch \"{id}\": {why} for Id {id}; failed to find unique target for patch {id}"
    )
}

fn merge_one(builder: &mut Builder<'_>, patch: &Node, options: Options, object: &mut Object) {
    if options.allows_name_change || options.allows_kind_change {
        object.remember();
    }
    let mut patch = Node::clone(patch);
    remove(&mut patch, "apiVersion");
    if !options.allows_kind_change {
        remove(&mut patch, "kind");
    }
    if let Some(metadata) = get_mut(&mut patch, "metadata") {
        remove(metadata, "namespace");
        if !options.allows_name_change {
            remove(metadata, "name");
        }
        if metadata.entries().is_empty() {
            remove(&mut patch, "metadata");
        }
    }
    let id = object.id();
    let object_type = builder.schema.object_type(&id.gvk.api_version(), &id.gvk.kind);
    let mut merger = Merger { schema: &builder.schema, misfits: Vec::new() };
    let merged = merger.merge(Node::clone(&object.node), &patch, &object_type);
    let misfits = merger.misfits;
    match merged {
        Some(node) if crate::node::depth(&node) <= json_patch::MAX_DEPTH => object.node = node,
        Some(_) => builder.refuse(patch.span, json_patch::PatchError::TooLarge.to_string()),
        None => object.is_deleted = true,
    }
    for misfit in misfits {
        builder.refuse(misfit.span, misfit.to_string());
    }
}

fn apply_operations(builder: &mut Builder<'_>, operations: &[Node], aim: &Aim, objects: &mut [Object]) {
    let Some(selector) = &aim.selector else {
        builder.refuse(aim.by, "must specify a target for JSON patch");
        return;
    };
    let is_meant = |object: &&mut Object| !object.is_deleted && selector.is_for(object);
    for object in objects.iter_mut().filter(is_meant) {
        object.remember();
        let mut node = Node::clone(&object.node);
        match json_patch::apply(&mut node, operations) {
            Ok(()) => object.node = node,
            Err((error, span)) => {
                // What the patch would have set is not known; the object stays as it was.
                builder.refuse(span, error.to_string());
            }
        }
    }
}

//! `sortOptions`: the order of the objects. Where an overlay says nothing, it is that of `legacy`.

use crate::build::{Builder, Layer};
use crate::node::{scalar, scalar_at};
use crate::object::{Id, Object};
use proofmark_syntax::Node;

/// The kinds that come first, and those that come last, where `order: legacy` says nothing else.
const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Sorts the objects as the overlay asks.
pub(crate) fn sort(builder: &mut Builder<'_>, layer: &Layer, objects: &mut [Object]) {
    let options = layer.root.get("sortOptions");
    let order = options.map(|options| (scalar_at(options, &["order"]), options.span));
    match order.as_ref().map(|(order, span)| (order.as_deref(), *span)) {
        None | Some((Some("legacy"), _)) => {}
        Some((Some("fifo"), _)) => return,
        Some((_, span)) => {
            builder.refuse(span, "the field 'sortOptions.order' must be one of [fifo, legacy]");
            return;
        }
    }
    let own = options.and_then(|options| options.get("legacySortOptions"));
    let words = |key: &str, default: &[&str]| -> Vec<String> {
        match own {
            Some(own) => {
                let list = own.get(key).map_or(&[][..], Node::elements);
                list.iter().filter_map(scalar).map(|word| word.to_string()).collect()
            }
            None => default.iter().map(|&word| word.to_owned()).collect(),
        }
    };
    let (first, last) = (words("orderFirst", &FIRST), words("orderLast", &LAST));
    let rank = |kind: &str| -> i64 {
        let place = |list: &[String]| {
            list.iter().position(|word| word == kind).and_then(|index| i64::try_from(index).ok())
        };
        let length = i64::try_from(first.len()).unwrap_or(0);
        place(&last).map(|index| index + 1).or_else(|| place(&first).map(|index| index - length)).unwrap_or(0)
    };
    objects.sort_by_cached_key(|object| {
        let id = object.id();
        (rank(&id.gvk.kind), kind_key(&id), name_key(&id))
    });
}

fn kind_key(id: &Id) -> String {
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let gvk = &id.gvk;
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

fn name_key(id: &Id) -> String {
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    format!("{}|{}|{}", id.gvk, or(&id.namespace, "~X"), or(&id.name, "~N"))
}

//! The pod specification of the Kubernetes provider's workloads, in the spelling of manifests.
//!
//! The provider spells attributes with underscores and writes every nested object as a block. Here the names become
//! camel case, blocks that stand for one object become that object, and lists get their plural. Places are kept.

use proofmark_model::{Attribute, Data, Kind, Map, SmolStr, Value, pod_view};
use std::sync::Arc;

/// Where the pod's block stands below a resource of that type.
fn pod_path(kind: &str) -> Option<&'static [&'static str]> {
    let base = kind.strip_prefix("kubernetes_")?;
    let base =
        ["_v1", "_v1beta1", "_v2"].iter().find_map(|version| base.strip_suffix(version)).unwrap_or(base);
    match base {
        "pod" => Some(&["spec"]),
        "deployment" | "daemonset" | "daemon_set" | "stateful_set" | "replication_controller" | "job" => {
            Some(&["spec", "template", "spec"])
        }
        "cron_job" => Some(&["spec", "job_template", "spec", "template", "spec"]),
        _ => None,
    }
}

/// Blocks of a pod specification that may stand several times, and what the list is called in a manifest.
const LISTS: &[(&str, &str)] = &[
    ("container", "containers"),
    ("init_container", "initContainers"),
    ("ephemeral_container", "ephemeralContainers"),
    ("volume", "volumes"),
    ("port", "ports"),
    ("env", "env"),
    ("env_from", "envFrom"),
    ("volume_mount", "volumeMounts"),
    ("volume_device", "volumeDevices"),
    ("image_pull_secrets", "imagePullSecrets"),
    ("toleration", "tolerations"),
    ("host_aliases", "hostAliases"),
    ("topology_spread_constraint", "topologySpreadConstraints"),
    ("readiness_gate", "readinessGates"),
    ("sysctl", "sysctls"),
    ("items", "items"),
    ("sources", "sources"),
    ("match_expressions", "matchExpressions"),
    ("http_header", "httpHeaders"),
    ("option", "options"),
    ("required_during_scheduling_ignored_during_execution", "requiredDuringSchedulingIgnoredDuringExecution"),
    (
        "preferred_during_scheduling_ignored_during_execution",
        "preferredDuringSchedulingIgnoredDuringExecution",
    ),
];

/// Names that camel case alone does not give.
const NAMES: &[(&str, &str)] = &[
    ("host_ipc", "hostIPC"),
    ("host_pid", "hostPID"),
    ("host_ip", "hostIP"),
    ("cluster_ip", "clusterIP"),
    ("pod_cidr", "podCIDR"),
    ("fs_group", "fsGroup"),
    ("host_users", "hostUsers"),
    ("dns_policy", "dnsPolicy"),
];

/// Maps whose keys are the user's own.
const FREE_MAPS: [&str; 6] = ["limits", "requests", "labels", "annotations", "node_selector", "match_labels"];

/// The pod specification of a workload; `None` where the resource has none.
pub(crate) fn pod_of(kind: &str, attributes: &Map) -> Option<Value> {
    if kind == "kubernetes_manifest" {
        let manifest = attributes.value("manifest")?;
        let own_kind = manifest.as_map()?.value("kind")?.as_str()?;
        return pod_view(&Kind(SmolStr::new(own_kind)), manifest).cloned();
    }
    let path = pod_path(kind)?;
    let (first, rest) = path.split_first()?;
    let mut current = single(attributes.value(first)?);
    for name in rest {
        current = match &current.data {
            Data::Map(map) => single(map.value(name)?),
            Data::Unknown(_) => return Some(current),
            _ => return None,
        };
    }
    match &current.data {
        Data::Map(_) | Data::Unknown(_) => Some(object(&current)),
        _ => None,
    }
}

/// The object that a block stands for.
fn single(value: &Value) -> Value {
    match &value.data {
        Data::List(elements) => Value::clone(elements.first().unwrap_or(value)),
        _ => Value::clone(value),
    }
}

fn object(value: &Value) -> Value {
    let Data::Map(map) = &value.data else { return Value::clone(value) };
    let made = map.with_entries(map.entries().iter().map(converted).collect());
    value.with_data(Data::Map(Arc::new(made)))
}

fn converted(entry: &Attribute) -> Attribute {
    let list = LISTS.iter().find(|(name, _)| *name == entry.name);
    let is_block_list = matches!(&entry.value.data, Data::List(elements) if elements.iter().any(|element| element.as_map().is_some()));
    let value = match (&entry.value.data, list) {
        _ if FREE_MAPS.contains(&entry.name.as_str()) => Value::clone(&entry.value),
        (Data::List(elements), Some(_)) => {
            entry.value.with_data(Data::List(elements.iter().map(object).collect()))
        }
        (Data::List(_), None) if is_block_list => object(&single(&entry.value)),
        _ => object(&entry.value),
    };
    // `port` is a block in a container and a number in a probe.
    let name = match list {
        Some((_, plural)) if !matches!(entry.value.data, Data::Integer(_) | Data::String(_)) => {
            SmolStr::new_static(plural)
        }
        _ => camel_case(&entry.name),
    };
    Attribute { name, name_span: entry.name_span, value }
}

fn camel_case(name: &str) -> SmolStr {
    if let Some((_, known)) = NAMES.iter().find(|(own, _)| *own == name) {
        return SmolStr::new_static(known);
    }
    let mut made = String::with_capacity(name.len());
    for (index, part) in name.split('_').enumerate() {
        let mut characters = part.chars();
        match characters.next() {
            Some(first) if index > 0 => {
                made.extend(first.to_uppercase());
                made.push_str(characters.as_str());
            }
            _ => made.push_str(part),
        }
    }
    made.into()
}

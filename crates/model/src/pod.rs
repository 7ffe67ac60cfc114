//! One view over every kind of Kubernetes workload.

use crate::{Data, Kind, Value};

/// The lists of containers in a pod specification.
pub const POD_CONTAINER_LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// The pod specification inside the `attributes` of a manifest of that kind; `None` where the kind has none, or where
/// the path to it does not exist.
///
/// Kinds and paths follow the Kubernetes API reference (workload resources), Argo Rollouts, Knative Serving, and OpenShift's
/// `DeploymentConfig`.
#[must_use]
pub fn pod_view<'v>(kind: &Kind, attributes: &'v Value) -> Option<&'v Value> {
    let path: &[&str] = match kind.0.as_str() {
        "Pod" => &["spec"],
        "Deployment"
        | "DeploymentConfig"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "ReplicationController"
        | "Job"
        | "Rollout"
        | "Service" => &["spec", "template", "spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        "PodTemplate" => &["template", "spec"],
        _ => return None,
    };
    attributes.at_path(path).filter(|value| matches!(value.data, Data::Map(_) | Data::Unknown(_)))
}

//! The orders in which Helm parses templates and installs manifests.

use super::Job;
use super::manifest::Manifest;

/// Deep paths first, so that a chart's own definitions replace those of its subcharts.
pub(super) fn for_parsing(jobs: &mut [Job]) {
    jobs.sort_by_cached_key(|job| {
        std::cmp::Reverse((job.name.matches('/').count(), smol_str::SmolStr::clone(&job.name)))
    });
}

/// Helm's order of installation.
const KINDS: [&str; 37] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
];

/// Sorts by kind; kinds that Helm does not know come last, by name. Hooks follow everything else.
pub(super) fn for_installation(manifests: &mut [Manifest]) {
    let place = |manifest: &Manifest| {
        let known = KINDS.iter().position(|kind| *kind == manifest.kind);
        (manifest.is_hook(), known.unwrap_or(KINDS.len()))
    };
    manifests.sort_by(|left, right| {
        let (left_place, right_place) = (place(left), place(right));
        let are_unknown = left_place.1 == KINDS.len() && right_place.1 == KINDS.len();
        let by_name = if are_unknown { left.kind.cmp(&right.kind) } else { std::cmp::Ordering::Equal };
        left_place.cmp(&right_place).then(by_name)
    });
}

//! How plain scalars resolve, by dialect.

/// Whose rules decide what a plain YAML scalar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YamlDialect {
    /// YAML 1.2 core schema: GitHub Actions, most tools' settings.
    Core,
    /// go-yaml v2 through JSON: Helm, kubectl, every Kubernetes manifest (`yes` is true, `0644` is 420).
    Kubernetes,
    /// go-yaml v3: kustomize, GitLab's and Prometheus' files (booleans stay `true`/`false`).
    Go,
    /// PyYAML's YAML 1.1: Ansible, many Python tools, pre-commit.
    Python,
}

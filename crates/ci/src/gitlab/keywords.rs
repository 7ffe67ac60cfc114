//! The words of GitLab's configuration, from its "CI/CD YAML syntax reference".

/// Keywords at the top that are no jobs.
pub const TOP: [&str; 11] = [
    "after_script",
    "before_script",
    "cache",
    "default",
    "image",
    "include",
    "services",
    "spec",
    "stages",
    "variables",
    "workflow",
];

/// Keywords of a job.
pub const JOB: [&str; 39] = [
    "after_script",
    "allow_failure",
    "artifacts",
    "before_script",
    "cache",
    "coverage",
    "dast_configuration",
    "dependencies",
    "environment",
    "except",
    "extends",
    "hooks",
    "id_tokens",
    "identity",
    "image",
    "inherit",
    "inputs",
    "interruptible",
    "manual_confirmation",
    "needs",
    "only",
    "pages",
    "parallel",
    "publish",
    "release",
    "resource_group",
    "retry",
    "rules",
    "run",
    "script",
    "secrets",
    "services",
    "stage",
    "start_in",
    "tags",
    "timeout",
    "trigger",
    "variables",
    "when",
];

/// Keywords that `default` may hold.
pub const DEFAULTS: [&str; 13] = [
    "after_script",
    "artifacts",
    "before_script",
    "cache",
    "hooks",
    "id_tokens",
    "identity",
    "image",
    "interruptible",
    "retry",
    "services",
    "tags",
    "timeout",
];

/// Keywords that stand at the top in an older spelling of `default`.
pub const TOP_DEFAULTS: [&str; 5] = ["after_script", "before_script", "cache", "image", "services"];

/// Stages where a configuration names none.
pub const STAGES: [&str; 3] = ["build", "test", "deploy"];

/// The stage of a job that names none.
pub const DEFAULT_STAGE: &str = "test";

/// The stages that every pipeline has, before and behind all others.
pub const EDGE_STAGES: [&str; 2] = [".pre", ".post"];

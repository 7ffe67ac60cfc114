//! What well-known commands, actions, templates and images do; the tables beside this file say how they are written.

use std::sync::LazyLock;

/// Everything that a step of a pipeline can do, in order of name. `runs` to `task` stand in the tables only.
#[cfg(test)]
pub const ACTIVITIES: [&str; 50] = [
    "artifact-download",
    "artifact-upload",
    "attest",
    "audit-record",
    "build",
    "cache",
    "changelog",
    "checkout",
    "cloud-login",
    "configure",
    "container-scan",
    "coverage",
    "coverage-upload",
    "dast",
    "dependency-scan",
    "deploy",
    "destroy",
    "format-check",
    "git-push",
    "harden",
    "health-check",
    "iac-apply",
    "iac-format-check",
    "iac-plan",
    "iac-scan",
    "iac-validate",
    "image-build",
    "image-metadata",
    "image-push",
    "install",
    "license-scan",
    "lint",
    "migration",
    "migration-check",
    "mirror",
    "notification",
    "publish",
    "registry-login",
    "release",
    "rollback",
    "run-script",
    "run-task",
    "sarif-upload",
    "sast",
    "sbom",
    "secret-scan",
    "setup",
    "sign",
    "test",
    "type-check",
];

/// Further activities: those that are not read from a table by name, and one of two words that sorts behind.
#[cfg(test)]
pub const COMPUTED: [&str; 4] = ["download-and-run", "one-off", "test-database", "verify-signature"];

/// How a row hands on to something else.
#[cfg(test)]
pub const DIRECTIVES: [&str; 7] =
    ["runs", "runs-behind", "runs-image", "runs-once", "same-as", "script", "task"];

/// The tables, as they are written.
pub const COMMANDS_TEXT: &str = include_str!("commands.txt");
/// See [`COMMANDS_TEXT`].
pub const ACTIONS_TEXT: &str = include_str!("actions.txt");
/// See [`COMMANDS_TEXT`].
pub const TASKS_TEXT: &str = include_str!("tasks.txt");
/// See [`COMMANDS_TEXT`].
pub const TEMPLATES_TEXT: &str = include_str!("templates.txt");
/// See [`COMMANDS_TEXT`].
pub const IMAGES_TEXT: &str = include_str!("images.txt");

/// What commands do.
pub static COMMANDS: LazyLock<Table> = LazyLock::new(|| Table::read(COMMANDS_TEXT));
/// What actions do.
pub static ACTIONS: LazyLock<Table> = LazyLock::new(|| Table::read(ACTIONS_TEXT));
/// What tasks do by their names.
pub static TASKS: LazyLock<Table> = LazyLock::new(|| Table::read(TASKS_TEXT));
/// What GitLab's templates and components do.
pub static TEMPLATES: LazyLock<Table> = LazyLock::new(|| Table::read(TEMPLATES_TEXT));
/// What images are made for.
pub static IMAGES: LazyLock<Table> = LazyLock::new(|| Table::read(IMAGES_TEXT));

/// Rows in order of their first word.
pub struct Table {
    rows: Vec<Row>,
}

/// A line of a table, cut into its columns only: words and facts are read where a row is asked.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What it is about.
    pub pattern: &'static str,
    /// What that does.
    pub does: &'static str,
    facts: &'static str,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { rows: lines.map(Row::read).collect() }
    }

    /// The rows that begin with a word.
    pub fn rows(&self, word: &str) -> &[Row] {
        let start = self.rows.partition_point(|row| row.head() < word);
        let rest = self.rows.get(start..).unwrap_or(&[]);
        rest.get(..rest.partition_point(|row| row.head() == word)).unwrap_or(&[])
    }

    /// All rows.
    pub fn all(&self) -> &[Row] {
        &self.rows
    }
}

impl Row {
    fn read(line: &'static str) -> Self {
        let (pattern, rest) = line.split_once("  ").unwrap_or((line, ""));
        let rest = rest.trim_start();
        let (does, facts) = rest.split_once("  ").unwrap_or((rest, ""));
        Self { pattern, does: does.trim_end(), facts: facts.trim() }
    }

    fn head(&self) -> &'static str {
        self.pattern.split(' ').next().unwrap_or("")
    }

    /// The words behind the first.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.pattern.split(' ').skip(1)
    }

    /// Activities with their kinds, `""` for none.
    pub fn activities(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.does.split('+').map(|one| one.split_once(':').unwrap_or((one, "")))
    }

    /// The value of a fact.
    pub fn fact(&self, name: &str) -> Option<&'static str> {
        self.facts().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The values in the list of a fact.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.fact(name).into_iter().flat_map(|list| list.split(','))
    }

    /// The third column, where it is no list of facts.
    pub fn rest(&self) -> &'static str {
        self.facts
    }

    /// All facts.
    pub fn facts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.facts.split(' ').filter_map(|fact| fact.split_once('='))
    }
}

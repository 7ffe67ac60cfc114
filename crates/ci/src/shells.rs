//! Which shell a system starts for a script, and what it finds.
//!
//! Follows GitHub's "Workflow syntax for GitHub Actions" (`jobs.<job_id>.steps[*].shell`) and the scripts that GitLab
//! Runner generates ("Shells supported by GitLab Runner").

use proofmark_model::{Data, Value};
use proofmark_shell::{Dialect, Options, Settings, Shell, State};
use proofmark_source::Span;
use proofmark_syntax::Node;
use std::ops::Range;

/// GitLab Runner begins each script with `set -eo pipefail`, in `sh` as far as that knows `pipefail`.
pub const GITLAB_SHELL: Shell = Shell {
    dialect: Dialect::Bash,
    options: Options { errexit: true, pipefail: true, nounset: false, xtrace: false },
};

/// How a script is started.
pub struct Start<'s> {
    /// The shell.
    pub shell: Shell,
    /// The values of variables that the file sets for it.
    pub environment: &'s dyn Fn(&str) -> Option<Value>,
    /// The folder in which it starts, relative to that of the repository; `None` where it is not known.
    pub folder: Option<String>,
    /// What an earlier script in the same shell has left behind.
    pub before: Option<&'s State>,
    /// Whether another script follows in the same shell.
    pub is_continued: bool,
}

impl<'s> Start<'s> {
    /// A shell that finds nothing set, at the root of the repository.
    pub fn new(shell: Shell) -> Self {
        Self { shell, environment: &|_| None, folder: Some(String::new()), before: None, is_continued: false }
    }

    /// The same for a script whose bytes stand where `locate` says.
    pub fn settings<'l>(&'l self, locate: &'l dyn Fn(Range<usize>) -> Span) -> Settings<'l> {
        Settings {
            environment: self.environment,
            folder: self.folder.clone(),
            before: self.before,
            is_continued: self.is_continued,
            ..Settings::new(self.shell, locate)
        }
    }
}

/// The shell of a step on GitHub: that which `shell` names, else that of the platform.
pub fn github_shell(shell: Option<&Value>, is_windows: bool) -> Shell {
    let Some(shell) = shell else {
        return if is_windows { github_named("pwsh") } else { Shell::of_command("bash -e {0}") };
    };
    match &shell.data {
        Data::String(text) => github_named(text),
        // Whatever it turns out to be, nearly all scripts are written for this one.
        _ => Shell::of_command("bash -e {0}"),
    }
}

/// A built-in shell by its name, or the command line that a template gives.
fn github_named(name: &str) -> Shell {
    match name.trim() {
        "bash" => Shell::of_command("bash --noprofile --norc -eo pipefail {0}"),
        "sh" => Shell::of_command("sh -e {0}"),
        // The runner puts `$ErrorActionPreference = 'stop'` before scripts of PowerShell.
        "pwsh" | "powershell" => Shell::of_dialect(Dialect::PowerShell).with_errexit(),
        other => Shell::of_command(other),
    }
}

/// The value that the first of `environments` to name a variable sets, where it is plain text.
pub fn github_variable(environments: &[&Node], name: &str) -> Option<Value> {
    let node = environments.iter().find_map(|environment| environment.get(name))?;
    let text = node.as_str().filter(|text| !text.contains("${{"))?;
    Some(Value::string(text, node.included_at.unwrap_or(node.span)))
}

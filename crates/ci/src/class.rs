//! What a file is.

use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace, parent_path};

/// A file is not what its name says.
pub(crate) const SHAPE: Code = Code("ci-shape");

/// Where GitHub looks for workflows.
const WORKFLOWS: &str = ".github/workflows";

/// Where parts of GitLab's pipelines lie by custom.
const PARTS: &str = ".gitlab/ci/";

/// What a file is: by its path where that says it, else by what stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Workflow,
    Action,
    Dependabot,
    GitLab,
}

impl Class {
    /// The class of a file; `None` where it is no pipeline. Looks into the file only where its path says nothing.
    pub fn of(workspace: &dyn Workspace, file: FileId) -> Option<Self> {
        let class = Self::of_claimed(workspace.path(file))?;
        let holds = |is_so: fn(&str) -> bool| workspace.load(file).is_ok_and(is_so);
        match class {
            // Plenty of other programs have files named `action.yml`.
            Self::Action => holds(|text| text.contains("runs:")).then_some(class),
            Self::Workflow if !is_in(workspace.path(file), WORKFLOWS) => holds(is_workflow).then_some(class),
            _ => Some(class),
        }
    }

    /// The class of a file that is known to be a pipeline, by its path alone.
    pub fn of_claimed(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"))?;
        Some(match stem {
            _ if is_in(path, WORKFLOWS) => Self::Workflow,
            "action" => Self::Action,
            "dependabot" if is_in(path, ".github") => Self::Dependabot,
            stem if stem.ends_with(".gitlab-ci") => Self::GitLab,
            _ if path.starts_with(PARTS) || path.contains(&format!("/{PARTS}")) => Self::GitLab,
            _ => Self::Workflow,
        })
    }

    /// The name of the class in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Workflow => "github workflow",
            Self::Action => "github action",
            Self::Dependabot => "dependabot settings",
            Self::GitLab => "gitlab pipeline",
        }
    }
}

/// That a file has no entries at the top.
pub(crate) fn shapeless(file: FileId, class: Class) -> Diagnostic {
    let message = format!("the file is no {}: it has no entries at the top", class.name());
    Diagnostic::new(SHAPE, Impact::Partial, Span::file_start(file), message)
}

/// Whether the file at `path` lies directly in a folder of that name, at the root or further below.
fn is_in(path: &str, folder: &str) -> bool {
    let parent = parent_path(path);
    parent == folder || parent.strip_suffix(folder).is_some_and(|rest| rest.ends_with('/'))
}

/// Whether a text is a workflow kept elsewhere, such as a template that repositories start from: it has triggers and jobs
/// at the top, and the jobs run on runners or call other workflows.
fn is_workflow(text: &str) -> bool {
    let starts =
        |keys: &[&str]| keys.iter().any(|key| text.starts_with(key.trim_start()) || text.contains(key));
    starts(&["\njobs:"])
        && starts(&["\non:", "\n\"on\":", "\n'on':"])
        && (text.contains("runs-on:") || text.contains("uses:"))
}

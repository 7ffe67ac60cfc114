//! What a file is.

use proofmark_source::{FileId, Workspace};

/// What a file is: by its path where that says it, else by what stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Workflow,
    Action,
    Dependabot,
    GitLab,
}

impl Class {
    /// The class of a file; `None` where it is no pipeline.
    pub fn of(workspace: &dyn Workspace, file: FileId) -> Option<Self> {
        let path = workspace.path(file);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"))?;
        let is_in =
            |end: &str| folder == end || folder.strip_suffix(end).is_some_and(|rest| rest.ends_with('/'));
        if is_in(".github/workflows") {
            return Some(Self::Workflow);
        }
        let holds = |is_so: fn(&str) -> bool| workspace.load(file).is_ok_and(is_so);
        match stem {
            // Plenty of other programs have files named `action.yml`.
            "action" => holds(|text| text.contains("runs:")).then_some(Self::Action),
            "dependabot" if is_in(".github") => Some(Self::Dependabot),
            stem if stem == ".gitlab-ci" || stem.ends_with(".gitlab-ci") => Some(Self::GitLab),
            _ => holds(is_workflow).then_some(Self::Workflow),
        }
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

/// Whether a text is a workflow kept elsewhere, such as a template that repositories start from: it has triggers and jobs
/// at the top, and the jobs run on runners or call other workflows.
fn is_workflow(text: &str) -> bool {
    let has_top = |key: &str| text.starts_with(key) || text.contains(&format!("\n{key}"));
    has_top("jobs:")
        && (has_top("on:") || has_top("\"on\":") || has_top("'on':"))
        && (text.contains("runs-on:") || text.contains("uses:"))
}

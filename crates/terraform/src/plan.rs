//! Plan and state files: the output of `terraform show -json` as resources.
//!
//! Follows "JSON Output Format" in Terraform's documentation, format versions 0 and 1. A plan says what Terraform itself
//! evaluated, so where it stands for a root module whose source is here too, its values win and the source gives the places
//! (`join`). What is planned is read; what is deleted, what drifted and what was before is not.
//!
//! Start at [`read_plan`], then `changes`.

mod changes;
mod declared;
mod join;
mod part;
mod value;
mod written;

pub(crate) use join::joined_folder;

use crate::files::FileCache;
use changes::{Change, changes};
use declared::Declared;
use part::Part;
use proofmark_model::{FileUse, ReadSettings, Resource, Unit, UnitModel};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use proofmark_syntax::Node;
use written::PlanModule;

/// A plan cannot be read, or not whole.
const PLAN: Code = Code("terraform-plan");

/// What a file with the form of `terraform show -json` describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlanKind {
    /// What Terraform is going to do.
    Plan,
    /// What Terraform did.
    State,
}

/// Whether a file is a plan or state: by what stands at the root of the text, since people name such files as they like.
pub(crate) fn plan_kind(workspace: &dyn Workspace, file: FileId) -> Option<PlanKind> {
    if !workspace.path(file).ends_with(".json") {
        return None;
    }
    let text = workspace.load(file).ok()?;
    // Most files end here, at the price of one search.
    if !text.contains("\"format_version\"") || !text.contains("\"terraform_version\"") {
        return None;
    }
    let (mut has_version, mut kind) = (false, None);
    for (name, _) in Part::root(text).members() {
        match name {
            "terraform_version" => has_version = true,
            "planned_values" | "resource_changes" => kind = Some(PlanKind::Plan),
            "values" => kind = kind.or(Some(PlanKind::State)),
            _ => {}
        }
    }
    kind.filter(|_| has_version)
}

/// A plan or state file, taken apart.
pub(crate) struct PlanFile<'t> {
    file: FileId,
    root: Part<'t>,
    /// The tree of `configuration`, which grows with the source and not with the instances.
    configuration: Option<Node>,
}

impl<'t> PlanFile<'t> {
    fn new(workspace: &'t dyn Workspace, file: FileId) -> Option<Self> {
        let root = Part::root(workspace.load(file).ok()?);
        let configuration = root.get("configuration").and_then(|part| part.node(file));
        Some(Self { file, root, configuration })
    }

    /// The root module of the configuration.
    fn root_module(&self) -> Option<&Node> {
        self.configuration.as_ref()?.get("root_module")
    }

    /// What keeps the file from being read whole.
    fn problem(&self) -> Option<Diagnostic> {
        let report = |impact, span, message: String| Some(Diagnostic::new(PLAN, impact, span, message));
        if let Some(version) = self.root.get("format_version") {
            let written = version.written().trim_matches('"');
            let major = written.split('.').next().unwrap_or("");
            if !matches!(major, "0" | "1") {
                let message = format!("format version `{written}` is not known; versions 0 and 1 are");
                return report(Impact::Unread, version.span(self.file), message);
            }
        }
        let mut members = self.root.members();
        let last = members.by_ref().last();
        if !members.is_closed {
            let span = last.map_or(Span::file_start(self.file), |(_, part)| part.span(self.file));
            return report(Impact::Partial, span, "the plan is cut short behind this".to_owned());
        }
        None
    }
}

/// Reads a unit that is a plan: alone, or for the root module whose files stand beside it in the unit.
pub(crate) fn read_plan(
    workspace: &dyn Workspace,
    files: &FileCache,
    unit: &Unit,
    settings: &ReadSettings,
) -> Option<UnitModel> {
    let file = *unit.files.iter().find(|file| workspace.path(**file) == unit.path)?;
    plan_kind(workspace, file)?;
    let plan = PlanFile::new(workspace, file)?;
    let problem = plan.problem();
    let is_whole = problem.is_none();
    if problem.as_ref().is_some_and(|problem| problem.impact == Impact::Unread) {
        let files = vec![FileUse { file, is_whole }];
        return Some(UnitModel { diagnostics: problem.into_iter().collect(), files, ..UnitModel::default() });
    }
    let module = plan.root_module().map(PlanModule::new);
    let declared = Declared { plan: &plan, module: module.as_ref() };
    let source = join::read_source(workspace, files, unit, (settings, &declared));
    let mut changes = changes(&plan, module.as_ref(), source.is_some());
    let mut model = UnitModel { outputs: declared.outputs(), ..UnitModel::default() };
    model.diagnostics.append(&mut changes.diagnostics);
    match source {
        Some(source) => join::join(&plan, &changes, source, &mut model),
        None => {
            declared.emit(&changes.planned, &mut model.resources);
            model.resources.extend(changes.planned.into_iter().map(Change::into_resource));
        }
    }
    model.diagnostics.extend(problem);
    model.files.push(FileUse { file, is_whole });
    model.files.sort();
    model.resources.sort_by(|a: &Resource, b: &Resource| (a.span, &a.address).cmp(&(b.span, &b.address)));
    model.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    Some(model)
}

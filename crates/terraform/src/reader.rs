//! The reader: which files are Terraform's, and which folders are root modules.

use crate::config::relative_source;
use crate::files::{FileCache, FileKind, configuration_files, file_kind};
use crate::plan::{PlanKind, joined_folder, plan_kind, read_plan};
use crate::read::read_unit;
use crate::roots::{Calls, root_folders};
use proofmark_model::{Claim, ReadSettings, Reader, SmolStr, Unit, UnitModel};
use proofmark_source::{FileId, Workspace, join_path, parent_path};
use std::collections::{BTreeMap, BTreeSet};

/// Reads Terraform and OpenTofu modules.
///
/// A reader keeps the files that it has parsed, so that a module called from many places is parsed once. Make one for
/// each workspace.
#[derive(Debug, Default)]
pub struct TerraformReader {
    files: FileCache,
}

impl TerraformReader {
    /// A reader for one workspace.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The folders that each folder's module calls by relative paths.
    fn calls(&self, workspace: &dyn Workspace, claimed: &[FileId]) -> Calls {
        let mut calls = Calls::new();
        for &file in claimed {
            let path = workspace.path(file);
            let folder = parent_path(path);
            // A file that never says `module` calls none; most need no parse for this.
            let is_candidate = file_kind(path) == Some(FileKind::Configuration)
                && workspace.load(file).is_ok_and(|text| text.contains("module"));
            let Some(source) = is_candidate.then(|| self.files.parsed(workspace, file)).flatten() else {
                continue;
            };
            let called =
                source.body.blocks_of("module").filter_map(|call| join_path(folder, relative_source(call)?));
            calls.entry(folder.to_owned()).or_default().extend(called.filter(|called| called != folder));
        }
        calls
    }
}

impl Reader for TerraformReader {
    fn name(&self) -> &'static str {
        "terraform"
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        let class = match file_kind(workspace.path(file)) {
            Some(FileKind::Configuration) => "terraform",
            Some(FileKind::Variables) => "terraform variables",
            Some(FileKind::Lock) => "terraform lock file",
            None => match plan_kind(workspace, file)? {
                PlanKind::Plan => "terraform plan",
                PlanKind::State => "terraform state",
            },
        };
        Some(Claim { class })
    }

    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _settings: &ReadSettings) -> Vec<Unit> {
        let is_in_init_folder = |path: &str| parent_path(path).split('/').any(|part| part == ".terraform");
        let (own, plans): (Vec<FileId>, Vec<FileId>) = claimed
            .iter()
            .copied()
            .filter(|file| !is_in_init_folder(workspace.path(*file)))
            .partition(|file| file_kind(workspace.path(*file)).is_some());
        let mut folders: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
        let mut configured: BTreeSet<String> = BTreeSet::new();
        for &file in &own {
            let path = workspace.path(file);
            folders.entry(parent_path(path).to_owned()).or_default().push(file);
            if file_kind(path) == Some(FileKind::Configuration) {
                configured.insert(parent_path(path).to_owned());
            }
        }
        let mut roots = root_folders(&configured, &self.calls(workspace, &own));
        let mut units = Vec::with_capacity(plans.len());
        for plan in plans {
            let mut files = vec![plan];
            // A plan stands for its root module.
            if let Some(folder) = joined_folder(workspace, &self.files, plan, &configured) {
                files.extend(folders.get(&folder).into_iter().flatten());
                roots.remove(&folder);
            }
            files.sort();
            units.push(Unit { reader: "terraform", path: workspace.path(plan).to_owned(), files });
        }
        let modules = folders.into_iter().filter(|(folder, _)| roots.contains(folder));
        units.extend(modules.map(|(path, files)| Unit { reader: "terraform", path, files }));
        units
    }

    fn inputs(&self, workspace: &dyn Workspace, unit: &Unit) -> Vec<SmolStr> {
        let is_configuration =
            |file: &&FileId| file_kind(workspace.path(**file)) == Some(FileKind::Configuration);
        let sources = unit.files.iter().filter(is_configuration);
        let sources = sources.filter_map(|file| self.files.parsed(workspace, *file));
        let declared = sources.flat_map(|source| source.body.blocks_of("variable"));
        declared.filter_map(|block| block.label(0).cloned()).collect()
    }

    fn reached(&self, workspace: &dyn Workspace, unit: &Unit) -> Vec<FileId> {
        let mut reached: BTreeSet<FileId> = unit.files.iter().copied().collect();
        let mut waiting = unit.files.to_vec();
        while let Some(files) = (!waiting.is_empty()).then(|| std::mem::take(&mut waiting)) {
            for folder in self.calls(workspace, &files).into_values().flatten() {
                let own = configuration_files(workspace, &folder).into_iter();
                waiting.extend(own.filter(|file| reached.insert(*file)));
            }
        }
        reached.into_iter().collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, settings: &ReadSettings) -> UnitModel {
        let plan = read_plan(workspace, &self.files, unit, settings);
        plan.unwrap_or_else(|| read_unit(workspace, &self.files, unit, settings))
    }
}

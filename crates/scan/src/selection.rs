//! Which units are judged when only a part of the repository is looked at, and what is told of them.
//!
//! A unit that holds a selected file is judged and told whole: a change in one of its files may show in another. So is one
//! whose variables a selected file sets. A module that others call has no unit of its own; its callers are judged for its
//! sake, since only they know its values, and what is told of them is what concerns its folder.

use crate::plan::Plan;
use crate::readers::{Inventory, Registered};
use proofmark_findings::Evaluation;
use proofmark_model::{Unit, VariableInput};
use proofmark_source::{FileId, Workspace, parent_path};
use std::collections::BTreeSet;

/// What is told of the units that are judged.
#[derive(Default)]
pub(crate) struct Selection {
    /// Whether a unit is judged for the sake of what it calls alone, by its place in [`Inventory::units`].
    narrowed: Vec<bool>,
    /// The folders of the selected files.
    folders: BTreeSet<String>,
}

impl Selection {
    /// Drops the units that nothing selected concerns.
    pub(crate) fn choose(
        workspace: &dyn Workspace,
        readers: &[Registered],
        plan: &Plan,
        inventory: &mut Inventory,
    ) -> Self {
        if inventory.is_whole {
            return Self::default();
        }
        let about = About { workspace, readers, plan };
        let mut called: BTreeSet<FileId> = BTreeSet::new();
        let mut kept: Vec<(usize, Unit, bool)> = Vec::new();
        for (reader, unit) in std::mem::take(&mut inventory.units) {
            if about.is_selected(reader, &unit) {
                kept.push((reader, unit, false));
                continue;
            }
            let reached = about.reached(reader, &unit);
            if holds_selected(workspace, &reached) {
                called.extend(reached);
                kept.push((reader, unit, true));
            }
        }
        // With callers at hand, nothing is learned from a module without its values.
        let is_called = |unit: &Unit| unit.files.iter().all(|file| called.contains(file));
        kept.retain(|(reader, unit, is_narrow)| *is_narrow || !about.varies(*reader) || !is_called(unit));
        let narrowed = kept.iter().map(|(_, _, is_narrow)| *is_narrow).collect();
        inventory.units = kept.into_iter().map(|(reader, unit, _)| (reader, unit)).collect();
        Self { narrowed, folders: selected_folders(workspace) }
    }

    /// Whether an evaluation of the unit at that place is told.
    pub(crate) fn tells(&self, workspace: &dyn Workspace, unit: usize, evaluation: &Evaluation) -> bool {
        if self.narrowed.get(unit) != Some(&true) {
            return true;
        }
        let places = evaluation.related.iter().map(|related| related.span);
        let mut places = places.chain([evaluation.span, evaluation.subject.span]);
        places.any(|span| self.folders.contains(parent_path(workspace.path(span.file))))
    }
}

/// What decides whether a unit is judged.
struct About<'a> {
    workspace: &'a dyn Workspace,
    readers: &'a [Registered],
    plan: &'a Plan,
}

impl About<'_> {
    fn varies(&self, reader: usize) -> bool {
        self.readers.get(reader).is_some_and(|registered| registered.varies)
    }

    /// Whether the unit holds a selected file, or is given one.
    fn is_selected(&self, reader: usize, unit: &Unit) -> bool {
        let is_given = |pass: usize| {
            self.plan.read_settings(pass, unit).inputs.iter().any(|input| match input {
                VariableInput::File(file) | VariableInput::Values(file) => {
                    holds_selected(self.workspace, &[*file])
                }
                VariableInput::Argument { .. } | VariableInput::Assignment { .. } => false,
            })
        };
        holds_selected(self.workspace, &unit.files)
            || self.varies(reader) && self.plan.passes.about(unit).into_iter().any(is_given)
    }

    fn reached(&self, reader: usize, unit: &Unit) -> Vec<FileId> {
        let reader = self.readers.get(reader).map(|registered| &registered.reader);
        reader.map(|reader| reader.reached(self.workspace, unit)).unwrap_or_default()
    }
}

/// Whether one of these files is selected.
pub(crate) fn holds_selected(workspace: &dyn Workspace, files: &[FileId]) -> bool {
    let all = workspace.files();
    files.iter().any(|file| all.get(file.index()).is_some_and(|entry| entry.is_selected))
}

fn selected_folders(workspace: &dyn Workspace) -> BTreeSet<String> {
    let selected = workspace.files().iter().filter(|file| file.is_selected);
    selected.map(|file| parent_path(&file.path).to_owned()).collect()
}

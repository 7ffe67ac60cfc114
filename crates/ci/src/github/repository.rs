//! The files of a repository, read together.

use super::{read_action, read_dependabot, read_workflow};
use crate::class::Class;
use crate::context::FileContext;
use crate::reader::{file_stem, first_mapping, shapeless};
use proofmark_model::{Address, FileUse, SmolStr, UnitModel};
use proofmark_source::{FileId, Impact, Workspace, join_path, parent_path};
use proofmark_syntax::{Parsed, YamlDialect, parse_yaml};
use std::collections::BTreeMap;

/// Reads the workflows, actions and Dependabot settings among `files`, with `.github` in the folder `root`.
pub fn read_repository(workspace: &dyn Workspace, root: &str, files: &[FileId], model: &mut UnitModel) {
    let repository = Repository { workspace, root, addresses: local_addresses(workspace, root, files) };
    for &file in files {
        repository.read_file(file, model);
    }
}

/// The addresses of the unit's workflows and actions, by the path that a local `uses` would name.
fn local_addresses(workspace: &dyn Workspace, root: &str, files: &[FileId]) -> BTreeMap<String, Address> {
    let address = |file: &FileId| {
        let path = workspace.path(*file);
        match Class::of_claimed(path)? {
            Class::Workflow => Some((path.to_owned(), workflow_address(path))),
            Class::Action => Some((parent_path(path).to_owned(), action_address(root, path))),
            Class::Dependabot | Class::GitLab => None,
        }
    };
    files.iter().filter_map(address).collect()
}

fn workflow_address(path: &str) -> Address {
    Address(SmolStr::new(format!("workflow.{}", file_stem(path))))
}

/// `action` at the root of the unit, else `action.<folder>`.
fn action_address(root: &str, path: &str) -> Address {
    let folder = parent_path(path);
    let inner = folder.strip_prefix(root).unwrap_or(folder).trim_start_matches('/');
    Address(if inner.is_empty() { "action".into() } else { SmolStr::new(format!("action.{inner}")) })
}

/// What the files of a unit share.
struct Repository<'a> {
    workspace: &'a dyn Workspace,
    root: &'a str,
    /// The addresses of workflows and actions by the path that a local `uses` would name.
    addresses: BTreeMap<String, Address>,
}

impl Repository<'_> {
    fn read_file(&self, file: FileId, model: &mut UnitModel) {
        let path = self.workspace.path(file);
        let (Some(class), Ok(text)) = (Class::of_claimed(path), self.workspace.load(file)) else {
            model.files.push(FileUse { file, is_whole: false });
            return;
        };
        let parsed = parse_yaml(file, text, YamlDialect::Core);
        self.read_parsed(file, class, text, &parsed, model);
        let is_whole = parsed.diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None);
        model.files.push(FileUse { file, is_whole });
        model.diagnostics.extend(parsed.diagnostics);
    }

    fn read_parsed(&self, file: FileId, class: Class, text: &str, parsed: &Parsed, model: &mut UnitModel) {
        let path = self.workspace.path(file);
        let context =
            FileContext { file, text, lines: self.workspace.line_index(file), comments: &parsed.comments };
        let resolve = |local: &str| {
            let place = join_path(self.root, local)?;
            self.addresses.get(place.as_str()).cloned()
        };
        match first_mapping(parsed) {
            Some(document) => match class {
                Class::Action => {
                    let address = action_address(self.root, path);
                    model.resources.push(read_action(&context, document, address, &resolve));
                }
                Class::Dependabot => model.resources.push(read_dependabot(&context, document)),
                Class::Workflow | Class::GitLab => {
                    model.resources.extend(read_workflow(&context, document, file_stem(path), &resolve));
                }
            },
            None if parsed.diagnostics.is_empty() => model.diagnostics.push(shapeless(file, class)),
            None => {}
        }
    }
}

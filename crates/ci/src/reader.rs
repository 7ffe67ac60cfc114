//! Which files are pipelines, and which are read together.

use crate::class::Class;
use crate::context::FileContext;
use crate::github::{read_action, read_dependabot, read_workflow};
use crate::gitlab::read_pipeline;
use proofmark_model::{Address, Claim, FileUse, ReadSettings, Reader, SmolStr, Unit, UnitModel};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace, join_path, parent_path};
use proofmark_syntax::{Document, Parsed, YamlDialect, parse_yaml};
use std::collections::BTreeMap;

/// The reader's name in reports.
const NAME: &str = "ci";

/// Reads GitHub's and GitLab's pipelines.
#[derive(Clone, Copy, Debug, Default)]
pub struct CiReader;

/// The folder that holds `.github` above `path`.
fn repository_folder(path: &str) -> Option<&str> {
    if path.starts_with(".github/") {
        return Some("");
    }
    path.rfind("/.github/").and_then(|at| path.get(..at))
}

impl Reader for CiReader {
    fn name(&self) -> &'static str {
        NAME
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        Class::of(workspace, file).map(|class| Claim { class: class.name() })
    }

    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _settings: &ReadSettings) -> Vec<Unit> {
        let mut units: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
        let is_kind = |file: &FileId, kinds: &[Class]| {
            Class::of(workspace, *file).is_some_and(|class| kinds.contains(&class))
        };
        for file in claimed.iter().filter(|file| is_kind(file, &[Class::Workflow, Class::Dependabot])) {
            let path = workspace.path(*file);
            units.entry(repository_folder(path).unwrap_or(parent_path(path))).or_default().push(*file);
        }
        let repositories: Vec<&str> = units.keys().copied().collect();
        for file in claimed.iter().filter(|file| is_kind(file, &[Class::Action])) {
            let folder = parent_path(workspace.path(*file));
            let holds = |outer: &&&str| {
                outer.is_empty() || folder == **outer || folder.starts_with(&format!("{outer}/"))
            };
            let home = repositories.iter().filter(holds).max_by_key(|outer| outer.len());
            units.entry(home.copied().unwrap_or(folder)).or_default().push(*file);
        }
        // A repository's own pipeline is read with its workflows: what is asked of the whole concerns both.
        for file in claimed.iter().filter(|file| is_kind(file, &[Class::GitLab])) {
            let path = workspace.path(*file);
            let place = if stem(path) == ".gitlab-ci" { parent_path(path) } else { path };
            units.entry(place).or_default().push(*file);
        }
        let unit = |(path, mut files): (&str, Vec<FileId>)| {
            files.sort();
            Unit { reader: NAME, path: path.to_owned(), files }
        };
        units.into_iter().map(unit).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, _settings: &ReadSettings) -> UnitModel {
        let repository = Repository { workspace, unit, addresses: local_addresses(workspace, unit) };
        let mut model = UnitModel::default();
        for &file in &unit.files {
            repository.read_file(file, &mut model);
        }
        model
    }
}

/// The addresses of the unit's workflows and actions, by the path that a local `uses` would name.
fn local_addresses(workspace: &dyn Workspace, unit: &Unit) -> BTreeMap<String, Address> {
    let address = |file: &FileId| {
        let path = workspace.path(*file);
        match Class::of(workspace, *file)? {
            Class::Workflow => Some((path.to_owned(), workflow_address(path))),
            Class::Action => Some((parent_path(path).to_owned(), action_address(unit, path))),
            Class::Dependabot | Class::GitLab => None,
        }
    };
    unit.files.iter().filter_map(address).collect()
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn workflow_address(path: &str) -> Address {
    Address(SmolStr::new(format!("workflow.{}", stem(path))))
}

/// `action` at the root of the unit, else `action.<folder>`.
fn action_address(unit: &Unit, path: &str) -> Address {
    let folder = parent_path(path);
    let inner = folder.strip_prefix(unit.path.as_str()).unwrap_or(folder).trim_start_matches('/');
    Address(if inner.is_empty() { "action".into() } else { SmolStr::new(format!("action.{inner}")) })
}

/// What the files of a unit share.
struct Repository<'a> {
    workspace: &'a dyn Workspace,
    unit: &'a Unit,
    /// The addresses of workflows and actions by the path that a local `uses` would name.
    addresses: BTreeMap<String, Address>,
}

impl Repository<'_> {
    fn read_file(&self, file: FileId, model: &mut UnitModel) {
        let path = self.workspace.path(file);
        let (Some(class), Ok(text)) = (Class::of(self.workspace, file), self.workspace.load(file)) else {
            model.files.push(FileUse { file, is_whole: false });
            return;
        };
        let dialect = if class == Class::GitLab { YamlDialect::Go } else { YamlDialect::Core };
        let parsed = parse_yaml(file, text, dialect);
        let context =
            FileContext { file, text, lines: self.workspace.line_index(file), comments: &parsed.comments };
        let resolve = |local: &str| {
            let place = join_path(&self.unit.path, local)?;
            self.addresses.get(place.as_str()).cloned()
        };
        match first_mapping(&parsed) {
            Some(document) => match class {
                Class::Workflow => {
                    model.resources.extend(read_workflow(&context, document, stem(path), &resolve));
                }
                Class::Action => {
                    let address = action_address(self.unit, path);
                    model.resources.push(read_action(&context, document, address, &resolve));
                }
                Class::Dependabot => model.resources.push(read_dependabot(&context, document)),
                Class::GitLab => model.resources.extend(read_pipeline(&context, document)),
            },
            None if parsed.diagnostics.is_empty() => model.diagnostics.push(shapeless(file, class)),
            None => {}
        }
        let is_whole = parsed.diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None);
        model.files.push(FileUse { file, is_whole });
        model.diagnostics.extend(parsed.diagnostics);
    }
}

fn first_mapping(parsed: &Parsed) -> Option<&Document> {
    parsed.documents.iter().find(|document| !document.root.entries().is_empty())
}

fn shapeless(file: FileId, class: Class) -> Diagnostic {
    let message = format!("the file is no {}: it has no entries at the top", class.name());
    Diagnostic::new(Code("ci-shape"), Impact::Partial, Span::file_start(file), message)
}

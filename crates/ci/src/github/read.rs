//! Reads the files of a repository together.

use super::action::read_action;
use super::check::check_file;
use super::dependabot::read_dependabot;
use super::home::Home;
use super::repository::{Repository, SourceFile};
use super::workflow::read_workflow;
use crate::class::{Class, SHAPE, shapeless};
use crate::context::FileContext;
use proofmark_model::{Address, FileUse, SmolStr, UnitModel};
use proofmark_source::{Diagnostic, FileId, Impact, Span, Workspace, parent_path};
use proofmark_syntax::{Node, Parsed, YamlDialect, parse_yaml};

/// Reads the workflows, actions and Dependabot settings among `files`, with `.github` in the folder `root`.
pub fn read_repository(workspace: &dyn Workspace, root: &str, files: &[FileId], model: &mut UnitModel) {
    let mut parsed = Vec::new();
    for &file in files {
        match workspace.load(file) {
            Ok(text) => parsed.push((file, text, parse_yaml(file, text, YamlDialect::Core))),
            Err(_) => model.files.push(FileUse { file, is_whole: false }),
        }
    }
    let sources = parsed.iter().filter_map(|(file, text, parsed)| {
        source_file(
            root,
            workspace.path(*file),
            FileContext { file: *file, text, lines: workspace.line_index(*file), comments: &parsed.comments },
            parsed,
        )
    });
    let repository = Repository::new(root, sources.collect());
    for index in 0..repository.files.len() {
        read_file(&Home { repository: &repository, file: index, path: &[] }, model);
    }
    model.diagnostics.extend(repository.limit());
    for (file, _, parsed) in parsed {
        let is_odd = |diagnostic: &Diagnostic| diagnostic.impact != Impact::None;
        let own = model.diagnostics.iter().filter(|diagnostic| diagnostic.span.file == file);
        let is_whole = !parsed.diagnostics.iter().chain(own).any(is_odd);
        model.files.push(FileUse { file, is_whole });
        model.diagnostics.extend(parsed.diagnostics);
    }
}

fn source_file<'a>(
    root: &str,
    path: &'a str,
    context: FileContext<'a>,
    parsed: &'a Parsed,
) -> Option<SourceFile<'a>> {
    let class = Class::of_claimed(path)?;
    let address = match class {
        Class::Action => action_address(root, path),
        Class::Dependabot => Address("dependabot".into()),
        Class::Workflow => Address(SmolStr::new(format!("workflow.{}", file_stem(path)))),
        Class::GitLab => return None,
    };
    // The document that counts is the first that has entries.
    let roots = parsed.documents.iter().map(|document| &document.root);
    let root = roots.into_iter().find(|root| !root.entries().is_empty());
    Some(SourceFile { context, class, path, address, root })
}

/// The name of a file without its folder and extension.
fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// `action` at the root of the unit, else `action.<folder>`.
fn action_address(root: &str, path: &str) -> Address {
    let folder = parent_path(path);
    let inner = folder.strip_prefix(root).unwrap_or(folder).trim_start_matches('/');
    Address(if inner.is_empty() { "action".into() } else { SmolStr::new(format!("action.{inner}")) })
}

/// Reads one of the files into `model`.
fn read_file(home: &Home<'_>, model: &mut UnitModel) {
    let Some(source) = home.source() else { return };
    let Some(root) = source.root else {
        return if !model.diagnostics.iter().any(|known| known.span.file == source.context.file) {
            model.diagnostics.push(shapeless(source.context.file, source.class));
        };
    };
    if source.class == Class::Workflow && root.get("on").is_none() && root.get("jobs").is_none() {
        return model.diagnostics.push(no_workflow(root));
    }
    match source.class {
        Class::Action => model.resources.push(read_action(home, source, root)),
        Class::Dependabot => model.resources.push(read_dependabot(&source.context, root)),
        Class::Workflow => model.resources.extend(read_workflow(home, source, root)),
        Class::GitLab => {}
    }
    check_file(home, source, root, &mut model.diagnostics);
}

fn no_workflow(root: &Node) -> Diagnostic {
    let message = "the file is no github workflow: it has neither `on` nor `jobs`";
    Diagnostic::new(SHAPE, Impact::Partial, entry_span(root), message)
}

/// The first key of a map.
fn entry_span(root: &Node) -> Span {
    root.entries().first().map_or(root.span, |entry| entry.key.span)
}

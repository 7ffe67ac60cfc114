//! Which files are settings, and what reads them.

use crate::class::Class;
use crate::context::{Extent, FileContext, Placed};
use crate::dockerfile::{dockerfile_value, parse_dockerfile};
use crate::{
    compose, coverage, editor, eslint, hooks, package, python, renovate, scripted, settings, tsconfig,
};
use proofmark_model::{Claim, FileUse, ReadSettings, Reader, Unit, UnitModel};
use proofmark_source::{Diagnostic, FileId, Impact, Workspace};
use proofmark_syntax::{Node, Parsed, YamlDialect, parse_ini, parse_json, parse_toml, parse_yaml};

/// The reader's name in reports.
const NAME: &str = "toolconfig";

/// Reads the settings of development tools, Dockerfiles and Compose files, each file a unit.
#[derive(Clone, Copy, Debug, Default)]
pub struct ToolConfigReader;

impl Reader for ToolConfigReader {
    fn name(&self) -> &'static str {
        NAME
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        let class = Class::of(workspace.path(file))?;
        let has = |marker: &str| workspace.load(file).is_ok_and(|text| text.contains(marker));
        let is_ours = match class {
            Class::Compose => has("services:") || has("\"services\""),
            // A folder of notes may well hold a `dockerfile.txt`.
            Class::Dockerfile => workspace.load(file).map_or(true, has_from),
            _ => true,
        };
        is_ours.then(|| Claim { class: class.name() })
    }

    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _settings: &ReadSettings) -> Vec<Unit> {
        let unit =
            |file: &FileId| Unit { reader: NAME, path: workspace.path(*file).to_owned(), files: vec![*file] };
        claimed.iter().map(unit).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, _settings: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        for &file in &unit.files {
            read_file(workspace, file, &mut model);
        }
        model
    }
}

fn has_from(text: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start().get(..5).is_some_and(|word| word.trim_end().eq_ignore_ascii_case("from"))
    })
}

fn read_file(workspace: &dyn Workspace, file: FileId, model: &mut UnitModel) {
    let (Some(class), Ok(text)) = (Class::of(workspace.path(file)), workspace.load(file)) else {
        model.files.push(FileUse { file, is_whole: false });
        return;
    };
    if class == Class::Dockerfile {
        return read_dockerfile(workspace, file, text, model);
    }
    let parsed = parse(class, file, workspace.path(file), text).unwrap_or_default();
    finish_file(file, parsed.diagnostics, model);
    let mut context = FileContext { workspace, file, text, comments: &parsed.comments, model };
    match (class, parsed.documents.first()) {
        (Class::Script(kind), _) => scripted::read(&mut context, kind),
        (Class::GitHook, _) => hooks::read_script(&mut context),
        (Class::RuntimeVersion, _) => settings::read_runtime_version(&mut context),
        (_, Some(document)) => read_tree(&mut context, class, &document.root),
        (_, None) => {}
    }
}

fn finish_file(file: FileId, diagnostics: Vec<Diagnostic>, model: &mut UnitModel) {
    let is_whole = diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None);
    model.files.push(FileUse { file, is_whole });
    model.diagnostics.extend(diagnostics);
}

fn read_dockerfile(workspace: &dyn Workspace, file: FileId, text: &str, model: &mut UnitModel) {
    let parsed = parse_dockerfile(file, text);
    let (attributes, header) = dockerfile_value(file, text, &parsed);
    finish_file(file, parsed.diagnostics, model);
    let mut context = FileContext { workspace, file, text, comments: &parsed.comments, model };
    let extent = Extent { span: context.whole(), header };
    let attributes = settings::with_ignore_file(&context, attributes, header);
    context.emit("dockerfile", "dockerfile", extent, attributes);
}

/// The tree of a file; `None` where its format is none of ours.
fn parse(class: Class, file: FileId, path: &str, text: &str) -> Option<Parsed> {
    let dialect = match class {
        Class::PreCommit | Class::Codecov => YamlDialect::Python,
        Class::Compose | Class::Golangci => YamlDialect::Go,
        _ => YamlDialect::Core,
    };
    let extension =
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension);
    match (class, extension) {
        (Class::Script(_) | Class::GitHook | Class::RuntimeVersion, _) => None,
        (_, "json" | "json5") => Some(parse_json(file, text)),
        (_, "yml" | "yaml") => Some(parse_yaml(file, text, dialect)),
        (_, "toml") => Some(parse_toml(file, text)),
        (_, "ini" | "cfg" | "editorconfig" | "flake8" | "coveragerc") => Some(parse_ini(file, text)),
        // `.eslintrc`, `.prettierrc` and their like are JSON or YAML, whichever their first character says.
        _ if text.trim_start().starts_with(['{', '/']) => Some(parse_json(file, text)),
        _ => Some(parse_yaml(file, text, dialect)),
    }
}

fn read_tree(context: &mut FileContext<'_>, class: Class, root: &Node) {
    let header = root.entries().first().map_or_else(|| context.first_line(), |entry| entry.key.span);
    let place = Placed { node: root, span: context.whole(), header };
    match class {
        Class::Codecov => coverage::read_codecov(context, &place),
        Class::Commitlint => context.emit_node("commitlint_config", &place),
        Class::Compose => compose::read(context, &place),
        Class::CoverageRc => python::read_coverage_rc(context, &place),
        Class::EditorConfig => editor::read(context, &place),
        Class::Eslint => eslint::read(context, &place),
        Class::Flake8 | Class::SetupCfg | Class::Tox | Class::Mypy | Class::Pytest | Class::Isort => {
            python::read_ini(context, class, &place);
        }
        Class::Golangci => context.emit_node("golangci_config", &place),
        Class::Jest => coverage::read_jest(context, &place),
        Class::Lefthook => hooks::read_lefthook(context, &place),
        Class::LintStaged => context.emit_node("lint_staged_config", &place),
        Class::Nyc => coverage::read_nyc(context, &place),
        Class::Package => package::read(context, &place),
        Class::PreCommit => context.emit_node("precommit_config", &place),
        Class::Prettier => context.emit_node("prettier_config", &place),
        Class::Pyproject => python::read_pyproject(context, &place),
        Class::Renovate => renovate::read(context, &place),
        Class::Ruff => context.emit_node("ruff_config", &place),
        Class::TsConfig => tsconfig::read(context, &place),
        Class::Dockerfile | Class::GitHook | Class::RuntimeVersion | Class::Script(_) => {}
    }
}

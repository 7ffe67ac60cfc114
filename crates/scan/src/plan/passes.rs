//! The ways through the files: one for each environment, and one for what none of them is about.

use super::ground::Ground;
use super::inputs::Given;
use crate::ScanError;
use crate::configuration::{Environment, Inputs, Named};
use crate::readers::{Inventory, Registered, UnitKey};
use proofmark_discover::Patterns;
use proofmark_findings::EnvironmentRecord;
use proofmark_model::{SmolStr, Unit, VariableInput};
use proofmark_source::{Diagnostic, FileId, Workspace};
use std::collections::{BTreeMap, BTreeSet};

/// One way through the files: an environment, or what no environment is about.
pub(crate) struct Pass {
    /// The name of the environment.
    pub(crate) environment: Option<SmolStr>,
    /// Its place in the configuration.
    pub(crate) number: Option<usize>,
    /// The workspace of Terraform, where somebody says which.
    pub(crate) workspace: Option<SmolStr>,
    /// Of everything that is evaluated, what is evaluated in this pass.
    pub(crate) evaluates: Vec<bool>,
    inputs: Vec<Given>,
}

/// What an environment is about.
pub(crate) enum Coverage {
    Everything,
    Paths(Patterns),
}

/// All ways through the files.
pub(crate) struct Passes {
    /// The environments that were asked for, those of the configuration first; then what no environment is about.
    pub(crate) list: Vec<Pass>,
    /// What each environment of the configuration is about, in its order, whether it was asked for or not.
    coverage: Vec<Coverage>,
    /// The environments of units that are environments by themselves, such as overlays.
    variants: BTreeMap<UnitKey, Vec<SmolStr>>,
    /// The variable files of environments that nobody asked for.
    unasked: Vec<FileId>,
}

impl Passes {
    /// Resolves what the settings say about environments against the files.
    ///
    /// # Errors
    /// When they name what is not there.
    pub(crate) fn new(ground: &Ground<'_>) -> Result<Self, ScanError> {
        let environments = ground.settings.configuration.environments.as_slice();
        ground.check_environments()?;
        let mut problems = Vec::new();
        let coverage: Vec<Coverage> =
            environments.iter().map(|environment| coverage_of(ground, environment, &mut problems)).collect();
        let variants = environments_of_variants(ground, &coverage);
        let mut passes = Self { list: Vec::new(), coverage, variants, unasked: Vec::new() };
        for (number, environment) in environments.iter().enumerate() {
            // Also of those that nobody asked for: a configuration is wrong or right as a whole.
            let pass = passes.pass(ground, Some((number, environment)), &mut problems);
            match ground.is_asked_for(&environment.name) {
                true => passes.list.push(pass),
                false => passes.unasked.extend(pass.variable_files()),
            }
        }
        let found = passes.found(environments).into_iter().filter(|name| ground.is_asked_for(name));
        let workspace = passes.workspace(ground, &Inputs::default());
        passes.list.extend(
            found
                .map(|name| Pass {
                    environment: Some(name),
                    number: None,
                    workspace: workspace.clone(),
                    evaluates: Vec::new(),
                    inputs: Vec::new(),
                })
                .collect::<Vec<_>>(),
        );
        if !passes.coverage.iter().any(|coverage| matches!(coverage, Coverage::Everything)) {
            let rest = passes.pass(ground, None, &mut problems);
            passes.list.push(rest);
        }
        match problems.is_empty() {
            true => Ok(passes),
            false => Err(ScanError::Configuration(in_order(problems))),
        }
    }

    /// The passes that are about a unit, by place in [`Self::list`]. None where only environments are about it that nobody
    /// asked for.
    pub(crate) fn about(&self, unit: &Unit) -> Vec<usize> {
        let own = self.variants.get(&(unit.reader, unit.path.to_owned()));
        let is_about = |pass: &Pass| match (own, &pass.environment, pass.number) {
            (Some(own), name, _) => name.as_ref().is_some_and(|name| own.contains(name)),
            (None, Some(_), None) => false,
            (None, _, number) => self.is_about(number, &unit.path),
        };
        self.list.iter().enumerate().filter(|(_, pass)| is_about(pass)).map(|(place, _)| place).collect()
    }

    /// Drops what only environments are about that nobody asked for.
    pub(crate) fn leave_out(
        &self,
        workspace: &dyn Workspace,
        readers: &[Registered],
        inventory: &mut Inventory,
    ) {
        for (reader, unit) in inventory.leave_out(|unit| self.about(unit).is_empty()) {
            let reader = readers.get(reader).map(|registered| &registered.reader);
            inventory.left_out.extend(reader.into_iter().flat_map(|reader| reader.reached(workspace, &unit)));
            inventory.left_out.extend(unit.files);
        }
        inventory.left_out.extend(self.unasked.iter().copied());
    }

    /// The environments of units that the configuration does not name, sorted.
    fn found(&self, configured: &[Environment]) -> BTreeSet<SmolStr> {
        let names = self.variants.values().flatten();
        names.filter(|name| configured.iter().all(|known| known.name != **name)).cloned().collect()
    }

    /// The workspace of Terraform that somebody says for an environment, or for all.
    fn workspace(&self, ground: &Ground<'_>, own: &Inputs) -> Option<SmolStr> {
        let named = ground.settings.workspace.as_ref().or(own.workspace.as_ref());
        named.or(ground.settings.configuration.inputs.workspace.as_ref()).cloned()
    }

    /// Whether the environment of that number is about a path; `None` stands for what no environment is about.
    fn is_about(&self, number: Option<usize>, path: &str) -> bool {
        match number {
            Some(number) => self.coverage.get(number).is_some_and(|coverage| coverage.covers(path)),
            None => !self.coverage.iter().any(|coverage| coverage.covers(path)),
        }
    }

    /// The environments, for reports.
    pub(crate) fn records(&self, workspace: &dyn Workspace) -> Vec<EnvironmentRecord> {
        let record = |pass: &Pass| {
            Some(EnvironmentRecord {
                name: pass.environment.clone()?,
                workspace: pass.workspace.clone(),
                variable_files: pass.variable_files().map(|file| workspace.path(file).to_owned()).collect(),
            })
        };
        self.list.iter().filter_map(record).collect()
    }

    fn pass(
        &self,
        ground: &Ground<'_>,
        environment: Option<(usize, &Environment)>,
        problems: &mut Vec<Diagnostic>,
    ) -> Pass {
        let number = environment.map(|(number, _)| number);
        let roots = ground.roots(|unit| self.is_about(number, &unit.path));
        let general = &ground.settings.configuration.inputs;
        let none = Inputs::default();
        let own = environment.map_or(&none, |(_, environment)| &environment.inputs);
        Pass {
            environment: environment.map(|(_, environment)| SmolStr::clone(&environment.name)),
            number,
            workspace: self.workspace(ground, own),
            evaluates: Vec::new(),
            inputs: ground.inputs(&roots, [general, own], problems),
        }
    }
}

impl Pass {
    /// The variable files and values files that it gives, in order of precedence.
    fn variable_files(&self) -> impl Iterator<Item = FileId> {
        self.inputs.iter().filter_map(|given| match given.input {
            VariableInput::File(file) | VariableInput::Values(file) => Some(file),
            VariableInput::Argument { .. } | VariableInput::Assignment { .. } => None,
        })
    }

    /// What the unit of that path is given.
    pub(crate) fn inputs_of(&self, path: &str) -> Vec<VariableInput> {
        self.inputs.iter().filter(|given| given.is_for(path)).map(|given| given.input.clone()).collect()
    }
}

impl Coverage {
    fn covers(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Paths(patterns) => patterns.matches(path),
        }
    }
}

/// The environments of each unit that is one by itself. It belongs to the environment of its name, where the configuration
/// has one; else to those that name it under `paths`; else it is an environment that the configuration does not know.
fn environments_of_variants(ground: &Ground<'_>, coverage: &[Coverage]) -> BTreeMap<UnitKey, Vec<SmolStr>> {
    let configured = ground.settings.configuration.environments.iter().zip(coverage);
    let variants = ground.inventory.variants.iter().map(|(key, variant)| {
        let named = configured.clone().filter(|(_, coverage)| match coverage {
            Coverage::Everything => false,
            Coverage::Paths(patterns) => patterns.matches(&variant.unit),
        });
        let named: Vec<SmolStr> = named.map(|(environment, _)| SmolStr::clone(&environment.name)).collect();
        let is_own =
            named.is_empty() || configured.clone().any(|(known, _)| known.name == variant.environment);
        let names = if is_own { vec![SmolStr::clone(&variant.environment)] } else { named };
        ((key.0, key.1.to_owned()), names)
    });
    variants.collect()
}

fn coverage_of(ground: &Ground<'_>, environment: &Environment, problems: &mut Vec<Diagnostic>) -> Coverage {
    let Some(paths) = &environment.paths else { return Coverage::Everything };
    for path in paths {
        if !ground.is_there(&path.name) {
            let message = format!("nothing in the repository matches `{}`", path.name);
            problems.push(ground.problem(path, message));
        }
    }
    let names: Vec<&str> = paths.iter().map(|path: &Named| path.name.as_str()).collect();
    match names.contains(&".") {
        true => Coverage::Everything,
        false => Patterns::new(&names).map_or(Coverage::Everything, Coverage::Paths),
    }
}

/// In order of place, each once: what holds for all environments is looked at in each.
fn in_order(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
    problems.dedup();
    problems
}

//! What root modules are given from outside, and which of them each part is for.

use super::ground::{Ground, Root};
use crate::configuration::{Inputs, Named, Variable, is_pattern};
use crate::selection::holds_selected;
use crate::settings::VariableArgument;
use proofmark_discover::Patterns;
use proofmark_model::{SmolStr, VariableInput};
use proofmark_rules::{ParamValue, nearest};
use proofmark_source::{Diagnostic, FileId, Span};
use std::fmt::Write as _;

/// Files that set variables or values, as people name them.
struct InputFiles {
    name: &'static str,
    endings: [&'static str; 2],
    /// The reader of the units that they are for.
    reader: &'static str,
}

const VARIABLE_FILES: InputFiles =
    InputFiles { name: "variable file", endings: [".tfvars", ".tfvars.json"], reader: "terraform" };
const VALUES_FILES: InputFiles =
    InputFiles { name: "values file", endings: [".yaml", ".yml"], reader: "helm" };

/// Something that sets variables or values.
pub(crate) struct Given {
    pub(crate) input: VariableInput,
    /// The path of the unit that it belongs to; `None` where it is for all.
    owner: Option<String>,
}

impl Given {
    pub(super) fn is_for(&self, path: &str) -> bool {
        self.owner.as_deref().is_none_or(|owner| owner == path)
    }
}

impl Ground<'_> {
    /// What `roots` are given, in order of precedence: variable files, then single variables, of the configuration and then
    /// of an environment; then what the command line says, in its order.
    pub(super) fn inputs(
        &self,
        roots: &[Root<'_>],
        configured: [&Inputs; 2],
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Given> {
        let mut given = Vec::new();
        for named in configured.iter().flat_map(|inputs| &inputs.variable_files) {
            let files = self.named_files(named, &VARIABLE_FILES, problems);
            given.extend(files.into_iter().map(|file| self.belonging(VariableInput::File(file), roots)));
        }
        for named in configured.iter().flat_map(|inputs| &inputs.values_files) {
            let files = self.named_files(named, &VALUES_FILES, problems);
            given.extend(files.into_iter().map(|file| self.belonging(VariableInput::Values(file), roots)));
        }
        for variable in configured.iter().flat_map(|inputs| &inputs.variables) {
            self.check_declared(variable, roots, problems);
            given.push(Given { input: self.assignment(variable), owner: None });
        }
        if self.has_arguments {
            given.extend(self.arguments(roots));
        }
        given
    }

    /// What the command line gives. Its files are about what is looked at, hence about selected roots alone.
    pub(crate) fn arguments(&self, roots: &[Root<'_>]) -> Vec<Given> {
        let selected = roots.iter().copied().filter(|root| holds_selected(self.workspace, &root.unit.files));
        let selected: Vec<Root<'_>> = selected.collect();
        let given = |argument: &VariableArgument| match argument {
            VariableArgument::File(path) => {
                Some(self.belonging(VariableInput::File(self.workspace.find(path)?), &selected))
            }
            // Whoever names a values file by hand means it for the charts that are looked at.
            VariableArgument::Values(path) => {
                Some(Given { input: VariableInput::Values(self.workspace.find(path)?), owner: None })
            }
            VariableArgument::Variable { name, text } => {
                let input = VariableInput::Argument { name: SmolStr::clone(name), text: text.to_owned() };
                Some(Given { input, owner: None })
            }
        };
        self.settings.inputs.iter().filter_map(given).collect()
    }

    /// A variable file belongs to the innermost root module that it lies in, a values file to the innermost chart; one that
    /// lies in none is for all.
    fn belonging(&self, input: VariableInput, roots: &[Root<'_>]) -> Given {
        let (file, reader) = match &input {
            VariableInput::File(file) => (*file, VARIABLE_FILES.reader),
            VariableInput::Values(file) => (*file, VALUES_FILES.reader),
            VariableInput::Argument { .. } | VariableInput::Assignment { .. } => {
                return Given { input, owner: None };
            }
        };
        let path = self.workspace.path(file);
        let fitting = roots.iter().filter(|root| root.unit.reader == reader);
        let above = fitting.filter_map(|root| Some((root.depth_above(self.workspace, path)?, root.unit)));
        let innermost = above.max_by_key(|(depth, _)| *depth);
        Given { input, owner: innermost.map(|(_, unit)| unit.path.to_owned()) }
    }

    fn named_files(&self, named: &Named, kind: &InputFiles, problems: &mut Vec<Diagnostic>) -> Vec<FileId> {
        let is_variable_file = |path: &str| kind.endings.iter().any(|ending| path.ends_with(ending));
        if !is_pattern(&named.name) {
            let found = self.workspace.find(&named.name);
            if found.is_none() {
                let paths = self.workspace.files().iter().map(|file| &*file.path);
                let near = nearest(&named.name, paths.filter(|path| is_variable_file(path)));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                let problem = self.problem(named, format!("there is no file `{}`", named.name));
                problems.push(Diagnostic { help, ..problem });
            }
            return found.into_iter().collect();
        }
        let Ok(patterns) = Patterns::new(&[named.name.as_str()]) else { return Vec::new() };
        let files = self.workspace.files().iter().zip(0_u32..);
        let matching = files.filter(|(file, _)| is_variable_file(&file.path) && patterns.matches(&file.path));
        let found: Vec<FileId> = matching.map(|(_, id)| FileId(id)).collect();
        if found.is_empty() {
            let endings = kind.endings.map(|ending| format!("`{ending}`")).join(" or ");
            let help = format!(
                "the name of a {} ends with {endings}; one that an ignore file hides is seen only where its whole path is \
                named",
                kind.name
            );
            let message = format!("no {} matches `{}`", kind.name, named.name);
            problems.push(self.problem(named, message).with_help(help));
        }
        found
    }

    fn check_declared(&self, variable: &Variable, roots: &[Root<'_>], problems: &mut Vec<Diagnostic>) {
        if let Some(near) = self.undeclared(&variable.name.name, roots) {
            let message = format!("no root module declares the variable `{}`", variable.name.name);
            let help = near.map(|near| format!("did you mean `{near}`?"));
            problems.push(Diagnostic { help, ..self.problem(&variable.name, message) });
        }
    }

    /// Whether no root module declares a variable, with the name that is nearest among those declared.
    #[expect(clippy::option_option, reason = "whether there is a complaint, and whether it has a hint")]
    pub(super) fn undeclared(&self, name: &str, roots: &[Root<'_>]) -> Option<Option<String>> {
        let declared = |root: &Root<'_>| root.registered.reader.inputs(self.workspace, root.unit);
        let names: Vec<SmolStr> = roots.iter().flat_map(declared).collect();
        if names.iter().any(|known| known == name) {
            return None;
        }
        Some(nearest(name, names.iter().map(SmolStr::as_str)).map(str::to_owned))
    }

    fn assignment(&self, variable: &Variable) -> VariableInput {
        let Named { name, span } = &variable.name;
        let mut expression = String::new();
        write_hcl(&mut expression, &variable.value);
        // The configuration is read before the workspace is opened, and may lie outside of it.
        let place = self.settings.configuration_file.map(|file| Span { file, ..*span });
        VariableInput::Assignment { name: SmolStr::clone(name), expression, place }
    }
}

/// A value as HCL writes it.
fn write_hcl(text: &mut String, value: &ParamValue) {
    // Writing to a string cannot fail.
    match value {
        ParamValue::Boolean(value) => drop(write!(text, "{value}")),
        ParamValue::Integer(value) => drop(write!(text, "{value}")),
        ParamValue::Number(value) => drop(write!(text, "{value}")),
        ParamValue::String(value) => write_text(text, value),
        ParamValue::List(elements) => {
            text.push('[');
            for element in elements {
                write_hcl(text, element);
                text.push(',');
            }
            text.push(']');
        }
        ParamValue::Map(entries) => {
            text.push('{');
            for (name, value) in entries {
                write_text(text, name);
                text.push('=');
                write_hcl(text, value);
                text.push(',');
            }
            text.push('}');
        }
    }
}

/// A text in quotes, in which nothing is a template.
fn write_text(text: &mut String, value: &str) {
    text.push('"');
    let mut rest = value.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => text.extend([letter, letter]),
            _ => text.push(letter),
        }
    }
    text.push('"');
}

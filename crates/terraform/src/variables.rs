//! The values of a root module's variables: variable files, and what the settings say.
//!
//! Precedence and parsing follow <https://developer.hashicorp.com/terraform/language/values/variables>. Environment
//! variables (`TF_VAR_…`) are left out on purpose: a scan must not depend on the shell that it runs in.

mod constant;
mod json;

pub(crate) use json::body_from_json_variables;

use crate::evaluator::{EVALUATION, Evaluator, Fault, Instance};
use crate::files::{FileKind, files_in};
use crate::scope::Scope;
use crate::types::Type;
use constant::check_constant;
use proofmark_hcl::{Block, Expr, SpanMap, parse_expression};
use proofmark_model::{SmolStr, Value, VariableInput};
use proofmark_source::{Diagnostic, FileId, Impact, Span, Workspace};
use std::rc::Rc;

impl<'r> Evaluator<'r> {
    /// Sets the variables of the root module, each source overriding those before: its own variable files, then what the
    /// settings name.
    pub(crate) fn load_variables(&self, folder: &str) {
        let Some(root) = self.root() else { return };
        for file in own_variable_files(self.workspace, folder) {
            self.load_variable_file(&root, file);
        }
        for input in &self.settings.inputs {
            match input {
                VariableInput::File(file) => self.load_variable_file(&root, *file),
                VariableInput::Values(_) => {}
                VariableInput::Argument { name, text } => self.set_argument(&root, name, text),
                VariableInput::Assignment { name, expression, place } => {
                    let Some(block) = root.config.variables.get(name) else { continue };
                    let value = self.parsed_value(&root, name, expression, place.unwrap_or(block.header));
                    self.set_root_variable(name, value);
                }
            }
        }
    }

    fn load_variable_file(&self, root: &Rc<Instance<'r>>, file: FileId) {
        self.used.borrow_mut().insert(file);
        let Some(source) = self.files.parsed(self.workspace, file) else { return };
        for attribute in &source.body.attributes {
            if root.config.variables.contains_key(&attribute.name) {
                let value = self.constant_value(root, &attribute.value);
                self.set_root_variable(&attribute.name, value);
            } else {
                let module = if root.folder.is_empty() { "." } else { &root.folder };
                let message = format!("the root module `{module}` declares no variable `{}`", attribute.name);
                self.report(Diagnostic::new(EVALUATION, Impact::None, attribute.name_span, message));
            }
        }
        for block in &source.body.blocks {
            let message = format!("`{}` is a block, and a variable file has none", block.kind);
            self.report(Diagnostic::new(EVALUATION, Impact::Partial, block.header, message));
        }
    }

    /// A variable of the command line. Where none is declared, the caller has been told.
    fn set_argument(&self, root: &Rc<Instance<'r>>, name: &SmolStr, text: &str) {
        let Some(block) = root.config.variables.get(name) else { return };
        let value = match takes_text(block) {
            true => Value::string(text, block.header),
            false => self.parsed_value(root, name, text, block.header),
        };
        self.set_root_variable(name, value);
    }

    fn set_root_variable(&self, name: &SmolStr, value: Value) {
        self.root_variables.borrow_mut().insert(SmolStr::clone(name), value);
    }

    /// The value of an expression that stands in no file of its own: all of it is at `place`.
    fn parsed_value(&self, root: &Rc<Instance<'r>>, name: &str, text: &str, place: Span) -> Value {
        match parse_expression(text, SpanMap::Fixed(place)) {
            Ok(expr) => self.constant_value(root, &expr),
            Err(problem) => {
                let message = format!("the value given for `{name}` is no expression: {}", problem.message);
                self.settle(Err(refused(Fault::new(place, message))), place)
            }
        }
    }

    fn constant_value(&self, root: &Rc<Instance<'r>>, expr: &Expr) -> Value {
        match check_constant(expr) {
            Ok(()) => self.value(expr, &Scope::of(root)),
            Err(fault) => self.settle(Err(refused(fault)), expr.span),
        }
    }
}

/// What is wrong with a value that a root module is given. Terraform would not even begin with it, so that the unit counts
/// as not understood whole.
pub(crate) fn refused(mut fault: Fault) -> Fault {
    fault.0.impact = Impact::Partial;
    fault
}

/// The variable files that Terraform reads without being asked: `terraform.tfvars`, its JSON form, then `*.auto.tfvars`
/// of either form by name.
fn own_variable_files(workspace: &dyn Workspace, folder: &str) -> Vec<FileId> {
    let found: Vec<FileId> = files_in(workspace, folder, FileKind::Variables).collect();
    let name_of = |file: FileId| workspace.path(file).rsplit('/').next().unwrap_or("");
    let named = |name: &'static str| found.iter().copied().filter(move |file| name_of(*file) == name);
    let is_auto = |file: &FileId| is_auto_named(name_of(*file));
    let fixed = named("terraform.tfvars").chain(named("terraform.tfvars.json"));
    fixed.chain(found.iter().copied().filter(is_auto)).collect()
}

/// Whether Terraform reads a variable file of that path without being asked, wherever it is applied.
pub(crate) fn is_read_unasked(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "terraform.tfvars" | "terraform.tfvars.json") || is_auto_named(name)
}

fn is_auto_named(name: &str) -> bool {
    name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")
}

/// Whether the command line's text is the value itself. `any`, when it is written, asks for an expression.
fn takes_text(variable: &Block) -> bool {
    variable
        .body
        .attribute("type")
        .is_none_or(|kind| matches!(Type::parse(&kind.value), Type::String | Type::Number | Type::Bool))
}

#[cfg(test)]
mod tests;

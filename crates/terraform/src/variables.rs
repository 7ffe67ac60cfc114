//! The values of a root module's variables: variable files, and what the settings say.

use crate::evaluator::Evaluator;
use crate::files::{FileKind, files_in};
use crate::scope::Scope;
use crate::types::Type;
use proofmark_hcl::{SpanMap, parse_expression};
use proofmark_model::{SmolStr, Value};
use proofmark_source::FileId;

impl Evaluator<'_> {
    /// Reads the variable files of a root module, each overriding those before: `terraform.tfvars`, its JSON form,
    /// `*.auto.tfvars` by name, then what the settings name.
    pub(crate) fn load_variables(&self, folder: &str) {
        let mut sources: Vec<FileId> = Vec::new();
        let found: Vec<FileId> = files_in(self.workspace, folder, FileKind::Variables).collect();
        let name_of = |file: &FileId| self.workspace.path(*file).rsplit('/').next().unwrap_or("").to_owned();
        for fixed in ["terraform.tfvars", "terraform.tfvars.json"] {
            sources.extend(found.iter().filter(|file| name_of(file) == fixed));
        }
        sources.extend(found.iter().filter(|file| {
            let name = name_of(file);
            name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")
        }));
        sources.extend(self.settings.variable_files.iter().filter_map(|path| self.workspace.find(path)));
        for file in sources {
            self.load_variable_file(file);
        }
        self.load_single_variables();
    }

    fn load_variable_file(&self, file: FileId) {
        self.used.borrow_mut().insert(file);
        let Some(source) = self.files.parsed(self.workspace, file) else { return };
        let Some(root) = self.root() else { return };
        for attribute in &source.body.attributes {
            let value = self.value(&attribute.value, &Scope::of(&root));
            self.root_variables.borrow_mut().insert(SmolStr::clone(&attribute.name), value);
        }
    }

    /// Variables of the settings: an expression where the variable's type wants one, else the text as it is.
    fn load_single_variables(&self) {
        let Some(root) = self.root() else { return };
        for (name, text) in &self.settings.variables {
            let Some(block) = root.config.variables.get(name.as_str()) else { continue };
            let is_text =
                block.body.attribute("type").is_none_or(|kind| Type::parse(&kind.value) == Type::String);
            let span = block.header;
            let parsed = parse_expression(text, SpanMap::Fixed(span)).ok().filter(|_| !is_text);
            let value = match parsed {
                Some(expr) => self.value(&expr, &Scope::of(&root)),
                None => Value::string(text.as_str(), span),
            };
            self.root_variables.borrow_mut().insert(SmolStr::new(name), value);
        }
    }
}

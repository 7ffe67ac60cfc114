//! Configuration files as resources: what rules about the code itself look at.

use crate::config::ModuleConfig;
use crate::evaluator::{Evaluator, Instance, UNDECLARED};
use crate::files::{FileKind, files_in};
use crate::variables::is_read_unasked;
use proofmark_hcl::Block;
use proofmark_model::{
    Address, Attribute, Data, Kind, Map, Resource, SmolStr, Unknown, Value, VariableInput,
};
use proofmark_source::{Diagnostic, FileId, Span};
use smol_str::format_smolstr;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

const KIND: &str = "terraform_file";
/// The file that stands for its folder, where there is one of this name.
const MAIN: &str = "main.tf";
/// Why nobody knows of some modules whether they are roots.
const MAYBE_ROOT: &str = "no module in the repository calls this one, and it configures no provider: it may be applied as it stands, or be called from elsewhere";

impl<'r> Evaluator<'r> {
    /// Adds each file that was read: its `path` and `name`, the `folder` with the names of its `files`, whether it
    /// belongs to a root module (`is_root`) and stands for the folder (`is_main`), and the references in it that
    /// nothing declares (`undeclared`). Comes last, because only what was evaluated is known to be declared or not.
    pub(super) fn emit_files(&self, into: &mut Vec<Resource>) {
        let mut undeclared: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        let reported = self.reported(|diagnostic: &Diagnostic| diagnostic.code == UNDECLARED);
        for span in reported.into_iter().collect::<BTreeSet<Span>>() {
            undeclared.entry(span.file).or_default().push(span);
        }
        let mut seen: BTreeSet<Rc<str>> = BTreeSet::new();
        let instances: Vec<Rc<Instance<'r>>> = self.instances.borrow().iter().map(Rc::clone).collect();
        for (index, instance) in instances.iter().enumerate() {
            if seen.insert(Rc::clone(&instance.folder)) {
                let is_root = (index == 0)
                    .then(|| is_applied(&instance.config) || self.has_variable_files(&instance.folder));
                let folder = Folder { path: &instance.folder, files: &instance.config.files, is_root };
                into.extend(folder.files.iter().map(|file| {
                    let spans = undeclared.get(file).map_or(&[][..], Vec::as_slice);
                    self.describe_file(*file, &folder, spans)
                }));
            }
        }
    }

    /// Whether values of variables lie in the folder, or were chosen for it: only a root module is given any.
    fn has_variable_files(&self, folder: &str) -> bool {
        let mut own = files_in(self.workspace, folder, FileKind::Variables);
        let is_below = |path: &str| {
            path.strip_prefix(folder).is_some_and(|rest| folder.is_empty() || rest.starts_with('/'))
        };
        own.any(|file| is_read_unasked(self.workspace.path(file)))
            || self.settings.inputs.iter().any(
                |input| matches!(input, VariableInput::File(file) if is_below(self.workspace.path(*file))),
            )
    }

    fn describe_file(&self, file: FileId, folder: &Folder<'_>, undeclared: &[Span]) -> Resource {
        let path = self.workspace.path(file);
        let text = self.workspace.load(file).unwrap_or("");
        let header = Span::file_start(file);
        let span = Span { end: u32::try_from(text.len()).unwrap_or(u32::MAX), ..header };
        let names: Vec<&str> =
            folder.files.iter().map(|file| file_name(self.workspace.path(*file))).collect();
        let main = names.iter().find(|name| **name == MAIN).or(names.first()).copied();
        let flag = |is_so: bool| Value::new(Data::Bool(is_so), header);
        let listed = names.iter().map(|name| Value::string(*name, header)).collect();
        let references = undeclared.iter().map(|span| Value::string(span.slice(text), *span)).collect();
        let entry = |name, value| Attribute { name: SmolStr::new_static(name), name_span: header, value };
        let attributes = Map::new(vec![
            entry("path", Value::string(path, header)),
            entry("name", Value::string(file_name(path), header)),
            entry("folder", Value::string(folder.path, header)),
            entry("files", Value::list(listed, header)),
            entry(
                "is_root",
                match folder.is_root {
                    Some(false) => Value::unknown(Unknown::because(MAYBE_ROOT), header),
                    is_root => flag(is_root.is_some()),
                },
            ),
            entry("is_main", flag(main == Some(file_name(path)))),
            entry("undeclared", Value::list(references, header)),
        ]);
        let attributes = Value::map(attributes.with_header(header), span);
        let address = Address(format_smolstr!("file.{path}"));
        let resource = Resource::new(address, Kind(SmolStr::new_static(KIND)), span, attributes);
        Resource { is_lenient: true, ..resource }
    }
}

/// A module's folder.
struct Folder<'a> {
    path: &'a str,
    files: &'a [FileId],
    /// Whether it is surely applied as it stands; `None` where another module calls it.
    is_root: Option<bool>,
}

/// Whether a module that nobody calls is a root for certain: it configures a provider, or says where its state is kept.
fn is_applied(config: &ModuleConfig<'_>) -> bool {
    let keeps_state = |block: &Block| {
        block.body.blocks.iter().any(|inner| inner.kind == "backend" || inner.kind == "cloud")
    };
    !config.providers.is_empty() || config.settings.iter().any(|block| keeps_state(block))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

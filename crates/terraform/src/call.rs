//! Calls of modules: which folder they mean, the instances that they make, what they pass.

use crate::config::{ModuleConfig, relative_source};
use crate::evaluator::{Caller, Children, EVALUATION, Evaluator, Instance, MODULE, Subject};
use crate::limits::MAX_MODULE_DEPTH;
use crate::module::literal_bool;
use crate::repetition::InstanceKey;
use crate::scope::Scope;
use proofmark_hcl::Block;
use proofmark_model::{Address, Reference, SmolStr, Unknown, Value};
use proofmark_source::{Diagnostic, Impact, join_path};
use smol_str::format_smolstr;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Arguments of a call that are Terraform's, not the module's.
const META_ARGUMENTS: [&str; 6] = ["source", "version", "providers", "count", "for_each", "depends_on"];

impl<'r> Evaluator<'r> {
    /// The instances of a module call.
    pub fn children(&self, module: &Rc<Instance<'r>>, name: &SmolStr, call: &Block) -> Rc<Children<'r>> {
        if let Some(children) = module.children.borrow().get(name) {
            return Rc::clone(children);
        }
        let repetition = self.repetition(module, &format_smolstr!("module.{name}"), call);
        // How often it stands may depend on what it gives: then the instances are made by now.
        if let Some(children) = module.children.borrow().get(name) {
            return Rc::clone(children);
        }
        let instances = self.called_folder(module, name, call).and_then(|folder| {
            let config = self.config(&folder);
            self.check_arguments(name, call, &config);
            self.check_room(call)?;
            let child = |key: &InstanceKey| {
                let calls = std::iter::once(call.header).chain(module.calls.iter().copied()).collect();
                let conditions = module.conditions.iter().chain(&key.condition).cloned().collect();
                let caller = Caller {
                    module: Rc::clone(module),
                    name: SmolStr::clone(name),
                    bindings: key.bindings.clone(),
                    arguments: RefCell::default(),
                };
                Rc::new(Instance {
                    prefix: format_smolstr!("{}module.{name}{}.", module.prefix, key.suffix),
                    caller: Some(caller),
                    calls,
                    conditions,
                    ..Instance::new(Rc::clone(&config), Rc::from(folder.as_str()))
                })
            };
            let children: Vec<Rc<Instance<'r>>> = repetition.keys.iter().map(child).collect();
            self.instances.borrow_mut().extend(children.iter().map(Rc::clone));
            Ok(children)
        });
        let children = Rc::new(Children { repetition, instances });
        module.children.borrow_mut().insert(SmolStr::clone(name), Rc::clone(&children));
        children
    }

    /// The value that a call passes for a variable, if it passes any.
    pub fn argument(&self, caller: &Caller<'r>, name: &SmolStr) -> Option<Value> {
        let argument = self.call_block(caller)?.body.attribute(name)?;
        let scope = Scope::of(&caller.module);
        let names = scope.names(&caller.bindings);
        let subject = Subject { what: format_args!("the argument `{name}`"), span: argument.name_span };
        Some(self.slot(&caller.arguments, SmolStr::clone(name), subject, || {
            self.value(&argument.value, &scope.with(&names))
        }))
    }

    /// The block of a call.
    pub fn call_block<'c>(&self, caller: &'c Caller<'r>) -> Option<&'c Block> {
        caller.module.config.calls.get(&caller.name).map(|block| &**block)
    }

    /// Tells of arguments that the module does not take, and of those that it lacks.
    fn check_arguments(&self, name: &SmolStr, call: &Block, config: &ModuleConfig<'r>) {
        let is_passed = |variable: &SmolStr| call.body.attribute(variable).is_some();
        for argument in &call.body.attributes {
            let argument_name = argument.name.as_str();
            // `//` is a comment in the JSON syntax.
            let is_meta = META_ARGUMENTS.contains(&argument_name) || argument_name == "//";
            if !is_meta && !config.variables.contains_key(&argument.name) {
                let message = format!("the module `{name}` takes no argument `{argument_name}`");
                self.report(Diagnostic::new(EVALUATION, Impact::None, argument.name_span, message));
            }
        }
        for (variable, block) in &config.variables {
            if block.body.attribute("default").is_none() && !is_passed(variable) {
                let message = missing_argument(name, variable);
                self.report(Diagnostic::new(MODULE, Impact::None, call.header, message.as_str()));
            }
        }
    }

    /// The folder that a call names, or why it is not to be had.
    fn called_folder(
        &self,
        module: &Rc<Instance<'r>>,
        name: &SmolStr,
        call: &Block,
    ) -> Result<String, Arc<Unknown>> {
        let because = |reason: Unknown| {
            let address = Address(format_smolstr!("{}module.{name}", module.prefix));
            let references = vec![Reference { address, attribute: SmolStr::default() }];
            Arc::new(Unknown { references, ..reason })
        };
        let refuse = |message: String| {
            let diagnostic = Diagnostic::new(MODULE, Impact::Partial, call.header, message);
            Err(because(self.report_unknown(diagnostic)))
        };
        let Some(folder) = relative_source(call).and_then(|source| join_path(&module.folder, source)) else {
            if let Some(folder) = self.installed_folder(module, name) {
                return Ok(folder);
            }
            let Some(source) = call.body.attribute("source") else {
                return refuse(format!("the call of the module `{name}` has no `source`"));
            };
            let source = source.value.as_str().unwrap_or("?");
            let reason = format_smolstr!("module source `{source}` is not in the repository");
            return Err(because(Unknown::because(reason)));
        };
        if self.config(&folder).files.is_empty() {
            return refuse(format!("the module folder `{folder}` is not in the repository"));
        }
        let callers = std::iter::successors(Some(module), |current| {
            current.caller.as_ref().map(|caller| &caller.module)
        });
        for (depth, ancestor) in callers.enumerate() {
            if *ancestor.folder == *folder {
                return refuse(format!("the module `{folder}` calls itself"));
            }
            if depth >= MAX_MODULE_DEPTH {
                return refuse(format!("modules call each other more than {MAX_MODULE_DEPTH} levels deep"));
            }
        }
        Ok(folder)
    }

    /// The folder into which `terraform init` put a module, by its own list.
    fn installed_folder(&self, module: &Rc<Instance<'r>>, name: &SmolStr) -> Option<String> {
        let mut key = name.to_string();
        let mut current = module;
        while let Some(caller) = &current.caller {
            key = format!("{}.{key}", caller.name);
            current = &caller.module;
        }
        let root = &current.folder;
        let folder =
            self.installed.get_or_init(|| self.read_installed(root).unwrap_or_default()).get(&key)?;
        (!self.config(folder).files.is_empty()).then(|| folder.clone())
    }

    /// The folders of the modules that are installed for a root, by the names of the calls that lead to them.
    fn read_installed(&self, root: &str) -> Option<BTreeMap<String, String>> {
        let list = self.workspace.find(&join_path(root, ".terraform/modules/modules.json")?)?;
        let parsed = proofmark_syntax::parse_json(list, self.workspace.load(list).ok()?);
        let modules = parsed.documents.first()?.root.get("Modules")?;
        let folder_of = |entry: &proofmark_syntax::Node| {
            let key = entry.get("Key")?.as_str()?.to_owned();
            Some((key, join_path(root, entry.get("Dir")?.as_str()?)?))
        };
        Some(modules.elements().iter().filter_map(folder_of).collect())
    }

    /// What a variable is worth where the call leaves it out and there is no default.
    pub fn missing_argument(&self, module: &Instance<'r>, name: &SmolStr, block: &Block) -> Value {
        let reason = match &module.caller {
            None => format_smolstr!("variable `{name}` has no default and no variable file sets it"),
            Some(caller) => missing_argument(&caller.name, name),
        };
        Value::unknown(Unknown::because(reason), block.header)
    }

    /// Whether a variable may be null.
    pub fn is_nullable(&self, variable: &Block) -> bool {
        literal_bool(variable, "nullable") != Some(false)
    }
}

fn missing_argument(call: &str, variable: &str) -> SmolStr {
    format_smolstr!("module `{call}` is called without its argument `{variable}`")
}

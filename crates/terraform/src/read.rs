//! Reading one root module: its resources and outputs.

mod file;
mod settings;

use crate::data::main_attribute;
use crate::evaluator::{Children, Evaluator, Instance};
use crate::files::{FileCache, FileKind, file_kind};
use crate::module::literal_bool;
use crate::pod::pod_of;
use crate::repetition::InstanceKey;
use crate::resource::ResourceInstance;
use crate::scope::Scope;
use crate::value::placed;
use proofmark_hcl::Block;
use proofmark_model::{
    Address, Attribute, Comment, Data, Kind, Map, ReadSettings, Resource, SmolStr, Unit, UnitModel, Unknown,
    Value,
};
use proofmark_source::{FileId, Span, Workspace};
use smol_str::format_smolstr;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// What a resource is, and what it is called.
struct Identity {
    kind: Kind,
    address: Address,
}

impl Identity {
    fn new(kind: &'static str, address: fmt::Arguments<'_>) -> Self {
        Self { kind: Kind(SmolStr::new_static(kind)), address: Address(format_smolstr!("{address}")) }
    }
}

/// Reads a unit.
pub(crate) fn read_unit(
    workspace: &dyn Workspace,
    files: &FileCache,
    unit: &Unit,
    settings: &ReadSettings,
) -> UnitModel {
    read_root(workspace, files, unit, (settings, Vec::new()))
}

/// Reads a unit, with values of its variables that are known already.
pub(crate) fn read_root(
    workspace: &dyn Workspace,
    files: &FileCache,
    unit: &Unit,
    (settings, given): (&ReadSettings, Vec<(SmolStr, Value)>),
) -> UnitModel {
    let evaluator = Evaluator::new(workspace, files, settings);
    let config = evaluator.config(&unit.path);
    let root = Rc::new(Instance::new(config, Rc::from(unit.path.as_str())));
    evaluator.instances.borrow_mut().push(Rc::clone(&root));
    evaluator.load_variables(&unit.path);
    evaluator.root_variables.borrow_mut().extend(given);
    // Variable files that nobody chose are read for their syntax alone.
    evaluator.used.borrow_mut().extend(unit.files.iter().copied());
    let mut resources = Vec::new();
    let mut next = 0;
    loop {
        let Some(module) = evaluator.instances.borrow().get(next).map(Rc::clone) else { break };
        evaluator.emit_module(&module, &mut resources);
        next += 1;
    }
    let outputs = root.config.outputs.iter().map(|(name, block)| {
        let span = block.header;
        let value = evaluator.settle(evaluator.output_value(&root, name, span), span);
        Attribute { name: SmolStr::clone(name), name_span: span, value }
    });
    let outputs = outputs.collect();
    for file in unit.files.iter().filter(|file| file_kind(workspace.path(**file)) == Some(FileKind::Lock)) {
        evaluator.emit_lock(&root, *file, &mut resources);
    }
    evaluator.emit_files(&mut resources);
    drop(root);
    resources.sort_by(|a: &Resource, b: &Resource| (a.span, &a.address).cmp(&(b.span, &b.address)));
    let (diagnostics, files) = evaluator.finish();
    UnitModel { resources, diagnostics, files, outputs }
}

impl<'r> Evaluator<'r> {
    /// Adds everything that a module instance configures, and makes the instances of the modules that it calls.
    fn emit_module(&self, module: &Rc<Instance<'r>>, into: &mut Vec<Resource>) {
        self.check_values(module);
        for (index, resource) in module.config.resources.iter().enumerate() {
            if self.check_room(&resource.block).is_err() {
                return;
            }
            let repetition = self.repetition(module, &resource.address, &resource.block);
            for (place, key) in repetition.keys.iter().enumerate() {
                let emitted = self.emit_resource(ResourceInstance { module, resource, index, place });
                into.push(on_condition(emitted, key));
            }
        }
        for (name, call) in &module.config.calls {
            let children = self.children(module, name, call);
            for (place, key) in children.repetition.keys.iter().enumerate() {
                let attributes = with_passed(&self.arguments(module, call, &children, place), call);
                let identity =
                    Identity::new("module", format_args!("{}module.{name}{}", module.prefix, key.suffix));
                let elsewhere = children.instances.as_ref().err().map(Arc::clone);
                let emitted = Resource { elsewhere, ..self.make(module, call, identity, attributes) };
                into.push(on_condition(emitted, key));
            }
        }
        // What a module declares is the same in all of its instances: once is enough.
        if self.declared.borrow_mut().insert(Rc::clone(&module.folder)) {
            self.emit_declarations(module, into);
            self.emit_settings(module, into);
        }
    }

    fn emit_resource(&self, instance: ResourceInstance<'_, 'r>) -> Resource {
        let ResourceInstance { module, resource, .. } = instance;
        let attributes = self.provided_attributes(instance);
        let prefix = if resource.is_data { "data." } else { "" };
        let kind = Kind(format_smolstr!("{prefix}{}", resource.kind));
        let identity = Identity { kind, address: self.resource_address(instance) };
        let is_looked_up = resource.is_data && main_attribute(&resource.kind).is_none();
        let elsewhere = is_looked_up.then(|| {
            let reason = format_smolstr!("the provider looks up what `{}` finds", identity.address);
            Arc::new(Unknown::because(reason))
        });
        let pod = pod_of(&resource.kind, &attributes);
        Resource { pod, elsewhere, ..self.make(module, &resource.block, identity, attributes) }
    }

    /// What a module call passes to one of its instances. What it leaves out is the module's default, which nobody knows
    /// of a module that is not in the repository.
    fn arguments(
        &self,
        module: &Rc<Instance<'r>>,
        call: &Block,
        children: &Children<'r>,
        place: usize,
    ) -> Map {
        let skipped = ["count", "for_each", "providers"];
        let bindings = children.repetition.keys.get(place).map_or(&[][..], |key| &key.bindings);
        let scope = Scope::of(module);
        let names = scope.names(bindings);
        let scope = scope.with(&names);
        let unread = match &children.instances {
            Err(unread) => unread,
            Ok(instances) => {
                let caller = instances.get(place).and_then(|child| child.caller.as_ref());
                let own = call.body.attributes.iter().filter(|own| !skipped.contains(&own.name.as_str()));
                let entries = own.map(|own| {
                    let passed = caller.filter(|_| own.name != "depends_on");
                    let passed = passed.and_then(|caller| self.argument(caller, &own.name));
                    let value = match passed {
                        Some(value) => placed(value, own.value.span),
                        None => self.attribute_value(own, &scope),
                    };
                    Attribute { name: SmolStr::clone(&own.name), name_span: own.name_span, value }
                });
                return Map::new(entries.collect()).with_header(call.header);
            }
        };
        let passed = self.plain_attributes(call, &scope, &skipped);
        let mut arguments = match passed.value("version") {
            Some(_) => passed,
            // The version belongs to the call, not to the module: left out, it is absent.
            None => with_entry(&passed, "version", call.header, Value::new(Data::Null, call.header)),
        };
        let reason = format_smolstr!("the call leaves it to the module, and {}", unread.reason);
        arguments.unknown_rest = Some(Arc::new(Unknown::because(reason)));
        arguments
    }

    fn emit_declarations(&self, module: &Rc<Instance<'r>>, into: &mut Vec<Resource>) {
        let scope = Scope::of(module);
        for (name, block) in &module.config.variables {
            let mut attributes = self.plain_attributes(block, &scope, &["type"]);
            if let Some(kind) = block.body.attribute("type") {
                let span = kind.value.span;
                let written = Value::string(span.slice(self.workspace.load(span.file).unwrap_or("")), span);
                attributes = with_entry(&attributes, "type", kind.name_span, written);
            }
            if literal_bool(block, "sensitive") == Some(true) {
                attributes = with_secret_default(&attributes);
            }
            let identity = Identity::new("variable", format_args!("{}var.{name}", module.prefix));
            into.push(self.make(module, block, identity, attributes));
        }
        for (name, block) in &module.config.outputs {
            let mut attributes =
                self.plain_attributes(block, &scope, &["value", "depends_on", "precondition"]);
            if let Some(written) = block.body.attribute("value") {
                let value = self.settle(self.output_value(module, name, block.header), block.header);
                attributes = with_entry(&attributes, "value", written.name_span, value);
            }
            let identity = Identity::new("output", format_args!("{}output.{name}", module.prefix));
            into.push(self.make(module, block, identity, attributes));
        }
    }

    fn emit_settings(&self, module: &Rc<Instance<'r>>, into: &mut Vec<Resource>) {
        let scope = Scope::of(module);
        for block in &module.config.providers {
            let mut attributes = self.plain_attributes(block, &scope, &[]);
            let name = block.label(0).cloned().unwrap_or_default();
            let span = block.labels.first().map_or(block.header, |label| label.span);
            let alias =
                block.body.attribute("alias").and_then(|alias| alias.value.as_str()).map(SmolStr::new);
            attributes = with_entry(&attributes, "name", span, Value::string(SmolStr::clone(&name), span));
            let dot = alias.map_or_else(SmolStr::default, |alias| format_smolstr!(".{alias}"));
            let identity = Identity::new("provider", format_args!("{}provider.{name}{dot}", module.prefix));
            into.push(self.make(module, block, identity, attributes));
        }
        for block in &module.config.settings {
            let named = settings::with_provider_names(block, self.workspace);
            let attributes = settings::with_open_backends(self.plain_attributes(&named, &scope, &[]));
            let identity = Identity::new("terraform", format_args!("{}terraform", module.prefix));
            into.push(self.make(module, block, identity, attributes));
        }
    }

    /// The provider versions that `terraform init` chose, one resource each.
    fn emit_lock(&self, root: &Rc<Instance<'r>>, file: FileId, into: &mut Vec<Resource>) {
        self.used.borrow_mut().insert(file);
        let Some(source) = self.files.parsed(self.workspace, file) else { return };
        for block in source.body.blocks_of("provider") {
            let name = block.label(0).cloned().unwrap_or_default();
            let span = block.labels.first().map_or(block.header, |label| label.span);
            let attributes = self.plain_attributes(block, &Scope::of(root), &[]);
            let identity = Identity::new("terraform_provider_lock", format_args!("provider_lock.{name}"));
            let attributes = with_entry(&attributes, "source", span, Value::string(name, span));
            into.push(self.make(root, block, identity, attributes));
        }
    }

    /// The attributes and blocks of a block that no provider extends.
    fn plain_attributes(&self, block: &Block, scope: &Scope<'_, 'r>, skipped: &[&str]) -> Map {
        let kept =
            block.body.attributes.iter().filter(|attribute| !skipped.contains(&attribute.name.as_str()));
        let mut entries: Vec<Attribute> = kept
            .map(|attribute| Attribute {
                name: SmolStr::clone(&attribute.name),
                name_span: attribute.name_span,
                value: self.attribute_value(attribute, scope),
            })
            .collect();
        entries.extend(self.block_entries(&block.body, scope, &|kind| !skipped.contains(&kind)));
        Map::new(entries).with_header(block.header)
    }

    fn make(&self, module: &Instance<'r>, block: &Block, identity: Identity, attributes: Map) -> Resource {
        let attributes = Value::map(attributes, block.span);
        Resource {
            header: block.header,
            calls: module.calls.clone(),
            conditions: module.conditions.clone(),
            comments: self.comments(block.span),
            is_lenient: true,
            ..Resource::new(identity.address, identity.kind, block.span, attributes)
        }
    }

    /// The comments inside a block and directly above it.
    fn comments(&self, span: Span) -> Vec<Comment> {
        let Some(source) = self.files.parsed(self.workspace, span.file) else { return Vec::new() };
        let text = self.workspace.load(span.file).unwrap_or("");
        let all = &source.comments;
        let first_inside = all.partition_point(|comment| comment.span.start < span.start);
        let end = all.partition_point(|comment| comment.span.start < span.end);
        // Walk upwards while only space stands between a comment and what follows it, and no empty line.
        let mut first = first_inside;
        let mut below = span.start;
        while let Some(above) = first.checked_sub(1).and_then(|index| all.get(index)) {
            let between = text.get(above.span.end as usize..below as usize).unwrap_or("x");
            let line_start =
                text.get(..above.span.start as usize).unwrap_or("").rsplit('\n').next().unwrap_or("");
            let is_above = between.trim().is_empty()
                && between.matches('\n').count() <= 1
                && line_start.trim().is_empty();
            if !is_above {
                break;
            }
            below = above.span.start;
            first -= 1;
        }
        // A comment behind the closing brace, on the same line, is about the block too.
        let trailing = all.get(end).filter(|comment| {
            let between = text.get(span.end as usize..comment.span.start as usize).unwrap_or("\n");
            between.trim().is_empty() && !between.contains('\n')
        });
        let own = all.get(first..end).unwrap_or(&[]).iter().chain(trailing);
        own.map(|comment| Comment { text: SmolStr::clone(&comment.text), span: comment.span }).collect()
    }
}

/// The resource as one instance of a repeated block.
fn on_condition(mut resource: Resource, key: &InstanceKey) -> Resource {
    resource.conditions.extend(key.condition.clone());
    resource
}

/// The inputs of a module, and as `passed` what its call writes, without what it leaves to the module.
fn with_passed(arguments: &Map, call: &Block) -> Map {
    let mut passed = Map::clone(arguments);
    passed.unknown_rest = None;
    with_entry(arguments, "passed", call.header, Value::map(passed, call.span))
}

/// The attributes of a variable that calls its values secret.
fn with_secret_default(attributes: &Map) -> Map {
    let mut entries = attributes.entries().to_vec();
    for entry in entries.iter_mut().filter(|entry| entry.name == "default") {
        entry.value.is_sensitive = true;
    }
    attributes.with_entries(entries)
}

fn with_entry(map: &Map, name: &'static str, name_span: Span, value: Value) -> Map {
    let entry = Attribute { name: SmolStr::new_static(name), name_span, value };
    map.with_entries(map.entries().iter().cloned().chain([entry]).collect())
}

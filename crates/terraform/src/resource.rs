//! Resources and data sources: what their attributes are, and references to them.

use crate::check::undeclared_resource;
use crate::config::ResourceConfig;
use crate::evaluator::{CYCLE, Eval, Evaluator, Fault, Instance, Slot, Subject};
use crate::module::Repeated;
use crate::repetition::RepetitionKind;
use crate::scope::Scope;
use crate::traversal::attribute_step;
use crate::value::used_at;
use proofmark_hcl::{Attribute as HclAttribute, Step, StepKind as HclStep};
use proofmark_model::{Address, Attribute, Data, Map, Reference, SmolStr, StepKind, Unknown, Value};
use proofmark_source::{Diagnostic, Impact, Span};
use smol_str::format_smolstr;
use std::rc::Rc;
use std::sync::Arc;

/// Attributes of a resource block that are for Terraform, not for the provider.
const META_ARGUMENTS: [&str; 4] = ["count", "for_each", "depends_on", "provider"];

/// Blocks in which `self` is the resource that they stand in.
const SELF_BLOCKS: [&str; 3] = ["connection", "lifecycle", "provisioner"];

/// A reference that Terraform refuses.
struct Refusal<'a> {
    address: &'a SmolStr,
    fault: Fault,
    /// What would be read of the resource.
    steps: &'a [Step],
}

/// One instance of a resource.
#[derive(Clone, Copy)]
pub(crate) struct ResourceInstance<'a, 'r> {
    pub module: &'a Rc<Instance<'r>>,
    pub resource: &'a ResourceConfig<'r>,
    /// The place of the resource in the configuration of its module.
    pub index: usize,
    /// The place among the instances of the resource.
    pub place: usize,
}

impl<'r> Evaluator<'r> {
    /// `type.name` and the steps behind it.
    pub fn resource_reference(
        &self,
        address: &SmolStr,
        steps: &[Step],
        span: Span,
        scope: &Scope<'_, 'r>,
    ) -> Eval {
        let module = scope.module;
        let index = module.config.resource_index.get(address).copied();
        let Some((index, resource)) =
            index.and_then(|index| Some((index, module.config.resources.get(index)?)))
        else {
            let message = undeclared_resource(&module.config, address);
            let refusal = Refusal { address, fault: Fault::undeclared(span, message), steps };
            return self.refused(refusal, scope);
        };
        if scope.owner == Some(index) {
            let message = format!("the configuration of `{address}` refers to itself");
            let fault = Fault(Box::new(Diagnostic::new(CYCLE, Impact::None, span, message)));
            return self.refused(Refusal { address, fault, steps }, scope);
        }
        let repetition = self.repetition(module, address, &resource.block);
        if let Some(refusal) = misused(address, &repetition.kind, steps, span) {
            return self.refused(refusal, scope);
        }
        let inner = |place: usize, steps: &[Step]| {
            let instance = ResourceInstance { module, resource, index, place };
            let Some((name, rest)) = attribute_step(steps) else {
                return self.steps(self.resource_value(instance), steps, scope);
            };
            let value = self.resource_attribute(instance, name, span);
            let found = self.steps(value, rest, scope)?;
            if found.as_unknown().is_some() && found.origin.span == span && found.origin.trail.is_none() {
                return Ok(found);
            }
            Ok(used_at(found, span, StepKind::Resource(self.reference(instance, name))))
        };
        let full = || Address(format_smolstr!("{}{address}", module.prefix));
        let repeated = Repeated { repetition: &repetition, address: &full, inner: &inner };
        self.repeated(&repeated, steps, span, scope)
    }

    /// A reference that Terraform refuses before it evaluates anything, so that `try` does not catch it. What it points
    /// at is still known.
    fn refused(&self, refusal: Refusal<'_>, scope: &Scope<'_, 'r>) -> Eval {
        let Refusal { address, fault, steps } = refusal;
        let span = fault.0.span;
        let mut unknown = self.report_unknown(*fault.0);
        let full = Address(format_smolstr!("{}{address}", scope.module.prefix));
        unknown.references = vec![Reference { address: full, attribute: SmolStr::default() }];
        let is_identity = names_identity(steps);
        let mut value = self.steps(Value::unknown(unknown, span), steps, scope)?;
        if let Data::Unknown(unknown) = &mut value.data {
            let known = &mut Arc::make_mut(unknown).known;
            known.is_set = true;
            known.min_length = is_identity.then_some(1);
            known.prefix =
                (address.contains("aws_") && names_arn(steps)).then(|| SmolStr::new_static("arn:"));
        }
        Ok(value)
    }

    /// Evaluates with the names that the arguments of a resource instance see.
    fn inside<T>(&self, instance: ResourceInstance<'_, 'r>, evaluate: impl FnOnce(&Scope<'_, 'r>) -> T) -> T {
        let ResourceInstance { module, resource, index, place } = instance;
        let repetition = self.repetition(module, &resource.address, &resource.block);
        let bindings = repetition.keys.get(place).map_or(&[][..], |key| &key.bindings);
        let scope = Scope::of(module).owned_by(index);
        let names = scope.names(bindings);
        evaluate(&scope.with(&names))
    }

    /// The full address of a resource instance.
    pub fn resource_address(&self, instance: ResourceInstance<'_, 'r>) -> Address {
        let ResourceInstance { module, resource, place, .. } = instance;
        let repetition = self.repetition(module, &resource.address, &resource.block);
        let suffix = repetition.keys.get(place).map_or("", |key| key.suffix.as_str());
        Address(format_smolstr!("{}{}{suffix}", module.prefix, resource.address))
    }

    /// A pointer to an attribute of a resource instance; to the instance itself where the name is empty.
    fn reference(&self, instance: ResourceInstance<'_, 'r>, name: &SmolStr) -> Reference {
        Reference { address: self.resource_address(instance), attribute: SmolStr::clone(name) }
    }

    /// An attribute of a resource instance: as it is written, or computed by the provider.
    fn resource_attribute(&self, instance: ResourceInstance<'_, 'r>, name: &SmolStr, span: Span) -> Value {
        if let Some(value) = self.known_data(instance, name) {
            return value;
        }
        let resource = instance.resource;
        let body = &resource.block.body;
        let written = body.attribute(name).filter(|_| !META_ARGUMENTS.contains(&name.as_str()));
        let reference = self.reference(instance, name);
        if let Some(attribute) = written {
            let value = self.inside(instance, |scope| self.written_attribute(instance, attribute, scope));
            if !value.is_null() {
                return value;
            }
            // What is left out may be filled in by the provider, or stay empty.
            let mut unknown = Unknown::computed(reference);
            unknown.known.is_set = false;
            return Value::unknown(unknown, span);
        }
        let has_blocks = body
            .blocks
            .iter()
            .any(|block| block.kind == *name || (block.kind == "dynamic" && block.label(0) == Some(name)));
        let blocks = has_blocks.then(|| self.inside(instance, |scope| self.blocks(body, name, scope)));
        if let Some(Some(blocks)) = blocks {
            return open_blocks(blocks, &reference);
        }
        self.provider_value(instance, reference, span)
    }

    fn written_attribute(
        &self,
        instance: ResourceInstance<'_, 'r>,
        attribute: &HclAttribute,
        scope: &Scope<'_, 'r>,
    ) -> Value {
        let name = &attribute.name;
        let key = (instance.index, instance.place, SmolStr::clone(name));
        let subject = Subject { what: format_args!("the attribute `{name}`"), span: attribute.name_span };
        self.slot(&instance.module.attributes, key, subject, || self.attribute_value(attribute, scope))
    }

    /// A resource instance as one value: what is written, and the rest computed by the provider.
    fn resource_value(&self, instance: ResourceInstance<'_, 'r>) -> Value {
        let key = (instance.index, instance.place);
        if let Some(Slot::Done(value)) = instance.module.objects.borrow().get(&key) {
            return Value::clone(value);
        }
        let value = self.opened(instance, &self.main_attributes(instance));
        instance.module.objects.borrow_mut().insert(key, Slot::Done(Value::clone(&value)));
        value
    }

    /// What is written, and the rest computed by the provider.
    fn opened(&self, instance: ResourceInstance<'_, 'r>, attributes: &Map) -> Value {
        let reference = self.reference(instance, &SmolStr::default());
        let mut map = attributes.with_values(|entry| {
            let inner = Reference { attribute: SmolStr::clone(&entry.name), ..reference.clone() };
            open_blocks(Value::clone(&entry.value), &inner)
        });
        map.unknown_rest = Some(Arc::new(Unknown::computed(reference)));
        Value::map(map, instance.resource.block.span)
    }

    /// The attributes and blocks of a resource instance, as they are written.
    pub fn resource_attributes(&self, instance: ResourceInstance<'_, 'r>) -> Map {
        let main = self.main_attributes(instance);
        let body = &instance.resource.block.body;
        if !body.blocks.iter().any(|block| SELF_BLOCKS.contains(&block.kind.as_str())) {
            return main;
        }
        let own = [(SmolStr::new_static("self"), self.opened(instance, &main))];
        let more = self.inside(instance, |scope| {
            let names = scope.names(&own);
            let scope = scope.with(&names);
            self.block_entries(body, &scope, &|kind| SELF_BLOCKS.contains(&kind))
        });
        main.with_entries(main.entries().iter().cloned().chain(more).collect())
    }

    /// The same without the blocks that are about the life of the resource.
    fn main_attributes(&self, instance: ResourceInstance<'_, 'r>) -> Map {
        let block = &instance.resource.block;
        self.inside(instance, |scope| {
            let written = block.body.attributes.iter();
            let own = written.filter(|attribute| !META_ARGUMENTS.contains(&attribute.name.as_str()));
            let mut entries: Vec<Attribute> = own
                .map(|attribute| {
                    let value = self.written_attribute(instance, attribute, scope);
                    Attribute { name: SmolStr::clone(&attribute.name), name_span: attribute.name_span, value }
                })
                .collect();
            entries.extend(self.block_entries(&block.body, scope, &|kind| !SELF_BLOCKS.contains(&kind)));
            Map::new(entries).with_header(block.header)
        })
    }
}

/// Why a reference to a repeated resource must name an instance, or to a single one must not.
fn misused<'a>(
    address: &'a SmolStr,
    kind: &RepetitionKind,
    steps: &'a [Step],
    span: Span,
) -> Option<Refusal<'a>> {
    let (first, rest) = steps.split_first()?;
    let (message, steps) = match (kind, &first.kind) {
        (RepetitionKind::Once, HclStep::Index(_)) => (
            format!("`{address}` has neither `count` nor `for_each`, so that no instance can be chosen"),
            rest,
        ),
        // Before version 0.12, an instance was chosen by `.0`.
        (RepetitionKind::Count, HclStep::Attribute(name)) if name.parse::<usize>().is_err() => (
            format!("`{address}` has `count`, so that `{name}` must be read from one of its instances"),
            steps,
        ),
        (RepetitionKind::Each, HclStep::Attribute(name)) => (
            format!("`{address}` has `for_each`, so that `{name}` must be read from one of its instances"),
            steps,
        ),
        _ => return None,
    };
    Some(Refusal { address, fault: Fault::new(span, message), steps })
}

/// Blocks as a reference sees them: what is not written in them may be computed by the provider.
fn open_blocks(value: Value, reference: &Reference) -> Value {
    let Data::List(elements) = &value.data else { return value };
    let is_block = |element: &Value| element.as_map().is_some_and(|map| map.header.is_some());
    if !elements.iter().any(is_block) {
        return value;
    }
    let opened = elements.iter().map(|element| {
        let Data::Map(map) = &element.data else { return Value::clone(element) };
        let mut open = map.with_values(|entry| open_blocks(Value::clone(&entry.value), reference));
        open.unknown_rest = Some(Arc::new(Unknown::computed(reference.clone())));
        element.with_data(Data::Map(Arc::new(open)))
    });
    value.with_data(Data::List(opened.collect()))
}

/// Whether the steps lead to an Amazon Resource Name, as attributes of that name hold.
fn names_arn(steps: &[Step]) -> bool {
    attribute_step(steps)
        .is_some_and(|(name, rest)| rest.is_empty() && (name == "arn" || name.ends_with("_arn")))
}

/// Whether the steps lead to a text by which providers name a resource, and which is therefore never empty.
fn names_identity(steps: &[Step]) -> bool {
    attribute_step(steps).is_some_and(|(name, rest)| {
        rest.is_empty()
            && (matches!(name.as_str(), "id" | "arn") || name.ends_with("_id") || name.ends_with("_arn"))
    })
}

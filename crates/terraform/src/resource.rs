//! Resources and data sources: how often they stand, and what their attributes are.

use crate::config::ResourceConfig;
use crate::evaluator::{
    CYCLE, Eval, Evaluator, Fault, Instance, InstanceKey, LIMIT, Repetition, RepetitionKind, Slot, Subject,
    TOO_DEEP,
};
use crate::limits::MAX_REPETITIONS;
use crate::module::{Repeated, key_suffix};
use crate::scope::Scope;
use crate::traversal::attribute_step;
use crate::value::{describe, to_number, to_text, used_at};
use proofmark_hcl::{Attribute as HclAttribute, Block, Step};
use proofmark_model::{Address, Attribute, Data, Map, Reference, SmolStr, StepKind, Unknown, Value};
use proofmark_source::{Diagnostic, Impact, Span};
use smol_str::format_smolstr;
use std::rc::Rc;
use std::sync::Arc;

/// Attributes of a resource block that are for Terraform, not for the provider.
const META_ARGUMENTS: [&str; 4] = ["count", "for_each", "depends_on", "provider"];

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
    /// How often a block stands, from its `count` or `for_each`. `key` names the block within its module.
    pub fn repetition(&self, module: &Rc<Instance<'r>>, key: &SmolStr, block: &Block) -> Rc<Repetition> {
        match module.repetitions.borrow().get(key) {
            Some(Some(known)) => return Rc::clone(known),
            Some(None) => {
                let message = format!("how often `{key}` stands depends on itself");
                let diagnostic = Diagnostic::new(CYCLE, Impact::None, block.header, message);
                return Rc::new(stand_in(&Arc::new(self.report_unknown(diagnostic)), block.header));
            }
            None => {}
        }
        if self.is_deep() {
            let unknown = self.report_unknown(*Fault::limit(block.header, TOO_DEEP).0);
            return Rc::new(stand_in(&Arc::new(unknown), block.header));
        }
        module.repetitions.borrow_mut().insert(SmolStr::clone(key), None);
        let scope = Scope::of(module);
        let made = if let Some(count) = block.body.attribute("count") {
            self.count(count, &scope)
        } else if let Some(for_each) = block.body.attribute("for_each") {
            self.for_each(for_each, &scope)
        } else {
            Repetition::once()
        };
        let made = Rc::new(made);
        module.repetitions.borrow_mut().insert(SmolStr::clone(key), Some(Rc::clone(&made)));
        made
    }

    fn count(&self, attribute: &HclAttribute, scope: &Scope<'_, 'r>) -> Repetition {
        let value = self.value(&attribute.value, scope);
        let span = attribute.value.span;
        if let Data::Unknown(unknown) = &value.data {
            return stand_in(unknown, span);
        }
        // A bool is no number to Terraform; old configurations rely on numbers alone.
        let Some(count) = to_number(&value).filter(|count| *count >= 0.0) else {
            let message = format!("`count` must be a whole number, and this is {}", describe(&value));
            return stand_in(&Arc::new(self.report_unknown(*Fault::new(span, message).0)), span);
        };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be positive; the rest is cut"
        )]
        let count = count as usize;
        if count > MAX_REPETITIONS {
            let message = format!("`count` is {count}; only the first {MAX_REPETITIONS} instances are read");
            self.report(Diagnostic::new(LIMIT, Impact::Partial, span, message));
        }
        let keys = (0..count.min(MAX_REPETITIONS)).map(|index| {
            let number = value.with_data(Data::Integer(i64::try_from(index).unwrap_or(i64::MAX)));
            let suffix = key_suffix(&RepetitionKind::Count, &number);
            InstanceKey {
                suffix,
                text: format_smolstr!("{index}"),
                bindings: vec![binding("count", [("index", number)], span)],
            }
        });
        Repetition::new(RepetitionKind::Count, keys.collect())
    }

    fn for_each(&self, attribute: &HclAttribute, scope: &Scope<'_, 'r>) -> Repetition {
        let value = self.value(&attribute.value, scope);
        let span = attribute.value.span;
        let mut rest = None;
        let mut pairs: Vec<(SmolStr, Span, Value)> = Vec::new();
        match &value.data {
            Data::Unknown(unknown) => return stand_in(unknown, span),
            Data::Map(map) => {
                rest.clone_from(&map.unknown_rest);
                pairs.extend(
                    map.entries().iter().map(|entry| {
                        (SmolStr::clone(&entry.name), entry.name_span, Value::clone(&entry.value))
                    }),
                );
            }
            Data::List(elements) => {
                for element in elements.iter() {
                    match (to_text(element), &element.data) {
                        (Some(text), _) => pairs.push((text, element.origin.span, Value::clone(element))),
                        (None, Data::Unknown(unknown)) => rest = Some(Arc::clone(unknown)),
                        _ => {}
                    }
                }
            }
            _ => {
                let message = format!("`for_each` must be a map or a set, and this is {}", describe(&value));
                return stand_in(&Arc::new(self.report_unknown(*Fault::new(span, message).0)), span);
            }
        }
        if pairs.len() > MAX_REPETITIONS {
            let message =
                format!("`for_each` has {} elements; only the first {MAX_REPETITIONS} are read", pairs.len());
            self.report(Diagnostic::new(LIMIT, Impact::Partial, span, message));
            pairs.truncate(MAX_REPETITIONS);
        }
        let mut keys: Vec<InstanceKey> =
            pairs.into_iter().map(|(text, place, value)| each_key(text, place, value, span)).collect();
        // One more instance stands for those that are not known.
        if let Some(unknown) = rest {
            keys.extend(stand_in(&unknown, span).keys);
        }
        Repetition::new(RepetitionKind::Each, keys)
    }

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
            return self.undeclared(address, steps, span, scope);
        };
        let repetition = self.repetition(module, address, &resource.block);
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

    /// A reference to something that is not there: Terraform refuses it before it evaluates anything, so `try` does not
    /// catch it. What it points at is still known.
    fn undeclared(&self, address: &SmolStr, steps: &[Step], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let message = format!("no `{address}` is declared in this module");
        let mut unknown = self.report_unknown(*Fault::undeclared(span, message).0);
        let full = Address(format_smolstr!("{}{address}", scope.module.prefix));
        unknown.references = vec![Reference { address: full, attribute: SmolStr::default() }];
        let mut value = self.steps(Value::unknown(unknown, span), steps, scope)?;
        if let Data::Unknown(unknown) = &mut value.data {
            Arc::make_mut(unknown).known.is_set = true;
        }
        Ok(value)
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
        let ResourceInstance { module, resource, place, .. } = instance;
        let body = &resource.block.body;
        let written = body.attribute(name).filter(|_| !META_ARGUMENTS.contains(&name.as_str()));
        let repetition = self.repetition(module, &resource.address, &resource.block);
        let bindings = repetition.keys.get(place).map_or(&[][..], |key| &key.bindings);
        let scope = Scope::of(module);
        let names = scope.names(bindings);
        let scope = scope.with(&names);
        let reference = self.reference(instance, name);
        if let Some(attribute) = written {
            let value = self.written_attribute(instance, attribute, &scope);
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
        if has_blocks && let Some(blocks) = self.blocks(body, name, &scope) {
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
        let attributes = self.resource_attributes(instance);
        let reference = self.reference(instance, &SmolStr::default());
        let mut map = attributes.with_values(|entry| {
            let inner = Reference { attribute: SmolStr::clone(&entry.name), ..reference.clone() };
            open_blocks(Value::clone(&entry.value), &inner)
        });
        map.unknown_rest = Some(Arc::new(Unknown::computed(reference)));
        let value = Value::map(map, instance.resource.block.span);
        instance.module.objects.borrow_mut().insert(key, Slot::Done(Value::clone(&value)));
        value
    }

    /// The attributes and blocks of a resource instance, as they are written.
    pub fn resource_attributes(&self, instance: ResourceInstance<'_, 'r>) -> Map {
        let ResourceInstance { module, resource, place, .. } = instance;
        let repetition = self.repetition(module, &resource.address, &resource.block);
        let bindings = repetition.keys.get(place).map_or(&[][..], |key| &key.bindings);
        let reference = self.reference(instance, &SmolStr::default());
        let itself = Value::unknown(Unknown::computed(reference), resource.block.header);
        let own = [(SmolStr::new_static("self"), itself)];
        let scope = Scope::of(module);
        let outer = scope.names(&own);
        let scope = scope.with(&outer);
        let names = scope.names(bindings);
        let scope = scope.with(&names);
        let body = &resource.block.body;
        let mut entries: Vec<Attribute> = body
            .attributes
            .iter()
            .filter(|attribute| !META_ARGUMENTS.contains(&attribute.name.as_str()))
            .map(|attribute| {
                let value = self.written_attribute(instance, attribute, &scope);
                Attribute { name: SmolStr::clone(&attribute.name), name_span: attribute.name_span, value }
            })
            .collect();
        entries.extend(self.block_entries(body, &scope));
        Map::new(entries).with_header(resource.block.header)
    }
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

fn binding<const N: usize>(
    name: &'static str,
    members: [(&'static str, Value); N],
    span: Span,
) -> (SmolStr, Value) {
    let entries = members.into_iter().map(|(name, value)| Attribute {
        name: SmolStr::new_static(name),
        name_span: value.origin.span,
        value,
    });
    (SmolStr::new_static(name), Value::map(Map::new(entries.collect()), span))
}

fn each_key(text: SmolStr, place: Span, value: Value, span: Span) -> InstanceKey {
    let key = Value::string(SmolStr::clone(&text), place);
    let suffix = key_suffix(&RepetitionKind::Each, &key);
    InstanceKey { suffix, text, bindings: vec![binding("each", [("key", key), ("value", value)], span)] }
}

/// One instance in the place of those that are not known.
fn stand_in(unknown: &Arc<Unknown>, span: Span) -> Repetition {
    let shaped = |shape: Option<Shape>| {
        let mut inner = Unknown::because(SmolStr::clone(&unknown.reason));
        inner.known.shape = shape;
        inner.known.is_set = shape.is_some();
        Value::unknown(inner, span)
    };
    let bindings = vec![
        binding("count", [("index", shaped(Some(Shape::Number)))], span),
        binding("each", [("key", shaped(Some(Shape::String))), ("value", shaped(None))], span),
    ];
    let key = InstanceKey { suffix: SmolStr::default(), text: SmolStr::default(), bindings };
    Repetition::new(RepetitionKind::Unknown(Arc::clone(unknown)), vec![key])
}

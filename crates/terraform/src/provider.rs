//! What a provider's configuration says to resources: default tags and labels, regions and projects.

use crate::config::ResourceConfig;
use crate::data::main_attribute;
use crate::evaluator::{Evaluator, Instance};
use crate::resource::ResourceInstance;
use crate::scope::Scope;
use crate::value::{computed, is_wholly_known, unknown_from};
use crate::version::Version;
use proofmark_hcl::{Block, Expr, ExprKind, StepKind as HclStep};
use proofmark_model::{Attribute, Data, Map, Shape, SmolStr, Value};
use std::rc::Rc;
use std::sync::Arc;

/// A provider configuration as blocks name it: `aws` or `aws.west`.
#[derive(PartialEq)]
struct ProviderName {
    name: SmolStr,
    alias: Option<SmolStr>,
}

/// How a family of resources takes labels from its provider.
struct Labeling {
    /// How the types of the resources begin, which is the provider's name as well.
    prefix: &'static str,
    /// The argument with a resource's own labels.
    own: &'static str,
    /// The attributes that hold all of them.
    all: &'static [&'static str],
    /// Whether a resource has them at all where it has no labels of its own: a resource type without labels does not.
    is_common: bool,
}

/// The providers that add labels: AWS's `default_tags` to everything with `tags`, Google's `default_labels` to everything
/// with `labels`. Azure's adds none.
const LABELINGS: [Labeling; 2] = [
    Labeling { prefix: "aws", own: "tags", all: &["tags_all"], is_common: true },
    Labeling {
        prefix: "google",
        own: "labels",
        all: &["terraform_labels", "effective_labels"],
        is_common: false,
    },
];

/// The label by which the provider of Google marks what it makes, and the first version that does so unasked.
const ATTRIBUTION: (&str, &str) = ("goog-terraform-provisioned", "true");
const ATTRIBUTION_SINCE: &str = "6.0.0";

impl<'r> Evaluator<'r> {
    /// What is written in a resource, and what follows from it without asking the provider.
    pub fn provided_attributes(&self, instance: ResourceInstance<'_, 'r>) -> Map {
        let ResourceInstance { module, resource, .. } = instance;
        let attributes = self.resource_attributes(instance);
        let added: Vec<Attribute> = if resource.is_data {
            let computed = main_attribute(&resource.kind).and_then(|name| {
                let value = self.known_data(instance, name)?;
                Some(Attribute { name: SmolStr::new_static(name), name_span: resource.block.header, value })
            });
            computed.into_iter().collect()
        } else {
            self.all_labels(module, resource, &attributes)
        };
        if added.is_empty() {
            return self.with_defaults(module, resource, attributes);
        }
        let entries = attributes.entries().iter().cloned().chain(added).collect();
        self.with_defaults(module, resource, attributes.with_entries(entries))
    }

    /// The labels that a resource gets: those of its provider, overridden by its own.
    fn all_labels(
        &self,
        module: &Rc<Instance<'r>>,
        resource: &ResourceConfig<'r>,
        attributes: &Map,
    ) -> Vec<Attribute> {
        let kind = resource.kind.as_str();
        let family = |labeling: &&Labeling| {
            kind.strip_prefix(labeling.prefix).is_some_and(|rest| rest.starts_with('_'))
        };
        let Some(labeling) = LABELINGS.iter().find(family) else { return Vec::new() };
        let own = attributes.get(labeling.own);
        if own.is_none() && !labeling.is_common {
            return Vec::new();
        }
        let block: &Block = &resource.block;
        let defaults = match labeling.prefix {
            "aws" => self.default_tags(module, block),
            _ => self.provider_argument(module, resource, "default_labels"),
        };
        let Some(mut value) = merged(defaults, own.map(|own| &own.value), block) else { return Vec::new() };
        if labeling.prefix == "google" && self.adds_attribution(module, resource) {
            value = with_attribution(&value);
        }
        let name_span = own.map_or(block.header, |own| own.name_span);
        let missing = labeling.all.iter().filter(|name| attributes.get(name).is_none());
        missing
            .map(|name| Attribute { name: SmolStr::new_static(name), name_span, value: Value::clone(&value) })
            .collect()
    }

    /// Whether the provider of Google marks what it makes: if somebody asks for it, and since version 6 by itself.
    fn adds_attribution(&self, module: &Rc<Instance<'r>>, resource: &ResourceConfig<'r>) -> bool {
        let asked = self.provider_argument(module, resource, "add_terraform_attribution_label");
        match asked.map(|asked| asked.data) {
            Some(Data::Bool(asked)) => asked,
            Some(Data::Null) | None => self
                .provider_versions(module, "google")
                .is_some_and(|versions| versions.lie_within(Version::parse(ATTRIBUTION_SINCE), None)),
            Some(_) => false,
        }
    }

    /// The `default_tags` of the provider of AWS that a block uses.
    pub fn default_tags(&self, module: &Rc<Instance<'r>>, block: &Block) -> Option<Value> {
        let (instance, provider) = self.provider_of(module, block, "aws")?;
        let block = instance.config.providers.get(provider)?;
        let tags = block.body.blocks_of("default_tags").next()?.body.attribute("tags")?;
        Some(self.attribute_value(tags, &Scope::of(&instance)))
    }

    /// An argument of the provider configuration that a resource or data source uses.
    pub fn provider_argument(
        &self,
        module: &Rc<Instance<'r>>,
        resource: &ResourceConfig<'r>,
        name: &str,
    ) -> Option<Value> {
        let own = resource.kind.split('_').next().unwrap_or("");
        let (instance, provider) = self.provider_of(module, &resource.block, own)?;
        let argument = instance.config.providers.get(provider)?.body.attribute(name)?;
        Some(self.attribute_value(argument, &Scope::of(&instance)))
    }

    /// The module that configures the provider which a block uses, and the place of the configuration in it. `default` is
    /// the name of the provider that the block's type belongs to.
    fn provider_of(
        &self,
        module: &Rc<Instance<'r>>,
        block: &Block,
        default: &str,
    ) -> Option<(Rc<Instance<'r>>, usize)> {
        let written = block.body.attribute("provider").and_then(|attribute| provider_name(&attribute.value));
        let mut wanted = written.unwrap_or(ProviderName { name: SmolStr::new(default), alias: None });
        let mut current = Rc::clone(module);
        loop {
            let found = current.config.providers.iter().position(|provider| {
                let alias = provider.body.attribute("alias").and_then(|alias| alias.value.as_str());
                provider.label(0) == Some(&wanted.name) && alias == wanted.alias.as_deref()
            });
            if let Some(place) = found {
                return Some((current, place));
            }
            let next = {
                let caller = current.caller.as_ref()?;
                let call = caller.module.config.calls.get(&caller.name)?;
                wanted = passed_as(call, wanted)?;
                Rc::clone(&caller.module)
            };
            current = next;
        }
    }
}

fn with_attribution(labels: &Value) -> Value {
    let Data::Map(map) = &labels.data else { return Value::clone(labels) };
    let (name, text) = ATTRIBUTION;
    let span = labels.origin.span;
    let entry =
        Attribute { name: SmolStr::new_static(name), name_span: span, value: Value::string(text, span) };
    let own = map.entries().iter().cloned();
    labels.with_data(Data::Map(Arc::new(map.with_entries([entry].into_iter().chain(own).collect()))))
}

/// The provider's labels, overridden by the resource's own.
fn merged(defaults: Option<Value>, own: Option<&Value>, block: &Block) -> Option<Value> {
    let span = own.map_or(block.header, |own| own.origin.span);
    let own = own.filter(|own| !own.is_null());
    match (defaults.filter(|defaults| !defaults.is_null()), own) {
        (None, own) => own.cloned(),
        (Some(defaults), None) => Some(defaults),
        (Some(defaults), Some(own)) => Some(match (&defaults.data, &own.data) {
            (Data::Map(first), Data::Map(second)) => {
                let mut map = Map::new(first.entries().iter().chain(second.entries()).cloned().collect());
                map.header = second.header;
                map.unknown_rest =
                    first.unknown_rest.as_ref().or(second.unknown_rest.as_ref()).map(Arc::clone);
                computed(Data::Map(Arc::new(map)), span, &[&defaults, own])
            }
            // Either may hold any label, and may overwrite the other.
            _ if !is_wholly_known(own) || !is_wholly_known(&defaults) => {
                unknown_from(Some(Shape::Map), span, &[own, &defaults])
            }
            _ => Value::clone(own),
        }),
    }
}

/// What the caller calls the provider configuration that a module calls `wanted`.
fn passed_as(call: &Block, wanted: ProviderName) -> Option<ProviderName> {
    let Some(ExprKind::Object(items)) =
        call.body.attribute("providers").map(|attribute| &attribute.value.kind)
    else {
        // Only configurations without an alias are handed down by themselves.
        return wanted.alias.is_none().then_some(wanted);
    };
    items
        .iter()
        .find(|item| provider_name(&item.key).as_ref() == Some(&wanted))
        .and_then(|item| provider_name(&item.value))
}

fn provider_name(expr: &Expr) -> Option<ProviderName> {
    match &expr.kind {
        ExprKind::Variable(name) => Some(ProviderName { name: SmolStr::clone(name), alias: None }),
        ExprKind::String(text) => Some(match text.split_once('.') {
            Some((name, alias)) => ProviderName { name: name.into(), alias: Some(alias.into()) },
            None => ProviderName { name: SmolStr::clone(text), alias: None },
        }),
        ExprKind::Traversal(root, steps) => {
            let ExprKind::Variable(name) = &root.kind else { return None };
            match steps.first().map(|step| &step.kind) {
                Some(HclStep::Attribute(alias)) => {
                    let alias = Some(SmolStr::clone(alias));
                    Some(ProviderName { name: SmolStr::clone(name), alias })
                }
                _ => None,
            }
        }
        _ => None,
    }
}

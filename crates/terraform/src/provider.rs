//! What a provider's configuration adds to resources: default tags.

use crate::evaluator::{Evaluator, Instance};
use crate::scope::Scope;
use crate::value::{computed, is_wholly_known, unknown_from};
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

impl<'r> Evaluator<'r> {
    /// The tags that a resource of AWS gets: the provider's `default_tags`, overridden by its own `tags`.
    pub fn all_tags(&self, module: &Rc<Instance<'r>>, block: &Block, attributes: &Map) -> Option<Attribute> {
        if attributes.get("tags_all").is_some() {
            return None;
        }
        let own = attributes.get("tags");
        let defaults = self.default_tags(module, block);
        let span = own.map_or(block.header, |tags| tags.value.origin.span);
        let value = match (defaults, own.map(|tags| &tags.value)) {
            (None, own) => Value::clone(own?),
            (Some(defaults), None | Some(Value { data: Data::Null, .. })) => defaults,
            (Some(defaults), Some(own)) => match (&defaults.data, &own.data) {
                (Data::Map(first), Data::Map(second)) => {
                    let mut map = Map::new(first.entries().iter().chain(second.entries()).cloned().collect());
                    map.header = second.header;
                    map.unknown_rest =
                        first.unknown_rest.as_ref().or(second.unknown_rest.as_ref()).map(Arc::clone);
                    computed(Data::Map(Arc::new(map)), span, &[&defaults, own])
                }
                // Either may hold any tag, and may overwrite the other.
                _ if !is_wholly_known(own) || !is_wholly_known(&defaults) => {
                    unknown_from(Some(Shape::Map), span, &[own, &defaults])
                }
                _ => Value::clone(own),
            },
        };
        let name_span = own.map_or(block.header, |tags| tags.name_span);
        Some(Attribute { name: SmolStr::new_static("tags_all"), name_span, value })
    }

    fn default_tags(&self, module: &Rc<Instance<'r>>, block: &Block) -> Option<Value> {
        let written = block.body.attribute("provider").and_then(|attribute| provider_name(&attribute.value));
        let mut wanted = written.unwrap_or(ProviderName { name: SmolStr::new_static("aws"), alias: None });
        let mut current = Rc::clone(module);
        loop {
            let found = current.config.providers.iter().find(|provider| {
                let alias = provider.body.attribute("alias").and_then(|alias| alias.value.as_str());
                provider.label(0) == Some(&wanted.name) && alias == wanted.alias.as_deref()
            });
            if let Some(provider) = found {
                let tags = provider.body.blocks_of("default_tags").next()?.body.attribute("tags")?;
                return Some(self.attribute_value(tags, &Scope::of(&current)));
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

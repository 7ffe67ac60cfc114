//! Data sources: those that follow from their own arguments are computed, of the others the table of [`facts`] says what is
//! known without asking anybody.

mod facts;
mod google;

use crate::evaluator::{Evaluator, Subject};
use crate::policy::policy_of;
use crate::resource::ResourceInstance;
use crate::scope::Scope;
use facts::{Fact, Holds};
use proofmark_model::{HOLE, Known, Map, Reference, Shape, SmolStr, Unknown, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;

/// What makes the value of an attribute out of the arguments of its data source.
#[derive(Clone, Copy)]
enum Maker {
    /// A function of the arguments.
    Arguments(fn(&Map, Span) -> Value),
    /// A built-in function of Terraform, called with these arguments.
    Function(&'static str, &'static [&'static str]),
    /// The tags that the provider's configuration sets by default.
    DefaultTags,
}

/// Attributes that follow from the arguments of a data source, by its type.
const COMPUTED: [(&str, &str, Maker); 9] = [
    ("aws_default_tags", "tags", Maker::DefaultTags),
    ("aws_iam_policy_document", "json", Maker::Arguments(policy_of)),
    ("aws_iam_policy_document", "minified_json", Maker::Arguments(policy_of)),
    ("google_iam_policy", "policy_data", Maker::Arguments(google::policy_of)),
    ("local_file", "content", Maker::Function("file", &["filename"])),
    ("local_file", "content_base64", Maker::Function("filebase64", &["filename"])),
    ("local_sensitive_file", "content", Maker::Function("file", &["filename"])),
    ("null_data_source", "outputs", Maker::Arguments(inputs_of)),
    ("template_file", "rendered", Maker::Function("templatestring", &["template", "vars"])),
];

/// The attribute of a data source that rules read in its place, though nobody wrote it.
pub(crate) fn main_attribute(kind: &str) -> Option<&'static str> {
    COMPUTED.iter().find(|(own, ..)| *own == kind).map(|(_, attribute, _)| *attribute)
}

impl<'r> Evaluator<'r> {
    /// The attribute of a data source that can be computed without its provider.
    pub fn known_data(&self, instance: ResourceInstance<'_, 'r>, name: &str) -> Option<Value> {
        let ResourceInstance { module, resource, index, place } = instance;
        let is_this =
            |(kind, attribute, _): &&(&str, &str, Maker)| *kind == resource.kind && *attribute == name;
        let (.., maker) = *COMPUTED.iter().filter(|_| resource.is_data).find(is_this)?;
        let key = (index, place, SmolStr::new(name));
        let subject =
            Subject { what: format_args!("`{name}` of `{}`", resource.address), span: resource.block.header };
        let mut value = self.slot(&module.attributes, key, subject, || {
            let span = resource.block.span;
            match maker {
                Maker::Arguments(make) => make(&self.resource_attributes(instance), span),
                Maker::Function(function, names) => {
                    let arguments = self.resource_attributes(instance);
                    let values: Vec<Value> =
                        names.iter().map(|name| argument(&arguments, name, span)).collect();
                    let scope = Scope::of(module);
                    let result = self.call_values(function, values, resource.block.header, &scope);
                    self.settle(result, span)
                }
                Maker::DefaultTags => self
                    .default_tags(module, &resource.block)
                    .unwrap_or_else(|| Value::map(Map::default(), resource.block.header)),
            }
        });
        value.is_sensitive |= resource.kind == "local_sensitive_file";
        Some(value)
    }

    /// An attribute that only the provider computes, with what is known of it all the same.
    pub fn provider_value(
        &self,
        instance: ResourceInstance<'_, 'r>,
        reference: Reference,
        span: Span,
    ) -> Value {
        let resource = instance.resource;
        let attribute = SmolStr::clone(&reference.attribute);
        let mut unknown = Unknown::computed(reference);
        // What a data source finds may be missing; what every resource has is not.
        unknown.known.is_set =
            !resource.is_data || matches!(attribute.as_str(), "id" | "arn" | "json" | "name");
        if matches!(attribute.as_str(), "id" | "arn" | "name" | "self_link") {
            unknown.known.shape = Some(Shape::String);
        }
        if attribute == "arn" && resource.kind.trim_start_matches("data.").starts_with("aws_") {
            unknown.known.prefix = Some(SmolStr::new_static("arn:"));
        }
        // What a resource will be called by is built in the same way; the rest of a fact is about looking up.
        let is_told = resource.is_data || attribute == "arn";
        match facts::find(&resource.kind, &attribute).filter(|_| is_told) {
            Some(fact) => self.told(instance, fact, unknown, span),
            None => Value::unknown(unknown, span),
        }
    }

    /// An unknown value with what a fact says about it.
    fn told(
        &self,
        instance: ResourceInstance<'_, 'r>,
        fact: &Fact,
        mut unknown: Unknown,
        span: Span,
    ) -> Value {
        if let Some(reason) = fact.reason {
            unknown.reason = format_smolstr!("`{}` {reason}", instance.resource.address);
        }
        unknown.known.is_set = true;
        unknown.known.shape = Some(fact.holds.shape());
        let mut value = match fact.holds {
            Holds::Text(pattern) => match self.filled(instance, pattern) {
                Filled::Whole(value) => return value,
                Filled::Skeleton(skeleton) => {
                    unknown.known = with_skeleton(unknown.known, &skeleton);
                    Value::unknown(unknown, span)
                }
            },
            Holds::Characters(count) => {
                unknown.known.min_length = Some(count);
                unknown.known.max_length = Some(count);
                Value::unknown(unknown, span)
            }
            Holds::Secret | Holds::List | Holds::Map => Value::unknown(unknown, span),
        };
        value.is_sensitive = fact.holds == Holds::Secret;
        value
    }

    /// A pattern of [`facts`] with its names filled in.
    fn filled(&self, instance: ResourceInstance<'_, 'r>, pattern: &str) -> Filled {
        let mut text = String::new();
        let mut only = None;
        let mut rest = pattern;
        while let Some(start) = rest.find(['*', '{']) {
            let (before, behind) = rest.split_at(start);
            text.push_str(before);
            let (name, behind) = match behind.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
                Some((name, behind)) => (Some(name), behind),
                None => (None, behind.get(1..).unwrap_or("")),
            };
            rest = behind;
            let value = name.and_then(|name| self.named(instance, name));
            match value.as_ref().and_then(Value::as_str) {
                Some(known) => text.push_str(known),
                None => text.push(HOLE),
            }
            only = value.filter(|_| before.is_empty() && rest.is_empty());
        }
        text.push_str(rest);
        match only.filter(|value| !text.contains(HOLE) && value.as_str() == Some(&text)) {
            Some(value) => Filled::Whole(value),
            None => Filled::Skeleton(text),
        }
    }

    /// `provider.x` is an argument of the provider's configuration, `x` one of the data source.
    fn named(&self, instance: ResourceInstance<'_, 'r>, name: &str) -> Option<Value> {
        let ResourceInstance { module, resource, .. } = instance;
        match name.strip_prefix("provider.") {
            Some(argument) => self.provider_argument(module, resource, argument),
            None => self.resource_attributes(instance).value(name).cloned(),
        }
    }
}

/// What became of a pattern.
enum Filled {
    /// It is one name, and that has a value.
    Whole(Value),
    /// A text with [`HOLE`] in the place of what is not known.
    Skeleton(String),
}

fn with_skeleton(mut known: Known, skeleton: &str) -> Known {
    let (prefix, rest) = skeleton.split_once(HOLE).unwrap_or((skeleton, ""));
    known.prefix = (!prefix.is_empty()).then(|| SmolStr::new(prefix));
    let is_pattern = !prefix.is_empty() || !rest.is_empty();
    known.skeleton = is_pattern.then(|| SmolStr::new(skeleton));
    known.min_length = Some(1);
    known
}

fn argument(arguments: &Map, name: &str, span: Span) -> Value {
    arguments.value(name).cloned().unwrap_or_else(|| Value::map(Map::default(), span))
}

fn inputs_of(arguments: &Map, span: Span) -> Value {
    argument(arguments, "inputs", span)
}

//! From built objects to resources.

use crate::build::Built;
use crate::object::Object;
use proofmark_kubernetes::read_object;
use proofmark_model::{Attribute, Data, Origin, Resource, SmolStr, StepKind, Value, pod_view};
use proofmark_source::{Span, Workspace};

/// The resource that an object is, with the steps of its values in the words of kustomize. What patches and kustomizations
/// say of it is part of it as much as its document in a base.
pub(crate) fn resource(workspace: &dyn Workspace, built: &Built, object: &Object) -> Option<Resource> {
    let comments = object.comments.clone();
    let mut resource = read_object(&object.node, comments, object.home)?;
    let steps = Steps { workspace, built, home: object.home };
    resource.attributes = steps.named(&resource.attributes);
    resource.pod = pod_view(&resource.kind, &resource.attributes).cloned();
    resource.parts = parts(&resource.attributes, object.home);
    Some(resource)
}

/// Knows what the step behind a place is.
struct Steps<'b> {
    workspace: &'b dyn Workspace,
    built: &'b Built,
    /// The document that the object began as.
    home: Span,
}

impl Steps<'_> {
    /// The value with every step named after what stands there.
    fn named(&self, value: &Value) -> Value {
        let data = match &value.data {
            Data::Map(map) => {
                let entries = map.entries().iter().map(|entry| self.attribute(entry)).collect();
                Data::Map(map.with_entries(entries).into())
            }
            Data::List(elements) => Data::List(elements.iter().map(|element| self.named(element)).collect()),
            other => other.clone(),
        };
        let mut value = value.with_data(data);
        value.origin = self.origin(&value.origin);
        value
    }

    /// An attribute is found where its value is, if that is not behind its name.
    fn attribute(&self, entry: &Attribute) -> Attribute {
        let value = self.named(&entry.value);
        let is_scalar = !matches!(value.data, Data::Map(_) | Data::List(_));
        let is_apart = is_scalar && !self.is_behind(value.origin.span, entry.name_span);
        let name_span = if is_apart { value.origin.span } else { entry.name_span };
        Attribute { name: SmolStr::clone(&entry.name), name_span, value }
    }

    /// Whether a value stands behind a name, on the same line.
    fn is_behind(&self, value: Span, name: Span) -> bool {
        let text = self.workspace.load(name.file).unwrap_or("");
        let between = text.get(name.end as usize..value.start as usize);
        value.file == name.file && between.is_some_and(|between| !between.contains('\n'))
    }

    fn origin(&self, origin: &Origin) -> Origin {
        let Some(step) = origin.trail.as_deref() else { return origin.clone() };
        let (name, place) = (self.name(step.span, origin.span), origin.span);
        // Where the value itself stands elsewhere, what stood in the object's own document no longer counts.
        let is_overridden = self.home.contains(step.span) && place.file != step.span.file;
        let kind = if is_overridden { StepKind::Overridden(name) } else { StepKind::Included(name) };
        Origin::at(step.span).used_at(place, kind)
    }

    /// What stands at a step: a field of a kustomization, or the file of a base.
    fn name(&self, step: Span, place: Span) -> SmolStr {
        if let Some(fields) = self.built.kustomizations.get(&step.file) {
            let field = fields.iter().find(|(_, span)| span.contains(step));
            return SmolStr::new(field.map_or("kustomization", |(name, _)| name));
        }
        if step.file == place.file {
            return SmolStr::new_static("an anchor");
        }
        SmolStr::new(self.workspace.path(step.file))
    }
}

/// Where attributes stand outside of `home`, in order, what overlaps as one.
fn parts(attributes: &Value, home: Span) -> Vec<Span> {
    let mut places = Vec::new();
    collect(attributes, &mut places);
    places.retain(|place| !home.contains(*place));
    places.sort();
    let mut parts: Vec<Span> = Vec::new();
    for place in places {
        match parts.last_mut() {
            Some(last) if last.file == place.file && place.start <= last.end => {
                last.end = last.end.max(place.end);
            }
            _ => parts.push(place),
        }
    }
    parts
}

fn collect(value: &Value, places: &mut Vec<Span>) {
    match &value.data {
        Data::Map(map) => {
            places.extend(map.header);
            for entry in map.entries() {
                let (name, place) = (entry.name_span, entry.value.origin.span);
                let is_whole = name.file == place.file && name.start <= place.start;
                places.push(if is_whole { name.join(place) } else { name });
                collect(&entry.value, places);
            }
        }
        Data::List(elements) => elements.iter().for_each(|element| collect(element, places)),
        _ => places.push(value.origin.span),
    }
}

//! From built objects to resources.

use crate::build::Built;
use crate::object::Object;
use proofmark_kubernetes::read_object;
use proofmark_model::{Attribute, Data, Origin, Resource, SmolStr, StepKind, Value};
use proofmark_source::{Span, Workspace};

/// The resource that an object is, with the steps of its values in the words of kustomize.
pub(crate) fn resource(workspace: &dyn Workspace, built: &Built, object: &Object) -> Option<Resource> {
    let comments = object.comments.clone();
    let mut resource = read_object(&object.node, comments, object.home)?;
    let steps = Steps { workspace, built };
    resource.attributes = steps.named(&resource.attributes);
    resource.pod = resource.pod.as_ref().map(|pod| steps.named(pod));
    resource.calls.extend(object.calls.iter().copied());
    Some(resource)
}

/// Knows what the step behind a place is.
struct Steps<'b> {
    workspace: &'b dyn Workspace,
    built: &'b Built,
}

impl Steps<'_> {
    /// The value with every step named after what stands there.
    fn named(&self, value: &Value) -> Value {
        let data = match &value.data {
            Data::Map(map) => {
                let named = |entry: &Attribute| self.named(&entry.value);
                Data::Map(map.with_values(named).into())
            }
            Data::List(elements) => Data::List(elements.iter().map(|element| self.named(element)).collect()),
            other => other.clone(),
        };
        let mut value = value.with_data(data);
        value.origin = self.origin(&value.origin);
        value
    }

    fn origin(&self, origin: &Origin) -> Origin {
        let Some(step) = origin.trail.as_deref() else { return origin.clone() };
        let name = self.name(step.span, origin.span);
        Origin::at(step.span).used_at(origin.span, StepKind::Included(name))
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

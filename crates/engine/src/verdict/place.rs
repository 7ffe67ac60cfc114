//! Where an evaluation points.

use super::{element_place, read_path};
use crate::condition::{Read, Run, Seen};
use proofmark_findings::Related;
use proofmark_model::{Attribute, Data, StepKind};
use proofmark_source::Span;

/// More places than this help nobody.
const MAX_RELATED: usize = 12;

/// The first decisive value that stands inside the judged element, else its header; without an element, inside the
/// resource, else the resource's header.
///
/// An element may be written in several places, as the resource may: what is read through it and stands in a part of the
/// resource is inside as well.
pub(super) fn location(run: &Run<'_>, reads: &[Read<'_>]) -> Span {
    let resource = run.world.resource;
    let Some(element) = element_place(run) else {
        let inside = reads.iter().map(read_span).find(|span| resource.holds(*span));
        return inside.unwrap_or(resource.header);
    };
    let whole = element.value.origin.span;
    let header = element.value.as_map().and_then(|map| map.header);
    let is_inside = |read: &Read<'_>, span: Span| {
        let is_written_inside = whole.contains(span) || header.is_some_and(|header| header.contains(span));
        let is_read_inside = || !resource.parts.is_empty() && run.is_below(read.path, element.path);
        resource.holds(span) && (is_written_inside || is_read_inside())
    };
    let inside = reads.iter().map(|read| (read, read_span(read))).find(|(read, span)| is_inside(read, *span));
    let inside = inside.map(|(_, span)| span);
    let candidates = [inside, header, element.attribute.map(attribute_span), Some(whole)];
    let fitting = candidates.into_iter().flatten().find(|span| resource.holds(*span));
    fitting.unwrap_or(resource.header)
}

/// Where a read stands: the attribute with its value, the element, or the header of the block that lacks it.
pub(super) fn read_span(read: &Read<'_>) -> Span {
    match (&read.seen, read.attribute) {
        (Seen::Resources { .. }, _) | (Seen::Absent, None) => read.home,
        (_, Some(attribute)) => attribute_span(attribute),
        (Seen::Value(value), None) => {
            let header = value.as_map().and_then(|map| map.header);
            header.unwrap_or(value.origin.span)
        }
    }
}

/// An attribute with its value; of blocks and maps, which may be long, the name.
fn attribute_span(attribute: &Attribute) -> Span {
    let value = attribute.value.origin.span;
    let name = attribute.name_span;
    let is_nested = match &attribute.value.data {
        Data::Map(_) => true,
        Data::List(elements) => elements.iter().any(|element| matches!(element.data, Data::Map(_))),
        _ => false,
    };
    if is_nested || value.file != name.file || value.start < name.start { name } else { name.join(value) }
}

/// Other places that decided: where a value came from, values in other resources, the calls that lead here.
pub(super) fn related(run: &Run<'_>, reads: &[Read<'_>]) -> Vec<Related> {
    let resource = run.world.resource;
    let mut related: Vec<Related> = Vec::new();
    let mut add = |span: Span, message: String| {
        let is_new = !related.iter().any(|known| known.span == span);
        if is_new && related.len() < MAX_RELATED {
            related.push(Related { span, message });
        }
    };
    for read in reads {
        let path = read_path(run, read);
        let span = read_span(read);
        if !resource.holds(span) {
            add(span, format!("`{path}` {}", super::words::state(&path, read)));
        }
        let Seen::Value(value) = &read.seen else { continue };
        for step in value.origin.steps() {
            let message = match &step.kind {
                StepKind::Operand => format!("`{path}` is computed from this"),
                StepKind::Default(_) => format!("`{path}` is the {}", step.kind),
                StepKind::Supplied => format!("`{path}` is set by this value"),
                StepKind::Included(_) => format!("`{path}` is {}", step.kind),
                StepKind::Overridden(_) => format!("`{path}` is set {}", step.kind),
                kind => format!("`{path}` comes from {kind}"),
            };
            add(step.span, message);
        }
    }
    for call in &resource.calls {
        add(*call, "called from here".to_owned());
    }
    related
}

//! From bytes of a rendered manifest to places in templates and values files.

use crate::objects::{is_unknown_namespace, unknown_namespace};
use proofmark_gotemplate::{Place, Text, Trace};
use proofmark_model::{Origin, Provenance, SmolStr, Step, StepKind, Unknown};
use proofmark_source::{FileId, Span};
use proofmark_syntax::{Node, NodeData};
use std::sync::Arc;

/// Where the bytes of one manifest came from.
pub(crate) struct Rendered<'m> {
    pub text: &'m Text,
    /// Where the text as a whole came from.
    pub trace: &'m Trace,
    /// What stands for bytes that came from nowhere: the template's first line.
    pub fallback: Span,
}

impl Rendered<'_> {
    /// The stretch that holds a byte, and how many bytes of its innermost text stand before that byte.
    fn at(&self, byte: usize) -> Option<(&Trace, usize)> {
        let (range, trace, skip) = self.text.stretch_at(byte, self.trace)?;
        Some((trace, skip + byte.saturating_sub(range.start)))
    }

    /// The place in a file that stands for `span`: of text, the same bytes; of an action, all of it.
    fn place(&self, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some((trace, skip)) = self.at(start) else { return self.fallback };
        match trace.places().next() {
            Some(Place::Text(written)) if trace.places().count() == 1 => {
                let first = written.start as usize + skip;
                let last = (first + (end - start)).min(written.end as usize);
                Span::new(written.file, first, last)
            }
            Some(place) => place.span().unwrap_or(self.fallback),
            None => self.fallback,
        }
    }

    /// The trace that says most about a value. The template may have written a quote or the name of the release in front of
    /// what it was given, so that of a scalar the first stretch counts that passed most values.
    fn source(&self, span: Span) -> Option<&Trace> {
        let range = span.start as usize..span.end as usize;
        let written = self.text.as_str().get(range.clone()).unwrap_or("");
        // A value says more than the text of a file or of another template.
        let worth = |trace: &Trace| {
            let values = trace.places().filter(|place| matches!(place, Place::Value(_))).count();
            (values, trace.places().skip(1).any(|place| matches!(place, Place::Text(_))))
        };
        let mut best: Option<((usize, bool), &Trace)> = None;
        if is_scalar(written) {
            for (_, trace, _) in self.text.stretches_in(range, self.trace) {
                let worth = worth(trace);
                if worth > best.map_or((0, false), |(most, _)| most) {
                    best = Some((worth, trace));
                }
            }
        }
        let inside = span.start as usize + usize::from(span.end > span.start + 1);
        best.map(|(_, trace)| trace).or_else(|| self.at(inside).map(|(trace, _)| trace))
    }

    /// The part of the template that wrote the manifest: everything between its first and its last byte there.
    pub fn extent(&self) -> Span {
        let mut extent: Option<Span> = None;
        for (range, ..) in self.text.stretches(self.trace) {
            let stretch = Span::new(FileId(0), range.start, range.end);
            let place = self.place(stretch);
            extent = Some(extent.map_or(place, |extent| extent.join(place)));
        }
        extent.unwrap_or(self.fallback)
    }
}

impl Provenance for Rendered<'_> {
    fn origin(&self, span: Span) -> Origin {
        let place = self.place(span);
        let stops =
            self.source(span).map(|trace| trace.places().skip(1).collect::<Vec<_>>()).unwrap_or_default();
        let trail = stops.into_iter().rev().fold(None, |before, stop| {
            let (kind, span) = step_of(stop)?;
            // Everything in an archive stands where the archive is named.
            if span == place { before } else { Some(Arc::new(Step { kind, span, before })) }
        });
        Origin { span: place, trail }
    }

    fn unknown(&self, span: Span) -> Option<Unknown> {
        let start = span.start as usize;
        let end = (span.end as usize).max(start + 1);
        let mut stretches = self.text.stretches_in(start..end, self.trace);
        let reason = stretches.find_map(|(_, trace, _)| trace.unknown())?;
        let written = self.text.as_str().get(start..end).unwrap_or("");
        let is_namespace = is_unknown_namespace(reason, written);
        Some(if is_namespace { unknown_namespace() } else { Unknown::because(SmolStr::clone(reason)) })
    }
}

/// Whether the text of a node is that of a scalar: maps and lists show it by their first character or a colon.
fn is_scalar(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'|' | b'>') => true,
        Some(b'{' | b'[') | None => false,
        Some(quote @ (b'"' | b'\'')) => {
            let is_key = |end: usize| text.as_bytes().get(end + 1) == Some(&b':');
            let mut ends = text.bytes().enumerate().skip(1).filter(|(_, byte)| byte == quote);
            !ends.any(|(end, _)| is_key(end))
        }
        Some(_) => {
            !text.starts_with("- ") && !text.contains(": ") && !text.contains(":\n") && !text.ends_with(':')
        }
    }
}

fn step_of(stop: &Place) -> Option<(StepKind, Span)> {
    Some(match stop {
        Place::Value(span) if *span == crate::values::NOWHERE => return None,
        Place::Value(span) => (StepKind::Supplied, *span),
        Place::Literal(span) => (StepKind::Default(SmolStr::new_static("the template")), *span),
        Place::Action(span) | Place::Text(span) => (StepKind::Operand, *span),
        Place::Unknown(_) => return None,
    })
}

impl crate::Manifest {
    /// The documents of the manifest with every node at its place in a template: `span` is the nearest place behind it, such
    /// as an entry of the values, where there is one. What nobody knows is an expression.
    #[must_use]
    pub fn placed(&self, chart: &crate::Chart) -> Vec<Node> {
        let fallback = Span::file_start(chart.file);
        let rendered = Rendered { text: &self.text, trace: &self.trace, fallback };
        let mut roots: Vec<Node> =
            self.parsed.documents.iter().map(|document| document.root.clone()).collect();
        roots.iter_mut().for_each(|root| rendered.move_to_places(root));
        roots
    }
}

impl Rendered<'_> {
    fn move_to_places(&self, node: &mut Node) {
        let is_collection = matches!(node.data, NodeData::Sequence(_) | NodeData::Mapping(_));
        if let Some(unknown) = self.unknown(node.span).filter(|_| !is_collection) {
            node.data = NodeData::Template(unknown.reason);
        }
        let origin = self.origin(node.span);
        node.included_at = origin.trail.as_ref().map(|_| origin.span);
        node.span = origin.trail.as_ref().map_or(origin.span, |step| step.span);
        match &mut node.data {
            NodeData::Sequence(elements) => {
                elements.iter_mut().for_each(|element| self.move_to_places(element))
            }
            NodeData::Mapping(entries) => {
                for entry in entries {
                    entry.key.span = self.place(entry.key.span);
                    self.move_to_places(&mut entry.value);
                }
            }
            _ => {}
        }
    }
}

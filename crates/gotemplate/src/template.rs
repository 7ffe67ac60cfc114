//! Parsed templates by name.

use crate::cache::Cache;
use crate::error::ParseError;
use crate::node::{NodeKind, Nodes};
use crate::trace::{Place, Trace};
use proofmark_source::{FileId, Span};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A text that holds templates.
#[derive(Debug)]
pub struct Source {
    /// The name that messages use: `chart/templates/service.yaml`.
    pub name: SmolStr,
    /// The text.
    pub text: Rc<str>,
    /// Where the text stands.
    pub origin: Origin,
}

/// Where the text of a template stands.
#[derive(Clone, Debug)]
pub enum Origin {
    /// In a file, from its first byte.
    File(FileId),
    /// Nowhere: it was computed, and handed to `tpl`. The trace leads to where it was written.
    Computed(Trace),
}

impl Source {
    /// Where an action of the text stands.
    pub(crate) fn action(&self, start: usize, end: usize) -> Trace {
        self.place(start, end, Place::Action)
    }

    /// Where literal text stands.
    pub(crate) fn text(&self, start: usize, end: usize) -> Trace {
        self.place(start, end, Place::Text)
    }

    /// Where a literal value stands.
    pub(crate) fn literal(&self, start: usize, end: usize) -> Trace {
        self.place(start, end, Place::Literal)
    }

    fn place(&self, start: usize, end: usize, place: fn(Span) -> Place) -> Trace {
        match &self.origin {
            Origin::File(file) => Trace::of(place(Span::new(*file, start, end))),
            Origin::Computed(trace) => Trace::clone(trace),
        }
    }
}

/// One template: a whole file, or what a `define` holds.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub source: Rc<Source>,
    pub body: Rc<Nodes>,
}

/// The templates that know each other: a chart's, and those of its subcharts.
#[derive(Debug, Default)]
pub struct Templates {
    by_name: BTreeMap<SmolStr, Template>,
    /// Further templates, which those above hide.
    base: Option<Rc<Templates>>,
    pub(crate) cache: Rc<Cache>,
}

impl Templates {
    /// Templates that know those of `base` too, and may replace them for themselves.
    pub(crate) fn extending(base: &Rc<Self>) -> Self {
        Self { by_name: BTreeMap::new(), base: Some(Rc::clone(base)), cache: Rc::clone(&base.cache) }
    }

    /// Adds a text under its name, and what it defines. A later definition replaces an earlier one, unless it is empty.
    ///
    /// # Errors
    ///
    /// Where the text is no template; nothing of it is added then.
    pub fn add(&mut self, source: Source) -> Result<(), ParseError> {
        let parsed = self.cache.parsed(&source)?;
        let source = Rc::new(source);
        let own = (&source.name, &parsed.body);
        for (name, body) in parsed.defined.iter().map(|(name, body)| (name, body)).chain([own]) {
            if !(is_blank(body, &source.text) && self.get(name).is_some()) {
                let template = Template { source: Rc::clone(&source), body: Rc::clone(body) };
                self.by_name.insert(SmolStr::clone(name), template);
            }
        }
        Ok(())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Template> {
        let mut templates = Some(self);
        while let Some(layer) = templates {
            if let Some(template) = layer.by_name.get(name) {
                return Some(template);
            }
            templates = layer.base.as_deref();
        }
        None
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &SmolStr> {
        self.by_name.keys()
    }
}

/// Whether nodes write nothing but space (text/template, `IsEmptyTree`).
pub(crate) fn is_blank(nodes: &Nodes, text: &str) -> bool {
    nodes.iter().all(|node| {
        matches!(node.kind, NodeKind::Text)
            && text.get(node.start..node.end).is_some_and(|text| text.trim().is_empty())
    })
}

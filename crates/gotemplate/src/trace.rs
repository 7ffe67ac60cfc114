//! Where a value, or a byte of output, came from.

use proofmark_source::Span;
use smol_str::SmolStr;
use std::rc::Rc;

/// One stop on the way of a value or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Text that stands in a template as it is.
    Text(Span),
    /// An action of a template that wrote what follows: `{{ include "labels" . }}`.
    Action(Span),
    /// A literal in a template: `8080` in `{{ default 8080 .Values.port }}`.
    Literal(Span),
    /// A value that was handed to the template: an entry of a values file.
    Value(Span),
    /// Nobody knows the real value before the template really runs; the text is a placeholder. Says why.
    Unknown(SmolStr),
}

impl Place {
    /// Where it is, unless nobody knows.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Text(span) | Self::Action(span) | Self::Literal(span) | Self::Value(span) => Some(*span),
            Self::Unknown(_) => None,
        }
    }
}

/// The stops that a value passed, outermost first. Clones share.
#[derive(Clone, Debug, Default)]
pub struct Trace(Option<Rc<Link>>);

impl PartialEq for Trace {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(left), Some(right)) => Rc::ptr_eq(left, right) || left == right,
            _ => false,
        }
    }
}

impl Eq for Trace {}

#[derive(Debug, PartialEq, Eq)]
struct Link {
    place: Place,
    next: Trace,
    depth: u32,
}

/// How many stops are kept. Recursive templates would pile up one for each level.
const MAX_STOPS: u32 = 32;

impl Trace {
    /// A trace that leads nowhere.
    pub const NONE: Self = Self(None);

    /// A trace of one stop.
    #[must_use]
    pub fn of(place: Place) -> Self {
        Self::default().behind(place)
    }

    /// This trace with one more stop in front of it. Beyond 32 stops the outer ones are dropped.
    #[must_use]
    pub fn behind(&self, place: Place) -> Self {
        let depth = self.0.as_ref().map_or(0, |link| link.depth) + 1;
        if depth > MAX_STOPS {
            return Self::clone(self);
        }
        Self(Some(Rc::new(Link { place, next: Self::clone(self), depth })))
    }

    /// Whether nothing is known of where it came from.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The stops, outermost first.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let mut next = self.0.as_deref();
        std::iter::from_fn(move || {
            let link = next?;
            next = link.next.0.as_deref();
            Some(&link.place)
        })
    }

    /// The last stop: where the value was first written.
    #[must_use]
    pub fn innermost(&self) -> Option<&Place> {
        self.places().last()
    }

    /// Why nobody knows the real value, where that is so.
    #[must_use]
    pub fn unknown(&self) -> Option<&SmolStr> {
        self.places().find_map(|place| match place {
            Place::Unknown(reason) => Some(reason),
            _ => None,
        })
    }

    /// Whether it leads to a literal of a template.
    #[must_use]
    pub(crate) fn is_literal(&self) -> bool {
        matches!(self.innermost(), Some(Place::Literal(_)))
    }

    /// Of several values that made one: the trace of the first that nobody knows, else the last that leads out of the
    /// template, else the last that leads anywhere.
    ///
    /// In pipelines the value that is worked on comes last.
    #[must_use]
    pub fn joined<'t>(traces: impl IntoIterator<Item = &'t Trace>) -> Self {
        let mut chosen = &Self(None);
        for trace in traces {
            if trace.unknown().is_some() {
                return Self::clone(trace);
            }
            if !trace.is_empty() && (chosen.is_empty() || chosen.is_literal() || !trace.is_literal()) {
                chosen = trace;
            }
        }
        Self::clone(chosen)
    }
}

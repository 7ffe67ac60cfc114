//! Text whose bytes know where they came from.

use crate::trace::{Place, Trace};
use std::ops::Range;
use std::rc::Rc;

/// A text value. Clones share.
#[derive(Clone, Debug, Default)]
pub struct Text {
    text: Rc<str>,
    /// In order, without gaps, covering the whole text; none where the value's own trace says all.
    marks: Option<Rc<[Mark]>>,
}

/// Where a stretch of text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The byte after its last; it begins where the mark before it ends.
    pub end: usize,
    /// Where it came from.
    pub trace: Trace,
    /// How many bytes into the innermost [`Place::Text`] it begins.
    pub skip: usize,
}

impl Text {
    /// Text that came from where its value came from.
    #[must_use]
    pub fn plain(text: impl Into<Rc<str>>) -> Self {
        Self { text: text.into(), marks: None }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The stretches with their bytes; `whole` stands for texts that have no marks.
    pub fn stretches<'t>(
        &'t self,
        whole: &'t Trace,
    ) -> impl Iterator<Item = (Range<usize>, &'t Trace, usize)> {
        self.stretches_in(0..usize::MAX, whole)
    }

    /// How many stretches came from places of their own.
    pub(crate) fn mark_count(&self) -> usize {
        self.marks.as_deref().map_or(0, <[Mark]>::len)
    }

    /// The stretches that touch `within`, found without a walk over those before it.
    pub fn stretches_in<'t>(
        &'t self,
        within: Range<usize>,
        whole: &'t Trace,
    ) -> impl Iterator<Item = (Range<usize>, &'t Trace, usize)> {
        let marks = self.marks.as_deref().unwrap_or(&[]);
        let first = marks.partition_point(|mark| mark.end <= within.start);
        let unmarked = self.marks.is_none().then_some((0..self.text.len(), whole, 0));
        let mut start = first.checked_sub(1).and_then(|before| marks.get(before)).map_or(0, |mark| mark.end);
        let marked = marks.get(first..).unwrap_or(&[]).iter().map(move |mark| {
            let range = start..mark.end;
            start = mark.end;
            (range, &mark.trace, mark.skip)
        });
        unmarked.into_iter().chain(marked).take_while(move |(range, ..)| range.start < within.end)
    }

    /// The stretch that holds a byte, with its bytes.
    #[must_use]
    pub fn stretch_at<'t>(
        &'t self,
        byte: usize,
        whole: &'t Trace,
    ) -> Option<(Range<usize>, &'t Trace, usize)> {
        self.stretches_in(byte..byte + 1, whole).find(|(range, ..)| range.end > byte)
    }

    /// Whether stretches came from different places.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.marks.is_some()
    }
}

/// Builds a text from pieces, keeping where each came from.
#[derive(Debug, Default)]
pub struct TextBuilder {
    text: String,
    marks: Vec<Mark>,
}

impl TextBuilder {
    /// The bytes written.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What was written so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Appends characters that came from `trace`, `skip` bytes into its innermost text.
    pub fn push(&mut self, text: &str, trace: &Trace, skip: usize) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        if let Some(last) = self.marks.last_mut()
            && last.trace == *trace
            && (!ends_in_text(trace) || last.skip + (start - self.marks_start()) == skip)
        {
            if let Some(last) = self.marks.last_mut() {
                last.end = end;
            }
            return;
        }
        self.marks.push(Mark { end, trace: Trace::clone(trace), skip });
    }

    /// Where the last mark begins.
    fn marks_start(&self) -> usize {
        self.marks.len().checked_sub(2).and_then(|index| self.marks.get(index)).map_or(0, |mark| mark.end)
    }

    /// Appends a part of a text whose value came from `whole`.
    pub fn push_part(&mut self, text: &Text, range: Range<usize>, whole: &Trace) {
        for (stretch, trace, skip) in text.stretches_in(Range::clone(&range), whole) {
            let start = stretch.start.max(range.start);
            let end = stretch.end.min(range.end);
            if start < end
                && let Some(part) = text.as_str().get(start..end)
            {
                self.push(part, trace, skip + (start - stretch.start));
            }
        }
    }

    /// Appends a text whose value came from `whole`.
    pub fn push_text(&mut self, text: &Text, whole: &Trace) {
        self.push_part(text, 0..text.as_str().len(), whole);
    }

    /// The same text with `place` in front of where each stretch came from.
    #[must_use]
    pub fn behind(mut self, place: &Place) -> Self {
        for mark in &mut self.marks {
            mark.trace = mark.trace.behind(Place::clone(place));
        }
        self
    }

    /// The text, and where it came from as a whole.
    #[must_use]
    pub fn finish(self) -> (Text, Trace) {
        let trace = Trace::joined(self.marks.iter().map(|mark| &mark.trace));
        let is_single = self.marks.len() < 2 && self.marks.iter().all(|mark| !ends_in_text(&mark.trace));
        let marks = (!is_single).then(|| self.marks.into());
        (Text { text: self.text.into(), marks }, trace)
    }
}

fn ends_in_text(trace: &Trace) -> bool {
    matches!(trace.innermost(), Some(Place::Text(_)))
}

//! From the bytes of a script inside a script to the bytes of the outermost one.

use std::ops::Range;

/// The way from the bytes of a text to those of the script that it was taken out of.
///
/// The argument of `bash -c "…"` is a script of its own, whose text has lost its quotes. It consists of runs that stand
/// in the outer script just so; a byte between two runs counts to the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Sorted. Empty where both texts are one.
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    at: usize,
    outer: usize,
    length: usize,
}

impl Places {
    /// Says that the `length` bytes behind `at` stand at `outer`. Runs are added in order.
    pub fn add(&mut self, at: usize, outer: usize, length: usize) {
        match self.runs.last_mut() {
            Some(last) if last.at + last.length == at && last.outer + last.length == outer => {
                last.length += length;
            }
            _ => self.runs.push(Run { at, outer, length }),
        }
    }

    /// Where `range` stands in the outermost script.
    pub fn outer(&self, range: Range<usize>) -> Range<usize> {
        if self.runs.is_empty() {
            return range;
        }
        let start = self.offset(range.start);
        let end = if range.is_empty() { start } else { self.offset(range.end - 1) + 1 };
        start..end.max(start)
    }

    /// Where one byte stands.
    pub fn offset(&self, at: usize) -> usize {
        let behind = self.runs.partition_point(|run| run.at <= at);
        match behind.checked_sub(1).and_then(|index| self.runs.get(index)) {
            Some(run) => run.outer + (at - run.at).min(run.length.saturating_sub(1)),
            None => self.runs.first().map_or(at, |run| run.outer),
        }
    }
}

//! The sums of the ledger.

use crate::{FileRecord, FileState, ScanResult};
use std::collections::HashSet;
use std::fmt;

/// How many files are in which state. The states exclude each other, so they add up to `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// All that were discovered.
    pub total: usize,
    /// Read whole.
    pub read: usize,
    /// Read in part.
    pub partly_read: usize,
    /// Not read.
    pub not_read: usize,
    /// Left out by somebody's rule.
    pub excluded: usize,
    /// Known to no reader.
    pub unrecognized: usize,
}

impl Ledger {
    /// Counts the files.
    #[must_use]
    pub fn of(files: &[FileRecord]) -> Self {
        let mut ledger = Self { total: files.len(), ..Self::default() };
        for record in files {
            match record.state {
                FileState::Read => ledger.read += 1,
                FileState::PartlyRead => ledger.partly_read += 1,
                FileState::NotRead(_) => ledger.not_read += 1,
                FileState::Excluded(_) => ledger.excluded += 1,
                FileState::Unrecognized => ledger.unrecognized += 1,
            }
        }
        ledger
    }

    /// Whether the states add up to the total.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.total == self.read + self.partly_read + self.not_read + self.excluded + self.unrecognized
    }

    /// Whether every file in scope was read whole.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.partly_read == 0 && self.not_read == 0
    }
}

impl fmt::Display for Ledger {
    /// `12 files: 9 read, 1 partly read, 1 not read, 1 unrecognized`; states without a file are left out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.total == 1 { "file" } else { "files" };
        write!(formatter, "{} {noun}", self.total)?;
        let states = [
            (self.read, "read"),
            (self.partly_read, "partly read"),
            (self.not_read, "not read"),
            (self.excluded, "excluded"),
            (self.unrecognized, "unrecognized"),
        ];
        let mut separator = ": ";
        for (count, name) in states.into_iter().filter(|(count, _)| *count > 0) {
            write!(formatter, "{separator}{count} {name}")?;
            separator = ", ";
        }
        Ok(())
    }
}

/// Where a result contradicts its own ledger; nothing in a right one.
///
/// Every path stands once, and every evaluation points at a file that was read at least in part.
#[must_use]
pub fn check_ledger(result: &ScanResult) -> Vec<String> {
    let mut problems = Vec::new();
    let mut paths = HashSet::new();
    let mut read = HashSet::new();
    for record in &result.files {
        if !paths.insert(record.path.as_str()) {
            problems.push(format!("`{}` stands twice in the ledger", record.path));
        }
        if matches!(record.state, FileState::Read | FileState::PartlyRead) {
            read.extend(record.file);
        }
    }
    let known: HashSet<_> = result.files.iter().filter_map(|record| record.file).collect();
    let mut reported = HashSet::new();
    for evaluation in &result.evaluations {
        let file = evaluation.span.file;
        // A verdict on the repository as a whole points at no file.
        if known.contains(&file) && !read.contains(&file) && reported.insert(file) {
            let path = result.files.iter().find(|record| record.file == Some(file)).map_or("", |r| &r.path);
            problems.push(format!("`{path}` was judged, but the ledger does not say that it was read"));
        }
    }
    problems
}

#[cfg(test)]
mod tests;

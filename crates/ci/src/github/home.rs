//! The file that is being read, and the calls that led to it.

use super::repository::{Repository, SourceFile};
use crate::expression::Inputs;
use proofmark_model::Address;
use proofmark_source::Span;

/// How many workflows or actions may call one another in a row, the first included (GitHub's "Reuse workflows" and "Creating
/// a composite action": ten levels).
pub const MAX_LEVELS: usize = 10;

/// Where something is being read.
#[derive(Clone, Copy)]
pub struct Home<'a> {
    /// The files that are read together.
    pub repository: &'a Repository<'a>,
    /// The file, by its place among them.
    pub file: usize,
    /// The calls that led here, outermost first; empty for what the file says by itself.
    pub path: &'a [usize],
}

/// What a call leads to.
pub struct Target<'a> {
    /// The number of the call.
    pub call: usize,
    /// The file that is called.
    pub file: usize,
    /// What it is.
    pub source: &'a SourceFile<'a>,
}

impl<'a> Home<'a> {
    /// The file.
    pub fn source(&self) -> Option<&'a SourceFile<'a>> {
        self.repository.files.get(self.file)
    }

    /// What `inputs` stands for.
    pub fn inputs(&self) -> Inputs<'a> {
        Inputs { calls: &self.repository.calls, file: self.file, path: self.path }
    }

    /// The resource that a local `uses` names.
    pub fn address(&self, uses: &str) -> Option<&'a Address> {
        let target = self.repository.target(uses)?;
        self.repository.files.get(target).map(|file| &file.address)
    }

    /// What the `uses` at `place` calls, unless that leads in a circle or too deep.
    pub fn target(&self, place: Span) -> Option<Target<'a>> {
        let calls = &self.repository.calls;
        let (call, found) = calls.at(self.file, place)?;
        let file = found.to;
        let is_circle = file == self.file
            || self.path.iter().filter_map(|number| calls.calls.get(*number)).any(|call| call.from == file);
        let is_deep = self.path.len() + 2 > MAX_LEVELS;
        let source = self.repository.files.get(file)?;
        let is_followed = !is_circle && !is_deep && self.repository.may_expand(source, place);
        is_followed.then_some(Target { call, file, source })
    }
}

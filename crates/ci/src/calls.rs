//! Which workflow or action of the repository calls which.

use proofmark_model::Address;
use proofmark_source::Span;
use proofmark_syntax::Node;

/// The calls between the files of a repository.
#[derive(Default)]
pub struct Calls<'n> {
    /// What can be called, by the file's place among those that are read together.
    pub files: Vec<Callable<'n>>,
    /// The calls, in order of file and place.
    pub calls: Vec<Call<'n>>,
}

/// A file that others may call.
#[derive(Default)]
pub struct Callable<'n> {
    /// The maps that declare its inputs: of an action one, of a workflow one for each trigger that takes some.
    pub inputs: Vec<&'n Node>,
    /// The calls of it, as places in [`Calls::calls`].
    pub calls: Vec<usize>,
    /// What the file holds.
    pub root: Option<&'n Node>,
}

/// A job that calls a workflow, or a step that uses an action, of the repository.
pub struct Call<'n> {
    /// The file that calls.
    pub from: usize,
    /// The file that is called.
    pub to: usize,
    /// The job or action that calls.
    pub caller: Address,
    /// Where the `uses` stands.
    pub place: Span,
    /// What it hands over.
    pub with: Option<&'n Node>,
    /// The `env` maps that apply there, innermost first.
    pub environments: Vec<&'n Node>,
    /// The `strategy.matrix` that applies there.
    pub matrix: Option<&'n Node>,
    /// The steps beside it.
    pub steps: Option<&'n Node>,
}

impl Calls<'_> {
    /// The calls of a file.
    pub fn of(&self, file: usize) -> impl Iterator<Item = (usize, &Call<'_>)> {
        let numbers = self.files.get(file).map_or(&[][..], |callable| callable.calls.as_slice());
        numbers.iter().filter_map(|number| Some((*number, self.calls.get(*number)?)))
    }

    /// The calls that a file makes.
    pub fn from(&self, file: usize) -> impl Iterator<Item = &Call<'_>> {
        self.calls.iter().filter(move |call| call.from == file)
    }

    /// The call that stands at `place` of the file `from`.
    pub fn at(&self, from: usize, place: Span) -> Option<(usize, &Call<'_>)> {
        self.calls.iter().enumerate().find(|(_, call)| call.from == from && call.place == place)
    }
}

/// The name of an action, `owner/repo` in lower case; `None` for images and what lies in the repository.
pub fn action_name(uses: &str) -> Option<String> {
    if uses.contains("://") || uses.starts_with('.') {
        return None;
    }
    let place = uses.split_once('@').map_or(uses, |(place, _)| place).trim().to_lowercase();
    let mut parts = place.splitn(3, '/');
    Some(format!("{}/{}", parts.next()?, parts.next()?))
}

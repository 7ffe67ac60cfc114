//! What is wrong with a file, as GitHub would say: located, and never a reason to stop.

mod calls;
mod expressions;
mod jobs;
mod shape;

use super::home::Home;
use super::repository::SourceFile;
use crate::class::Class;
use proofmark_source::{Code, Diagnostic, Impact, Span};
use proofmark_syntax::Node;

/// An entry that GitHub does not know, or that is missing.
const ENTRY: Code = Code("github-entry");
/// A value of another type than GitHub takes there.
const TYPE: Code = Code("github-type");
/// A name that stands for nothing, for several things, or in a circle for itself.
const REFERENCE: Code = Code("github-reference");
/// An expression that cannot be read, or that names something that does not exist.
const EXPRESSION: Code = Code("github-expression");
/// A matrix that GitHub does not run.
const MATRIX: Code = Code("github-matrix");

/// How many diagnostics one file may give: enough to see what is wrong, too few to drown those of other files.
const MAX_DIAGNOSTICS: usize = 100;

/// Diagnostics of a file, while they are gathered.
struct Problems<'d> {
    found: &'d mut Vec<Diagnostic>,
    /// How many there were before those of this file.
    before: usize,
}

impl Problems<'_> {
    /// Adds one, unless the same is known: what an alias repeats is told once.
    fn add(&mut self, code: Code, span: Span, message: String) {
        let own = self.found.get(self.before..).unwrap_or(&[]);
        let is_known = own.iter().any(|known| known.span == span && known.message == message);
        if !is_known && own.len() < MAX_DIAGNOSTICS {
            self.found.push(Diagnostic::new(code, Impact::None, span, message));
        }
    }
}

/// Adds what is wrong with a file.
pub fn check_file(home: &Home<'_>, source: &SourceFile<'_>, root: &Node, found: &mut Vec<Diagnostic>) {
    let before = found.len();
    let mut problems = Problems { found, before };
    match source.class {
        Class::Workflow | Class::GitLab => {
            shape::check_map(root, "a workflow", &mut problems);
            jobs::check_workflow(&source.context, root, &mut problems);
        }
        Class::Action => {
            shape::check_map(root, "an action", &mut problems);
            jobs::check_action(root, &mut problems);
        }
        Class::Dependabot => return shape::check_map(root, "Dependabot settings", &mut problems),
    }
    expressions::check_node(&source.context, root, &mut problems);
    calls::check_calls(home, &mut problems);
}

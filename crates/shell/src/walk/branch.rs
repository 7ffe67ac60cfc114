//! Branches, loops and functions: what may run, how often, and what is known behind.

use super::fate::surely_fails;
use super::{Context, Walker};
use crate::Word;
use crate::command::Join;
use crate::facts::{Fate, IgnoredBy};
use crate::survey::assigned_in;
use crate::tree::{Document, List, Node, Pipeline, Statement};
use crate::variables::Changed;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// How many variables that change are told apart for each function.
const MAX_CHANGING: usize = 64;

/// The functions that are defined so far.
#[derive(Debug, Default)]
pub struct Functions {
    bodies: BTreeMap<String, Function>,
}

/// A function.
#[derive(Debug)]
struct Function {
    /// What it runs, until it is followed for the first time.
    body: Option<Node>,
    /// The here-documents of the script that defines it.
    documents: Rc<Vec<Document>>,
    /// The variables that it assigns.
    assigned: Vec<String>,
}

impl Walker<'_> {
    pub(super) fn if_command(
        &mut self,
        branches: Vec<(List, List)>,
        otherwise: Option<List>,
        context: &Context,
    ) {
        let fails = |list: &List| surely_fails(list, context, &self.survey);
        let fails_otherwise = otherwise.as_ref().is_some_and(fails);
        let mut changed = Changed::default();
        let mut join = context.join;
        for (condition, body) in branches {
            let asked = Context {
                fate: Fate::handled(fails_otherwise),
                fails_if_negated: surely_fails(&body, context, &self.survey),
                join,
                ..condition_of(context)
            };
            join = Join::Sequence;
            self.list(condition, &asked);
            self.branch(body, context, &mut changed);
        }
        if let Some(list) = otherwise {
            self.branch(list, context, &mut changed);
        }
        self.forget_branches(&changed, context);
    }

    pub(super) fn loop_command(
        &mut self,
        condition: List,
        body: List,
        context: &Context,
        range: &Range<usize>,
    ) {
        self.forget_assigned(&condition, range);
        self.forget_assigned(&body, range);
        let asked = Context { fate: Fate::handled(false), in_loop: true, ..condition_of(context) };
        self.list(condition, &asked);
        self.loop_body(body, context, range);
    }

    pub(super) fn for_command(
        &mut self,
        (mut variable, mut words, body): (Word, Vec<Word>, List),
        context: &Context,
        range: &Range<usize>,
    ) {
        let mut scripts = Vec::new();
        variable.take_scripts(&mut scripts);
        words.iter_mut().for_each(|word| word.take_scripts(&mut scripts));
        self.substitutions(scripts, context, range);
        self.forget_assigned(&body, range);
        let place = self.place(range);
        self.state.variables.forget(&variable.text, place);
        self.loop_body(body, context, range);
    }

    pub(super) fn case_command(
        &mut self,
        mut subject: Word,
        arms: Vec<(Vec<Word>, List)>,
        context: &Context,
    ) {
        let mut scripts = Vec::new();
        subject.take_scripts(&mut scripts);
        self.substitutions(scripts, context, &subject.range);
        let mut changed = Changed::default();
        for (_, body) in arms {
            self.branch(body, context, &mut changed);
        }
        self.forget_branches(&changed, context);
    }

    fn branch(&mut self, body: List, context: &Context, changed: &mut Changed) {
        let mark = self.state.variables.mark();
        let folder = self.state.folder.clone();
        let inner = Context { is_conditional: true, join: Join::Sequence, ..context.inner() };
        self.list(body, &inner);
        let mut names = self.state.variables.rollback(mark);
        changed.names.append(&mut names.names);
        changed.is_all |= names.is_all;
        if self.state.folder != folder {
            self.state.folder = None;
        }
    }

    fn forget_branches(&mut self, changed: &Changed, context: &Context) {
        let place = self.place(&context.fate.ignored_by.map_or(0..0, |(_, place)| place.range()));
        self.state.variables.forget_changed(changed, place);
    }

    fn loop_body(&mut self, body: List, context: &Context, range: &Range<usize>) {
        let inner = Context {
            fate: Fate::ignored(IgnoredBy::Loop, range),
            in_loop: true,
            is_last: false,
            is_condition: false,
            join: Join::Sequence,
            ..context.inner()
        };
        let mark = self.state.variables.mark();
        let folder = self.state.folder.clone();
        self.list(body, &inner);
        let changed = self.state.variables.rollback(mark);
        let place = self.place(range);
        self.state.variables.forget_changed(&changed, place);
        if self.state.folder != folder {
            self.state.folder = None;
        }
    }

    /// What a loop assigns is not known at its start, since it may come around again.
    fn forget_assigned(&mut self, list: &List, range: &Range<usize>) {
        let place = self.place(range);
        for name in assigned_in(list) {
            self.state.variables.forget(&name, place);
        }
    }

    /// Notes a function.
    pub(super) fn define(&mut self, name: &str, body: Node) {
        let pipeline =
            Pipeline { is_negated: false, range: body.range.start..body.range.end, stages: vec![body] };
        let range = pipeline.range.start..pipeline.range.end;
        let mut list = List {
            statements: vec![Statement { pipelines: vec![(false, pipeline)], is_background: false, range }],
        };
        let assigned = assigned_in(&list);
        let body = list.statements.pop().and_then(|mut statement| statement.pipelines.pop());
        let body = body.and_then(|(_, mut pipeline)| pipeline.stages.pop());
        self.functions
            .bodies
            .insert(name.to_owned(), Function { body, documents: Rc::clone(&self.documents), assigned });
    }

    /// Follows a function where it is called for the first time; later calls make what it assigns unknown. Gives
    /// whether there is such a function.
    pub(super) fn call(&mut self, name: &str, context: &Context, range: &Range<usize>) -> bool {
        let Some(function) = self.functions.bodies.get_mut(name) else { return false };
        let body = function.body.take();
        let assigned = function.assigned.clone();
        let documents = Rc::clone(&function.documents);
        let place = self.place(range);
        if self.survey.calls_of(name) > 1 || body.is_none() {
            assigned.iter().for_each(|name| self.state.variables.forget(name, place));
        }
        if let Some(body) = body {
            // What the next call finds in a variable may differ.
            if self.survey.calls_of(name) > 1 {
                let changing: Vec<String> =
                    self.survey.changing().take(MAX_CHANGING).map(str::to_owned).collect();
                match changing.len() < MAX_CHANGING {
                    true => changing.iter().for_each(|name| self.state.variables.forget(name, place)),
                    false => self.state.variables.forget_all(),
                }
            }
            for position in 1..10_u8 {
                self.state.variables.forget(&position.to_string(), place);
            }
            let inner = Context {
                function: Some(Rc::from(name)),
                return_fate: context.fate,
                join: Join::Sequence,
                piped_to: Rc::clone(&context.piped_to),
                ..context.inner()
            };
            let outer = std::mem::replace(&mut self.documents, documents);
            self.node(body, &inner);
            self.documents = outer;
        }
        true
    }

    /// Follows the functions that nothing calls.
    pub(super) fn uncalled_functions(&mut self, context: &Context) {
        let names: Vec<String> = self.functions.bodies.keys().cloned().collect();
        for name in names {
            let inner = Context { is_uncalled: true, is_last: false, ..context.inner() };
            self.isolated(|walker| {
                walker.call(&name, &inner, &(0..0));
            });
        }
    }
}

/// What holds in a condition.
fn condition_of(context: &Context) -> Context {
    Context { is_unchecked: true, is_condition: true, is_last: false, ..context.inner() }
}

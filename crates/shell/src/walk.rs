//! From a tree to commands with facts: the walk that follows a script as its shell would.
//!
//! One pass in the order in which a shell reads. What a failure does is handed down from the outside in ([`Context`]);
//! variables, options and the current folder are carried along ([`State`]). Nothing is run: where a branch is taken
//! or not, what it changes is unknown behind it.

mod branch;
mod command;
mod fate;
mod nested;

use crate::command::{Join, Redirect};
use crate::facts::{Fate, Feed, IgnoredBy, Nesting};
use crate::grammar::parse_placed;
use crate::options::{Dialect, Options};
use crate::places::Places;
use crate::script::{Script, Settings};
use crate::survey::Survey;
use crate::tree::{Document, List, Node, NodeKind, Oddity, Pipeline, Statement, Tree};
use crate::variables::Variables;
use crate::{Command, Word};
use branch::Functions;
use proofmark_source::Span;
use std::ops::Range;
use std::rc::Rc;

/// What a script leaves behind: the next one in the same shell goes on from there.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The variables.
    pub variables: Variables,
    /// The options of the shell.
    pub options: Options,
    /// The current folder; `None` where it is not known.
    pub folder: Option<String>,
}

/// What holds for a command because of what it stands in.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that commands inherit")]
struct Context {
    /// What becomes of a failure that does not end the shell.
    fate: Fate,
    /// What becomes of it if the shell ends.
    exit_fate: Fate,
    /// What becomes of it if the function ends; outside of functions, the script.
    return_fate: Fate,
    /// Whether `-e` is without effect here: in a condition, left of `&&` and `||`, behind `!`.
    is_unchecked: bool,
    /// Whether the script fails for sure if what is asked here turns out true: what `!` hands on.
    fails_if_negated: bool,
    is_conditional: bool,
    is_condition: bool,
    in_loop: bool,
    in_subshell: bool,
    in_background: bool,
    is_last: bool,
    function: Option<Rc<str>>,
    is_uncalled: bool,
    nesting: Option<Nesting>,
    dialect: Dialect,
    /// How many scripts are open around this one.
    level: usize,
    /// How the next command follows the one before it.
    join: Join,
    piped_to: Rc<Vec<(String, Range<usize>)>>,
    /// The files to which `tee` writes what it is handed.
    teed: Rc<Vec<(Word, bool)>>,
    /// Whether a program behind the pipe sends what it makes of the output elsewhere than to the log.
    is_taken: bool,
    or_else: Option<Rc<(String, Range<usize>)>>,
    fed_to: Option<Rc<(String, Feed)>>,
    /// Where a compound command sends the output of everything in it.
    output: Option<Rc<Redirect>>,
    /// Whether what follows looks at the status of each command of a pipeline.
    reads_pipe_status: bool,
}

impl Context {
    /// What holds for a command inside, before it is said what is different there.
    fn inner(&self) -> Self {
        self.clone()
    }
}

/// How deep commands are followed into each other, functions that call functions included. Each level costs stack.
const MAX_DEPTH: usize = 128;

/// How many of the programs that read the output of a command are named. Real pipelines have five.
const MAX_READERS: usize = 16;

struct Walker<'s> {
    settings: &'s Settings<'s>,
    /// How many commands are open around this one.
    depth: usize,
    commands: Vec<Command>,
    state: State,
    functions: Functions,
    survey: Survey,
    documents: Rc<Vec<Document>>,
    oddities: Vec<Oddity>,
}

/// Follows the script that `tree` is.
pub fn walk(tree: Tree, settings: &Settings<'_>) -> Script {
    let (mut walker, context) = Walker::of(Survey::of(&tree), settings);
    let Tree { list, documents, oddities } = tree;
    walker.documents = Rc::new(documents);
    walker.oddities = oddities;
    walker.list(list, &context);
    walker.uncalled_functions(&context);
    walker.finish()
}

/// Follows one command that no shell starts.
pub fn walk_command(command: Command, settings: &Settings<'_>) -> Script {
    let (mut walker, context) = Walker::of(Survey::default(), settings);
    walker.command(command, &context);
    walker.finish()
}

impl<'s> Walker<'s> {
    fn of(survey: Survey, settings: &'s Settings<'s>) -> (Self, Context) {
        let walker = Self {
            settings,
            depth: 0,
            commands: Vec::new(),
            state: settings.start(),
            functions: Functions::default(),
            survey,
            documents: Rc::default(),
            oddities: Vec::new(),
        };
        let goes_on = Fate::ignored(IgnoredBy::Sequence, &(0..0));
        let context = Context {
            fate: if settings.is_continued { goes_on } else { Fate::stops() },
            exit_fate: Fate::stops(),
            return_fate: Fate::stops(),
            is_last: !settings.is_continued,
            dialect: settings.shell.dialect,
            ..Context::default()
        };
        (walker, context)
    }

    fn finish(mut self) -> Script {
        self.commands.sort_by_key(|command| (command.range.start, command.range.end));
        crate::download::find_downloads(&mut self.commands);
        self.oddities.sort_by_key(|oddity| oddity.range.start);
        for command in &mut self.commands {
            let from = self.oddities.partition_point(|oddity| oddity.range.start < command.range.start);
            let next = self.oddities.get(from);
            command.facts.is_odd = next.is_some_and(|oddity| oddity.range.start < command.range.end);
        }
        let end = State { variables: self.state.variables.settled(), ..self.state };
        Script { commands: self.commands, oddities: self.oddities, end }
    }

    fn place(&self, range: &Range<usize>) -> Span {
        (self.settings.locate)(range.start..range.end)
    }

    fn list(&mut self, list: List, context: &Context) {
        let mut statements = list.statements.into_iter().peekable();
        let mut join = context.join;
        while let Some(statement) = statements.next() {
            let mut inner = Context { join, ..context.inner() };
            join = Join::Sequence;
            if let Some(next) = statements.peek() {
                inner.is_last = false;
                inner.is_condition = false;
                inner.fate = self.fate_before(&statement, next, context);
                inner.reads_pipe_status = fate::reads(next, "PIPESTATUS");
            }
            self.statement(statement, &inner);
        }
    }

    fn statement(&mut self, statement: Statement, context: &Context) {
        let Statement { pipelines, is_background, range } = statement;
        let outer = if is_background { self.background(context, &range) } else { context.inner() };
        let fates = fate::chain_fates(&pipelines, self.effective(&outer), &outer, &self.survey);
        let rescuers = fate::rescuers(&pipelines);
        let count = pipelines.len();
        let mark = self.state.variables.mark();
        let mut is_certain = true;
        for (index, ((is_or, pipeline), fate)) in pipelines.into_iter().zip(fates).enumerate() {
            let mut inner = outer.inner();
            inner.is_conditional |= index > 0;
            inner.or_else = rescuers
                .get(index)
                .cloned()
                .flatten()
                .map(Rc::new)
                .or_else(|| outer.or_else.as_ref().map(Rc::clone));
            if index > 0 {
                inner.join = if is_or { Join::Or } else { Join::And };
            }
            if let Some(fate) = fate {
                inner.fate = fate;
                inner.is_unchecked = true;
            }
            inner.is_last &= index + 1 == count;
            is_certain &= index == 0 || (!is_or && fate::surely_succeeds(self.commands.last()));
            let options = self.state.options;
            self.pipeline(pipeline, &inner);
            if index > 0 && is_or {
                // As long as all goes well, it never runs.
                self.state.options = options;
            }
        }
        if !is_certain || is_background {
            let changed = self.state.variables.rollback(mark);
            self.state.variables.forget_changed(&changed, self.place(&range));
        }
    }

    /// What holds in a statement that ends in `&`.
    fn background(&self, context: &Context, range: &Range<usize>) -> Context {
        let fate = match self.survey.waits_behind(range.end) {
            true => Fate::handled(false),
            false => Fate::ignored(IgnoredBy::Background, range),
        };
        Context { in_background: true, is_last: false, exit_fate: fate, fate, ..context.inner() }
    }

    fn pipeline(&mut self, pipeline: Pipeline, context: &Context) {
        let mut outer = context.inner();
        if pipeline.is_negated {
            outer.fate = Fate::handled(context.fails_if_negated);
            outer.is_unchecked = true;
            outer.is_condition = true;
        }
        let count = pipeline.stages.len();
        if count == 1 {
            pipeline.stages.into_iter().for_each(|node| self.node(node, &outer));
            return;
        }
        let readers: Vec<(String, Range<usize>)> =
            pipeline.stages.iter().map(fate::leading_program).collect();
        let ranges: Vec<Range<usize>> =
            pipeline.stages.iter().map(|node| node.range.start..node.range.end).collect();
        let interpreters: Vec<Option<String>> = pipeline.stages.iter().map(fate::reads_script).collect();
        let teed: Vec<Vec<(Word, bool)>> = pipeline.stages.iter().map(fate::teed_files).collect();
        let last_taking = pipeline.stages.iter().rposition(fate::takes_away);
        for (index, node) in pipeline.stages.into_iter().enumerate() {
            let mut inner = outer.inner();
            if index > 0 {
                inner.join = Join::Pipe;
            }
            inner.is_taken |= last_taking.is_some_and(|last| last > index);
            let near = index + 1..(index + 1 + MAX_READERS).min(count).max(index + 1);
            let behind = readers.get(near.start..near.end).unwrap_or(&[]);
            if let Some(program) = interpreters.get(near).and_then(|rest| rest.iter().flatten().next()) {
                inner.fed_to = Some(Rc::new((program.clone(), Feed::Pipe)));
            }
            if let Some(next) = ranges.get(index + 1) {
                inner.fate = self.stage_fate(&outer, next);
                inner.is_last = false;
                inner.piped_to = Rc::new(behind.to_vec());
                inner.teed = Rc::new(teed.get(index + 1).cloned().unwrap_or_default());
            }
            inner.exit_fate = if behind.is_empty() { self.effective(&outer) } else { inner.fate };
            // Each stage runs in a shell of its own: what it assigns is lost.
            self.isolated(|walker| walker.node(node, &inner));
        }
    }

    fn node(&mut self, node: Node, context: &Context) {
        if self.depth >= MAX_DEPTH {
            let message = "nested too deep to be followed";
            return self.oddities.push(Oddity { message, range: node.range });
        }
        self.depth += 1;
        self.follow(node, context);
        self.depth -= 1;
    }

    fn follow(&mut self, node: Node, context: &Context) {
        let Node { kind, mut redirects, range } = node;
        if let NodeKind::Simple { assignments, words } = kind {
            let join = context.join;
            let command = Command { assignments, words, redirects, join, range, ..Command::default() };
            return self.command(command, context);
        }
        self.read_documents(&mut redirects);
        let mut inner = context.inner();
        self.redirect_scripts(&mut redirects, context);
        if let Some(output) = redirects.into_iter().rfind(Redirect::takes_output) {
            inner.output = Some(Rc::new(output));
        }
        match kind {
            NodeKind::Simple { .. } => {}
            NodeKind::Group(list) => self.list(list, &inner),
            NodeKind::Subshell(list) => self.subshell(list, &inner),
            NodeKind::If { branches, otherwise } => self.if_command(branches, otherwise, &inner),
            NodeKind::Loop { condition, body } => self.loop_command(condition, body, &inner, &range),
            NodeKind::For { variable, words, body } => {
                self.for_command((variable, words, body), &inner, &range);
            }
            NodeKind::Case { subject, arms } => self.case_command(subject, arms, &inner),
            NodeKind::Function { name, body } => self.define(&name.text, *body),
        }
    }

    /// `( … )`: a shell of its own, whose end does not end this one.
    fn subshell(&mut self, list: List, context: &Context) {
        let fate = self.effective(context);
        let inner =
            Context { in_subshell: true, exit_fate: fate, return_fate: fate, fate, ..context.inner() };
        self.isolated(|walker| walker.list(list, &inner));
    }

    /// Runs `body` and takes back what it changes.
    fn isolated(&mut self, body: impl FnOnce(&mut Self)) {
        let mark = self.state.variables.mark();
        let (folder, options) = (self.state.folder.clone(), self.state.options);
        body(self);
        self.state.variables.rollback(mark);
        self.state.folder = folder;
        self.state.options = options;
    }

    /// Gives here-documents their texts.
    fn read_documents(&self, redirects: &mut [Redirect]) {
        for redirect in redirects {
            if let Some(document) = redirect.document.and_then(|index| self.documents.get(index)) {
                redirect.body = Some(document.word.clone());
            }
        }
    }

    /// What becomes of the status of a command here.
    fn effective(&self, context: &Context) -> Fate {
        let ends_shell = self.state.options.errexit && !context.is_unchecked;
        if ends_shell { context.exit_fate } else { context.fate }
    }

    /// Follows a script inside this one, in the same shell or one of its own.
    fn inner_script(&mut self, text: &str, places: &Places, context: &Context) {
        let Tree { list, documents, mut oddities } = parse_placed(text, 0..text.len(), places);
        self.oddities.append(&mut oddities);
        let outer = std::mem::replace(&mut self.documents, Rc::new(documents));
        self.list(list, context);
        self.documents = outer;
    }
}

//! Templates → text, as text/template's `exec.go` walks them.

mod call;
mod field;
mod pipeline;

use crate::error::{ExecuteError, Frame, Limit};
use crate::limits::{ITEMS_PER_STEP, MAX_CALLS, MAX_STEPS, MAX_TEXT_BYTES, MAX_TOTAL_BYTES, MAX_TOTAL_STEPS};
use crate::node::{Branch, Command, Node, NodeKind, Nodes, Operand, Pipe};
use crate::print::print_value;
use crate::template::{Template, Templates};
use crate::text::{Text, TextBuilder};
use crate::trace::{Place, Trace};
use crate::value::{Data, IntType, Value};
use smol_str::SmolStr;
use std::cell::Cell;
use std::rc::Rc;

/// A step's end, or why the template stopped.
pub(crate) type Outcome<T> = Result<T, Box<ExecuteError>>;

/// What the templates that are rendered together may cost together, and what they cost so far.
#[derive(Debug, Default)]
pub struct Run {
    /// Of the template that is being rendered.
    steps: Cell<u64>,
    total_steps: Cell<u64>,
    total_bytes: Cell<usize>,
    calls: Cell<usize>,
}

impl Run {
    /// Begins with the next template.
    fn begin(&self) {
        self.steps.set(0);
        self.calls.set(0);
    }

    /// Counts what a template wrote.
    fn written(&self, bytes: usize) -> Outcome<()> {
        self.total_bytes.set(self.total_bytes.get().saturating_add(bytes));
        if self.total_bytes.get() > MAX_TOTAL_BYTES {
            let message = format!("more than {} MiB of output of the whole chart", MAX_TOTAL_BYTES >> 20);
            return Err(Box::new(ExecuteError::limit(Limit::Text, message)));
        }
        Ok(())
    }

    /// Counts a piece of work.
    pub(crate) fn step(&self) -> Outcome<()> {
        self.work(1)
    }

    /// Counts so many pieces of work.
    pub(crate) fn work(&self, steps: usize) -> Outcome<()> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.steps.set(self.steps.get().saturating_add(steps));
        // What a single step wants in vain was not done, and is not taken from the others.
        let left = MAX_STEPS.saturating_sub(self.steps.get().saturating_sub(steps));
        self.total_steps.set(self.total_steps.get().saturating_add(steps.min(left)));
        if self.steps.get() > MAX_STEPS {
            return Err(Box::new(ExecuteError::limit(Limit::Steps, format!("more than {MAX_STEPS} steps"))));
        }
        if self.total_steps.get() > MAX_TOTAL_STEPS {
            let message = format!("more than {MAX_TOTAL_STEPS} steps of the whole chart");
            return Err(Box::new(ExecuteError::limit(Limit::Steps, message)));
        }
        Ok(())
    }
}

/// Executes the template called `name` with `dot`; gives its text and where each byte came from. Templates that belong
/// together share a `run`.
///
/// # Errors
///
/// Where there is no such template, or a step of it fails.
pub fn execute(
    run: &Run,
    templates: &Rc<Templates>,
    name: &str,
    dot: &Value,
) -> Result<(Text, Trace), Box<ExecuteError>> {
    run.begin();
    let output = execute_in(run, templates, name, dot)?;
    run.written(output.len())?;
    Ok(output.finish())
}

/// The same within a rendering.
pub(crate) fn execute_in(
    run: &Run,
    templates: &Rc<Templates>,
    name: &str,
    dot: &Value,
) -> Outcome<TextBuilder> {
    let Some(template) = templates.get(name) else {
        let message = format!(
            "template: no template {} associated with template \"gotpl\"",
            crate::unicode::quote(name)
        );
        return Err(Box::new(ExecuteError::new(message)));
    };
    State::new(run, templates, (SmolStr::new(name), template), Value::clone(dot))?.finish(dot)
}

/// What the message of an error names.
#[derive(Clone, Copy)]
pub(crate) enum Site<'n> {
    Node(&'n Node),
    Pipe(&'n Pipe),
    Command(&'n Command),
    Operand(&'n Operand),
}

/// How a list of nodes ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// One template in execution.
pub(crate) struct State<'n> {
    pub(crate) run: &'n Run,
    pub(crate) templates: &'n Rc<Templates>,
    template: &'n Template,
    name: SmolStr,
    site: Cell<Option<Site<'n>>>,
    variables: Vec<(SmolStr, Value)>,
    output: TextBuilder,
}

impl<'n> State<'n> {
    /// One of `templates`, by its name, at its start.
    fn new(
        run: &'n Run,
        templates: &'n Rc<Templates>,
        (name, template): (SmolStr, &'n Template),
        dot: Value,
    ) -> Outcome<Self> {
        if run.calls.get() >= MAX_CALLS {
            let message = format!("templates call each other more than {MAX_CALLS} deep");
            return Err(Box::new(ExecuteError::limit(Limit::Calls, message)));
        }
        run.calls.set(run.calls.get() + 1);
        let variables = vec![(SmolStr::new_static("$"), dot)];
        let output = TextBuilder::default();
        Ok(Self { run, templates, template, name, site: Cell::new(None), variables, output })
    }

    fn finish(mut self, dot: &Value) -> Outcome<TextBuilder> {
        let body: &'n Nodes = &self.template.body;
        let walked = self.walk_list(dot, body);
        self.run.calls.set(self.run.calls.get() - 1);
        match walked {
            Ok(_) => Ok(self.output),
            Err(error) => Err(self.framed(error)),
        }
    }

    /// The error with this template in front, unless it was already told at the place that failed.
    fn framed(&self, mut error: Box<ExecuteError>) -> Box<ExecuteError> {
        if let Some(site) = self.site.take() {
            error.frames.insert(0, self.frame(site, None));
        }
        error
    }

    pub(crate) fn frame(&self, site: Site<'n>, function: Option<SmolStr>) -> Frame {
        let source = &self.template.source;
        let (start, end, at) = extent(site);
        let before = source.text.get(..at.min(source.text.len())).unwrap_or("");
        let column = before.len() - before.rfind('\n').map_or(0, |line| line + 1);
        Frame {
            location: Some((SmolStr::clone(&source.name), before.matches('\n').count() + 1, column)),
            template: SmolStr::clone(&self.name),
            context: context(site, &source.text),
            function,
            trace: source.action(start, end),
        }
    }

    /// Remembers what is being worked on, for the message of an error.
    pub(crate) fn at(&self, site: Site<'n>) {
        self.site.set(Some(site));
    }

    /// Forgets it: the error names its place already.
    fn settle(&self) {
        self.site.set(None);
    }

    pub(crate) fn fail<T>(&self, message: impl Into<String>) -> Outcome<T> {
        Err(Box::new(ExecuteError::new(message)))
    }

    fn walk_list(&mut self, dot: &Value, nodes: &'n Nodes) -> Outcome<Flow> {
        for node in nodes {
            self.run.step()?;
            let flow = self.walk(dot, node)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn walk(&mut self, dot: &Value, node: &'n Node) -> Outcome<Flow> {
        self.at(Site::Node(node));
        match &node.kind {
            NodeKind::Text => {
                let source = &self.template.source;
                let text = source.text.get(node.start..node.end).unwrap_or("");
                self.output.push(text, &source.text(node.start, node.end), 0);
                self.check_output()?;
            }
            NodeKind::Action(pipe) => {
                let value = self.pipeline(dot, pipe)?;
                if pipe.variables.is_empty() {
                    self.write(node, &value)?;
                }
            }
            NodeKind::If(branch) => return self.walk_choice(dot, branch, false),
            NodeKind::With(branch) => return self.walk_choice(dot, branch, true),
            NodeKind::Range(branch) => return self.walk_range(dot, branch),
            NodeKind::Template { name, pipe, .. } => self.walk_template(dot, node, (name, pipe.as_ref()))?,
            NodeKind::Break => return Ok(Flow::Break),
            NodeKind::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn check_output(&self) -> Outcome<()> {
        if self.output.len() > MAX_TEXT_BYTES {
            let message = format!("more than {} MiB of output", MAX_TEXT_BYTES >> 20);
            return Err(Box::new(ExecuteError::limit(Limit::Text, message)));
        }
        Ok(())
    }

    /// Writes what an action gave.
    fn write(&mut self, node: &'n Node, value: &Value) -> Outcome<()> {
        self.at(Site::Node(node));
        let text = print_value(value);
        let action = self.template.source.action(node.start, node.end);
        let place = action.places().next().cloned();
        for (range, trace, skip) in text.stretches(&value.trace) {
            let part = text.as_str().get(range).unwrap_or("");
            match &place {
                Some(place) => self.output.push(part, &trace.behind(Place::clone(place)), skip),
                None => self.output.push(part, trace, skip),
            }
        }
        self.check_output()
    }

    fn walk_choice(&mut self, dot: &Value, branch: &'n Branch, is_with: bool) -> Outcome<Flow> {
        let known = self.variables.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let flow = if value.is_true() {
            self.walk_list(if is_with { &value } else { dot }, &branch.body)
        } else {
            self.walk_list(dot, &branch.otherwise)
        };
        self.variables.truncate(known);
        flow
    }

    fn walk_range(&mut self, dot: &Value, branch: &'n Branch) -> Outcome<Flow> {
        let known = self.variables.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let inner = self.variables.len();
        let rounds = self.rounds(&value, branch)?;
        self.run.work(rounds.len() / ITEMS_PER_STEP)?;
        let is_empty = rounds.is_empty();
        for (key, element) in rounds {
            self.bind(branch, key, &element);
            let flow = self.walk_list(&element, &branch.body)?;
            self.variables.truncate(inner);
            if flow == Flow::Break {
                break;
            }
        }
        let flow = if is_empty { self.walk_list(dot, &branch.otherwise) } else { Ok(Flow::On) };
        self.variables.truncate(known);
        flow
    }

    /// The keys and elements that a range goes through.
    fn rounds(&self, value: &Value, branch: &Branch) -> Outcome<Vec<(Value, Value)>> {
        let indexed = |(index, element): (usize, &Value)| {
            (Value::int(i64::try_from(index).unwrap_or(i64::MAX)), Value::clone(element))
        };
        let named = |(key, element): (SmolStr, Value)| (Value::text(key.as_str()), element);
        match &value.data {
            Data::Invalid | Data::Nil => Ok(Vec::new()),
            Data::List(list) => Ok(list.items.iter().enumerate().map(indexed).collect()),
            Data::Dict(dict) => Ok(dict.entries().into_iter().map(named).collect()),
            Data::Int(end, kind) => {
                if branch.pipe.variables.len() > 1 {
                    return self.fail(format!("can't use {end} to iterate over more than one variable"));
                }
                self.counted(*end, *kind)
            }
            Data::Object(object) if object.entries().is_some() => {
                Ok(object.entries().unwrap_or_default().into_iter().map(named).collect())
            }
            _ => self.fail(format!("range can't iterate over {}", print_value(value).as_str())),
        }
    }

    fn counted(&self, end: i64, kind: IntType) -> Outcome<Vec<(Value, Value)>> {
        let end = usize::try_from(end.max(0)).unwrap_or(usize::MAX);
        crate::functions::check_items(end)?;
        let number = |number: usize| Value::from(Data::Int(i64::try_from(number).unwrap_or(i64::MAX), kind));
        Ok((0..end).map(|index| (number(index), number(index))).collect())
    }

    /// Gives the variables of a range their values for one round.
    fn bind(&mut self, branch: &Branch, key: Value, element: &Value) {
        let variables = &branch.pipe.variables;
        let (first, second) = match variables.as_slice() {
            [] => return,
            [one] => (None, one),
            [one, two, ..] => (Some(one), two),
        };
        for (name, value) in
            first.map(|name| (name, key)).into_iter().chain([(second, Value::clone(element))])
        {
            // Declared by the pipeline just now, or assigned to: the nearest of that name either way.
            self.assign(name, value);
        }
    }

    fn walk_template(
        &mut self,
        dot: &Value,
        node: &'n Node,
        call: (&SmolStr, Option<&'n Pipe>),
    ) -> Outcome<()> {
        let (name, pipe) = call;
        let Some(template) = self.templates.get(name) else {
            return self.fail(format!("template {} not defined", crate::unicode::quote(name)));
        };
        let inner = match pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Value::default(),
        };
        self.at(Site::Node(node));
        let place = self.template.source.action(node.start, node.end).places().next().cloned();
        let named = (SmolStr::clone(name), template);
        let called = State::new(self.run, self.templates, named, Value::clone(&inner))?;
        // Go executes the template in place of the action, so its errors do not name the action.
        let output = called.finish(&inner).inspect_err(|_| self.settle())?;
        let output = match &place {
            Some(place) => output.behind(place),
            None => output,
        };
        let (text, trace) = output.finish();
        self.output.push_text(&text, &trace);
        self.check_output()
    }

    pub(crate) fn declare(&mut self, name: SmolStr, value: Value) {
        self.variables.push((name, value));
    }

    pub(crate) fn assign(&mut self, name: &str, value: Value) {
        if let Some((_, slot)) = self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            *slot = value;
        }
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// The bytes of a site, and where messages say it stands.
fn extent(site: Site<'_>) -> (usize, usize, usize) {
    match site {
        Site::Node(node) => (node.start, node.end, node_at(node)),
        Site::Operand(operand) => (operand.start, operand.end, operand.at),
        Site::Command(command) => command_extent(command),
        Site::Pipe(pipe) => {
            let first = pipe.commands.first().map_or((0, 0, 0), command_extent);
            let last = pipe.commands.last().map_or(first, command_extent);
            (first.0, last.1, first.2)
        }
    }
}

fn command_extent(command: &Command) -> (usize, usize, usize) {
    let start = command.operands.first().map_or(0, |operand| operand.start);
    let end = command.operands.last().map_or(start, |operand| operand.end);
    (start, end, start)
}

fn node_at(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Action(pipe) => extent(Site::Pipe(pipe)).2,
        NodeKind::If(branch) | NodeKind::With(branch) | NodeKind::Range(branch) => {
            extent(Site::Pipe(&branch.pipe)).2
        }
        NodeKind::Template { name_at, .. } => *name_at,
        _ => node.start,
    }
}

/// What stands between `<` and `>` in a message.
fn context(site: Site<'_>, text: &str) -> String {
    match site {
        Site::Operand(operand) => operand.to_string(),
        Site::Command(command) => command.to_string(),
        Site::Pipe(pipe) => pipe.to_string(),
        Site::Node(node) => match &node.kind {
            NodeKind::Action(pipe) => format!("{{{{{pipe}}}}}"),
            NodeKind::Template { name, pipe, .. } => {
                let argument = pipe.as_ref().map(|pipe| format!(" {pipe}")).unwrap_or_default();
                format!("{{{{template {}{argument}}}}}", crate::unicode::quote(name))
            }
            NodeKind::If(branch) | NodeKind::With(branch) | NodeKind::Range(branch) => {
                branch.pipe.to_string()
            }
            _ => text.get(node.start..node.end).unwrap_or("").to_owned(),
        },
    }
}

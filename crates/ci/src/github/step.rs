//! Steps of jobs and of composite actions.

use super::called::called_action;
use super::home::Home;
use super::uses::uses_value;
use crate::calls::action_name;
use crate::context::FileContext;
use crate::expression::{Expressions, Scope, condition_value};
use crate::places::{ANCHOR, element_header, place, relocate};
use crate::shells::{Start, github_shell, github_variable};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::Node;

/// Entries whose text rules read although it may hold expressions.
pub const TEXTS: [&str; 5] = ["run", "if", "name", "run-name", "uses"];

/// A list of steps with what was found in all of them.
#[derive(Default)]
pub struct Steps {
    /// The steps, in order.
    pub steps: Vec<Value>,
    /// The expressions of all steps, each with `step`, the number of its step from 0.
    pub expressions: Vec<Value>,
    /// The commands of all steps, each with `step`.
    pub commands: Vec<Value>,
    /// The actions that all steps use, each with `step`.
    pub actions: Vec<Value>,
    /// The commands of the repository's own actions that steps use, each with `step`.
    pub called_commands: Vec<Value>,
    /// The actions that these use, each with `step`.
    pub called_actions: Vec<Value>,
}

/// The steps of a job or an action, with what applies to all of them.
pub struct StepList<'a> {
    /// Where they stand.
    pub home: &'a Home<'a>,
    /// What names stand for.
    pub scope: &'a Scope<'a>,
    /// The shell of scripts that name none.
    pub shell: Option<Value>,
    /// The folder of scripts that name none.
    pub directory: Option<Value>,
    /// Whether they run on Windows.
    pub is_windows: bool,
}

impl StepList<'_> {
    /// Reads the steps.
    pub fn read(&self) -> Steps {
        let mut steps = Steps::default();
        let Some(source) = self.home.source() else { return steps };
        for element in self.scope.steps.map(Node::elements).unwrap_or_default() {
            let own = element.get("env").into_iter();
            let environments = own.chain(self.scope.environments.iter().copied()).collect();
            let scope = Scope { environments, ..self.scope.clone() };
            steps.add(self, &source.context, element, &scope);
        }
        if let Some(list) = self.scope.steps.filter(|list| list.included_at.is_some()) {
            steps.settle(list);
        }
        steps
    }

    /// The commands of the script of a step.
    fn commands(&self, context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
        let Some(run) = node.get("run") else { return Vec::new() };
        let shell = own_shell(context, node, scope).or_else(|| self.shell.clone());
        let own = node.get("working-directory").map(|folder| context.value(folder, place(folder), &[]));
        let folder = match own.or_else(|| self.directory.clone()) {
            Some(folder) => {
                folder.as_str().map(|path| path.trim_start_matches("./").trim_matches('/').to_owned())
            }
            None => Some(String::new()),
        };
        let environment = |name: &str| github_variable(&scope.environments, name);
        let shell = github_shell(shell.as_ref(), self.is_windows);
        context.commands(run, &Start { environment: &environment, folder, ..Start::new(shell) }).0
    }
}

impl Steps {
    fn add(&mut self, list: &StepList<'_>, context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) {
        let header = step_header(context, node);
        let mut fields = MapBuilder::of(&context.value_in(node, header, &TEXTS, scope));
        let span = place(node);
        let index = i64::try_from(self.steps.len()).unwrap_or(i64::MAX);
        let number = Value::new(Data::Integer(index), header);
        let numbered = |value: &Value| with_step(value, &number);
        let expressions: Vec<Value> = step_expressions(context, node, scope).iter().map(numbered).collect();
        let commands = list.commands(context, node, scope);
        let commands: Vec<Value> = commands.iter().map(numbered).collect();
        if let Some(uses) = node.get("uses") {
            self.add_action(list, uses, &|value| settled(node, &numbered(value)), &mut fields);
        }
        self.expressions.extend(expressions.iter().map(|value| settled(node, value)));
        self.commands.extend(commands.iter().map(|value| settled(node, value)));
        put_condition(node, scope, &mut fields);
        if node.get("run").is_some()
            && let Some(shell) = own_shell(context, node, scope).or_else(|| list.shell.clone())
        {
            fields.set("effective_shell", shell);
        }
        fields.set("index", number);
        fields.set("expressions", Value::list(expressions, span));
        fields.set("commands", Value::list(commands, span));
        self.steps.push(settled(node, &fields.finish(span, header)));
    }

    /// Moves what an alias for the whole list brought to where the alias stands.
    fn settle(&mut self, list: &Node) {
        for values in [
            &mut self.steps,
            &mut self.expressions,
            &mut self.commands,
            &mut self.actions,
            &mut self.called_commands,
            &mut self.called_actions,
        ] {
            values.iter_mut().for_each(|value| *value = settled(list, value));
        }
    }

    /// Adds the action that a step uses, and what that leads to.
    fn add_action(
        &mut self,
        list: &StepList<'_>,
        uses: &Node,
        own: &dyn Fn(&Value) -> Value,
        fields: &mut MapBuilder,
    ) {
        let Some(source) = list.home.source() else { return };
        if let Some(value) = uses_value(&source.context, uses, list.home) {
            self.actions.push(own(&value));
            fields.set("uses_action", value);
        }
        let Some(called) = called_action(list.home, place(uses)) else { return };
        for (name, found) in [("commands", &mut self.called_commands), ("actions", &mut self.called_actions)]
        {
            let values = called.at_path(&[name]).and_then(Value::as_list).unwrap_or(&[]);
            found.extend(values.iter().map(own));
        }
        fields.set("called", called);
    }
}

/// The condition of a job or step.
pub fn put_condition(node: &Node, scope: &Scope<'_>, fields: &mut MapBuilder) {
    if let Some(entry) = node.entry("if")
        && let Some(condition) = condition_value(&entry.value, scope)
    {
        fields.put("condition", entry.key.span, condition);
    }
}

fn own_shell(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Option<Value> {
    node.get("shell").map(|shell| context.value_in(shell, place(shell), &[], scope))
}

/// Where a finding about something that a step lacks points: its first entry, with the anchor before it.
fn step_header(context: &FileContext<'_>, node: &Node) -> Span {
    let header = element_header(node);
    let before = context.text.get(..header.start as usize).unwrap_or("").trim_end();
    let word = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    match before.get(word..) {
        Some(anchor) if anchor.starts_with('&') && node.included_at.is_none() => {
            Span::new(header.file, word, header.end as usize)
        }
        _ => header,
    }
}

/// What an alias brought stands where the alias stands.
pub fn settled(node: &Node, value: &Value) -> Value {
    match node.included_at {
        Some(at) => relocate(value, at, ANCHOR),
        None => Value::clone(value),
    }
}

fn step_expressions(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let action = node.get("uses").and_then(Node::as_str).and_then(action_name);
    let mut expressions = Expressions::new(context.text, scope).for_action(action);
    node.entries().iter().for_each(|entry| expressions.add_entry(entry));
    expressions.finish()
}

/// The same with the number of a step.
fn with_step(value: &Value, number: &Value) -> Value {
    let header = value.as_map().and_then(|map| map.header).unwrap_or(value.origin.span);
    let mut fields = MapBuilder::of(value);
    fields.set("step", Value::clone(number));
    let map = fields.finish(value.origin.span, header);
    Value { origin: value.origin.clone(), ..map }
}

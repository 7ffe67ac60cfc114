//! What a template reads and calls, told without running it.

use crate::error::ParseError;
use crate::node::{Branch, Command, Node, NodeKind, Operand, OperandKind, Pipe};
use crate::template::Source;
use smol_str::SmolStr;
use std::ops::Range;

/// What the text of a template says of its reading; ranges are bytes of that text.
#[derive(Debug, Default)]
pub struct Survey {
    /// The actions, in the order in which they stand.
    pub actions: Vec<Action>,
    /// What they read of the value that the template is given.
    pub readings: Vec<Reading>,
    /// The templates that it defines, itself last.
    pub defined: Vec<SmolStr>,
    /// The templates that it calls; `None` for each whose name is computed.
    pub called: Vec<Option<SmolStr>>,
}

/// An action: what stands between `{{` and `}}`.
#[derive(Debug)]
pub struct Action {
    /// Where it stands, with its braces.
    pub range: Range<usize>,
    /// The functions that its pipeline runs one after the other; those inside of parentheses are left out.
    pub functions: Vec<&'static str>,
    /// Whether it writes the value of its pipeline.
    pub is_output: bool,
    /// Which of the readings are its own.
    pub readings: Range<usize>,
}

/// A value that a template reads: fields of what it is given, such as `Values`, `image` and `tag`. What it takes from loops
/// and calls is not followed, and left out.
#[derive(Debug)]
pub struct Reading {
    /// The names, outermost first. A longer path may be read where a function is given the whole.
    pub fields: Vec<SmolStr>,
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is read for.
    pub manner: Manner,
}

/// What a value is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// To write it, or what is made of it: without it something is missing.
    Needed,
    /// To ask about it, to write it only where it is set, or to hand it on.
    Optional,
    /// To change it.
    Changed,
}

/// Functions that make do without the value, or hand it on.
const TOLERANT: [&str; 24] = [
    "and",
    "coalesce",
    "deepCopy",
    "default",
    "dict",
    "dig",
    "empty",
    "eq",
    "fail",
    "hasKey",
    "include",
    "kindIs",
    "kindOf",
    "list",
    "mustDeepCopy",
    "ne",
    "not",
    "or",
    "required",
    "ternary",
    "tuple",
    "typeIs",
    "typeIsLike",
    "typeOf",
];

/// Functions that change the map that they are given first.
const CHANGING: [&str; 6] = ["merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite", "set", "unset"];

/// Functions that read an entry of a map by its name.
const READING: [&str; 3] = ["get", "hasKey", "index"];

/// Tells what a template reads and calls.
///
/// # Errors
///
/// Where the text is no template.
pub fn survey(source: &Source) -> Result<Survey, ParseError> {
    let mut survey = Survey::default();
    let parsed = crate::parse::parse(source)?;
    let own = (SmolStr::clone(&source.name), parsed.body);
    for (name, body) in parsed.defined.into_iter().chain([own]) {
        survey.defined.push(name);
        let given = (SmolStr::new_static("$"), Some(Vec::new()));
        let mut walk = Walk {
            text: &source.text,
            survey: &mut survey,
            dot: Some(Vec::new()),
            variables: vec![given],
            guards: Vec::new(),
        };
        walk.nodes(&body);
    }
    survey.actions.sort_by_key(|action| action.range.start);
    Ok(survey)
}

/// Fields of what the template is given; `None` where nobody knows what a value is.
type Chain = Option<Vec<SmolStr>>;

struct Walk<'s> {
    text: &'s str,
    survey: &'s mut Survey,
    dot: Chain,
    variables: Vec<(SmolStr, Chain)>,
    /// What conditions around asked about.
    guards: Vec<Vec<SmolStr>>,
}

impl Walk<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        let known = self.variables.len();
        for node in nodes {
            self.node(node);
        }
        self.variables.truncate(known);
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Text | NodeKind::Break | NodeKind::Continue => {}
            NodeKind::Action(pipe) => {
                self.action(node, Some(pipe), Manner::Needed);
            }
            NodeKind::Template { name, pipe, .. } => {
                self.survey.called.push(Some(SmolStr::clone(name)));
                self.action(node, pipe.as_ref(), Manner::Optional);
            }
            NodeKind::If(branch) => {
                let dot = self.dot.clone();
                self.branch(node, branch, |_| dot);
            }
            NodeKind::With(branch) => self.branch(node, branch, |chain| chain),
            NodeKind::Range(branch) => self.branch(node, branch, |_| None),
        }
    }

    /// Reads the head of a branch, and its bodies: the first with what `inner` makes of the head as its dot.
    fn branch(&mut self, node: &Node, branch: &Branch, inner: impl FnOnce(Chain) -> Chain) {
        let known = (self.variables.len(), self.guards.len());
        let first = self.survey.readings.len();
        let head = self.action(node, Some(&branch.pipe), Manner::Optional);
        let asked = self.survey.readings.get(first..).unwrap_or(&[]);
        self.guards.extend(asked.iter().map(|reading| reading.fields.clone()));
        let outer = self.dot.clone();
        self.dot = inner(head);
        if matches!(node.kind, NodeKind::Range(_)) {
            self.variables.iter_mut().skip(known.0).for_each(|(_, chain)| *chain = None);
        }
        self.nodes(&branch.body);
        self.dot = outer;
        self.nodes(&branch.otherwise);
        self.variables.truncate(known.0);
        self.guards.truncate(known.1);
    }

    fn action(&mut self, node: &Node, pipe: Option<&Pipe>, manner: Manner) -> Chain {
        let place = self.survey.actions.len();
        let first = self.survey.readings.len();
        let rest = self.text.get(node.start..).unwrap_or("");
        let length = rest.find("}}").map_or(rest.len(), |end| end + 2);
        self.survey.actions.push(Action {
            range: node.start..node.start + length,
            functions: pipe.map(functions).unwrap_or_default(),
            is_output: matches!(&node.kind, NodeKind::Action(pipe) if pipe.variables.is_empty()),
            readings: first..first,
        });
        let chain = pipe.and_then(|pipe| self.pipe(pipe, manner));
        let end = self.survey.readings.len();
        if let Some(action) = self.survey.actions.get_mut(place) {
            action.readings = first..end;
        }
        chain
    }

    fn pipe(&mut self, pipe: &Pipe, manner: Manner) -> Chain {
        let is_lenient =
            !pipe.variables.is_empty() || functions(pipe).iter().any(|name| TOLERANT.contains(name));
        let manner = if is_lenient { Manner::Optional } else { manner };
        let mut chain = None;
        for command in &pipe.commands {
            chain = self.command(command, manner);
        }
        let chain = chain.filter(|_| pipe.commands.len() == 1);
        for name in &pipe.variables {
            if pipe.is_assignment {
                // Which of the values it has later, only a run decides.
                let known = self.variables.iter_mut().filter(|(known, _)| known == name);
                known.for_each(|(_, chain)| *chain = None);
            } else {
                self.variables.push((SmolStr::clone(name), chain.clone()));
            }
        }
        chain
    }

    fn command(&mut self, command: &Command, manner: Manner) -> Chain {
        let (head, arguments) = command.operands.split_first()?;
        let OperandKind::Function(function) = &head.kind else {
            let chain = self.operand(head, manner);
            arguments.iter().for_each(|argument| {
                self.operand(argument, manner);
            });
            return chain.filter(|_| arguments.is_empty());
        };
        let is_change = CHANGING.contains(&function.name);
        if function.name == "include" {
            self.survey.called.push(arguments.first().and_then(literal).cloned());
        }
        if !is_change && !READING.contains(&function.name) {
            arguments.iter().for_each(|argument| {
                self.operand(argument, manner);
            });
            return None;
        }
        let (map, names) = arguments.split_first()?;
        let manner = if is_change { Manner::Changed } else { manner };
        let chain = self.resolved(map, manner)?;
        let literals =
            names.iter().map_while(literal).take(if function.name == "index" { usize::MAX } else { 1 });
        let fields: Vec<SmolStr> = chain.into_iter().chain(literals.cloned()).collect();
        self.record(&fields, map.start..names.last().unwrap_or(map).end, manner);
        let rest = names.iter().filter(|name| literal(name).is_none());
        let is_whole = rest.clone().next().is_none() && !is_change;
        rest.for_each(|argument| {
            self.operand(argument, Manner::Optional);
        });
        is_whole.then_some(fields)
    }

    /// Reads an operand.
    fn operand(&mut self, operand: &Operand, manner: Manner) -> Chain {
        let chain = self.resolved(operand, manner)?;
        if !matches!(operand.kind, OperandKind::Pipe(_)) {
            self.record(&chain, operand.start..operand.end, manner);
        }
        Some(chain)
    }

    /// What an operand is, without a reading of its own.
    fn resolved(&mut self, operand: &Operand, manner: Manner) -> Chain {
        let (base, names) = match &operand.kind {
            OperandKind::Dot => (self.dot.clone(), &[][..]),
            OperandKind::Field(names) => (self.dot.clone(), names.as_slice()),
            OperandKind::Variable(names) => {
                let (name, names) = names.split_first()?;
                (self.variables.iter().rev().find(|(known, _)| known == name)?.1.clone(), names)
            }
            OperandKind::Chain(inner, names) => (self.operand(inner, Manner::Optional), names.as_slice()),
            OperandKind::Pipe(pipe) => return self.pipe(pipe, manner),
            _ => return None,
        };
        let mut chain = base?;
        chain.extend(names.iter().cloned());
        Some(chain)
    }

    fn record(&mut self, fields: &[SmolStr], range: Range<usize>, manner: Manner) {
        if fields.is_empty() && manner != Manner::Changed {
            return;
        }
        let is_guarded = self.guards.iter().any(|guard| fields.starts_with(guard));
        let manner = if is_guarded && manner == Manner::Needed { Manner::Optional } else { manner };
        self.survey.readings.push(Reading { fields: fields.to_vec(), range, manner });
    }
}

fn functions(pipe: &Pipe) -> Vec<&'static str> {
    let head = |command: &Command| match &command.operands.first()?.kind {
        OperandKind::Function(function) => Some(function.name),
        _ => None,
    };
    pipe.commands.iter().filter_map(head).collect()
}

fn literal(operand: &Operand) -> Option<&SmolStr> {
    match &operand.kind {
        OperandKind::Text { text, .. } => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

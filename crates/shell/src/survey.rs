//! What has to be known of a whole script before it is walked.

use crate::tree::{List, Node, NodeKind, Tree};
use crate::variables::assigned_name;
use crate::word::{PartKind, Word};
use std::collections::BTreeMap;

/// What has to be known of a whole script before it is walked.
#[derive(Debug, Default)]
pub struct Survey {
    /// The last byte at which each variable is read.
    last_reads: BTreeMap<String, usize>,
    /// How often each program is called; with that, each function.
    calls: BTreeMap<String, usize>,
    /// How often each variable is assigned.
    assignments: BTreeMap<String, usize>,
    /// The last byte at which the script waits for a certain process.
    last_wait: Option<usize>,
}

impl Survey {
    /// Reads a whole script.
    pub fn of(tree: &Tree) -> Self {
        let mut survey = Self::default();
        for_each_node(&tree.list, &mut |node| survey.add(node));
        for document in &tree.documents {
            survey.add_word(&document.word);
        }
        survey
    }

    /// Whether a variable is read behind byte `at`.
    pub fn is_read_behind(&self, name: &str, at: usize) -> bool {
        self.last_reads.get(name).is_some_and(|last| *last > at)
    }

    /// Whether the script waits for a certain process behind byte `at`, and so learns how it ended.
    pub fn waits_behind(&self, at: usize) -> bool {
        self.last_wait.is_some_and(|last| last > at)
    }

    /// How often a function is called.
    pub fn calls_of(&self, name: &str) -> usize {
        self.calls.get(name).copied().unwrap_or(0)
    }

    /// The variables that are assigned more than once, in the order of their names.
    pub fn changing(&self) -> impl Iterator<Item = &str> {
        self.assignments.iter().filter(|(_, count)| **count > 1).map(|(name, _)| name.as_str())
    }

    fn add(&mut self, node: &Node) {
        for_each_word(node, &mut |word| self.add_word(word));
        let NodeKind::Simple { assignments, words } = &node.kind else { return };
        for assigned in assignments.iter().chain(words).filter_map(assigned_name) {
            *self.assignments.entry(assigned.name.to_owned()).or_default() += 1;
        }
        let Some(first) = words.first() else { return };
        *self.calls.entry(first.text.to_owned()).or_default() += 1;
        match first.text.as_str() {
            "wait" if words.len() > 1 => self.last_wait = self.last_wait.max(Some(first.range.start)),
            "trap" => {
                for name in words.get(1).into_iter().flat_map(|word| word.text.split([' ', ';', '&', '|'])) {
                    *self.calls.entry(name.to_owned()).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    fn add_word(&mut self, word: &Word) {
        word.for_each_part(&mut |_, part| {
            if let PartKind::Variable(parameter) = &part.kind {
                let last = self.last_reads.entry(parameter.name.to_owned()).or_default();
                *last = part.range.start.max(*last);
            }
        });
    }
}

/// Calls `see` for every command in `list`, however deep, those of substitutions included.
pub fn for_each_node<'n>(list: &'n List, see: &mut dyn FnMut(&'n Node)) {
    for statement in &list.statements {
        for (_, pipeline) in &statement.pipelines {
            for node in &pipeline.stages {
                visit(node, see);
            }
        }
    }
}

fn visit<'n>(node: &'n Node, see: &mut dyn FnMut(&'n Node)) {
    see(node);
    for_each_inner(node, &mut |list| for_each_node(list, see));
    if let NodeKind::Function { body, .. } = &node.kind {
        visit(body, see);
    }
    let mut scripts: Vec<&List> = Vec::new();
    for_each_word(node, &mut |word| {
        word.for_each_part(&mut |_, part| {
            if let PartKind::Substitution(list) | PartKind::Process(list) = &part.kind {
                scripts.push(list);
            }
        });
    });
    for script in scripts {
        for_each_node(script, see);
    }
}

/// Calls `see` for the lists of which a compound command consists.
fn for_each_inner<'n>(node: &'n Node, see: &mut dyn FnMut(&'n List)) {
    match &node.kind {
        NodeKind::Simple { .. } | NodeKind::Function { .. } => {}
        NodeKind::Group(list) | NodeKind::Subshell(list) | NodeKind::For { body: list, .. } => see(list),
        NodeKind::If { branches, otherwise } => {
            for (condition, body) in branches {
                see(condition);
                see(body);
            }
            otherwise.iter().for_each(see);
        }
        NodeKind::Loop { condition, body } => {
            see(condition);
            see(body);
        }
        NodeKind::Case { arms, .. } => arms.iter().for_each(|(_, body)| see(body)),
    }
}

/// Calls `see` for the words of a command itself.
pub fn for_each_word<'n>(node: &'n Node, see: &mut dyn FnMut(&'n Word)) {
    match &node.kind {
        NodeKind::Simple { assignments, words } => assignments.iter().chain(words).for_each(&mut *see),
        NodeKind::For { variable, words, .. } => std::iter::once(variable).chain(words).for_each(&mut *see),
        NodeKind::Case { subject, arms } => {
            see(subject);
            arms.iter().flat_map(|(patterns, _)| patterns).for_each(&mut *see);
        }
        _ => {}
    }
    node.redirects.iter().for_each(|redirect| see(&redirect.target));
}

/// The variables that the commands in `list` assign, loops and `read` included.
pub fn assigned_in(list: &List) -> Vec<String> {
    let mut names = Vec::new();
    for_each_node(list, &mut |node| match &node.kind {
        NodeKind::Simple { assignments, words } => {
            names.extend(
                assignments.iter().chain(words).filter_map(assigned_name).map(|found| found.name.to_owned()),
            );
            if words.first().is_some_and(|word| matches!(word.text.as_str(), "read" | "mapfile" | "getopts"))
            {
                names.extend(words.iter().skip(1).map(|word| word.text.to_owned()));
            }
        }
        NodeKind::For { variable, .. } => names.push(variable.text.to_owned()),
        _ => {}
    });
    names
}

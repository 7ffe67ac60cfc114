//! What becomes of failures.

use super::{Context, Walker};
use crate::Command;
use crate::command::Redirect;
use crate::effects::written_files;
use crate::facts::{Fate, IgnoredBy, OnFailure};
use crate::survey::{Survey, for_each_word};
use crate::tree::{List, Node, NodeKind, Pipeline, Statement};
use crate::variables::assigned_name;
use crate::word::{PartKind, Word};
use std::ops::Range;

/// Programs that only say something: behind `||` they leave nothing of a failure but a line in the log.
const SILENT: [&str; 9] = ["true", ":", "echo", "printf", "sleep", "logger", "cat", "date", "tput"];

/// Programs that succeed, or whose failure ends everything that makes sense.
const CERTAIN: [&str; 10] = ["true", ":", "echo", "printf", "cd", "mkdir", "export", "set", "local", ""];

/// What a command does about a failure before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rescue {
    /// Nothing: the script goes on.
    Silences,
    /// It ends the script with success.
    Succeeds,
    /// It ends the script with failure.
    Fails,
    /// It ends the function with failure, and what becomes of that is decided where the function is called.
    Returns,
    /// It fails itself, and ends nothing.
    HandsOn,
    /// It does something else, and so decides.
    Decides,
}

/// For each pipeline of a statement what becomes of its failure; `None` for the last, whose failure is the statement's.
///
/// `own` is what becomes of the failure of the statement.
pub fn chain_fates(
    pipelines: &[(bool, Pipeline)],
    own: Fate,
    context: &Context,
    survey: &Survey,
) -> Vec<Option<Fate>> {
    let mut fates = vec![None; pipelines.len()];
    // From the end: what becomes of a failure here, given what stands behind.
    let mut behind: Option<Fate> = None;
    for (index, slot) in fates.iter_mut().enumerate().rev() {
        let Some((is_or, next)) = pipelines.get(index + 1) else { continue };
        let fate = match (is_or, &behind) {
            (true, _) => rescue_fate(pipelines.get(index + 1..).unwrap_or(&[]), own, context, survey),
            (false, Some(fate)) => *fate,
            (false, None) => skipped_fate(context, next),
        };
        behind = Some(fate);
        *slot = Some(fate);
    }
    fates
}

/// What becomes of a failure left of `&&` with no `||` behind: the statement fails, but `-e` does not see it.
fn skipped_fate(context: &Context, next: &Pipeline) -> Fate {
    match context.fate.ignored_by {
        Some((IgnoredBy::Sequence, _)) => Fate::ignored(IgnoredBy::And, &next.range),
        _ => context.fate,
    }
}

fn rescue_fate(rest: &[(bool, Pipeline)], own: Fate, context: &Context, survey: &Survey) -> Fate {
    let Some((_, first)) = rest.first() else { return context.fate };
    let mut rescue = rescue_of(first, survey);
    if rescue == Rescue::Silences {
        let later = rest.iter().skip(1).filter(|(is_or, _)| !is_or).map(|(_, next)| rescue_of(next, survey));
        rescue = later.into_iter().find(|next| *next != Rescue::Silences).unwrap_or(rescue);
    }
    match rescue {
        Rescue::Silences => Fate::ignored(IgnoredBy::Or, &first.range),
        Rescue::Succeeds => Fate::ignored(IgnoredBy::Exit, &first.range),
        Rescue::Fails => passed_on(context.exit_fate),
        Rescue::Returns => passed_on(context.return_fate),
        Rescue::HandsOn if rest.len() == 1 => passed_on(own),
        Rescue::HandsOn | Rescue::Decides => Fate::handled(false),
    }
}

/// What becomes of a failure that a command sees, and answers with another one whose fate is `fate`.
fn passed_on(fate: Fate) -> Fate {
    match fate.on_failure {
        OnFailure::Ignored => fate,
        _ => Fate::handled(fate.fails_script),
    }
}

fn rescue_of(pipeline: &Pipeline, survey: &Survey) -> Rescue {
    match pipeline.stages.as_slice() {
        [node] if !pipeline.is_negated => rescue_of_node(node, survey),
        stages if stages.iter().all(|node| rescue_of_node(node, survey) == Rescue::Silences) => {
            Rescue::Silences
        }
        _ => Rescue::Decides,
    }
}

fn rescue_of_node(node: &Node, survey: &Survey) -> Rescue {
    match &node.kind {
        NodeKind::Group(list) => rescue_of_list(list, survey),
        // What ends it ends nothing else.
        NodeKind::Subshell(list) => match rescue_of_list(list, survey) {
            Rescue::Fails => Rescue::HandsOn,
            Rescue::Succeeds => Rescue::Silences,
            other => other,
        },
        NodeKind::Simple { assignments, words } if words.is_empty() => {
            let is_read = assignments
                .iter()
                .filter_map(assigned_name)
                .any(|assigned| survey.is_read_behind(assigned.name, node.range.end));
            if is_read { Rescue::Decides } else { Rescue::Silences }
        }
        NodeKind::Simple { words, .. } => rescue_of_words(words),
        _ => Rescue::Decides,
    }
}

fn rescue_of_words(words: &[Word]) -> Rescue {
    let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
    match text(0) {
        "exit" | "return" if text(1) == "0" => Rescue::Succeeds,
        "exit" => Rescue::Fails,
        "return" => Rescue::Returns,
        "false" => Rescue::HandsOn,
        "set" => Rescue::Silences,
        program if SILENT.contains(&program) => Rescue::Silences,
        _ => Rescue::Decides,
    }
}

/// What a list does about a failure before it: the first statement that decides tells.
fn rescue_of_list(list: &List, survey: &Survey) -> Rescue {
    let statements = list.statements.iter().map(|statement| match statement.pipelines.as_slice() {
        [(_, pipeline)] => rescue_of(pipeline, survey),
        _ => Rescue::Decides,
    });
    let found: Vec<Rescue> = statements.collect();
    // What else is done before does not change how it ends.
    let ends = |rescue: &&Rescue| matches!(rescue, Rescue::Fails | Rescue::Returns | Rescue::Succeeds);
    match found.iter().find(ends) {
        Some(end) => *end,
        None if found.last() == Some(&Rescue::HandsOn) => Rescue::HandsOn,
        None if found.iter().all(|rescue| *rescue == Rescue::Silences) => Rescue::Silences,
        None => Rescue::Decides,
    }
}

/// Whether a list surely makes the script fail.
pub fn surely_fails(list: &List, context: &Context, survey: &Survey) -> bool {
    match rescue_of_list(list, survey) {
        // `exit` ends the shell that it stands in: a subshell may end unseen.
        Rescue::Fails => context.exit_fate.fails_script,
        Rescue::Returns => context.return_fate.fails_script,
        _ => false,
    }
}

/// For each pipeline of a statement the program that runs if it fails, with its place.
pub fn rescuers(pipelines: &[(bool, Pipeline)]) -> Vec<Option<(String, Range<usize>)>> {
    let mut behind = None;
    let mut found: Vec<Option<(String, Range<usize>)>> = Vec::new();
    for (index, (_, _)) in pipelines.iter().enumerate().rev() {
        if let Some((true, next)) = pipelines.get(index + 1) {
            behind = next.stages.first().map(leading_program);
        }
        found.push(behind.clone());
    }
    found.reverse();
    found
}

/// Whether the command that was read last ends with success, so that what follows by `&&` runs.
pub fn surely_succeeds(last: Option<&Command>) -> bool {
    last.is_none_or(|command| CERTAIN.contains(&command.program()))
}

/// The program that a command begins with, behind wrappers, with its place.
pub fn leading_program(node: &Node) -> (String, Range<usize>) {
    let place = node.range.start..node.range.end;
    let first = |list: &List| {
        let pipeline = &list.statements.first()?.pipelines.first()?.1;
        pipeline.stages.first().map(leading_program)
    };
    let inner = match &node.kind {
        NodeKind::Simple { words, .. } => {
            let fields = crate::script::plain_fields(words);
            let invocation = crate::invocation::Invocation::of(&fields);
            Some((invocation.program_name(&fields).to_owned(), place.start..place.end))
        }
        NodeKind::Group(list) | NodeKind::Subshell(list) => first(list),
        NodeKind::Loop { condition, .. } => first(condition),
        NodeKind::For { body, .. } => first(body),
        NodeKind::If { branches, .. } => branches.first().and_then(|(condition, _)| first(condition)),
        NodeKind::Case { .. } | NodeKind::Function { .. } => None,
    };
    inner.unwrap_or((String::new(), place))
}

/// The program that a command is, if it executes what it reads from its standard input as a script.
pub fn reads_script(node: &Node) -> Option<String> {
    let NodeKind::Simple { words, .. } = &node.kind else { return None };
    let fields = crate::script::plain_fields(words);
    let invocation = crate::invocation::Invocation::of(&fields);
    let name = invocation.tool_name(&fields);
    let arguments = invocation.arguments(&fields);
    crate::invocation::executes_input(name, arguments).then(|| name.to_owned())
}

/// The files to which a command writes what it reads.
pub fn teed_files(node: &Node) -> Vec<(Word, bool)> {
    match &node.kind {
        NodeKind::Simple { words, .. } => written_files(words),
        _ => Vec::new(),
    }
}

/// Whether a command sends what it makes of its input elsewhere than to the log.
pub fn takes_away(node: &Node) -> bool {
    node.redirects.iter().any(Redirect::leaves_log)
}

/// Whether the first command of a statement reads the variable `name`.
pub fn reads(statement: &Statement, name: &str) -> bool {
    let mut is_read = false;
    if let Some(node) = statement.pipelines.first().and_then(|(_, pipeline)| pipeline.stages.first()) {
        visit_first(node, &mut |word| {
            word.for_each_part(&mut |_, part| {
                is_read |= matches!(&part.kind, PartKind::Variable(parameter) if parameter.name == name);
            });
        });
    }
    is_read
}

/// Calls `see` for the words of the command that runs first.
fn visit_first<'n>(node: &'n Node, see: &mut dyn FnMut(&'n Word)) {
    for_each_word(node, see);
    let inner = match &node.kind {
        NodeKind::If { branches, .. } => branches.first().map(|(condition, _)| condition),
        NodeKind::Loop { condition, .. } => Some(condition),
        NodeKind::Group(list) | NodeKind::Subshell(list) => Some(list),
        _ => None,
    };
    let first = inner.and_then(|list| list.statements.first()?.pipelines.first()?.1.stages.first());
    if let Some(first) = first {
        visit_first(first, see);
    }
}

impl Walker<'_> {
    /// What becomes of the failure of `statement`, given that `next` follows and `-e` does not end the script.
    pub(super) fn fate_before(&self, statement: &Statement, next: &Statement, context: &Context) -> Fate {
        let only = match next.pipelines.as_slice() {
            [(_, Pipeline { stages, .. })] => stages.first(),
            _ => None,
        };
        if let Some(NodeKind::Simple { assignments, words }) = only.map(|node| &node.kind) {
            let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
            if text(0) == "exit" && matches!(text(1), "" | "$?") {
                return context.exit_fate;
            }
            // `status=$?` is a question only if something asks for the answer.
            if words.is_empty() && reads(next, "?") {
                let is_read = assignments
                    .iter()
                    .filter_map(assigned_name)
                    .any(|assigned| self.survey.is_read_behind(assigned.name, next.range.end));
                let fate = Fate::ignored(IgnoredBy::Sequence, &next.range);
                return if is_read { Fate::handled(false) } else { fate };
            }
        }
        if reads(next, "?") {
            return Fate::handled(false);
        }
        let by = if context.is_condition { IgnoredBy::Condition } else { IgnoredBy::Sequence };
        Fate::ignored(by, &statement.range)
    }

    /// What becomes of the failure of a command whose output the one at `next` reads.
    pub(super) fn stage_fate(&self, context: &Context, next: &Range<usize>) -> Fate {
        if self.state.options.pipefail {
            return self.effective(context);
        }
        if context.reads_pipe_status {
            return Fate::handled(false);
        }
        Fate::ignored(IgnoredBy::Pipe, next)
    }
}

//! What the readings of PowerShell and of the command prompt share: words and separators become commands with facts.

use crate::Command;
use crate::command::{Join, Redirect};
use crate::cursor::Cursor;
use crate::effects::{Output, effects_of, written_files};
use crate::facts::{Facts, Fate, Feed, IgnoredBy, OnFailure};
use crate::invocation::{Invocation, executes_input};
use crate::script::{Script, Settings};
use crate::variables::Expander;
use crate::walk::State;
use crate::word::Word;
use std::ops::Range;

/// A command as it was written.
#[derive(Debug, Default)]
pub struct Written {
    /// Its program and arguments.
    pub words: Vec<Word>,
    /// The texts that it gives, where it is an expression without a program.
    pub output: Vec<Word>,
    /// Where its output goes.
    pub redirects: Vec<Redirect>,
    /// How it follows the one before it.
    pub join: Join,
    /// How many blocks are open around it.
    pub depth: usize,
    /// Whether something looks at its status.
    pub is_asked: bool,
}

/// Decides what the failure of a command does, given the next one and whether it is the last.
pub type FateOf<'f> = &'f dyn Fn(&Written, Option<&Written>) -> Fate;

/// Gives commands their facts.
pub fn finish(written: Vec<Written>, settings: &Settings<'_>, fate_of: FateOf<'_>) -> Script {
    let state = settings.start();
    let mut commands = Vec::new();
    for (index, one) in written.iter().enumerate() {
        let words = if one.words.is_empty() { &one.output } else { &one.words };
        let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
        let end = one.redirects.last().map_or(0, |redirect| redirect.target.range.end).max(last.range.end);
        let readers: Vec<&Written> = written
            .iter()
            .skip(index + 1)
            .take_while(|next| next.join == Join::Pipe)
            .take(MAX_READERS)
            .collect();
        let next = written.get(index + 1);
        let mut command = Command {
            words: one.words.clone(),
            output: one.output.clone(),
            redirects: one.redirects.clone(),
            join: one.join,
            range: first.range.start..end,
            ..Command::default()
        };
        command.facts = Box::new(facts(&command, &readers, settings, &state));
        command.facts.fate = fate_of(one, next);
        command.facts.is_last = next.is_none() && !settings.is_continued;
        command.facts.is_conditional = one.depth > 0 || matches!(one.join, Join::And | Join::Or);
        if let Some(next) = next.filter(|next| next.join == Join::Or) {
            command.facts.or_else = Some(program_of(next));
        }
        commands.push(command);
    }
    crate::download::find_downloads(&mut commands);
    Script { commands, oddities: Vec::new(), end: state }
}

/// How many of the programs that read the output of a command are named.
const MAX_READERS: usize = 16;

fn facts(command: &Command, readers: &[&Written], settings: &Settings<'_>, state: &State) -> Facts {
    let expander = Expander { variables: &state.variables, environment: settings.environment };
    let fields: Vec<_> = command
        .words
        .iter()
        .enumerate()
        .flat_map(|(index, word)| expander.fields(word, index, (settings.locate)(word.range.clone())))
        .collect();
    let invocation = Invocation::of(&fields);
    let piped_to: Vec<(String, Range<usize>)> = readers.iter().map(|reader| program_of(reader)).collect();
    let redirect = command.redirects.iter().rfind(|redirect| redirect.takes_output());
    let teed = readers.first().map(|reader| written_files(&reader.words)).unwrap_or_default();
    let is_taken = readers.iter().any(|reader| reader.redirects.iter().any(Redirect::leaves_log));
    let output = Output { redirect, is_captured: false, piped_to: &piped_to, is_taken, teed: &teed };
    let effects = effects_of(command, &fields, &invocation, &output);
    Facts {
        is_called: true,
        dialect: settings.shell.dialect,
        options: state.options,
        folder: settings.folder.clone(),
        fed_to: readers.iter().find_map(|reader| executed_by(reader)),
        effects,
        fields,
        invocation,
        piped_to,
        ..Facts::default()
    }
}

fn program_of(written: &Written) -> (String, Range<usize>) {
    let fields = crate::script::plain_fields(&written.words);
    let name = Invocation::of(&fields).program_name(&fields).to_owned();
    (name, written.words.first().map_or(0..0, |word| word.range.start..word.range.end))
}

fn executed_by(written: &Written) -> Option<(String, Feed)> {
    let fields = crate::script::plain_fields(&written.words);
    let invocation = Invocation::of(&fields);
    let name = invocation.tool_name(&fields);
    let executes = name.eq_ignore_ascii_case("iex")
        || name.eq_ignore_ascii_case("Invoke-Expression")
        || executes_input(name, invocation.arguments(&fields));
    executes.then(|| (name.to_owned(), Feed::Pipe))
}

/// The bytes of the redirection that `rest` begins with: a stream or `*`, then `>` or `>>`.
pub fn redirect_length(rest: &str) -> Option<usize> {
    let is_stream = rest.starts_with(|c: char| c.is_ascii_digit() || c == '*');
    let behind = rest.get(usize::from(is_stream)..)?;
    let sign = if behind.starts_with(">>") { 2 } else { 1 };
    behind.starts_with('>').then_some(usize::from(is_stream) + sign)
}

/// Reads the redirection of `length` bytes that comes next; `None` where one stream only goes where another one does (`2>&1`).
pub fn redirect_operator(cursor: &mut Cursor<'_>, length: usize) -> Option<String> {
    let operator = cursor.rest().get(..length)?.replace(['*', '1'], "");
    cursor.position += length;
    let merges = cursor.eat("&1") || cursor.eat("&2");
    (!merges).then_some(operator)
}

/// What becomes of a failure that does not end a script: the next command runs, or its output goes to another one.
pub fn unseen(written: &Written, next: Option<&Written>) -> Fate {
    let place =
        |written: &Written| written.words.first().map_or(0..0, |word| word.range.start..word.range.end);
    if written.is_asked {
        return Fate::handled(false);
    }
    let name = written.words.first().map_or("", |word| word.text.as_str());
    if ["exit", "throw"].iter().any(|end| name.eq_ignore_ascii_case(end)) {
        return Fate::stops();
    }
    match next {
        None => Fate::stops(),
        Some(next) => match next.join {
            Join::Pipe => Fate::ignored(IgnoredBy::Pipe, &place(next)),
            Join::And => Fate::ignored(IgnoredBy::And, &place(next)),
            Join::Or => rescued(next),
            Join::Sequence => Fate::ignored(IgnoredBy::Sequence, &place(written)),
        },
    }
}

fn rescued(next: &Written) -> Fate {
    let text = |index: usize| next.words.get(index).map_or("", |word| word.text.as_str());
    let place = next.words.first().map_or(0..0, |word| word.range.start..word.range.end);
    match (text(0).to_ascii_lowercase().as_str(), text(1)) {
        ("exit", "0") => Fate::ignored(IgnoredBy::Exit, &place),
        ("exit", "/b") if text(2) == "0" => Fate::ignored(IgnoredBy::Exit, &place),
        ("exit" | "throw", _) => {
            Fate { on_failure: OnFailure::Handled, fails_script: true, ignored_by: None }
        }
        ("echo" | "rem" | "ver" | "write-host" | "write-output" | "$true" | "true", _) => {
            Fate::ignored(IgnoredBy::Or, &place)
        }
        _ => Fate::handled(false),
    }
}

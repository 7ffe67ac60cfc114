//! Scripts inside scripts: the argument of `bash -c`, what `ssh` runs, a here-document that a shell reads.

use super::{Context, Walker};
use crate::Command;
use crate::command::Join;
use crate::facts::{Field, Nesting};
use crate::invocation::{Invocation, text_of};
use crate::options::{Dialect, Options, Shell};
use crate::places::Places;
use crate::word::{Part, PartKind, Word};
use std::ops::Range;
use std::rc::Rc;

/// How deep scripts inside scripts are read. Real ones nest once.
const MAX_LEVEL: usize = 4;

/// A script inside a command.
struct Inner<'w> {
    word: &'w Word,
    nesting: Nesting,
    /// The shell that runs it; `None` for the one that runs the command.
    dialect: Option<Dialect>,
    options: Options,
}

impl Walker<'_> {
    /// Follows the script that a command hands to a shell, if it does.
    pub(super) fn nested_scripts(&mut self, command: &Command, context: &Context) {
        if context.level >= MAX_LEVEL {
            return;
        }
        let found = match command.words.is_empty() && self.settings.runs_documents {
            true => lone_document(command, context.dialect),
            false => inner_script(command),
        };
        let Some(inner) = found else { return };
        let fate = self.effective(context);
        let mut next = Context {
            level: context.level + 1,
            nesting: Some(inner.nesting),
            join: Join::Sequence,
            ..context.inner()
        };
        let (text, places) = (inner.word.text.as_str(), places_of(inner.word));
        let first = self.commands.len();
        let expanded = expanded_ranges(inner.word);
        if inner.word.parts.len() == 1 && !expanded.is_empty() {
            return;
        }
        let Some(dialect) = inner.dialect else {
            self.inner_script(text, &places, &next);
            return self.drop_within(&expanded, first);
        };
        next = Context { dialect, exit_fate: fate, return_fate: fate, fate, is_unchecked: false, ..next };
        next.piped_to = Rc::clone(&context.piped_to);
        self.isolated(|walker| {
            walker.state.options = inner.options;
            if inner.nesting == Nesting::Remote {
                walker.state.folder = None;
                walker.state.variables.forget_all();
            }
            walker.inner_script(text, &places, &next);
        });
        self.drop_within(&expanded, first);
    }

    /// Drops the commands from the one at `first` on that stand in one of `ranges`: the outer shell has run them already.
    fn drop_within(&mut self, ranges: &[Range<usize>], first: usize) {
        let mut index = 0;
        self.commands.retain(|command| {
            index += 1;
            let is_within =
                |range: &Range<usize>| range.start <= command.range.start && command.range.end <= range.end;
            index <= first || !ranges.iter().any(is_within)
        });
    }
}

/// The way from the text of a word to the script that it stands in.
fn places_of(word: &Word) -> Places {
    let mut places = Places::default();
    if word.parts.is_empty() {
        // A word of another format, such as a JSON list, stands between quotes.
        let opening = usize::from(word.is_quoted);
        places.add(0, word.range.start + opening, word.range.len().saturating_sub(2 * opening).max(1));
    }
    for part in &word.parts {
        places.add(part.text.start, part.range.start, part.text.len().min(part.range.len().max(1)));
    }
    places
}

/// The places of the substitutions in a word.
fn expanded_ranges(word: &Word) -> Vec<Range<usize>> {
    let is_script = |part: &&Part| matches!(part.kind, PartKind::Substitution(_) | PartKind::Process(_));
    word.parts.iter().filter(is_script).map(|part| part.range.start..part.range.end).collect()
}

/// A here-document of no program, which is a script; its first line may name another shell.
fn lone_document(command: &Command, dialect: Dialect) -> Option<Inner<'_>> {
    let word = document(command)?;
    let shell = Shell::of_first_line(&word.text).unwrap_or(Shell::of_dialect(dialect));
    let inner =
        Inner { word, nesting: Nesting::Script, dialect: Some(shell.dialect), options: shell.options };
    shell.dialect.is_posix().then_some(inner)
}

fn inner_script(command: &Command) -> Option<Inner<'_>> {
    let (fields, invocation) = (&command.facts.fields, &command.facts.invocation);
    let arguments = invocation.arguments(fields);
    let nesting = if invocation.is_remote { Nesting::Remote } else { Nesting::Script };
    let word_of = |field: &Field| command.words.get(field.word_index);
    let inner = |word, nesting, dialect, options| Some(Inner { word, nesting, dialect, options });
    match invocation.tool_name(fields) {
        "eval" => {
            let [only] = arguments else { return None };
            inner(word_of(only)?, Nesting::Script, None, Options::default())
        }
        "trap" => {
            // Without a signal behind it, or as `-`, it takes a trap away.
            let [first, _, ..] = arguments else { return None };
            let is_script = text_of(first).starts_with(|c: char| !c.is_ascii_digit() && c != '-');
            inner(word_of(first).filter(|_| is_script)?, Nesting::Script, None, Options::default())
        }
        "su" | "runuser" => {
            let at = arguments.iter().position(|field| matches!(text_of(field), "-c" | "--command"))?;
            inner(word_of(arguments.get(at + 1)?)?, nesting, Some(Dialect::Posix), Options::default())
        }
        "ssh" => {
            let script = remote_command(arguments);
            let word = script.and_then(word_of).or_else(|| document(command))?;
            inner(word, Nesting::Remote, Some(Dialect::Posix), Options::default())
        }
        tool => {
            let dialect = Dialect::of_program(tool);
            if !dialect.is_posix() {
                return None;
            }
            let (word, options) = shell_script(command, invocation)?;
            inner(word, nesting, Some(dialect), options)
        }
    }
}

/// The script that a shell is given with `-c` or on its standard input, and the options it begins with.
fn shell_script<'c>(command: &'c Command, invocation: &Invocation) -> Option<(&'c Word, Options)> {
    let arguments = invocation.arguments(&command.facts.fields);
    let texts: Vec<&str> = arguments.iter().map(text_of).collect();
    let mut options = Options::default();
    let read = options.apply(&texts);
    let is_inline = texts
        .iter()
        .take(read)
        .any(|text| text.starts_with('-') && !text.starts_with("--") && text.contains('c'));
    if is_inline {
        return command.words.get(arguments.get(read)?.word_index).map(|word| (word, options));
    }
    let reads_input = arguments.get(read).is_none_or(|next| text_of(next) == "-")
        || texts
            .iter()
            .take(read)
            .any(|text| text.starts_with('-') && !text.starts_with("--") && text.contains('s'));
    document(command).filter(|_| reads_input).map(|word| (word, options))
}

/// The text of the last here-document or here-string.
fn document(command: &Command) -> Option<&Word> {
    let redirect = command.redirects.iter().rfind(|redirect| redirect.sign().starts_with("<<"))?;
    if redirect.sign() == "<<<" { Some(&redirect.target) } else { redirect.body.as_ref() }
}

/// What `ssh` runs on the other side, where it is one word.
fn remote_command(arguments: &[Field]) -> Option<&Field> {
    let mut index = 0;
    while let Some(text) = arguments.get(index).map(text_of).filter(|text| text.starts_with('-')) {
        let takes_value = text.len() == 2 && "bcDEeFIiJLlmOopQRSWw".contains(text.get(1..).unwrap_or(" "));
        index += if takes_value { 2 } else { 1 };
    }
    match arguments.get(index + 1..) {
        Some([only]) => Some(only),
        _ => None,
    }
}

//! Commands as values that rules read.

use crate::{Command, Join, Word};
use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use proofmark_source::Span;
use std::ops::Range;

/// Programs that run the command that follows them.
const WRAPPERS: [&str; 10] =
    ["sudo", "env", "exec", "command", "time", "nice", "nohup", "builtin", "doas", "eatmydata"];

/// Options of the wrappers that take the next word as their value.
const WRAPPER_OPTIONS_WITH_VALUE: [&str; 6] = ["-u", "-g", "-n", "--user", "--group", "--chdir"];

/// The commands as a list of maps, each at the place that `locate` gives for its bytes in the script.
///
/// A map holds `text`, `program` (the last part of its path, behind wrappers such as `sudo`), `arguments`, `wrappers`,
/// `assignments`, `join` (`sequence`, `and`, `or`, `pipe`), `piped_to` (the programs that read its output, in order),
/// `or_else` (the program that runs if it fails), `redirects` (lists of `operator`, `target`) and `has_expansion`.
#[must_use]
pub fn command_values(
    script: &str,
    commands: &[Command],
    locate: &dyn Fn(Range<usize>) -> Span,
) -> Vec<Value> {
    let script = Script { text: script, commands, locate };
    commands.iter().enumerate().map(|(index, command)| script.command_value(index, command)).collect()
}

/// The words as a list of texts.
#[must_use]
pub fn argument_values(words: &[Word], locate: &dyn Fn(Range<usize>) -> Span) -> Vec<Value> {
    words.iter().map(|word| Value::string(word.text.as_str(), locate(copied(&word.range)))).collect()
}

/// A script with its commands, and the way from its bytes to the file.
struct Script<'s> {
    text: &'s str,
    commands: &'s [Command],
    locate: &'s dyn Fn(Range<usize>) -> Span,
}

impl Script<'_> {
    fn command_value(&self, index: usize, command: &Command) -> Value {
        let span = self.place(&command.range);
        let behind = wrapped_at(&command.words);
        let (wrappers, words) = command.words.split_at(behind.min(command.words.len()));
        let program_span = words.first().map_or(span, |word| self.place(&word.range));
        let mut wrappers = argument_values(wrappers, self.locate);
        wrappers.retain(|word| word.as_str().is_some_and(|word| WRAPPERS.contains(&word)));
        let arguments = argument_values(words.get(1..).unwrap_or(&[]), self.locate);
        let following = self.commands.get(index + 1..).unwrap_or(&[]);
        let piped: Vec<Value> = following
            .iter()
            .take_while(|next| next.join == Join::Pipe && next.is_nested == command.is_nested)
            .map(|next| Value::string(effective_program(next), self.place(&next.range)))
            .collect();
        let or_else = following.get(piped.len()).filter(|next| next.join == Join::Or).map(effective_program);
        let text = self.text.get(copied(&command.range)).unwrap_or("");
        let has_expansion = command.words.iter().any(|word| word.has_expansion);
        let assignments = argument_values(&command.assignments, self.locate);
        let mut entries = vec![
            entry("text", Value::string(text, span)),
            entry("program", Value::string(effective_program(command), program_span)),
            entry("arguments", Value::list(arguments, span)),
            entry("wrappers", Value::list(wrappers, span)),
            entry("assignments", Value::list(assignments, span)),
            entry("join", Value::string(join_name(command.join), span)),
            entry("piped_to", Value::list(piped, span)),
            entry("redirects", self.redirect_values(command, span)),
            entry("has_expansion", Value::new(Data::Bool(has_expansion), span)),
        ];
        entries.extend(or_else.map(|program| entry("or_else", Value::string(program, span))));
        Value::map(Map::new(entries).with_header(span), span)
    }

    fn redirect_values(&self, command: &Command, span: Span) -> Value {
        let redirects = command.redirects.iter().map(|redirect| {
            let place = self.place(&redirect.target.range);
            let entries = vec![
                entry("operator", Value::string(redirect.operator.as_str(), place)),
                entry("target", Value::string(redirect.target.text.as_str(), place)),
            ];
            Value::map(Map::new(entries).with_header(place), place)
        });
        Value::list(redirects.collect(), span)
    }

    fn place(&self, range: &Range<usize>) -> Span {
        (self.locate)(copied(range))
    }
}

/// The same range: ranges are no `Copy`.
fn copied(range: &Range<usize>) -> Range<usize> {
    range.start..range.end
}

/// The place in `words` at which the command behind wrappers begins.
fn wrapped_at(words: &[Word]) -> usize {
    let mut index = 0;
    while words.get(index).is_some_and(|word| WRAPPERS.contains(&word.text.as_str())) {
        index += 1;
        while let Some(word) = words.get(index) {
            let text = word.text.as_str();
            if WRAPPER_OPTIONS_WITH_VALUE.contains(&text) {
                index += 2;
            } else if text.starts_with('-') || text.contains('=') {
                index += 1;
            } else {
                break;
            }
        }
    }
    // `sudo -i`, `env` and the like stand for themselves.
    if index >= words.len() { 0 } else { index }
}

fn effective_program(command: &Command) -> &str {
    let word = command.words.get(wrapped_at(&command.words));
    word.map_or("", |word| word.text.rsplit('/').next().unwrap_or(&word.text))
}

fn join_name(join: Join) -> &'static str {
    match join {
        Join::Sequence => "sequence",
        Join::And => "and",
        Join::Or => "or",
        Join::Pipe => "pipe",
    }
}

fn entry(name: &'static str, value: Value) -> Attribute {
    Attribute { name: SmolStr::new_static(name), name_span: value.origin.span, value }
}

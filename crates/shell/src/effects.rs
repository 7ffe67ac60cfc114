//! What a command reads, prints and writes.

mod write;

pub use write::{Write, written_files};

use crate::Command;
use crate::command::Redirect;
use crate::facts::Field;
use crate::invocation::{Invocation, text_of};
use crate::word::{Form, Part, PartKind, Word};
use std::ops::Range;

/// What a command reads, prints and writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// The variables and template expressions in it.
    pub reads: Names,
    /// Those that it shows in the log.
    pub prints: Names,
    /// Whether it shows all variables in the log.
    pub prints_environment: bool,
    /// The addresses among its arguments.
    pub urls: Vec<Url>,
    /// The files that it writes.
    pub writes: Vec<Write>,
}

/// Variables and template expressions, each once, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The names of variables.
    pub variables: Vec<String>,
    /// Template expressions as written.
    pub templates: Vec<String>,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// The address, with constants filled in.
    pub text: String,
    /// What flows into it.
    pub reads: Names,
    /// The bytes of its word.
    pub range: Range<usize>,
}

/// Where the output of a command goes.
pub struct Output<'c> {
    /// Its own redirection, or that of what it stands in.
    pub redirect: Option<&'c Redirect>,
    /// Whether a substitution takes it.
    pub is_captured: bool,
    /// The programs that read it.
    pub piped_to: &'c [(String, Range<usize>)],
    /// Whether one of them writes what it makes of it elsewhere.
    pub is_taken: bool,
    /// The files to which the program behind it writes what it reads, each with whether it appends.
    pub teed: &'c [(Word, bool)],
}

/// Programs that hand their input on to the log, some of them in a form that hides it only from a filter.
const PASSING: [&str; 11] =
    ["tee", "cat", "sort", "column", "tac", "rev", "nl", "fold", "base64", "xxd", "tee-object"];

impl Names {
    /// Adds what is read in `word`.
    pub fn add(&mut self, word: &Word) {
        word.for_each_part(&mut |word, part| match &part.kind {
            PartKind::Variable(parameter) => add_once(&mut self.variables, &parameter.name),
            PartKind::Template => add_once(&mut self.templates, word.part_text(part)),
            _ => {}
        });
    }

    /// What of `words` is to be seen where they are printed: no lengths, no value that only decides about another text.
    fn shown<'w>(words: impl IntoIterator<Item = &'w Word>) -> Self {
        let mut names = Self::default();
        words.into_iter().for_each(|word| names.add_shown(word));
        names
    }

    fn add_shown(&mut self, word: &Word) {
        for part in &word.parts {
            match &part.kind {
                PartKind::Variable(parameter) => {
                    if !matches!(parameter.form, Form::Alternative | Form::Length) {
                        add_once(&mut self.variables, &parameter.name);
                    }
                    if matches!(parameter.form, Form::Alternative | Form::Default) {
                        self.add_shown(&parameter.operand);
                    }
                }
                PartKind::Template => add_once(&mut self.templates, word.part_text(part)),
                _ => {}
            }
        }
    }

    /// What is read in `words`.
    pub fn of<'w>(words: impl IntoIterator<Item = &'w Word>) -> Self {
        let mut names = Self::default();
        words.into_iter().for_each(|word| names.add(word));
        names
    }
}

fn add_once(names: &mut Vec<String>, name: &str) {
    if !name.is_empty() && !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

impl Output<'_> {
    /// Whether it ends in the log.
    fn is_logged(&self) -> bool {
        let stays = !self.redirect.is_some_and(Redirect::leaves_log);
        let passes = |program: &str| PASSING.contains(&program.to_ascii_lowercase().as_str());
        stays
            && !self.is_captured
            && !self.is_taken
            && self.piped_to.iter().all(|(program, _)| passes(program))
    }
}

/// What `command` reads, prints and writes. Its substitutions are commands of their own.
pub fn effects_of(
    command: &Command,
    fields: &[Field],
    invocation: &Invocation,
    output: &Output<'_>,
) -> Effects {
    let bodies = command.redirects.iter().filter_map(|redirect| redirect.body.as_ref());
    let targets = command.redirects.iter().map(|redirect| &redirect.target);
    let words = command.assignments.iter().chain(&command.words).chain(&command.output);
    let content = content_words(command, invocation.program_name(fields));
    let mut effects = Effects {
        reads: Names::of(words.chain(targets).chain(bodies)),
        urls: urls(command, fields),
        writes: write::writes(command, output, content.as_deref()),
        ..Effects::default()
    };
    if output.is_logged() {
        let is_mask = content.iter().flatten().any(|word| word.text.contains("::add-mask::"));
        if let Some(content) = content.filter(|_| !is_mask) {
            effects.prints = Names::shown(content);
        }
        print_environment(fields, invocation, &mut effects);
    }
    effects
}

/// The words that a command writes to its output; `None` where it writes something else.
fn content_words<'c>(command: &'c Command, program: &str) -> Option<Vec<&'c Word>> {
    let document = || {
        let found = command.redirects.iter().rfind(|redirect| redirect.sign().starts_with("<<"));
        found.map(|redirect| redirect.body.as_ref().unwrap_or(&redirect.target))
    };
    match program.to_ascii_lowercase().as_str() {
        "" if !command.output.is_empty() => Some(command.output.iter().collect()),
        "echo" | "printf" | "print" | "write-host" | "write-output" => {
            let at = command.words.iter().position(|word| word.text.rsplit('/').next() == Some(program));
            let is_option =
                |word: &&Word| matches!(word.text.as_str(), "-e" | "-n" | "-ne" | "-en" | "-E" | "--");
            let words = command.words.get(at.unwrap_or(0) + 1..).unwrap_or(&[]);
            // What follows `-v` gets the text.
            let is_kept = program == "printf" && words.first().is_some_and(|word| word.text == "-v");
            (!is_kept).then(|| words.iter().skip_while(is_option).collect())
        }
        "cat" | "tee" => document().map(|word| vec![word]),
        _ => None,
    }
}

fn print_environment(fields: &[Field], invocation: &Invocation, effects: &mut Effects) {
    let arguments: Vec<&str> = invocation.arguments(fields).iter().map(text_of).collect();
    let is_bare = arguments.is_empty();
    match invocation.program_name(fields) {
        "env" | "set" | "export" if is_bare => effects.prints_environment = true,
        "export" | "declare" | "typeset"
            if arguments.iter().all(|text| matches!(*text, "-p" | "-x" | "-px" | "-xp")) =>
        {
            effects.prints_environment = true;
        }
        "printenv" if is_bare => effects.prints_environment = true,
        "printenv" => {
            let names = arguments.iter().filter(|text| !text.starts_with('-'));
            names.for_each(|name| add_once(&mut effects.prints.variables, name));
        }
        _ => {}
    }
}

/// The addresses among the words of a command.
fn urls(command: &Command, fields: &[Field]) -> Vec<Url> {
    let found = fields.iter().filter_map(|field| {
        let word = command.words.get(field.word_index)?;
        // Those inside a substitution belong to its own commands.
        let is_own = |part: &Part| !matches!(part.kind, PartKind::Substitution(_) | PartKind::Process(_));
        let is_written = word.parts.iter().any(|part| is_own(part) && word.part_text(part).contains("://"));
        let text =
            address_in(text_of(field)).filter(|_| is_written || word.parts.is_empty() || field.is_known)?;
        let range = word.range.start..word.range.end;
        Some(Url { text: text.to_owned(), reads: Names::of([word]), range })
    });
    found.collect()
}

/// The first address in a text.
pub fn address_in(text: &str) -> Option<&str> {
    let at = text.find("://")?;
    let before = text.get(..at)?;
    let scheme =
        before.len() - before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '+').len();
    let address = text.get(at - scheme..)?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    let end = address.find(is_end).unwrap_or(address.len());
    // An expression may hold blanks.
    let end = if address.contains("${{") { address.len() } else { end };
    (scheme > 0).then(|| address.get(..end)).flatten()
}

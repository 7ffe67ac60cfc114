//! What a command reads, prints and writes.

use crate::Command;
use crate::command::Redirect;
use crate::facts::Field;
use crate::invocation::{Invocation, text_of};
use crate::word::{Part, PartKind, Word};
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

/// A file that is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Write {
    /// The file, as written.
    pub target: String,
    /// The variable that names the file, where the target is nothing else.
    pub variable: Option<String>,
    /// Whether what the file held before stays.
    pub is_append: bool,
    /// The names in lines `name=value` and `name<<END` that are written.
    pub names: Vec<String>,
    /// Whether all names are known.
    pub is_known: bool,
    /// What flows into the text that is written.
    pub reads: Names,
    /// The bytes of the target.
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
    /// The files to which `tee` behind it writes, each with whether it appends.
    pub teed: &'c [(Word, bool)],
}

/// Programs that hand their input on to the log.
const PASSING: [&str; 5] = ["tee", "cat", "sort", "column", "Tee-Object"];

impl Names {
    /// Adds what is read in `word`.
    pub fn add(&mut self, word: &Word) {
        word.for_each_part(&mut |word, part| match &part.kind {
            PartKind::Variable(parameter) => add_once(&mut self.variables, &parameter.name),
            PartKind::Template => add_once(&mut self.templates, word.part_text(part)),
            _ => {}
        });
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
        let stays = match self.redirect {
            None => true,
            Some(redirect) => {
                matches!(
                    redirect.target.text.as_str(),
                    "/dev/stdout" | "/dev/stderr" | "/dev/tty" | "&1" | "&2"
                )
            }
        };
        stays
            && !self.is_captured
            && self.piped_to.iter().all(|(program, _)| PASSING.contains(&program.as_str()))
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
    let words = command.assignments.iter().chain(&command.words);
    let content = content_words(command, invocation.program_name(fields));
    let mut effects = Effects {
        reads: Names::of(words.chain(targets).chain(bodies)),
        urls: urls(command, fields),
        writes: writes(command, fields, output, content.as_deref()),
        ..Effects::default()
    };
    if output.is_logged() {
        let is_mask = content.iter().flatten().any(|word| word.text.contains("::add-mask::"));
        if let Some(content) = content.filter(|_| !is_mask) {
            effects.prints = Names::of(content);
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
    match program {
        "echo" | "printf" | "print" | "Write-Host" | "Write-Output" => {
            let at = command.words.iter().position(|word| word.text.rsplit('/').next() == Some(program));
            let is_option =
                |word: &&Word| matches!(word.text.as_str(), "-e" | "-n" | "-ne" | "-en" | "-E" | "--");
            Some(command.words.iter().skip(at.unwrap_or(0) + 1).skip_while(is_option).collect())
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

/// The files that a command writes by redirection, and as `tee`.
fn writes(command: &Command, fields: &[Field], output: &Output<'_>, content: Option<&[&Word]>) -> Vec<Write> {
    let targets = command.redirects.iter().filter(|redirect| redirect.takes_output());
    let targets: Vec<&Redirect> = match targets.collect::<Vec<_>>() {
        own if own.is_empty() => output.redirect.into_iter().collect(),
        own => own,
    };
    let mut writes: Vec<Write> = targets
        .into_iter()
        .filter(|redirect| !redirect.target.text.starts_with("/dev/"))
        .map(|redirect| write_of(&redirect.target, redirect.sign().contains(">>"), content))
        .collect();
    if content.is_some() {
        writes.extend(output.teed.iter().map(|(file, is_append)| write_of(file, *is_append, content)));
    }
    let is_tee = fields.first().is_some_and(|first| text_of(first) == "tee");
    if is_tee {
        writes.extend(
            tee_files(&command.words).iter().map(|(file, is_append)| write_of(file, *is_append, content)),
        );
    }
    writes
}

/// The files that `tee` writes, each with whether it appends.
pub fn tee_files(words: &[Word]) -> Vec<(Word, bool)> {
    let is_append = words.iter().any(|word| matches!(word.text.as_str(), "-a" | "--append"));
    let files = words.iter().skip(1).filter(|word| !word.text.starts_with('-'));
    files.map(|word| (word.clone(), is_append)).collect()
}

fn write_of(target: &Word, is_append: bool, content: Option<&[&Word]>) -> Write {
    let mut names = Vec::new();
    let is_known = match content {
        Some(words) => written_names(words, &mut names),
        None => false,
    };
    Write {
        target: target.text.clone(),
        variable: target.as_variable().map(str::to_owned),
        is_append,
        names,
        is_known,
        reads: Names::of(content.unwrap_or(&[]).iter().copied()),
        range: target.range.start..target.range.end,
    }
}

/// Collects the names in lines `name=value` and `name<<END` of what is written; false where a line may hold others.
fn written_names(words: &[&Word], names: &mut Vec<String>) -> bool {
    // Of `printf`, the format alone says where names stand.
    let words =
        if words.first().is_some_and(|word| word.text.contains('%')) { words.get(..1) } else { Some(words) };
    let words = words.unwrap_or(&[]);
    // Of expansions, what they become is not known: they leave a mark that no name holds.
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        for part in &word.parts {
            match part.kind {
                PartKind::Literal => text.push_str(word.part_text(part)),
                _ => text.push('\0'),
            }
        }
    }
    let text = text.replace("\\n", "\n");
    let mut is_known = true;
    let mut end_mark: Option<String> = None;
    for line in text.lines() {
        if let Some(mark) = &end_mark {
            if line.trim_end() == mark {
                end_mark = None;
            }
            continue;
        }
        let length =
            line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
        let (name, rest) = (line.get(..length).unwrap_or(""), line.get(length..).unwrap_or(""));
        if !name.is_empty() && (rest.starts_with('=') || rest.starts_with("<<")) {
            add_once(names, name);
            end_mark = rest.strip_prefix("<<").map(|mark| mark.trim_end().to_owned());
        } else {
            is_known &= !line.contains('\0');
        }
    }
    is_known
}

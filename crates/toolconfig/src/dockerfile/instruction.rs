//! What an instruction says.

use super::lines::{Dockerfile, RawInstruction};
use super::words::{split_json, split_words};
use proofmark_shell::{Command, Word, parse_commands};
use std::ops::Range;

/// An instruction, taken apart.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Where it stands and what it is called.
    pub raw: RawInstruction,
    /// Options such as `--from=build`: name and value.
    pub flags: Vec<(String, Option<Word>, Range<usize>)>,
    /// The words behind the options.
    pub arguments: Vec<Word>,
    /// The bytes of everything behind the options.
    pub rest: Range<usize>,
    /// Whether the arguments are a JSON list.
    pub is_exec: bool,
    /// The commands that it runs, where it runs any.
    pub commands: Vec<Command>,
    /// The instruction behind `ONBUILD`.
    pub inner: Option<Box<Instruction>>,
}

/// Takes an instruction apart.
pub fn read_instruction(file: &Dockerfile, raw: &RawInstruction) -> Instruction {
    let masked = file.masked.as_str();
    let mut start = raw.body.start;
    let mut flags = Vec::new();
    if takes_flags(raw.keyword) {
        for word in split_words(masked, raw.body.start..raw.body.end) {
            let Some(option) = word.text.strip_prefix("--") else { break };
            start = word.range.end;
            let (name, value) =
                option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
            let value = value.map(|value| word.with_text(value));
            flags.push((name.to_owned(), value, word.range.start..word.range.end));
        }
    }
    let rest = trimmed(masked, start..raw.body.end);
    let list = split_json(masked, rest.start..rest.end);
    let is_exec = list.is_some();
    let arguments = list.unwrap_or_else(|| split_words(masked, rest.start..rest.end));
    let mut instruction =
        Instruction { raw: raw.clone(), flags, arguments, rest, is_exec, commands: Vec::new(), inner: None };
    instruction.commands = commands(masked, &instruction);
    if raw.keyword == "ONBUILD" {
        instruction.inner = inner_instruction(file, &instruction).map(Box::new);
    }
    instruction
}

fn takes_flags(keyword: &str) -> bool {
    matches!(keyword, "ADD" | "COPY" | "FROM" | "RUN" | "HEALTHCHECK")
}

fn trimmed(masked: &str, range: Range<usize>) -> Range<usize> {
    let mut start = range.start;
    while let Some(rest) = masked.get(start..range.end) {
        match rest.chars().next() {
            Some(character) if character.is_whitespace() => start += character.len_utf8(),
            Some('\\') if rest.starts_with("\\\n") => start += 2,
            _ => break,
        }
    }
    let content = masked.get(start..range.end).unwrap_or("");
    start..start + content.trim_end().len()
}

/// What `RUN`, `CMD`, `ENTRYPOINT` and a health check execute. A list runs one program; `["sh", "-c", "…"]` runs a script.
fn commands(masked: &str, instruction: &Instruction) -> Vec<Command> {
    let skipped = match instruction.raw.keyword {
        "RUN" | "CMD" | "ENTRYPOINT" => 0,
        "HEALTHCHECK"
            if instruction.arguments.first().is_some_and(|word| word.text.eq_ignore_ascii_case("CMD")) =>
        {
            1
        }
        _ => return Vec::new(),
    };
    if instruction.is_exec {
        return exec_commands(masked, &instruction.arguments);
    }
    let start = match skipped {
        0 => instruction.rest.start,
        _ => instruction.arguments.get(1).map_or(instruction.rest.end, |word| word.range.start),
    };
    if skipped == 1
        && let Some(list) = split_json(masked, start..instruction.rest.end)
    {
        return exec_commands(masked, &list);
    }
    let end = instruction.raw.range().end.max(instruction.rest.end);
    let mut commands = shifted(masked, start..end);
    let documents: Vec<Range<usize>> =
        commands.iter().filter(|command| runs_document(command)).flat_map(bodies).collect();
    for document in documents {
        commands.extend(shifted(masked, document));
    }
    commands.retain(|command| !command.words.is_empty() || !command.assignments.is_empty());
    commands
}

/// Whether the here-documents of a command are scripts: those of no program, and of a shell.
fn runs_document(command: &Command) -> bool {
    matches!(command.program().rsplit('/').next(), Some("" | "sh" | "bash" | "ash" | "dash"))
}

fn bodies(command: &Command) -> Vec<Range<usize>> {
    command
        .redirects
        .iter()
        .filter_map(|redirect| redirect.body.as_ref().map(|body| body.start..body.end))
        .collect()
}

/// The commands in `range`, with ranges in the whole text.
fn shifted(masked: &str, range: Range<usize>) -> Vec<Command> {
    let mut commands = parse_commands(masked.get(range.start..range.end).unwrap_or(""));
    let shift = |place: &mut Range<usize>| *place = place.start + range.start..place.end + range.start;
    for command in &mut commands {
        shift(&mut command.range);
        command.words.iter_mut().chain(&mut command.assignments).for_each(|word| shift(&mut word.range));
        for redirect in &mut command.redirects {
            shift(&mut redirect.target.range);
            redirect.body.iter_mut().for_each(shift);
        }
    }
    commands
}

fn exec_commands(masked: &str, words: &[Word]) -> Vec<Command> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Vec::new() };
    if let [shell, option, script, ..] = words
        && matches!(shell.text.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash"))
        && option.text.starts_with('-')
        && option.text.ends_with('c')
        && masked.get(script.range.start + 1..script.range.end.saturating_sub(1))
            == Some(script.text.as_str())
    {
        return shifted(masked, script.range.start + 1..script.range.end - 1);
    }
    vec![Command {
        assignments: Vec::new(),
        words: words.to_vec(),
        redirects: Vec::new(),
        join: proofmark_shell::Join::Sequence,
        is_nested: false,
        range: first.range.start..last.range.end,
    }]
}

fn inner_instruction(file: &Dockerfile, outer: &Instruction) -> Option<Instruction> {
    let word = outer.arguments.first()?;
    let keyword = match word.text.to_ascii_uppercase().as_str() {
        "ADD" => "ADD",
        "COPY" => "COPY",
        "RUN" => "RUN",
        "USER" => "USER",
        "ENV" => "ENV",
        "EXPOSE" => "EXPOSE",
        "WORKDIR" => "WORKDIR",
        _ => return None,
    };
    let body = trimmed(&file.masked, word.range.end..outer.rest.end);
    let keyword_range = word.range.start..word.range.end;
    Some(read_instruction(file, &RawInstruction { keyword, keyword_range, body, documents: Vec::new() }))
}

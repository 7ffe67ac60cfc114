//! What an instruction says.

use super::lines::{Dockerfile, RawInstruction};
use super::words::{split_json, split_words};
use proofmark_shell::Word;
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
    /// What it executes, if it does.
    pub program: Option<Program>,
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
        Instruction { raw: raw.clone(), flags, arguments, rest, is_exec, program: None, inner: None };
    instruction.program = program(masked, &instruction);
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

/// What an instruction executes.
#[derive(Clone, Debug)]
pub enum Program {
    /// A script for the shell of the image.
    Script(Range<usize>),
    /// A program with its arguments, without a shell.
    Words(Vec<Word>),
}

/// What `RUN`, `CMD`, `ENTRYPOINT` and a health check execute.
fn program(masked: &str, instruction: &Instruction) -> Option<Program> {
    let is_check = match instruction.raw.keyword {
        "RUN" | "CMD" | "ENTRYPOINT" => false,
        "HEALTHCHECK"
            if instruction.arguments.first().is_some_and(|word| word.text.eq_ignore_ascii_case("CMD")) =>
        {
            true
        }
        _ => return None,
    };
    if instruction.is_exec {
        return Some(Program::Words(instruction.arguments.clone()));
    }
    let start = match is_check {
        false => instruction.rest.start,
        true => instruction.arguments.get(1).map_or(instruction.rest.end, |word| word.range.start),
    };
    if is_check && let Some(list) = split_json(masked, start..instruction.rest.end) {
        return Some(Program::Words(list));
    }
    let end = instruction.raw.range().end.max(instruction.rest.end);
    Some(Program::Script(start..end))
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

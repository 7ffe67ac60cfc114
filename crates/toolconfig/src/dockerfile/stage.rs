//! Stages, and the variables that reach their instructions.

use super::instruction::{Instruction, read_instruction};
use super::lines::Dockerfile;
use super::value::{Place, instruction_value, pairs};
use proofmark_model::{Data, MapBuilder, SmolStr, StepKind, Unknown, Value};
use proofmark_shell::{Dialect, Options, Shell, Word};
use proofmark_source::{FileId, Span};
use std::collections::BTreeMap;

/// What `ARG` and `ENV` have set so far. A build may override an argument's default, as it may a variable's in any other
/// format: the default is what the file says.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// The value, or `None` for an argument without a default.
    values: BTreeMap<String, Option<Value>>,
}

impl Variables {
    /// What a variable is set to, if the file says it.
    pub fn value(&self, name: &str) -> Option<Value> {
        self.values.get(name).cloned().flatten()
    }

    /// The word with its variables filled in; unknown where one of them is not set in the file.
    pub fn expand(&self, word: &Word, span: Span) -> Value {
        if !word.has_expansion || !word.text.contains('$') {
            return Value::string(word.text.as_str(), span);
        }
        let mut text = String::new();
        let mut source: Option<(String, Value)> = None;
        let mut rest = word.text.as_str();
        while let Some(at) = rest.find('$') {
            text.push_str(rest.get(..at).unwrap_or(""));
            let (name, fallback, behind) = reference(rest.get(at + 1..).unwrap_or(""));
            rest = behind;
            let value = self.values.get(name).cloned().flatten();
            match (value, fallback) {
                (Some(value), _) if value.as_str().is_some() => {
                    text.push_str(value.as_str().unwrap_or(""));
                    source = Some((name.to_owned(), value));
                }
                (_, Some(fallback)) => text.push_str(fallback),
                _ if name.is_empty() => text.push('$'),
                _ => return self.unset(name, &text, span),
            }
        }
        text.push_str(rest);
        match source {
            Some((name, value)) => {
                let origin = value.origin.used_at(span, StepKind::Variable(SmolStr::new(name)));
                Value { data: Data::String(text.into()), origin, is_sensitive: false }
            }
            None => Value::string(text, span),
        }
    }

    fn unset(&self, name: &str, before: &str, span: Span) -> Value {
        let reason = match self.values.contains_key(name) {
            true => format!("build argument `{name}` has no default"),
            false => format!("`{name}` is set by the base image or the builder"),
        };
        let mut unknown = Unknown::because(reason);
        unknown.known.is_set = true;
        unknown.known.prefix = (!before.is_empty()).then(|| SmolStr::new(before));
        Value::unknown(unknown, span)
    }

    fn take(&mut self, file: FileId, masked: &str, instruction: &Instruction, globals: Option<&Variables>) {
        if !matches!(instruction.raw.keyword, "ARG" | "ENV") {
            return;
        }
        for (name, value, range) in pairs(masked, instruction) {
            let span = Span::new(file, range.start, range.end);
            let own = value.map(|word| self.expand(&word, span));
            // An argument that is named again inside a stage takes the default from above the first `FROM`.
            let value =
                own.or_else(|| globals.and_then(|globals| globals.values.get(&name).cloned().flatten()));
            self.values.insert(name, value);
        }
    }
}

/// The name behind a `$`, the text that stands in for it when it is not set, and what follows.
fn reference(text: &str) -> (&str, Option<&str>, &str) {
    let name_length =
        |text: &str| text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let Some(inner) = text.strip_prefix('{') else {
        let length = name_length(text);
        return (text.get(..length).unwrap_or(""), None, text.get(length..).unwrap_or(""));
    };
    let end = inner.find('}').unwrap_or(inner.len());
    let content = inner.get(..end).unwrap_or("");
    let length = name_length(content);
    let fallback =
        content.get(length..).and_then(|tail| tail.strip_prefix(":-").or_else(|| tail.strip_prefix('-')));
    (content.get(..length).unwrap_or(""), fallback, inner.get(end + 1..).unwrap_or(""))
}

/// A stage while it is put together.
struct Stage {
    fields: MapBuilder,
    name: Option<String>,
    span: Span,
    header: Span,
    user: Option<Value>,
    health_check: Option<Value>,
    instructions: Vec<Value>,
    variables: Variables,
    shell: Shell,
}

/// The shell of instructions before any `SHELL`: `/bin/sh -c`.
const INITIAL_SHELL: Shell = Shell {
    dialect: Dialect::Posix,
    options: Options { errexit: false, pipefail: false, nounset: false, xtrace: false },
};

/// The shell that a `SHELL` instruction sets.
fn shell_of(instruction: &Instruction) -> Shell {
    let words: Vec<&str> = instruction.arguments.iter().map(|word| word.text.as_str()).collect();
    Shell::of_command(&words.join(" "))
}

/// The attributes of a Dockerfile: `stages`, `instructions`, `final_stage`, and the place that stands for the whole image
/// (the last `FROM`).
///
/// `commands` holds what all `RUN` instructions run, each with the number of its `stage`. A stage has `name`, `index`, `image` (arguments filled in), `from_stage` (the earlier stage that it builds on),
/// `platform`, `user` and `health_check` (the last set, also by the stage it builds on), `is_final`, `instructions`
/// and its part of `commands`.
pub fn dockerfile_value(file: FileId, text: &str, parsed: &Dockerfile) -> (Value, Span) {
    let whole = Span::new(file, 0, text.len());
    let mut globals = Variables::default();
    let mut stages: Vec<Stage> = Vec::new();
    let mut all = Vec::new();
    for raw in &parsed.instructions {
        let instruction = read_instruction(parsed, raw);
        let masked = parsed.masked.as_str();
        if raw.keyword == "FROM" {
            let stage = begin_stage(file, &instruction, &globals, &stages);
            stages.push(stage);
        }
        let stage = stages.len().checked_sub(1);
        let none = Variables::default();
        let variables = stages
            .last()
            .map_or(&globals, |stage| if raw.keyword == "FROM" { &none } else { &stage.variables });
        let shell = stages.last().map_or(INITIAL_SHELL, |stage| stage.shell);
        let value = instruction_value(&Place { file, masked, stage, variables, shell }, &instruction);
        match stages.last_mut() {
            Some(stage) => {
                stage.variables.take(file, masked, &instruction, Some(&globals));
                stage.span = stage.span.join(value.origin.span);
                match raw.keyword {
                    "USER" => stage.user = value.as_map().and_then(|map| map.value("user")).cloned(),
                    "HEALTHCHECK" => stage.health_check = Some(Value::clone(&value)),
                    "SHELL" => stage.shell = shell_of(&instruction),
                    _ => {}
                }
                stage.instructions.push(Value::clone(&value));
            }
            None => globals.take(file, masked, &instruction, None),
        }
        all.push(value);
    }
    let header =
        stages.last().map_or(Span::new(file, 0, text.find('\n').unwrap_or(text.len())), |stage| stage.header);
    let count = stages.len();
    let stages: Vec<Value> = stages
        .into_iter()
        .enumerate()
        .map(|(index, stage)| finish_stage(stage, index, index + 1 == count))
        .collect();
    let mut fields = MapBuilder::default();
    if let Some(last) = stages.last() {
        fields.set("final_stage", Value::clone(last));
    }
    fields.set("stages", Value::list(stages, whole));
    fields.set("commands", Value::list(all.iter().flat_map(run_commands).collect(), whole));
    fields.set("instructions", Value::list(all, whole));
    (fields.finish(whole, header), header)
}

fn begin_stage(file: FileId, from: &Instruction, globals: &Variables, before: &[Stage]) -> Stage {
    let range = from.raw.range();
    let span = Span::new(file, range.start, range.end);
    let mut stage = Stage {
        fields: MapBuilder::default(),
        name: None,
        span,
        header: span,
        user: None,
        health_check: None,
        instructions: Vec::new(),
        variables: Variables::default(),
        shell: INITIAL_SHELL,
    };
    let place = |word: &Word| Span::new(file, word.range.start, word.range.end);
    if let [_, keyword, name, ..] = from.arguments.as_slice()
        && keyword.text.eq_ignore_ascii_case("as")
    {
        stage.fields.set_text("name", &name.text, place(name));
        stage.name = Some(name.text.to_lowercase());
    }
    for (name, value, flag) in &from.flags {
        if let (true, Some(value)) = (name == "platform", value) {
            stage.fields.set("platform", globals.expand(value, Span::new(file, flag.start, flag.end)));
        }
    }
    let Some(image) = from.arguments.first() else { return stage };
    let value = globals.expand(image, place(image));
    let named = value.as_str().map(str::to_lowercase);
    let base =
        named.and_then(|named| before.iter().rev().find(|stage| stage.name.as_deref() == Some(&*named)));
    if let Some(base) = base {
        stage.fields.set_text("from_stage", base.name.as_deref().unwrap_or(""), place(image));
        let name = SmolStr::new(base.name.as_deref().unwrap_or(""));
        let inherited = |known: &Value| {
            let origin = known.origin.used_at(span, StepKind::Included(SmolStr::clone(&name)));
            Value { origin, ..Value::clone(known) }
        };
        stage.user = base.user.as_ref().map(inherited);
        stage.health_check = base.health_check.as_ref().map(inherited);
        stage.variables = base.variables.clone();
        stage.shell = base.shell;
    }
    stage.fields.set("image", value);
    stage
}

fn finish_stage(stage: Stage, index: usize, is_final: bool) -> Value {
    let mut fields = stage.fields;
    fields.set("index", Value::new(Data::Integer(i64::try_from(index).unwrap_or(i64::MAX)), stage.header));
    fields.set_bool("is_final", is_final, stage.header);
    if let Some(user) = stage.user {
        fields.set("user", user);
    }
    if let Some(check) = stage.health_check {
        fields.set("health_check", check);
    }
    fields
        .set("commands", Value::list(stage.instructions.iter().flat_map(run_commands).collect(), stage.span));
    fields.set("instructions", Value::list(stage.instructions, stage.span));
    fields.finish(stage.span, stage.header)
}

/// The commands of a `RUN` instruction, each with its stage.
fn run_commands(instruction: &Value) -> Vec<Value> {
    let Some(map) =
        instruction.as_map().filter(|map| map.value("keyword").and_then(Value::as_str) == Some("RUN"))
    else {
        return Vec::new();
    };
    let commands = map.value("commands").and_then(Value::as_list).unwrap_or(&[]);
    let with_stage = |command: &Value| {
        let mut fields = MapBuilder::of(command);
        if let Some(stage) = map.value("stage") {
            fields.set("stage", Value::clone(stage));
        }
        fields.finish(command.origin.span, command.origin.span)
    };
    commands.iter().map(with_stage).collect()
}

//! Instructions as values.

use super::instruction::{Instruction, Program};
use super::stage::Variables;
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_shell::{
    Script, Settings, Shell, Word, argument_values, command_values, read_script_in, read_words,
};
use proofmark_source::{FileId, Span};
use std::ops::Range;

/// What every instruction's value needs at hand.
pub struct Place<'a> {
    /// The file.
    pub file: FileId,
    /// Its masked text.
    pub masked: &'a str,
    /// The stage, from 0; `None` before the first `FROM`.
    pub stage: Option<usize>,
    /// What is set at this point.
    pub variables: &'a Variables,
    /// The shell of instructions that are no list.
    pub shell: Shell,
}

impl Place<'_> {
    /// The bytes in the file.
    pub fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}

/// The instruction as a map: `keyword`, `text`, `arguments`, `flags`, `form` (`exec`, `shell`), `stage`, `commands`, and
/// per keyword `pairs` (`ENV`, `ARG`, `LABEL`), `sources` and `destination` (`COPY`, `ADD`), `ports` (`EXPOSE`), `user`
/// and `group` (`USER`), `path` (`WORKDIR`), `is_none` (`HEALTHCHECK`), `inner` (`ONBUILD`).
pub fn instruction_value(place: &Place<'_>, instruction: &Instruction) -> Value {
    let span = place.span(&instruction.raw.range());
    let mut fields = MapBuilder::default();
    fields.set_text("keyword", instruction.raw.keyword, place.span(&instruction.raw.keyword_range));
    fields.set_text("text", place.masked.get(instruction.raw.range()).unwrap_or(""), span);
    let locate = |range: Range<usize>| place.span(&range);
    fields.set("arguments", Value::list(argument_values(&instruction.arguments, &locate), span));
    fields.set("flags", flags_value(place, instruction, span));
    fields.set_text("form", if instruction.is_exec { "exec" } else { "shell" }, span);
    if let Some(stage) = place.stage {
        fields.set("stage", Value::new(Data::Integer(i64::try_from(stage).unwrap_or(i64::MAX)), span));
    }
    let commands = command_values(place.masked, &script(place, instruction, &locate), &locate);
    fields.set("commands", Value::list(commands, span));
    put_meaning(place, instruction, span, &mut fields);
    if let Some(inner) = &instruction.inner {
        fields.set("inner", instruction_value(place, inner));
    }
    fields.finish(span, header(place, instruction))
}

/// What an instruction runs. Each begins anew, in the shell that `SHELL` has set.
fn script(place: &Place<'_>, instruction: &Instruction, locate: &dyn Fn(Range<usize>) -> Span) -> Script {
    let environment = |name: &str| place.variables.value(name);
    let settings =
        Settings { environment: &environment, runs_documents: true, ..Settings::new(place.shell, locate) };
    let mut script = match &instruction.program {
        Some(Program::Script(range)) => read_script_in(place.masked, range.start..range.end, &settings),
        Some(Program::Words(words)) => read_words(words, &settings),
        None => Script::default(),
    };
    // What is nothing but a here-document has given its commands.
    script.commands.retain(|command| !command.words.is_empty() || !command.assignments.is_empty());
    script
}

/// The first line of an instruction, for findings about something that it lacks.
fn header(place: &Place<'_>, instruction: &Instruction) -> Span {
    let range = instruction.raw.keyword_range.start..instruction.raw.body.end;
    let text = place.masked.get(range.start..range.end).unwrap_or("");
    let length = text.find('\n').unwrap_or(text.len());
    let line = text.get(..length).unwrap_or("").trim_end_matches(['\\', ' ', '\r', '\t']);
    place.span(&(range.start..range.start + line.len()))
}

fn flags_value(place: &Place<'_>, instruction: &Instruction, span: Span) -> Value {
    let mut fields = MapBuilder::default();
    for (name, value, range) in &instruction.flags {
        let at = place.span(range);
        let value = match value {
            Some(word) => place.variables.expand(word, at),
            None => Value::new(Data::Bool(true), at),
        };
        fields.put(name, at, value);
    }
    fields.finish(span, span)
}

fn put_meaning(place: &Place<'_>, instruction: &Instruction, span: Span, fields: &mut MapBuilder) {
    let words = instruction.arguments.as_slice();
    match instruction.raw.keyword {
        "ENV" | "ARG" | "LABEL" => {
            let pairs = pairs(place.masked, instruction).into_iter().map(|(name, value, range)| {
                let at = place.span(&range);
                let mut pair = MapBuilder::default();
                pair.set_text("name", &name, at);
                if let Some(value) = value {
                    pair.set("value", place.variables.expand(&value, at));
                }
                pair.finish(at, at)
            });
            fields.set("pairs", Value::list(pairs.collect(), span));
        }
        "COPY" | "ADD" => {
            let (sources, destination) = words.split_at(words.len().saturating_sub(1));
            let sources = sources.iter().map(|word| place.variables.expand(word, place.span(&word.range)));
            fields.set("sources", Value::list(sources.collect(), span));
            if let Some(word) = destination.first() {
                fields.set("destination", place.variables.expand(word, place.span(&word.range)));
            }
        }
        "EXPOSE" => {
            let ports = words.iter().flat_map(|word| port_values(place, word));
            fields.set("ports", Value::list(ports.collect(), span));
        }
        "USER" => put_user(place, instruction, fields),
        "WORKDIR" => {
            let word = Word {
                text: words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
                has_expansion: words.iter().any(|word| word.has_expansion),
                ..Word::default()
            };
            fields.set("path", place.variables.expand(&word, place.span(&instruction.rest)));
        }
        "HEALTHCHECK" => {
            let is_none = words.first().is_some_and(|word| word.text.eq_ignore_ascii_case("NONE"));
            fields.set_bool("is_none", is_none, span);
        }
        _ => {}
    }
}

fn put_user(place: &Place<'_>, instruction: &Instruction, fields: &mut MapBuilder) {
    let Some(word) = instruction.arguments.first() else { return };
    let at = place.span(&word.range);
    let value = place.variables.expand(word, at);
    let Some(text) = value.as_str() else {
        fields.set("user", value);
        return;
    };
    let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, Some(group)));
    let part = |text: &str| value.with_data(Data::String(text.into()));
    fields.set("user", part(user));
    if let Some(group) = group {
        fields.set("group", part(group));
    }
}

/// The ports that a word of `EXPOSE` names, as maps of `text`, `port`, `protocol`; a range gives its first and last port.
fn port_values(place: &Place<'_>, word: &Word) -> Vec<Value> {
    let at = place.span(&word.range);
    let expanded = place.variables.expand(word, at);
    let Some(text) = expanded.as_str() else {
        let mut fields = MapBuilder::default();
        fields.set("port", expanded);
        return vec![fields.finish(at, at)];
    };
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let ports = ports.split('-').map(|port| {
        let mut fields = MapBuilder::default();
        fields.set_text("text", text, at);
        fields.set_text("protocol", &protocol.to_lowercase(), at);
        if let Ok(port) = port.parse() {
            fields.set("port", expanded.with_data(Data::Integer(port)));
        }
        fields.finish(at, at)
    });
    ports.collect()
}

/// The pairs of `ENV`, `ARG` and `LABEL`: name, value, bytes. `ENV name value with blanks` is one pair.
pub fn pairs(masked: &str, instruction: &Instruction) -> Vec<(String, Option<Word>, Range<usize>)> {
    let words = instruction.arguments.as_slice();
    let Some(first) = words.first() else { return Vec::new() };
    let is_old_form = instruction.raw.keyword != "ARG" && !first.text.contains('=') && words.len() > 1;
    if is_old_form {
        let start = words.get(1).map_or(first.range.end, |word| word.range.start);
        let text = masked.get(start..instruction.rest.end).unwrap_or("").to_owned();
        let has_expansion = text.contains('$');
        let range = start..instruction.rest.end;
        let value = Word { text, range, has_expansion, ..Word::default() };
        return vec![(first.text.clone(), Some(value), first.range.start..instruction.rest.end)];
    }
    let pair = |word: &Word| {
        let range = word.range.start..word.range.end;
        match word.text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(word.with_text(value)), range),
            None => (word.text.clone(), None, range),
        }
    };
    words.iter().map(pair).collect()
}

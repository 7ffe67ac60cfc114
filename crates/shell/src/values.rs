//! Commands as values that rules read.

use crate::effects::{Names, Url, Write};
use crate::facts::Field;
use crate::invocation::wrappers;
use crate::{Command, Facts, Join, Script, Word};
use proofmark_model::{Data, MapBuilder, Unknown, Value};
use proofmark_source::Span;
use std::ops::Range;

/// The commands of a script as a list of maps, each at the place that `locate` gives for its bytes in `text`.
///
/// A map holds what the command says: `text`, `program` (the last part of its path, behind wrappers such as `sudo`),
/// `arguments`, `wrappers`, `assignments`, `redirects` (lists of `operator`, `target`), `has_expansion`; how it stands to
/// its neighbors: `join` (`sequence`, `and`, `or`, `pipe`), `piped_to` (the programs that read its output, in order),
/// `or_else` (the program that runs if it fails); and the facts that [`crate::Facts`] names.
#[must_use]
pub fn command_values(text: &str, script: &Script, locate: &dyn Fn(Range<usize>) -> Span) -> Vec<Value> {
    let view = View { text, locate };
    script.commands.iter().map(|command| view.command_value(command)).collect()
}

/// The words as a list of texts.
#[must_use]
pub fn argument_values(words: &[Word], locate: &dyn Fn(Range<usize>) -> Span) -> Vec<Value> {
    words.iter().map(|word| Value::string(word.text.as_str(), locate(copied(&word.range)))).collect()
}

/// A script, and the way from its bytes to the file.
struct View<'s> {
    text: &'s str,
    locate: &'s dyn Fn(Range<usize>) -> Span,
}

impl View<'_> {
    fn command_value(&self, command: &Command) -> Value {
        let span = self.place(&command.range);
        let mut fields = MapBuilder::default();
        self.put_words(command, span, &mut fields);
        self.put_neighbors(command, span, &mut fields);
        self.put_failure(&command.facts, span, &mut fields);
        self.put_standing(&command.facts, span, &mut fields);
        self.put_tool(&command.facts, span, &mut fields);
        self.put_effects(&command.facts, span, &mut fields);
        fields.finish(span, span)
    }

    fn put_words(&self, command: &Command, span: Span, fields: &mut MapBuilder) {
        let facts = &command.facts;
        let invocation = &facts.invocation;
        fields.set_text("text", self.text.get(copied(&command.range)).unwrap_or(""), span);
        let program = facts.fields.get(invocation.program);
        let name = invocation.program_name(&facts.fields);
        fields.set(
            "program",
            match program {
                Some(field) => field.value.with_data(Data::String(name.into())),
                None => Value::string("", span),
            },
        );
        let arguments = facts.fields.get(invocation.program + 1..).unwrap_or(&[]);
        fields.set("arguments", field_list(arguments, span));
        let wrappers = wrappers(&facts.fields, invocation.program).into_iter().cloned();
        fields.set("wrappers", Value::list(wrappers.collect(), span));
        let assignments = argument_values(&command.assignments, self.locate);
        fields.set("assignments", Value::list(assignments, span));
        let has_expansion = command.words.iter().any(|word| word.has_expansion);
        fields.set_bool("has_expansion", has_expansion, span);
        fields.set_bool("is_constant", facts.fields.iter().all(|field| field.is_known), span);
        if !facts.values.is_empty() {
            let mut values = MapBuilder::default();
            facts.values.iter().for_each(|(name, value)| values.set(name, Value::clone(value)));
            fields.set("values", values.finish(span, span));
        }
    }

    fn put_neighbors(&self, command: &Command, span: Span, fields: &mut MapBuilder) {
        let facts = &command.facts;
        fields.set_text("join", join_name(command.join), span);
        let named =
            |(program, range): &(String, Range<usize>)| Value::string(program.as_str(), self.place(range));
        fields.set("piped_to", Value::list(facts.piped_to.iter().map(named).collect(), span));
        if let Some(program) = &facts.or_else {
            fields.set("or_else", named(program));
        }
        let redirects = command.redirects.iter().map(|redirect| {
            let place = self.place(&redirect.target.range);
            let mut entries = MapBuilder::default();
            entries.set_text("operator", &redirect.operator, place);
            entries.set_text("target", &redirect.target.text, place);
            entries.finish(place, place)
        });
        fields.set("redirects", Value::list(redirects.collect(), span));
    }

    fn put_failure(&self, facts: &Facts, span: Span, fields: &mut MapBuilder) {
        fields.set_text("on_failure", facts.fate.on_failure.name(), span);
        fields.set_bool("fails_script", facts.fate.fails_script, span);
        if let Some((by, place)) = facts.fate.ignored_by {
            let range = place.range();
            fields.set_text(
                "ignored_by",
                by.name(),
                if range.is_empty() { span } else { self.place(&range) },
            );
        }
        let options = facts.options.names().into_iter().map(|name| Value::string(name, span));
        fields.set("options", Value::list(options.collect(), span));
        fields.set_bool("is_traced", facts.options.xtrace, span);
    }

    fn put_standing(&self, facts: &Facts, span: Span, fields: &mut MapBuilder) {
        let flags = [
            ("is_conditional", facts.is_conditional),
            ("is_condition", facts.is_condition),
            ("in_loop", facts.in_loop),
            ("in_subshell", facts.in_subshell),
            ("in_background", facts.in_background),
            ("in_function", facts.function.is_some()),
            ("is_called", facts.is_called),
            ("is_last", facts.is_last),
            ("is_odd", facts.is_odd),
            ("is_nested", facts.nesting.is_some()),
        ];
        flags.into_iter().for_each(|(name, value)| fields.set_bool(name, value, span));
        if let Some(name) = &facts.function {
            fields.set_text("function", name, span);
        }
        if let Some(nesting) = facts.nesting {
            fields.set_text("nesting", nesting.name(), span);
        }
        fields.set_text("dialect", facts.dialect.name(), span);
        fields.set(
            "folder",
            match &facts.folder {
                Some(folder) => Value::string(folder.as_str(), span),
                None => Value::unknown(
                    Unknown::because("the current folder is decided when the script runs"),
                    span,
                ),
            },
        );
    }

    fn put_tool(&self, facts: &Facts, span: Span, fields: &mut MapBuilder) {
        let invocation = &facts.invocation;
        let tool = facts.fields.get(invocation.tool);
        let name = invocation.tool_name(&facts.fields);
        fields.set(
            "tool",
            match tool {
                Some(field) => field.value.with_data(Data::String(name.into())),
                None => Value::string(name, span),
            },
        );
        fields.set("tool_arguments", field_list(invocation.arguments(&facts.fields), span));
        let runners = invocation.runners.iter().map(|name| Value::string(name.as_str(), span));
        fields.set("runners", Value::list(runners.collect(), span));
        if let Some(image) = invocation.image.and_then(|index| facts.fields.get(index)) {
            fields.set("image", Value::clone(&image.value));
        }
    }

    fn put_effects(&self, facts: &Facts, span: Span, fields: &mut MapBuilder) {
        let effects = &facts.effects;
        put_names(&effects.reads, span, fields);
        let printed = effects.prints.variables.iter().chain(&effects.prints.templates);
        fields.set("prints", text_list(printed, span));
        fields.set_bool("prints_environment", effects.prints_environment, span);
        let urls = effects.urls.iter().map(|url| self.url_value(url));
        fields.set("urls", Value::list(urls.collect(), span));
        let writes = effects.writes.iter().map(|write| self.write_value(write));
        fields.set("writes", Value::list(writes.collect(), span));
        if let Some(download) = &facts.download {
            let mut entries = MapBuilder::default();
            entries
                .set("urls", Value::list(effects.urls.iter().map(|url| self.url_value(url)).collect(), span));
            if let Some(file) = &download.file {
                entries.set_text("file", file, span);
            }
            entries.set_bool("is_executed", download.execution.is_some(), span);
            if let Some(execution) = &download.execution {
                entries.set_text("how", execution.how, span);
                entries.set_text("executed_by", &execution.by, span);
            }
            entries.set_bool("is_checked", download.is_checked, span);
            fields.set("download", entries.finish(span, span));
        }
    }

    fn url_value(&self, url: &Url) -> Value {
        let place = self.place(&url.range);
        let mut entries = MapBuilder::default();
        entries.set_text("text", &url.text, place);
        put_names(&url.reads, place, &mut entries);
        entries.finish(place, place)
    }

    fn write_value(&self, write: &Write) -> Value {
        let place = self.place(&write.range);
        let mut entries = MapBuilder::default();
        entries.set_text("target", &write.target, place);
        if let Some(variable) = &write.variable {
            entries.set_text("variable", variable, place);
        }
        entries.set_bool("is_append", write.is_append, place);
        entries.set("names", text_list(&write.names, place));
        entries.set_bool("is_known", write.is_known, place);
        put_names(&write.reads, place, &mut entries);
        entries.finish(place, place)
    }

    fn place(&self, range: &Range<usize>) -> Span {
        (self.locate)(copied(range))
    }
}

/// The same range: ranges are no `Copy`.
fn copied(range: &Range<usize>) -> Range<usize> {
    range.start..range.end
}

fn field_list(fields: &[Field], span: Span) -> Value {
    Value::list(fields.iter().map(|field| Value::clone(&field.value)).collect(), span)
}

fn text_list<'n>(names: impl IntoIterator<Item = &'n String>, span: Span) -> Value {
    Value::list(names.into_iter().map(|name| Value::string(name.as_str(), span)).collect(), span)
}

fn put_names(names: &Names, span: Span, fields: &mut MapBuilder) {
    fields.set("variables", text_list(&names.variables, span));
    fields.set("templates", text_list(&names.templates, span));
}

fn join_name(join: Join) -> &'static str {
    match join {
        Join::Sequence => "sequence",
        Join::And => "and",
        Join::Or => "or",
        Join::Pipe => "pipe",
    }
}

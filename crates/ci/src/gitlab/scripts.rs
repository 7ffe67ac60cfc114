//! The scripts of a job, line by line, and the commands in them.

use super::source::Sources;
use super::tree::{carry, flat, written_at};
use crate::shells::{GITLAB_SHELL, Start};
use proofmark_model::{Data, MapBuilder, Origin, SmolStr, Value};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData, Style};
use std::collections::BTreeMap;

/// The sections of a job that hold commands, in the order in which they run.
const SECTIONS: [&[&str]; 4] =
    [&["hooks", "pre_get_sources_script"], &["before_script"], &["script"], &["after_script"]];

/// What the scripts of a job say.
#[derive(Default)]
pub struct Scripts {
    /// The lines: `text`, `section`, `is_folded`.
    pub lines: Vec<Value>,
    /// Their commands, with `section`.
    pub commands: Vec<Value>,
}

/// Reads scripts. Jobs share most of what templates bring, so that is read once.
pub struct ScriptReader<'s, 'w> {
    sources: &'s Sources<'w>,
    /// The commands of lines that stand in templates, by their place and text.
    shared: BTreeMap<(Span, SmolStr), Vec<Value>>,
}

impl<'s, 'w> ScriptReader<'s, 'w> {
    /// One that has read nothing yet.
    pub fn new(sources: &'s Sources<'w>) -> Self {
        Self { sources, shared: BTreeMap::new() }
    }

    /// The scripts of a job.
    pub fn read(&mut self, job: &Value) -> Scripts {
        let mut scripts = Scripts::default();
        for path in SECTIONS {
            let section = path.first().copied().unwrap_or("");
            if let Some(value) = job.at_path(path) {
                self.section(value, section, &mut scripts);
            }
        }
        for step in job.at_path(&["run"]).map(flat).unwrap_or_default() {
            if let Some(script) = step.at_path(&["script"]) {
                self.section(script, "run", &mut scripts);
            }
        }
        scripts
    }

    fn section(&mut self, value: &Value, section: &str, scripts: &mut Scripts) {
        for line in flat(value) {
            match &line.data {
                Data::String(text) => {
                    scripts.lines.push(self.line(line, text, section));
                    let commands = self.commands(line, text);
                    scripts.commands.extend(commands.iter().map(|command| with_section(command, section)));
                }
                Data::Unknown(_) => {
                    scripts.lines.push(Value::clone(line));
                    scripts.commands.push(Value::clone(line));
                }
                _ => {}
            }
        }
    }

    fn line(&self, line: &Value, text: &str, section: &str) -> Value {
        let span = line.origin.span;
        let mut fields = MapBuilder::default();
        fields.set_text("text", text, span);
        fields.set_text("section", section, span);
        let raw = self.raw(written_at(&line.origin));
        fields.set_bool("is_folded", style(raw) == Style::Plain && raw.contains('\n'), span);
        let mut value = fields.finish(span, span);
        value.origin = Origin::clone(&line.origin);
        value
    }

    /// The commands of a line, seen from where the job uses it.
    fn commands(&mut self, line: &Value, text: &SmolStr) -> Vec<Value> {
        if line.origin.trail.is_none() {
            return self.parsed(line.origin.span, text);
        }
        let key = (written_at(&line.origin), SmolStr::clone(text));
        if !self.shared.contains_key(&key) {
            let commands = self.parsed(key.0, text);
            self.shared.insert((key.0, SmolStr::clone(text)), commands);
        }
        let commands = self.shared.get(&key).map(Vec::as_slice).unwrap_or_default();
        commands.iter().map(|command| carry(command, &line.origin)).collect()
    }

    fn parsed(&self, written: Span, text: &SmolStr) -> Vec<Value> {
        let Some(source) = self.sources.opened(written.file) else { return Vec::new() };
        let data = NodeData::String(SmolStr::clone(text));
        let node = Node { style: style(self.raw(written)), ..Node::new(data, written) };
        source.context().commands(&node, &Start::new(GITLAB_SHELL)).0
    }

    fn raw(&self, written: Span) -> &'w str {
        written.slice(self.sources.workspace.load(written.file).unwrap_or(""))
    }
}

/// How a scalar was written: no plain one begins with these marks.
fn style(raw: &str) -> Style {
    match raw.as_bytes().first() {
        Some(b'"' | b'\'') => Style::Quoted,
        Some(b'|' | b'>') => Style::Block,
        _ => Style::Plain,
    }
}

fn with_section(command: &Value, section: &str) -> Value {
    let span = command.origin.span;
    let mut fields = MapBuilder::of(command);
    fields.set_text("section", section, span);
    let mut value = fields.finish(span, span);
    value.origin = Origin::clone(&command.origin);
    value
}

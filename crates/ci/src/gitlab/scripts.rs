//! The scripts of a job, line by line, and the commands in them.

use super::images::filled_in;
use super::source::Sources;
use super::tree::{carry, flat, written_at};
use crate::shells::{GITLAB_SHELL, Start};
use proofmark_model::{Data, MapBuilder, Origin, SmolStr, Value};
use proofmark_shell::State;
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData, Style};

/// The sections of a job that run in one shell, shell by shell in the order in which these run.
const SHELLS: [&[&[&str]]; 3] =
    [&[&["hooks", "pre_get_sources_script"]], &[&["before_script"], &["script"]], &[&["after_script"]]];

/// What the scripts of a job say.
#[derive(Default)]
pub struct Scripts {
    /// The lines: `text`, `section`, `is_folded`.
    pub lines: Vec<Value>,
    /// Their commands, with `section`.
    pub commands: Vec<Value>,
}

/// A line of a script with the section it stands in.
type Line<'v> = (&'static str, &'v Value);

/// Reads the scripts of jobs.
pub struct ScriptReader<'s, 'w> {
    sources: &'s Sources<'w>,
}

impl<'s, 'w> ScriptReader<'s, 'w> {
    /// One for jobs of these files.
    pub fn new(sources: &'s Sources<'w>) -> Self {
        Self { sources }
    }

    /// The scripts of a job, which finds these variables set.
    pub fn read(&self, job: &Value, variables: &Value) -> Scripts {
        let mut scripts = Scripts::default();
        for sections in SHELLS {
            let lines = sections.iter().flat_map(|path| {
                let section = path.first().copied().unwrap_or("");
                let lines = job.at_path(path).map(flat).unwrap_or_default();
                lines.into_iter().map(move |line| (section, line))
            });
            self.shell(&lines.collect::<Vec<Line<'_>>>(), variables, &mut scripts);
        }
        for step in job.at_path(&["run"]).map(flat).unwrap_or_default() {
            let lines = step.at_path(&["script"]).map(flat).unwrap_or_default();
            let lines: Vec<Line<'_>> = lines.into_iter().map(|line| ("run", line)).collect();
            self.shell(&lines, variables, &mut scripts);
        }
        scripts
    }

    /// Lines that run in one shell, one after the other.
    fn shell(&self, lines: &[Line<'_>], variables: &Value, scripts: &mut Scripts) {
        let environment = |name: &str| environment_value(variables, name);
        let mut state: Option<State> = None;
        for (index, (section, line)) in lines.iter().enumerate() {
            match &line.data {
                Data::String(text) => {
                    scripts.lines.push(self.line(line, text, section));
                    let start = Start {
                        environment: &environment,
                        before: state.as_ref(),
                        is_continued: index + 1 < lines.len(),
                        ..Start::new(GITLAB_SHELL)
                    };
                    let (commands, after) = self.commands(line, text, &start);
                    scripts.commands.extend(commands.iter().map(|command| with_section(command, section)));
                    state = Some(after);
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

    /// The commands of a line, seen from where the job uses it, and what the line leaves to the next.
    fn commands(&self, line: &Value, text: &SmolStr, start: &Start<'_>) -> (Vec<Value>, State) {
        let written = written_at(&line.origin);
        let Some(source) = self.sources.opened(written.file) else { return Default::default() };
        let data = NodeData::String(SmolStr::clone(text));
        let node = Node { style: style(self.raw(written)), ..Node::new(data, written) };
        let (commands, after) = source.context().commands(&node, start);
        match line.origin.trail {
            Some(_) => (commands.iter().map(|command| carry(command, &line.origin)).collect(), after),
            None => (commands, after),
        }
    }

    fn raw(&self, written: Span) -> &'w str {
        written.slice(self.sources.workspace.load(written.file).unwrap_or(""))
    }
}

/// The value of a variable as a shell finds it, where the files say it whole.
fn environment_value(variables: &Value, name: &str) -> Option<Value> {
    let value = filled_in(variables.at_path(&[name])?, variables);
    match &value.data {
        Data::String(_) => Some(value),
        Data::Bool(_) | Data::Integer(_) | Data::Float(_) => {
            Some(value.with_data(Data::String(SmolStr::new(value.data.to_string()))))
        }
        _ => None,
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

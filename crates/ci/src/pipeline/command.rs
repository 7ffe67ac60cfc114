//! What commands do.

use super::activity::{Activity, Outcome};
use super::step::{Parts, Surroundings};
use super::table::{COMMANDS, IMAGES, Row};
use super::task::{Script, Tasks, task_row};
use super::truth::Truth;
use super::words::Words;
use proofmark_model::{Data, Map, MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;

/// How often a command may hand on to another: `npx dotenv -- npm run test` is three.
const MAX_STEPS: usize = 6;

/// Programs that run what they read.
const SHELLS: [&str; 11] =
    ["sh", "bash", "ash", "dash", "zsh", "python", "python3", "perl", "ruby", "node", "pwsh"];

/// Endings of scripts.
const SCRIPT_ENDINGS: [&str; 9] = [".sh", ".bash", ".py", ".js", ".mjs", ".ts", ".rb", ".ps1", ".pl"];

/// A command while it is looked at.
pub struct Command<'c> {
    map: &'c Map,
    pub place: Span,
    arguments: &'c [Value],
    around: &'c Surroundings<'c>,
    pub tasks: &'c Tasks<'c>,
    depth: usize,
}

/// Where commands lead that only start a task.
#[derive(Clone, Copy)]
pub struct Followed<'t> {
    /// The tasks that the repository names.
    pub tasks: &'t Tasks<'t>,
    /// How many of them led here.
    pub depth: usize,
}

/// Whether an argument is one variable or template expression and nothing else, which may stand for any option. One that
/// goes on (`$URL/path`) is the beginning of a longer text.
pub(super) fn is_variable_alone(argument: &str) -> bool {
    let Some(rest) = argument.strip_prefix('$') else { return false };
    let end = match rest.strip_prefix('{') {
        Some(_) if rest.starts_with("{{") => rest.find("}}").map(|at| at + 2),
        Some(_) => rest.find('}').map(|at| at + 1),
        None => Some(rest.find(|c: char| !(c.is_alphanumeric() || "_@*".contains(c))).unwrap_or(rest.len())),
    };
    end == Some(rest.len())
}

/// What a command does; nothing where no table knows it.
pub fn command_activities(
    command: &Value,
    around: &Surroundings<'_>,
    Followed { tasks, depth }: Followed<'_>,
    found: &mut Vec<Activity>,
) {
    let Some(map) = command.as_map() else { return };
    let is_called = map.value("is_called").is_none_or(|value| value.data != Data::Bool(false));
    let Some(program) = map.value("program").and_then(Value::as_str).filter(|_| is_called) else { return };
    let arguments = map.value("arguments").and_then(Value::as_list).unwrap_or(&[]);
    let place = map.header.unwrap_or(command.origin.span);
    let looked_at = Command { map, place, arguments, around, tasks, depth };
    let words =
        Words { program, arguments: arguments.iter().map(|value| value.as_str().unwrap_or("")).collect() };
    if words.asks_about_program() {
        return;
    }
    looked_at.download(program, found);
    looked_at.follow(words, found);
}

impl Command<'_> {
    /// Follows a command through what only runs another, to what it does.
    fn follow(&self, mut words: Words<'_>, found: &mut Vec<Activity>) {
        for _ in 0..MAX_STEPS {
            let Some(row) = words.row(&COMMANDS) else { return self.script(&words, found) };
            let (directive, kind) = row.activities().next().unwrap_or(("", ""));
            let values: Vec<&str> = row.list("values").collect();
            words = match directive {
                "same-as" => Words { program: kind, ..words },
                "runs" | "runs-behind" | "runs-once" => {
                    let skipped = usize::from(directive == "runs-behind");
                    let Some(at) = words.operands(row, &values).into_iter().nth(skipped) else { return };
                    if directive == "runs-once" {
                        self.one_off(&words, at, kind, found);
                    }
                    match behind(&words, at) {
                        Some(inner) => inner,
                        None => return,
                    }
                }
                "runs-image" => match image_command(&words, row, &values) {
                    Some(inner) => inner,
                    None => return,
                },
                "task" => match self.task(&words, row, kind, found) {
                    Some(inner) => inner,
                    None => return,
                },
                "script" => {
                    let Some((_, inner)) = words.command_behind(row, &values) else { return };
                    if inner.row(&COMMANDS).is_none() {
                        return self.script(&inner, found);
                    }
                    inner
                }
                _ => return self.known(&words, row, found),
            };
        }
    }

    /// A row that says what the command does.
    fn known(&self, words: &Words<'_>, row: &'static Row, found: &mut Vec<Activity>) {
        for does in row.activities() {
            let mut fields = MapBuilder::default();
            self.put_facts(words, row, &mut fields);
            let parts = Parts {
                does,
                tool: SmolStr::new(words.program),
                text: self.text(),
                outcome: self.outcome(self.tool_outcome(words, row)),
                place: self.place,
                fields,
            };
            found.push(self.around.activity(parts));
        }
    }

    /// A script of the project, known by its name only.
    fn script(&self, words: &Words<'_>, found: &mut Vec<Activity>) {
        let stem = SCRIPT_ENDINGS.iter().find_map(|ending| words.program.strip_suffix(ending));
        let is_path = || {
            let text = self.map.value("text").and_then(Value::as_str).unwrap_or("");
            text.split(' ').next().is_some_and(|first| first.contains('/') && first.ends_with(words.program))
        };
        let name = stem.or_else(|| is_path().then_some(words.program));
        if let Some(row) = name.and_then(task_row) {
            self.by_name(row, words.program, found);
        }
    }

    /// A task of the project: what its text says where that was read, else what its name says. Gives the command that hides
    /// behind a runner that takes either (`yarn eslint`).
    fn task<'w>(
        &self,
        words: &Words<'w>,
        row: &'static Row,
        kind: &str,
        found: &mut Vec<Activity>,
    ) -> Option<Words<'w>> {
        let values: Vec<&str> = row.list("values").collect();
        let named = row.list("names").find_map(|option| words.value_of(option)).map(|(name, _)| name);
        let fixed = row.fact("task");
        let names: Vec<(usize, &str)> = match fixed.or(named) {
            Some(name) => vec![(0, name)],
            None => {
                let places = words.operands(row, &values).into_iter();
                places.filter_map(|at| Some((at, *words.arguments.get(at)?))).collect()
            }
        };
        // Only some runners take several tasks; behind the one of the others its arguments stand.
        let count = if matches!(kind, "make" | "just" | "task" | "rake") { names.len() } else { 1 };
        for (at, name) in names.into_iter().take(count) {
            if kind == "npm" && self.depth < MAX_STEPS {
                let mut script = self.tasks.script(name, self.map);
                // `npm run` takes tasks only; `yarn` and `pnpm` also programs.
                let takes_programs = fixed.is_none() && row.words().next().is_none();
                if takes_programs && !matches!(script, Script::Text(_)) {
                    let inner = behind(words, at).filter(|inner| inner.row(&COMMANDS).is_some());
                    if inner.is_some() {
                        return inner;
                    }
                    // No package brings a program that is called as tasks are: `build`, `test`.
                    if task_row(name).is_none() {
                        script = Script::Unknown("what is no script may be a program of a package");
                    }
                }
                self.run_script(name, &script, found);
                if let Script::Text(script) = script {
                    self.script_text(&script, found);
                    continue;
                }
            }
            if let Some(row) = task_row(name) {
                self.by_name(row, words.program, found);
            }
        }
        None
    }

    /// That a script of the project is run, and whether it is there.
    fn run_script(&self, name: &str, script: &Script, found: &mut Vec<Activity>) {
        let exists = match script {
            Script::Text(_) => Truth::True,
            Script::Missing => Truth::False,
            Script::Unknown(_) => Truth::Unknown,
        };
        let reason = if let Script::Unknown(reason) = script { reason } else { "" };
        let mut fields = MapBuilder::default();
        fields.set_text("name", name, self.place);
        fields.set("exists", exists.value(reason, self.place));
        self.push(("run-script", "npm"), "npm", fields, found);
    }

    /// What the text of a task does, at the place of the command that starts it.
    fn script_text(&self, script: &str, found: &mut Vec<Activity>) {
        let start = found.len();
        let followed = Followed { tasks: self.tasks, depth: self.depth + 1 };
        for command in self.tasks.commands(script, self.place) {
            command_activities(&command, self.around, followed, found);
        }
        // What hides the failure of the task hides that of its commands.
        for activity in found.iter_mut().skip(start) {
            let own = self.outcome(Outcome::blocking(self.place));
            let is_hidden = !own.blocks;
            let outcome = activity.outcome.clone();
            activity.outcome = outcome.hidden(is_hidden, "command", &own.reason, own.place);
        }
    }

    fn by_name(&self, row: &'static Row, tool: &str, found: &mut Vec<Activity>) {
        for does in row.activities() {
            let mut fields = MapBuilder::default();
            fields.set_bool("by_name", true, self.place);
            for name in ["locked", "minimum", "severities"] {
                let reason = Unknown::because("what the task does is in no file that was read");
                fields.set(name, Value::unknown(reason, self.place));
            }
            let parts = Parts {
                does,
                tool: SmolStr::new(tool),
                text: self.text(),
                outcome: self.outcome(Outcome::blocking(self.place)),
                place: self.place,
                fields,
            };
            found.push(self.around.activity(parts));
        }
    }

    /// A tool that is fetched to run once.
    fn one_off(&self, words: &Words<'_>, at: usize, kind: &str, found: &mut Vec<Activity>) {
        let named = ["-p", "--package", "--from", "--spec"].iter().find_map(|option| words.value_of(option));
        let tool = named.map_or_else(|| words.arguments.get(at).copied().unwrap_or(""), |(tool, _)| tool);
        let version = tool.get(1..).and_then(|rest| rest.split_once('@')).map(|(_, version)| version);
        let version = version.or_else(|| tool.split_once("==").map(|(_, version)| version));
        let is_pinned = version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()));
        let is_local = ["--no-install", "--no", "--offline"].iter().any(|option| words.has(option));
        let mut fields = MapBuilder::default();
        fields.set_bool("pinned", is_pinned || is_local, self.place);
        fields.set_text("package", tool, self.place);
        let does = ("one-off", if kind == "pip" { "pip" } else { "npm" });
        self.push(does, words.program, fields, found);
    }

    /// A download that is run at once.
    fn download(&self, program: &str, found: &mut Vec<Activity>) {
        let download = self.map.value("download").and_then(Value::as_map);
        let said = |name: &str| download.is_some_and(|map| Truth::of(map.value(name)) == Truth::True);
        let piped = self.map.value("piped_to").and_then(Value::as_list).unwrap_or(&[]);
        let is_piped = matches!(program, "curl" | "wget")
            && piped.iter().any(|reader| reader.as_str().is_some_and(|reader| SHELLS.contains(&reader)));
        if said("is_executed") || is_piped {
            let mut fields = MapBuilder::default();
            fields.set_bool("pinned", said("is_checked"), self.place);
            self.push(("download-and-run", ""), program, fields, found);
        }
    }

    fn push(
        &self,
        does: (&'static str, &'static str),
        tool: &str,
        fields: MapBuilder,
        found: &mut Vec<Activity>,
    ) {
        let outcome = self.outcome(Outcome::blocking(self.place));
        let (tool, text) = (SmolStr::new(tool), self.text());
        found.push(self.around.activity(Parts { does, tool, text, outcome, place: self.place, fields }));
    }

    fn text(&self) -> Value {
        self.map.value("text").map_or_else(|| Value::string("", self.place), Value::clone)
    }

    /// Whether what the tool finds fails the command.
    fn tool_outcome(&self, words: &Words<'_>, row: &Row) -> Outcome {
        let start = Outcome::blocking(self.place);
        if let Some(index) = row.list("passes").find_map(|option| words.fulfills(option)) {
            return start.hidden(Truth::True, "tool", "", self.place_of(words, index));
        }
        let Some(fails) = row.fact("fails") else { return start };
        let host = "the code host judges what it finds";
        match fails {
            "never" => return start.hidden(Truth::True, "tool", "", self.place),
            "host" => return start.hidden(Truth::Unknown, "tool", host, self.place),
            _ => {}
        }
        for option in fails.split(',') {
            let Some(index) = words.fulfills(option) else { continue };
            let value = words.value_of(option).map_or("", |(value, _)| value);
            let is_off = matches!(value, "0" | "false");
            return start.hidden(Truth::from(is_off), "tool", "", self.place_of(words, index));
        }
        if row.list("fails").any(|option| self.is_set_outside(words.program, option)) {
            return start;
        }
        let may_hold_it = words.arguments.iter().any(|argument| is_variable_alone(argument));
        let is_hidden = if may_hold_it { Truth::Unknown } else { Truth::True };
        start.hidden(is_hidden, "tool", "a variable may hold the option that makes it fail", self.place)
    }

    /// Whether a variable such as `TRIVY_EXIT_CODE` does what an option would.
    fn is_set_outside(&self, program: &str, option: &str) -> bool {
        let Some(long) = option.strip_prefix("--") else { return false };
        let name = format!("{program}_{long}").replace('-', "_").to_uppercase();
        let value = self.around.variable(&name);
        value
            .is_some_and(|value| !matches!(value.to_string().as_str(), "0" | "\"0\"" | "false" | "\"false\""))
    }

    /// The outcome with what the script makes of the command's failure.
    fn outcome(&self, start: Outcome) -> Outcome {
        let map = self.map;
        let at = |name: &str| map.value(name).map_or(self.place, |value| value.origin.span);
        match map.value("on_failure").and_then(Value::as_str) {
            Some("stops") => start,
            Some("ignored") => {
                let ignored = at("ignored_by");
                start.hidden(Truth::True, "command", "", ignored)
            }
            Some(_) => {
                let fails = Truth::of(map.value("fails_script")) == Truth::True;
                let is_hidden = if fails { Truth::False } else { Truth::Unknown };
                start.hidden(is_hidden, "command", "the script handles the failure itself", self.place)
            }
            None => match map.value("or_else").and_then(Value::as_str) {
                None | Some("exit" | "false" | "return") => start,
                Some(_) => start.hidden(Truth::True, "command", "", at("or_else")),
            },
        }
    }

    /// The folder where it runs, from that of the repository; none where only a run knows it.
    pub fn folder(&self) -> Option<&str> {
        self.map.value("folder").map_or(Some(""), Value::as_str)
    }

    /// The place of an argument, also where the command stands behind others.
    pub fn place_of(&self, words: &Words<'_>, index: usize) -> Span {
        let offset = self.arguments.len().saturating_sub(words.arguments.len());
        self.arguments.get(offset + index).map_or(self.place, |value| value.origin.span)
    }

    /// An argument with its own place.
    pub fn value_at(&self, words: &Words<'_>, index: usize) -> Value {
        let offset = self.arguments.len().saturating_sub(words.arguments.len());
        let text = words.arguments.get(index).copied().unwrap_or("");
        match self.arguments.get(offset + index) {
            Some(value) if value.as_str() == Some(text) => Value::clone(value),
            _ => Value::string(text, self.place_of(words, index)),
        }
    }
}

/// The command that begins at an argument; a version behind its name is dropped.
fn behind<'w>(words: &Words<'w>, at: usize) -> Option<Words<'w>> {
    let word = words.arguments.get(at)?;
    let path_end = word.rfind('/').map_or(0, |slash| slash + 1);
    let name = word.get(path_end..)?;
    let program = name.split('@').next().filter(|program| !program.is_empty()).unwrap_or(name);
    Some(Words { program, arguments: words.arguments.get(at + 1..)?.to_vec() })
}

/// The command that an image stands for: its entrypoint, or what is run in it.
fn image_command<'w>(words: &Words<'w>, row: &Row, values: &[&str]) -> Option<Words<'w>> {
    let at = words.operands(row, values).into_iter().next()?;
    let image = words.arguments.get(at)?;
    match entrypoint(image) {
        Some(program) => Some(Words { program, arguments: words.arguments.get(at + 1..)?.to_vec() }),
        None => behind(words, at + 1),
    }
}

/// The program that an image starts, where it is one of a tool.
pub fn entrypoint(image: &str) -> Option<&'static str> {
    image_row(image).map(|row| row.does).filter(|program| *program != "-")
}

/// The row of an image, by its repository without registry and tag.
pub fn image_row(image: &str) -> Option<&'static Row> {
    let name = image.split('@').next()?;
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    };
    let (first, rest) = name.split_once('/').unwrap_or(("", name));
    let repository = if first.contains(['.', ':']) { rest } else { name };
    IMAGES.rows(repository).first()
}

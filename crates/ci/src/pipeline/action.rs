//! What actions do.

use super::activity::{Activity, Outcome, severities_from, severities_in};
use super::build_file::BuildFile;
use super::command::image_row;
use super::job::text;
use super::step::{Parts, Surroundings};
use super::table::{ACTIONS, Row};
use super::task::Tasks;
use super::truth::Truth;
use proofmark_model::{Data, Map, MapBuilder, SmolStr, Value};
use proofmark_source::Span;

/// An action while it is looked at.
struct Action<'a> {
    name: &'a str,
    text: &'a Value,
    major: Option<i64>,
    inputs: Option<&'a Map>,
    expressions: &'a [Value],
    tasks: &'a Tasks<'a>,
    place: Span,
}

/// What a step or job says of the action that it uses.
pub struct Use<'a> {
    /// The action.
    pub uses: &'a Map,
    /// What it is given.
    pub inputs: Option<&'a Value>,
    /// The expressions in that.
    pub expressions: &'a [Value],
    /// Where files of the repository are looked for.
    pub tasks: &'a Tasks<'a>,
    /// Where it is used.
    pub place: Span,
}

/// What the action of a step does; nothing where no table knows it.
pub fn action_activities(
    &Use { uses, inputs, expressions, tasks, place }: &Use<'_>,
    around: &Surroundings<'_>,
    found: &mut Vec<Activity>,
) {
    let text = |name: &str| uses.value(name).and_then(Value::as_str);
    let Some(whole) = uses.value("text") else { return };
    let major = uses.value("major").and_then(|value| match value.data {
        Data::Integer(major) => Some(major),
        _ => None,
    });
    let inputs = inputs.and_then(Value::as_map);
    match text("kind") {
        Some("docker") => {
            let tool = text("image").and_then(image_row).map(|row| row.pattern);
            // What an image does depends on its arguments; only its being one of a tool is known here.
            let name = tool.unwrap_or("");
            let action = Action { name, text: whole, major, inputs, expressions, tasks, place };
            action.put(around, found);
        }
        Some("action") => {
            let path = text("path").unwrap_or("");
            let name = format!("{}/{path}", text("name").unwrap_or("")).to_lowercase();
            let name = name.trim_end_matches('/');
            let action = Action { name, text: whole, major, inputs, expressions, tasks, place };
            action.put(around, found);
        }
        _ => {}
    }
}

impl Action<'_> {
    fn put(&self, around: &Surroundings<'_>, found: &mut Vec<Activity>) {
        let Some(row) = self.row() else { return };
        for does in row.activities() {
            let mut fields = MapBuilder::default();
            self.put_facts(row, &mut fields);
            let tool = self.name.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
            let outcome = self.outcome(row);
            let parts = Parts {
                does,
                tool: SmolStr::new(tool),
                text: Value::clone(self.text),
                outcome,
                place: self.place,
                fields,
            };
            found.push(around.activity(parts));
        }
    }

    /// The row of the action, or of the action above its path.
    fn row(&self) -> Option<&'static Row> {
        let mut name = self.name;
        loop {
            let fitting = ACTIONS.rows(name).iter().filter(|row| row.words().all(|word| self.fits(word)));
            let best = fitting.fold(None, |best: Option<&'static Row>, row| match best {
                Some(best) if best.words().count() >= row.words().count() => Some(best),
                _ => Some(row),
            });
            if best.is_some() {
                return best;
            }
            name = name.rsplit_once('/').map(|(above, _)| above).filter(|above| above.contains('/'))?;
        }
    }

    /// Whether a word of a row holds: a range of versions, or an input.
    fn fits(&self, word: &str) -> bool {
        if let Some(range) = word.strip_prefix('@') {
            let number =
                |prefix: &str| range.strip_prefix(prefix).and_then(|number| number.parse::<i64>().ok());
            return match (number(">="), number("<"), self.major) {
                (Some(least), _, Some(major)) => major >= least,
                (_, Some(limit), Some(major)) => major < limit,
                _ => false,
            };
        }
        let Some((input, wanted)) = word.split_once('=') else { return false };
        match (wanted, self.input(input)) {
            ("*", Some(value)) => self.is_on(value) != Truth::False,
            (_, Some(value)) => text_of(value).is_some_and(|text| text == wanted),
            (_, None) => false,
        }
    }

    /// An input; GitHub does not mind the case of its name.
    fn input(&self, name: &str) -> Option<&Value> {
        let mut entries = self.inputs?.entries().iter();
        entries.find(|entry| entry.name.eq_ignore_ascii_case(name)).map(|entry| &entry.value)
    }

    /// An input that is one expression and nothing else as its text, so that it can be told what that stands for.
    fn written(&self, name: &str, value: &Value) -> Value {
        let span = value.origin.span;
        // Quotes may stand around it.
        let is_whole = |expression: &&Value| {
            let own = expression.origin.span;
            span.contains(own) && span.end - span.start <= own.end - own.start + 2
        };
        let named =
            |expression: &&Value| text(expression, "key").is_some_and(|key| key.eq_ignore_ascii_case(name));
        let expression = self.expressions.iter().filter(named).find(is_whole);
        let written = expression.and_then(|expression| text(expression, "text"));
        written.map_or_else(|| Value::clone(value), |text| Value::string(format!("${{{{ {text} }}}}"), span))
    }

    /// Whether an input says yes: something but `false`, `0` or nothing.
    fn is_on(&self, value: &Value) -> Truth {
        match &value.data {
            Data::Unknown(_) => Truth::Unknown,
            Data::Null => Truth::False,
            _ => Truth::from(!matches!(text_of(value).as_deref(), Some("" | "0" | "false" | "none"))),
        }
    }

    /// Whether an input of a fact is given: `input`, `input:value`, or `input:~text` and `input:--option` for a part.
    fn fulfills(&self, fact: &str) -> Option<(Truth, Span)> {
        let (input, wanted) =
            fact.split_once(':').map_or((fact, None), |(input, wanted)| (input, Some(wanted)));
        let value = self.input(input)?;
        let truth = match (wanted, text_of(value)) {
            (None, _) => self.is_on(value),
            (Some(_), None) => Truth::Unknown,
            (Some(wanted), Some(text)) => Truth::from(match wanted.strip_prefix('~') {
                Some(part) => text.contains(part),
                None if wanted.starts_with("--") => text.contains(wanted),
                None => text == wanted,
            }),
        };
        Some((truth, value.origin.span))
    }

    fn outcome(&self, row: &Row) -> Outcome {
        let mut outcome = Outcome::blocking(self.place);
        let reason = "an expression decides whether findings fail the step";
        for (truth, span) in row.list("passes").filter_map(|fact| self.fulfills(fact)) {
            outcome = outcome.hidden(truth, "tool", reason, span);
        }
        match row.fact("fails") {
            None => outcome,
            Some("never") => outcome.hidden(Truth::True, "tool", "", self.place),
            Some("host") => {
                outcome.hidden(Truth::Unknown, "tool", "the code host judges what it finds", self.place)
            }
            Some(_) => {
                let given: Vec<(Truth, Span)> =
                    row.list("fails").filter_map(|fact| self.fulfills(fact)).collect();
                let fails = given.iter().fold(Truth::False, |all, (truth, _)| all | *truth);
                let place = given.first().map_or(self.place, |(_, span)| *span);
                // What makes findings fail the step is the evidence that they do.
                if fails == Truth::True && outcome.blocks == Truth::True {
                    outcome.place = place;
                }
                outcome.hidden(!fails, "tool", reason, place)
            }
        }
    }

    fn put_facts(&self, row: &Row, fields: &mut MapBuilder) {
        let given = |name: &str| row.list(name).find_map(|input| self.input(input));
        self.put_extent(row, fields);
        self.put_build_file(row, fields);
        if let Some(environment) = given("environment") {
            fields.set("environment", Value::clone(environment));
        } else if let Some((Truth::True, span)) = row.list("production").find_map(|fact| self.fulfills(fact))
        {
            fields.set_text("environment", "production", span);
        }
        if let Some(targets) = row.list("targets").find_map(|input| self.input(input)) {
            fields.set("targets", lines(targets));
        }
        for (name, fact) in [
            ("version", "version"),
            ("version_file", "version-file"),
            ("name", "name"),
            ("retention_days", "retention"),
        ] {
            if let Some(value) = given(fact) {
                fields.set(name, Value::clone(value));
            }
        }
        if let Some(locked) = row.fact("locked") {
            fields.set_bool("locked", locked == "always", self.place);
        }
        if let Some(provider) = row.fact("provider") {
            fields.set_text("provider", provider, self.place);
        }
    }

    /// What a scan looks at and what counts: its mode, the severities, what is left out, the commits.
    fn put_extent(&self, row: &Row, fields: &mut MapBuilder) {
        if let Some(mode) = row.words().find_map(|word| self.input(word.split_once('=')?.0)) {
            fields.set("mode", Value::clone(mode));
        }
        if let Some(list) = row.list("severities").find_map(|input| self.input(input)) {
            let found = text_of(list).map(|text| severities_in(&text, list.origin.span));
            fields.set("severities", found.unwrap_or_else(|| Value::clone(list)));
        } else if let Some(lowest) = row.list("threshold").find_map(|fact| self.threshold(fact)) {
            fields.set("severities", lowest);
        }
        let narrows = row.list("narrows").filter_map(|fact| {
            let (truth, span) = self.fulfills(fact)?;
            (truth != Truth::False).then(|| Value::string(fact.split(':').next_back().unwrap_or(fact), span))
        });
        let narrows: Vec<Value> = narrows.collect();
        if !narrows.is_empty() {
            fields.set("narrowed_by", Value::list(narrows, self.place));
        }
        for end in ["from", "to"] {
            let given = row.list(end).find_map(|input| Some((input, self.input(input)?)));
            if let Some((input, value)) = given {
                fields.set(end, self.written(input, value));
            }
        }
    }

    /// The file that an image is built from, where the inputs that name it are plain texts.
    fn put_build_file(&self, row: &Row, fields: &mut MapBuilder) {
        let given = |name: &str| row.list(name).find_map(|input| self.input(input));
        let (file, context) = (given("file"), given("context"));
        let is_open = |value: Option<&Value>| value.is_some_and(|value| value.as_str().is_none());
        if row.fact("context").is_none() || is_open(file) || is_open(context) {
            return;
        }
        let build = BuildFile {
            named: file.and_then(Value::as_str),
            context: context.and_then(Value::as_str),
            folder: "",
            defaults: &["Dockerfile"],
            place: file.map_or(self.place, |file| file.origin.span),
        };
        build.put(self.tasks, fields);
    }

    /// The severities from a threshold down: an input, or an option in one (`args:--severity-threshold`).
    fn threshold(&self, fact: &str) -> Option<Value> {
        let (input, option) = fact.split_once(':').unwrap_or((fact, ""));
        let value = self.input(input)?;
        let Some(text) = text_of(value) else { return Some(Value::clone(value)) };
        if option.is_empty() {
            return Some(severities_from(&text, value.origin.span));
        }
        let (_, rest) = text.split_once(option)?;
        let lowest = rest.trim_start_matches(['=', ' ']).split_whitespace().next()?;
        Some(severities_from(lowest, value.origin.span))
    }
}

/// The text of a scalar.
pub fn text_of(value: &Value) -> Option<SmolStr> {
    match &value.data {
        Data::String(text) => Some(SmolStr::clone(text)),
        Data::Bool(_) | Data::Integer(_) | Data::Float(_) => Some(SmolStr::new(value.data.to_string())),
        _ => None,
    }
}

/// The lines of a text as a list.
fn lines(value: &Value) -> Value {
    let span = value.origin.span;
    match value.as_str() {
        Some(text) => {
            let parts = text.split(['\n', ',']).map(str::trim).filter(|part| !part.is_empty());
            Value::list(parts.map(|part| Value::string(part, span)).collect(), span)
        }
        None => Value::list(vec![Value::clone(value)], span),
    }
}

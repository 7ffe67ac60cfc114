//! What pipelines and jobs of GitLab run for.

use super::event::{Branch, Event, Known, NO_SCHEDULES_HERE};
use super::gitlab_condition::{Facts, holds};
use super::job::{entry, entry_span, get, list, text};
use super::truth::Truth;
use proofmark_model::{Data, SmolStr, Unknown, Value};
use proofmark_source::Span;

/// What a pipeline runs for: what its `workflow` lets through.
pub struct GitlabEvents {
    /// The events, before the rules of jobs.
    pub events: Vec<Event>,
    default_branch: SmolStr,
    has_workflow_rules: bool,
    variables: Value,
}

impl GitlabEvents {
    /// Asks `workflow` for everything that GitLab starts pipelines for, and for each branch that the file names.
    pub fn new(pipeline: &Value, place: Span) -> Self {
        let mut asked = Asked::default();
        asked.look_in(pipeline, 0);
        let has = |branch: &str| asked.branches.iter().any(|name| name == branch);
        let default = if has("master") && !has("main") { "master" } else { "main" };
        let workflow = get(pipeline, "workflow");
        let rules = workflow.map_or(&[][..], |workflow| list(workflow, "rules"));
        let variables = get(pipeline, "variables").map_or_else(|| Value::string("", place), Value::clone);
        let mut this = Self {
            events: Vec::new(),
            default_branch: SmolStr::new_static(default),
            has_workflow_rules: !rules.is_empty(),
            variables,
        };
        let all = all_events(default, &asked, place);
        this.events = match rules {
            [] if workflow.is_some_and(|workflow| workflow.as_unknown().is_some()) => {
                all.into_iter().map(|event| Event { occurs: Truth::Unknown, ..event }).collect()
            }
            [] => all,
            rules => all.iter().filter_map(|event| this.after_workflow(rules, event)).collect(),
        };
        this
    }

    /// The events of a job.
    pub fn of_job(&self, job: &Value) -> Vec<Event> {
        let base = text(job, "when").map_or("automatic", start_of);
        if let Some(rules) = get(job, "rules") {
            if rules.as_unknown().is_some() {
                return self
                    .events
                    .iter()
                    .map(|event| Event { runs: Truth::Unknown, ..event.clone() })
                    .collect();
            }
            let rules = list(job, "rules");
            return self.events.iter().filter_map(|event| self.after_rules(rules, event, base)).collect();
        }
        let (only, except) = (get(job, "only"), get(job, "except"));
        if base == "never" {
            return Vec::new();
        }
        let runs = |event: &&Event| match (only, except) {
            // Without a word on it, jobs stay out of merge request pipelines, if `workflow` does not say more.
            (None, None) if !self.has_workflow_rules => Truth::from(event.event != "merge_request"),
            (None, except) => !except.map_or(Truth::False, |except| self.selects(except, event)),
            (Some(only), except) => {
                self.selects(only, event) & !except.map_or(Truth::False, |except| self.selects(except, event))
            }
        };
        let place = entry(job, "only").or(entry(job, "when")).map(entry_span);
        let has_path_filter = only.is_some_and(|only| !list(only, "changes").is_empty());
        self.events
            .iter()
            .map(|event| (event, runs(&event)))
            .filter(|(_, runs)| *runs != Truth::False)
            .map(|(event, runs)| Event {
                runs: runs & event.runs,
                start: base,
                place: place.unwrap_or(event.place),
                start_place: entry(job, "when").map(entry_span).or(place).unwrap_or(event.place),
                has_path_filter: event.has_path_filter || has_path_filter,
                is_for_paths_only: event.is_for_paths_only || has_path_filter,
                ..event.clone()
            })
            .collect()
    }

    /// What `workflow` makes of an event, with the variables that it sets.
    fn after_workflow(&self, rules: &[Value], event: &Event) -> Option<Event> {
        let found = self.after_rules(rules, event, "automatic")?;
        // Any of these may be the first that fits.
        let mut fitting: Vec<&Value> = Vec::new();
        for rule in rules {
            let (truth, asks_for_files) = self.rule_holds(rule, event);
            if truth != Truth::False && text(rule, "when") != Some("never") {
                fitting.push(rule);
            }
            if truth == Truth::True && !asks_for_files {
                break;
            }
        }
        let mut variables: Vec<(SmolStr, Known)> = Vec::new();
        let set = fitting.iter().filter_map(|rule| get(rule, "variables")?.as_map());
        for entry in set.flat_map(|map| map.entries()) {
            if variables.iter().all(|(name, _)| *name != entry.name) {
                let each = fitting.iter().map(|rule| written(get(rule, "variables"), &entry.name));
                let known = each.reduce(Known::or).unwrap_or(Known::Unknown);
                variables.push((SmolStr::clone(&entry.name), known));
            }
        }
        Some(Event { variables, ..found })
    }

    /// What the first rule that fits makes of an event; none where it does not run.
    fn after_rules(&self, rules: &[Value], event: &Event, base: &'static str) -> Option<Event> {
        let mut maybe: Option<Event> = None;
        let mut by_files = ByFiles::default();
        for rule in rules {
            let (truth, asks_for_files) = self.rule_holds(rule, event);
            let found = after_rule(rule, event, base);
            match truth {
                Truth::False => {}
                Truth::True if asks_for_files => by_files.add(found),
                Truth::True => return by_files.settle(decided(maybe, found)),
                Truth::Unknown if found.start != "never" || maybe.is_none() => {
                    let has_path_filter = found.has_path_filter || asks_for_files;
                    let is_for_paths_only = found.is_for_paths_only || asks_for_files;
                    maybe = Some(Event { has_path_filter, is_for_paths_only, ..found });
                }
                Truth::Unknown => {}
            }
        }
        let maybe = maybe.filter(|event| event.start != "never");
        by_files.settle(maybe.map(|event| Event { runs: Truth::Unknown, ..event }))
    }

    /// Whether a rule holds, and whether it asks which files changed. Only for pushes and merge requests GitLab knows them;
    /// otherwise `changes` holds.
    fn rule_holds(&self, rule: &Value, event: &Event) -> (Truth, bool) {
        let has_changes = matches!(event.event, "push" | "merge_request" | "external");
        let condition = match get(rule, "if").map(|condition| &condition.data) {
            Some(Data::String(text)) => self.condition(text, event),
            Some(_) => Truth::Unknown,
            None => Truth::True,
        };
        let exists = if get(rule, "exists").is_some() { Truth::Unknown } else { Truth::True };
        (condition & exists, has_changes && get(rule, "changes").is_some())
    }

    fn condition(&self, text: &str, event: &Event) -> Truth {
        let variables = |name: &str| match event.variables.iter().find(|(known, _)| known == name) {
            Some((_, known)) => known.clone(),
            None => written(Some(&self.variables), name),
        };
        // A variable of the file may be set anew for a run that a person or a program starts.
        let hidden = |_: &str| Known::Unknown;
        let is_open = matches!(event.event, "manual" | "api" | "schedule" | "pipeline");
        let variables: &dyn Fn(&str) -> Known = if is_open { &hidden } else { &variables };
        holds(text, event, &Facts { default_branch: &self.default_branch, variables })
    }

    /// Whether `only` or `except` names an event.
    fn selects(&self, selector: &Value, event: &Event) -> Truth {
        let refs: Vec<&str> = match selector.as_list() {
            Some(plain) => plain.iter().filter_map(Value::as_str).collect(),
            None => selector
                .as_str()
                .into_iter()
                .chain(list(selector, "refs").iter().filter_map(Value::as_str))
                .collect(),
        };
        let by_ref = match refs.as_slice() {
            [] => Truth::from(event.event != "merge_request"),
            refs => refs.iter().fold(Truth::False, |all, name| all | named_by(name, event)),
        };
        let conditions = list(selector, "variables").iter().filter_map(Value::as_str);
        let by_variables = conditions.map(|text| self.condition(text, event)).reduce(|all, one| all | one);
        by_ref & by_variables.unwrap_or(Truth::True)
    }
}

/// What a rule makes of an event for which it holds.
fn after_rule(rule: &Value, event: &Event, base: &'static str) -> Event {
    let header = rule.as_map().and_then(|map| map.header).unwrap_or(rule.origin.span);
    Event {
        start: text(rule, "when").map_or(base, start_of),
        place: header,
        start_place: entry(rule, "when").map_or(header, entry_span),
        may_fail: Truth::of(get(rule, "allow_failure")),
        ..event.clone()
    }
}

/// What a rule that surely holds decides where an earlier one may decide otherwise; which one does, a run knows.
fn decided(earlier: Option<Event>, found: Event) -> Option<Event> {
    match earlier {
        Some(earlier) if earlier.start != found.start => Some(match found.start {
            "never" => Event { runs: Truth::Unknown, ..earlier },
            _ => Event { runs: Truth::Unknown, ..found },
        }),
        _ => (found.start != "never").then_some(found),
    }
}

/// What rules decide that ask which files changed: for other changes those behind them count.
#[derive(Default)]
struct ByFiles {
    starts: Option<Event>,
    leaves_out: bool,
}

impl ByFiles {
    fn add(&mut self, found: Event) {
        match found.start {
            "never" => self.leaves_out = true,
            _ => drop(self.starts.get_or_insert(found)),
        }
    }

    /// The same with what the other rules decide.
    fn settle(self, others: Option<Event>) -> Option<Event> {
        match (self.starts, others) {
            // Whatever changed, it starts, and alike.
            (Some(own), Some(others)) if own.start == others.start => Some(others),
            (Some(own), _) => Some(Event { has_path_filter: true, is_for_paths_only: true, ..own }),
            (None, others) => others
                .map(|event| Event { has_path_filter: event.has_path_filter || self.leaves_out, ..event }),
        }
    }
}

/// What a map of variables says of one.
fn written(variables: Option<&Value>, name: &str) -> Known {
    let value = variables.and_then(|variables| get(variables, name));
    let text = value.and_then(|value| value.as_str().or_else(|| get(value, "value")?.as_str()));
    text.filter(|text| !text.contains('$')).map_or(Known::Unknown, Known::text)
}

/// Whether a word of `only:refs` speaks of an event.
fn named_by(name: &str, event: &Event) -> Truth {
    let name = name.split('@').next().unwrap_or(name);
    let is_branch = event.branch != Branch::None || event.event == "push";
    match name {
        "branches" => Truth::from(is_branch),
        "tags" => Truth::from(event.event == "tag"),
        "merge_requests" => Truth::from(event.event == "merge_request"),
        "pushes" => Truth::from(matches!(event.event, "push" | "tag")),
        "schedules" => Truth::from(event.event == "schedule"),
        "web" => Truth::from(event.event == "manual"),
        "api" | "triggers" => Truth::from(event.event == "api"),
        "pipelines" => Truth::from(event.event == "pipeline"),
        "external_pull_requests" => Truth::from(event.event == "external"),
        "external" | "chat" => Truth::False,
        _ => match &event.branch {
            _ if name.starts_with('/') && is_branch => Truth::Unknown,
            Branch::Named(branch) => Truth::from(branch == name),
            Branch::None if event.event == "tag" => Truth::Unknown,
            _ => Truth::False,
        },
    }
}

/// Everything that starts a pipeline; pushes once for each branch that the file names and once for all others.
fn all_events(default: &str, asked: &Asked, place: Span) -> Vec<Event> {
    let push = || Event::new("push", "push", place);
    let mut events = vec![
        Event::new("merge_request", "merge_request_event", place),
        push().on_branch(Branch::Named(SmolStr::new(default)), Truth::True),
    ];
    for name in asked.branches.iter().filter(|name| *name != default) {
        events.push(push().on_branch(Branch::Named(SmolStr::clone(name)), Truth::False));
    }
    events.push(push().on_branch(Branch::Other, Truth::False));
    events.push(Event::new("tag", "push", place));
    let on_default = |event, native| {
        Event::new(event, native, place).on_branch(Branch::Named(SmolStr::new(default)), Truth::True)
    };
    let cron = Unknown::because(NO_SCHEDULES_HERE);
    let cron = Some(Value::unknown(cron, place));
    // Where no condition speaks of schedules, the project may have none.
    let occurs = if asked.names_schedules { Truth::True } else { Truth::Unknown };
    events.push(Event { cron, occurs, ..on_default("schedule", "schedule") });
    // A manual pipeline runs by itself once somebody has started it; its manual jobs say so themselves.
    events.push(Event { start: "automatic", ..on_default("manual", "web") });
    events.push(on_default("api", "api"));
    events.push(on_default("pipeline", "pipeline"));
    // The pipeline of a pull request elsewhere runs on its branch.
    let external = Event::new("external", "external_pull_request_event", place);
    events.push(external.on_branch(Branch::Other, Truth::False));
    events
}

/// Deeper values hold no conditions.
const MAX_DEPTH: usize = 8;

/// What the conditions of a file ask for.
#[derive(Default)]
struct Asked {
    /// The names of branches that they compare with, each once.
    branches: Vec<SmolStr>,
    /// Whether they speak of schedules.
    names_schedules: bool,
}

impl Asked {
    fn look_in(&mut self, value: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &value.data {
            Data::Map(map) => {
                for entry in map.entries() {
                    match (entry.name.as_str(), entry.value.as_str()) {
                        ("if", Some(text)) => {
                            compared_branches(text, &mut self.branches);
                            self.names_schedules |= text.to_ascii_lowercase().contains("schedule");
                        }
                        ("jobs" | "rules" | "workflow" | "only" | "except", _) => {
                            self.look_in(&entry.value, depth + 1);
                        }
                        ("refs", _) => {
                            entry.value.as_list().unwrap_or(&[]).iter().for_each(|name| self.add_ref(name));
                        }
                        _ => {}
                    }
                }
            }
            Data::List(elements) => {
                for element in elements.iter() {
                    match &element.data {
                        Data::String(_) => self.add_ref(element),
                        _ => self.look_in(element, depth + 1),
                    }
                }
            }
            _ => {}
        }
    }

    fn add_ref(&mut self, name: &Value) {
        let name = name.as_str().unwrap_or("/").split('@').next().unwrap_or("/");
        self.names_schedules |= name == "schedules";
        if !name.starts_with('/') && !name.contains('$') && !REFS.contains(&name) {
            add(name, &mut self.branches);
        }
    }
}

/// Words of `only:refs` that are no branches.
const REFS: [&str; 11] = [
    "branches",
    "tags",
    "merge_requests",
    "pushes",
    "schedules",
    "web",
    "api",
    "triggers",
    "pipelines",
    "external_pull_requests",
    "chat",
];

fn compared_branches(text: &str, found: &mut Vec<SmolStr>) {
    for name in ["CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME"] {
        for (_, behind) in
            text.match_indices(name).map(|(at, _)| (at, text.get(at + name.len()..).unwrap_or("")))
        {
            let behind = behind.trim_start_matches(['}', ' ']);
            let Some(operand) = behind.strip_prefix("==").or_else(|| behind.strip_prefix("!=")) else {
                continue;
            };
            let operand = operand.trim_start();
            let mark = operand.chars().next().filter(|mark| matches!(mark, '"' | '\''));
            if let Some(name) = mark.and_then(|mark| operand.get(1..)?.split(mark).next())
                && !name.contains('$')
            {
                add(name, found);
            }
        }
    }
}

/// More branches than this make no pipeline clearer.
const MAX_BRANCHES: usize = 16;

fn add(name: &str, found: &mut Vec<SmolStr>) {
    if !name.is_empty() && found.len() < MAX_BRANCHES && !found.iter().any(|known| known == name) {
        found.push(SmolStr::new(name));
    }
}

fn start_of(when: &str) -> &'static str {
    match when {
        "manual" => "manual",
        "on_failure" => "on_failure",
        "always" => "always",
        "delayed" => "delayed",
        "never" => "never",
        _ => "automatic",
    }
}

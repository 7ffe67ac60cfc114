//! Jobs of GitLab in the neutral view.

use super::activity::{Activity, Outcome};
use super::command::command_activities;
use super::event::{Branch, Event};
use super::github::image_value;
use super::gitlab_condition::{Facts, holds};
use super::job::{Job, Needs, entry, entry_span, get, list, minutes, text, truth_at};
use super::step::{Parts, Surroundings};
use super::table::TEMPLATES;
use super::task::Tasks;
use super::truth::Truth;
use proofmark_model::{Data, Map, MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;

/// Parts of the names of variables that hold secrets.
const SECRET_WORDS: [&str; 7] = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "_KEY", "KUBECONFIG"];

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
        let mut branches = Vec::new();
        branches_in(pipeline, 0, &mut branches);
        let default =
            if branches.iter().any(|name| name == "master") && !branches.iter().any(|name| name == "main") {
                "master"
            } else {
                "main"
            };
        let rules = get(pipeline, "workflow").map_or(&[][..], |workflow| list(workflow, "rules"));
        let variables = get(pipeline, "variables").map_or_else(|| Value::string("", place), Value::clone);
        let mut this = Self {
            events: Vec::new(),
            default_branch: SmolStr::new_static(default),
            has_workflow_rules: !rules.is_empty(),
            variables,
        };
        let all = all_events(default, &branches, place);
        this.events = match rules {
            [] => all,
            rules => all.iter().filter_map(|event| this.after_rules(rules, event, "automatic")).collect(),
        };
        this
    }

    /// The events of a job.
    fn of_job(&self, job: &Value) -> Vec<Event> {
        let base = text(job, "when").map_or("automatic", start_of);
        if get(job, "rules").is_some() {
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
                ..event.clone()
            })
            .collect()
    }

    /// What the first rule that fits makes of an event; none where it does not run.
    fn after_rules(&self, rules: &[Value], event: &Event, base: &'static str) -> Option<Event> {
        let mut maybe: Option<Event> = None;
        for rule in rules {
            let (truth, has_path_filter) = self.rule_holds(rule, event);
            if truth == Truth::False {
                continue;
            }
            let start = text(rule, "when").map_or(base, start_of);
            let header = rule.as_map().and_then(|map| map.header).unwrap_or(rule.origin.span);
            let mut found = event.clone();
            found.start = start;
            found.place = header;
            found.start_place = entry(rule, "when").map_or(header, entry_span);
            found.has_path_filter = event.has_path_filter || has_path_filter;
            found.may_fail = Truth::of(get(rule, "allow_failure"));
            if truth == Truth::True {
                return match maybe {
                    None => (start != "never").then_some(found),
                    // An earlier rule may decide otherwise; which one does, a run knows.
                    Some(earlier) if earlier.start == start => (start != "never").then_some(found),
                    Some(earlier) if start == "never" => Some(Event { runs: Truth::Unknown, ..earlier }),
                    Some(_) => Some(Event { runs: Truth::Unknown, ..found }),
                };
            }
            if start != "never" || maybe.is_none() {
                maybe = Some(found);
            }
        }
        maybe.filter(|event| event.start != "never").map(|event| Event { runs: Truth::Unknown, ..event })
    }

    /// Whether a rule holds, and whether it asks which files changed.
    fn rule_holds(&self, rule: &Value, event: &Event) -> (Truth, bool) {
        let condition = match get(rule, "if").map(|condition| &condition.data) {
            Some(Data::String(text)) => self.condition(text, event),
            Some(_) => Truth::Unknown,
            None => Truth::True,
        };
        let exists = if get(rule, "exists").is_some() { Truth::Unknown } else { Truth::True };
        (condition & exists, get(rule, "changes").is_some())
    }

    fn condition(&self, text: &str, event: &Event) -> Truth {
        let variables = |name: &str| {
            let value = get(&self.variables, name)?;
            let text = value.as_str().or_else(|| get(value, "value")?.as_str())?;
            (!text.contains('$')).then(|| SmolStr::new(text))
        };
        // A variable of the file may be set anew for a run that a person or a program starts.
        let hidden = |_: &str| None;
        let is_open = matches!(event.event, "manual" | "api" | "schedule" | "pipeline");
        let variables: &dyn Fn(&str) -> Option<SmolStr> = if is_open { &hidden } else { &variables };
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
fn all_events(default: &str, branches: &[SmolStr], place: Span) -> Vec<Event> {
    let push = || Event::new("push", "push", place);
    let mut events = vec![
        Event::new("merge_request", "merge_request_event", place),
        push().on_branch(Branch::Named(SmolStr::new(default)), Truth::True),
    ];
    for name in branches.iter().filter(|name| *name != default) {
        events.push(push().on_branch(Branch::Named(SmolStr::clone(name)), Truth::False));
    }
    events.push(push().on_branch(Branch::Other, Truth::False));
    events.push(Event::new("tag", "push", place));
    let on_default = |event, native| {
        Event::new(event, native, place).on_branch(Branch::Named(SmolStr::new(default)), Truth::True)
    };
    let cron = Unknown::because("schedules are kept on the code host");
    let cron = Some(Value::unknown(cron, place));
    events.push(Event { cron, ..on_default("schedule", "schedule") });
    // A manual pipeline runs by itself once somebody has started it; its manual jobs say so themselves.
    events.push(Event { start: "automatic", ..on_default("manual", "web") });
    events.push(on_default("api", "api"));
    events.push(on_default("pipeline", "pipeline"));
    events.push(Event::new("external", "external_pull_request_event", place));
    events
}

/// Deeper values hold no conditions.
const MAX_DEPTH: usize = 8;

/// The names of branches that conditions compare with, each once.
fn branches_in(value: &Value, depth: usize, found: &mut Vec<SmolStr>) {
    if depth > MAX_DEPTH {
        return;
    }
    match &value.data {
        Data::Map(map) => {
            for entry in map.entries() {
                match (entry.name.as_str(), entry.value.as_str()) {
                    ("if", Some(text)) => compared_branches(text, found),
                    ("jobs" | "rules" | "workflow" | "only" | "except", _) => {
                        branches_in(&entry.value, depth + 1, found);
                    }
                    ("refs", _) => {
                        entry.value.as_list().unwrap_or(&[]).iter().for_each(|name| add_ref(name, found))
                    }
                    _ => {}
                }
            }
        }
        Data::List(elements) => {
            for element in elements.iter() {
                match &element.data {
                    Data::String(_) => add_ref(element, found),
                    _ => branches_in(element, depth + 1, found),
                }
            }
        }
        _ => {}
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

fn add_ref(name: &Value, found: &mut Vec<SmolStr>) {
    let name = name.as_str().unwrap_or("/").split('@').next().unwrap_or("/");
    if !name.starts_with('/') && !name.contains('$') && !REFS.contains(&name) {
        add(name, found);
    }
}

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

/// A job in the neutral view.
pub fn gitlab_job(
    events: &GitlabEvents,
    tasks: &Tasks<'_>,
    stages: &[Value],
    job: &Value,
    header: Span,
) -> Job {
    let events = events.of_job(job);
    let mut own = MapBuilder::default();
    put_settings(job, header, &mut own);
    let may_fail = job_may_fail(job, &events, header);
    let variables: Vec<&Value> = get(job, "variables").into_iter().collect();
    let mut activities = Vec::new();
    for command in list(job, "commands") {
        // What `after_script` does changes the outcome of no job, and happens after failures too.
        let is_after = text(command, "section") == Some("after_script");
        let around = Surroundings {
            step_may_fail: is_after.then_some((Truth::True, command.origin.span)),
            job_may_fail: Some(may_fail),
            start: if is_after { "always" } else { "automatic" },
            variables: variables.clone(),
            ..Surroundings::of_job()
        };
        command_activities(command, &around, tasks, 0, &mut activities);
    }
    activities.extend(coverage_report(job, may_fail));
    put_artifacts(job, header, &mut own);
    let stage = text(job, "stage").unwrap_or("test");
    Job {
        system: "gitlab",
        id: SmolStr::new(text(job, "name").unwrap_or("")),
        native: Value::clone(job),
        header,
        activities,
        unread: unread(job),
        events,
        may_fail,
        needs: needs(job),
        stage: stage_index(stages, stage),
        own,
    }
}

/// The coverage that a job shows on the merge request: by a pattern for its log, or a report.
fn coverage_report(job: &Value, may_fail: (Truth, Span)) -> Option<Activity> {
    let report = || entry(get(get(job, "artifacts")?, "reports")?, "coverage_report");
    let entry = entry(job, "coverage").or_else(report)?;
    let place = entry_span(entry);
    let around = Surroundings { job_may_fail: Some(may_fail), ..Surroundings::of_job() };
    Some(around.activity(Parts {
        does: ("coverage-upload", ""),
        tool: SmolStr::new_static("gitlab"),
        text: Value::string(SmolStr::clone(&entry.name), place),
        outcome: Outcome::blocking(place),
        place,
        fields: MapBuilder::default(),
    }))
}

/// The place of a stage. `.pre` comes before all and `.post` behind, whether they are listed or not.
fn stage_index(stages: &[Value], stage: &str) -> Option<usize> {
    match stages.iter().position(|known| known.as_str() == Some(stage)) {
        Some(index) => Some(index + 1),
        None if stage == ".pre" => Some(0),
        None if stage == ".post" => Some(stages.len() + 1),
        None if stages.is_empty() => match stage {
            "build" => Some(1),
            "test" => Some(2),
            "deploy" => Some(3),
            _ => None,
        },
        None => None,
    }
}

fn needs(job: &Value) -> Needs {
    let Some(needs) = get(job, "needs") else { return Needs::Stages };
    let Some(elements) = needs.as_list() else { return Needs::Stages };
    let one = |need: &Value| {
        let name = need.as_str().or_else(|| text(need, "job"))?;
        let is_foreign = get(need, "pipeline").is_some() || get(need, "project").is_some();
        let is_optional = Truth::of(get(need, "optional")) != Truth::False;
        (!is_foreign).then(|| (SmolStr::new(name), is_optional))
    };
    Needs::Jobs(elements.iter().filter_map(one).collect())
}

/// Why a job may do more than its file says.
fn unread(job: &Value) -> Option<SmolStr> {
    let rest = job.as_map().and_then(|map| map.unknown_rest.as_ref());
    if let Some(rest) = rest {
        return Some(SmolStr::clone(&rest.reason));
    }
    let trigger = get(job, "trigger")?;
    let is_read = get(trigger, "pipeline").is_some();
    let name = text(job, "name").unwrap_or("");
    (!is_read).then(|| format_smolstr!("the pipeline that `{name}` starts was not read"))
}

/// Whether the failure of a job fails nothing: `allow_failure`, or the same in each rule under which it runs.
fn job_may_fail(job: &Value, events: &[Event], header: Span) -> (Truth, Span) {
    if let Some(entry) = entry(job, "allow_failure") {
        let truth = match &entry.value.data {
            // Some exit codes only.
            Data::Map(_) => Truth::Unknown,
            _ => truth_at(job, "allow_failure", header).0,
        };
        return (truth, entry_span(entry));
    }
    let by_rules = events.iter().map(|event| event.may_fail).reduce(|all, one| match all == one {
        true => all,
        false => Truth::Unknown,
    });
    let place = events.iter().find(|event| event.may_fail == Truth::True).map_or(header, |event| event.place);
    (by_rules.unwrap_or(Truth::False), place)
}

fn put_settings(job: &Value, header: Span, own: &mut MapBuilder) {
    if let Some(entry) = entry(job, "timeout") {
        let value = minutes(&entry.value).unwrap_or_else(|| Value::clone(&entry.value));
        own.put("timeout_minutes", entry.name_span, value);
    }
    let group = entry(job, "resource_group");
    own.set_bool("serialized", group.is_some(), group.map_or(header, |entry| entry.name_span));
    own.set("secrets_used", Value::list(secrets_used(job), header));
    let images = list(job, "images").iter().enumerate().filter_map(|(index, image)| {
        let name = get(image, "name")?;
        // The first is the job's own, where it has one.
        let is_service = index > 0 || get(job, "image").is_none();
        let is_service = Value::new(Data::Bool(is_service), name.origin.span);
        Some(image_value(name, Some(&is_service), get(image, "entrypoint")))
    });
    own.set("container_images", Value::list(images.collect(), header));
}

/// The names of secrets: of `secrets`, and of variables that scripts read, that the file does not set, and that are named so.
fn secrets_used(job: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut add = |name: &str, span: Span| {
        if !found.iter().any(|known| known.as_str() == Some(name)) {
            found.push(Value::string(name, span));
        }
    };
    for entry in get(job, "secrets").and_then(Value::as_map).map_or(&[][..], Map::entries) {
        add(&entry.name, entry.name_span);
    }
    let declared = get(job, "variables");
    for command in list(job, "commands") {
        for variable in list(command, "variables").iter().filter_map(Value::as_str) {
            let is_declared = declared.is_some_and(|declared| get(declared, variable).is_some());
            let upper = variable.to_ascii_uppercase();
            if !is_declared && SECRET_WORDS.iter().any(|word| upper.contains(word)) {
                add(variable, command.origin.span);
            }
        }
    }
    found
}

/// What is handed on to other jobs.
fn put_artifacts(job: &Value, header: Span, own: &mut MapBuilder) {
    let mut uploads = Vec::new();
    if let Some(artifacts) = entry(job, "artifacts").filter(|entry| entry.value.as_map().is_some()) {
        let span = artifacts.value.origin.span;
        let mut fields = MapBuilder::default();
        for (name, native) in [("name", "name"), ("paths", "paths"), ("reports", "reports")] {
            if let Some(value) = get(&artifacts.value, native) {
                fields.set(name, Value::clone(value));
            }
        }
        if let Some(kept) = get(&artifacts.value, "expire_in")
            && kept.as_str() != Some("never")
            && let Some(Value { data: Data::Float(minutes), .. }) = minutes(kept)
        {
            fields.set("retention_days", kept.with_data(Data::Float(minutes / 1_440.0)));
        }
        uploads.push(fields.finish(span, artifacts.name_span));
    }
    own.set("uploads", Value::list(uploads, header));
    let downloads = list(job, "dependencies").iter().map(|name| {
        let mut fields = MapBuilder::default();
        fields.set("name", Value::clone(name));
        fields.finish(name.origin.span, name.origin.span)
    });
    own.set("downloads", Value::list(downloads.collect(), header));
}

/// What the templates and components do that a pipeline includes, and why it may do more: an include that nobody here knows.
pub fn included_activities(pipeline: &Value) -> (Vec<Activity>, Option<SmolStr>) {
    let mut found = Vec::new();
    for include in list(pipeline, "include") {
        let place = include.as_map().and_then(|map| map.header).unwrap_or(include.origin.span);
        let named = ["template", "component"].iter().find_map(|kind| Some((*kind, text(include, kind)?)));
        let row = named.and_then(|(kind, name)| template_row(kind, name));
        let (Some((_, name)), Some(row)) = (named, row) else { continue };
        for does in row.activities() {
            let host = row.fact("fails") == Some("host");
            let reason = "rules of the project decide what its findings stop";
            let is_hidden = if host { Truth::Unknown } else { Truth::False };
            let parts = Parts {
                does,
                tool: SmolStr::new(name),
                text: Value::string(name, place),
                outcome: Outcome::blocking(place).hidden(is_hidden, "job", reason, place),
                place,
                fields: MapBuilder::default(),
            };
            let whole = Some(include.origin.span);
            let around = Surroundings { whole, is_sure: Truth::Unknown, ..Surroundings::of_job() };
            found.push(around.activity(parts));
        }
    }
    (found, unread_include(pipeline))
}

/// Why a pipeline may hold further jobs: something was not read, and no row says what it does.
fn unread_include(pipeline: &Value) -> Option<SmolStr> {
    let missing = list(pipeline, "unread").iter().find(|missing| {
        let (kind, name) = (text(missing, "kind").unwrap_or(""), text(missing, "name").unwrap_or(""));
        Truth::of(get(missing, "may_hold_jobs")) != Truth::False && template_row(kind, name).is_none()
    })?;
    Some(SmolStr::new(text(missing, "reason").unwrap_or("a file of the pipeline was not read")))
}

/// The row of a template or component.
fn template_row(kind: &str, name: &str) -> Option<&'static super::table::Row> {
    let name = name.split('@').next()?;
    let stem = name.strip_suffix(".gitlab-ci.yml").unwrap_or(name);
    let stem = stem.strip_suffix(".latest").unwrap_or(stem);
    let is_named = |row: &&super::table::Row| {
        row.words().next().is_some_and(|own| {
            stem == own || stem.strip_suffix(own).is_some_and(|before| before.ends_with('/'))
        })
    };
    TEMPLATES.rows(kind).iter().filter(is_named).max_by_key(|row| row.pattern.len())
}

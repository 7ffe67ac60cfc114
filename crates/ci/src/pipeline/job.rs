//! A job in the neutral view.

use super::activity::Activity;
use super::build_file::with_doubt;
use super::event::{Branch, Event, common_start, events_value};
use super::range;
use super::runtime::runtimes;
use super::tier::{tier_of_job, tier_of_name};
use super::truth::Truth;
use proofmark_model::{Attribute, Data, Elements, MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;

/// Activities that bring something to others: what has to be passed before them is asked.
pub const DELIVERIES: [&str; 6] = ["deploy", "iac-apply", "image-push", "migration", "publish", "release"];

/// Why it is not known whether something takes place.
const DECIDED_LATE: &str = "its condition is decided when the pipeline runs";

/// Whether an event is a proposed change: a merge request, or a push to whatever branch.
fn is_change(event: &Event) -> bool {
    event.event == "merge_request" || event.event == "push" && event.branch == Branch::Other
}

fn is_scheduled(event: &Event) -> bool {
    event.event == "schedule"
}

/// Whether something happens by itself for events of a kind; `on_events` says for which of all its condition holds.
fn takes_place(events: &[Event], on_events: &[Truth], is_meant: fn(&Event) -> bool) -> Truth {
    let all = events.iter().enumerate().filter(|(_, event)| is_meant(event) && event.start != "manual");
    all.fold(Truth::False, |found, (index, event)| {
        found | event.occurs & event.runs & on_events.get(index).copied().unwrap_or(Truth::True)
    })
}

/// What jobs of both systems have.
pub struct Job {
    /// The name of the system.
    pub system: &'static str,
    /// Its id, or name.
    pub id: SmolStr,
    /// Its attributes as the format writes them.
    pub native: Value,
    /// Its name in the file.
    pub header: Span,
    /// What it does, in order.
    pub activities: Vec<Activity>,
    /// The same as rules read it: many jobs may come behind one, and each shows what passed before.
    pub values: Vec<Value>,
    /// Why it may do more.
    pub unread: Option<SmolStr>,
    /// What it runs for.
    pub events: Vec<Event>,
    /// Whether its failure fails nothing, and where that is written.
    pub may_fail: (Truth, Span),
    /// What it waits for.
    pub needs: Needs,
    /// Whether it runs, as after a success, where what it waits for has failed.
    pub after_failure: Truth,
    /// The place of its stage.
    pub stage: Option<usize>,
    /// Attributes that are put together alike in no two systems.
    pub own: MapBuilder,
}

/// What a job waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs {
    /// All jobs of the stages before. Where its own stage is written.
    Stages(Span),
    /// These jobs.
    Jobs(Vec<Need>),
}

/// A job that another waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its id.
    pub id: SmolStr,
    /// Whether the other runs also where it is left out.
    pub is_optional: bool,
    /// Where it is named.
    pub place: Span,
}

/// The value under a name of a map.
pub fn get<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    entry(value, name).map(|entry| &entry.value)
}

/// The entry of a name, where its value is not null.
pub fn entry<'v>(value: &'v Value, name: &str) -> Option<&'v Attribute> {
    value.as_map()?.get(name).filter(|entry| !entry.value.is_null())
}

/// The elements of a list under a name.
pub fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    get(value, name).and_then(Value::as_list).unwrap_or(&[])
}

/// The text under a name.
pub fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    get(value, name).and_then(Value::as_str)
}

/// Where an entry stands, from its name on.
pub fn entry_span(entry: &Attribute) -> Span {
    let value = entry.value.origin.span;
    match value.start >= entry.name_span.start {
        true => entry.name_span.join(value),
        false => entry.name_span,
    }
}

/// A list that may go on.
pub fn open_list(mut elements: Vec<Value>, unread: Option<&SmolStr>, span: Span) -> Value {
    let Some(reason) = unread else { return Value::list(elements, span) };
    let rest = Value::unknown(Unknown::because(SmolStr::clone(reason)), span);
    if elements.is_empty() {
        return rest;
    }
    elements.push(rest);
    Value::list(elements, span)
}

/// What the jobs around one mean for it.
pub struct Neighbors {
    /// The ids of the jobs that end before it.
    pub after: Elements,
    /// What has surely passed before it delivers.
    pub gates: Option<Vec<Value>>,
    /// What comes behind its deployment.
    pub following: Option<Vec<Value>>,
    /// What it deploys.
    pub deploys: Vec<Value>,
    /// The tiers of that, and of what is deployed behind it.
    pub leads_to: Vec<Value>,
}

impl Job {
    /// Tells each activity for what it takes place, and makes the values of all.
    pub fn settle_activities(&mut self) {
        let crons: Vec<Value> = self.events.iter().filter_map(|event| event.cron.clone()).collect();
        let takes_back = self.takes_back();
        for activity in &mut self.activities {
            if takes_back && activity.does == "deploy" {
                activity.does = "rollback";
            }
            let place = activity.place;
            let on_changes = takes_place(&self.events, &activity.on_events, is_change);
            let on_schedule = takes_place(&self.events, &activity.on_events, is_scheduled);
            let fields = &mut activity.fields;
            fields.set_text("job", &self.id, place);
            fields.set("on_changes", on_changes.value(DECIDED_LATE, place));
            fields.set("on_schedule", on_schedule.value(DECIDED_LATE, place));
            fields.set("crons", Value::list(crons.clone(), place));
        }
        self.values = self.activities.iter().map(|activity| self.settled_value(activity)).collect();
    }

    /// The value of an activity, with what the rest of the job says of it.
    fn settled_value(&self, activity: &Activity) -> Value {
        let value = activity.value();
        if let Some(from) = get(&value, "from") {
            return self.with_range(activity, &value, from);
        }
        with_doubt(&value, self).unwrap_or(value)
    }

    /// The value of an activity that looks between two commits, with whether these are the same for an event.
    fn with_range(&self, activity: &Activity, value: &Value, from: &Value) -> Value {
        let to = get(value, "to");
        let is_empty = |event: &Event| match (from.as_str(), to.map_or(Some(""), Value::as_str)) {
            (Some(from), Some(to)) => range::is_empty(from, to, event),
            _ => Truth::Unknown,
        };
        let cases = self.events.iter().enumerate().map(|(index, event)| {
            let takes_place = activity.on_events.get(index).copied().unwrap_or(Truth::True);
            event.runs & takes_place & is_empty(event)
        });
        let is_empty = cases.fold(Truth::False, |any, case| any | case);
        let (from, to) = (from.origin.span, to.map(|to| to.origin.span));
        let place = to.filter(|to| to.file == from.file).map_or(from, |to| from.join(to));
        let mut fields = MapBuilder::of(value);
        fields.set("is_empty_range", is_empty.value(DECIDED_LATE, place));
        fields.finish(activity.whole, activity.place)
    }

    /// Whether it changes an environment.
    pub fn deploys_anything(&self) -> bool {
        self.is_deployment() || self.activities.iter().any(|activity| activity.does == "deploy")
    }

    /// The environment's name.
    fn environment(&self) -> Option<&Value> {
        get(&self.native, "environment").and_then(|environment| get(environment, "name"))
    }

    /// Whether it changes what its environment runs: not one that stops, prepares or checks it.
    fn is_deployment(&self) -> bool {
        let action = get(&self.native, "environment").and_then(|environment| text(environment, "action"));
        self.environment().is_some() && matches!(action, None | Some("start")) && !self.takes_back()
    }

    /// Whether it is named as a job that restores what ran before. What it does to an environment is no new version.
    fn takes_back(&self) -> bool {
        let name = self.id.to_ascii_lowercase();
        ["rollback", "roll-back", "roll_back", "roll back"].iter().any(|word| name.contains(word))
    }

    /// The tier that the environment is declared to be, or that its name or the job's says.
    pub fn tier(&self) -> &'static str {
        let declared =
            get(&self.native, "environment").and_then(|environment| text(environment, "deployment_tier"));
        match (declared, self.environment().and_then(Value::as_str)) {
            (Some(declared), _) => tier_of_name(declared),
            (None, Some(name)) => tier_of_name(name),
            (None, None) => tier_of_job(&self.id),
        }
    }

    /// One entry for each activity that deploys, and one for an environment that none of them changes.
    pub fn deploys(&self) -> Vec<Value> {
        let deploys = self.activities.iter().filter(|activity| activity.does == "deploy");
        let mut found: Vec<Value> = deploys.map(|activity| self.deploy_value(Some(activity))).collect();
        if found.is_empty() && self.is_deployment() {
            found.push(self.deploy_value(None));
        }
        found
    }

    fn deploy_value(&self, activity: Option<&Activity>) -> Value {
        let place = activity.map_or(self.header, |activity| activity.place);
        let mut fields = MapBuilder::default();
        let built = activity.map(Activity::value);
        let named = built.as_ref().and_then(|value| get(value, "environment"));
        let environment = self.environment().or(named);
        let tier = match (self.environment(), named.and_then(Value::as_str)) {
            (None, Some(name)) if tier_of_name(name) != "other" => tier_of_name(name),
            _ => self.tier(),
        };
        if let Some(environment) = environment {
            fields.set("environment", Value::clone(environment));
        }
        fields.set_text("tier", tier, place);
        fields.set_text("job", &self.id, place);
        fields.set("on_changes", takes_place(&self.events, &[], is_change).value(DECIDED_LATE, place));
        fields.set("on_schedule", takes_place(&self.events, &[], is_scheduled).value(DECIDED_LATE, place));
        if let (Some(activity), Some(built)) = (activity, built) {
            fields.set_text("tool", &activity.tool, place);
            fields.set_text("kind", activity.kind, place);
            for name in ["step", "targets", "text", "rolls_back", "builds"] {
                if let Some(value) = get(&built, name) {
                    fields.set(name, Value::clone(value));
                }
            }
        }
        fields.finish(activity.map_or(place, |activity| activity.whole), place)
    }

    /// Whether it brings something to others.
    pub fn delivers(&self) -> bool {
        self.activities.iter().any(|activity| DELIVERIES.contains(&activity.does))
    }

    /// How a change of its environment is approved, as far as the file says.
    fn approval(&self) -> &'static str {
        if !self.events.is_empty() && common_start(&self.events) == "manual" {
            "manual"
        } else if self.environment().is_some() {
            "environment"
        } else {
            "none"
        }
    }

    /// The attributes of the view.
    pub fn view(&self, around: Neighbors) -> MapBuilder {
        let header = self.header;
        let mut fields = self.own.clone();
        fields.set_text("system", self.system, header);
        fields.set_text("id", &self.id, header);
        fields.set("activities", open_list(self.values.clone(), self.unread.as_ref(), header));
        fields.set("events", events_value(&self.events, header));
        fields.set_text("start", common_start(&self.events), header);
        let (may_fail, place) = self.may_fail;
        fields.set("may_fail", may_fail.value("an expression decides whether it may fail", place));
        if !around.after.is_empty() {
            fields.set("waits_for", Value::list(self.waits_for(), header));
        }
        fields.set("leads_to", Value::list(around.leads_to, header));
        fields.set("after", Value::new(Data::List(around.after), header));
        if let Some(gates) = around.gates {
            fields.set("gates_before", open_list(gates, self.unread.as_ref(), header));
        }
        if let Some(following) = around.following {
            fields.set("followed_by", open_list(following, self.unread.as_ref(), header));
        }
        if let Some(environment) = self.environment() {
            fields.set("environment_name", Value::clone(environment));
        }
        fields.set_text("tier", self.tier(), header);
        fields.set_text("approval", self.approval(), header);
        fields.set("deploys", open_list(around.deploys, self.unread.as_ref(), header));
        let settings = self.own.clone().finish(header, header);
        fields.set("cloud_credentials", self.cloud_credentials(&settings));
        fields.set("runtimes", runtimes(self, &settings));
        fields
    }

    /// What it waits for, each where that is written, and whether it runs also where that failed.
    fn waits_for(&self) -> Vec<Value> {
        let wait = |job: Option<&str>, place: Span| {
            let mut fields = MapBuilder::default();
            if let Some(job) = job {
                fields.set_text("job", job, place);
            }
            fields.set("runs_after_failure", self.after_failure.value(DECIDED_LATE, place));
            fields.finish(place, place)
        };
        match &self.needs {
            Needs::Stages(place) => vec![wait(None, *place)],
            Needs::Jobs(needs) => needs.iter().map(|need| wait(Some(&need.id), need.place)).collect(),
        }
    }

    /// Logins to clouds, and static keys that are handed to tools.
    fn cloud_credentials(&self, settings: &Value) -> Value {
        let logins = self.activities.iter().filter(|activity| activity.does == "cloud-login");
        let login = |activity: &Activity| {
            let place = activity.place;
            let mut fields = activity.fields.clone();
            fields.set_text("kind", activity.kind, place);
            fields.set_text("tool", &activity.tool, place);
            fields.finish(activity.whole, place)
        };
        let mut found: Vec<Value> = logins.map(login).collect();
        for name in list(settings, "secrets_used") {
            let Some(provider) = name.as_str().and_then(static_key) else { continue };
            let place = name.origin.span;
            let mut fields = MapBuilder::default();
            fields.set_text("kind", "static", place);
            fields.set_text("provider", provider, place);
            fields.set("name", Value::clone(name));
            found.push(fields.finish(place, place));
        }
        open_list(found, None, self.header)
    }
}

/// The cloud that a secret of that name opens for as long as nobody changes it.
pub fn static_key(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_uppercase();
    let has = |part: &str| name.contains(part);
    match () {
        () if has("AWS_ACCESS_KEY_ID") || has("AWS_SECRET_ACCESS_KEY") || has("AWS_SECRET_KEY") => {
            Some("aws")
        }
        () if has("AZURE_CREDENTIALS") || has("ARM_CLIENT_SECRET") || has("AZURE_CLIENT_SECRET") => {
            Some("azure")
        }
        () if has("GCP_SA_KEY") || has("GCP_CREDENTIALS") || has("GCLOUD_SERVICE_KEY") => Some("gcp"),
        () if has("GOOGLE_CREDENTIALS") || has("GOOGLE_APPLICATION_CREDENTIALS") || has("GCP_KEY") => {
            Some("gcp")
        }
        () if has("KUBECONFIG") || has("KUBE_CONFIG") => Some("kubernetes"),
        () if has("DIGITALOCEAN_ACCESS_TOKEN") => Some("digitalocean"),
        () => None,
    }
}

/// A truth value with its place, of an entry that may be absent.
pub fn truth_at(value: &Value, name: &str, otherwise: Span) -> (Truth, Span) {
    match entry(value, name) {
        Some(entry) => (Truth::of(Some(&entry.value)), entry_span(entry)),
        None => (Truth::False, otherwise),
    }
}

/// Minutes in a number or a text such as `1h 30m`, `90 minutes`.
pub fn minutes(value: &Value) -> Option<Value> {
    let Data::String(text) = &value.data else { return Some(Value::clone(value)) };
    let mut total = 0.0_f64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let amount: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?.trim_start();
        let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let unit = rest.get(..letters)?;
        total += amount
            * match unit.chars().next().map(|c| c.to_ascii_lowercase()) {
                None | Some('m') if !unit.starts_with("mo") => 1.0,
                Some('h') => 60.0,
                Some('d') => 1_440.0,
                Some('w') => 10_080.0,
                Some('s') => 1.0 / 60.0,
                _ => return None,
            };
        rest = rest.get(letters..)?.trim_start_matches([' ', ',']).trim_start_matches("and ");
    }
    Some(value.with_data(Data::Float(total)))
}

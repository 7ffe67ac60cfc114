//! `default`, `inherit`, and what stands at the top in their stead.

use super::keywords::{DEFAULTS, TOP_DEFAULTS};
use super::statement::Unread;
use super::tree::{bring_to, flat};
use crate::places::unknown_but_set;
use proofmark_model::{Attribute, Data, Map, SmolStr, Unknown, Value};
use proofmark_source::Span;

/// Keywords of `default` that stay unknown where configuration that nobody knows may set them. The scripts around a job's
/// own are left out: nearly every rule would be in doubt for their sake.
const DOUBTED: [&str; 8] =
    ["artifacts", "cache", "id_tokens", "image", "interruptible", "retry", "services", "tags"];

/// What jobs take from the top of a configuration.
pub struct Defaults<'a> {
    root: &'a Map,
    /// Why there may be defaults that nobody knows.
    doubt: Option<&'a SmolStr>,
    /// Variables that the job hands over that started the pipeline.
    forwarded: Option<&'a Map>,
}

/// Which names a job inherits.
enum Inherited<'v> {
    All,
    None,
    Only(Vec<&'v str>),
}

impl<'v> Inherited<'v> {
    fn of(job: &'v Value, part: &str) -> Self {
        match job.at_path(&["inherit", part]).map(|value| (&value.data, value)) {
            Some((Data::Bool(false), _)) => Self::None,
            Some((Data::List(_), list)) => {
                Self::Only(flat(list).into_iter().filter_map(Value::as_str).collect())
            }
            _ => Self::All,
        }
    }

    fn takes(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Only(names) => names.contains(&name),
        }
    }
}

impl<'a> Defaults<'a> {
    /// Those of a root with what could not be read beside it.
    pub fn of(root: &'a Map, unread: &'a [Unread]) -> Self {
        let doubt = unread.iter().find(|unread| unread.may_set_defaults()).map(|unread| &unread.reason);
        Self { root, doubt, forwarded: None }
    }

    /// The same with variables that another pipeline hands over: they go before all others.
    pub fn with_forwarded(self, forwarded: Option<&'a Value>) -> Self {
        Self { forwarded: forwarded.and_then(Value::as_map), ..self }
    }

    /// The job with what it inherits, but for variables. `null` counts as not set.
    pub fn applied(&self, job: &Attribute) -> Value {
        let Some(own) = job.value.as_map() else { return Value::clone(&job.value) };
        let inherited = Inherited::of(&job.value, "default");
        let is_trigger = own.value("trigger").is_some();
        let is_open = |name: &str| {
            let is_unset = own.value(name).is_none_or(Value::is_null);
            is_unset && inherited.takes(name) && (!is_trigger || name == "interruptible")
        };
        let mut entries = own.entries().to_vec();
        for name in DEFAULTS.into_iter().filter(|name| is_open(name)) {
            match self.entry(name) {
                Some((entry, source)) => entries.push(bring_to(entry, job.name_span, source)),
                None if DOUBTED.contains(&name) => entries.extend(self.doubted(name, own, job.name_span)),
                None => {}
            }
        }
        job.value.with_data(Data::Map(own.with_entries(entries).into()))
    }

    /// The default of that name, and what brings it: `default`, or the older spelling at the top.
    fn entry(&self, name: &'static str) -> Option<(&'a Attribute, &'static str)> {
        // GitLab copies every default but this one: https://gitlab.com/gitlab-org/gitlab/-/issues/213634.
        if name == "timeout" {
            return None;
        }
        let default = self.root.value("default").and_then(Value::as_map).and_then(|map| map.get(name));
        let top = || TOP_DEFAULTS.contains(&name).then(|| self.root.get(name)).flatten();
        default.map(|entry| (entry, "default")).or_else(|| top().map(|entry| (entry, name)))
    }

    fn doubted(&self, name: &str, own: &Map, span: Span) -> Option<Attribute> {
        // What a base hides is unknown already.
        let doubt = self.doubt.filter(|_| own.unknown_rest.is_none())?;
        let reason = format!("`default` may set it elsewhere: {doubt}");
        Some(Attribute {
            name: name.into(),
            name_span: span,
            value: Value::unknown(Unknown::because(reason), span),
        })
    }

    /// The variables of a job: those at the top that it inherits, its own on top of them, and those of its matrix.
    pub fn variables(&self, job: &Attribute, matrix: Option<&Map>) -> Variables {
        let inherited = Inherited::of(&job.value, "variables");
        let mut entries = Vec::new();
        let top = self.root.value("variables").and_then(Value::as_map).map(Map::entries).unwrap_or_default();
        for entry in top.iter().filter(|entry| inherited.takes(&entry.name)) {
            entries.push((bring_to(entry, job.name_span, "variables"), false));
        }
        let own = job.value.at_path(&["variables"]).and_then(Value::as_map);
        let matrix = matrix.map(Map::entries).unwrap_or_default();
        for entry in own.map(Map::entries).unwrap_or_default().iter().chain(matrix) {
            entries.retain(|(known, _)| known.name != entry.name);
            entries.push((Attribute::clone(entry), true));
        }
        for entry in self.forwarded.map(Map::entries).unwrap_or_default() {
            entries.retain(|(known, _): &(Attribute, bool)| known.name != entry.name);
            entries.push((bring_to(entry, job.name_span, "trigger"), false));
        }
        let is_open = matches!(inherited, Inherited::All);
        let doubt = self
            .doubt
            .filter(|_| is_open)
            .map(|doubt| Unknown::because(format!("`variables` may set it elsewhere: {doubt}")));
        let rest = own.and_then(|map| map.unknown_rest.as_deref().cloned()).or(doubt);
        Variables { entries, rest }
    }
}

/// The variables that a configuration sets for a job.
pub struct Variables {
    /// Each with whether the job itself sets it.
    entries: Vec<(Attribute, bool)>,
    /// Why there may be more that nobody knows.
    rest: Option<Unknown>,
}

impl Variables {
    /// Those at the top of a configuration, for its pipeline.
    pub fn at_top(variables: &Value) -> Self {
        let entries = variables.as_map().map(Map::entries).unwrap_or_default();
        Self { entries: entries.iter().map(|entry| (Attribute::clone(entry), true)).collect(), rest: None }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.rest.is_none()
    }

    /// The value of each by its name.
    pub fn values(&self, span: Span, header: Span) -> Value {
        let entries = self.entries.iter().map(|(entry, _)| entry.with_value(variable_value(&entry.value)));
        let mut map = Map::new(entries.collect()).with_header(header);
        map.unknown_rest = self.rest.clone().map(Into::into);
        Value::map(map, span)
    }

    /// Each as it is declared: a map of `name`, `value`, `is_own` and what else its long spelling says.
    pub fn declared(&self, span: Span) -> Value {
        let declared = self.entries.iter().map(|(entry, is_own)| {
            let mut fields = proofmark_model::MapBuilder::of(&entry.value);
            fields.set_text("name", &entry.name, entry.name_span);
            fields.set("value", variable_value(&entry.value));
            fields.set_bool("is_own", *is_own, entry.name_span);
            fields.finish(entry.value.origin.span, entry.name_span)
        });
        Value::list(declared.collect(), span)
    }
}

/// The value of a variable in either spelling.
fn variable_value(value: &Value) -> Value {
    match value.as_map() {
        Some(map) => {
            let written = map.value("value").cloned();
            written.unwrap_or_else(|| {
                unknown_but_set("the variable is set when the pipeline is started", value.origin.span)
            })
        }
        None => Value::clone(value),
    }
}

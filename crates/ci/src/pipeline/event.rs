//! What a pipeline or job runs for, in one vocabulary.

use super::truth::Truth;
use proofmark_model::{MapBuilder, SmolStr, Value};
use proofmark_source::Span;

/// Why a path filter or a condition leaves open whether a job runs.
const NOT_KNOWN: &str = "its condition is decided when the pipeline runs";

/// Why nobody knows the schedules of a GitLab project.
pub const NO_SCHEDULES_HERE: &str = "schedules are kept on the code host";

/// Something that a pipeline or job runs for.
#[derive(Clone, Debug)]
pub struct Event {
    /// `merge_request`, `push`, `tag`, `schedule`, `manual`, `api`, `release`, `pipeline` (another one calls it), `external`.
    pub event: &'static str,
    /// What the system calls it: `pull_request`, `merge_request_event`.
    pub native: SmolStr,
    /// The branch that is pushed.
    pub branch: Branch,
    /// Whether that is the default branch.
    pub is_default: Truth,
    /// Whether that happens at all: schedules are kept on the code host.
    pub occurs: Truth,
    /// Whether it runs then.
    pub runs: Truth,
    /// `automatic`, `manual`, `on_failure`, `always`, `delayed`.
    pub start: &'static str,
    /// The schedule.
    pub cron: Option<Value>,
    /// Whether the files of a change decide, in part, whether it runs.
    pub has_path_filter: bool,
    /// Whether it runs only where the change touches files that are named.
    pub is_for_paths_only: bool,
    /// Whether its failure fails nothing then.
    pub may_fail: Truth,
    /// The variables that `workflow` of GitLab sets then.
    pub variables: Vec<(SmolStr, Known)>,
    /// Where that is written.
    pub place: Span,
    /// Where it is written how it starts.
    pub start_place: Span,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// None: a tag, a merge request, or not known.
    None,
    /// A name or pattern.
    Named(SmolStr),
    /// Any that no part of the file names.
    Other,
}

impl Event {
    /// An event that runs by itself.
    pub fn new(event: &'static str, native: &str, place: Span) -> Self {
        Self {
            event,
            native: SmolStr::new(native),
            branch: Branch::None,
            is_default: Truth::False,
            occurs: Truth::True,
            runs: Truth::True,
            start: if event == "manual" { "manual" } else { "automatic" },
            cron: None,
            has_path_filter: false,
            is_for_paths_only: false,
            may_fail: Truth::False,
            variables: Vec::new(),
            place,
            start_place: place,
        }
    }

    /// The same for a branch.
    pub fn on_branch(mut self, branch: Branch, is_default: Truth) -> Self {
        self.branch = branch;
        self.is_default = is_default;
        self
    }

    /// As rules read it.
    pub fn value(&self) -> Value {
        let span = self.place;
        let mut fields = MapBuilder::default();
        fields.set_text("event", self.event, span);
        if let Branch::Named(name) = &self.branch {
            fields.set_text("branch", name, span);
        }
        fields.set("is_default_branch", self.is_default.value(NOT_KNOWN, span));
        fields.set("runs", (self.occurs & self.runs).value(NOT_KNOWN, span));
        fields.set_text("start", self.start, self.start_place);
        fields.set_bool("has_path_filter", self.has_path_filter, span);
        fields.set_bool("is_for_paths_only", self.is_for_paths_only, span);
        if let Some(cron) = &self.cron {
            fields.set("cron", Value::clone(cron));
        }
        fields.finish(span.join(self.start_place), span)
    }
}

/// The values of events as one list.
pub fn events_value(events: &[Event], span: Span) -> Value {
    Value::list(events.iter().map(Event::value).collect(), span)
}

/// How a job starts: as all of its events say, or `mixed`; `never` where it runs for none.
pub fn common_start(events: &[Event]) -> &'static str {
    let Some(first) = events.first() else { return "never" };
    if events.iter().all(|event| event.start == first.start) { first.start } else { "mixed" }
}

/// A value that a condition compares.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Not set.
    Null,
    /// A truth value.
    Truth(Truth),
    /// A text.
    Text(SmolStr),
    /// A text that no part of the file names.
    Other,
    /// Some text.
    Set,
    /// Nothing is known.
    Unknown,
}

impl Known {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(SmolStr::new(text))
    }

    /// What is known where either may be meant.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (one, other) if one.truth() == Truth::True && other.truth() == Truth::True => Self::Set,
            _ => Self::Unknown,
        }
    }

    /// Whether it counts as true: set and not empty.
    pub fn truth(&self) -> Truth {
        match self {
            Self::Null => Truth::False,
            Self::Truth(truth) => *truth,
            Self::Text(text) => Truth::from(!text.is_empty()),
            Self::Other | Self::Set => Truth::True,
            Self::Unknown => Truth::Unknown,
        }
    }

    /// Whether both are the same; case counts for nothing where the language says so.
    pub fn equals(&self, other: &Self, ignores_case: bool) -> Truth {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Truth::Unknown,
            (Self::Null, Self::Null) => Truth::True,
            (Self::Text(a), Self::Text(b)) if ignores_case => Truth::from(a.eq_ignore_ascii_case(b)),
            (Self::Text(a), Self::Text(b)) => Truth::from(a == b),
            (Self::Truth(a), Self::Truth(b)) if *a != Truth::Unknown && *b != Truth::Unknown => {
                Truth::from(a == b)
            }
            (Self::Other, Self::Text(_) | Self::Null) | (Self::Text(_) | Self::Null, Self::Other) => {
                Truth::False
            }
            (Self::Null, Self::Set | Self::Text(_)) | (Self::Set | Self::Text(_), Self::Null) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// Whether a text begins so.
    pub fn starts_with(&self, prefix: &Self) -> Truth {
        match (self, prefix) {
            (Self::Null, _) => Truth::False,
            (Self::Text(text), Self::Text(prefix)) => {
                Truth::from(text.to_lowercase().starts_with(prefix.to_lowercase().as_str()))
            }
            _ => Truth::Unknown,
        }
    }
}

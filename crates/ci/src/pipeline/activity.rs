//! Something that a pipeline does.

use super::truth::Truth;
use proofmark_model::{MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;

/// Severities, worst first. Other words of tools are put to their neighbors.
pub const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];

/// Something that a step or command does, with what rules ask of it.
#[derive(Clone, Debug)]
pub struct Activity {
    /// One of [`ACTIVITIES`](super::table::ACTIVITIES).
    pub does: &'static str,
    /// What kind of that, `""` for none.
    pub kind: &'static str,
    /// The program or action.
    pub tool: SmolStr,
    /// Whether its failure, and what it finds, fails the pipeline.
    pub outcome: Outcome,
    /// `automatic`, `on_failure`, `always`.
    pub start: &'static str,
    /// Whether it surely takes place when its job runs.
    pub is_sure: Truth,
    /// The same for each event of the job; empty where nothing depends on it.
    pub on_events: Vec<Truth>,
    /// Where a finding about it points.
    pub place: Span,
    /// All that belongs to it: the step, or the command.
    pub whole: Span,
    /// Further facts by name.
    pub fields: MapBuilder,
}

/// Whether a failure fails the pipeline, and what hides it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether it does.
    pub blocks: Truth,
    /// What hides it: `tool`, `command`, `step`, `job`.
    pub hidden_by: Option<&'static str>,
    /// Why that is not known.
    pub reason: SmolStr,
    /// Where that is written.
    pub place: Span,
}

impl Outcome {
    /// A failure fails the pipeline.
    pub fn blocking(place: Span) -> Self {
        Self { blocks: Truth::True, hidden_by: None, reason: SmolStr::default(), place }
    }

    /// The same with something on the way that may hide a failure. What hides it for sure counts, and of these the first.
    #[must_use]
    pub fn hidden(self, is_hidden: Truth, by: &'static str, reason: &str, place: Span) -> Self {
        match (self.blocks, is_hidden) {
            (Truth::False, _) | (_, Truth::False) => self,
            (_, Truth::True) => {
                Self { blocks: Truth::False, hidden_by: Some(by), reason: SmolStr::default(), place }
            }
            (Truth::Unknown, Truth::Unknown) => self,
            (Truth::True, Truth::Unknown) => {
                Self { blocks: Truth::Unknown, hidden_by: None, reason: SmolStr::new(reason), place }
            }
        }
    }
}

impl Activity {
    /// As rules read it.
    pub fn value(&self) -> Value {
        let place = self.place;
        let mut fields = self.fields.clone();
        fields.set_text("does", self.does, place);
        if !self.kind.is_empty() {
            fields.set_text("kind", self.kind, place);
        }
        fields.set_text("tool", &self.tool, place);
        fields.set_text("start", self.start, place);
        fields.set("blocks", self.outcome.blocks.value(&self.outcome.reason, self.outcome.place));
        if let Some(by) = self.outcome.hidden_by {
            fields.set_text("hidden_by", by, self.outcome.place);
        }
        fields.set("is_sure", self.is_sure.value("a condition decides whether it takes place", place));
        fields.finish(self.whole, place)
    }
}

/// The severities in a list, such as `CRITICAL,HIGH`, in our words.
pub fn severities_in(list: &str, span: Span) -> Value {
    let words = list.split([',', ' ', '\n']).filter(|word| !word.is_empty());
    let known = words.filter_map(severity);
    let mut found: Vec<Value> = Vec::new();
    for word in known {
        if !found.iter().any(|value| value.as_str() == Some(word)) {
            found.push(Value::string(word, span));
        }
    }
    match list.contains('$') || found.is_empty() {
        true => Value::unknown(Unknown::because(SmolStr::new(format!("`{list}` names no severity"))), span),
        false => Value::list(found, span),
    }
}

/// The severities from the worst down to a threshold.
pub fn severities_from(threshold: &str, span: Span) -> Value {
    let lowest = severity(threshold).and_then(|word| SEVERITIES.iter().position(|known| *known == word));
    match lowest {
        Some(lowest) => {
            let words = SEVERITIES.iter().take(lowest + 1).map(|word| Value::string(*word, span));
            Value::list(words.collect(), span)
        }
        None => {
            let reason = format!("`{threshold}` names no severity");
            Value::unknown(Unknown::because(SmolStr::new(reason)), span)
        }
    }
}

fn severity(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "critical" => Some("critical"),
        "high" | "error" | "serious" => Some("high"),
        "medium" | "moderate" | "warning" | "warn" => Some("medium"),
        "low" | "info" | "note" | "negligible" | "any" | "style" | "unknown" => Some("low"),
        _ => None,
    }
}

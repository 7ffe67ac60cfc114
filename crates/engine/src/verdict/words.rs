//! An evaluation in words.

use super::{Outcome, Report, read_path};
use crate::condition::{Read, Run, Seen};
use crate::item::View;
use proofmark_findings::{Masked, Verdict, masked};
use proofmark_model::{HOLE, Value};
use std::fmt::{self, Write};

/// Longer values are cut in messages; the observations have them whole.
const MAX_VALUE_CHARACTERS: usize = 80;
/// A message names this many values.
const MAX_VALUES: usize = 3;

/// The verdict in one line: what is required, and the values that decided.
pub(super) fn message(report: &Report<'_>, run: &Run<'_>, reads: &[Read<'_>], outcome: &Outcome) -> String {
    let title = &report.rule.title;
    let values = || match values(run, reads) {
        Some(values) => format!(" ({values}{})", limits(report)),
        None => String::new(),
    };
    match outcome.verdict {
        Verdict::Fail => format!("not met: {title}{}", values()),
        Verdict::Pass => format!("met: {title}{}", values()),
        Verdict::NotApplicable => match self::values(run, reads) {
            Some(values) => format!("does not apply: {values}"),
            None => "does not apply".to_owned(),
        },
        Verdict::Unknown => {
            let reason = outcome.unknown.as_ref().map_or("", |unknown| unknown.reason.as_str());
            let unknown_read = reads.iter().find(|read| is_unknown(read)).or(reads.first());
            match unknown_read.map(|read| read_path(run, read)) {
                Some(path) if !reason.contains(&format!("`{path}`")) => {
                    format!("not known: {title} (`{path}`: {reason})")
                }
                _ => format!("not known: {title} ({reason})"),
            }
        }
    }
}

fn is_unknown(read: &Read<'_>) -> bool {
    matches!(&read.seen, Seen::Value(value) if value.as_unknown().is_some())
}

/// The first few values in words. Those behind them are only counted: there may be a hundred thousand.
fn values(run: &Run<'_>, reads: &[Read<'_>]) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = reads.iter();
    while words.len() < MAX_VALUES {
        let Some(read) = rest.next() else { break };
        let path = read_path(run, read);
        let sentence = match &read.seen {
            Seen::Resources { .. } => state(&path, read),
            Seen::Value(_) | Seen::Absent => format!("`{path}` {}", state(&path, read)),
        };
        if !words.contains(&sentence) {
            words.push(sentence);
        }
    }
    let text = words.join(", ");
    match (text.is_empty(), rest.len()) {
        (true, _) => None,
        (false, 0) => Some(text),
        (false, further) => Some(format!("{text}, and {further} more")),
    }
}

/// What a read found at that path, as the end of a sentence.
pub(super) fn state(path: &str, read: &Read<'_>) -> String {
    match &read.seen {
        Seen::Absent => "is not set".to_owned(),
        Seen::Value(_) if read.is_sensitive => "is (sensitive)".to_owned(),
        Seen::Value(value) if value.as_unknown().is_some() => match skeleton(value) {
            Some(skeleton) => {
                format!("is {} as far as it is known", cut(&format_args!("{:?}", masked(path, &skeleton))))
            }
            None => "is not known".to_owned(),
        },
        Seen::Value(value) => format!("is {}", cut(&Masked { name: path, value })),
        Seen::Resources { kind, attribute, count } if attribute.is_empty() => {
            format!("{} `{kind}`", counted(*count))
        }
        Seen::Resources { kind, attribute, count } => {
            let verb = if *count <= 1 { "points" } else { "point" };
            format!("{} `{kind}` {verb} here with `{attribute}`", counted(*count))
        }
    }
}

/// A text known in part, with an ellipsis for each part that is not.
fn skeleton(value: &Value) -> Option<String> {
    let skeleton = value.as_unknown()?.known.skeleton.as_ref()?;
    Some(skeleton.replace(HOLE, "…"))
}

fn counted(count: usize) -> String {
    if count == 0 { "no".to_owned() } else { count.to_string() }
}

/// The parameters that a reader needs to understand the values.
fn limits(report: &Report<'_>) -> String {
    let scalars = report.params.entries().iter().filter_map(|(name, item)| match item.view() {
        View::Integer(value) => Some(format!("; `{name}` = {value}")),
        View::Float(value) => Some(format!("; `{name}` = {value}")),
        View::Text(text) if text.len() <= MAX_VALUE_CHARACTERS => Some(format!("; `{name}` = {text:?}")),
        _ => None,
    });
    scalars.take(MAX_VALUES).collect()
}

/// A value as people read it, cut to a length.
fn cut(value: &dyn fmt::Display) -> String {
    let mut writer = CutWriter { text: String::new(), left: MAX_VALUE_CHARACTERS };
    match write!(writer, "{value}") {
        Ok(()) => writer.text,
        Err(fmt::Error) => writer.text + "…",
    }
}

/// Takes a number of characters and then refuses, so that huge values are never written out.
struct CutWriter {
    text: String,
    left: usize,
}

impl Write for CutWriter {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let end = part.char_indices().nth(self.left).map_or(part.len(), |(end, _)| end);
        let (kept, cut) = part.split_at(end);
        self.text.push_str(kept);
        self.left -= kept.chars().count();
        if cut.is_empty() { Ok(()) } else { Err(fmt::Error) }
    }
}

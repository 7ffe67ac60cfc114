//! What the run itself has to tell: files that were not read, oddities of the input.

use super::log::{
    ArtifactLocation, Identified, Invocation, Location, Message, Notification, PhysicalLocation,
};
use super::results::region;
use super::uri::path_uri;
use crate::place::Places;
use crate::shown::cut;
use proofmark_findings::{FileState, Ledger, ScanResult};
use proofmark_source::{Diagnostic, Impact};
use std::borrow::Cow;

/// More notifications tell nobody more; their number is told instead.
const MAX_NOTIFICATIONS: usize = 1_000;
const MAX_MESSAGE_CHARS: usize = 1_000;

/// The invocation, with the number of results that the limits cost.
pub fn describe<'a>(result: &'a ScanResult, places: &Places<'a>, dropped: usize) -> Invocation<'a> {
    let mut notifications = vec![note("ledger", "note", Ledger::of(&result.files).to_string())];
    if dropped > 0 {
        let text = format!(
            "{dropped} less severe results were left out, to stay within the limits of code scanning"
        );
        notifications.push(note("results-left-out", "warning", text));
    }
    for unit in result.units.iter().filter(|unit| unit.is_failed) {
        let text =
            format!("a bug of proofmark cost the {} unit `{}`; please report it", unit.reader, unit.path);
        notifications.push(note("unit-failed", "error", text));
    }
    notifications.extend(unread_files(result));
    notifications.extend(result.diagnostics.iter().map(|diagnostic| describe_diagnostic(places, diagnostic)));
    let all = notifications.len();
    if all > MAX_NOTIFICATIONS {
        notifications.truncate(MAX_NOTIFICATIONS);
        let text = format!("{} further notifications were left out", all - MAX_NOTIFICATIONS);
        notifications.push(note("notifications-left-out", "note", text));
    }
    Invocation {
        execution_successful: !result.units.iter().any(|unit| unit.is_failed),
        tool_execution_notifications: notifications,
    }
}

fn note<'a>(id: &'static str, level: &'static str, text: String) -> Notification<'a> {
    Notification {
        descriptor: Identified { id: Cow::Borrowed(id) },
        level,
        message: Message { text: Cow::Owned(text) },
        locations: Vec::new(),
    }
}

fn unread_files(result: &ScanResult) -> impl Iterator<Item = Notification<'_>> {
    result.files.iter().filter_map(|record| {
        let FileState::NotRead(reason) = &record.state else { return None };
        let text = format!("`{}` was not read: {reason}", record.path);
        let physical_location = PhysicalLocation {
            artifact_location: ArtifactLocation { uri: path_uri(&record.path) },
            region: None,
        };
        let location = Location { id: None, physical_location, logical_locations: Vec::new(), message: None };
        Some(Notification { locations: vec![location], ..note("file-not-read", "warning", text) })
    })
}

fn describe_diagnostic<'a>(places: &Places<'a>, diagnostic: &'a Diagnostic) -> Notification<'a> {
    let text = match &diagnostic.help {
        Some(help) => Cow::Owned(format!("{}; {help}", diagnostic.message)),
        None => Cow::Borrowed(diagnostic.message.as_str()),
    };
    let text = Cow::Owned(cut(&text, MAX_MESSAGE_CHARS).into_owned());
    let physical_location = PhysicalLocation {
        artifact_location: ArtifactLocation { uri: path_uri(places.root_path(diagnostic.span.file)) },
        region: Some(region(places, diagnostic.span)),
    };
    Notification {
        descriptor: Identified { id: Cow::Borrowed(diagnostic.code.0) },
        level: match diagnostic.impact {
            Impact::None => "note",
            Impact::Partial | Impact::Unread => "warning",
        },
        message: Message { text },
        locations: vec![Location {
            id: None,
            physical_location,
            logical_locations: Vec::new(),
            message: None,
        }],
    }
}

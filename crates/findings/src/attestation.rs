//! Records in the repository that show what no configuration can.

use crate::date::{age_days, is_date};
use proofmark_frameworks::{Attestation, ControlId, Framework};
use proofmark_model::{Data, Map, Resource, Value};
use proofmark_source::Span;
use smol_str::SmolStr;

/// A document that speaks for a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestationRecord {
    /// The control.
    pub control: ControlId,
    /// The document's path relative to the root of the workspace.
    pub path: String,
    /// The document.
    pub span: Span,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The day of its last review or approval, `YYYY-MM-DD`.
    pub reviewed: Option<SmolStr>,
    /// Whether it counts.
    pub state: AttestationState,
}

/// Whether a record counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttestationState {
    /// It has all that the control asks for, and is fresh.
    Valid,
    /// Its front matter lacks these keys.
    Incomplete(Vec<SmolStr>),
    /// Its last review is this many days ago, more than allowed.
    Stale {
        /// The age of the review in days.
        age_days: i64,
        /// The greatest age allowed, in days.
        max_age_days: u32,
    },
    /// It must be fresh, and says no day of a review.
    Undated,
}

/// The front matter keys that name the day of a review, best first. Spelling variants are folded before comparison.
const REVIEW_KEYS: [&str; 7] =
    ["reviewed", "last_reviewed", "review_date", "last_review", "approved", "approved_on", "date"];

/// Finds the records for the controls of `frameworks` among `documents` (resources of kind `document`), as of that day.
///
/// Sorted by control and path; controls without a matching document have none.
#[must_use]
pub fn assess_attestations(
    frameworks: &[Framework],
    documents: &[&Resource],
    as_of: &str,
) -> Vec<AttestationRecord> {
    let mut records = Vec::new();
    for control in frameworks.iter().flat_map(|framework| &framework.controls) {
        let Some(attestation) = &control.attestation else { continue };
        let patterns = path_patterns(attestation);
        for document in documents.iter().filter(|document| document.kind.0 == "document") {
            let Some(path) = document.attributes.at_path(&["path"]).and_then(Value::as_str) else { continue };
            if patterns.is_match(path) {
                let (control, path) = (ControlId::clone(&control.id), path.to_owned());
                let Assessed { owner, reviewed, state } = assess(attestation, document, as_of);
                let span = document.header;
                records.push(AttestationRecord { control, path, span, owner, reviewed, state });
            }
        }
    }
    records.sort_by(|a, b| (&a.control, &a.path).cmp(&(&b.control, &b.path)));
    records
}

fn path_patterns(attestation: &Attestation) -> globset::GlobSet {
    let mut builder = globset::GlobSetBuilder::new();
    for pattern in &attestation.paths {
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).case_insensitive(true).build();
        if let Ok(glob) = glob {
            builder.add(glob);
        }
    }
    builder.build().unwrap_or_default()
}

/// What the front matter of a document says; see [`AttestationRecord`].
struct Assessed {
    owner: Option<String>,
    reviewed: Option<SmolStr>,
    state: AttestationState,
}

fn assess(attestation: &Attestation, document: &Resource, as_of: &str) -> Assessed {
    let front_matter = document.attributes.at_path(&["front_matter"]).and_then(Value::as_map);
    let text = |name: &str| front_matter.and_then(|map| lookup(map, name)).and_then(written);
    let reviewed = REVIEW_KEYS.iter().filter_map(|key| text(key)).find(|day| is_date(day));
    let missing: Vec<SmolStr> =
        attestation.required.iter().filter(|key| text(key).is_none()).map(SmolStr::clone).collect();
    let state = if missing.is_empty() {
        freshness(attestation.max_age_days, reviewed.as_deref(), as_of)
    } else {
        AttestationState::Incomplete(missing)
    };
    Assessed { owner: text("owner"), reviewed: reviewed.map(SmolStr::from), state }
}

fn freshness(max_age_days: Option<u32>, reviewed: Option<&str>, as_of: &str) -> AttestationState {
    let Some(max_age_days) = max_age_days else { return AttestationState::Valid };
    let Some(age_days) = reviewed.and_then(|day| age_days(day, as_of)) else {
        return AttestationState::Undated;
    };
    if age_days > i64::from(max_age_days) {
        AttestationState::Stale { age_days, max_age_days }
    } else {
        AttestationState::Valid
    }
}

/// `Last Reviewed`, `last-reviewed` and `last_reviewed` are one key.
fn fold(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' '], "_")
}

fn lookup<'m>(map: &'m Map, name: &str) -> Option<&'m Value> {
    let folded = fold(name);
    map.entries().iter().find(|entry| fold(&entry.name) == folded).map(|entry| &entry.value)
}

/// A value of front matter as text; `None` where it says nothing.
fn written(value: &Value) -> Option<String> {
    if value.is_sensitive {
        return None;
    }
    match &value.data {
        Data::Null | Data::Unknown(_) | Data::Map(_) => None,
        Data::Bool(value) => Some(value.to_string()),
        Data::Integer(value) => Some(value.to_string()),
        Data::Float(value) => Some(value.to_string()),
        Data::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Data::List(elements) => {
            let parts: Vec<String> = elements.iter().filter_map(written).collect();
            Some(parts.join(", ")).filter(|text| !text.is_empty())
        }
    }
}

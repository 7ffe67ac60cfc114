//! Evaluations as results.

use super::log::{
    ArtifactChange, ArtifactLocation, CodeFlow, Fix, Location, LogicalLocation, Message, PhysicalLocation,
    Region, Replacement, ResultProperties, SarifResult, Suppression, ThreadFlow, ThreadFlowLocation,
};
use super::rules::level;
use super::uri::path_uri;
use super::{SarifOptions, SarifProfile, line_hash::line_hashes};
use crate::place::Places;
use crate::shown::{cut, show_value};
use proofmark_findings::{Evaluation, Observation, ScanResult, Verdict, Waiver, WaiverSource};
use proofmark_source::{FileId, Span, TextEdit};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// GitHub shows no more locations of a result.
const SHOWN_LOCATIONS: usize = 99;
/// A value that was put together from more is not followed further.
const MAX_CODE_FLOWS: usize = 10;
const MAX_FLOW_STEPS: usize = 100;
const MAX_MESSAGE_CHARS: usize = 2_000;

/// Makes results of one log.
pub struct Builder<'b, 'a> {
    result: &'a ScanResult,
    places: &'b Places<'a>,
    options: &'b SarifOptions<'a>,
    /// The place of each rule among the log's descriptors.
    rule_index: BTreeMap<usize, usize>,
    hashes: HashMap<FileId, Vec<String>>,
    has_baseline: bool,
}

impl<'b, 'a> Builder<'b, 'a> {
    /// A builder for a log with these rules.
    pub fn new(
        result: &'a ScanResult,
        places: &'b Places<'a>,
        options: &'b SarifOptions<'a>,
        rule_index: BTreeMap<usize, usize>,
    ) -> Self {
        let has_baseline = result.evaluations.iter().any(|evaluation| evaluation.is_known);
        Self { result, places, options, rule_index, hashes: HashMap::new(), has_baseline }
    }

    /// The evaluation at that place of the result.
    pub fn build(&mut self, index: usize) -> Option<SarifResult<'a>> {
        let evaluation = self.result.evaluations.get(index)?;
        let instance = self.result.instances.get(evaluation.instance)?;
        let rule = self.result.rule_set.rules.get(instance.rule)?;
        let is_full = self.options.profile == SarifProfile::Full;
        let baseline_state = if evaluation.is_known { "unchanged" } else { "new" };
        let is_failure = evaluation.verdict == Verdict::Fail;
        Some(SarifResult {
            rule_id: Cow::Borrowed(&rule.id.0),
            rule_index: *self.rule_index.get(&instance.rule)?,
            // The standard wants `none` for every kind but `fail`.
            level: if is_failure { level(rule.severity) } else { "none" },
            kind: is_full.then(|| kind(evaluation.verdict)),
            message: Message { text: message(evaluation, &rule.title) },
            locations: vec![self.primary_location(evaluation)],
            partial_fingerprints: self.fingerprints(evaluation),
            baseline_state: (self.has_baseline && is_failure).then_some(baseline_state),
            related_locations: self.related_locations(evaluation),
            code_flows: self.code_flows(evaluation),
            suppressions: if is_full { self.suppressions(evaluation) } else { None },
            fixes: self.fixes(index, &rule.fix),
            properties: ResultProperties {
                environments: evaluation
                    .environments
                    .iter()
                    .map(|name| Cow::Borrowed(name.as_str()))
                    .collect(),
                element: evaluation.element.as_deref().map(Cow::Borrowed),
            },
        })
    }

    fn primary_location(&self, evaluation: &'a Evaluation) -> Location<'a> {
        let address = Cow::Borrowed(evaluation.subject.address.0.as_str());
        let names = vec![LogicalLocation { fully_qualified_name: address, kind: "resource" }];
        Location { logical_locations: names, ..self.location(evaluation.span) }
    }

    fn location(&self, span: Span) -> Location<'a> {
        let physical_location = PhysicalLocation {
            artifact_location: ArtifactLocation { uri: path_uri(self.places.root_path(span.file)) },
            region: Some(region(self.places, span)),
        };
        Location { id: None, physical_location, logical_locations: Vec::new(), message: None }
    }

    fn fingerprints(&mut self, evaluation: &'a Evaluation) -> BTreeMap<&'static str, Cow<'a, str>> {
        let file = evaluation.span.file;
        let line = self.places.range(evaluation.span).start.line;
        let places = self.places;
        let hashes = self
            .hashes
            .entry(file)
            .or_insert_with(|| line_hashes(places.text(file), places.has_byte_order_mark(file)));
        let line_hash = (line as usize).checked_sub(1).and_then(|index| hashes.get(index));
        // A repository as a whole has no line; the rule and the address are its identity then.
        let line_hash = match line_hash.filter(|_| !places.text(file).is_empty()) {
            Some(hash) => hash.to_owned(),
            None => format!("{}:1", evaluation.fingerprint.get(..16).unwrap_or("0")),
        };
        let own = Cow::Borrowed(evaluation.fingerprint.as_str());
        BTreeMap::from([("primaryLocationLineHash", Cow::Owned(line_hash)), ("proofmark/v1", own)])
    }

    fn related_locations(&self, evaluation: &'a Evaluation) -> Vec<Location<'a>> {
        let related = evaluation.related.iter().take(SHOWN_LOCATIONS).enumerate();
        related
            .map(|(index, related)| Location {
                id: Some(index + 1),
                message: Some(Message { text: plain(&related.message) }),
                ..self.location(related.span)
            })
            .collect()
    }

    /// The way of each decisive value that came from elsewhere, from where it was written to where it is used.
    fn code_flows(&self, evaluation: &'a Evaluation) -> Vec<CodeFlow<'a>> {
        if evaluation.verdict != Verdict::Fail {
            return Vec::new();
        }
        evaluation.observations.iter().filter_map(|o| self.code_flow(o)).take(MAX_CODE_FLOWS).collect()
    }

    fn code_flow(&self, observation: &'a Observation) -> Option<CodeFlow<'a>> {
        let value = observation.value.as_ref()?;
        value.origin.trail.as_ref()?;
        let steps = value.origin.steps().take(MAX_FLOW_STEPS);
        let mut locations: Vec<_> =
            steps.map(|step| self.flow_location(step.span, step.kind.to_string())).collect();
        locations.reverse();
        let shown = show_value(&observation.path, value);
        locations.push(self.flow_location(observation.span, format!("{} = {shown}", observation.path)));
        let message = Message { text: Cow::Owned(format!("where `{}` comes from", observation.path)) };
        Some(CodeFlow { message, thread_flows: [ThreadFlow { locations }] })
    }

    fn flow_location(&self, span: Span, text: String) -> ThreadFlowLocation<'a> {
        let message = Some(Message { text: Cow::Owned(cut(&text, MAX_MESSAGE_CHARS).into_owned()) });
        ThreadFlowLocation { location: Location { message, ..self.location(span) } }
    }

    /// Every result of a log with suppressions says whether it has one: an empty list means that it was looked for.
    fn suppressions(&self, evaluation: &'a Evaluation) -> Option<Vec<Suppression<'a>>> {
        let waiver = evaluation.waiver.and_then(|index| self.result.waivers.get(index));
        Some(waiver.map(|waiver| self.suppression(waiver)).into_iter().collect())
    }

    fn suppression(&self, waiver: &'a Waiver) -> Suppression<'a> {
        let (kind, span) = match waiver.source {
            WaiverSource::Configuration => ("external", None),
            WaiverSource::Inline(span) | WaiverSource::Foreign(_, span) => ("inSource", Some(span)),
        };
        let optional = [
            ("approver", waiver.approver.as_deref()),
            ("approved", waiver.approved.as_deref()),
            ("expires", waiver.expires.as_deref()),
            ("alternative", waiver.alternative.as_deref()),
        ];
        let properties = optional.into_iter().filter_map(|(name, text)| Some((name, Cow::Borrowed(text?))));
        Suppression {
            kind,
            status: "accepted",
            justification: plain(&waiver.reason),
            location: span.map(|span| self.location(span)),
            properties: properties.collect(),
        }
    }

    fn fixes(&self, index: usize, description: &'a str) -> Vec<Fix<'a>> {
        let edits = self.options.fixes.and_then(|fixes| fixes.get(&index)).map_or(&[][..], Vec::as_slice);
        let mut by_file: BTreeMap<FileId, Vec<&'a TextEdit>> = BTreeMap::new();
        for edit in edits {
            by_file.entry(edit.span.file).or_default().push(edit);
        }
        if by_file.is_empty() {
            return Vec::new();
        }
        let changes = by_file.into_iter().map(|(file, edits)| ArtifactChange {
            artifact_location: ArtifactLocation { uri: path_uri(self.places.root_path(file)) },
            replacements: edits.into_iter().map(|edit| replacement(self.places, edit)).collect(),
        });
        vec![Fix { description: Message { text: plain(description) }, artifact_changes: changes.collect() }]
    }
}

fn replacement<'a>(places: &Places<'a>, edit: &'a TextEdit) -> Replacement<'a> {
    let text = Cow::Borrowed(edit.replacement.as_str());
    Replacement { deleted_region: region(places, edit.span), inserted_content: Message { text } }
}

/// A span as SARIF counts it.
pub fn region(places: &Places<'_>, span: Span) -> Region {
    let range = places.range(span);
    Region {
        start_line: range.start.line,
        start_column: range.start.column_utf16,
        end_line: range.end.line,
        end_column: range.end.column_utf16,
    }
}

fn kind(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "fail",
        Verdict::Unknown => "open",
        Verdict::Pass => "pass",
        Verdict::NotApplicable => "notApplicable",
    }
}

/// The verdict in words, with the environments where it does not hold in all of them.
fn message<'a>(evaluation: &'a Evaluation, title: &'a str) -> Cow<'a, str> {
    let text = if evaluation.message.trim().is_empty() { title } else { &evaluation.message };
    match evaluation.where_it_holds() {
        None => plain(text),
        Some(place) => Cow::Owned(format!("{} ({place})", plain(text))),
    }
}

/// Text that viewers do not take for a link, and not endless.
fn plain(text: &str) -> Cow<'_, str> {
    let text = cut(text, MAX_MESSAGE_CHARS);
    if text.contains("](") { Cow::Owned(text.replace("](", "] (")) } else { text }
}

//! The serialized form, borrowed from the result.

use super::entry::{
    AttestationEntry, ControlEntry, CountsEntry, DiagnosticEntry, Document, EnvironmentEntry,
    EvaluationEntry, FileEntry, LedgerEntry, Location, Numbers, ObservationEntry, ParamEntry, RelatedEntry,
    Repository, ResourceEntry, RuleEntry, Tool, UnitEntry, WaiverEntry,
};
use super::names::{
    ImpactName, SeverityName, StateName, WaiverStateName, confidence_name, param_type_name, severity_name,
    stage_name, verdict_name,
};
use crate::place::Places;
use crate::shown::{Shown, new_budget};
use crate::summary::{evaluated_rules, frameworks_in_scope, name_of};
use proofmark_findings::{
    AttestationRecord, AttestationState, EnvironmentRecord, Evaluation, FileRecord, FileState, Ledger,
    Observation, Related, ScanResult, Target, UnitRecord, VerdictCounts, Waiver, WaiverSource, WaiverState,
    describe_attestation, summarize_controls,
};
use proofmark_model::Value;
use proofmark_rules::{Instance, ParamValue, Params, Rule};
use proofmark_source::{Diagnostic, Impact, Span};
use rayon::prelude::*;
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::value::to_raw_value;
use std::borrow::Cow;

/// How many evaluations are rendered side by side before they are written, in order.
const WINDOW: usize = 1_024;

/// Serialized a window at a time, so that a hundred thousand of them need no memory and keep all threads busy.
pub struct Evaluations<'a> {
    result: &'a ScanResult,
    places: &'a Places<'a>,
}

impl Serialize for Evaluations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.result.evaluations.len()))?;
        for window in self.result.evaluations.chunks(WINDOW) {
            // Each below the depth of line breaks, where the layout is the compact one.
            let rendered = window
                .par_iter()
                .map(|evaluation| to_raw_value(&evaluation_entry(self.result, self.places, evaluation)));
            let rendered: Vec<_> = rendered.collect::<Result<_, _>>().map_err(S::Error::custom)?;
            for entry in rendered {
                sequence.serialize_element(&entry)?;
            }
        }
        sequence.end()
    }
}

/// The values of parameters as plain JSON.
pub struct PlainParams<'a>(&'a Params);

impl Serialize for PlainParams<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name.as_str(), PlainParam(value))))
    }
}

pub struct PlainParam<'a>(pub &'a ParamValue);

impl Serialize for PlainParam<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ParamValue::Boolean(value) => serializer.serialize_bool(*value),
            ParamValue::Integer(value) => serializer.serialize_i64(*value),
            ParamValue::Number(value) => serializer.serialize_f64(*value),
            ParamValue::String(text) => serializer.serialize_str(text),
            ParamValue::List(elements) => serializer.collect_seq(elements.iter().map(PlainParam)),
            ParamValue::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(name, value)| (name, PlainParam(value))))
            }
        }
    }
}

pub struct ShownValue<'a> {
    path: &'a str,
    value: Option<&'a Value>,
}

impl Serialize for ShownValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            None => serializer.serialize_unit(),
            Some(value) => Shown::new(self.path, value, &new_budget()).serialize(serializer),
        }
    }
}

/// Borrows everything from the result.
pub fn document<'a>(result: &'a ScanResult, places: &'a Places<'a>) -> Document<'a> {
    let rules = evaluated_rules(result).into_iter().filter_map(|rule| result.rule_set.rules.get(rule));
    Document {
        schema_version: "1",
        tool: Tool {
            name: "proofmark",
            version: &result.tool_version,
            rule_set_digest: &result.rule_set.digest,
        },
        as_of: &result.as_of,
        repository: repository(result),
        packs: result.packs.iter().map(|pack| pack.as_str()).collect(),
        summary: numbers(result),
        rules: rules.map(rule_entry).collect(),
        controls: controls(result),
        evaluations: Evaluations { result, places },
        environments: result.environments.iter().map(|e| environment_entry(places, e)).collect(),
        units: result.units.iter().map(|unit| unit_entry(places, unit)).collect(),
        files: result.files.iter().map(|file| file_entry(places, file)).collect(),
        diagnostics: result.diagnostics.iter().map(|d| diagnostic_entry(places, d)).collect(),
        waivers: result.waivers.iter().map(|waiver| waiver_entry(places, waiver)).collect(),
        attestations: result.attestations.iter().map(|record| attestation_entry(places, record)).collect(),
    }
}

fn repository(result: &ScanResult) -> Repository<'_> {
    let repository = &result.repository;
    Repository {
        name: &repository.name,
        remote: repository.remote.as_deref(),
        commit: repository.commit.as_deref(),
        branch: repository.branch.as_deref(),
        dirty: repository.is_dirty,
        scanned_path: &repository.scanned_path,
    }
}

fn numbers(result: &ScanResult) -> Numbers<'_> {
    let summary = crate::summary::count_verdicts(result);
    let ledger = Ledger::of(&result.files);
    Numbers {
        verdicts: counts_entry(&summary.counts),
        failures_by_severity: summary.failures.iter().map(|(severity, n)| (name_of(*severity), *n)).collect(),
        known: summary.known,
        ledger: LedgerEntry {
            total: ledger.total,
            read: ledger.read,
            partly_read: ledger.partly_read,
            not_read: ledger.not_read,
            excluded: ledger.excluded,
            unrecognized: ledger.unrecognized,
        },
    }
}

fn counts_entry(counts: &VerdictCounts) -> CountsEntry {
    CountsEntry {
        pass: counts.pass,
        fail: counts.fail,
        waived: counts.waived,
        unknown: counts.unknown,
        not_applicable: counts.not_applicable,
    }
}

fn rule_entry(rule: &Rule) -> RuleEntry<'_> {
    RuleEntry {
        id: &rule.id.0,
        version: rule.version,
        stage: stage_name(rule.stage),
        severity: severity_name(rule.severity),
        confidence: confidence_name(rule.confidence),
        title: &rule.title,
        why: &rule.why,
        fix: &rule.fix,
        aliases: rule.aliases.iter().map(|alias| alias.id.as_str()).collect(),
        controls: rule.controls.iter().map(|control| control.0.as_str()).collect(),
        sources: rule.sources.iter().map(|source| source.as_str()).collect(),
        params: rule.params.iter().map(|(name, param)| (name.as_str(), param_entry(param))).collect(),
    }
}

fn param_entry(param: &proofmark_rules::Param) -> ParamEntry<'_> {
    ParamEntry {
        default: PlainParam(&param.default),
        kind: param_type_name(param.kind),
        unit: param.unit.as_deref(),
    }
}

fn controls(result: &ScanResult) -> Vec<ControlEntry<'_>> {
    let mut entries = Vec::new();
    for framework in frameworks_in_scope(result) {
        entries.extend(summarize_controls(result, framework).into_iter().map(|summary| ControlEntry {
            id: &summary.control.id.0,
            title: &summary.control.title,
            status: summary.status.name(),
            reason: summary.reason,
            verdicts: counts_entry(&summary.counts),
        }));
    }
    entries
}

fn evaluation_entry<'a>(
    result: &'a ScanResult,
    places: &Places<'a>,
    evaluation: &'a Evaluation,
) -> EvaluationEntry<'a> {
    static NO_PARAMS: Params = Params::new();
    let instance: Option<&Instance> = result.instances.get(evaluation.instance);
    let rule = instance.and_then(|instance| result.rule_set.rules.get(instance.rule));
    let waiver = evaluation.waiver.and_then(|index| result.waivers.get(index));
    EvaluationEntry {
        rule: rule.map_or("", |rule| rule.id.0.as_str()),
        aliases: instance.map_or(&[][..], |i| &i.aliases).iter().map(|alias| alias.as_str()).collect(),
        severity: rule.map_or(SeverityName::Info, |rule| severity_name(rule.severity)),
        verdict: verdict_name(evaluation.verdict),
        resource: ResourceEntry {
            address: &evaluation.subject.address.0,
            kind: &evaluation.subject.kind.0,
            location: location(places, evaluation.subject.span),
        },
        element: evaluation.element.as_deref(),
        params: PlainParams(instance.map_or(&NO_PARAMS, |instance| &instance.params)),
        environments: evaluation.environments.iter().map(|name| name.as_str()).collect(),
        location: location(places, evaluation.span),
        message: &evaluation.message,
        observations: evaluation.observations.iter().map(|o| observation_entry(places, o)).collect(),
        related: evaluation.related.iter().map(|related| related_entry(places, related)).collect(),
        fingerprint: &evaluation.fingerprint,
        waiver: waiver.map(|waiver| waiver_entry(places, waiver)),
        known: evaluation.is_known,
    }
}

fn location<'a>(places: &Places<'a>, span: Span) -> Location<'a> {
    let range = places.range(span);
    Location {
        path: places.path(span.file),
        start_line: range.start.line,
        start_column: range.start.column,
        end_line: range.end.line,
        end_column: range.end.column,
    }
}

fn observation_entry<'a>(places: &Places<'a>, observation: &'a Observation) -> ObservationEntry<'a> {
    let steps = observation.value.iter().flat_map(|value| value.origin.steps());
    let trail = steps.map(|step| RelatedEntry {
        message: Cow::Owned(step.kind.to_string()),
        location: location(places, step.span),
    });
    ObservationEntry {
        path: &observation.path,
        present: observation.value.as_ref().is_some_and(|value| !value.is_null()),
        value: ShownValue { path: &observation.path, value: observation.value.as_ref() },
        location: location(places, observation.span),
        trail: trail.collect(),
    }
}

fn related_entry<'a>(places: &Places<'a>, related: &'a Related) -> RelatedEntry<'a> {
    RelatedEntry { message: Cow::Borrowed(&related.message), location: location(places, related.span) }
}

fn environment_entry<'a>(places: &Places<'a>, environment: &'a EnvironmentRecord) -> EnvironmentEntry<'a> {
    EnvironmentEntry {
        name: &environment.name,
        workspace: environment.workspace.as_deref(),
        variable_files: environment.variable_files.iter().map(|path| places.relative(path)).collect(),
    }
}

fn unit_entry<'a>(places: &Places<'a>, unit: &'a UnitRecord) -> UnitEntry<'a> {
    UnitEntry {
        reader: unit.reader,
        path: places.relative(&unit.path),
        environments: unit.environments.iter().map(|name| name.as_str()).collect(),
        resources: unit.resource_count,
        complete: unit.is_complete && !unit.is_failed,
        failed: unit.is_failed,
    }
}

fn file_entry<'a>(places: &Places<'a>, record: &'a FileRecord) -> FileEntry<'a> {
    let (state, reason) = match &record.state {
        FileState::Read => (StateName::Read, None),
        FileState::PartlyRead => (StateName::PartlyRead, None),
        FileState::NotRead(reason) => (StateName::NotRead, Some(reason.as_str())),
        FileState::Excluded(by) => (StateName::Excluded, Some(by.as_str())),
        FileState::Unrecognized => (StateName::Unrecognized, None),
    };
    FileEntry {
        path: places.relative(&record.path),
        classes: &record.classes,
        state,
        reason,
        size_bytes: record.size_bytes,
        sha256: record.sha256.as_deref(),
    }
}

fn diagnostic_entry<'a>(places: &Places<'a>, diagnostic: &'a Diagnostic) -> DiagnosticEntry<'a> {
    DiagnosticEntry {
        code: diagnostic.code.0,
        message: &diagnostic.message,
        location: location(places, diagnostic.span),
        impact: match diagnostic.impact {
            Impact::None => ImpactName::None,
            Impact::Partial => ImpactName::Partial,
            Impact::Unread => ImpactName::Unread,
        },
        help: diagnostic.help.as_deref(),
    }
}

fn waiver_entry<'a>(places: &Places<'a>, waiver: &'a Waiver) -> WaiverEntry<'a> {
    let (source, span) = match &waiver.source {
        WaiverSource::Configuration => ("configuration", None),
        WaiverSource::Inline(span) => ("inline", Some(*span)),
        WaiverSource::Foreign(tool, span) => (*tool, Some(*span)),
    };
    WaiverEntry {
        rule: &waiver.rule,
        target: show_target(places, &waiver.target),
        reason: &waiver.reason,
        alternative: waiver.alternative.as_deref(),
        approver: waiver.approver.as_deref(),
        approved: waiver.approved.as_deref(),
        expires: waiver.expires.as_deref(),
        source,
        location: span.map(|span| location(places, span)),
        state: match waiver.state {
            WaiverState::Used => WaiverStateName::Used,
            WaiverState::Unused => WaiverStateName::Unused,
            WaiverState::Expired => WaiverStateName::Expired,
            WaiverState::Idle => WaiverStateName::Idle,
        },
    }
}

fn show_target(places: &Places<'_>, target: &Target) -> String {
    match target {
        Target::Address(pattern) | Target::Path(pattern) => pattern.to_string(),
        Target::Span(span) => format!("{}:{}", places.path(span.file), places.range(*span).start.line),
    }
}

fn attestation_entry<'a>(places: &Places<'a>, record: &'a AttestationRecord) -> AttestationEntry<'a> {
    let valid = record.state == AttestationState::Valid;
    AttestationEntry {
        control: &record.control.0,
        path: places.relative(&record.path),
        owner: record.owner.as_deref(),
        reviewed: record.reviewed.as_deref(),
        valid,
        problem: (!valid).then(|| describe_attestation(&record.state)),
    }
}

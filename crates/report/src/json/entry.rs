//! The objects of the format, borrowed from the result.

use super::document::{Evaluations, PlainParam, PlainParams, ShownValue};
use super::names::{
    ConfidenceName, ImpactName, ParamTypeName, SeverityName, StageName, StateName, VerdictName,
    WaiverStateName,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Everything that a scan found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ScanResult")]
pub struct Document<'a> {
    /// The version of this format.
    pub schema_version: &'static str,
    /// What made the report.
    pub tool: Tool<'a>,
    /// The day against which ages were counted, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// What was scanned.
    pub repository: Repository<'a>,
    /// The packs that were asked for.
    pub packs: Vec<&'a str>,
    /// The numbers.
    pub summary: Numbers<'a>,
    /// The rules that were evaluated, sorted by id.
    pub rules: Vec<RuleEntry<'a>>,
    /// The controls of the frameworks in scope, with what the scan says about them.
    pub controls: Vec<ControlEntry<'a>>,
    /// The meetings of rules and resources, sorted by path, place, rule, element.
    #[schemars(with = "Vec<EvaluationEntry>")]
    pub evaluations: Evaluations<'a>,
    /// The environments that were judged, in the order of the configuration; empty where none are configured.
    pub environments: Vec<EnvironmentEntry<'a>>,
    /// What was read together.
    pub units: Vec<UnitEntry<'a>>,
    /// The ledger: every file that was discovered, sorted by path.
    pub files: Vec<FileEntry<'a>>,
    /// What was odd about the input.
    pub diagnostics: Vec<DiagnosticEntry<'a>>,
    /// Accepted failures, with what became of each.
    pub waivers: Vec<WaiverEntry<'a>>,
    /// Records in the repository that speak for controls.
    pub attestations: Vec<AttestationEntry<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub struct Tool<'a> {
    pub name: &'static str,
    pub version: &'a str,
    /// SHA-256 over the rules, frameworks and packs that were used.
    pub rule_set_digest: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub struct Repository<'a> {
    pub name: &'a str,
    /// Where it is fetched from.
    pub remote: Option<&'a str>,
    pub commit: Option<&'a str>,
    pub branch: Option<&'a str>,
    /// Whether tracked files differ from the commit.
    pub dirty: Option<bool>,
    /// The path that was scanned, relative to the root of the repository; empty for the root.
    pub scanned_path: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub struct Numbers<'a> {
    pub verdicts: CountsEntry,
    /// Failures without a waiver, by severity.
    pub failures_by_severity: BTreeMap<&'a str, usize>,
    /// Failures without a waiver that the baseline holds.
    pub known: usize,
    pub ledger: LedgerEntry,
}

/// Waived failures are counted apart from failures.
#[derive(Serialize, JsonSchema)]
pub struct CountsEntry {
    pub pass: usize,
    pub fail: usize,
    pub waived: usize,
    pub unknown: usize,
    pub not_applicable: usize,
}

/// The states exclude each other and add up to `total`.
#[derive(Serialize, JsonSchema)]
pub struct LedgerEntry {
    pub total: usize,
    pub read: usize,
    pub partly_read: usize,
    pub not_read: usize,
    pub excluded: usize,
    pub unrecognized: usize,
}

#[derive(Serialize, JsonSchema)]
pub struct RuleEntry<'a> {
    pub id: &'a str,
    /// Raised when a verdict changes on existing input.
    pub version: u32,
    pub stage: StageName,
    pub severity: SeverityName,
    pub confidence: ConfidenceName,
    /// The requirement.
    pub title: &'a str,
    /// Why it matters.
    pub why: &'a str,
    /// What to do about a failure.
    pub fix: &'a str,
    /// The same requirement in other tools and catalogs.
    pub aliases: Vec<&'a str>,
    pub controls: Vec<&'a str>,
    pub sources: Vec<&'a str>,
    pub params: BTreeMap<&'a str, ParamEntry<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub struct ParamEntry<'a> {
    #[schemars(with = "serde_json::Value")]
    pub default: PlainParam<'a>,
    #[serde(rename = "type")]
    pub kind: ParamTypeName,
    pub unit: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
pub struct ControlEntry<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// `failed`, `not-evaluated`, `incomplete`, `attested`, `passed` or `not-applicable`.
    pub status: &'static str,
    /// Why the status is what it is.
    pub reason: String,
    pub verdicts: CountsEntry,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EvaluationEntry")]
pub struct EvaluationEntry<'a> {
    pub rule: &'a str,
    /// The names in other tools that these parameters speak for.
    pub aliases: Vec<&'a str>,
    pub severity: SeverityName,
    pub verdict: VerdictName,
    pub resource: ResourceEntry<'a>,
    /// The judged element's key, where the rule goes through a list.
    pub element: Option<&'a str>,
    /// The parameters that held.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub params: PlainParams<'a>,
    /// The environments for which this holds; empty where none is about the unit.
    pub environments: Vec<&'a str>,
    pub location: Location<'a>,
    pub message: &'a str,
    /// The values that decided.
    pub observations: Vec<ObservationEntry<'a>>,
    /// Further places that matter.
    pub related: Vec<RelatedEntry<'a>>,
    /// The identity across edits, 64 hexadecimal digits.
    pub fingerprint: &'a str,
    /// The waiver that accepts the failure.
    pub waiver: Option<WaiverEntry<'a>>,
    /// Whether the baseline holds it already.
    pub known: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct ResourceEntry<'a> {
    pub address: &'a str,
    pub kind: &'a str,
    pub location: Location<'a>,
}

/// Lines and columns count from 1, columns in code points; the end is exclusive.
#[derive(Serialize, JsonSchema)]
pub struct Location<'a> {
    /// Relative to what was scanned, with `/`; `.` for the repository as a whole.
    pub path: Cow<'a, str>,
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Serialize, JsonSchema)]
pub struct ObservationEntry<'a> {
    /// What was read, as a path in the resource.
    pub path: &'a str,
    /// Whether there is such an attribute.
    pub present: bool,
    /// The value: `(sensitive)` where it must not be shown, `{"unknown": reason}` where no file contains it, `null` where
    /// it is absent.
    #[schemars(with = "serde_json::Value")]
    pub value: ShownValue<'a>,
    pub location: Location<'a>,
    /// The way that the value came, nearest place first.
    pub trail: Vec<RelatedEntry<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub struct RelatedEntry<'a> {
    pub message: Cow<'a, str>,
    pub location: Location<'a>,
}

/// An environment, and what it gave to Terraform root modules.
#[derive(Serialize, JsonSchema)]
pub struct EnvironmentEntry<'a> {
    pub name: &'a str,
    pub workspace: Option<&'a str>,
    /// In order of precedence.
    pub variable_files: Vec<Cow<'a, str>>,
}

#[derive(Serialize, JsonSchema)]
pub struct UnitEntry<'a> {
    pub reader: &'a str,
    pub path: Cow<'a, str>,
    /// The environments that are about it; empty where none is.
    pub environments: Vec<&'a str>,
    pub resources: usize,
    /// Whether everything in it was understood.
    pub complete: bool,
    /// Whether a bug of the tool cost the unit.
    pub failed: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct FileEntry<'a> {
    pub path: Cow<'a, str>,
    /// What it was taken for; empty where nobody recognized it.
    pub classes: &'a [&'static str],
    pub state: StateName,
    /// Why it was not read, or who left it out.
    pub reason: Option<&'a str>,
    pub size_bytes: u64,
    pub sha256: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
pub struct DiagnosticEntry<'a> {
    pub code: &'a str,
    pub message: &'a str,
    pub location: Location<'a>,
    pub impact: ImpactName,
    pub help: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
pub struct WaiverEntry<'a> {
    /// The rule by the name that the waiver uses.
    pub rule: &'a str,
    /// The address pattern, the path pattern, or where the covered part begins.
    pub target: String,
    pub reason: &'a str,
    pub alternative: Option<&'a str>,
    pub approver: Option<&'a str>,
    pub approved: Option<&'a str>,
    pub expires: Option<&'a str>,
    /// `configuration`, `inline`, or the name of the tool whose comment it is.
    pub source: &'a str,
    /// Where the comment stands.
    pub location: Option<Location<'a>>,
    pub state: WaiverStateName,
}

#[derive(Serialize, JsonSchema)]
pub struct AttestationEntry<'a> {
    pub control: &'a str,
    pub path: Cow<'a, str>,
    pub owner: Option<&'a str>,
    pub reviewed: Option<&'a str>,
    pub valid: bool,
    /// What is wrong with it.
    pub problem: Option<String>,
}

//! The objects of SARIF that we write, named as the standard names them.

use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

type Text<'a> = Cow<'a, str>;

#[derive(Debug, Serialize)]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: &'static str,
    pub runs: [Run<'a>; 1],
}

impl Log<'_> {
    pub fn result_count(&self) -> usize {
        self.runs.iter().map(|run| run.results.len()).sum()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run<'a> {
    pub tool: Tool<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automation_details: Option<Identified<'a>>,
    pub invocations: [Invocation<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub version_control_provenance: Vec<VersionControl<'a>>,
    pub column_kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxonomies: Vec<Taxonomy<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact<'a>>,
    pub results: Vec<SarifResult<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Identified<'a> {
    pub id: Text<'a>,
}

#[derive(Debug, Serialize)]
pub struct Tool<'a> {
    pub driver: Driver<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver<'a> {
    pub name: &'static str,
    pub semantic_version: Text<'a>,
    pub information_uri: &'static str,
    pub rules: Vec<Rule<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supported_taxonomies: Vec<ComponentReference<'a>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ComponentReference<'a> {
    pub name: Text<'a>,
    pub index: usize,
}

#[derive(Debug, Serialize)]
pub struct Message<'a> {
    pub text: Text<'a>,
}

#[derive(Debug, Serialize)]
pub struct Help<'a> {
    pub text: Text<'a>,
    pub markdown: Text<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule<'a> {
    pub id: Text<'a>,
    pub name: Text<'a>,
    pub short_description: Message<'a>,
    pub full_description: Message<'a>,
    pub help: Help<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_uri: Option<Text<'a>>,
    pub default_configuration: Configuration,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relationships: Vec<Relationship<'a>>,
    pub properties: RuleProperties<'a>,
}

#[derive(Debug, Serialize)]
pub struct Configuration {
    pub level: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Relationship<'a> {
    pub target: TaxonReference<'a>,
    pub kinds: [&'static str; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxonReference<'a> {
    pub id: Text<'a>,
    pub index: usize,
    pub tool_component: ComponentReference<'a>,
}

#[derive(Debug, Serialize)]
pub struct RuleProperties<'a> {
    pub tags: Vec<Text<'a>>,
    pub precision: &'static str,
    #[serde(rename = "problem.severity")]
    pub problem_severity: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub security_severity: Option<&'static str>,
    pub version: u32,
    pub stage: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Taxonomy<'a> {
    pub name: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_uri: Option<Text<'a>>,
    pub full_name: Text<'a>,
    pub is_comprehensive: bool,
    pub taxa: Vec<Taxon<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Taxon<'a> {
    pub id: Text<'a>,
    pub short_description: Message<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation<'a> {
    pub execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Notification<'a> {
    pub descriptor: Identified<'a>,
    pub level: &'static str,
    pub message: Message<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionControl<'a> {
    pub repository_uri: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Artifact<'a> {
    pub location: ArtifactLocation<'a>,
    pub length: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hashes: BTreeMap<&'static str, Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifResult<'a> {
    pub rule_id: Text<'a>,
    pub rule_index: usize,
    pub level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    pub message: Message<'a>,
    pub locations: Vec<Location<'a>>,
    pub partial_fingerprints: BTreeMap<&'static str, Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_flows: Vec<CodeFlow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressions: Option<Vec<Suppression<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<Fix<'a>>,
    #[serde(skip_serializing_if = "ResultProperties::is_empty")]
    pub properties: ResultProperties<'a>,
}

#[derive(Debug, Default, Serialize)]
pub struct ResultProperties<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<Text<'a>>,
}

impl ResultProperties<'_> {
    fn is_empty(&self) -> bool {
        self.environments.is_empty() && self.element.is_none()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<usize>,
    pub physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<LogicalLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhysicalLocation<'a> {
    pub artifact_location: ArtifactLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

#[derive(Debug, Serialize)]
pub struct ArtifactLocation<'a> {
    pub uri: Text<'a>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogicalLocation<'a> {
    pub fully_qualified_name: Text<'a>,
    pub kind: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeFlow<'a> {
    pub message: Message<'a>,
    pub thread_flows: [ThreadFlow<'a>; 1],
}

#[derive(Debug, Serialize)]
pub struct ThreadFlow<'a> {
    pub locations: Vec<ThreadFlowLocation<'a>>,
}

#[derive(Debug, Serialize)]
pub struct ThreadFlowLocation<'a> {
    pub location: Location<'a>,
}

#[derive(Debug, Serialize)]
pub struct Suppression<'a> {
    pub kind: &'static str,
    pub status: &'static str,
    pub justification: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location<'a>>,
    pub properties: BTreeMap<&'static str, Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix<'a> {
    pub description: Message<'a>,
    pub artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactChange<'a> {
    pub artifact_location: ArtifactLocation<'a>,
    pub replacements: Vec<Replacement<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement<'a> {
    pub deleted_region: Region,
    pub inserted_content: Message<'a>,
}

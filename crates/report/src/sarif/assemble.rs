//! The log around the results.

use super::log::{
    Artifact, ArtifactLocation, ComponentReference, Driver, Identified, Log, Run, Tool, VersionControl,
};
use super::results::Builder;
use super::rules::describe_rules;
use super::uri::path_uri;
use super::{SarifOptions, SarifProfile, invocation};
use crate::place::Places;
use crate::summary::{evaluated_rules, severity};
use proofmark_findings::{ScanResult, Verdict};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The whole log with at most `limit` results, of which the most severe are kept.
pub fn build_log<'a>(
    result: &'a ScanResult,
    places: &Places<'a>,
    options: &SarifOptions<'a>,
    limit: usize,
) -> Log<'a> {
    let (chosen, dropped) = choose(result, options.profile, limit);
    let used: BTreeSet<usize> = match options.profile {
        SarifProfile::Full => evaluated_rules(result).into_iter().collect(),
        SarifProfile::Github => rules_of(result, &chosen),
    };
    let table = describe_rules(result, &used);
    let mut builder = Builder::new(result, places, options, table.index);
    let results = chosen.into_iter().filter_map(|index| builder.build(index)).collect();
    let references = table.taxonomies.iter().enumerate();
    let driver = Driver {
        name: "proofmark",
        semantic_version: Cow::Borrowed(&result.tool_version),
        information_uri: "https://github.com/proofmark/proofmark",
        supported_taxonomies: references
            .map(|(index, taxonomy)| ComponentReference { name: Cow::clone(&taxonomy.name), index })
            .collect(),
        rules: table.rules,
    };
    Log {
        schema: "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            automation_details: options.category.map(category),
            invocations: [invocation::describe(result, places, dropped)],
            version_control_provenance: provenance(result),
            column_kind: "utf16CodeUnits",
            taxonomies: table.taxonomies,
            artifacts: artifacts(result, options.profile),
            results,
        }],
    }
}

/// The evaluations that the profile shows, in order, and how many the limit cost.
fn choose(result: &ScanResult, profile: SarifProfile, limit: usize) -> (Vec<usize>, usize) {
    let is_shown = |index: &usize| match profile {
        SarifProfile::Full => true,
        SarifProfile::Github => result
            .evaluations
            .get(*index)
            .is_some_and(|evaluation| evaluation.verdict == Verdict::Fail && evaluation.waiver.is_none()),
    };
    let mut chosen: Vec<usize> = (0..result.evaluations.len()).filter(is_shown).collect();
    let dropped = chosen.len().saturating_sub(limit);
    if dropped > 0 {
        let severity_of = |index: &usize| {
            result.evaluations.get(*index).map(|evaluation| severity(result, evaluation.instance))
        };
        // The sort is stable: within a severity the first ones stay.
        chosen.sort_by_key(|index| std::cmp::Reverse(severity_of(index)));
        chosen.truncate(limit);
        chosen.sort_unstable();
    }
    (chosen, dropped)
}

fn rules_of(result: &ScanResult, chosen: &[usize]) -> BTreeSet<usize> {
    let evaluations = chosen.iter().filter_map(|&index| result.evaluations.get(index));
    evaluations.filter_map(|e| Some(result.instances.get(e.instance)?.rule)).collect()
}

/// Everything before the last `/` is the category; what follows would be the id of this one run.
fn category(name: &str) -> Identified<'_> {
    Identified { id: Cow::Owned(format!("{}/", name.trim_end_matches('/'))) }
}

fn provenance(result: &ScanResult) -> Vec<VersionControl<'_>> {
    let repository = &result.repository;
    let remote = repository.remote.as_deref().filter(|remote| remote.contains("://"));
    let details = remote.map(|remote| VersionControl {
        repository_uri: Cow::Borrowed(remote),
        revision_id: repository.commit.as_deref().map(Cow::Borrowed),
        branch: repository.branch.as_deref().map(Cow::Borrowed),
    });
    details.into_iter().collect()
}

fn artifacts(result: &ScanResult, profile: SarifProfile) -> Vec<Artifact<'_>> {
    if profile == SarifProfile::Github {
        return Vec::new();
    }
    let read = result.files.iter().filter(|record| record.file.is_some());
    read.map(|record| Artifact {
        location: ArtifactLocation { uri: path_uri(&record.path) },
        length: record.size_bytes,
        hashes: record
            .sha256
            .iter()
            .map(|digest| ("sha-256", Cow::Borrowed(digest.as_str())))
            .collect::<BTreeMap<_, _>>(),
    })
    .collect()
}

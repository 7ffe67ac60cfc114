//! Which of the charts under `charts/` are used, under which names, and what they hand to their parents.

use crate::chart::{Chart, Dependency};
use crate::limits::{CHARTS, MAX_CHARTS};
use crate::render::{Problem, RENDER};
use crate::values::{coalesce_tables, coalesce_values, copied, empty, path_value, table};
use proofmark_gotemplate::{Data, Dict, Place, Trace, version_fits};
use proofmark_source::Span;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Applies conditions, tags, aliases and `import-values`, with the values that the caller gave. Tells which charts are
/// needed and not there.
pub(crate) fn process(chart: &mut Chart, given: &Dict) -> Vec<Problem> {
    let mut enabling = Enabling { left: MAX_CHARTS, problems: Vec::new() };
    enabling.enable(chart, given, "");
    import(chart);
    enabling.problems
}

/// How far the enabling of charts has come.
struct Enabling {
    /// How many charts there may still be.
    left: usize,
    problems: Vec<Problem>,
}

impl Enabling {
    fn enable(&mut self, chart: &mut Chart, given: &Dict, path: &str) {
        // To lay values over each other costs as much as there are, and a thousand charts may hold no others.
        if chart.dependencies.is_empty() && chart.metadata.dependencies.is_empty() {
            return;
        }
        let missing = missing(chart);
        if !chart.metadata.dependencies.is_empty() {
            chart.dependencies = named(chart);
            for dependency in &mut chart.metadata.dependencies {
                if !dependency.alias.is_empty() {
                    dependency.name = SmolStr::clone(&dependency.alias);
                }
            }
        }
        let values = coalesce_values(chart, given, false);
        let disabled: BTreeSet<SmolStr> = chart
            .metadata
            .dependencies
            .iter()
            .filter(|dependency| !is_enabled(dependency, &values, path))
            .map(|dependency| SmolStr::clone(&dependency.name))
            .collect();
        chart.dependencies.retain(|child| !disabled.contains(&child.metadata.name));
        chart.metadata.dependencies.retain(|dependency| !disabled.contains(&dependency.name));
        let is_wanted =
            |wanted: &&Dependency| chart.metadata.dependencies.iter().any(|kept| kept.span == wanted.span);
        self.problems.extend(missing.iter().filter(is_wanted).map(|wanted| missing_problem(chart, wanted)));
        if chart.dependencies.len() > self.left {
            chart.dependencies.truncate(self.left);
            self.problems.push(too_many(chart));
        }
        self.left -= chart.dependencies.len();
        for child in &mut chart.dependencies {
            let inner = format!("{path}{}.", child.metadata.name);
            self.enable(child, &values, &inner);
        }
    }
}

/// The charts that `Chart.yaml` names and that do not lie under `charts/`.
fn missing(chart: &Chart) -> Vec<Dependency> {
    let is_there =
        |wanted: &Dependency| chart.dependencies.iter().any(|child| child.metadata.name == wanted.name);
    chart.metadata.dependencies.iter().filter(|wanted| !is_there(wanted)).cloned().collect()
}

fn missing_problem(chart: &Chart, wanted: &Dependency) -> Problem {
    Problem {
        template: SmolStr::clone(&chart.metadata.name),
        message: format!("found in Chart.yaml, but missing in charts/ directory: {}", wanted.name),
        place: Trace::of(Place::Value(wanted.span)),
        code: RENDER,
        file: None,
    }
}

fn too_many(chart: &Chart) -> Problem {
    Problem {
        template: SmolStr::clone(&chart.metadata.name),
        message: format!("some charts below this one are left out: there are more than {MAX_CHARTS}"),
        place: Trace::of(Place::Value(Span::file_start(chart.file))),
        code: CHARTS,
        file: None,
    }
}

/// The charts that lie under `charts/`: those that `Chart.yaml` does not name, then those that it names.
fn named(chart: &Chart) -> Vec<Chart> {
    let fits = |child: &Chart, wanted: &Dependency| {
        let range = wanted.version.as_str();
        child.metadata.name == wanted.name
            && (range.is_empty() || version_fits(range, &child.metadata.version).unwrap_or(false))
    };
    let wanted = &chart.metadata.dependencies;
    let is_named = |child: &&Chart| wanted.iter().any(|wanted| fits(child, wanted));
    let mut children: Vec<Chart> =
        chart.dependencies.iter().filter(|child| !is_named(child)).cloned().collect();
    for wanted in wanted {
        let Some(child) = chart.dependencies.iter().find(|child| fits(child, wanted)) else { continue };
        let mut child = child.clone();
        // One chart may be used under several names, each with values of its own.
        child.values = copied(&child.values);
        if !wanted.alias.is_empty() {
            child.metadata.name = SmolStr::clone(&wanted.alias);
        }
        children.push(child);
    }
    children
}

/// A condition that is set decides; else tags; else it is used.
fn is_enabled(dependency: &Dependency, values: &Dict, path: &str) -> bool {
    let conditions = dependency.condition.trim().split(',').filter(|condition| !condition.is_empty());
    for condition in conditions {
        let found = path_value(values, &format!("{path}{}", condition.trim()));
        if let Some(Data::Bool(decided)) = found.map(|found| found.data) {
            return decided;
        }
    }
    let tags = table(values, "tags").unwrap_or_else(empty);
    let said: Vec<bool> = dependency
        .tags
        .iter()
        .filter_map(|tag| match tags.get(tag)?.data {
            Data::Bool(flag) => Some(flag),
            _ => None,
        })
        .collect();
    said.is_empty() || said.contains(&true)
}

/// Values of children that the chart takes over; its own win over them.
fn import(chart: &mut Chart) {
    chart.dependencies.iter_mut().for_each(import);
    if chart.metadata.dependencies.iter().all(|dependency| dependency.imports.is_empty()) {
        return;
    }
    let values = coalesce_values(chart, &empty(), true);
    let imported = empty();
    for dependency in &chart.metadata.dependencies {
        for wanted in &dependency.imports {
            let child = format!("{}.{}", dependency.name, wanted.child);
            if let Some(found) = table(&values, &child) {
                coalesce_tables(&imported, &nested(&wanted.parent, copied(&found)), true);
            }
        }
    }
    let own = copied(&values);
    coalesce_tables(&own, &imported, true);
    chart.values = own;
}

/// A map at a path within otherwise empty maps.
fn nested(path: &str, inner: Dict) -> Dict {
    let names = path.split('.').filter(|name| !name.is_empty()).rev();
    names.fold(inner, |inner, name| {
        Dict::new(BTreeMap::from([(SmolStr::new(name), Data::Dict(inner).into())]))
    })
}

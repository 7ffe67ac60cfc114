//! Laying values over each other as Helm does: the caller's over the chart's, the chart's over those of its subcharts.
//!
//! Follows `chartutil` of Helm 4. A value of `null` removes a key while values are coalesced, and stays while they are
//! merged, so that it can remove something later.

use super::{copied, empty};
use crate::chart::Chart;
use proofmark_gotemplate::{Data, Dict, Value};
use smol_str::SmolStr;

/// The values that a chart sees: `given` over its own, and for each subchart under its name.
pub(crate) fn coalesce_values(chart: &Chart, given: &Dict, merges: bool) -> Dict {
    let target = copied(given);
    coalesce(chart, &target, merges);
    target
}

/// The same in place.
fn coalesce(chart: &Chart, target: &Dict, merges: bool) {
    coalesce_own(chart, target, merges);
    for dependency in &chart.dependencies {
        let name = &dependency.metadata.name;
        let inner = match target.get(name) {
            None => {
                let inner = empty();
                target.set(SmolStr::clone(name), Data::Dict(Dict::clone(&inner)).into());
                inner
            }
            Some(value) => match value.as_dict() {
                Some(inner) => Dict::clone(inner),
                None => continue,
            },
        };
        coalesce_globals(&inner, target);
        coalesce(dependency, &inner, merges);
    }
}

/// The chart's own defaults under `target`.
fn coalesce_own(chart: &Chart, target: &Dict, merges: bool) {
    for (key, value) in copied(&chart.values).entries() {
        let Some(given) = target.get(&key) else {
            target.set(key, value);
            continue;
        };
        match (&given.data, &value.data) {
            (Data::Nil, _) if !merges => target.remove(&key),
            (Data::Dict(given), Data::Dict(own)) => {
                let is_child = chart.dependencies.iter().any(|child| child.metadata.name == key);
                coalesce_tables(given, own, merges || is_child);
            }
            _ => {}
        }
    }
}

/// The parent's globals into those of a subchart; the parent's win.
fn coalesce_globals(target: &Dict, source: &Dict) {
    let globals = |dict: &Dict| match dict.get("global") {
        None => Some(empty()),
        Some(value) => value.as_dict().cloned(),
    };
    let (Some(own), Some(given)) = (globals(target), globals(source)) else { return };
    for (key, value) in given.entries() {
        let existing = own.get(&key);
        match (&value.data, existing.as_ref().map(|existing| &existing.data)) {
            (Data::Dict(table), None) => own.set(key, Value { data: Data::Dict(copied(table)), ..value }),
            (Data::Dict(table), Some(Data::Dict(existing))) => {
                let laid = copied(table);
                coalesce_tables(&laid, existing, true);
                own.set(key, Value { data: Data::Dict(laid), ..value });
            }
            (Data::Dict(_), Some(_)) | (_, Some(Data::Dict(_))) => {}
            _ => own.set(key, value),
        }
    }
    target.set(SmolStr::new_static("global"), Data::Dict(own).into());
}

/// What `source` has and `target` has not. Where both have a map, so within it; else `target` wins.
pub fn coalesce_tables(target: &Dict, source: &Dict, merges: bool) {
    let removed: Vec<SmolStr> =
        target.entries().into_iter().filter(|(_, value)| value.is_nil()).map(|(key, _)| key).collect();
    for (key, value) in source.entries() {
        if removed.contains(&key) {
            continue;
        }
        let Some(given) = target.get(&key) else {
            target.set(key, value);
            continue;
        };
        if let (Data::Dict(given), Data::Dict(inner)) = (&given.data, &value.data) {
            coalesce_tables(given, inner, merges);
        }
    }
    if !merges {
        removed.iter().for_each(|key| target.remove(key));
    }
}

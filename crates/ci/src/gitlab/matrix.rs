//! `parallel:matrix`.

use super::codes;
use super::source::Sources;
use super::tree::flat;
use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use std::collections::BTreeSet;

/// GitLab's own limit on the jobs that one matrix makes.
const MAX_INSTANCES: usize = 200;

/// One job that a matrix makes.
pub struct Instance {
    /// Its name: that of the job with the values behind it.
    pub name: SmolStr,
    /// Its variables.
    pub variables: Map,
}

/// The jobs that the matrix of a job makes; `None` where it has none, or one that is not known.
pub fn instances(sources: &mut Sources<'_>, job: &Attribute) -> Option<Vec<Instance>> {
    let matrix = job.value.at_path(&["parallel", "matrix"])?;
    let mut combinations = Vec::new();
    for map in flat(matrix) {
        add_combinations(map.as_map()?, &mut combinations)?;
        if combinations.len() > MAX_INSTANCES {
            let message = format!("the matrix of `{}` makes more than {MAX_INSTANCES} jobs", job.name);
            sources.tell_lost(codes::MATRIX, matrix.origin.span, message);
            return None;
        }
    }
    let mut names = BTreeSet::new();
    let instances = combinations.into_iter().map(|variables| instance(job, variables));
    let instances: Vec<Instance> = instances.filter(|one| names.insert(SmolStr::clone(&one.name))).collect();
    (!instances.is_empty()).then_some(instances)
}

/// Every choice of one value for each variable, the last variable changing fastest. Stops early beyond the limit.
fn add_combinations(map: &Map, combinations: &mut Vec<Vec<Attribute>>) -> Option<()> {
    let mut variables: Vec<&Attribute> = map.entries().iter().collect();
    // Names of jobs follow the order in which the file names the variables.
    variables.sort_by_key(|entry| entry.name_span);
    let mut made: Vec<Vec<Attribute>> = vec![Vec::new()];
    for variable in variables {
        let values = flat(&variable.value);
        let is_known = |value: &&Value| {
            matches!(value.data, Data::String(_) | Data::Integer(_) | Data::Float(_) | Data::Bool(_))
        };
        if values.is_empty() || !values.iter().all(is_known) {
            return None;
        }
        let chosen = |before: &Vec<Attribute>, value: &Value| {
            let mut choice = before.clone();
            choice.push(variable.with_value(Value::clone(value)));
            choice
        };
        let next = made.iter().flat_map(|before| values.iter().map(move |value| chosen(before, value)));
        made = next.take(MAX_INSTANCES + 1).collect();
    }
    combinations.extend(made);
    Some(())
}

fn instance(job: &Attribute, variables: Vec<Attribute>) -> Instance {
    let values: Vec<String> = variables.iter().map(|variable| plain(&variable.value)).collect();
    let name = SmolStr::new(format!("{}: [{}]", job.name, values.join(", ")));
    Instance { name, variables: Map::new(variables).with_header(job.name_span) }
}

/// A value as it stands in a job's name.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

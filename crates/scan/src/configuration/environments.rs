//! The environments of a configuration file, and what it gives to Terraform root modules.

use super::fields::Problems;
use super::parse::{param_value, read_params};
use super::{Environment, Inputs, Named, Variable};
use proofmark_discover::Patterns;
use proofmark_model::SmolStr;
use proofmark_syntax::{Node, NodeData};

pub(super) const ENVIRONMENT_KEYS: [&str; 6] =
    ["paths", "variable_files", "variables", "workspace", "values_files", "params"];

pub(super) fn read_environments(root: &Node, problems: &mut Problems) -> Vec<Environment> {
    let Some(node) = root.get("environments") else { return Vec::new() };
    if !matches!(node.data, NodeData::Mapping(_) | NodeData::Null) {
        problems.mistyped(node, "environments", "a map from the name of an environment to its settings");
    }
    let mut environments: Vec<Environment> = Vec::new();
    for entry in node.entries() {
        let name = SmolStr::from(entry.key.as_str().unwrap_or(""));
        let settings = &entry.value;
        if name.is_empty() {
            problems.mistyped(&entry.key, "the name of an environment", "a text");
        } else if environments.iter().any(|earlier| earlier.name == name) {
            problems.add(entry.key.span, format!("the environment `{name}` stands here a second time"), None);
        } else if settings.data == NodeData::Null {
            environments.push(Environment { name, ..Environment::default() });
        } else if problems.check_keys(settings, &name, &ENVIRONMENT_KEYS) {
            environments.push(Environment {
                paths: read_paths(settings, problems),
                inputs: read_inputs(settings, problems),
                params: read_params(settings, problems),
                name,
            });
        }
    }
    environments
}

/// What the configuration, or one of its environments, gives to Terraform root modules and to charts.
pub(super) fn read_inputs(parent: &Node, problems: &mut Problems) -> Inputs {
    Inputs {
        variable_files: read_patterns(parent, "variable_files", problems).unwrap_or_default(),
        variables: read_variables(parent, problems),
        workspace: problems.text(parent, "workspace").map(|workspace| workspace.name),
        values_files: read_patterns(parent, "values_files", problems).unwrap_or_default(),
    }
}

fn read_paths(settings: &Node, problems: &mut Problems) -> Option<Vec<Named>> {
    let paths = read_patterns(settings, "paths", problems)?;
    if let (true, Some(node)) = (paths.is_empty(), settings.get("paths")) {
        let help = Some("leave it out for the whole repository".to_owned());
        problems.add(node.span, "`paths` names nothing".to_owned(), help);
    }
    Some(paths)
}

fn read_patterns(parent: &Node, key: &str, problems: &mut Problems) -> Option<Vec<Named>> {
    let patterns = problems.texts(parent, key)?;
    for pattern in &patterns {
        if let Err(error) = Patterns::new(&[pattern.name.as_str()]) {
            problems.add(pattern.span, error.to_string(), None);
        }
    }
    Some(patterns)
}

fn read_variables(parent: &Node, problems: &mut Problems) -> Vec<Variable> {
    let Some(node) = parent.get("variables") else { return Vec::new() };
    if !matches!(node.data, NodeData::Mapping(_) | NodeData::Null) {
        problems.mistyped(node, "variables", "a map from the name of a variable to its value");
    }
    let mut variables = Vec::new();
    for entry in node.entries() {
        let name = SmolStr::from(entry.key.as_str().unwrap_or(""));
        match param_value(&entry.value) {
            Some(value) => {
                variables.push(Variable { name: Named { name, span: entry.key.span }, value });
            }
            None => problems.mistyped(&entry.value, &name, "a scalar, a list or a map"),
        }
    }
    variables
}

//! Moves an expression out of a step's script into its environment.

use super::offer::replace;
use super::setting::Setting;
use super::yaml::set_in;
use proofmark_ci::standing_in_script;
use proofmark_model::Value;
use proofmark_source::{Span, TextEdit};
use proofmark_syntax::{Node, Parsed};

/// The entry that holds a step's script.
const SCRIPT: &str = "run";

/// Parts of a context's name that say nothing about what it is.
const EMPTY_WORDS: [&str; 6] = ["github", "event", "steps", "outputs", "needs", "pull_request"];

/// The edits that make the expression a variable in the map `into` of its step, and let the script read the variable;
/// `None` where nothing would read the variable, or not as the one text that it is.
pub(super) fn extract(text: &str, parsed: &Parsed, expression: Span, into: &str) -> Option<Vec<TextEdit>> {
    let root =
        parsed.documents.iter().map(|document| &document.root).find(|root| root.span.contains(expression))?;
    let around = nodes_around(root, expression);
    let step =
        around.iter().rev().find(|node| node.get(SCRIPT).is_some_and(|run| run.span.contains(expression)))?;
    let standing = standing_in_script(text, &around, expression)?;
    let written = expression.slice(text);
    let context = written.strip_prefix("${{")?.strip_suffix("}}")?.trim();
    let known = own_variable(context);
    let name = match known {
        Some(name) => name.to_owned(),
        None => variable_name(context, step, into, written)?,
    };
    let mut edits = vec![replace(expression, standing.reading(&name)?)];
    if known.is_none() && step.at_path(&[into, &name]).is_none() {
        let value = Value::string(written, expression);
        let path = [into, name.as_str()];
        let setting = Setting { target: step.span, path: &path, value: &value, before: Some(SCRIPT) };
        edits.extend(set_in(text, step, &setting)?);
    }
    Some(edits)
}

/// The nodes that hold `place`, outermost first.
fn nodes_around(root: &Node, place: Span) -> Vec<&Node> {
    let mut around = vec![root];
    let mut node = root;
    loop {
        let mut children = node.entries().iter().map(|entry| &entry.value).chain(node.elements());
        let Some(child) = children.find(|child| child.included_at.is_none() && child.span.contains(place))
        else {
            return around;
        };
        around.push(child);
        node = child;
    }
}

/// The variable that an expression names itself: the script has it in its environment already, and the step's own `env` does
/// not see its other entries.
fn own_variable(context: &str) -> Option<&str> {
    let name = context.strip_prefix("env.")?;
    let is_name = |name: &str| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    };
    is_name(name).then_some(name)
}

/// A name for the variable, after the context that it holds: the one that holds it already, else one that is free.
fn variable_name(context: &str, step: &Node, into: &str, written: &str) -> Option<String> {
    let variables = step.get(into).map(Node::entries).unwrap_or_default();
    if let Some(known) = variables.iter().find(|entry| entry.value.as_str().map(str::trim) == Some(written)) {
        return known.key.as_str().map(str::to_owned);
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let path = context.split(|c: char| !is_word(c)).find(|word| word.contains('.')).unwrap_or("");
    let words: Vec<&str> =
        path.split('.').filter(|word| !word.is_empty() && !EMPTY_WORDS.contains(word)).collect();
    let words = words.get(words.len().saturating_sub(2)..).unwrap_or(&[]);
    let base = words.join("_").replace('-', "_").to_ascii_uppercase();
    // Names of one word and names that the runner sets are taken by programs.
    let base = match base.as_str() {
        "" => return None,
        base if !base.contains('_') => format!("{base}_VALUE"),
        base if base.starts_with("GITHUB_") || base.starts_with("RUNNER_") => format!("THE_{base}"),
        base => base.to_owned(),
    };
    let is_free = |name: &String| !variables.iter().any(|entry| entry.key.as_str() == Some(name));
    let numbered = (2..100).map(|number| format!("{base}_{number}"));
    std::iter::once(base.to_owned()).chain(numbered).find(is_free)
}

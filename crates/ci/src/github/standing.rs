//! How an expression stands in a script.

use super::job::runs_on_windows;
use crate::scalar::Scalar;
use crate::shells::github_shell;
use proofmark_model::Value;
use proofmark_shell::{Shell, Standing, standing_at};
use proofmark_source::Span;
use proofmark_syntax::{Node, Style};

/// Contexts that hold what somebody wrote as one text; all others may hold several words, such as a list of options.
const ONE_TEXT: [&str; 2] = ["github", "secrets"];

/// Those of them into which anything is put.
const ANY_TEXT: [&str; 2] = ["github.event.inputs", "github.event.client_payload"];

/// How the expression at `place` stands in the script of its step, given the nodes that hold it, outermost first; `None`
/// where no variable can take its place: in a script of a language that is not known, or where the value may be meant as
/// several words.
#[must_use]
pub fn standing_in_script(text: &str, around: &[&Node], place: Span) -> Option<Standing> {
    let script =
        around.iter().rev().find_map(|node| node.get("run").filter(|run| run.span.contains(place)))?;
    // In quoted YAML the quotes of the script would need escapes of their own.
    if script.included_at.is_some() || script.style == Style::Quoted {
        return None;
    }
    let scalar = Scalar::of(script, text)?;
    let mut starts = scalar.text.match_indices("${{").map(|(at, _)| at);
    let at = starts.find(|at| scalar.locate(*at..at + 1).start == place.start)?;
    let standing = standing_at(scalar.text, at, shell_of(around)?)?;
    (!standing.is_split || is_one_text(place.slice(text))).then_some(standing)
}

/// The shell of a step; `None` where the file does not say which it is.
fn shell_of(around: &[&Node]) -> Option<Shell> {
    let own = around.iter().rev().find_map(|node| node.get("shell"));
    let shared = || around.iter().rev().find_map(|node| node.at_path(&["defaults", "run", "shell"]));
    if let Some(shell) = own.or_else(shared) {
        let name = shell.as_str().filter(|name| !name.contains("${{"))?;
        return Some(github_shell(Some(&Value::string(name, shell.span)), false));
    }
    let job = around.iter().rev().find(|node| node.get("runs-on").is_some())?;
    let runner = job.get("runs-on")?;
    let is_known = |label: &Node| label.as_str().is_some_and(|label| !label.contains("${{"));
    let labels = runner.elements();
    let is_fixed = if labels.is_empty() { is_known(runner) } else { labels.iter().all(is_known) };
    is_fixed.then(|| github_shell(None, runs_on_windows(job)))
}

/// Whether an expression gives what somebody wrote as one text.
fn is_one_text(expression: &str) -> bool {
    let context =
        expression.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or("").trim();
    let is_path = context.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    let head = context.split('.').next().unwrap_or("");
    is_path && ONE_TEXT.contains(&head) && !ANY_TEXT.iter().any(|any| context.starts_with(any))
}

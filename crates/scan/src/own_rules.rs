//! Rules of an organization's own beside those that come with Proofmark.

use crate::configuration::CONFIGURATION;
use proofmark_rules::{MergeError, RuleSet, load_rule_set, load_rules_beside};
use proofmark_source::{Diagnostic, FileId, Impact, Span, Workspace};

/// Loads the rules of a workspace whose root is a folder of rules, on top of `base`. A rule of the same id replaces that of
/// the base. A folder that brings its own frameworks is a rule set of its own, and nothing of the base is kept.
///
/// # Errors
/// Everything that is wrong with any file.
pub fn load_own_rules(workspace: &dyn Workspace, base: &RuleSet) -> Result<RuleSet, Vec<Diagnostic>> {
    if !workspace.files_below("frameworks").is_empty() {
        return load_rule_set(workspace);
    }
    let mut kept = base.clone();
    kept.rules.retain(|rule| workspace.find(&format!("{}.yaml", rule.id)).is_none());
    kept.packs.retain(|pack| workspace.find(&format!("packs/{}.yaml", pack.id.0)).is_none());
    let own = load_rules_beside(workspace, "", &kept)?;
    kept.merge(own).map_err(|error| vec![conflict(&error)])?;
    Ok(kept)
}

/// Loading refuses every name that the base has, so this is never reached by a folder of rules.
fn conflict(error: &MergeError) -> Diagnostic {
    Diagnostic::new(CONFIGURATION, Impact::Unread, Span::file_start(FileId(0)), error.to_string())
}

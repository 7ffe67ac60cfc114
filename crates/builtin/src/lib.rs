//! The rules, frameworks and packs that come with Proofmark.
//!
//! The build script loads and compiles everything under `rules/`, so that a start pays for reading one blob and for no
//! parsing. `rules` in this crate's folder is a link to the one at the root.
//!
//! Deliberately absent: rules of a repository's own (`rules::load_rule_set`).
//!
//! Start at [`rule_set`].

use proofmark_rules::RuleSet;
use std::sync::{Arc, OnceLock};

static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// The rules that come with Proofmark; decoded at the first call.
#[must_use]
pub fn rule_set() -> Arc<RuleSet> {
    static RULES: OnceLock<Arc<RuleSet>> = OnceLock::new();
    Arc::clone(RULES.get_or_init(|| Arc::new(decode_rule_set())))
}

/// The same, decoded anew: for those who measure it.
#[must_use]
pub fn decode_rule_set() -> RuleSet {
    let decoded = RuleSet::from_bytes(BLOB);
    debug_assert!(decoded.is_ok(), "the build script wrote what this cannot read");
    decoded.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blob_holds_every_rule_file() {
        let rules = decode_rule_set();
        assert!(!rules.rules.is_empty() && !rules.frameworks.is_empty() && !rules.packs.is_empty());
        assert_eq!(rules.digest.len(), 64);
    }
}

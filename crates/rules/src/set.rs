//! A rule set: lookup by name, merging, and its compact form.

use crate::load::hexadecimal;
use crate::nearest::nearest;
use crate::{Pack, Rule, RuleId, RuleSet};
use proofmark_frameworks::FrameworkId;
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

/// Why two rule sets cannot become one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// Both have a rule of that name.
    #[error("rule `{0}` exists in both rule sets")]
    Rule(RuleId),
    /// Both have a pack or framework of that name.
    #[error("`{0}` exists in both rule sets")]
    Catalog(SmolStr),
}

/// The compact form could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the compiled rules cannot be converted")]
pub struct EncodingError(#[from] postcard::Error);

impl RuleSet {
    /// The rule with that id.
    #[must_use]
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        let index = self.rules.binary_search_by(|rule| rule.id.cmp(id)).ok()?;
        self.rules.get(index)
    }

    /// The rules that `name` leads to, by their places in [`RuleSet::rules`]: one for an id, any number for an alias.
    /// The case of an alias does not count.
    #[must_use]
    pub fn find(&self, name: &str) -> Vec<usize> {
        if let Ok(index) = self.rules.binary_search_by(|rule| rule.id.0.as_str().cmp(name)) {
            return vec![index];
        }
        let has_alias = |rule: &Rule| rule.aliases.iter().any(|alias| alias.id.eq_ignore_ascii_case(name));
        self.rules.iter().enumerate().filter(|(_, rule)| has_alias(rule)).map(|(index, _)| index).collect()
    }

    /// The pack with that id.
    #[must_use]
    pub fn pack(&self, id: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.id.0 == id)
    }

    /// The rule id or alias that is nearest to `name`.
    #[must_use]
    pub fn nearest_rule(&self, name: &str) -> Option<&str> {
        let ids = self.rules.iter().map(|rule| rule.id.0.as_str());
        let aliases = self.rules.iter().flat_map(|rule| rule.aliases.iter().map(|alias| alias.id.as_str()));
        // A newcomer may leave the area away.
        let by_last_part =
            self.rules.iter().map(|rule| rule.id.0.as_str()).find(|id| id.ends_with(&format!("/{name}")));
        by_last_part.or_else(|| nearest(name, ids.chain(aliases)))
    }

    /// The pack that is nearest to `name`.
    #[must_use]
    pub fn nearest_pack(&self, name: &str) -> Option<&str> {
        nearest(name, self.packs.iter().map(|pack| pack.id.0.as_str()).chain([crate::plan::ALL_PACKS]))
    }

    /// Adds rules, packs and frameworks of a repository's own.
    ///
    /// # Errors
    /// Refuses names that exist on both sides; nothing is added then.
    pub fn merge(&mut self, other: RuleSet) -> Result<(), MergeError> {
        if let Some(rule) = other.rules.iter().find(|rule| self.rule(&rule.id).is_some()) {
            return Err(MergeError::Rule(RuleId::clone(&rule.id)));
        }
        if let Some(pack) = other.packs.iter().find(|pack| self.pack(&pack.id.0).is_some()) {
            return Err(MergeError::Catalog(SmolStr::clone(&pack.id.0)));
        }
        let is_known = |id: &FrameworkId| self.frameworks.iter().any(|framework| framework.id == *id);
        if let Some(framework) = other.frameworks.iter().find(|framework| is_known(&framework.id)) {
            return Err(MergeError::Catalog(SmolStr::clone(&framework.id.0)));
        }
        self.rules.extend(other.rules);
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
        self.packs.extend(other.packs);
        self.packs.sort_by(|a, b| a.id.cmp(&b.id));
        self.framework_params.extend(other.framework_params);
        self.frameworks.extend(other.frameworks);
        self.frameworks.sort_by(|a, b| a.id.cmp(&b.id));
        let mut digest = Sha256::new();
        digest.update(self.digest.as_bytes());
        digest.update(other.digest.as_bytes());
        self.digest = hexadecimal(&digest.finalize());
        Ok(())
    }

    /// The compact form that the program carries.
    ///
    /// # Errors
    /// Only where memory does not suffice.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EncodingError> {
        Ok(postcard::to_stdvec(self)?)
    }

    /// Reads what [`RuleSet::to_bytes`] of the same version wrote.
    ///
    /// # Errors
    /// Refuses everything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EncodingError> {
        Ok(postcard::from_bytes(bytes)?)
    }
}

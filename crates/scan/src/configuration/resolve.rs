//! From the names in a configuration to rules.

use super::{CONFIGURATION, Configuration, Named, ParamsByRule, RuleParams};
use proofmark_rules::nearest;
use proofmark_rules::{Rule, RuleId, RuleSet};
use proofmark_source::{Diagnostic, Impact};

/// The names of a configuration as the rules that they mean.
#[derive(Clone, Debug, Default)]
pub struct ResolvedRules {
    /// Rules in addition to those of the packs.
    pub enable: Vec<RuleId>,
    /// Rules that are not evaluated, sorted.
    pub disable: Vec<RuleId>,
    /// Values of parameters for all environments.
    pub params: ParamsByRule,
    /// Values of parameters by environment, in the order of the configuration; those for all environments included.
    pub environment_params: Vec<ParamsByRule>,
}

/// Finds every rule and pack that a configuration names.
///
/// # Errors
/// A located complaint about each name that nothing has, with the nearest that exists.
pub fn resolve_rules(
    configuration: &Configuration,
    rule_set: &RuleSet,
) -> Result<ResolvedRules, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    for pack in configuration.packs.iter().flatten() {
        let known = || rule_set.packs.iter().map(|known| known.id.0.as_str()).chain(["all"]);
        if !known().any(|known| known == pack.name) {
            problems.push(unknown("pack", pack, nearest(&pack.name, known())));
        }
    }
    let mut find = |named: &Named| match find_rule(rule_set, &named.name) {
        Some(rule) => Some(RuleId::clone(&rule.id)),
        None => {
            problems.push(unknown("rule", named, nearest_rule(rule_set, &named.name)));
            None
        }
    };
    for rule in configuration.waiver_rules.iter().filter(|rule| rule.name != "*") {
        find(rule);
    }
    let enable = configuration.enable.iter().filter_map(&mut find).collect();
    let mut disable: Vec<RuleId> = configuration.disable.iter().filter_map(&mut find).collect();
    disable.sort();
    let params = by_rule(&configuration.params, ParamsByRule::new(), &mut find);
    let environment_params = configuration
        .environments
        .iter()
        .map(|environment| by_rule(&environment.params, params.clone(), &mut find))
        .collect();
    if problems.is_empty() {
        return Ok(ResolvedRules { enable, disable, params, environment_params });
    }
    problems.sort_by_key(|problem| problem.span);
    Err(problems)
}

/// The rule of that id or alias.
#[must_use]
pub fn find_rule<'r>(rule_set: &'r RuleSet, name: &str) -> Option<&'r Rule> {
    let has_alias = |rule: &&Rule| rule.aliases.iter().any(|alias| alias.id == name);
    match rule_set.rules.binary_search_by(|rule| rule.id.0.as_str().cmp(name)) {
        Ok(index) => rule_set.rules.get(index),
        Err(_) => rule_set.rules.iter().find(has_alias),
    }
}

/// The id or alias that is spelled most like `name`.
#[must_use]
pub fn nearest_rule<'r>(rule_set: &'r RuleSet, name: &str) -> Option<&'r str> {
    let ids = rule_set.rules.iter().map(|rule| rule.id.0.as_str());
    let aliases = rule_set.rules.iter().flat_map(|rule| &rule.aliases).map(|alias| alias.id.as_str());
    nearest(name, ids.chain(aliases))
}

fn by_rule(
    params: &[RuleParams],
    mut known: ParamsByRule,
    find: &mut impl FnMut(&Named) -> Option<RuleId>,
) -> ParamsByRule {
    for RuleParams { rule, values } in params {
        if let Some(id) = find(rule) {
            let values = values.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            known.entry(id).or_default().extend(values);
        }
    }
    known
}

fn unknown(what: &str, named: &Named, nearest: Option<&str>) -> Diagnostic {
    let message = format!("unknown {what} `{}`", named.name);
    let help = nearest.map(|near| format!("did you mean `{near}`?"));
    Diagnostic { help, ..Diagnostic::new(CONFIGURATION, Impact::Unread, named.span, message) }
}

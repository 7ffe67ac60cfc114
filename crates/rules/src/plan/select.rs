//! From a selection to what is evaluated.

use super::ALL_PACKS;
use crate::{Alias, Instance, Pack, Params, PlanError, Rule, RuleId, RuleSet, Selection, Stage};
use proofmark_frameworks::ControlId;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

impl RuleSet {
    /// The instances that a selection asks for, sorted by rule id and parameter values.
    ///
    /// A pack turns on the rules that map to any of its controls. Values come from the rule's defaults, then the
    /// framework, then the pack, then the organization; each distinct set of values is an instance of its own, with only
    /// the controls and aliases that it speaks for. An alias that fixes values counts only when it is asked for, or with
    /// the pack `all`, which adds no framework's values. Rules in preview need `all` or their name.
    ///
    /// # Errors
    /// An unknown pack, rule or parameter, with the nearest name; a retired rule that is asked for; a value of the wrong
    /// type.
    pub fn plan(&self, selection: &Selection) -> Result<Vec<Instance>, PlanError> {
        self.check_params(selection)?;
        let request = self.request(selection)?;
        if selection.rules.is_empty() {
            return Ok((0..self.rules.len())
                .flat_map(|index| self.plan_rule(index, None, &request))
                .collect());
        }
        let named = self.named_rules(selection)?.into_iter();
        Ok(named.flat_map(|(index, names)| self.plan_rule(index, Some(&names), &request)).collect())
    }

    fn check_params(&self, selection: &Selection) -> Result<(), PlanError> {
        for (id, values) in &selection.params {
            let Some(rule) = self.rule(id) else { return Err(self.unknown_rule(&id.0)) };
            for (name, value) in values {
                let bad = |problem| {
                    let (rule, param) = (RuleId::clone(id), SmolStr::clone(name));
                    PlanError::BadParam { rule, param, problem }
                };
                match rule.params.get(name) {
                    None => {
                        let near =
                            crate::nearest::did_you_mean(name, rule.params.keys().map(SmolStr::as_str));
                        let near = near.map_or(String::new(), |near| format!("; {near}"));
                        return Err(bad(format!("the rule has no such parameter{near}")));
                    }
                    Some(param) if !value.fits(param.kind) => {
                        return Err(bad(format!("`{value}` is not of type `{}`", param.kind)));
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    fn unknown_rule(&self, name: &str) -> PlanError {
        PlanError::UnknownRule { rule: name.into(), nearest: self.nearest_rule(name).map(SmolStr::new) }
    }

    fn request<'s>(&'s self, selection: &'s Selection) -> Result<Request<'s>, PlanError> {
        let mut request = Request { packs: Vec::new(), is_all: false, organization: &selection.params };
        for name in &selection.packs {
            match self.pack(name) {
                Some(pack) => request.packs.push(pack),
                None if name == ALL_PACKS => request.is_all = true,
                None => {
                    let nearest = self.nearest_pack(name).map(SmolStr::new);
                    return Err(PlanError::UnknownPack { pack: SmolStr::clone(name), nearest });
                }
            }
        }
        Ok(request)
    }

    /// The rules that are asked for by name, with the names under which each was.
    fn named_rules<'s>(&self, selection: &'s Selection) -> Result<BTreeMap<usize, Vec<&'s str>>, PlanError> {
        let mut named: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for name in &selection.rules {
            let found = self.find(name);
            let usable =
                |index: &usize| self.rules.get(*index).is_some_and(|rule| rule.stage != Stage::Retired);
            if !found.iter().any(usable) {
                let retired = found.first().and_then(|index| self.rules.get(*index));
                return Err(match retired {
                    Some(rule) => PlanError::Retired {
                        rule: RuleId::clone(&rule.id),
                        reason: rule.retired.clone().unwrap_or_default(),
                    },
                    None => self.unknown_rule(name),
                });
            }
            for index in found.into_iter().filter(usable) {
                named.entry(index).or_default().push(name);
            }
        }
        Ok(named)
    }

    /// The instances of one rule; `names` are those under which it was asked for, if it was.
    fn plan_rule(&self, index: usize, names: Option<&[&str]>, request: &Request<'_>) -> Vec<Instance> {
        let Some(rule) = self.rules.get(index) else { return Vec::new() };
        let is_on = match rule.stage {
            Stage::Retired => false,
            Stage::Preview => request.is_all || names.is_some(),
            Stage::Stable => true,
        };
        if !is_on {
            return Vec::new();
        }
        let mut sets = ValueSets { rule, request, sets: BTreeMap::new() };
        match names {
            Some(names) => sets.add_named(self, names),
            None => sets.add_packs(self),
        }
        sets.finish(index)
    }
}

/// What the user asked for, resolved.
struct Request<'s> {
    packs: Vec<&'s Pack>,
    is_all: bool,
    organization: &'s BTreeMap<RuleId, Params>,
}

/// The distinct sets of values of one rule, by their text, with what each speaks for.
struct ValueSets<'s> {
    rule: &'s Rule,
    request: &'s Request<'s>,
    sets: BTreeMap<String, ValueSet>,
}

#[derive(Default)]
struct ValueSet {
    params: Params,
    controls: BTreeSet<ControlId>,
    aliases: BTreeSet<SmolStr>,
    /// Whether the set is there for aliases that fix values, and for nothing else.
    is_foreign: bool,
}

impl ValueSets<'_> {
    /// The values of the rule itself, changed by `layers` and then by the organization.
    fn values<'p>(&self, layers: impl IntoIterator<Item = &'p Params>) -> Params {
        let mut values = self.defaults();
        for layer in layers {
            self.apply(&mut values, layer);
        }
        if let Some(organization) = self.request.organization.get(&self.rule.id) {
            self.apply(&mut values, organization);
        }
        values
    }

    fn defaults(&self) -> Params {
        let params = self.rule.params.iter();
        params.map(|(name, param)| (SmolStr::clone(name), param.default.clone())).collect()
    }

    fn apply(&self, values: &mut Params, layer: &Params) {
        for (name, value) in layer {
            // Unknown names and wrong types were refused when the layer was loaded.
            let fitting = self.rule.params.get(name).and_then(|param| value.clone().fit(param.kind));
            if let Some(fitting) = fitting {
                values.insert(SmolStr::clone(name), fitting);
            }
        }
    }

    fn set(&mut self, params: Params) -> &mut ValueSet {
        let text: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.sets.entry(text.join(";")).or_insert_with(|| ValueSet {
            params,
            is_foreign: true,
            ..ValueSet::default()
        })
    }

    fn add_packs(&mut self, rule_set: &RuleSet) {
        for pack in &self.request.packs {
            let controls = self.rule.controls.iter().filter(|control| selects(pack, control));
            for control in controls {
                let framework = framework_values(rule_set, control, self.rule);
                let values = self.values(framework.into_iter().chain(pack.params.get(&self.rule.id)));
                let set = self.set(values);
                set.controls.insert(ControlId::clone(control));
                set.is_foreign = false;
            }
        }
        if self.request.is_all {
            self.add_base();
            for alias in self.rule.aliases.iter().filter(|alias| !alias.params.is_empty()) {
                self.add_alias(alias);
            }
        }
    }

    fn add_named(&mut self, rule_set: &RuleSet, names: &[&str]) {
        let fixing = |alias: &&Alias| {
            !alias.params.is_empty() && names.iter().any(|name| alias.id.eq_ignore_ascii_case(name))
        };
        let fixed: Vec<&Alias> = self.rule.aliases.iter().filter(fixing).collect();
        for alias in &fixed {
            self.add_alias(alias);
        }
        let is_fixed = |name: &&&str| fixed.iter().any(|alias| alias.id.eq_ignore_ascii_case(name));
        if names.iter().filter(is_fixed).count() < names.len() {
            self.add_packs(rule_set);
            if self.sets.values().all(|set| set.is_foreign) {
                self.add_base();
            }
        }
    }

    /// The rule with its own values, for all that it maps to.
    fn add_base(&mut self) {
        let values = self.values([]);
        let controls: BTreeSet<ControlId> = self.rule.controls.iter().cloned().collect();
        let set = self.set(values);
        set.controls.extend(controls);
        set.is_foreign = false;
    }

    /// The rule with the values under which it means the same as the other tool: what the organization asks for does
    /// not change that.
    fn add_alias(&mut self, alias: &Alias) {
        let mut values = self.defaults();
        self.apply(&mut values, &alias.params);
        self.set(values).aliases.insert(SmolStr::clone(&alias.id));
    }

    fn finish(mut self, index: usize) -> Vec<Instance> {
        self.attach_plain_aliases();
        let instance = |set: ValueSet| Instance {
            rule: index,
            params: set.params,
            aliases: set.aliases.into_iter().collect(),
            controls: set.controls.into_iter().collect(),
        };
        self.sets.into_values().map(instance).collect()
    }

    /// An alias without values of its own speaks for the rule's own values; where no set has these, for every set.
    fn attach_plain_aliases(&mut self) {
        let own = self.values([]);
        let has_own = self.sets.values().any(|set| set.params == own && !set.is_foreign);
        for set in self.sets.values_mut().filter(|set| !set.is_foreign) {
            for alias in &self.rule.aliases {
                let belongs = if alias.params.is_empty() {
                    !has_own || set.params == own
                } else {
                    alias.params.iter().all(|(name, value)| set.params.get(name) == Some(value))
                };
                if belongs {
                    set.aliases.insert(SmolStr::clone(&alias.id));
                }
            }
        }
    }
}

/// Whether a pack names a control, or its framework.
fn selects(pack: &Pack, control: &ControlId) -> bool {
    pack.controls.iter().any(|selected| *selected == control.0 || selected == control.framework())
}

/// The values that a control's framework asks for.
fn framework_values<'s>(rule_set: &'s RuleSet, control: &ControlId, rule: &Rule) -> Option<&'s Params> {
    rule_set.framework_params.get(control.framework())?.get(&rule.id)
}

//! What is evaluated in which environment.

mod ground;
mod inputs;
mod passes;

pub(crate) use ground::{Ground, Root};
pub(crate) use passes::{Pass, Passes};

use crate::configuration::{ParamsByRule, ResolvedRules, resolve_rules};
use crate::settings::VariableArgument;
use crate::{DEFAULT_PACKS, ScanError, Settings};
use proofmark_model::{ReadSettings, SmolStr, Unit};
use proofmark_rules::{Instance, RuleId, Selection};
use proofmark_source::FileId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is evaluated in which environment.
pub(crate) struct Plan {
    /// Everything that is evaluated anywhere, sorted by rule and parameters, each once.
    pub(crate) instances: Vec<Instance>,
    /// The packs that were asked for.
    pub(crate) packs: Vec<SmolStr>,
    pub(crate) passes: Passes,
    pub(crate) as_of: SmolStr,
    changed_on: Arc<BTreeMap<FileId, SmolStr>>,
}

impl Plan {
    /// Decides what is evaluated.
    ///
    /// # Errors
    /// When the settings name what nobody knows.
    pub(crate) fn new(ground: &Ground<'_>) -> Result<Self, ScanError> {
        let settings = ground.settings;
        let resolved =
            resolve_rules(&settings.configuration, &settings.rule_set).map_err(ScanError::Configuration)?;
        let packs = packs_of(settings);
        let mut passes = Passes::new(ground)?;
        check_arguments(ground, &ground.roots(|_| true))?;
        let mut selected = Vec::with_capacity(passes.list.len());
        for pass in &passes.list {
            let params = pass.number.and_then(|number| resolved.environment_params.get(number));
            selected.push(select(settings, &packs, &resolved, params.unwrap_or(&resolved.params))?);
        }
        let instances = number_instances(&mut passes.list, &selected);
        let as_of = SmolStr::clone(&settings.as_of);
        Ok(Self { instances, packs, passes, as_of, changed_on: Arc::clone(&settings.changed_on) })
    }

    /// How a unit is read in a pass.
    pub(crate) fn read_settings(&self, pass: usize, unit: &Unit) -> ReadSettings {
        let pass = self.passes.list.get(pass);
        ReadSettings {
            inputs: pass.map(|pass| pass.inputs_of(&unit.path)).unwrap_or_default(),
            workspace: pass.and_then(|pass| pass.workspace.clone()),
            as_of: SmolStr::clone(&self.as_of),
            changed_on: Arc::clone(&self.changed_on),
        }
    }
}

/// Everything that any pass evaluates, once. Tells each pass which of it is its own.
fn number_instances(passes: &mut [Pass], selected: &[Vec<Instance>]) -> Vec<Instance> {
    let mut instances: Vec<Instance> = selected.iter().flatten().cloned().collect();
    if passes.len() > 1 {
        instances.sort_by_cached_key(sort_key);
        instances.dedup();
    }
    for (pass, own) in passes.iter_mut().zip(selected) {
        pass.evaluates = match own.len() == instances.len() {
            true => vec![true; instances.len()],
            // Both are sorted alike, and few instances share a rule.
            false => instances.iter().map(|instance| is_among(own, instance)).collect(),
        };
    }
    instances
}

/// Refuses variables of the command line that no root module declares, as Terraform does.
pub(crate) fn check_arguments(ground: &Ground<'_>, roots: &[Root<'_>]) -> Result<(), ScanError> {
    for argument in &ground.settings.inputs {
        let VariableArgument::Variable { name, .. } = argument else { continue };
        if let Some(nearest) = ground.undeclared(name, roots) {
            return Err(ScanError::UndeclaredVariable { name: SmolStr::clone(name), nearest });
        }
    }
    Ok(())
}

fn is_among(own: &[Instance], instance: &Instance) -> bool {
    let start = own.partition_point(|known| known.rule < instance.rule);
    own.iter().skip(start).take_while(|known| known.rule == instance.rule).any(|known| known == instance)
}

fn sort_key(instance: &Instance) -> (usize, String) {
    (instance.rule, format!("{:?}", instance.params))
}

fn packs_of(settings: &Settings) -> Vec<SmolStr> {
    if !settings.packs.is_empty() {
        return settings.packs.to_vec();
    }
    match &settings.configuration.packs {
        Some(packs) => packs.iter().map(|pack| SmolStr::clone(&pack.name)).collect(),
        None => DEFAULT_PACKS.into_iter().map(SmolStr::new_static).collect(),
    }
}

/// The rules that the packs turn on and those turned on one by one, without those turned off. A rule that is asked for by
/// name on this very scan is evaluated whatever the configuration says.
fn select(
    settings: &Settings,
    packs: &[SmolStr],
    resolved: &ResolvedRules,
    params: &ParamsByRule,
) -> Result<Vec<Instance>, ScanError> {
    let mut selection =
        Selection { packs: packs.to_vec(), rules: settings.rules.to_vec(), params: params.clone() };
    let mut instances = settings.rule_set.plan(&selection)?;
    if !settings.rules.is_empty() {
        return Ok(instances);
    }
    if !resolved.enable.is_empty() {
        selection.packs.clear();
        selection.rules = resolved.enable.iter().map(|id| SmolStr::clone(&id.0)).collect();
        instances.extend(settings.rule_set.plan(&selection)?);
        instances.sort_by_cached_key(sort_key);
        instances.dedup();
    }
    let id = |instance: &Instance| settings.rule_set.rules.get(instance.rule).map(|rule| &rule.id);
    let is_off = |id: &RuleId| resolved.disable.binary_search(id).is_ok();
    instances.retain(|instance| !id(instance).is_some_and(is_off));
    Ok(instances)
}

#[cfg(test)]
mod tests;

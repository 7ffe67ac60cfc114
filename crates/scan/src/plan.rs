//! What is evaluated in which environment.

use crate::configuration::{Environment, ParamsByRule, ResolvedRules, resolve_rules};
use crate::{DEFAULT_PACKS, ScanError, Settings};
use proofmark_model::{ReadSettings, SmolStr};
use proofmark_rules::{Instance, RuleId, Selection};

/// What is evaluated in which environment.
pub(crate) struct Plan {
    /// Everything that is evaluated anywhere, sorted by rule and parameters, each once.
    pub(crate) instances: Vec<Instance>,
    /// The packs that were asked for.
    pub(crate) packs: Vec<SmolStr>,
    /// At least one.
    pub(crate) passes: Vec<Pass>,
}

/// One way through the files: an environment, or all there is where none is configured.
pub(crate) struct Pass {
    pub(crate) read: ReadSettings,
    /// What is evaluated in this pass.
    pub(crate) instances: Vec<Instance>,
    /// Their places in [`Plan::instances`].
    pub(crate) numbers: Vec<usize>,
}

impl Plan {
    /// Decides what is evaluated.
    ///
    /// # Errors
    /// When the settings name what nobody knows.
    pub(crate) fn new(settings: &Settings) -> Result<Self, ScanError> {
        let resolved =
            resolve_rules(&settings.configuration, &settings.rule_set).map_err(ScanError::Configuration)?;
        let packs = packs_of(settings);
        let mut passes = Vec::new();
        for read in read_settings(settings) {
            let number = passes.len();
            let params = resolved.environment_params.get(number).unwrap_or(&resolved.params);
            let instances = select(settings, &packs, &resolved, params)?;
            passes.push(Pass { read, instances, numbers: Vec::new() });
        }
        let instances = number_instances(&mut passes);
        Ok(Self { instances, packs, passes })
    }
}

/// Everything that any pass evaluates, once, and each pass with the places of its own.
fn number_instances(passes: &mut [Pass]) -> Vec<Instance> {
    if let [only] = passes {
        only.numbers = (0..only.instances.len()).collect();
        return only.instances.to_vec();
    }
    let mut instances: Vec<Instance> =
        passes.iter().flat_map(|pass| pass.instances.iter().cloned()).collect();
    instances.sort_by_cached_key(sort_key);
    instances.dedup();
    for pass in passes {
        let mut numbers = Vec::with_capacity(pass.instances.len());
        for instance in &pass.instances {
            // Instances are sorted by rule first, and few share one.
            let start = instances.partition_point(|known| known.rule < instance.rule);
            let offset = instances.iter().skip(start).position(|known| known == instance);
            numbers.push(start + offset.unwrap_or(0));
        }
        pass.numbers = numbers;
    }
    instances
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

fn read_settings(settings: &Settings) -> Vec<ReadSettings> {
    let configuration = &settings.configuration;
    match configuration.environments.as_slice() {
        [] => vec![read_settings_in(settings, None)],
        environments => {
            let environments = environments.iter();
            environments.map(|environment| read_settings_in(settings, Some(environment))).collect()
        }
    }
}

fn read_settings_in(settings: &Settings, environment: Option<&Environment>) -> ReadSettings {
    let for_all = settings.configuration.variable_files.as_slice();
    let own = environment.map_or(&[][..], |environment| environment.variable_files.as_slice());
    ReadSettings {
        environment: environment.map(|environment| SmolStr::clone(&environment.name)),
        variable_files: [for_all, own, &settings.variable_files].concat(),
        variables: environment.map(|environment| environment.variables.clone()).unwrap_or_default(),
        as_of: SmolStr::clone(&settings.as_of),
        changed_on: settings.changed_on.clone(),
    }
}

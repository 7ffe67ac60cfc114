//! The first phase: units become models.

use crate::plan::Plan;
use crate::readers::Registered;
use proofmark_findings::{UnitRecord, Waiver, read_inline_waivers};
use proofmark_model::{FileUse, ReadSettings, Resource, SmolStr, Unit, UnitModel};
use proofmark_source::{Code, Diagnostic, Impact, Span, Workspace};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A bug of ours that cost a unit.
pub const INTERNAL: Code = Code("internal");

/// A unit that was read.
pub(crate) struct Read<'u> {
    pub(crate) unit: &'u Unit,
    /// The number of the first unit that is the same thing in another environment; its own where there is none.
    pub(crate) family: usize,
    pub(crate) record: UnitRecord,
    /// At least one.
    pub(crate) readings: Vec<Reading>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) waivers: Vec<Waiver>,
}

/// What a unit is in some of the environments: what is given to it is the same in all of them.
pub(crate) struct Reading {
    /// The passes, by place in the plan.
    pub(crate) passes: Vec<usize>,
    pub(crate) model: UnitModel,
}

impl Read<'_> {
    /// What was read in a pass.
    pub(crate) fn model(&self, pass: usize) -> Option<&UnitModel> {
        let own = self.readings.iter().find(|reading| reading.passes.contains(&pass));
        own.or(self.readings.first()).map(|reading| &reading.model)
    }

    pub(crate) fn models(&self) -> impl Iterator<Item = &UnitModel> {
        self.readings.iter().map(|reading| &reading.model)
    }

    /// The resources of the first reading.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.models().take(1).flat_map(|model| &model.resources)
    }

    /// Notes that a bug of ours cost the unit.
    pub(crate) fn fail(&mut self, problem: &str) {
        let unit = self.unit;
        self.record.is_failed = true;
        self.record.is_complete = false;
        let report = |file| {
            let message =
                format!("a bug in Proofmark stopped `{}` in `{}`: {problem}", unit.reader, unit.path);
            Diagnostic::new(INTERNAL, Impact::Unread, Span::file_start(file), message)
                .with_help("please report it with the smallest input that shows it")
        };
        // The repository as a unit holds every file; one place says it as well.
        self.diagnostics.extend(unit.files.iter().take(1).copied().map(report));
    }
}

/// Reads a unit, once for each of its environments that gives it something else.
pub(crate) fn read_unit<'u>(
    workspace: &dyn Workspace,
    plan: &Plan,
    registered: &Registered,
    unit: &'u Unit,
) -> Read<'u> {
    let passes = plan.passes.about(unit);
    let names = passes.iter().filter_map(|pass| plan.passes.list.get(*pass)?.environment.clone());
    let mut environments: Vec<SmolStr> = names.collect();
    environments.sort();
    let record = UnitRecord {
        reader: unit.reader,
        path: unit.path.to_owned(),
        environments,
        resource_count: 0,
        is_complete: true,
        is_failed: false,
    };
    let mut read =
        Read { unit, family: 0, record, readings: Vec::new(), diagnostics: Vec::new(), waivers: Vec::new() };
    // A panic leaves nothing half changed behind: what it was building is dropped whole.
    let readings = catch_unwind(AssertUnwindSafe(|| {
        let ways = ways_to_read(plan, registered, unit, &passes).into_iter();
        let reading = |(settings, passes)| Reading {
            passes,
            model: registered.reader.read(workspace, unit, &settings),
        };
        ways.map(reading).collect()
    }));
    match readings {
        Ok(readings) => read.readings = readings,
        Err(payload) => {
            let files = unit.files.iter().map(|file| FileUse { file: *file, is_whole: false }).collect();
            read.readings = vec![Reading { passes, model: UnitModel { files, ..UnitModel::default() } }];
            read.fail(&panic_message(payload.as_ref()));
        }
    }
    summarize(workspace, &mut read);
    read
}

/// Each way in which a unit is to be read, with the passes that it is for.
fn ways_to_read(
    plan: &Plan,
    registered: &Registered,
    unit: &Unit,
    passes: &[usize],
) -> Vec<(ReadSettings, Vec<usize>)> {
    let mut ways: Vec<(ReadSettings, Vec<usize>)> = Vec::new();
    for &pass in passes {
        if let (false, Some((_, passes))) = (registered.varies, ways.first_mut()) {
            passes.push(pass);
            continue;
        }
        let settings = plan.read_settings(pass, unit);
        let is_same = |(known, _): &&mut (ReadSettings, Vec<usize>)| {
            known.inputs == settings.inputs && known.workspace == settings.workspace
        };
        match ways.iter_mut().find(is_same) {
            Some((_, passes)) => passes.push(pass),
            None => ways.push((settings, vec![pass])),
        }
    }
    ways
}

/// Gathers what the models say about the unit as a whole.
fn summarize(workspace: &dyn Workspace, read: &mut Read<'_>) {
    let Read { record, readings, diagnostics, waivers, .. } = read;
    // Most blocks are the same in every environment; what stands beside one counts once.
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for Reading { model, .. } in readings.iter() {
        diagnostics.extend(model.diagnostics.iter().cloned());
        let is_new = |resource: &&Resource| !seen.contains(&resource.span);
        for resource in model.resources.iter().filter(is_new) {
            let inline = read_inline_waivers(workspace, resource);
            waivers.extend(inline.waivers);
            diagnostics.extend(inline.diagnostics);
        }
        if readings.len() > 1 {
            seen.extend(model.resources.iter().map(|resource| resource.span));
        }
        record.resource_count = record.resource_count.max(model.resources.len());
    }
    let mut files = readings.iter().flat_map(|reading| &reading.model.files);
    let is_whole = files.all(|used| used.is_whole);
    let has_loss = diagnostics.iter().any(|diagnostic| diagnostic.impact != Impact::None);
    record.is_complete = is_whole && !has_loss && !record.is_failed;
}

/// What a panic said.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

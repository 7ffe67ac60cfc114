//! The first phase: units become models.

use crate::plan::Plan;
use crate::readers::Registered;
use proofmark_findings::{UnitRecord, Waiver, read_inline_waivers};
use proofmark_model::{FileUse, Resource, Unit, UnitModel};
use proofmark_source::{Code, Diagnostic, Impact, Span, Workspace};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A bug of ours that cost a unit.
pub const INTERNAL: Code = Code("internal");

/// A unit that was read.
pub(crate) struct Read<'u> {
    pub(crate) unit: &'u Unit,
    pub(crate) record: UnitRecord,
    /// What was read: once for each pass, or once for all where the reader does not vary.
    pub(crate) models: Vec<UnitModel>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) waivers: Vec<Waiver>,
}

impl Read<'_> {
    /// What was read in a pass.
    pub(crate) fn model(&self, pass: usize) -> Option<&UnitModel> {
        self.models.get(pass).or(self.models.first())
    }

    /// The resources of the first pass.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.models.first().into_iter().flat_map(|model| &model.resources)
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

/// Reads a unit in every pass.
pub(crate) fn read_unit<'u>(
    workspace: &dyn Workspace,
    plan: &Plan,
    registered: &Registered,
    unit: &'u Unit,
) -> Read<'u> {
    let record = UnitRecord {
        reader: unit.reader,
        path: unit.path.to_owned(),
        resource_count: 0,
        is_complete: true,
        is_failed: false,
    };
    let mut read = Read { unit, record, models: Vec::new(), diagnostics: Vec::new(), waivers: Vec::new() };
    let passes = if registered.varies { plan.passes.len() } else { 1 };
    // A panic leaves nothing half changed behind: what it was building is dropped whole.
    let models = catch_unwind(AssertUnwindSafe(|| {
        let passes = plan.passes.iter().take(passes);
        passes.map(|pass| registered.reader.read(workspace, unit, &pass.read)).collect()
    }));
    match models {
        Ok(models) => read.models = models,
        Err(payload) => {
            let files = unit.files.iter().map(|file| FileUse { file: *file, is_whole: false }).collect();
            read.models = vec![UnitModel { files, ..UnitModel::default() }];
            read.fail(&panic_message(payload.as_ref()));
        }
    }
    summarize(workspace, &mut read);
    read
}

/// Gathers what the models say about the unit as a whole.
fn summarize(workspace: &dyn Workspace, read: &mut Read<'_>) {
    for model in &read.models {
        read.diagnostics.extend(model.diagnostics.iter().cloned());
    }
    for resource in read.models.first().into_iter().flat_map(|model| &model.resources) {
        let inline = read_inline_waivers(workspace, resource);
        read.waivers.extend(inline.waivers);
        read.diagnostics.extend(inline.diagnostics);
    }
    read.record.resource_count = read.models.first().map_or(0, |model| model.resources.len());
    let is_whole = read.models.iter().flat_map(|model| &model.files).all(|used| used.is_whole);
    let has_loss = read.diagnostics.iter().any(|diagnostic| diagnostic.impact != Impact::None);
    read.record.is_complete = is_whole && !has_loss && !read.record.is_failed;
}

/// What a panic said.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

//! The ledger: what became of every file.

use crate::pipeline::{Read, Scan};
use proofmark_findings::{FileRecord, FileState, ScanResult, sha256_hex};
use proofmark_source::{Code, Diagnostic, FileId, Impact, LoadError, Span, Workspace};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A file that no reader could look into.
pub const FILE_UNREADABLE: Code = Code("file-unreadable");

/// Who leaves out what only environments are about that nobody asked for.
const LEFT_OUT_BY: &str = "--environment";

/// What the Terraform reader takes variable files for.
const VARIABLE_FILE: &str = "terraform variables";

/// Why a variable file is not read that lies beside no root module.
const NOT_GIVEN: &str =
    "no root module is given it: name it under `environments` in `proofmark.yaml`, or with `--var-file`";

/// What the units say about one file.
#[derive(Default)]
struct Use {
    /// Whether a unit opened it.
    is_opened: bool,
    /// Whether every unit that opened it understood all of it.
    is_partial: bool,
    /// Why nothing of it was read.
    unread: Option<String>,
}

/// Accounts for every file in scope: those that were selected, those that were opened for their sake, and what was left
/// out. Adds a diagnostic for each file that cannot be read and that no reader has spoken about.
pub(crate) fn account(
    scan: &Scan<'_>,
    units: &[Read<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FileRecord> {
    let Scan { workspace, settings, inventory, .. } = scan;
    let uses = collect_uses(units, diagnostics);
    let grouped: BTreeSet<FileId> =
        inventory.units.iter().flat_map(|(_, unit)| unit.files.iter().copied()).collect();
    let mut records = Vec::new();
    for (index, entry) in workspace.files().iter().enumerate() {
        let Ok(id) = u32::try_from(index) else { break };
        let file = FileId(id);
        let found = uses.get(&file);
        if !entry.is_selected && found.is_none() {
            continue;
        }
        let classes = inventory.classes.get(index).cloned().unwrap_or_default();
        let is_refused = inventory.refused.get(index).copied().unwrap_or(false);
        // What is no file at all (a refused link, a pipe, a closed folder) has no size, and answers at once.
        let problem = match is_refused || entry.size_bytes == 0 || !classes.is_empty() {
            true => workspace.load(file).err(),
            false => None,
        };
        let state = match found.is_none() && inventory.left_out.contains(&file) {
            true => FileState::Excluded(LEFT_OUT_BY.to_owned()),
            false => state_of(problem, found, &classes, grouped.contains(&file)),
        };
        if let (Some(problem), None) = (problem, found.and_then(|found| found.unread.as_ref())) {
            diagnostics.push(unreadable(file, problem));
        }
        records.push(FileRecord {
            path: entry.path.to_string(),
            file: Some(file),
            size_bytes: entry.size_bytes,
            sha256: None,
            classes,
            state,
        });
    }
    records.extend(settings.excluded.iter().map(|(path, by)| left_out(path, by)));
    records.sort_by(|a, b| a.path.cmp(&b.path));
    records
}

/// Adds the SHA-256 of every file that was looked at, for evidence.
pub fn hash_files(result: &mut ScanResult, workspace: &dyn Workspace) {
    result.files.par_iter_mut().for_each(|record| {
        let bytes = record.file.and_then(|file| workspace.load_bytes(file));
        record.sha256 = bytes.map(|bytes| sha256_hex(&bytes));
    });
}

fn collect_uses(units: &[Read<'_>], diagnostics: &[Diagnostic]) -> BTreeMap<FileId, Use> {
    let mut uses: BTreeMap<FileId, Use> = BTreeMap::new();
    for used in units.iter().flat_map(Read::models).flat_map(|model| &model.files) {
        let entry = uses.entry(used.file).or_default();
        entry.is_opened = true;
        entry.is_partial |= !used.is_whole;
    }
    for diagnostic in diagnostics {
        let entry = uses.entry(diagnostic.span.file).or_default();
        match diagnostic.impact {
            Impact::None => {}
            Impact::Partial => entry.is_partial = true,
            Impact::Unread => entry.unread = Some(diagnostic.message.to_owned()),
        }
    }
    uses
}

fn state_of(
    problem: Option<&LoadError>,
    found: Option<&Use>,
    classes: &[&str],
    is_grouped: bool,
) -> FileState {
    if let Some(problem) = problem {
        return FileState::NotRead(problem.to_string());
    }
    match found {
        Some(Use { unread: Some(reason), .. }) => FileState::NotRead(reason.to_owned()),
        Some(Use { is_partial: true, .. }) => FileState::PartlyRead,
        Some(Use { is_opened: true, .. }) => FileState::Read,
        _ if classes.is_empty() => FileState::Unrecognized,
        _ if is_grouped => FileState::NotRead("no unit uses it".to_owned()),
        _ if classes.contains(&VARIABLE_FILE) => FileState::NotRead(NOT_GIVEN.to_owned()),
        _ => FileState::NotRead("it belongs to no unit".to_owned()),
    }
}

fn unreadable(file: FileId, problem: &LoadError) -> Diagnostic {
    Diagnostic::new(FILE_UNREADABLE, Impact::Unread, Span::file_start(file), problem.to_string())
}

fn left_out(path: &str, by: &str) -> FileRecord {
    FileRecord {
        path: path.to_owned(),
        file: None,
        size_bytes: 0,
        sha256: None,
        classes: Vec::new(),
        state: FileState::Excluded(by.to_owned()),
    }
}

//! GitLab pipelines.
//!
//! Follows GitLab's "CI/CD YAML syntax reference" and the pages around it. A configuration is put together in GitLab's own
//! order: inputs are filled in file by file, included files are merged below the file that includes them, `extends` merges
//! bases, `!reference` is replaced by its target, jobs take `default` and `variables` from the top, and a matrix becomes
//! one job for each combination. Every value keeps the way that it came.
//!
//! What stands outside the repository (`remote`, `project`, `template`, `component`) is not known: jobs that it may define
//! are one unknown element of the pipeline's `jobs`, keywords of `default` that it may set are unknown in jobs without them.
//! A job that has a `script` of its own is taken for whole all the same: nearly nobody spreads one over two projects.
//!
//! Start at [`draft`], then `pipeline`.

mod check;
mod codes;
mod defaults;
mod draft;
mod extends;
mod glob;
mod images;
mod include;
mod inputs;
mod interpolation;
mod job;
mod keywords;
mod matrix;
mod pipeline;
mod reference;
mod rules;
mod scripts;
mod secrets;
mod source;
mod statement;
#[cfg(test)]
mod tests;
mod tree;

use draft::gather;
use proofmark_model::UnitModel;
use proofmark_source::{FileId, Workspace};
use source::Sources;

/// Reads the pipeline that begins in `file`, with all that it includes and starts.
pub fn read_pipeline(workspace: &dyn Workspace, file: FileId, model: &mut UnitModel) {
    let mut sources = Sources::new(workspace, file);
    let drafts = gather(&mut sources, file, is_main(workspace.path(file)));
    for draft in &drafts {
        check::check(&mut sources, draft);
        model.resources.extend(pipeline::resources(&mut sources, draft));
    }
    let (files, diagnostics) = sources.finish();
    model.files.extend(files);
    model.diagnostics.extend(diagnostics);
}

/// The files that the pipeline in `file` is read from, itself among them, in order.
pub fn reached_files(workspace: &dyn Workspace, file: FileId) -> Vec<FileId> {
    // Most pipelines are one file: a look at the text spares reading it twice.
    if !workspace.load(file).is_ok_and(|text| text.contains("include")) {
        return vec![file];
    }
    let mut sources = Sources::new(workspace, file);
    gather(&mut sources, file, is_main(workspace.path(file)));
    sources.files().collect()
}

/// Whether a file is named as GitLab looks for the main one.
pub fn is_main(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, ".gitlab-ci.yml" | ".gitlab-ci.yaml")
}

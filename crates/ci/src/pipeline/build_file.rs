//! The file that an image is built from.

use super::job::{Job, get, list, text};
use super::task::Tasks;
use super::truth::Truth;
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_source::{Span, join_path};
use smol_str::format_smolstr;

/// What stands for the folder into which the repository is checked out.
const ROOTS: [&str; 4] = ["$CI_PROJECT_DIR", "${CI_PROJECT_DIR}", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}"];

/// What a build says of its file.
pub struct BuildFile<'b> {
    /// The file that it names, from the folder where it runs.
    pub named: Option<&'b str>,
    /// The folder that it works on.
    pub context: Option<&'b str>,
    /// The folder where it runs.
    pub folder: &'b str,
    /// Names of files that it takes by itself.
    pub defaults: &'static [&'static str],
    /// Where that is written.
    pub place: Span,
}

impl BuildFile<'_> {
    /// Adds `file` and `file_exists`; nothing where the file does not come from the repository.
    pub fn put(&self, tasks: &Tasks<'_>, fields: &mut MapBuilder) {
        let place = self.place;
        // What is empty holds something that only a run knows.
        let is_open = |text: Option<&str>| text == Some("");
        let is_from_elsewhere = self.named == Some("-") || self.context.is_some_and(is_elsewhere);
        if is_from_elsewhere || is_open(self.named) || is_open(self.context) {
            return;
        }
        let paths: Vec<Option<String>> = match self.named {
            Some(named) => vec![self.path(named)],
            None => {
                let context = self.context.unwrap_or(".");
                self.defaults.iter().map(|name| self.path(&format!("{context}/{name}"))).collect()
            }
        };
        let Some(Some(shown)) = paths.first() else { return };
        let exists = paths.iter().flatten().map(|path| tasks.build_file(path)).reduce(|any, one| any | one);
        let reason =
            format_smolstr!("`{shown}` is in no file of the repository; an earlier step may write it");
        fields.set_text("file", shown, place);
        fields.set("file_exists", exists.unwrap_or(Truth::Unknown).value(&reason, place));
    }

    /// A path from the root of the repository; none where only a run knows it.
    fn path(&self, path: &str) -> Option<String> {
        let rooted = ROOTS.iter().find_map(|root| path.strip_prefix(root));
        let (folder, path) = match rooted {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => ("", rest.trim_start_matches('/')),
            _ => (self.folder, path),
        };
        if path.contains('$') { None } else { join_path(folder, path) }
    }
}

/// Whether what is built is no folder: an address, or what comes from another program.
fn is_elsewhere(context: &str) -> bool {
    context == "-" || context.contains("://") || context.starts_with("git@") || context.contains("{{")
}

/// The value of an activity whose file is missing, where its job may bring that itself.
pub fn with_doubt(value: &Value, job: &Job) -> Option<Value> {
    let known = get(value, "file_exists").filter(|known| known.data == Data::Bool(false))?;
    let file = text(value, "file").filter(|file| may_be_brought(job, file))?;
    let reason = format_smolstr!("`{file}` is in no file of the repository; the job may bring it");
    let mut fields = MapBuilder::of(value);
    fields.set("file_exists", Truth::Unknown.value(&reason, known.origin.span));
    let header = value.as_map().and_then(|map| map.header).unwrap_or(value.origin.span);
    Some(fields.finish(value.origin.span, header))
}

/// Whether a job may bring a file itself, so that its absence from the repository says nothing.
fn may_be_brought(job: &Job, file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let writes = list(&job.native, "commands").iter().any(|command| {
        let is_named = text(command, "text").is_some_and(|text| text.contains(name));
        let is_build = job
            .activities
            .iter()
            .any(|activity| activity.does == "image-build" && command.origin.span.contains(activity.place));
        command.as_unknown().is_some() || is_named && !is_build
    });
    let is_checked_out_elsewhere = list(&job.native, "steps").iter().any(|step| {
        let inputs = get(step, "with");
        inputs.is_some_and(|inputs| get(inputs, "repository").is_some() || get(inputs, "path").is_some())
    });
    let downloads = job.activities.iter().any(|activity| activity.does == "artifact-download");
    writes || is_checked_out_elsewhere || downloads || !list(&job.native, "dependencies").is_empty()
}

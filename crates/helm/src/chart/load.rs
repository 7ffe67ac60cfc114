//! From files to charts.

use super::archive::{Allowance, ArchiveProblem, unpack};
use super::ignore::IgnoreRules;
use super::metadata::{Metadata, dependencies};
use super::{Chart, ChartFile};
use crate::limits::{ARCHIVE, CHARTS, MAX_CHART_DEPTH};
use crate::values::{not_a_map, parse_values};
use proofmark_gotemplate::{Origin, Place, Trace};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use proofmark_syntax::{YamlDialect, parse_yaml};
use std::collections::BTreeMap;
use std::rc::Rc;

const BROKEN_ARCHIVE: Code = Code("helm-archive");
const BROKEN_CHART: Code = Code("helm-chart");

/// A file as it was found: its text where it is text.
struct Found {
    path: String,
    text: Rc<str>,
    is_text: bool,
    bytes: Option<Vec<u8>>,
    file: FileId,
    origin: Origin,
}

/// Loads the chart in `folder`; what cannot be read is told in `diagnostics`. `None` where there is no `Chart.yaml`.
///
/// Every file that was opened is added to `used`.
pub fn load_chart(
    workspace: &dyn Workspace,
    folder: &str,
    used: &mut Vec<FileId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Chart> {
    let mut loader = Loader { used, diagnostics, allowance: Allowance::default() };
    let found = loader.folder(workspace, folder);
    loader.chart(found, None, 0)
}

struct Loader<'l> {
    used: &'l mut Vec<FileId>,
    diagnostics: &'l mut Vec<Diagnostic>,
    allowance: Allowance,
}

impl Loader<'_> {
    /// The files below a folder that `.helmignore` leaves.
    fn folder(&mut self, workspace: &dyn Workspace, folder: &str) -> Vec<Found> {
        let join = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let ignore_file = workspace.find(&join(".helmignore"));
        let rules = ignore_file.and_then(|file| workspace.load(file).ok()).unwrap_or("");
        let rules = IgnoreRules::parse(rules);
        let mut found = Vec::new();
        for index in workspace.files_below(folder) {
            let Ok(file) = u32::try_from(index).map(FileId) else { continue };
            let path = workspace.path(file);
            let path = if folder.is_empty() { path } else { path.get(folder.len() + 1..).unwrap_or("") };
            if rules.ignores(path) {
                continue;
            }
            self.used.push(file);
            let is_archive = path.ends_with(".tgz");
            let text = workspace.load(file);
            let is_text = text.is_ok();
            let bytes = if is_archive { workspace.load_bytes(file) } else { None };
            let origin = Origin::File(file);
            let text = Rc::from(text.unwrap_or(""));
            found.push(Found { path: path.to_owned(), text, is_text, bytes, file, origin });
        }
        found
    }

    /// The files of an archive, without the folder that holds them all.
    fn archive(&mut self, found: &Found, place: &Trace) -> Vec<Found> {
        let Some(bytes) = &found.bytes else { return Vec::new() };
        let unpacked = match unpack(bytes, &mut self.allowance) {
            Ok(files) => files,
            Err(problem) => {
                self.tell_archive(found.file, &problem);
                return Vec::new();
            }
        };
        let inner = unpacked.into_iter().map(|(path, bytes)| {
            let is_archive = path.ends_with(".tgz");
            let is_text = std::str::from_utf8(&bytes).is_ok();
            let text = if is_archive { Rc::from("") } else { Rc::from(String::from_utf8_lossy(&bytes)) };
            let origin = Origin::Computed(Trace::clone(place));
            Found { path, text, is_text, bytes: is_archive.then_some(bytes), file: found.file, origin }
        });
        let inner: Vec<Found> = inner.collect();
        if !inner.iter().any(|found| found.path == "Chart.yaml") {
            self.tell_archive(found.file, &ArchiveProblem::Broken("`Chart.yaml` is missing".to_owned()));
        }
        inner
    }

    fn tell_archive(&mut self, archive: FileId, problem: &ArchiveProblem) {
        let (code, message) = match problem {
            ArchiveProblem::Broken(reason) => {
                (BROKEN_ARCHIVE, format!("the chart in this archive cannot be read: {reason}"))
            }
            ArchiveProblem::TooLarge => (ARCHIVE, "this archive unfolds to more than the limit".to_owned()),
            ArchiveProblem::Escapes(path) => {
                (BROKEN_ARCHIVE, format!("`{path}` in this archive leads out of it"))
            }
        };
        self.diagnostics.push(Diagnostic::new(code, Impact::Unread, Span::file_start(archive), message));
    }

    /// A chart from its files. `named_at` is where the parent of an unpacked chart names it.
    fn chart(&mut self, files: Vec<Found>, named_at: Option<&Trace>, depth: usize) -> Option<Chart> {
        let (inner, own): (Vec<Found>, Vec<Found>) =
            files.into_iter().partition(|found| found.path.starts_with("charts/"));
        let chart_file = own.iter().find(|found| found.path == "Chart.yaml")?;
        let metadata = self.metadata(chart_file, &own, named_at);
        let mut chart = Chart {
            file: chart_file.file,
            metadata,
            values: self.values(&own, named_at),
            schema: own
                .iter()
                .find(|found| found.path == "values.schema.json")
                .map(|found| Rc::clone(&found.text)),
            templates: Vec::new(),
            crds: Vec::new(),
            files: Vec::new(),
            dependencies: Vec::new(),
        };
        for found in own {
            let Found { path, text, is_text, origin, .. } = found;
            let file = ChartFile { path, text, is_text, origin };
            match file.path.split_once('/').map_or("", |(folder, _)| folder) {
                "templates" => chart.templates.push(file),
                "crds" => chart.crds.push(file),
                _ if is_metadata(&file.path) => {}
                _ => chart.files.push(file),
            }
        }
        if depth < MAX_CHART_DEPTH {
            self.subcharts(&mut chart, inner, depth);
        } else if !inner.is_empty() {
            let message =
                format!("charts below this one are not read: they lie more than {MAX_CHART_DEPTH} deep");
            let span = Span::file_start(chart.file);
            self.diagnostics.push(Diagnostic::new(CHARTS, Impact::Partial, span, message));
        }
        Some(chart)
    }

    fn metadata(&mut self, found: &Found, own: &[Found], named_at: Option<&Trace>) -> Metadata {
        let parsed = parse_yaml(found.file, &found.text, YamlDialect::Kubernetes);
        let mut metadata =
            parsed.documents.first().map(|document| Metadata::read(&document.root)).unwrap_or_default();
        if named_at.is_none() {
            self.diagnostics.extend(parsed.diagnostics);
            if metadata.name.is_empty() {
                let span = Span::file_start(found.file);
                let message = "this chart has no `name`";
                self.diagnostics.push(Diagnostic::new(BROKEN_CHART, Impact::Partial, span, message));
            }
        }
        // Charts of the first API version list what they need in a file of its own.
        if let Some(old) = own.iter().find(|found| found.path == "requirements.yaml") {
            let parsed = parse_yaml(old.file, &old.text, YamlDialect::Kubernetes);
            let list = parsed.documents.first().and_then(|document| document.root.get("dependencies"));
            metadata.dependencies.extend(list.map(dependencies).unwrap_or_default());
        }
        metadata
    }

    fn values(&mut self, own: &[Found], named_at: Option<&Trace>) -> proofmark_gotemplate::Dict {
        let Some(found) = own.iter().find(|found| found.path == "values.yaml") else {
            return crate::values::empty();
        };
        let (values, parsed) = parse_values(found.file, &found.text);
        self.diagnostics.extend(not_a_map(found.file, &parsed));
        match named_at {
            None => self.diagnostics.extend(parsed.diagnostics),
            // What stands in an archive has no place of its own.
            Some(place) => relocate(&values, place),
        }
        values
    }

    /// The charts below `charts/`: folders and archives. A leading `_` or `.` hides one.
    fn subcharts(&mut self, chart: &mut Chart, files: Vec<Found>, depth: usize) {
        let mut folders: BTreeMap<String, Vec<Found>> = BTreeMap::new();
        let mut archives = Vec::new();
        for found in files {
            let Some(rest) = found.path.strip_prefix("charts/") else { continue };
            match rest.split_once('/') {
                _ if rest.starts_with(['_', '.']) => {}
                Some((folder, path)) => {
                    let (folder, path) = (folder.to_owned(), path.to_owned());
                    folders.entry(folder).or_default().push(Found { path, ..found });
                }
                None if rest.ends_with(".tgz") => archives.push(found),
                None => {}
            }
        }
        for (_, files) in folders {
            let place = files.iter().find_map(|found| match &found.origin {
                Origin::Computed(trace) => Some(Trace::clone(trace)),
                Origin::File(_) => None,
            });
            chart.dependencies.extend(self.chart(files, place.as_ref(), depth + 1));
        }
        for archive in archives {
            let place = Trace::of(Place::Action(named_in(chart, &archive)));
            let files = self.archive(&archive, &place);
            chart.dependencies.extend(self.chart(files, Some(&place), depth + 1));
        }
        chart.dependencies.sort_by(|left, right| left.metadata.name.cmp(&right.metadata.name));
    }
}

/// Where a chart names the one that an archive holds; else the archive.
fn named_in(chart: &Chart, archive: &Found) -> Span {
    let name = archive.path.rsplit('/').next().unwrap_or("");
    let fits = |rest: &str| {
        rest.starts_with('-')
            && rest.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == 'v'))
    };
    let named = chart
        .metadata
        .dependencies
        .iter()
        .find(|dependency| name.strip_prefix(dependency.name.as_str()).is_some_and(fits));
    named.map_or_else(|| Span::file_start(archive.file), |dependency| dependency.span)
}

/// Gives all values of a map, and those inside them, one place.
pub(super) fn relocate(dict: &proofmark_gotemplate::Dict, place: &Trace) {
    for (key, value) in dict.entries() {
        if let Some(inner) = value.as_dict() {
            relocate(inner, place);
        }
        dict.set(key, relocated(value, place));
    }
}

fn relocated(value: proofmark_gotemplate::Value, place: &Trace) -> proofmark_gotemplate::Value {
    use proofmark_gotemplate::{Data, Value};
    let data = match &value.data {
        Data::List(list) => {
            let items = list.items.iter().map(|item| {
                if let Some(inner) = item.as_dict() {
                    relocate(inner, place);
                }
                relocated(Value::clone(item), place)
            });
            Value::list(items.collect()).data
        }
        _ => value.data,
    };
    Value::new(data, Trace::clone(place))
}

/// Files that `.Files` does not show.
fn is_metadata(path: &str) -> bool {
    matches!(
        path,
        "Chart.yaml"
            | "Chart.lock"
            | "values.yaml"
            | "values.schema.json"
            | "requirements.yaml"
            | "requirements.lock"
    )
}

//! Each folder of `fixtures/readers/{github,gitlab}` holds files and, in `expected.txt`, the resources that they must
//! become. Set `UPDATE_EXPECTED=1` to write the files anew, then read the difference.

use crate::CiReader;
use proofmark_model::{Data, ReadSettings, Reader, Resource, Value};
use proofmark_source::{FileId, MemoryWorkspace, Span, Workspace};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[test]
fn fixtures_become_the_expected_resources() {
    for reader in ["github", "gitlab"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/readers").join(reader);
        for case in folders(&root) {
            let workspace = MemoryWorkspace::new(files_below(&case, &case));
            let shows_view = case.file_name().is_some_and(|name| name.to_string_lossy().starts_with("view-"));
            check(&case.join("expected.txt"), &describe(&workspace, shows_view));
        }
    }
}

#[test]
fn odd_files_neither_fail_nor_hide_the_others() {
    let texts = [
        "",
        "[]",
        "on:",
        "jobs: 1",
        "on: [1, {a: b}]\njobs: {a: }",
        "jobs:\n  a:\n    steps: {x: ['${{', '}}']}\n",
        "a: [",
        "on: \"${{\"\n",
    ];
    for text in texts {
        let path = ".github/workflows/a.yml";
        let workspace =
            MemoryWorkspace::new([(path, text), (".gitlab-ci.yml", text), ("action.yml", "runs: 1")]);
        let _ = describe(&workspace, true);
    }
}

#[test]
fn broken_files_are_read_as_far_as_they_go() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/broken");
    for path in folders(&root) {
        #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let names = [".github/workflows/a.yml", ".gitlab-ci.yml", "action.yml", ".github/dependabot.yml"];
        let workspace = MemoryWorkspace::new(names.map(|name| (name, text.as_str())));
        let _ = describe(&workspace, true);
    }
}

/// What the view adds to jobs and pipelines. Only the cases of its own show it.
const VIEW: [&str; 25] = [
    "activities",
    "after",
    "approval",
    "cloud_credentials",
    "container_images",
    "deploys",
    "downloads",
    "environment_name",
    "events",
    "followed_by",
    "gates_before",
    "leads_to",
    "may_fail",
    "named",
    "runtimes",
    "secrets_used",
    "serialized",
    "start",
    "system",
    "tier",
    "timeout_minutes",
    "token_permissions",
    "uploads",
    "variables_set",
    "waits_for",
];

fn describe(workspace: &MemoryWorkspace, shows_view: bool) -> String {
    let reader = CiReader;
    let settings = ReadSettings::default();
    let ids = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = ids.filter(|file| reader.claim(workspace, *file).is_some()).collect();
    let mut text = String::new();
    for unit in reader.units(workspace, &claimed, &settings) {
        writeln!(text, "unit {:?}", unit.path).unwrap();
        let model = reader.read(workspace, &unit, &settings);
        for resource in model.resources.iter().filter(|one| shows_view || one.kind.0 != "pipelines") {
            describe_resource(workspace, resource, shows_view, &mut text);
        }
        for diagnostic in &model.diagnostics {
            let here = (!diagnostic.code.0.starts_with("gitlab")).then_some(diagnostic.span.file);
            let place = at(workspace, diagnostic.span, here);
            writeln!(text, "{} {place} {}", diagnostic.code, diagnostic.message).unwrap();
        }
    }
    text
}

fn describe_resource(workspace: &MemoryWorkspace, resource: &Resource, shows_view: bool, text: &mut String) {
    let (address, kind) = (&resource.address, &resource.kind);
    // The jobs of a GitLab pipeline may stand in several files.
    let shows_ways = kind.0.starts_with("gitlab");
    let span = at(workspace, resource.span, (!shows_ways).then_some(resource.span.file));
    let header = at(workspace, resource.header, Some(resource.span.file));
    writeln!(text, "{address} [{kind}] {span} header {header}").unwrap();
    for comment in &resource.comments {
        writeln!(text, "  # {}", comment.text).unwrap();
    }
    for call in &resource.calls {
        writeln!(text, "  called {}", at(workspace, *call, None)).unwrap();
    }
    let mut dump = Dump { workspace, shows_ways, shows_view, text };
    dump.map(&resource.attributes, resource.span, 1);
}

/// What a level repeats of the one below or above it is left out: the jobs of a workflow, the workflow of a job, and what
/// the steps of a job show again.
const REPEATED: [&str; 5] = ["workflow", "jobs", "expressions", "commands", "actions"];

struct Dump<'d> {
    workspace: &'d MemoryWorkspace,
    /// Whether it tells how values came to where they are used.
    shows_ways: bool,
    shows_view: bool,
    text: &'d mut String,
}

impl Dump<'_> {
    fn map(&mut self, value: &Value, around: Span, depth: usize) {
        let Data::Map(map) = &value.data else { return };
        for entry in map.entries() {
            let name = entry.name.as_str();
            if depth == 1 && name == "jobs" {
                self.unknown_jobs(&entry.value, around);
                continue;
            }
            if depth == 1 && ["commands", "called_commands", "scripts"].contains(&name) {
                self.lines(name, &entry.value, around);
                continue;
            }
            let is_shown = if depth == 1 {
                let is_native = !VIEW.contains(&name) && (name != "id" || !self.shows_ways);
                (is_native || self.shows_view)
                    && (name != "workflow" || around.contains(entry.value.origin.span))
            } else {
                !REPEATED.contains(&name)
            };
            if is_shown {
                write!(self.text, "{:depth$}{name}", "", depth = depth * 2).unwrap();
                self.value(&entry.value, around, depth);
            }
        }
        if let Some(rest) = &map.unknown_rest {
            writeln!(self.text, "{:depth$}… (unknown: {})", "", rest.reason, depth = depth * 2).unwrap();
        }
    }

    /// What commands and lines of scripts are made of is shown where shells are tested; here it counts how they came.
    fn lines(&mut self, name: &str, lines: &Value, around: Span) {
        let lines = lines.as_list().unwrap_or_default();
        writeln!(self.text, "  {name}:{}", if lines.is_empty() { " none" } else { "" }).unwrap();
        for line in lines {
            let text = |key: &str| line.at_path(&[key]).and_then(Value::as_str).unwrap_or("run");
            let is_folded =
                line.at_path(&["is_folded"]).is_some_and(|folded| folded.data == Data::Bool(true));
            write!(self.text, "    - {}{}", text("section"), if is_folded { " folded" } else { "" }).unwrap();
            let shown = line.at_path(&["text"]).unwrap_or(line);
            self.value(&Value { origin: line.origin.clone(), ..shown.clone() }, around, 1);
        }
    }

    /// Jobs are resources of their own, but for those that nobody knows.
    fn unknown_jobs(&mut self, jobs: &Value, around: Span) {
        for job in jobs.as_list().unwrap_or_default().iter().filter(|job| job.as_unknown().is_some()) {
            write!(self.text, "  jobs -").unwrap();
            self.value(job, around, 1);
        }
    }

    fn value(&mut self, value: &Value, around: Span, depth: usize) {
        let span = value.origin.span;
        let mut place = if span == around {
            String::new()
        } else {
            format!(" @{}", at(self.workspace, span, Some(around.file)))
        };
        for step in value.origin.steps().filter(|_| self.shows_ways) {
            write!(place, " <- {} {}", step.kind, at(self.workspace, step.span, Some(around.file))).unwrap();
        }
        match &value.data {
            Data::Map(map) if !map.entries().is_empty() || map.unknown_rest.is_some() => {
                writeln!(self.text, ":{place}").unwrap();
                self.map(value, span, depth + 1);
            }
            Data::List(elements) if elements.iter().any(|element| element.as_map().is_some()) => {
                writeln!(self.text, ":").unwrap();
                for element in elements.iter() {
                    write!(self.text, "{:depth$}-", "", depth = depth * 2 + 2).unwrap();
                    self.value(element, span, depth + 1);
                }
            }
            _ => writeln!(self.text, " = {value}{place}").unwrap(),
        }
    }
}

/// A place in words, with the path of its file where that is another.
fn at(workspace: &MemoryWorkspace, span: Span, here: Option<FileId>) -> String {
    let source = workspace.load(span.file).unwrap_or("");
    let lines = workspace.line_index(span.file);
    let (start, end) = (lines.line_column(span.start, source), lines.line_column(span.end, source));
    let path = if here == Some(span.file) || workspace.files().len() == 1 {
        String::new()
    } else {
        format!("{}:", workspace.path(span.file))
    };
    format!("{path}{}:{}-{}:{}", start.line, start.column, end.line, end.column)
}

fn check(expected: &Path, actual: &str) {
    #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
    if std::env::var("UPDATE_EXPECTED").is_ok() {
        std::fs::write(expected, actual).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
    let wanted = std::fs::read_to_string(expected).unwrap_or_default();
    assert!(wanted == actual, "{} differs; got\n{actual}", expected.display());
}

#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn folders(root: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn files_below(root: &Path, folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for path in folders(folder) {
        if path.is_dir() {
            files.extend(files_below(root, &path));
        } else if !path.ends_with("expected.txt") {
            #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), text));
        }
    }
    files
}

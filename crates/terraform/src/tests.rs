//! Fixtures: each folder of `fixtures/readers/terraform` is a small repository, and its `expected.txt` the resources,
//! outputs and diagnostics that it must become. `UPDATE_EXPECT=1 cargo test -p proofmark-terraform` writes them anew.

mod limits;

use crate::TerraformReader;
use proofmark_model::{ReadSettings, Reader, Resource, UnitModel};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/readers/terraform")
}

#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn files_below(root: &Path, folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(root, &path, into);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            into.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What the units of a workspace become, as text.
fn read(workspace: &MemoryWorkspace, settings: &ReadSettings) -> String {
    let reader = TerraformReader::new();
    let all = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = all.filter(|file| reader.claim(workspace, *file).is_some()).collect();
    let mut text = String::new();
    for unit in reader.units(workspace, &claimed, settings) {
        let model = reader.read(workspace, &unit, settings);
        writeln!(text, "unit `{}`", unit.path).unwrap();
        let shown = model
            .resources
            .iter()
            .filter(|resource| !matches!(resource.kind.0.as_str(), "variable" | "output" | "terraform_file"));
        for resource in shown {
            write_resource(workspace, resource, &mut text);
        }
        for output in &model.outputs {
            writeln!(text, "output {} = {}", output.name, output.value).unwrap();
        }
        for diagnostic in &model.diagnostics {
            let line = workspace.line_index(diagnostic.span.file).line_number(diagnostic.span.start);
            let path = workspace.path(diagnostic.span.file);
            writeln!(text, "{path}:{line}: {} ({})", diagnostic.message, diagnostic.code).unwrap();
        }
    }
    text
}

fn write_resource(workspace: &MemoryWorkspace, resource: &Resource, text: &mut String) {
    let place = |span: proofmark_source::Span| {
        let line = workspace.line_index(span.file).line_number(span.start);
        format!("{}:{line}", workspace.path(span.file))
    };
    write!(text, "{} at {}", resource.address, place(resource.header)).unwrap();
    for call in &resource.calls {
        write!(text, ", called at {}", place(*call)).unwrap();
    }
    text.push('\n');
    let repeats = |name: &str| resource.kind.0 == "module" && name == "passed";
    for entry in resource.attributes.as_map().unwrap().entries().iter().filter(|entry| !repeats(&entry.name))
    {
        write!(text, "  {} = {}", entry.name, entry.value).unwrap();
        for step in entry.value.origin.steps() {
            write!(text, " <- {} {}", step.kind, place(step.span)).unwrap();
        }
        text.push('\n');
    }
    for condition in &resource.conditions {
        writeln!(text, "  if {}{}", condition.scope, condition.text).unwrap();
    }
    if let Some(pod) = &resource.pod {
        writeln!(text, "  pod: {pod}").unwrap();
    }
    for comment in &resource.comments {
        writeln!(text, "  # {}", comment.text).unwrap();
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn every_fixture_becomes_what_it_must() {
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    let mut wrong = Vec::new();
    for folder in folders {
        let mut files = Vec::new();
        files_below(&folder, &folder, &mut files);
        files.retain(|(name, _)| name != "expected.txt");
        let text = read(&MemoryWorkspace::new(files), &ReadSettings::default());
        let expected = folder.join("expected.txt");
        if is_update {
            std::fs::write(&expected, &text).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "these fixtures became something else:\n{}", wrong.join("\n"));
}

/// What the units of these files become.
fn read_all(files: &[(&str, &str)]) -> Vec<UnitModel> {
    let (workspace, settings) = (MemoryWorkspace::new(files.iter().copied()), ReadSettings::default());
    let reader = TerraformReader::new();
    let claimed: Vec<FileId> = (0..files.len()).map(|index| FileId(u32::try_from(index).unwrap())).collect();
    let units = reader.units(&workspace, &claimed, &settings);
    units.iter().map(|unit| reader.read(&workspace, unit, &settings)).collect()
}

fn read_one(text: &str) -> String {
    read(&MemoryWorkspace::new([("main.tf", text)]), &ReadSettings::default())
}

/// A chain of 3,000 things, each written by `link` from its number and that of the one before.
fn chain(first: &str, link: impl Fn(usize, usize) -> String, last: &str) -> String {
    let mut text = String::from(first);
    for index in 1..3000 {
        text.push_str(&link(index, index - 1));
    }
    writeln!(text, "\noutput \"o\" {{\n  value = {last}\n}}").unwrap();
    read_one(&text)
}

#[test]
fn long_chains_reach_the_limit_and_not_the_end_of_the_stack() {
    let locals = chain(
        "locals {\n  v0 = 1\n}\n",
        |index, before| {
            format!("locals {{\n  v{index} = try([for x in [local.v{before}] : \"${{x}}\"][0], 1)\n}}\n")
        },
        "local.v2999",
    );
    let resources = chain(
        "resource \"r\" \"v0\" {\n  a = 1\n}\n",
        |index, before| {
            format!(
                "resource \"r\" \"v{index}\" {{\n  count = 1\n  a = merge({{ b = r.v{before}[0].a }}, {{}})\n}}\n"
            )
        },
        "r.v2999[0].a",
    );
    let counts = chain(
        "resource \"r\" \"v0\" {\n  a = 1\n}\n",
        |index, before| format!("resource \"r\" \"v{index}\" {{\n  count = length(r.v{before})\n}}\n"),
        "r.v2999[0].a",
    );
    let documents = chain(
        "data \"aws_iam_policy_document\" \"v0\" {}\n",
        |index, before| {
            format!(
                "data \"aws_iam_policy_document\" \"v{index}\" {{\n  source_policy_documents = [data.aws_iam_policy_document.v{before}.json]\n}}\n"
            )
        },
        "data.aws_iam_policy_document.v2999.json",
    );
    let nested = chain(
        "resource \"r\" \"v0\" {\n  a = 1\n}\n",
        |index, before| format!("resource \"r\" \"v{index}\" {{\n  a = [r.v{before}.a]\n}}\n"),
        "r.v2999.a",
    );
    assert!(nested.contains("terraform-limit"), "{}", &nested[nested.len().saturating_sub(2000)..]);
    // What is asked for in order of place is never deep: each value is there when the next one wants it.
    for read in [locals, resources, counts, documents] {
        assert!(read.contains("output o = "), "{}", &read[read.len().saturating_sub(2000)..]);
    }
}

#[test]
fn long_chains_of_modules_are_bounded() {
    let mut text = String::new();
    for index in 0..400 {
        let before = if index == 0 { String::from("1") } else { format!("module.m{}.out", index - 1) };
        writeln!(text, "module \"m{index}\" {{\n  source = \"./m\"\n  value = {before}\n}}").unwrap();
    }
    let module = "variable \"value\" {}\noutput \"out\" { value = var.value }\n";
    let read = read(
        &MemoryWorkspace::new([("main.tf", text.as_str()), ("m/main.tf", module)]),
        &ReadSettings::default(),
    );
    assert!(read.contains("module.m399"), "{read}");
}

#[test]
fn nested_brackets_do_not_end_the_program() {
    let deep = format!(
        "locals {{\n  a = {}{}\n}}\noutput \"o\" {{ value = 1 }}\n",
        "[".repeat(1000),
        "]".repeat(1000)
    );
    let read = read_one(&deep);
    assert!(read.contains("hcl-nesting-limit") && read.contains("output o = 1"), "{read}");
}

#[test]
fn doubling_stays_bounded() {
    let mut text = String::from("locals {\n  v0 = [1]\n");
    for index in 1..60 {
        writeln!(text, "  v{index} = concat(local.v{0}, local.v{0})", index - 1).unwrap();
    }
    text.push_str("}\noutput \"o\" { value = length(local.v59) }\n");
    let read = read_one(&text);
    assert!(read.contains("(unknown:"), "{read}");
}

//! Each folder of `fixtures/readers/documents` holds files and, in `expected.txt`, the resources that they must become.
//! Set `UPDATE_EXPECTED=1` to write the files anew, then read the difference.
#![expect(clippy::disallowed_methods, reason = "fixtures lie on the disk")]

use crate::{DocumentReader, RecordReader, RepositoryReader};
use proofmark_model::{ReadSettings, Reader, Resource, Unit};
use proofmark_source::{FileId, MemoryWorkspace, Span, Workspace};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[test]
fn fixtures_become_the_expected_resources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/readers/documents");
    for case in entries(&root).into_iter().filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        collect(&case, &case, &mut files);
        let described = describe(&MemoryWorkspace::new(files));
        let expected = case.join("expected.txt");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &described).unwrap();
        }
        let promised = std::fs::read_to_string(&expected).unwrap_or_default();
        assert!(described == promised, "{}:\n{described}", expected.display());
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for path in entries(folder) {
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.file_name().is_some_and(|name| name != "expected.txt") {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            files.push((relative, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn describe(workspace: &MemoryWorkspace) -> String {
    let mut text = String::new();
    let readers: [&dyn Reader; 3] = [&DocumentReader, &RecordReader, &RepositoryReader];
    for reader in readers {
        let count = u32::try_from(workspace.files().len()).unwrap();
        let ids = (0..count).map(FileId);
        let claimed: Vec<FileId> = ids.filter(|id| reader.claim(workspace, *id).is_some()).collect();
        for unit in reader.units(workspace, &claimed, &ReadSettings::default()) {
            describe_unit(workspace, reader, &unit, &mut text);
        }
    }
    text
}

fn describe_unit(workspace: &MemoryWorkspace, reader: &dyn Reader, unit: &Unit, text: &mut String) {
    let model = reader.read(workspace, unit, &ReadSettings::default());
    writeln!(text, "unit {} {:?}", unit.reader, unit.path).unwrap();
    for resource in &model.resources {
        describe_resource(workspace, resource, text);
    }
    for diagnostic in &model.diagnostics {
        writeln!(text, "{} {} {}", diagnostic.code, at(workspace, diagnostic.span), diagnostic.message)
            .unwrap();
    }
}

fn describe_resource(workspace: &MemoryWorkspace, resource: &Resource, text: &mut String) {
    let (span, header) = (at(workspace, resource.span), at(workspace, resource.header));
    writeln!(text, "{} [{}] {span} header {header}", resource.address, resource.kind).unwrap();
    for comment in &resource.comments {
        writeln!(text, "  # {}", comment.text).unwrap();
    }
    for entry in resource.attributes.as_map().unwrap().entries() {
        let place = at(workspace, entry.value.origin.span);
        writeln!(text, "  {} = {} @{place}", entry.name, entry.value).unwrap();
    }
}

fn at(workspace: &MemoryWorkspace, span: Span) -> String {
    let index = workspace.line_index(span.file);
    let content = workspace.load(span.file).unwrap_or("");
    let (start, end) = (index.line_column(span.start, content), index.line_column(span.end, content));
    format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
}

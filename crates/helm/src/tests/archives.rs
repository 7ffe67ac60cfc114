//! Charts in archives, well and badly made.

use super::{Folder, read};
use std::io::Write as _;

/// An archive of these files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        // Set by hand: the library refuses paths that lead out.
        let name = &mut header.as_old_mut().name;
        name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    zipped(&builder.into_inner().unwrap())
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What a chart becomes that holds an archive and a template of its own.
fn read_with(bytes: Vec<u8>) -> String {
    let texts = [
        ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        ("templates/own.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n"),
    ];
    let texts = texts.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let read = read(&Folder::new(texts.into_iter().chain([("charts/sub-1.0.0.tgz".to_owned(), bytes)])));
    assert!(read.contains("ConfigMap.default.own"), "{read}");
    read
}

const CHART: &[u8] = b"apiVersion: v2\nname: sub\nversion: 1.0.0\n";
const OBJECT: &[u8] = b"apiVersion: v1\nkind: Secret\nmetadata:\n  name: inner\n";

#[test]
fn whole_archives_are_rendered() {
    let read = read_with(archive(&[("sub/Chart.yaml", CHART), ("sub/templates/s.yaml", OBJECT)]));
    assert!(read.contains("Secret.default.inner") && !read.contains("helm-"), "{read}");
}

#[test]
fn paths_that_lead_out_are_refused() {
    for path in ["../../x", "sub/../../x", "/etc/x", "..\\x", "C:/x"] {
        let read = read_with(archive(&[
            ("sub/Chart.yaml", CHART),
            (path, OBJECT),
            ("sub/templates/s.yaml", OBJECT),
        ]));
        assert!(read.contains("leads out of it") && !read.contains("Secret"), "{path}: {read}");
    }
}

#[test]
fn links_lead_nowhere() {
    let mut builder = tar::Builder::new(Vec::new());
    for kind in [tar::EntryType::Symlink, tar::EntryType::Link] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder.append_link(&mut header, "sub/templates/s.yaml", "/etc/passwd").unwrap();
    }
    let read = read_with(zipped(&builder.into_inner().unwrap()));
    assert!(!read.contains("root:"), "{read}");
}

#[test]
fn archives_cut_short_are_told() {
    let whole = archive(&[("sub/Chart.yaml", CHART), ("sub/templates/s.yaml", OBJECT)]);
    for length in [0, 1, 9, 30, whole.len() / 2] {
        let read = read_with(whole.get(..length).unwrap().to_vec());
        assert!(read.contains("cannot be read"), "{length}: {read}");
    }
}

#[test]
fn archives_that_unfold_too_far_are_told() {
    let huge = vec![b' '; 6 << 20];
    let one = read_with(archive(&[("sub/Chart.yaml", CHART), ("sub/x", &huge)]));
    assert!(one.contains("unfolds to more than the limit"), "{one}");
    let piece = huge.get(..5 << 20).unwrap();
    let pieces = [("sub/Chart.yaml", CHART), ("sub/x", piece)].into_iter().chain([("sub/y", piece); 13]);
    let several = read_with(archive(&pieces.collect::<Vec<_>>()));
    assert!(several.contains("unfolds to more than the limit"), "{several}");
    let names: Vec<String> = (0..10_100).map(|index| format!("sub/f{index}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let many = read_with(archive(&files));
    assert!(many.contains("unfolds to more than the limit"), "{many}");
}

#[test]
fn archives_within_archives_share_one_limit() {
    let heavy = vec![b' '; 5 << 20];
    let inner =
        archive(&[("sub/Chart.yaml", CHART), ("sub/x", &heavy), ("sub/y", &heavy), ("sub/z", &heavy)]);
    let names: Vec<String> = (0..6).map(|index| format!("sub/charts/i{index}-1.0.0.tgz")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![("sub/Chart.yaml", CHART)];
    files.extend(names.iter().map(|name| (name.as_str(), inner.as_slice())));
    let read = read_with(archive(&files));
    assert!(read.contains("unfolds to more than the limit"), "{read}");
}

#[test]
fn what_is_no_chart_is_told() {
    let read = read_with(archive(&[("sub/readme.md", b"x")]));
    assert!(read.contains("Chart.yaml"), "{read}");
}

#[test]
fn links_and_devices_are_skipped() {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, kind, content) in [
        ("sub/Chart.yaml", tar::EntryType::Regular, CHART),
        ("sub/templates/s.yaml", tar::EntryType::Regular, OBJECT),
        ("sub/templates/link.yaml", tar::EntryType::Symlink, b"".as_slice()),
        ("sub/templates/hard.yaml", tar::EntryType::Link, b"".as_slice()),
        ("sub/templates/device.yaml", tar::EntryType::Char, b"".as_slice()),
        ("sub/templates/pipe.yaml", tar::EntryType::Fifo, b"".as_slice()),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_link_name("/etc/passwd").unwrap();
        builder.append_data(&mut header, path, content).unwrap();
    }
    let read = read_with(zipped(&builder.into_inner().unwrap()));
    assert!(read.contains("Secret.default.inner") && !read.contains("passwd"), "{read}");
}

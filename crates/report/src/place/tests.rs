use super::*;
use proofmark_source::MemoryWorkspace;

#[test]
fn paths_are_relative_to_what_was_scanned() {
    let workspace = MemoryWorkspace::new([("a/b/main.tf", ""), ("a/x.tf", ""), ("c.tf", "")]);
    let seen = |scanned: &str| {
        let places = Places::new(&workspace, scanned);
        (0..3).map(|file| places.path(FileId(file)).into_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(seen(""), "a/b/main.tf a/x.tf c.tf");
    assert_eq!(seen("a/b"), "main.tf ../x.tf ../../c.tf");
    assert_eq!(seen("a/b/main.tf"), "main.tf ../x.tf ../../c.tf");
    assert_eq!(Places::new(&workspace, "").path(FileId(u32::MAX)), ".");
}

#[test]
fn long_lines_are_counted_like_short_ones() {
    let line = "ä𝄞x, ".repeat(5_000);
    let text = format!("first\n{line}\nlast");
    let workspace = MemoryWorkspace::new([("min.js", text.as_str())]);
    let places = Places::new(&workspace, "");
    let index = workspace.line_index(FileId(0));
    for offset in (0..text.len()).step_by(97) {
        let offset = offset as u32;
        assert_eq!(places.line_column(FileId(0), offset), index.line_column(offset, &text), "{offset}");
    }
}

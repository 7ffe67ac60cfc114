use crate::{DiskWorkspace, FILE_SIZE_LIMIT_BYTES, Patterns, Scope, WalkSettings};
use proofmark_source::{LoadError, Workspace};
use std::path::Path;
use tempfile::TempDir;

/// A folder on the disk that holds these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        put(folder.path(), path, bytes);
    }
    folder
}

#[expect(clippy::disallowed_methods, reason = "tests of the door to the disk need a disk")]
fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn open(root: &Path, named: &[&str], settings: &WalkSettings) -> DiskWorkspace {
    let paths: Vec<_> = named.iter().map(|path| root.join(path)).collect();
    DiskWorkspace::open(Scope::find(&paths, Some(root)).unwrap(), settings)
}

fn open_all(root: &Path) -> DiskWorkspace {
    open(root, &[""], &WalkSettings::default())
}

fn paths(workspace: &DiskWorkspace) -> Vec<&str> {
    workspace.files().iter().map(|file| &*file.path).collect()
}

fn excluded(workspace: &DiskWorkspace) -> Vec<String> {
    workspace.excluded().map(|excluded| format!("{} by {}", excluded.path, excluded.by)).collect()
}

fn problem(workspace: &DiskWorkspace, path: &str) -> LoadError {
    workspace.load(workspace.find(path).unwrap()).unwrap_err().clone()
}

#[test]
fn ignore_files_hide_and_are_named_as_the_reason() {
    let folder = folder(&[
        (".gitignore", b"/out\n*.log\n!keep.log\n"),
        ("out/a.yaml", b""),
        ("a.log", b""),
        ("keep.log", b""),
        ("b/.gitignore", b"secret.*\n"),
        ("b/secret.yaml", b""),
        ("b/.hidden", b""),
        (".git/config", b""),
    ]);
    let workspace = open_all(folder.path());
    assert_eq!(paths(&workspace), [".gitignore", "b/.gitignore", "b/.hidden", "keep.log"]);
    assert_eq!(
        excluded(&workspace),
        ["a.log by .gitignore", "b/secret.yaml by b/.gitignore", "out by .gitignore"]
    );
}

#[test]
fn what_is_named_is_seen_whatever_hides_it() {
    let folder = folder(&[
        (".gitignore", b"out\n.terraform\n"),
        ("out/x/a.yaml", b""),
        ("out/b.yaml", b""),
        (".terraform/modules/m/main.tf", b""),
        (".terraform/providers/p", b""),
    ]);
    let workspace = open(folder.path(), &["out/x"], &WalkSettings::default());
    assert_eq!(paths(&workspace), [".gitignore", ".terraform/modules/m/main.tf", "out/x/a.yaml"]);
    let selected: Vec<bool> = workspace.files().iter().map(|file| file.is_selected).collect();
    assert_eq!(selected, [false, false, true]);
}

#[test]
fn own_patterns_narrow_what_is_seen() {
    let folder = folder(&[("a.tf", b""), ("a.md", b""), ("old/b.tf", b""), ("x/gen/c.tf", b"")]);
    let settings = WalkSettings {
        include: Patterns::new(&["*.tf"]).unwrap(),
        exclude: Patterns::new(&["/old", "gen"]).unwrap(),
        configuration: "proofmark.yaml".to_owned(),
        ..WalkSettings::default()
    };
    let workspace = open(folder.path(), &[""], &settings);
    assert_eq!(paths(&workspace), ["a.tf"]);
    assert_eq!(
        excluded(&workspace),
        ["a.md by proofmark.yaml", "old by proofmark.yaml", "x/gen by proofmark.yaml"]
    );
}

#[test]
fn what_is_no_text_says_so() {
    let folder = folder(&[
        ("bom.txt", b"\xef\xbb\xbfa"),
        ("binary", b"a\0b\0\0\x01c"),
        ("utf16", b"\xff\xfea\0"),
        ("utf16-bare", b"a\0b\0c\0"),
        ("latin1", b"ab\xe9"),
    ]);
    let workspace = open_all(folder.path());
    assert_eq!(workspace.load(workspace.find("bom.txt").unwrap()), Ok("a"));
    assert_eq!(problem(&workspace, "binary"), LoadError::Binary);
    assert_eq!(problem(&workspace, "utf16"), LoadError::Utf16);
    assert_eq!(problem(&workspace, "utf16-bare"), LoadError::Utf16);
    assert_eq!(problem(&workspace, "latin1"), LoadError::NotUtf8 { offset: 2 });
}

#[test]
fn a_huge_file_is_not_read() {
    let folder = folder(&[("a.yaml", b"")]);
    let file = std::fs::File::options().write(true).open(folder.path().join("a.yaml")).unwrap();
    file.set_len(FILE_SIZE_LIMIT_BYTES + 1).unwrap();
    let workspace = open_all(folder.path());
    assert!(matches!(problem(&workspace, "a.yaml"), LoadError::TooLarge { .. }));
}

#[test]
fn a_path_outside_the_root_is_refused() {
    let (inside, outside) = (folder(&[("a", b"")]), folder(&[("b", b"")]));
    let error = Scope::find(&[outside.path().join("b")], Some(inside.path())).unwrap_err();
    assert!(error.to_string().contains("is not below the root"), "{error}");
    assert!(Scope::find(&[inside.path().join("missing")], None).is_err());
}

#[test]
fn the_git_root_bounds_a_scan_of_one_of_its_folders() {
    let folder = folder(&[(".git/HEAD", b""), ("a/main.tf", b""), ("modules/m.tf", b"")]);
    let scope = Scope::find(&[folder.path().join("a")], None).unwrap();
    assert_eq!((scope.named.as_slice(), &*scope.scanned_path), (["a".to_owned()].as_slice(), "a"));
    let workspace = DiskWorkspace::open(scope, &WalkSettings::default());
    assert_eq!(paths(&workspace), ["a/main.tf", "modules/m.tf"]);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_inside_the_root_are_followed_under_their_own_path() {
        let folder = folder(&[("shared/a.tf", b"x"), ("prod/b.tf", b"")]);
        symlink("../shared/a.tf", folder.path().join("prod/a.tf")).unwrap();
        symlink("../shared", folder.path().join("prod/all")).unwrap();
        let workspace = open_all(folder.path());
        assert_eq!(paths(&workspace), ["prod/a.tf", "prod/all/a.tf", "prod/b.tf", "shared/a.tf"]);
        assert_eq!(workspace.load(workspace.find("prod/all/a.tf").unwrap()), Ok("x"));
    }

    #[test]
    fn links_out_in_a_circle_and_to_nothing_are_not_read() {
        let (folder, outside) = (folder(&[("a/b/c", b"")]), folder(&[("secret", b"s")]));
        symlink(outside.path().join("secret"), folder.path().join("out")).unwrap();
        symlink(outside.path(), folder.path().join("out-folder")).unwrap();
        symlink("..", folder.path().join("a/b/up")).unwrap();
        symlink("self", folder.path().join("self")).unwrap();
        symlink("missing", folder.path().join("dangling")).unwrap();
        let workspace = open_all(folder.path());
        assert_eq!(paths(&workspace), ["a/b/c", "a/b/up", "dangling", "out", "out-folder", "self"]);
        assert_eq!(problem(&workspace, "a/b/up"), LoadError::Link("in a circle"));
        assert_eq!(problem(&workspace, "self"), LoadError::Link("in a circle"));
        assert_eq!(problem(&workspace, "dangling"), LoadError::Link("nowhere"));
        assert_eq!(problem(&workspace, "out"), LoadError::Link("out of the root"));
        assert_eq!(problem(&workspace, "out-folder"), LoadError::Link("out of the root"));
    }

    #[test]
    fn folders_that_link_to_each_other_end() {
        let folder = folder(&[("a/x", b""), ("b/y", b"")]);
        symlink("../b", folder.path().join("a/b")).unwrap();
        symlink("../a", folder.path().join("b/a")).unwrap();
        let workspace = open_all(folder.path());
        assert!(workspace.files().len() < 20, "{:?}", paths(&workspace));
    }
}

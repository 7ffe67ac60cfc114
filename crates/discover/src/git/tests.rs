use super::without_credentials;
use super::{change_dates, checkout, files_changed_since, repository_name, staged_bytes, staged_files};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.args(identity).args(arguments).current_dir(folder);
    command.env("GIT_COMMITTER_DATE", "2026-01-02T00:00:00Z");
    assert!(command.output().unwrap().status.success(), "git {arguments:?}");
}

#[expect(clippy::disallowed_methods, reason = "tests of the door to the disk need a disk")]
fn put(folder: &Path, path: &str, text: &str) {
    std::fs::write(folder.join(path), text).unwrap();
}

/// A repository with the committed file `a`.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "trunk"]);
    put(folder.path(), "a", "1\n");
    git(folder.path(), &["add", "a"]);
    git(folder.path(), &["commit", "-q", "-m", "first"]);
    folder
}

#[test]
fn a_checkout_has_commit_branch_and_state() {
    let folder = repository();
    git(folder.path(), &["remote", "add", "origin", "https://me:secret@example.com/acme/shop.git"]);
    let clean = checkout(folder.path()).unwrap();
    assert_eq!((clean.branch.as_deref(), clean.is_dirty), (Some("trunk"), false));
    assert_eq!(clean.remote.as_deref(), Some("https://example.com/acme/shop.git"));
    assert_eq!(clean.commit.map(|commit| commit.len()), Some(40));
    put(folder.path(), "a", "2\n");
    assert!(checkout(folder.path()).unwrap().is_dirty);
}

#[test]
fn a_folder_without_git_has_no_answers() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(checkout(folder.path()), None);
    assert_eq!(staged_files(folder.path()), None);
    assert_eq!(change_dates(folder.path()), None);
}

#[test]
fn changed_and_staged_files_are_told_with_their_staged_bytes() {
    let folder = repository();
    put(folder.path(), "b ü", "staged\n");
    git(folder.path(), &["add", "b ü"]);
    put(folder.path(), "b ü", "later\n");
    put(folder.path(), "new", "");
    let staged = staged_files(folder.path()).unwrap();
    assert_eq!(staged, ["b ü"]);
    assert_eq!(staged_bytes(folder.path(), &staged), [("b ü".to_owned(), b"staged\n".to_vec())]);
    assert_eq!(files_changed_since(folder.path(), "HEAD").unwrap(), ["b ü", "new"]);
    assert_eq!(files_changed_since(folder.path(), "--output=x"), None);
    assert_eq!(change_dates(folder.path()).unwrap().get("a").map(String::as_str), Some("2026-01-02"));
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_names_is_run() {
    let folder = repository();
    let run = format!("touch {}", folder.path().join("was-run").display());
    for key in ["filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command"]
    {
        git(folder.path(), &["config", key, &run]);
    }
    for key in
        ["core.fsmonitor", "diff.external", "core.pager", "core.sshCommand", "core.alternateRefsCommand"]
    {
        git(folder.path(), &["config", key, &run]);
    }
    put(folder.path(), ".gitattributes", "* filter=x diff=x\n");
    put(folder.path(), "a", "2\n");
    assert!(checkout(folder.path()).is_some_and(|checkout| checkout.is_dirty));
    assert_eq!(staged_files(folder.path()), Some(Vec::new()));
    assert_eq!(staged_bytes(folder.path(), &["a".to_owned()]), [("a".to_owned(), b"1\n".to_vec())]);
    assert_eq!(files_changed_since(folder.path(), "HEAD").unwrap(), ["a", ".gitattributes"]);
    assert!(change_dates(folder.path()).is_some());
    assert!(!folder.path().join("was-run").exists());
}

#[test]
fn credentials_are_dropped() {
    assert_eq!(
        without_credentials("https://bot:secret@example.com/a/b.git\n"),
        "https://example.com/a/b.git"
    );
    assert_eq!(without_credentials("git@example.com:a/b"), "git@example.com:a/b");
}

#[test]
fn a_repository_is_called_what_its_origin_calls_it() {
    assert_eq!(repository_name("https://example.com/acme/shop.git\n").as_deref(), Some("shop"));
    assert_eq!(repository_name("git@example.com:acme/shop").as_deref(), Some("shop"));
    assert_eq!(repository_name("\n"), None);
}

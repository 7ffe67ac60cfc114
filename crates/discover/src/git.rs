//! What Git knows, asked of the `git` command.
//!
//! Whoever wrote the repository must not decide what runs here. Hooks, the file system monitor, external diff and text
//! conversion commands and pagers are switched off, filters that the repository's own configuration names are emptied,
//! nothing is fetched, and no lock file is taken. Without Git, or outside a repository, every question is answered by
//! `None`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is checked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkout {
    /// The commit, in hexadecimal; `None` before the first one.
    pub commit: Option<String>,
    /// The branch; `None` for a detached head.
    pub branch: Option<String>,
    /// Whether tracked files differ from the commit.
    pub is_dirty: bool,
    /// The last part of the address of `origin`, without `.git`.
    pub name: Option<String>,
    /// The address of `origin`, without any user name or password.
    pub remote: Option<String>,
}

/// What is checked out in `root`.
#[must_use]
pub fn checkout(root: &Path) -> Option<Checkout> {
    let status = run_on_files(root, &["status", "--porcelain=v2", "--branch", "--untracked-files=no"])?;
    let mut checkout = Checkout::default();
    for line in status.lines() {
        match line.strip_prefix("# ").map(|header| header.split_once(' ').unwrap_or((header, ""))) {
            Some(("branch.oid", commit)) if commit != "(initial)" => {
                checkout.commit = Some(commit.to_owned())
            }
            Some(("branch.head", branch)) if branch != "(detached)" => {
                checkout.branch = Some(branch.to_owned())
            }
            Some(_) => {}
            None => checkout.is_dirty = true,
        }
    }
    let origin = run(root, &["config", "--get", "remote.origin.url"]);
    checkout.name = origin.as_deref().and_then(repository_name);
    checkout.remote = origin.as_deref().map(without_credentials).filter(|address| !address.is_empty());
    Some(checkout)
}

/// The files below `root` that are staged and not deleted, relative to it.
#[must_use]
pub fn staged_files(root: &Path) -> Option<Vec<String>> {
    run(root, &["diff", "--cached", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--relative"])
        .map(|output| split_names(&output))
}

/// The bytes that are staged for those of `paths` (relative to `root`) whose file is another by now: what a commit would
/// take, where it is not what lies on the disk.
#[must_use]
pub fn staged_bytes(root: &Path, paths: &[String]) -> Vec<(String, Vec<u8>)> {
    let arguments =
        ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative"];
    let changed = run_on_files(root, &arguments).map(|output| split_names(&output)).unwrap_or_default();
    let mut staged = Vec::new();
    for path in changed {
        if paths.contains(&path)
            && let Some(bytes) = run_for_bytes(root, &["cat-file", "blob", &format!(":./{path}")])
        {
            staged.push((path, bytes));
        }
    }
    staged
}

/// The files below `root` that differ from where this branch left `revision`, untracked ones included, relative to the
/// root. `None` also where there is no such revision.
#[must_use]
pub fn files_changed_since(root: &Path, revision: &str) -> Option<Vec<String>> {
    let spelled = format!("{revision}^{{commit}}");
    let commit = run(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &spelled])?;
    let commit = commit.trim();
    // A shallow clone may not reach the common ancestor; the revision itself is then the best there is.
    let base = run(root, &["merge-base", commit, "HEAD"]).unwrap_or_else(|| commit.to_owned());
    let arguments = ["diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--no-ext-diff"];
    let arguments: Vec<&str> = arguments
        .into_iter()
        .chain(["--no-textconv", "--ignore-submodules", "--relative", base.trim()])
        .collect();
    let mut files = split_names(&run_on_files(root, &arguments)?);
    let untracked = run(root, &["ls-files", "--others", "--exclude-standard", "-z"])?;
    files.extend(split_names(&untracked));
    Some(files)
}

/// The day of the last change (`YYYY-MM-DD`, by the committer's clock) of every file below `root` that has one.
#[must_use]
pub fn change_dates(root: &Path) -> Option<BTreeMap<String, String>> {
    let log =
        run(root, &["log", "--no-renames", "--name-only", "--format=format:%x01%cs", "-z", "--relative"])?;
    let mut dates = BTreeMap::new();
    let mut date = String::new();
    for token in log.split('\0') {
        let name = match token.strip_prefix('\u{1}') {
            Some(header) => {
                let (day, first) = header.split_once('\n').unwrap_or((header, ""));
                day.clone_into(&mut date);
                first
            }
            None => token,
        };
        if !name.is_empty() {
            // The log begins with the newest commit, so the first mention is the last change.
            dates.entry(name.to_owned()).or_insert_with(|| date.to_owned());
        }
    }
    Some(dates)
}

/// Runs a command that compares files, with every filter emptied that the repository names: Git would run them to
/// normalize what it compares.
fn run_on_files(root: &Path, arguments: &[&str]) -> Option<String> {
    let filters =
        run(root, &["config", "--name-only", "--get-regexp", r"^filter\..*\.(clean|smudge|process)$"]);
    let mut settings: Vec<String> = Vec::new();
    for key in filters.as_deref().unwrap_or("").lines() {
        let name = key.rsplit_once('.').map_or(key, |(name, _)| name);
        settings.extend([
            "-c".to_owned(),
            format!("{key}="),
            "-c".to_owned(),
            format!("{name}.required=false"),
        ]);
    }
    let arguments: Vec<&str> = settings.iter().map(String::as_str).chain(arguments.iter().copied()).collect();
    run(root, &arguments)
}

fn run(root: &Path, arguments: &[&str]) -> Option<String> {
    run_for_bytes(root, arguments).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn run_for_bytes(root: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false"]);
    command.args(["-c", "core.hooksPath=/dev/null", "-c", "diff.external=", "-c", "core.quotePath=false"]);
    command.args([
        "-c",
        "log.showSignature=false",
        "-c",
        "submodule.recurse=false",
        "-c",
        "protocol.allow=never",
    ]);
    command.args(arguments).current_dir(root);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"]
    {
        command.env_remove(name);
    }
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then_some(output.stdout)
}

fn split_names(output: &str) -> Vec<String> {
    output.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The last part of a remote's address: `https://host/owner/name.git`, `git@host:owner/name`.
fn repository_name(address: &str) -> Option<String> {
    let address = address.trim().trim_end_matches('/');
    let last = address.rsplit(['/', ':']).next().unwrap_or(address);
    let name = last.strip_suffix(".git").unwrap_or(last);
    (!name.is_empty()).then(|| name.to_owned())
}

/// A remote's address without what stands before the `@` of its host.
fn without_credentials(address: &str) -> String {
    let address = address.trim();
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    if path.is_empty() { format!("{scheme}://{host}") } else { format!("{scheme}://{host}/{path}") }
}

#[cfg(test)]
mod tests;

//! What the list of files alone says.

use crate::classify::file_name;
use crate::facts::Facts;
use proofmark_model::{Data, SmolStr, Value};
use proofmark_source::{FileId, Span, Workspace};
use std::collections::{BTreeMap, BTreeSet};

/// Files that fix the versions of dependencies.
const LOCK_FILES: [&str; 19] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lockb",
    "bun.lock",
    "deno.lock",
    "poetry.lock",
    "Pipfile.lock",
    "uv.lock",
    "pdm.lock",
    "pylock.toml",
    "Cargo.lock",
    "go.sum",
    "Gemfile.lock",
    "composer.lock",
    "mix.lock",
    "gradle.lockfile",
    "packages.lock.json",
];

/// Files that declare dependencies.
const MANIFESTS: [&str; 13] = [
    "package.json",
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "Cargo.toml",
    "go.mod",
    "Gemfile",
    "composer.json",
    "mix.exs",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "setup.py",
];

/// Source languages by extension, for rules that speak only where a language is used.
const LANGUAGES: [(&str, &[&str]); 14] = [
    ("typescript", &["ts", "tsx", "mts", "cts"]),
    ("javascript", &["js", "jsx", "mjs", "cjs"]),
    ("python", &["py"]),
    ("go", &["go"]),
    ("rust", &["rs"]),
    ("java", &["java"]),
    ("kotlin", &["kt", "kts"]),
    ("ruby", &["rb"]),
    ("csharp", &["cs"]),
    ("php", &["php"]),
    ("c", &["c", "h", "cc", "cpp", "hpp"]),
    ("swift", &["swift"]),
    ("shell", &["sh", "bash"]),
    ("sql", &["sql"]),
];

/// Adds `files`, `folders`, `lock_files`, `manifests`, `languages`, and the well-known documents.
pub(crate) fn describe_files(workspace: &dyn Workspace, facts: &mut Facts) {
    let mut files = Vec::new();
    let mut folders = BTreeSet::new();
    let mut languages: BTreeMap<&str, i64> = BTreeMap::new();
    for (index, entry) in workspace.files().iter().enumerate() {
        let Ok(id) = u32::try_from(index) else { break };
        files.push(Value::string(&*entry.path, Span::file_start(FileId(id))));
        let folder = proofmark_source::parent_path(&entry.path);
        if !folder.is_empty() {
            folders.insert(folder);
        }
        if let Some(language) = language(&entry.path) {
            *languages.entry(language).or_default() += 1;
        }
    }
    facts.list("lock_files", named(&files, &LOCK_FILES));
    facts.list("manifests", named(&files, &MANIFESTS));
    describe_known(&files, facts);
    let place = crate::repository::place();
    facts.list("folders", folders.into_iter().map(|folder| Value::string(folder, place)).collect());
    let mut counts = Facts::new(place);
    for (language, count) in languages {
        counts.set(language, Value::new(Data::Integer(count), place));
    }
    facts.set("languages", counts.finish(place));
    facts.list("files", files);
}

fn named(files: &[Value], names: &[&str]) -> Vec<Value> {
    let is_named = |value: &&Value| value.as_str().is_some_and(|path| names.contains(&file_name(path)));
    files.iter().filter(is_named).cloned().collect()
}

fn language(path: &str) -> Option<&'static str> {
    let extension = file_name(path).rsplit_once('.')?.1;
    LANGUAGES.iter().find(|(_, extensions)| extensions.contains(&extension)).map(|(language, _)| *language)
}

/// Adds the path of each document that people look for at the root, in `.github` or in `docs`; nothing where it is
/// missing.
fn describe_known(files: &[Value], facts: &mut Facts) {
    let known: [(&str, &[&str]); 6] = [
        ("readme", &["readme"]),
        ("license", &["license", "licence", "copying"]),
        ("security_policy", &["security"]),
        ("changelog", &["changelog", "changes", "history", "release-notes"]),
        ("contributing", &["contributing"]),
        ("code_of_conduct", &["code_of_conduct", "code-of-conduct"]),
    ];
    for (name, stems) in known {
        let found = files.iter().find(|value| value.as_str().is_some_and(|path| is_known(path, stems)));
        if let Some(value) = found {
            facts.set(name, Value::clone(value));
        }
    }
}

fn is_known(path: &str, stems: &[&str]) -> bool {
    let folder = proofmark_source::parent_path(path);
    let extension =
        file_name(path).rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let is_text = matches!(extension.as_str(), "" | "md" | "markdown" | "txt" | "rst" | "adoc");
    matches!(folder, "" | ".github" | ".gitlab" | "docs")
        && is_text
        && stems.contains(&crate::classify::stem(path).as_str())
}

/// The first file at one of these paths.
pub(crate) fn first_of(workspace: &dyn Workspace, paths: &[&str]) -> Option<(FileId, SmolStr)> {
    paths.iter().find_map(|path| workspace.find(path).map(|file| (file, SmolStr::new(path))))
}

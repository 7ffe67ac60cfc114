//! What a document is for, by its path.

use proofmark_source::parent_path;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Markup {
    /// CommonMark with tables and task lists.
    Markdown,
    /// Lines of text.
    Plain,
}

/// Folders whose text files are documents. Elsewhere a `.txt` is as likely a list of packages or a test's input.
const TEXT_FOLDERS: [&str; 9] = [
    "docs",
    "doc",
    "documentation",
    "policies",
    "runbooks",
    "playbooks",
    "compliance",
    "evidence",
    "reports",
];

/// File names without an extension that are documents all the same.
const BARE_NAMES: [&str; 7] =
    ["license", "licence", "readme", "security", "contributing", "changelog", "copying"];

/// How the file is written, if it is a document.
pub(crate) fn markup(path: &str) -> Option<Markup> {
    let name = file_name(path).to_ascii_lowercase();
    match name.rsplit_once('.') {
        Some((_, "md" | "markdown")) => Some(Markup::Markdown),
        Some((_, "rst" | "adoc" | "asciidoc")) => Some(Markup::Plain),
        Some((stem, "txt")) => {
            let is_document =
                BARE_NAMES.contains(&stem) || folders(path).any(|folder| is_one_of(folder, &TEXT_FOLDERS));
            is_document.then_some(Markup::Plain)
        }
        None if BARE_NAMES.contains(&name.as_str()) => Some(Markup::Plain),
        _ => None,
    }
}

/// What the document is for. Folders speak before names, and the innermost folder before the outer ones.
pub(crate) fn class(path: &str) -> &'static str {
    let name = stem(path);
    for folder in folders(path).collect::<Vec<_>>().into_iter().rev() {
        if let Some(class) = class_of_folder(&folder.to_ascii_lowercase()) {
            return class;
        }
    }
    class_of_name(&name).unwrap_or("other")
}

/// Whether the document is a pattern to be filled in.
pub(crate) fn is_template(path: &str) -> bool {
    let in_folder =
        folders(path).any(|folder| is_one_of(folder, &["templates", "template", "issue_template"]));
    in_folder || stem(path).contains("template") || stem(path).contains("example")
}

fn class_of_folder(folder: &str) -> Option<&'static str> {
    Some(match folder {
        "runbooks" | "runbook" | "playbooks" | "playbook" => "runbook",
        "adr" | "adrs" | "decisions" | "architecture-decisions" => "adr",
        "policies" | "policy" => "policy",
        "postmortems" | "postmortem" | "post-mortems" | "post-mortem" => "postmortem",
        "evidence" | "attestations" => "record",
        _ => return None,
    })
}

fn class_of_name(name: &str) -> Option<&'static str> {
    let words: Vec<&str> =
        name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    Some(match name {
        "readme" => "readme",
        "license" | "licence" | "copying" => "license",
        "security" => "security",
        "contributing" => "contributing",
        "changelog" | "changes" | "history" => "changelog",
        _ if has("runbook") || has("playbook") => "runbook",
        _ if has("postmortem") || name.contains("post-mortem") || name.contains("post_mortem") => {
            "postmortem"
        }
        _ if words.first() == Some(&"adr") => "adr",
        _ if has("checklist") => "checklist",
        _ if has("policy") => "policy",
        _ if has("plan") => "plan",
        _ => return None,
    })
}

/// The file's name without its extension, in lower case.
pub(crate) fn stem(path: &str) -> String {
    let name = file_name(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase()
}

/// The last part of the path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folders on the way to the file, outermost first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    parent_path(path).split('/').filter(|folder| !folder.is_empty())
}

fn is_one_of(folder: &str, names: &[&str]) -> bool {
    names.iter().any(|name| folder.eq_ignore_ascii_case(name))
}

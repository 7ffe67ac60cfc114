//! What is fetched, and whether it is executed.

use crate::Command;
use crate::effects::address_in;
use crate::facts::{Feed, Field, IgnoredBy, Nesting, OnFailure};
use crate::invocation::{base_name, is_interpreter, text_of};
use std::collections::BTreeMap;

/// What a command fetches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Download {
    /// The file that it writes, if it writes one.
    pub file: Option<String>,
    /// What executes it, and how it gets there.
    pub execution: Option<Execution>,
    /// Whether a checksum or a signature is checked before that, or anywhere behind if nothing executes it.
    pub is_checked: bool,
}

/// How something that was fetched is executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// `pipe`, `substitution` or `file`.
    pub how: &'static str,
    /// The program that executes it; `chmod` where it is only made executable.
    pub by: String,
}

/// Programs that compute checksums.
const CHECKSUMS: [&str; 8] =
    ["sha256sum", "sha512sum", "sha384sum", "sha1sum", "md5sum", "shasum", "b2sum", "Get-FileHash"];

/// How many commands behind a download that name its file are looked at.
const MAX_CANDIDATES: usize = 16;

/// Notes on each command that fetches something what becomes of it.
pub fn find_downloads(commands: &mut [Command]) {
    let fetching: Vec<usize> =
        commands.iter().enumerate().filter(|(_, command)| fetches(command)).map(|(index, _)| index).collect();
    if fetching.is_empty() {
        return;
    }
    let mentions = Mentions::of(commands);
    let found: Vec<(usize, Download)> = fetching
        .into_iter()
        .filter_map(|index| Some((index, download(commands.get(index)?, index, commands, &mentions))))
        .collect();
    for (index, download) in found {
        if let Some(command) = commands.get_mut(index) {
            command.facts.download = Some(download);
        }
    }
}

/// Where in a script files are named, and where something is checked.
struct Mentions<'c> {
    /// The commands in which a text stands, by that text.
    texts: BTreeMap<&'c str, Vec<usize>>,
    /// How many checks stand before each command.
    checks: Vec<usize>,
}

impl<'c> Mentions<'c> {
    fn of(commands: &'c [Command]) -> Self {
        let mut mentions = Self { texts: BTreeMap::new(), checks: vec![0] };
        let mut count = 0;
        for (index, command) in commands.iter().enumerate() {
            for field in &command.facts.fields {
                let text = text_of(field);
                mentions.texts.entry(plain(text)).or_default().push(index);
            }
            count += usize::from(checks(command));
            mentions.checks.push(count);
        }
        mentions
    }

    /// The next commands behind `index` that name `file`.
    fn behind(&self, index: usize, file: &str) -> impl Iterator<Item = usize> {
        let indexes = self.texts.get(plain(file)).map(Vec::as_slice).unwrap_or_default();
        let from = indexes.partition_point(|at| *at <= index);
        indexes.get(from..).unwrap_or_default().iter().take(MAX_CANDIDATES).copied()
    }

    /// Whether something is checked between two commands.
    fn has_check(&self, from: usize, to: usize) -> bool {
        self.checks.get(from + 1) < self.checks.get(to)
    }
}

fn fetches(command: &Command) -> bool {
    let facts = &command.facts;
    let name = facts.invocation.tool_name(&facts.fields);
    matches!(name, "curl" | "wget" | "wget2" | "aria2c")
        || ["iwr", "irm", "invoke-webrequest", "invoke-restmethod"]
            .contains(&name.to_ascii_lowercase().as_str())
}

fn download(command: &Command, index: usize, commands: &[Command], mentions: &Mentions<'_>) -> Download {
    let facts = &command.facts;
    if let Some((by, feed)) = &facts.fed_to {
        let how = match feed {
            Feed::Pipe => "pipe",
            Feed::Substitution => "substitution",
        };
        return Download {
            file: None,
            execution: Some(Execution { how, by: by.clone() }),
            is_checked: false,
        };
    }
    let Some(file) = written_file(command) else { return Download::default() };
    let found = mentions.behind(index, &file).find_map(|at| Some((at, executor(commands.get(at)?, &file)?)));
    let end = found.as_ref().map_or(commands.len(), |(at, _)| *at);
    Download {
        is_checked: mentions.has_check(index, end),
        execution: found.map(|(_, by)| Execution { how: "file", by }),
        file: Some(file),
    }
}

/// The file that a download writes; `None` where it writes to its standard output.
fn written_file(command: &Command) -> Option<String> {
    let facts = &command.facts;
    let arguments: Vec<&str> = facts.invocation.arguments(&facts.fields).iter().map(text_of).collect();
    let is_wget = facts.invocation.tool_name(&facts.fields).starts_with("wget");
    let letter = if is_wget { 'O' } else { 'o' };
    let mut file = None;
    let mut keeps_name = is_wget;
    for (index, text) in arguments.iter().enumerate() {
        let next = arguments.get(index + 1).copied();
        let long = ["--output", "--output-document", "-OutFile", "--out"];
        if let Some(value) = text.strip_prefix("--output=").or(text.strip_prefix("--output-document=")) {
            file = Some(value);
        } else if long.contains(text) {
            file = next;
        } else if text.starts_with('-') && !text.starts_with("--") {
            keeps_name |= !is_wget && text.contains('O');
            if let Some(at) = text.find(letter) {
                let rest = text.get(at + 1..).unwrap_or("");
                file = if rest.is_empty() { next } else { Some(rest) };
            }
        } else if matches!(*text, "--remote-name" | "--remote-name-all") {
            keeps_name = true;
        }
    }
    let redirected = command.redirects.iter().rfind(|redirect| redirect.takes_output());
    let file = file.or(redirected.map(|redirect| redirect.target.text.as_str()));
    let named = || {
        let address = arguments.iter().find_map(|text| address_in(text))?;
        Some(base_name(address.split(['?', '#']).next().unwrap_or(address)))
    };
    let file = file.or_else(|| if keeps_name { named() } else { None })?;
    (!matches!(file, "-" | "/dev/stdout" | "/dev/null" | "")).then(|| file.to_owned())
}

/// What executes `file` in a command, or makes it executable.
fn executor(command: &Command, file: &str) -> Option<String> {
    let facts = &command.facts;
    let is_file = |field: &Field| {
        let text = text_of(field);
        plain(text) == plain(file)
            || (!file.contains('/') && text.starts_with("./") && base_name(text) == file)
    };
    let arguments = facts.invocation.arguments(&facts.fields);
    let tool = facts.fields.get(facts.invocation.tool)?;
    if is_file(tool) && (text_of(tool).contains('/') || facts.fields.len() == 1) {
        return Some(file.to_owned());
    }
    let name = facts.invocation.tool_name(&facts.fields);
    if is_interpreter(name) {
        let first = arguments.iter().find(|field| !text_of(field).starts_with('-'))?;
        return is_file(first).then(|| name.to_owned());
    }
    let makes_executable = arguments.first().is_some_and(|mode| {
        let mode = text_of(mode);
        mode.contains('x')
            || (mode.len() >= 3 && mode.bytes().all(|byte| byte.is_ascii_digit()) && mode.contains('7'))
    });
    let is_made = name == "chmod" && makes_executable && arguments.iter().skip(1).any(is_file);
    is_made.then(|| name.to_owned())
}

fn plain(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

/// Whether a command checks a checksum or a signature, and its failure counts.
fn checks(command: &Command) -> bool {
    let facts = &command.facts;
    // What stands right of `&&` does not run where the check fails.
    let is_guard = matches!(facts.fate.ignored_by, Some((IgnoredBy::And, _)));
    let counts = facts.fate.on_failure != OnFailure::Ignored || is_guard;
    let name = facts.invocation.tool_name(&facts.fields);
    let arguments: Vec<&str> = facts.invocation.arguments(&facts.fields).iter().map(text_of).collect();
    let has = |wanted: &[&str]| arguments.iter().any(|text| wanted.contains(text));
    let is_check = match name {
        _ if CHECKSUMS.contains(&name) => {
            let checks = |text: &&str| {
                *text == "--check" || (text.starts_with('-') && !text.starts_with("--") && text.contains('c'))
            };
            // A sum in a substitution is compared by whoever takes it.
            return (arguments.iter().any(checks) && counts) || facts.nesting == Some(Nesting::Substitution);
        }
        "gpg" | "gpg2" => has(&["--verify"]),
        "gpgv" | "slsa-verifier" => true,
        "cosign" => has(&["verify-blob", "verify-blob-attestation", "verify"]),
        "minisign" | "signify" => arguments.iter().any(|text| text.starts_with("-V")),
        "openssl" => has(&["-verify"]),
        "gh" => has(&["attestation"]) && has(&["verify"]),
        _ => false,
    };
    is_check && counts
}

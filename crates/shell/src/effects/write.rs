//! The files that commands write.

use super::{Names, Output, add_once};
use crate::Command;
use crate::command::Redirect;
use crate::invocation::{Invocation, base_name};
use crate::script::plain_fields;
use crate::word::{PartKind, Word};
use std::ops::Range;

/// A file that is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Write {
    /// The file, as written.
    pub target: String,
    /// The variable that names the file, where the target is nothing else.
    pub variable: Option<String>,
    /// Whether what the file held before stays.
    pub is_append: bool,
    /// The names in lines `name=value` and `name<<END` that are written.
    pub names: Vec<String>,
    /// Whether all names are known.
    pub is_known: bool,
    /// What flows into the text that is written.
    pub reads: Names,
    /// The bytes of the target.
    pub range: Range<usize>,
}

/// Programs that write what they read to files, in lower case, each with how its options are written.
const WRITERS: [(&str, Style); 5] = [
    ("tee", Style::Letters),
    ("tee-object", Style::Cmdlet),
    ("out-file", Style::Cmdlet),
    ("add-content", Style::Cmdlet),
    ("set-content", Style::Cmdlet),
];

/// Parameters of these cmdlets that take no value.
const SWITCHES: [&str; 8] =
    ["-append", "-asbytestream", "-confirm", "-force", "-noclobber", "-nonewline", "-passthru", "-whatif"];

/// How a program is told what to write where.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `-a FILE…`.
    Letters,
    /// `-Append -FilePath FILE`, `FILE TEXT`.
    Cmdlet,
}

/// What a program that writes files is given.
#[derive(Default)]
struct Given<'w> {
    files: Vec<&'w Word>,
    /// The text, where it does not read it.
    text: Option<&'w Word>,
    is_append: bool,
}

/// The files that a command writes by redirection, and as a program for that.
pub fn writes(command: &Command, output: &Output<'_>, content: Option<&[&Word]>) -> Vec<Write> {
    let targets = command.redirects.iter().filter(|redirect| redirect.takes_output());
    let targets: Vec<&Redirect> = match targets.collect::<Vec<_>>() {
        own if own.is_empty() => output.redirect.into_iter().collect(),
        own => own,
    };
    let mut writes: Vec<Write> = targets
        .into_iter()
        .filter(|redirect| !is_device(&redirect.target.text))
        .map(|redirect| write_of(&redirect.target, redirect.sign().contains(">>"), content))
        .collect();
    if content.is_some() {
        writes.extend(output.teed.iter().map(|(file, is_append)| write_of(file, *is_append, content)));
    }
    if let Some(given) = given(&command.words) {
        let own = given.text.map(|text| [text]);
        let content = own.as_ref().map(|own| &own[..]).or(content);
        writes.extend(given.files.iter().map(|file| write_of(file, given.is_append, content)));
    }
    writes
}

/// Whether a target is no file: a device of Unix, `$null` of PowerShell, `nul` of Windows.
fn is_device(target: &str) -> bool {
    target.starts_with("/dev/") || ["$null", "nul"].iter().any(|name| target.eq_ignore_ascii_case(name))
}

/// The files to which a program writes what it reads, each with whether it appends.
pub fn written_files(words: &[Word]) -> Vec<(Word, bool)> {
    let given = given(words).filter(|given| given.text.is_none()).unwrap_or_default();
    given.files.into_iter().map(|file| (file.clone(), given.is_append)).collect()
}

/// What a program that writes files is given; `None` of others.
fn given(words: &[Word]) -> Option<Given<'_>> {
    let style = |name: &str| {
        let writer = WRITERS.iter().find(|(writer, _)| name.eq_ignore_ascii_case(writer));
        writer.map(|(_, style)| *style)
    };
    // Few commands write files: the others shall cost nothing.
    words.iter().find_map(|word| style(base_name(&word.text)))?;
    let fields = plain_fields(words);
    let invocation = Invocation::of(&fields);
    let style = style(invocation.program_name(&fields))?;
    let arguments = words.get(invocation.program + 1..)?;
    match style {
        Style::Letters => {
            let is_append = arguments.iter().any(|word| matches!(word.text.as_str(), "-a" | "--append"));
            let files = arguments.iter().filter(|word| !word.text.starts_with('-')).collect();
            Some(Given { files, text: None, is_append })
        }
        Style::Cmdlet => {
            let mut given = cmdlet_arguments(arguments);
            given.is_append |= invocation.program_name(&fields).eq_ignore_ascii_case("add-content");
            Some(given)
        }
    }
}

/// What a cmdlet is given by name, or by place: first the file, then the text.
fn cmdlet_arguments(words: &[Word]) -> Given<'_> {
    let mut given = Given::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = if word.is_quoted { String::new() } else { word.text.to_ascii_lowercase() };
        match name.as_str() {
            "-path" | "-literalpath" | "-filepath" => given.files.extend(words.next()),
            "-value" | "-inputobject" => given.text = words.next(),
            name if SWITCHES.contains(&name) => given.is_append |= name == "-append",
            name if name.starts_with('-') => drop(words.next()),
            _ if given.files.is_empty() => given.files.push(word),
            _ => given.text = given.text.or(Some(word)),
        }
    }
    given
}

fn write_of(target: &Word, is_append: bool, content: Option<&[&Word]>) -> Write {
    let mut names = Vec::new();
    let is_known = match content {
        Some(words) => written_names(words, &mut names),
        None => false,
    };
    Write {
        target: target.text.clone(),
        variable: target.as_variable().map(str::to_owned),
        is_append,
        names,
        is_known,
        reads: Names::of(content.unwrap_or(&[]).iter().copied()),
        range: target.range.start..target.range.end,
    }
}

/// Collects the names in lines `name=value` and `name<<END` of what is written; false where a line may hold others.
fn written_names(words: &[&Word], names: &mut Vec<String>) -> bool {
    // Of `printf`, the format alone says where names stand.
    let words =
        if words.first().is_some_and(|word| word.text.contains('%')) { words.get(..1) } else { Some(words) };
    let words = words.unwrap_or(&[]);
    // Of expansions, what they become is not known: they leave a mark that no name holds.
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        for part in &word.parts {
            match part.kind {
                PartKind::Literal => text.push_str(word.part_text(part)),
                _ => text.push('\0'),
            }
        }
    }
    let text = text.replace("\\n", "\n");
    let mut is_known = true;
    let mut end_mark: Option<String> = None;
    for line in text.lines() {
        if let Some(mark) = &end_mark {
            if line.trim_end() == mark {
                end_mark = None;
            }
            continue;
        }
        let length =
            line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
        let (name, rest) = (line.get(..length).unwrap_or(""), line.get(length..).unwrap_or(""));
        if !name.is_empty() && (rest.starts_with('=') || rest.starts_with("<<")) {
            add_once(names, name);
            end_mark = rest.strip_prefix("<<").map(|mark| mark.trim_end().to_owned());
        } else {
            is_known &= !line.contains('\0');
        }
    }
    is_known
}

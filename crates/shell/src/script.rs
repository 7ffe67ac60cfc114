//! Reading a script as its caller starts it.

use crate::Command;
use crate::facts::Field;
use crate::grammar::parse_script;
use crate::options::{Dialect, Shell};
use crate::tree::Oddity;
use crate::variables::Environment;
use crate::walk::{State, walk};
use crate::word::Word;
use crate::{powershell, prompt};
use proofmark_model::Value;
use proofmark_source::{FileId, Span};
use std::ops::Range;

/// How a caller starts a script.
pub struct Settings<'s> {
    /// The shell.
    pub shell: Shell,
    /// The place in the file of bytes of the script.
    pub locate: &'s dyn Fn(Range<usize>) -> Span,
    /// The variables that the script finds set.
    pub environment: Environment<'s>,
    /// The folder in which it starts, relative to one that the caller knows; `None` where it is not known.
    pub folder: Option<String>,
    /// What an earlier script in the same shell has left behind. Its options count, not those of `shell`.
    pub before: Option<&'s State>,
    /// Whether another script follows in the same shell: the end of this one is not the end.
    pub is_continued: bool,
    /// Whether a here-document of no program is a script, as in a Dockerfile.
    pub runs_documents: bool,
}

/// A script as facts.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Its simple commands, in order of place.
    pub commands: Vec<Command>,
    /// What was odd, in order of place.
    pub oddities: Vec<Oddity>,
    /// What it leaves behind.
    pub end: State,
}

impl<'s> Settings<'s> {
    /// A shell that finds nothing set.
    #[must_use]
    pub fn new(shell: Shell, locate: &'s dyn Fn(Range<usize>) -> Span) -> Self {
        Self {
            shell,
            locate,
            environment: &|_| None,
            folder: Some(String::new()),
            before: None,
            is_continued: false,
            runs_documents: false,
        }
    }

    /// What the script begins with.
    pub(crate) fn start(&self) -> State {
        match self.before {
            Some(state) => state.clone(),
            None => State { options: self.shell.options, folder: self.folder.clone(), ..State::default() },
        }
    }
}

/// Reads `text` as a script. Never fails: see [`Script::oddities`].
#[must_use]
pub fn read_script(text: &str, settings: &Settings<'_>) -> Script {
    read_script_in(text, 0..text.len(), settings)
}

/// Reads `range` of `text` as a script; all ranges are those of `text`.
#[must_use]
pub fn read_script_in(text: &str, range: Range<usize>, settings: &Settings<'_>) -> Script {
    match settings.shell.dialect {
        Dialect::Posix | Dialect::Bash => walk(parse_script(text, range), settings),
        Dialect::PowerShell => powershell::read(text, range, settings),
        Dialect::Cmd => prompt::read(text, range, settings),
        Dialect::Other => Script { end: settings.start(), ..Script::default() },
    }
}

/// A program with its arguments that runs without a shell, such as that of a Dockerfile's list form.
#[must_use]
pub fn read_words(words: &[Word], settings: &Settings<'_>) -> Script {
    let mut script = Script { end: settings.start(), ..Script::default() };
    if let Some(command) = Command::of_words(words) {
        script = crate::walk::walk_command(command, settings);
    }
    script
}

/// Words as fields, with nothing filled in and in no place: for asking which program they name.
pub(crate) fn plain_fields(words: &[Word]) -> Vec<Field> {
    let nowhere = Span::new(FileId(0), 0, 0);
    let field = |(word_index, word): (usize, &Word)| Field {
        value: Value::string(word.text.as_str(), nowhere),
        word_index,
        is_known: !word.has_expansion,
    };
    words.iter().enumerate().map(field).collect()
}

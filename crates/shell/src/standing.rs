//! How a template expression stands in a script, and what may be written in its place.

use crate::facts::Nesting;
use crate::invocation::{Invocation, executes_input, is_interpreter};
use crate::options::{Dialect, Shell};
use crate::script::{Script, Settings, plain_fields, read_script};
use crate::survey::for_each_node;
use crate::tree::NodeKind;
use crate::word::{Part, PartKind, Quotes, Word};
use crate::{Command, parse_script, powershell};
use proofmark_source::{FileId, Span};

/// How a template expression stands in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The language of the script.
    pub dialect: Dialect,
    /// What stands around it.
    pub quotes: Quotes,
    /// Whether it is a word of its own that becomes as many words as its value has, none where that is empty.
    pub is_split: bool,
    /// Whether more than a text is made of it: it names the program, is computed, or is part of a script for another program.
    pub is_code: bool,
}

/// Programs that compute with their arguments.
const COMPUTING: [&str; 2] = ["((", "let"];

/// Operators of `[[` that compute with their operands, or take them for a pattern.
const COMPUTING_TESTS: [&str; 7] = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge", "=~"];

/// Programs beside interpreters that run what their arguments say.
const EXECUTING: [&str; 10] =
    ["eval", "trap", "ssh", "su", "runuser", "awk", "gawk", "mawk", "iex", "invoke-expression"];

impl Standing {
    /// What reads the environment variable `name` in its place, as one text; `None` where nothing would read it, or where
    /// what it holds would be executed all the same.
    #[must_use]
    pub fn reading(&self, name: &str) -> Option<String> {
        use Quotes::{Backslash, Bare, Document, Double, Escapes, Single, Verbatim};
        if self.is_code {
            return None;
        }
        match (self.dialect, self.quotes) {
            (Dialect::Posix | Dialect::Bash, Bare) => Some(format!("\"${{{name}}}\"")),
            (Dialect::Posix | Dialect::Bash, Double | Document) => Some(format!("${{{name}}}")),
            (Dialect::Posix | Dialect::Bash, Single) => Some(format!("'\"${{{name}}}\"'")),
            (Dialect::Posix | Dialect::Bash, Backslash | Escapes | Verbatim) => None,
            (Dialect::PowerShell, Bare | Double | Document) => Some(format!("${{env:{name}}}")),
            (Dialect::PowerShell | Dialect::Cmd | Dialect::Other, _) => None,
        }
    }
}

/// How the template expression at byte `at` stands in a script; `None` in comments and where no word holds it.
#[must_use]
pub fn standing_at(script: &str, at: usize, shell: Shell) -> Option<Standing> {
    let nowhere = |_| Span::new(FileId(0), 0, 0);
    let dialect = shell.dialect;
    let read = match dialect {
        Dialect::Posix | Dialect::Bash | Dialect::PowerShell => {
            read_script(script, &Settings::new(shell, &nowhere))
        }
        Dialect::Cmd | Dialect::Other => return None,
    };
    let mut found = in_commands(&read, at, dialect);
    // A script inside the script runs what the outer one has put into it.
    let is_inner =
        |command: &&Command| matches!(command.facts.nesting, Some(Nesting::Script | Nesting::Remote));
    let is_around = |command: &Command| command.range.contains(&at);
    if read.commands.iter().filter(is_inner).any(is_around)
        && let Some(standing) = &mut found
    {
        standing.is_code = true;
    }
    found.or_else(|| {
        if dialect == Dialect::PowerShell {
            in_expressions(script, at)
        } else {
            in_headers(script, at, dialect)
        }
    })
}

fn in_commands(script: &Script, at: usize, dialect: Dialect) -> Option<Standing> {
    script.commands.iter().find_map(|command| in_command(command, at, dialect))
}

fn in_command(command: &Command, at: usize, dialect: Dialect) -> Option<Standing> {
    let standing = |found: Found, is_code| Standing {
        dialect,
        quotes: found.quotes,
        is_split: false,
        is_code: is_code || found.is_computed || command.facts.fed_to.is_some(),
    };
    let fields = plain_fields(&command.words);
    let invocation = Invocation::of(&fields);
    let tool = invocation.tool_name(&fields);
    for (index, word) in command.words.iter().enumerate() {
        let Some(found) = find(word, at) else { continue };
        let is_alone = word.parts.iter().all(|part| part.kind != PartKind::Literal);
        let is_program = is_alone && index <= invocation.tool;
        let is_split = is_alone
            && found.quotes == Quotes::Bare
            && dialect != Dialect::PowerShell
            && !matches!(tool, "[[" | "echo");
        return Some(Standing {
            is_split,
            ..standing(found, is_program || executes(tool, &command.words, index))
        });
    }
    // A text that is given is one only between quotes.
    let given = command.output.iter().find_map(|word| find(word, at));
    let assigned = command.assignments.iter().find_map(|word| find(word, at));
    let targets = || command.redirects.iter().find_map(|redirect| find(&redirect.target, at));
    let document = || command.redirects.iter().find_map(|redirect| find(redirect.body.as_ref()?, at));
    let is_script = executes_input(tool, invocation.arguments(&fields)) || command.words.is_empty();
    assigned
        .map(|found| standing(found, false))
        .or_else(|| given.map(|found| standing(found, found.quotes == Quotes::Bare)))
        .or_else(|| targets().map(|found| standing(found, is_script)))
        .or_else(|| document().map(|found| standing(found, is_script)))
}

/// Whether `tool` runs the word at `index`, or computes with it.
fn executes(tool: &str, words: &[Word], index: usize) -> bool {
    let has_test = || words.iter().any(|word| COMPUTING_TESTS.contains(&word.text.as_str()));
    let before =
        index.checked_sub(1).and_then(|before| words.get(before)).map_or("", |word| word.text.as_str());
    let is_after_switch = before.starts_with('-') && before.to_ascii_lowercase().contains(['c', 'e', 'r']);
    COMPUTING.contains(&tool)
        || EXECUTING.contains(&tool.to_ascii_lowercase().as_str())
        || (tool == "[[" && has_test())
        || (is_interpreter(tool) && is_after_switch)
}

/// Where PowerShell has an expression instead of a command, a text can only be told by its quotes.
fn in_expressions(script: &str, at: usize) -> Option<Standing> {
    let found = powershell::expression_words(script).iter().find_map(|word| find(word, at))?;
    let is_code = found.is_computed || found.quotes == Quotes::Bare;
    Some(Standing { dialect: Dialect::PowerShell, quotes: found.quotes, is_split: false, is_code })
}

/// The words of `case` and `for`, which belong to no command.
fn in_headers(script: &str, at: usize, dialect: Dialect) -> Option<Standing> {
    let mut standing = None;
    for_each_node(&parse_script(script, 0..script.len()).list, &mut |node| {
        let (words, is_split) = match &node.kind {
            NodeKind::Case { subject, .. } => (std::slice::from_ref(subject), false),
            NodeKind::For { words, .. } => (words.as_slice(), true),
            _ => return,
        };
        if let Some(found) = words.iter().find_map(|word| find(word, at)) {
            let is_split = is_split && found.quotes == Quotes::Bare;
            standing = Some(Standing { dialect, quotes: found.quotes, is_split, is_code: found.is_computed });
        }
    });
    standing
}

/// A template expression in a word.
#[derive(Clone, Copy)]
struct Found {
    quotes: Quotes,
    /// Whether arithmetic is done with it.
    is_computed: bool,
}

fn find(word: &Word, at: usize) -> Option<Found> {
    let in_part = |part: &Part| match &part.kind {
        PartKind::Template => {
            (part.range.start == at).then_some(Found { quotes: part.quotes, is_computed: false })
        }
        PartKind::Variable(parameter) => find(&parameter.operand, at),
        PartKind::Arithmetic(inner) => find(inner, at).map(|found| Found { is_computed: true, ..found }),
        PartKind::Literal | PartKind::Substitution(_) | PartKind::Process(_) => None,
    };
    word.parts.iter().find_map(in_part)
}

//! Shells and what they are told to do about failures.

use crate::Word;

/// The language of a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The POSIX shell: `sh`, `dash`, `ash`.
    Posix,
    /// Bash and what reads like it: `bash`, `zsh`, `ksh`.
    #[default]
    Bash,
    /// PowerShell: `pwsh`, `powershell`.
    PowerShell,
    /// The Windows command prompt.
    Cmd,
    /// No shell: `python`, `node`. Such scripts have no commands.
    Other,
}

/// Options of a shell that decide what a failure does and what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a shell has these switches, each on its own")]
pub struct Options {
    /// `-e`: a failing command ends the script.
    pub errexit: bool,
    /// `-o pipefail`: a pipeline fails where any of its commands does.
    pub pipefail: bool,
    /// `-u`: reading a variable that is not set ends the script.
    pub nounset: bool,
    /// `-x`: each command is printed before it runs.
    pub xtrace: bool,
}

/// A shell as its caller starts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shell {
    /// Its language.
    pub dialect: Dialect,
    /// What it is started with.
    pub options: Options,
}

/// Options of shells that take the next word as their value.
const OPTIONS_WITH_VALUE: [&str; 4] = ["--rcfile", "--init-file", "-O", "+O"];

impl Dialect {
    /// The language of the program `name`, which may be a path and end in `.exe`.
    #[must_use]
    pub fn of_program(name: &str) -> Self {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "sh" | "dash" | "ash" => Self::Posix,
            "bash" | "zsh" | "ksh" | "rbash" => Self::Bash,
            "pwsh" | "powershell" => Self::PowerShell,
            "cmd" | "%comspec%" => Self::Cmd,
            _ => Self::Other,
        }
    }

    /// Whether the grammar of this crate is its grammar.
    #[must_use]
    pub fn is_posix(self) -> bool {
        matches!(self, Self::Posix | Self::Bash)
    }

    /// Its name in the values that rules read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Posix => "sh",
            Self::Bash => "bash",
            Self::PowerShell => "powershell",
            Self::Cmd => "cmd",
            Self::Other => "other",
        }
    }
}

impl Shell {
    /// A shell without options.
    #[must_use]
    pub fn of_dialect(dialect: Dialect) -> Self {
        Self { dialect, options: Options::default() }
    }

    /// The same, ending at the first failure.
    #[must_use]
    pub fn with_errexit(mut self) -> Self {
        self.options.errexit = true;
        self
    }

    /// The same, with a pipeline failing where any of its commands does.
    #[must_use]
    pub fn with_pipefail(mut self) -> Self {
        self.options.pipefail = true;
        self
    }

    /// The shell that a command line starts, such as `bash --noprofile -eo pipefail {0}`.
    #[must_use]
    pub fn of_command(command: &str) -> Self {
        let mut words = command.split_whitespace();
        let mut program = words.next().unwrap_or("");
        if program.rsplit('/').next() == Some("env") {
            program = words.find(|word| !word.starts_with('-') && !word.contains('=')).unwrap_or("");
        }
        let dialect = Dialect::of_program(program);
        let rest: Vec<&str> = words.collect();
        let mut options = Options::default();
        if dialect.is_posix() {
            options.apply(&rest);
        }
        Self { dialect, options }
    }

    /// The shell that the first line of a script asks for, if it begins with `#!`.
    #[must_use]
    pub fn of_first_line(script: &str) -> Option<Self> {
        script.lines().next()?.strip_prefix("#!").map(Self::of_command)
    }
}

impl Options {
    /// Applies the arguments of `set` or of a shell, up to the first that is no option. Gives how many were read.
    pub fn apply(&mut self, arguments: &[&str]) -> usize {
        let mut index = 0;
        while let Some(argument) = arguments.get(index) {
            let (is_on, letters) = match (argument.strip_prefix('-'), argument.strip_prefix('+')) {
                (Some(letters), _) => (true, letters),
                (_, Some(letters)) => (false, letters),
                _ => break,
            };
            index += 1;
            if OPTIONS_WITH_VALUE.contains(argument) {
                index += 1;
            } else if letters == "-" || letters.is_empty() {
                break;
            } else if !letters.starts_with('-') {
                for letter in letters.chars() {
                    if letter == 'o' {
                        self.set_named(arguments.get(index).copied().unwrap_or(""), is_on);
                        index += 1;
                    } else {
                        self.set_letter(letter, is_on);
                    }
                }
            }
        }
        index
    }

    /// Applies the words behind `set`.
    pub fn apply_words(&mut self, words: &[Word]) {
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        self.apply(&texts);
    }

    /// Switches the option with a long name, as behind `-o`.
    pub fn set_named(&mut self, name: &str, is_on: bool) {
        match name {
            "errexit" => self.errexit = is_on,
            "pipefail" => self.pipefail = is_on,
            "nounset" => self.nounset = is_on,
            "xtrace" => self.xtrace = is_on,
            _ => {}
        }
    }

    /// The names of those that are on.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let all = [
            ("errexit", self.errexit),
            ("nounset", self.nounset),
            ("pipefail", self.pipefail),
            ("xtrace", self.xtrace),
        ];
        all.into_iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name).collect()
    }

    fn set_letter(&mut self, letter: char, is_on: bool) {
        match letter {
            'e' => self.errexit = is_on,
            'u' => self.nounset = is_on,
            'x' => self.xtrace = is_on,
            _ => {}
        }
    }
}

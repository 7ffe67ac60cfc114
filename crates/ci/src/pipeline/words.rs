//! Words of a command: which row they fit, and the values of options.

use super::table::{Row, Table};

/// A program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words<'w> {
    /// The last part of the program's path.
    pub program: &'w str,
    /// What stands behind it.
    pub arguments: Vec<&'w str>,
}

impl<'w> Words<'w> {
    /// The row that fits with most words.
    pub fn row(&self, table: &'static Table) -> Option<&'static Row> {
        let fitting = table.rows(self.program).iter().filter(|row| self.fits(row));
        // Of rows with as many words the first counts.
        fitting.fold(None, |best: Option<&'static Row>, row| match best {
            Some(best) if best.words().count() >= row.words().count() => Some(best),
            _ => Some(row),
        })
    }

    /// Whether the program only tells of itself: what asks for its version or help comes last, where an option that takes a
    /// version would have it behind.
    pub fn asks_about_program(&self) -> bool {
        match self.arguments.as_slice() {
            ["-h" | "-V"] => true,
            [.., last] => matches!(*last, "--version" | "-version" | "--help" | "-help"),
            [] => false,
        }
    }

    fn fits(&self, row: &Row) -> bool {
        let mut at = 0;
        row.words().all(|word| match word.as_bytes() {
            [b'!', ..] => !self.has(word.get(1..).unwrap_or("")),
            [b'-', ..] => self.has(word),
            [b'=', ..] => self.arguments.contains(&word.get(1..).unwrap_or("")),
            [b'~', ..] => {
                let part = word.get(1..).unwrap_or("");
                self.arguments.iter().any(|argument| argument.to_ascii_lowercase().contains(part))
            }
            b"$" => self.behind(at).all(|argument| argument.starts_with('-')),
            _ => self.find_subcommand(word, at).is_some_and(|found| {
                at = found + 1;
                true
            }),
        })
    }

    /// Where a subcommand stands: the next argument but options. What stands behind an option may be its value.
    fn find_subcommand(&self, word: &str, from: usize) -> Option<usize> {
        let mut may_be_value = false;
        for (index, argument) in self.arguments.iter().enumerate().skip(from) {
            if *argument == word {
                return Some(index);
            }
            if argument.starts_with('-') {
                may_be_value = !argument.contains('=');
            } else if may_be_value {
                may_be_value = false;
            } else {
                return None;
            }
        }
        None
    }

    fn behind(&self, at: usize) -> impl Iterator<Item = &'w str> {
        self.arguments.iter().skip(at).copied()
    }

    /// Whether an option is given, alone or with a value; `-*f` stands for a letter among several.
    pub fn has(&self, option: &str) -> bool {
        self.place_of(option).is_some()
    }

    /// Where an option is given.
    pub fn place_of(&self, option: &str) -> Option<usize> {
        let letter = option.strip_prefix("-*").and_then(|rest| rest.chars().next());
        self.arguments.iter().position(|argument| match letter {
            Some(letter) => {
                let letters = argument.strip_prefix('-').unwrap_or("");
                !letters.is_empty()
                    && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
                    && letters.contains(letter)
            }
            None => {
                *argument == option || argument.strip_prefix(option).is_some_and(|rest| rest.starts_with('='))
            }
        })
    }

    /// The value of an option and its place: `--option=value`, or the next argument.
    pub fn value_of(&self, option: &str) -> Option<(&'w str, usize)> {
        let index = self.place_of(option)?;
        let argument = self.arguments.get(index)?;
        match argument.split_once('=') {
            Some((_, value)) => Some((value, index)),
            None => Some((self.arguments.get(index + 1).copied().unwrap_or(""), index + 1)),
        }
    }

    /// Whether an option of a table is given: `--option`, or `--option:value` for one with that value; `~text` stands for
    /// a part of any argument.
    pub fn fulfills(&self, option: &str) -> Option<usize> {
        if let Some(part) = option.strip_prefix('~') {
            return self.arguments.iter().position(|argument| argument.contains(part));
        }
        match option.split_once(':') {
            Some((option, wanted)) => {
                self.value_of(option).filter(|(value, _)| *value == wanted).map(|(_, index)| index)
            }
            None => self.place_of(option),
        }
    }

    /// The places of the arguments behind a row's subcommands that are neither options nor values of those in `values`.
    pub fn operands(&self, row: &Row, values: &[&str]) -> Vec<usize> {
        let mut start = 0;
        for word in row.words().filter(|word| !word.starts_with(['!', '-', '=', '~', '$'])) {
            start = self.find_subcommand(word, start).map_or(start, |at| at + 1);
        }
        let mut found = Vec::new();
        let mut is_value = false;
        for (index, argument) in self.arguments.iter().enumerate().skip(start) {
            if is_value {
                is_value = false;
            } else if *argument == "--" {
            } else if argument.starts_with('-') && argument.len() > 1 {
                is_value = values.contains(argument);
            } else {
                found.push(index);
            }
        }
        found
    }

    /// The command behind a row's words and options.
    pub fn command_behind(&self, row: &Row, values: &[&str]) -> Option<(usize, Self)> {
        let at = self.operands(row, values).into_iter().next()?;
        let program = self.arguments.get(at)?;
        let program = program.rsplit('/').next().unwrap_or(program);
        Some((at, Self { program, arguments: self.arguments.get(at + 1..)?.to_vec() }))
    }
}

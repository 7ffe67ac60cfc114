//! Words and what they are made of.

use crate::tree::List;
use std::ops::Range;

/// A word with its quotes taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The text; expansions stay as written.
    pub text: String,
    /// Its bytes in the script, quotes included.
    pub range: Range<usize>,
    /// Whether a variable, a substitution or a template expression is part of it.
    pub has_expansion: bool,
    /// Whether some of it stands in quotes.
    pub is_quoted: bool,
    /// What it is made of, in order; together the whole text.
    pub parts: Vec<Part>,
}

/// A piece of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its bytes in the text of the word.
    pub text: Range<usize>,
    /// Its bytes in the script.
    pub range: Range<usize>,
    /// What keeps it from being split.
    pub quotes: Quotes,
}

/// What stands around a piece of a word and decides which of its signs mean something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quotes {
    /// Nothing: the value of a variable becomes as many words as it has.
    #[default]
    Bare,
    /// A backslash before it.
    Backslash,
    /// `'…'`.
    Single,
    /// `$'…'`.
    Escapes,
    /// `"…"`.
    Double,
    /// A here-document in which variables are read.
    Document,
    /// A here-document in which nothing is read.
    Verbatim,
}

/// What a piece of a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Text that stands for itself.
    Literal,
    /// `$name`, `${name}` and its forms.
    Variable(Box<Parameter>),
    /// `$(…)` or backticks.
    Substitution(List),
    /// `<(…)` or `>(…)`.
    Process(List),
    /// `$((…))`, with the expansions inside.
    Arithmetic(Box<Word>),
    /// `${{ … }}`, `$[[ … ]]` or `{{ … }}`: filled in before a shell sees the script.
    Template,
}

/// A variable where it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, or the digit or sign of a special one.
    pub name: String,
    /// What is done with its value.
    pub form: Form,
    /// The text behind the operator: a default, a pattern.
    pub operand: Word,
}

/// What `${…}` does with the value of its variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The value as it is.
    #[default]
    Plain,
    /// `:-`, `-`, `:=`, `=`: the operand where there is none.
    Default,
    /// `:+`, `+`: the operand where there is one.
    Alternative,
    /// `:?`, `?`: the script ends where there is none.
    Required,
    /// `#` before the name: how long the value is.
    Length,
    /// `!` before the name: the value of the variable whose name the value is.
    Indirect,
    /// Anything that makes another text of it: patterns, slices, cases, array elements.
    Computed,
}

impl Part {
    /// Whether it is never split into several words.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.quotes != Quotes::Bare
    }
}

impl Word {
    /// A word of another text in the same place; it has one part.
    #[must_use]
    pub fn with_text(&self, text: &str) -> Self {
        let range = self.range.start..self.range.end;
        Self { has_expansion: self.has_expansion, is_quoted: self.is_quoted, ..Self::plain(text, range) }
    }

    /// A word that stands for itself.
    #[must_use]
    pub fn plain(text: &str, range: Range<usize>) -> Self {
        let part = Part {
            kind: PartKind::Literal,
            text: 0..text.len(),
            range: range.start..range.end,
            quotes: Quotes::Single,
        };
        Self { text: text.to_owned(), range, parts: vec![part], ..Self::default() }
    }

    /// The text of one of its parts.
    #[must_use]
    pub fn part_text(&self, part: &Part) -> &str {
        self.text.get(part.text.start..part.text.end).unwrap_or("")
    }

    /// The name of the variable, where the word is nothing but one plain variable.
    #[must_use]
    pub fn as_variable(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part { kind: PartKind::Variable(parameter), .. }] if parameter.form == Form::Plain => {
                Some(&parameter.name)
            }
            _ => None,
        }
    }

    /// Calls `see` for every part, those in defaults and arithmetic included; not for those of other scripts.
    pub fn for_each_part<'w>(&'w self, see: &mut dyn FnMut(&'w Word, &'w Part)) {
        for part in &self.parts {
            see(self, part);
            match &part.kind {
                PartKind::Variable(parameter) => parameter.operand.for_each_part(see),
                PartKind::Arithmetic(inner) => inner.for_each_part(see),
                _ => {}
            }
        }
    }

    /// Takes out the scripts of its substitutions, with whether each is a process substitution.
    pub(crate) fn take_scripts(&mut self, scripts: &mut Vec<(List, bool)>) {
        for part in &mut self.parts {
            match &mut part.kind {
                PartKind::Substitution(list) => scripts.push((std::mem::take(list), false)),
                PartKind::Process(list) => scripts.push((std::mem::take(list), true)),
                PartKind::Variable(parameter) => parameter.operand.take_scripts(scripts),
                PartKind::Arithmetic(inner) => inner.take_scripts(scripts),
                PartKind::Literal | PartKind::Template => {}
            }
        }
    }
}

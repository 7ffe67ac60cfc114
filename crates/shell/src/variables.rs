//! What variables hold, as far as a script says it.

use crate::facts::Field;
use crate::word::{Form, Parameter, Part, PartKind, Quotes, Word};
use proofmark_model::{Data, Origin, SmolStr, StepKind, Unknown, Value};
use proofmark_source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What a caller knows of the variables that a script finds set.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<Value>;

/// The greatest length of a value that is followed, in bytes: `A=$A$A` doubles it with every line.
const MAX_VALUE_BYTES: usize = 64 * 1024;

/// The variables at one point of a script. Changes can be taken back, since branches and subshells end.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// Each with the number of the change that set it.
    values: BTreeMap<String, (usize, Value)>,
    /// How many changes there were.
    count: usize,
    /// What was set by a change up to this one may hold anything now.
    forgotten: usize,
    /// What each change replaced, oldest first.
    log: Vec<Change>,
}

/// What a change replaced.
#[derive(Clone, Debug)]
enum Change {
    Value(String, Option<(usize, Value)>),
    Forgotten(usize),
}

/// An assignment, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned<'w> {
    /// The variable.
    pub name: &'w str,
    /// The byte of the word's text at which the value begins.
    pub value_at: usize,
    /// Whether the value is added to the old one, or is one element of a list.
    pub is_partial: bool,
}

/// The assignment that a word is, if it is one: `NAME=…`, `NAME+=…`, `NAME[…]=…`.
#[must_use]
pub fn assigned_name(word: &Word) -> Option<Assigned<'_>> {
    let first = word.parts.first()?;
    if first.kind != PartKind::Literal || first.is_quoted() {
        return None;
    }
    let text = word.text.as_str();
    let length = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let name = text.get(..length).filter(|name| name.starts_with(|c: char| !c.is_ascii_digit()))?;
    let rest = text.get(length..)?;
    let subscript = if rest.starts_with('[') { rest.find(']')? + 1 } else { 0 };
    let rest = rest.get(subscript..)?;
    let is_added = rest.starts_with("+=");
    (is_added || rest.starts_with('=')).then(|| Assigned {
        name,
        value_at: length + subscript + if is_added { 2 } else { 1 },
        is_partial: is_added || subscript > 0,
    })
}

impl Variables {
    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: Value) {
        self.count += 1;
        let before = self.values.insert(name.to_owned(), (self.count, value));
        self.log.push(Change::Value(name.to_owned(), before));
    }

    /// Says that a variable holds something that the script does not tell.
    pub fn forget(&mut self, name: &str, place: Span) {
        let reason = format!("`{name}` is decided when the script runs");
        self.set(name, Value::unknown(Unknown::because(reason), place));
    }

    /// Says that any variable may hold anything now.
    pub fn forget_all(&mut self) {
        self.log.push(Change::Forgotten(self.forgotten));
        self.forgotten = self.count;
    }

    /// The value that the script or `environment` gave a variable, if it is one text.
    fn known(&self, name: &str, environment: Environment<'_>) -> Option<Value> {
        let value = match self.values.get(name) {
            Some((number, value)) => (*number > self.forgotten).then(|| value.clone())?,
            None if self.forgotten > 0 => return None,
            None => environment(name)?,
        };
        value.as_str().is_some().then_some(value)
    }

    /// A point to come back to.
    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back all changes since `mark`.
    pub fn rollback(&mut self, mark: usize) -> Changed {
        let mut changed = Changed::default();
        for change in self.log.split_off(mark.min(self.log.len())).into_iter().rev() {
            match change {
                Change::Value(name, before) => {
                    match before {
                        Some(value) => self.values.insert(name.clone(), value),
                        None => self.values.remove(&name),
                    };
                    changed.names.insert(name);
                }
                Change::Forgotten(before) => {
                    self.forgotten = before;
                    changed.is_all = true;
                }
            }
        }
        changed
    }

    /// Says that changes which were taken back may have happened all the same.
    pub fn forget_changed(&mut self, changed: &Changed, place: Span) {
        if changed.is_all {
            self.forget_all();
        }
        changed.names.iter().for_each(|name| self.forget(name, place));
    }

    /// The same without the means to take anything back.
    #[must_use]
    pub fn settled(&self) -> Self {
        let values = self.values.clone();
        Self { values, count: self.count, forgotten: self.forgotten, log: Vec::new() }
    }
}

/// What had changed before it was taken back.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// The variables.
    pub names: BTreeSet<String>,
    /// Whether any variable may have changed.
    pub is_all: bool,
}

/// Fills in what is known of the variables in words.
pub struct Expander<'e> {
    /// What the script has set.
    pub variables: &'e Variables,
    /// What it found set.
    pub environment: Environment<'e>,
}

/// A field while it is put together.
#[derive(Default)]
struct Piece {
    text: String,
    source: Option<(String, Origin)>,
    is_sensitive: bool,
    has_text: bool,
    is_unknown: bool,
}

impl Expander<'_> {
    /// The fields that `word`, which stands at `span`, becomes: several where a variable holds blanks, none where it is
    /// empty.
    pub fn fields(&self, word: &Word, word_index: usize, span: Span) -> Vec<Field> {
        if !word.has_expansion {
            let value = Value::string(word.text.as_str(), span);
            return vec![Field { value, word_index, is_known: true }];
        }
        let mut fields = Vec::new();
        let mut piece = Piece { has_text: word.is_quoted, ..Piece::default() };
        for part in &word.parts {
            self.add_part(word, part, &mut piece, &mut |piece| {
                fields.push(piece.finish(word_index, span));
            });
        }
        if piece.has_text {
            fields.push(piece.finish(word_index, span));
        }
        fields
    }

    /// The value that the text of `word` from byte `from` on has, unless it is not known.
    pub fn value(&self, word: &Word, from: usize, span: Span) -> Option<Value> {
        let mut piece = Piece { has_text: true, ..Piece::default() };
        for part in &word.parts {
            if part.text.end <= from {
                continue;
            }
            if part.kind == PartKind::Literal {
                let start = part.text.start.max(from);
                piece.text.push_str(word.text.get(start..part.text.end).unwrap_or(""));
                continue;
            }
            // No field splitting happens in assignments.
            let quoted = Part { quotes: Quotes::Double, ..part.clone() };
            self.add_part(word, &quoted, &mut piece, &mut |_| {});
        }
        let is_known = !piece.is_unknown && piece.text.len() <= MAX_VALUE_BYTES;
        is_known.then(|| piece.finish(0, span).value)
    }

    /// Adds what `part` becomes to `piece`; hands over each field that ends with it.
    fn add_part(&self, word: &Word, part: &Part, piece: &mut Piece, end: &mut dyn FnMut(Piece)) {
        let written = word.part_text(part);
        match &part.kind {
            PartKind::Literal => piece.push(written),
            PartKind::Variable(parameter) => match self.parameter(parameter) {
                Some(value) => piece.push_value(&parameter.name, &value, part.is_quoted(), end),
                None => piece.push_unknown(written),
            },
            _ => piece.push_unknown(written),
        }
    }

    fn parameter(&self, parameter: &Parameter) -> Option<Value> {
        let value = self.variables.known(&parameter.name, self.environment);
        let text = value.as_ref().and_then(Value::as_str);
        match parameter.form {
            Form::Plain | Form::Required => value,
            Form::Default if text.is_some_and(|text| !text.is_empty()) => value,
            // Of a variable that nothing sets, the environment of the run decides.
            Form::Default => {
                let place = value?.origin.span;
                self.value(&parameter.operand, 0, place)
            }
            Form::Alternative if text.is_some_and(|text| !text.is_empty()) => {
                let place = value.as_ref()?.origin.span;
                self.value(&parameter.operand, 0, place)
            }
            Form::Alternative | Form::Length | Form::Indirect | Form::Computed => None,
        }
    }
}

impl Piece {
    fn push(&mut self, text: &str) {
        self.has_text = true;
        self.text.push_str(text);
    }

    fn push_unknown(&mut self, written: &str) {
        self.is_unknown = true;
        self.push(written);
    }

    fn push_value(&mut self, name: &str, value: &Value, is_quoted: bool, end: &mut dyn FnMut(Piece)) {
        let Some(text) = value.as_str().filter(|text| self.text.len() + text.len() <= MAX_VALUE_BYTES) else {
            return self.push_unknown(&format!("${name}"));
        };
        let source = Some((name.to_owned(), Origin::clone(&value.origin)));
        if self.source.is_none() {
            self.source.clone_from(&source);
        }
        self.is_sensitive |= value.is_sensitive;
        if is_quoted {
            return self.push(text);
        }
        for (index, field) in text.split([' ', '\t', '\n']).enumerate() {
            if index > 0 && self.has_text {
                let is_sensitive = self.is_sensitive;
                end(std::mem::take(self));
                self.source.clone_from(&source);
                self.is_sensitive = is_sensitive;
            }
            if !field.is_empty() {
                self.push(field);
            }
        }
    }

    fn finish(self, word_index: usize, span: Span) -> Field {
        let origin = match self.source {
            Some((name, origin)) => origin.used_at(span, StepKind::Variable(SmolStr::new(name))),
            None => Origin::at(span),
        };
        let data = Data::String(SmolStr::new(self.text));
        let value = Value { data, origin, is_sensitive: self.is_sensitive };
        Field { value, word_index, is_known: !self.is_unknown }
    }
}

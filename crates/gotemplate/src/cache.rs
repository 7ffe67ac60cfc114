//! What templates that know each other work out once: charts hand the same texts to `tpl`, and use the same patterns, over
//! and over, and bring the same library along with each of their subcharts.

use crate::error::ParseError;
use crate::limits::{MAX_KEPT_PATTERNS, MAX_KEPT_TEXT_BYTES};
use crate::parse::{ParsedText, parse};
use crate::template::Source;
use regex_automata::meta::Regex;
use smol_str::SmolStr;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What was worked out so far. Once it is full, nothing more is kept.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    texts: RefCell<BTreeMap<Rc<str>, Rc<ParsedText>>>,
    text_bytes: Cell<usize>,
    patterns: RefCell<BTreeMap<(SmolStr, bool), Rc<Regex>>>,
}

impl Cache {
    /// The tree of a text.
    pub fn parsed(&self, source: &Source) -> Result<Rc<ParsedText>, ParseError> {
        if let Some(known) = self.texts.borrow().get(&source.text) {
            return Ok(Rc::clone(known));
        }
        let parsed = Rc::new(parse(source)?);
        let bytes = self.text_bytes.get() + source.text.len();
        if bytes <= MAX_KEPT_TEXT_BYTES {
            self.text_bytes.set(bytes);
            self.texts.borrow_mut().insert(Rc::clone(&source.text), Rc::clone(&parsed));
        }
        Ok(parsed)
    }

    /// A pattern, compiled for texts that are ASCII or for all.
    pub fn pattern<E>(
        &self,
        (pattern, is_ascii): (&str, bool),
        compile: impl FnOnce() -> Result<Regex, E>,
    ) -> Result<Rc<Regex>, E> {
        let key = (SmolStr::new(pattern), is_ascii);
        if let Some(known) = self.patterns.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let compiled = Rc::new(compile()?);
        let mut patterns = self.patterns.borrow_mut();
        if patterns.len() < MAX_KEPT_PATTERNS {
            patterns.insert(key, Rc::clone(&compiled));
        }
        Ok(compiled)
    }
}

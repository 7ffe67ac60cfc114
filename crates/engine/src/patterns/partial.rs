//! Regular expressions on texts of which only parts are known.

use crate::compare::is_set;
use proofmark_model::{HOLE, Unknown};
use regex_automata::Anchored;
use regex_automata::dfa::dense::{Builder, Config, DFA};
use regex_automata::dfa::{Automaton, StartKind};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use std::collections::BTreeSet;

/// A table of states may take this many bytes, and as many to build: patterns may come from a repository's own rules.
const MAX_TABLE_BYTES: usize = 1 << 20;

/// A regular expression as a table of states, which can be in several of them at once.
#[derive(Debug)]
pub(super) struct PartialRegex(DFA<Vec<u32>>);

/// A text with a [`HOLE`] for each part that is not known.
pub(crate) struct PartialText {
    skeleton: String,
    /// The bytes that stand in no hole.
    excluded: &'static [u8],
}

impl PartialText {
    /// What is known of the text of a value; `None` where there may be no text at all.
    pub fn of(unknown: &Unknown) -> Option<Self> {
        if !is_set(unknown) {
            return None;
        }
        let known = &unknown.known;
        let begins = || format!("{}{HOLE}", known.prefix.as_deref().unwrap_or(""));
        let skeleton = known.skeleton.as_ref().map_or_else(begins, ToString::to_string);
        // A provider makes up a name of one thing, never a pattern for several.
        let is_made_up = skeleton.matches(HOLE).count() == unknown.references.len()
            && unknown.references.iter().all(|reference| reference.attribute == "arn");
        Some(Self { skeleton, excluded: if is_made_up { b"*?" } else { b"" } })
    }
}

impl PartialRegex {
    /// `None` where the pattern is no regular expression, needs more than bytes tell, or makes too large a table.
    pub fn new(pattern: &str) -> Option<Self> {
        let config = Config::new()
            .start_kind(StartKind::Unanchored)
            .accelerate(false)
            .dfa_size_limit(Some(MAX_TABLE_BYTES))
            .determinize_size_limit(Some(MAX_TABLE_BYTES));
        Builder::new().configure(config).build(pattern).ok().map(Self)
    }

    /// Whether the pattern is found in the text whatever stands in its holes; `None` where that depends on them.
    pub fn is_match(&self, text: &PartialText) -> Option<bool> {
        let start = self.0.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
        let mut states = BTreeSet::from([start]);
        for character in text.skeleton.chars() {
            if character == HOLE {
                self.fill(&mut states, text.excluded);
                continue;
            }
            for &byte in character.encode_utf8(&mut [0; 4]).as_bytes() {
                states = states.into_iter().map(|state| self.step(state, byte)).collect();
            }
        }
        let mut ends = states
            .into_iter()
            .map(|state| self.is_found(state) || self.is_found(self.0.next_eoi_state(state)));
        let first = ends.next()?;
        ends.all(|end| end == first).then_some(first)
    }

    /// Adds the states that any number of bytes lead to.
    fn fill(&self, states: &mut BTreeSet<StateID>, excluded: &[u8]) {
        let mut waiting: Vec<StateID> = states.iter().copied().collect();
        while let Some(state) = waiting.pop() {
            for byte in (0..=u8::MAX).filter(|byte| !excluded.contains(byte)) {
                let next = self.step(state, byte);
                if states.insert(next) {
                    waiting.push(next);
                }
            }
        }
    }

    /// Once found is found.
    fn step(&self, state: StateID, byte: u8) -> StateID {
        if self.is_found(state) { state } else { self.0.next_state(state, byte) }
    }

    fn is_found(&self, state: StateID) -> bool {
        self.0.is_match_state(state)
    }
}

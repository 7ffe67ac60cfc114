//! The fingerprint by which GitHub recognizes an alert whose line has moved.

use std::collections::HashMap;

/// The characters that a line's hash looks at.
const WINDOW: usize = 100;
/// The base of the polynomial.
const BASE: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;

/// `primaryLocationLineHash` of every line of a text, as the `upload-sarif` action computes it where it is missing
/// (github/codeql-action, `src/fingerprints.ts`): a rolling hash over the 100 UTF-16 units from the start of the line on,
/// without blanks and tabs, with every line break as `\n`; then a number that tells equal ones apart.
///
/// The result's first element is line 1.
pub fn line_hashes(text: &str, has_byte_order_mark: bool) -> Vec<String> {
    let mut hasher = Hasher::new();
    if has_byte_order_mark {
        hasher.add('\u{feff}' as u16);
    }
    let mut after_return = false;
    for unit in text.encode_utf16() {
        let is_second_half = after_return && unit == u16::from(b'\n');
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || is_second_half {
            after_return = false;
            continue;
        }
        after_return = unit == u16::from(b'\r');
        hasher.add(if after_return { u16::from(b'\n') } else { unit });
    }
    hasher.add(END);
    hasher.finish()
}

struct Hasher {
    window: [u16; WINDOW],
    /// Whether a line begins at that place of the window.
    begins: [bool; WINDOW],
    index: usize,
    hash: u64,
    /// `BASE` to the power of `WINDOW`: the weight with which a unit leaves.
    leaving: u64,
    at_line_start: bool,
    seen: HashMap<u64, u32>,
    hashes: Vec<String>,
}

impl Hasher {
    fn new() -> Self {
        let leaving = (0..WINDOW).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        Self {
            window: [0; WINDOW],
            begins: [false; WINDOW],
            index: 0,
            hash: 0,
            leaving,
            at_line_start: true,
            seen: HashMap::new(),
            hashes: Vec::new(),
        }
    }

    fn add(&mut self, unit: u16) {
        self.give_out();
        if let Some(begins) = self.begins.get_mut(self.index) {
            *begins = self.at_line_start;
        }
        self.at_line_start = unit == u16::from(b'\n');
        self.roll(unit);
    }

    /// A line that began `WINDOW` units ago is complete.
    fn give_out(&mut self) {
        let Some(begins) = self.begins.get_mut(self.index) else { return };
        if std::mem::take(begins) {
            let count = self.seen.entry(self.hash).or_default();
            *count += 1;
            self.hashes.push(format!("{:x}:{count}", self.hash));
        }
    }

    fn roll(&mut self, unit: u16) {
        let Some(place) = self.window.get_mut(self.index) else { return };
        let left = u64::from(std::mem::replace(place, unit));
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.leaving.wrapping_mul(left));
        self.index = (self.index + 1) % WINDOW;
    }

    fn finish(mut self) -> Vec<String> {
        for _ in 0..WINDOW {
            self.give_out();
            self.roll(0);
        }
        self.hashes
    }
}

#[cfg(test)]
mod tests;

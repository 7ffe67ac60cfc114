//! Parts of a JSON text that is too large to be a tree at once: found by skipping over values, parsed where needed.
//!
//! A plan of a large root holds every resource up to four times (planned values, the change's two sides, the state before).
//! Only one of them is read.

use proofmark_source::{FileId, Span};
use proofmark_syntax::{Node, parse_json_part};
use std::ops::Range;

/// One value in a JSON text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// The members of an object or the elements of an array, in order. Ends early where the text is broken.
pub(super) struct Members<'t> {
    text: &'t str,
    at: usize,
    is_object: bool,
    /// Whether the closing bracket was met.
    pub is_closed: bool,
}

impl<'t> Part<'t> {
    /// The value that a text holds; of a text that is cut short, what there is.
    pub fn root(text: &'t str) -> Self {
        let start = skip_space(text, 0);
        Self { text, start, end: skip_value(text, start).unwrap_or(text.len()) }
    }

    /// Where it stands.
    pub fn span(self, file: FileId) -> Span {
        Span::new(file, self.start, self.end)
    }

    /// The members of an object; none of anything else.
    pub fn members(self) -> Members<'t> {
        self.inside(b'{')
    }

    /// The elements of an array, without names; none of anything else.
    pub fn elements(self) -> impl Iterator<Item = Part<'t>> {
        self.inside(b'[').map(|(_, element)| element)
    }

    fn inside(self, open: u8) -> Members<'t> {
        let is_there = self.text.as_bytes().get(self.start) == Some(&open);
        let at = if is_there { self.start + 1 } else { self.text.len() };
        Members { text: self.text, at, is_object: open == b'{', is_closed: !is_there }
    }

    /// The member of that name.
    pub fn get(self, name: &str) -> Option<Part<'t>> {
        self.members().find(|(own, _)| *own == name).map(|(_, part)| part)
    }

    /// The member at a path of names.
    pub fn at_path(self, path: &[&str]) -> Option<Part<'t>> {
        path.iter().try_fold(self, |part, name| part.get(name))
    }

    /// Its tree.
    pub fn node(self, file: FileId) -> Option<Node> {
        let parsed = parse_json_part(file, self.text, self.range());
        parsed.documents.into_iter().next().map(|document| document.root)
    }

    /// Its text as it is written.
    pub fn written(self) -> &'t str {
        self.text.get(self.range()).unwrap_or("")
    }

    fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl<'t> Iterator for Members<'t> {
    /// The name as it is written, without its quotes; empty in an array.
    type Item = (&'t str, Part<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        self.at = skip_space(self.text, self.at);
        if bytes.get(self.at) == Some(&b',') {
            self.at = skip_space(self.text, self.at + 1);
        }
        if matches!(bytes.get(self.at)?, b'}' | b']') {
            self.is_closed = true;
            self.at = self.text.len();
            return None;
        }
        let mut name = "";
        if self.is_object {
            let end = skip_value(self.text, self.at)?;
            name = self.text.get(self.at..end)?.trim_matches('"');
            self.at = skip_space(self.text, end);
            if bytes.get(self.at) != Some(&b':') {
                self.at = self.text.len();
                return None;
            }
            self.at = skip_space(self.text, self.at + 1);
        }
        let start = self.at;
        let Some(end) = skip_value(self.text, start).filter(|end| *end > start) else {
            self.at = self.text.len();
            return None;
        };
        self.at = end;
        Some((name, Part { text: self.text, start, end }))
    }
}

fn skip_space(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or(&[]);
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The end of the value that begins at a byte; `None` where the text ends inside it.
fn skip_value(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = at;
    loop {
        match bytes.get(at)? {
            b'"' => at = skip_string(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth > 0 => at += 1,
            _ => {
                let rest = bytes.get(at..)?;
                let is_end = |byte: &u8| {
                    matches!(byte, b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"')
                        || byte.is_ascii_whitespace()
                };
                at += rest.iter().position(is_end).unwrap_or(rest.len()).max(1);
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The byte behind the quote that closes the text which begins at a byte.
fn skip_string(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Vec<(&str, &str)> {
        Part::root(text).members().map(|(name, part)| (name, part.written())).collect()
    }

    #[test]
    fn values_are_skipped_whole() {
        let text = r#" { "a" : [1, {"b": "]}\"" }], "c":-1.5e3 ,"d": {} }"#;
        let expected = [("a", r#"[1, {"b": "]}\"" }]"#), ("c", "-1.5e3"), ("d", "{}")];
        assert_eq!(members(text), expected);
        assert_eq!(Part::root(text).get("a").map(|part| part.elements().count()), Some(2));
    }

    #[test]
    fn broken_texts_end_early() {
        for text in
            [r#"{"a": 1, "b": [1, "#, r#"{"a": 1, "b" 2}"#, r#"{"a": 1, "b": }"#, "{\"a\": 1, \"b\": \"x"]
        {
            assert_eq!(members(text), [("a", "1")], "{text}");
        }
        assert_eq!(members("[1]"), []);
        assert_eq!(members(""), []);
        let mut whole = Part::root("{\"a\": 1}").members();
        assert!(whole.by_ref().count() == 1 && whole.is_closed);
        let mut cut = Part::root("{\"a\": 1").members();
        assert!(cut.by_ref().count() == 1 && !cut.is_closed);
    }
}

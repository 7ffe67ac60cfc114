//! Hiding actions from the YAML parser, byte for byte.

use std::ops::Range;

/// Stands for every byte of an action inside a value: a plain scalar that means nothing in any dialect.
const FILLER: u8 = b'x';

/// Words that begin an action which steers and writes nothing.
const CONTROL: [&str; 24] = [
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "block",
    "break",
    "continue",
    "elif",
    "endif",
    "for",
    "endfor",
    "set",
    "macro",
    "endmacro",
    "raw",
    "endraw",
    "import",
    "from",
    "extends",
    "endblock",
    "filter",
    "endfilter",
];

/// The text with its actions hidden, every other byte in its place, and where the actions stand, in order.
pub(super) fn mask(text: &str) -> (String, Vec<Range<usize>>) {
    let actions = actions(text);
    let mut lines = lines(text, &actions);
    let mut bytes = text.as_bytes().to_vec();
    for line in &mut lines {
        line.classify(text);
    }
    for (index, line) in lines.iter().enumerate() {
        match line.role {
            Role::Control => line.actions.iter().for_each(|action| blank(&mut bytes, action)),
            Role::Mixed => line.actions.iter().for_each(|action| fill(&mut bytes, action, FILLER)),
            Role::Alone => place_alone(&mut bytes, &lines, index),
            Role::Plain | Role::Empty => {}
        }
    }
    // Only whole actions were replaced, by ASCII: the bytes stay UTF-8.
    (String::from_utf8_lossy(&bytes).into_owned(), actions)
}

/// A line; several, where an action runs over their ends.
struct Line {
    range: Range<usize>,
    actions: Vec<Range<usize>>,
    /// What stands outside of the actions.
    rest: String,
    /// The column at which keys of the line stand, behind any dashes, from 0.
    column: usize,
    /// The column of the first byte that is not blank, from 0.
    indent: usize,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// No action.
    Plain,
    /// Blank, or a comment.
    Empty,
    /// Only actions that steer.
    Control,
    /// Only actions, some of which write.
    Alone,
    /// Actions among other text.
    Mixed,
}

impl Line {
    fn classify(&mut self, text: &str) {
        let content = self.rest.trim();
        let steers = |action: &Range<usize>| is_control(text.get(action.clone()).unwrap_or(""));
        let opens = content.is_empty() || content.ends_with(':') || content == "-";
        self.role = match (self.actions.is_empty(), content.is_empty()) {
            _ if content.starts_with('#') && !self.starts_with_action() => Role::Empty,
            (true, true) => Role::Empty,
            (true, false) => Role::Plain,
            (false, _) if opens && self.actions.iter().all(steers) => Role::Control,
            (false, true) => Role::Alone,
            (false, false) => Role::Mixed,
        };
    }

    fn starts_with_action(&self) -> bool {
        self.actions.first().is_some_and(|action| action.start == self.range.start + self.indent)
    }

    fn is_significant(&self) -> bool {
        matches!(self.role, Role::Plain | Role::Mixed)
    }

    /// Whether the line ends with a key whose value comes below.
    fn awaits_value(&self) -> bool {
        let content = self.rest.split(" #").next().unwrap_or("").trim_end();
        content.ends_with(':') || content.trim() == "-"
    }
}

/// Hides a line of nothing but actions: as the value of the key above, or as an entry or element among its neighbors.
fn place_alone(bytes: &mut [u8], lines: &[Line], index: usize) {
    let Some(line) = lines.get(index) else { return };
    let end = line.actions.last().map_or(line.range.end, |action| action.end);
    let before = lines.get(..index).unwrap_or(&[]).iter().rev().find(|line| line.is_significant());
    let after = lines.get(index + 1..).unwrap_or(&[]).iter().find(|line| line.is_significant());
    for action in &line.actions {
        blank(bytes, action);
    }
    let Some(before) = before else {
        // The whole document may come from the template; what is written out elsewhere still counts.
        return;
    };
    let neighbor = after.filter(|after| after.indent > before.indent || !before.awaits_value());
    let is_value = before.awaits_value() && neighbor.is_none();
    let (column, is_element) = match neighbor {
        _ if is_value => (before.column + 1, false),
        Some(after) if before.awaits_value() || after.indent <= before.column => {
            (after.indent, after.rest.trim_start().starts_with("- "))
        }
        _ => (before.column, false),
    };
    let lead = if is_element { 2 } else { 0 };
    let first = line.actions.first().map_or(0, |action| action.start);
    // A value may stand anywhere to the right of its key; entries and elements stand below their neighbors.
    let start = if is_value { first.max(line.range.start + column) } else { line.range.start + column };
    let (text_start, needed) = (start + lead, if is_element || is_value { 1 } else { 2 });
    if end < text_start + needed {
        return;
    }
    fill(bytes, &(line.range.start..start), b' ');
    if is_element {
        fill(bytes, &(start..start + 1), b'-');
    }
    fill(bytes, &(text_start..end), FILLER);
    if !is_element && !is_value {
        fill(bytes, &(end - 1..end), b':');
    }
}

fn fill(bytes: &mut [u8], range: &Range<usize>, with: u8) {
    if let Some(part) = bytes.get_mut(range.clone()) {
        part.fill(with);
    }
}

/// Replaces everything but line ends by spaces.
fn blank(bytes: &mut [u8], range: &Range<usize>) {
    for byte in bytes.get_mut(range.clone()).unwrap_or(&mut []) {
        if *byte != b'\n' && *byte != b'\r' {
            *byte = b' ';
        }
    }
}

/// Whether an action writes nothing: a keyword, a comment, or an assignment.
fn is_control(action: &str) -> bool {
    if action.starts_with("{%") {
        return true;
    }
    let inner = action.trim_start_matches('{').trim_end_matches('}');
    let inner = inner.trim_start_matches('-').trim_start();
    let word = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    let is_assignment =
        inner.starts_with('$') && inner.split_once('=').is_some_and(|(left, _)| !left.contains('"'));
    inner.starts_with("/*") || is_assignment || CONTROL.contains(&word)
}

/// Where actions stand. One that is not closed is none.
fn actions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut position = 0;
    while let Some(at) = text.get(position..).and_then(|rest| rest.find('{')) {
        let start = position + at;
        let rest = text.get(start..).unwrap_or("");
        let length = if rest.starts_with("{{/*") || rest.starts_with("{{- /*") {
            rest.find("*/").and_then(|end| rest.get(end..)?.find("}}").map(|more| end + more + 2))
        } else if rest.starts_with("{{") {
            expression_length(rest)
        } else if rest.starts_with("{%") {
            rest.find("%}").map(|end| end + 2)
        } else {
            None
        };
        match length {
            Some(length) => {
                found.push(start..start + length);
                position = start + length;
            }
            None if rest.starts_with("{{") || rest.starts_with("{%") => return found,
            None => position = start + 1,
        }
    }
    found
}

/// The bytes of `{{ … }}` at the start of `rest`, with texts in quotes skipped.
fn expression_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut quote = None;
    let mut index = 2;
    while let Some(&byte) = bytes.get(index) {
        match quote {
            Some(b'"') if byte == b'\\' => index += 1,
            Some(open) if byte == open => quote = None,
            // A quote that is not closed on its line was none, such as an apostrophe.
            Some(open) if byte == b'\n' && open != b'`' => quote = None,
            Some(_) => {}
            None if byte == b'"' || byte == b'`' => quote = Some(byte),
            None if byte == b'}' && bytes.get(index + 1) == Some(&b'}') => return Some(index + 2),
            None => {}
        }
        index += 1;
    }
    // Quotes that do not pair up: the next end will do.
    rest.find("}}").map(|end| end + 2)
}

/// The lines of `text`, with the actions that begin in each.
fn lines(text: &str, actions: &[Range<usize>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut remaining = actions.iter().peekable();
    let mut start = 0;
    while start < text.len() {
        let mut end = line_end(text, start);
        let mut own: Vec<Range<usize>> = Vec::new();
        while let Some(action) = remaining.next_if(|action| action.start < end) {
            end = end.max(line_end(text, action.end));
            own.push(action.clone());
        }
        lines.push(line(text, start..end, own));
        // `line_end` stands on the line break, or at the end of the text.
        start = end + 1;
    }
    lines
}

fn line(text: &str, range: Range<usize>, actions: Vec<Range<usize>>) -> Line {
    let mut rest = String::new();
    let mut position = range.start;
    for action in &actions {
        rest.push_str(text.get(position..action.start).unwrap_or(""));
        position = action.end;
    }
    rest.push_str(text.get(position..range.end).unwrap_or(""));
    let written = text.get(range.clone()).unwrap_or("");
    let indent = written.len() - written.trim_start_matches(' ').len();
    let dashes = written
        .get(indent..)
        .map_or(0, |content| content.len() - content.trim_start_matches("- ").trim_start_matches(' ').len());
    Line { range, actions, rest, column: indent + dashes, indent, role: Role::Plain }
}

fn line_end(text: &str, from: usize) -> usize {
    text.get(from..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| from + at)
}

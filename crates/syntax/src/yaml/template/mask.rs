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
            Role::Control => hide(&mut bytes, line, next(&lines, index)),
            Role::Mixed => {
                line.actions.iter().for_each(|action| fill(&mut bytes, action, FILLER));
                if let Some(after) = next(&lines, index).filter(|after| line.is_continued_by(after)) {
                    place_below_key(&mut bytes, line, after);
                }
            }
            Role::Alone => place_alone(&mut bytes, text, &lines, index),
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
    /// Whether nothing but blanks stands behind the last action.
    ends_with_action: bool,
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
        let steers = |action: &Range<usize>| is_control(slice(text, action));
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
        match self.role {
            Role::Plain | Role::Mixed => true,
            Role::Control => !self.rest.trim().is_empty(),
            Role::Empty | Role::Alone => false,
        }
    }

    fn is_element(&self) -> bool {
        self.rest.trim_start().starts_with("- ")
    }

    /// Whether the line is `key: {{ … }}`, and the line below belongs to the key as well.
    fn is_continued_by(&self, after: &Line) -> bool {
        let is_deeper = after.indent > self.column || (after.is_element() && after.indent >= self.column);
        let is_element = self.rest.trim() == "-" && after.indent > self.indent;
        self.ends_with_action && self.opens() && self.actions.len() == 1 && (is_deeper || is_element)
    }

    /// Whether what stands outside of actions ends with a key or dash.
    fn opens(&self) -> bool {
        let content = self.rest.split(" #").next().unwrap_or("").trim();
        content.ends_with(':') || content == "-"
    }

    /// Whether the value of the line's key comes below.
    fn awaits_value(&self) -> bool {
        self.opens() && (self.role == Role::Control || !self.ends_with_action)
    }

    /// The column that the line's last action writes at, where it says so: `nindent 4`, `indent 4`.
    fn written_column(&self, text: &str) -> Option<usize> {
        let action = slice(text, self.actions.last()?);
        let (_, behind) = action.rsplit_once("indent ")?;
        let digits = behind.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    }
}

/// The next line that says something.
fn next(lines: &[Line], index: usize) -> Option<&Line> {
    lines.get(index + 1..).unwrap_or(&[]).iter().find(|line| line.is_significant())
}

/// Turns the actions of a line into a comment, at the column of the line below: further left it would end a block of
/// text, and as blanks it could stand further right than the block's first line may.
fn hide(bytes: &mut [u8], line: &Line, after: Option<&Line>) {
    let column = line.range.start + after.map_or(0, |after| after.indent);
    line.actions.iter().for_each(|action| fill(bytes, action, b' '));
    if let Some(action) = line.actions.iter().find(|action| column < action.end) {
        let start = action.start.max(column);
        fill(bytes, &(start..start + 1), b'#');
    }
}

/// Hides a line of nothing but actions: as the value of the key above, or as an entry or element among its neighbors.
fn place_alone(bytes: &mut [u8], text: &str, lines: &[Line], index: usize) {
    let Some(line) = lines.get(index) else { return };
    let above = lines.get(..index).unwrap_or(&[]);
    let after = next(lines, index);
    hide(bytes, line, after);
    // Without a line before, the whole document may come from the template.
    let Some(before) = above.iter().rev().find(|line| line.is_significant()) else { return };
    let end = line.actions.last().map_or(line.range.end, |action| action.end);
    let own = line.range.start..end;
    let column = line.written_column(text).or_else(|| neighbor_column(before, after));
    let peer = column.and_then(|column| Some((column, peer(above, after, column)?)));
    if let Some((column, is_element)) = peer {
        return place_entry(bytes, own, column, is_element);
    }
    let is_first =
        !above.iter().rev().take_while(|line| !line.is_significant()).any(|line| line.role == Role::Alone);
    // A value may stand anywhere to the right of its key.
    let first = line.actions.first().map_or(0, |action| action.start);
    let start = first.max(line.range.start + before.column + 1);
    if before.awaits_value() && is_first && start < end {
        fill(bytes, &own, b' ');
        fill(bytes, &(start..end), FILLER);
    }
}

/// Where a line between two others most likely belongs: to what goes on below, else to what stands above.
fn neighbor_column(before: &Line, after: Option<&Line>) -> Option<usize> {
    match after {
        Some(after) if after.indent > before.indent && before.awaits_value() => Some(after.indent),
        _ if before.awaits_value() => None,
        Some(after) if after.indent <= before.column => Some(after.indent),
        _ => Some(before.column),
    }
}

/// Whether a collection is open at the column, and whether it is a list: by the lines above, else by the one below.
fn peer(above: &[Line], after: Option<&Line>, column: usize) -> Option<bool> {
    let mut lines = above.iter().rev().filter(|line| line.is_significant());
    let closest = lines.find(|line| line.indent <= column);
    match closest {
        Some(line) if line.indent == column => Some(line.is_element()),
        Some(line) if line.column == column => Some(false),
        _ => after.filter(|after| after.indent == column).map(Line::is_element),
    }
}

/// Moves the value of `key: {{ … }}` to a line of its own, where entries or elements follow below: as one of them.
fn place_below_key(bytes: &mut [u8], line: &Line, after: &Line) {
    let Some(action) = line.actions.last() else { return };
    fill(bytes, action, b' ');
    // The bytes of the action make room for the line break.
    if action.len() > 1 {
        fill(bytes, &(action.start..action.start + 1), b'\n');
        place_entry(bytes, action.start + 1..action.end, after.indent, after.is_element());
    }
}

/// Writes an entry or element that nobody knows at a column of the line `range`, if there is room.
fn place_entry(bytes: &mut [u8], range: Range<usize>, column: usize, is_element: bool) {
    let start = range.start + column;
    if range.end < start + 3 {
        return;
    }
    fill(bytes, &range, b' ');
    if is_element {
        fill(bytes, &(start..start + 1), b'-');
        fill(bytes, &(start + 2..range.end), FILLER);
    } else {
        fill(bytes, &(start..range.end), FILLER);
        fill(bytes, &(range.end - 1..range.end), b':');
    }
}

fn slice<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.start..range.end).unwrap_or("")
}

fn fill(bytes: &mut [u8], range: &Range<usize>, with: u8) {
    if let Some(part) = bytes.get_mut(range.start..range.end) {
        part.fill(with);
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
            if action.end > end {
                end = line_end(text, action.end);
            }
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
    let tail = text.get(position..range.end).unwrap_or("");
    rest.push_str(tail);
    let ends_with_action = !actions.is_empty() && tail.trim().is_empty();
    let written = slice(text, &range);
    let indent = written.len() - written.trim_start_matches(' ').len();
    let dashes = written
        .get(indent..)
        .map_or(0, |content| content.len() - content.trim_start_matches("- ").trim_start_matches(' ').len());
    Line { range, actions, rest, column: indent + dashes, indent, ends_with_action, role: Role::Plain }
}

fn line_end(text: &str, from: usize) -> usize {
    text.get(from..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| from + at)
}

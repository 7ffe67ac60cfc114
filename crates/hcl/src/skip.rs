//! The way on behind an item that cannot be read: strings, heredocs, comments and brackets, and nothing else of the
//! grammar.

use crate::body::BodyParser;

/// What the scanner is inside of, in a quoted text.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Text,
    Interpolation,
}

impl BodyParser<'_> {
    /// Goes from the start of a broken item to where the next one may begin: behind the line in which its brackets are
    /// closed, or before the brace that ends the block around it.
    pub fn skip_item(&mut self, start: usize, indent: usize) {
        self.cursor.at = start;
        let mut closers: Vec<u8> = Vec::new();
        let mut is_indented = None;
        while !self.cursor.is_at_end() {
            match self.cursor.byte(0) {
                b'\n' => {
                    self.cursor.at += 1;
                    if closers.is_empty() || (self.guesses && self.begins_item(indent, &mut is_indented)) {
                        return;
                    }
                }
                b'"' => self.skip_quoted(),
                b'<' if self.cursor.byte(1) == b'<' => self.skip_heredoc(),
                b'#' | b'/' if self.cursor.comment() => {}
                b'{' => self.open(b'}', &mut closers),
                b'(' => self.open(b')', &mut closers),
                b'[' => self.open(b']', &mut closers),
                byte @ (b'}' | b')' | b']') => {
                    match closers.iter().rposition(|closer| *closer == byte) {
                        Some(place) => closers.truncate(place),
                        None if byte == b'}' => return,
                        None => {}
                    }
                    self.cursor.at += 1;
                }
                _ => self.cursor.at += 1,
            }
        }
        self.cursor.at = self.cursor.text.len();
    }

    fn open(&mut self, closer: u8, closers: &mut Vec<u8>) {
        closers.push(closer);
        self.cursor.at += 1;
    }

    /// Whether the line that begins here, inside of brackets, is indented no deeper than the item that opened them and
    /// looks like something else: then they were never closed. Only in text that is indented at all.
    fn begins_item(&self, indent: usize, is_indented: &mut Option<bool>) -> bool {
        let line = self.cursor.rest();
        let text = line.trim_start_matches([' ', '\t']);
        let depth = line.len() - text.len();
        if text.is_empty() || text.starts_with(['\n', '\r']) {
            return false;
        }
        if !*is_indented.get_or_insert(depth > indent || indent > 0) {
            return false;
        }
        (depth <= indent && looks_like_item(text, false)) || (depth < indent && text.starts_with('}'))
    }

    /// Steps over a quoted text, or to the end of the line where it is not closed.
    fn skip_quoted(&mut self) {
        self.cursor.at += 1;
        let mut modes = vec![Mode::Text];
        while let Some(mode) = modes.last().copied() {
            let [byte, next, after] = [self.cursor.byte(0), self.cursor.byte(1), self.cursor.byte(2)];
            if byte == b'\n' || self.cursor.is_at_end() {
                return;
            }
            self.cursor.at += match (mode, byte) {
                (Mode::Text, b'\\') if next != b'\n' => 2,
                (Mode::Text, b'$' | b'%') if next == byte && after == b'{' => 3,
                (Mode::Text, b'$' | b'%') if next == b'{' => {
                    modes.push(Mode::Interpolation);
                    2
                }
                (Mode::Interpolation, b'{' | b'"') => {
                    modes.push(if byte == b'"' { Mode::Text } else { Mode::Interpolation });
                    1
                }
                (Mode::Text, b'"') | (Mode::Interpolation, b'}') => {
                    modes.pop();
                    1
                }
                _ => 1,
            };
        }
    }

    /// Steps over a heredoc; one without an end reaches to the next line that is not indented and begins or ends a block,
    /// so that it hides one block and not the file.
    fn skip_heredoc(&mut self) {
        let rest = self.cursor.rest();
        let line = rest.split('\n').next().unwrap_or("");
        let marker = line.trim_start_matches('<').trim_start_matches('-').trim();
        let is_name = marker.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if marker.is_empty() || !is_name {
            self.cursor.at += 2;
            return;
        }
        let mut end = line.len() + 1;
        let is_closed = self.cursor.may_be_closed(marker);
        while let Some(line) =
            rest.get(end..).filter(|rest| !rest.is_empty()).and_then(|rest| rest.lines().next())
        {
            if is_closed && line.trim() == marker {
                self.cursor.at += end + line.trim_end().len();
                return;
            }
            if !is_closed && (line.starts_with('}') || looks_like_item(line, true)) {
                self.cursor.at += end - 1;
                return;
            }
            end += rest.get(end..).and_then(|rest| rest.find('\n')).map_or(rest.len(), |length| length + 1);
        }
        self.cursor.at = self.cursor.text.len();
    }
}

/// Whether a line begins like an attribute or a block: a name and `=`, or a name, labels and `{` at its end.
pub(crate) fn looks_like_item(line: &str, blocks_only: bool) -> bool {
    let line = line.lines().next().unwrap_or("").trim_end();
    let name =
        line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let rest = line.get(name..).unwrap_or("").trim_start();
    if name == 0 || line.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if let Some(value) = rest.strip_prefix('=') {
        return !blocks_only && !value.starts_with(['=', '>']);
    }
    rest.strip_suffix('{').is_some_and(|labels| {
        labels.split_whitespace().all(|label| {
            let is_quoted = label.len() > 1 && label.starts_with('"') && label.ends_with('"');
            is_quoted && !label.contains('$')
        })
    })
}

//! How a byte of a script is quoted.

/// The language of a script, as far as quoting goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Posix,
    PowerShell,
}

/// What surrounds a byte of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Nothing.
    Bare,
    /// Double quotes, or a here-document in which variables are read.
    Double,
    /// Single quotes.
    Single,
    /// A comment, or a here-document in which nothing is read.
    Dead,
}

/// How the byte at `place` is quoted. Template expressions before it count as plain letters.
pub(super) fn quoting_at(script: &str, place: usize, dialect: Dialect) -> Quoting {
    let before = without_expressions(script.get(..place).unwrap_or(script));
    let mut walk = Walk { text: &before, position: 0, stack: Vec::new(), awaited: Vec::new(), dialect };
    while let Some(ended) = walk.step() {
        if let Some(quoting) = ended {
            return quoting;
        }
    }
    walk.stack.last().copied().unwrap_or(Quoting::Bare)
}

/// The text with every `${{ … }}` replaced by letters of the same length.
fn without_expressions(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        let length =
            rest.get(start..).and_then(|inner| inner.find("}}")).map_or(rest.len() - start, |end| end + 2);
        plain.push_str(rest.get(..start).unwrap_or(""));
        plain.extend(std::iter::repeat_n('x', length));
        rest = rest.get(start + length..).unwrap_or("");
    }
    plain.push_str(rest);
    plain
}

struct Walk<'t> {
    text: &'t str,
    position: usize,
    /// The quotes that are open, innermost last. `Bare` is a command substitution.
    stack: Vec<Quoting>,
    /// The here-documents whose text begins behind the line: end mark, and whether variables are read in it.
    awaited: Vec<(String, bool)>,
    dialect: Dialect,
}

impl Walk<'_> {
    /// Goes on by one character; `None` at the end, an answer where the text ends inside a comment or here-document.
    fn step(&mut self) -> Option<Option<Quoting>> {
        let rest = self.text.get(self.position..).filter(|rest| !rest.is_empty())?;
        let character = rest.chars().next()?;
        let state = self.stack.last().copied().unwrap_or(Quoting::Bare);
        let escape = if self.dialect == Dialect::Posix { '\\' } else { '`' };
        self.position += character.len_utf8();
        match (state, character) {
            (Quoting::Single, '\'') => drop(self.stack.pop()),
            (Quoting::Single | Quoting::Dead, _) => {}
            (_, c) if c == escape => self.position += rest.chars().nth(1).map_or(0, char::len_utf8),
            (Quoting::Double, '"') => drop(self.stack.pop()),
            (_, '$') if rest.starts_with("$(") => {
                self.position += 1;
                self.stack.push(Quoting::Bare);
            }
            (Quoting::Double, _) => {}
            (Quoting::Bare, ')') => drop(self.stack.pop()),
            (Quoting::Bare, '(') => self.stack.push(Quoting::Bare),
            (Quoting::Bare, '\'') => self.stack.push(Quoting::Single),
            (Quoting::Bare, '"') => self.stack.push(Quoting::Double),
            (Quoting::Bare, '#') if self.begins_word() => return Some(self.skip_comment(rest)),
            (Quoting::Bare, '<') if rest.starts_with("<<<") => self.position += 2,
            (Quoting::Bare, '<') if rest.starts_with("<<") => self.await_document(rest),
            (Quoting::Bare, '\n') if !self.awaited.is_empty() => return Some(self.skip_documents()),
            (Quoting::Bare, _) => {}
        }
        Some(None)
    }

    fn begins_word(&self) -> bool {
        let before = self.text.get(..self.position.saturating_sub(1)).unwrap_or("");
        before
            .chars()
            .next_back()
            .is_none_or(|character| character.is_whitespace() || ";&|(".contains(character))
    }

    fn skip_comment(&mut self, rest: &str) -> Option<Quoting> {
        let Some(length) = rest.find('\n') else { return Some(Quoting::Dead) };
        self.position += length - 1;
        None
    }

    fn await_document(&mut self, rest: &str) {
        let behind = rest.trim_start_matches('<').trim_start_matches('-').trim_start_matches([' ', '\t']);
        let is_quoted = behind.starts_with(['\'', '"', '\\']);
        let mark = behind.trim_start_matches(['\'', '"', '\\']);
        let length = mark.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(mark.len());
        self.awaited.push((mark.get(..length).unwrap_or("").to_owned(), !is_quoted));
        self.position += rest.len() - behind.len() - 1 + usize::from(is_quoted) * 2 + length;
    }

    /// Goes behind the here-documents that begin here; an answer where the text ends in one.
    fn skip_documents(&mut self) -> Option<Quoting> {
        for (mark, reads) in std::mem::take(&mut self.awaited) {
            loop {
                let rest = self.text.get(self.position..).unwrap_or("");
                let Some(length) = rest.find('\n') else {
                    return Some(if reads { Quoting::Double } else { Quoting::Dead });
                };
                self.position += length + 1;
                if rest.get(..length).is_some_and(|line| line.trim() == mark) {
                    break;
                }
            }
        }
        None
    }
}

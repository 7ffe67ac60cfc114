//! From lines to instructions.

use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use proofmark_syntax::Comment;
use std::ops::Range;

/// The instructions that the reference names.
const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// A Dockerfile, split into instructions.
#[derive(Debug, Default)]
pub struct Dockerfile {
    /// The text with everything masked by blanks that is no part of an instruction: comments between continued lines.
    /// It is as long as the file, so that places are the same in both; the escape character is always `\`.
    pub masked: String,
    /// The instructions, in order.
    pub instructions: Vec<RawInstruction>,
    /// The comments, in order.
    pub comments: Vec<Comment>,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
}

/// One instruction.
#[derive(Clone, Debug)]
pub struct RawInstruction {
    /// The keyword in capitals.
    pub keyword: &'static str,
    /// The bytes of the keyword.
    pub keyword_range: Range<usize>,
    /// The bytes of everything behind it, without here-documents.
    pub body: Range<usize>,
    /// The bytes of the texts of its here-documents, end marks included.
    pub documents: Vec<Range<usize>>,
}

impl RawInstruction {
    /// All of its bytes.
    pub fn range(&self) -> Range<usize> {
        let end = self.documents.last().map_or(self.body.end, |document| document.end);
        self.keyword_range.start..end.max(self.keyword_range.end)
    }
}

/// Splits `text` into instructions. Never fails: see [`Dockerfile::diagnostics`].
pub fn parse_dockerfile(file: FileId, text: &str) -> Dockerfile {
    let mut parser = Parser {
        file,
        text,
        masked: text.as_bytes().to_vec(),
        position: 0,
        escape: escape_character(text),
        result: Dockerfile::default(),
    };
    while parser.position < text.len() {
        parser.step();
    }
    // Only whole ASCII bytes were replaced by ASCII bytes, or whole comments by blanks.
    parser.result.masked = String::from_utf8(parser.masked).unwrap_or_else(|_| text.to_owned());
    parser.result
}

/// The escape character that a directive at the top sets, else a backslash.
fn escape_character(text: &str) -> u8 {
    for line in text.lines() {
        let Some(directive) = line.trim().strip_prefix('#') else { break };
        let Some((name, value)) = directive.split_once('=') else { break };
        if name.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { b'`' } else { b'\\' };
        }
    }
    b'\\'
}

struct Parser<'t> {
    file: FileId,
    text: &'t str,
    masked: Vec<u8>,
    position: usize,
    escape: u8,
    result: Dockerfile,
}

impl<'t> Parser<'t> {
    /// Reads one line, or one instruction with all of its lines.
    fn step(&mut self) {
        let line = self.line_at(self.position);
        let content = self.slice(&line);
        let trimmed = content.trim();
        if trimmed.is_empty() {
            self.position = line.end + 1;
        } else if trimmed.starts_with('#') {
            self.take_comment(&line);
            self.position = line.end + 1;
        } else {
            self.take_instruction(line.start + (content.len() - content.trim_start().len()));
        }
    }

    /// The line that begins at `start`, without its break.
    fn line_at(&self, start: usize) -> Range<usize> {
        let rest = self.text.get(start..).unwrap_or("");
        start..start + rest.find('\n').unwrap_or(rest.len())
    }

    fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.start..range.end).unwrap_or("")
    }

    fn take_comment(&mut self, line: &Range<usize>) {
        let content = self.slice(line);
        let start = line.start + (content.len() - content.trim_start().len());
        let end = line.start + content.trim_end().len();
        let text = content.trim().trim_start_matches('#').trim();
        self.result.comments.push(Comment { text: text.into(), span: Span::new(self.file, start, end) });
    }

    fn take_instruction(&mut self, start: usize) {
        let end = self.continued_end(start);
        self.position = end + 1;
        let whole = self.text.get(start..end).unwrap_or("");
        let length = whole.find(char::is_whitespace).unwrap_or(whole.len());
        let word = whole.get(..length).unwrap_or("");
        let keyword_range = start..start + length;
        let Some(keyword) = KEYWORDS.iter().find(|keyword| keyword.eq_ignore_ascii_case(word)) else {
            let span = Span::new(self.file, keyword_range.start, keyword_range.end);
            let message = format!("`{word}` is no Dockerfile instruction");
            self.result.diagnostics.push(Diagnostic::new(
                Code("dockerfile-instruction"),
                Impact::Partial,
                span,
                message,
            ));
            return;
        };
        let body = self.trimmed(keyword_range.end..end);
        let documents = match *keyword {
            "RUN" | "COPY" | "ADD" => self.take_documents(&body),
            _ => Vec::new(),
        };
        self.result.instructions.push(RawInstruction { keyword, keyword_range, body, documents });
    }

    /// The end of the instruction that begins at `start`: that of its last continued line. Comments and empty lines
    /// between are masked.
    fn continued_end(&mut self, start: usize) -> usize {
        let mut line = self.line_at(start);
        let mut end = line.end;
        let mut is_open = self.is_continued(&line);
        while is_open && line.end < self.text.len() {
            line = self.line_at(line.end + 1);
            let content = self.slice(&line).trim();
            if content.starts_with('#') {
                self.take_comment(&line);
                self.mask(line.start..line.end + 1);
            } else if content.is_empty() {
                self.mask(line.start..line.end + 1);
            } else {
                end = line.end;
                is_open = self.is_continued(&line);
            }
        }
        end
    }

    /// Whether a line ends with the escape character, which then becomes a backslash directly before the break.
    fn is_continued(&mut self, line: &Range<usize>) -> bool {
        let kept = self.slice(line).trim_end();
        let Some(last) = kept.len().checked_sub(1) else { return false };
        let at = line.start + last;
        if self.text.as_bytes().get(at) != Some(&self.escape) {
            return false;
        }
        self.mask(at..line.end);
        if let Some(byte) = self.masked.get_mut(line.end.saturating_sub(1).max(at)) {
            *byte = b'\\';
        }
        true
    }

    fn mask(&mut self, range: Range<usize>) {
        let end = range.end.min(self.masked.len());
        if let Some(bytes) = self.masked.get_mut(range.start.min(end)..end) {
            bytes.fill(b' ');
        }
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let content = self.slice(&range);
        let start = range.start + (content.len() - content.trim_start().len());
        start..(range.start + content.trim_end().len()).max(start)
    }

    /// Reads the here-documents that the instruction asks for.
    fn take_documents(&mut self, body: &Range<usize>) -> Vec<Range<usize>> {
        let mut documents = Vec::new();
        for (end_mark, strips_tabs) in end_marks(self.slice(body)) {
            let start = self.position.min(self.text.len());
            let mut end = start;
            while self.position < self.text.len() {
                let line = self.line_at(self.position);
                self.position = line.end + 1;
                end = line.end;
                let content = self.slice(&line).trim_end_matches('\r');
                let content = if strips_tabs { content.trim_start_matches('\t') } else { content };
                if content == end_mark {
                    break;
                }
            }
            documents.push(start..end);
        }
        documents
    }
}

/// The end marks of the here-documents in a line, and whether leading tabs are taken off.
fn end_marks(body: &str) -> Vec<(String, bool)> {
    let mut marks = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find("<<") {
        let behind = rest.get(at + 2..).unwrap_or("");
        rest = behind;
        let strips_tabs = behind.starts_with('-');
        let behind = behind.strip_prefix('-').unwrap_or(behind);
        let name = behind.trim_start_matches(['"', '\'']);
        let length = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
        let mark = name.get(..length).unwrap_or("");
        if !mark.is_empty() && !mark.starts_with(|c: char| c.is_ascii_digit()) {
            marks.push((mark.to_owned(), strips_tabs));
        }
    }
    marks
}

//! Simple commands and redirections.

use super::Parser;
use super::document::Awaited;
use crate::command::Redirect;
use crate::tree::{Document, Node, NodeKind};
use crate::variables::assigned_name;

/// Longest first, so that `<<-` is not read as `<<`.
const REDIRECTS: [&str; 12] = ["&>>", "<<<", "<<-", "&>", ">>", "<<", "<&", ">&", ">|", "<>", "<", ">"];

/// Programs whose arguments may be assignments, lists in brackets included.
const DECLARING: [&str; 5] = ["declare", "export", "local", "readonly", "typeset"];

impl Parser<'_> {
    /// Reads assignments, a program with its arguments, and redirections; `None` where there are none.
    pub fn simple_command(&mut self) -> Option<Node> {
        let start = self.cursor.position;
        let mut end = start;
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.cursor.skip_blanks();
            if self.cursor.peek_byte() == b'#' {
                break;
            }
            if let Some(redirect) = self.redirect() {
                redirects.push(redirect);
            } else {
                let takes_lists =
                    words.first().is_none_or(|first: &crate::Word| DECLARING.contains(&first.text.as_str()));
                let Some(word) = self.word(takes_lists) else { break };
                match words.is_empty() && assigned_name(&word).is_some() {
                    true => assignments.push(word),
                    false => words.push(word),
                }
            }
            end = self.cursor.position;
        }
        if words.is_empty() && assignments.is_empty() && redirects.is_empty() {
            return None;
        }
        let range = self.cursor.places.outer(start..end);
        Some(Node { kind: NodeKind::Simple { assignments, words }, redirects, range })
    }

    /// Reads the redirections behind a compound command.
    pub fn redirects(&mut self) -> Vec<Redirect> {
        let mut redirects = Vec::new();
        loop {
            let start = self.cursor.position;
            self.cursor.skip_blanks();
            match self.redirect() {
                Some(redirect) => redirects.push(redirect),
                None => {
                    self.cursor.position = start;
                    return redirects;
                }
            }
        }
    }

    /// Reads a redirection, if one comes next.
    fn redirect(&mut self) -> Option<Redirect> {
        let start = self.cursor.position;
        let rest = self.cursor.rest();
        let behind = rest.get(descriptor_length(rest)..).unwrap_or("");
        let sign = REDIRECTS.iter().find(|sign| behind.starts_with(**sign))?;
        if behind.starts_with("<(") || behind.starts_with(">(") {
            return None;
        }
        self.cursor.position += rest.len() - behind.len() + sign.len();
        let operator = self.cursor.text.get(start..self.cursor.position).unwrap_or("").to_owned();
        self.cursor.skip_blanks();
        let word = self.word(false);
        if word.is_none() {
            self.cursor.note("nothing follows this redirection", start);
        }
        let target = word.unwrap_or_default();
        let document = matches!(*sign, "<<" | "<<-").then(|| {
            let index = self.documents.len();
            self.documents.push(Document::default());
            self.awaited.push(Awaited {
                index,
                end_mark: target.text.to_owned(),
                strips_tabs: *sign == "<<-",
                is_literal: target.is_quoted,
            });
            index
        });
        Some(Redirect { operator, target, document, body: None })
    }
}

/// The bytes of a file descriptor before a redirection: digits, or `{name}`.
fn descriptor_length(rest: &str) -> usize {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 || !rest.starts_with('{') {
        return digits;
    }
    let name = rest.bytes().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let is_name = rest.as_bytes().get(name + 1) == Some(&b'}')
        && matches!(rest.as_bytes().get(name + 2), Some(b'<' | b'>'));
    if is_name { name + 2 } else { 0 }
}

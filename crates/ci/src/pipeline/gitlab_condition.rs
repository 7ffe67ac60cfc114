//! `rules:if` of GitLab, asked for one event.
//!
//! Follows "CI/CD job rules: `rules:if` expressions": `&&` binds tighter than `||`, a bare variable asks whether it is set and not
//! empty, `=~` takes a pattern between slashes.

use super::event::{Branch, Event, Known};
use super::truth::Truth;
use proofmark_model::SmolStr;

/// Deeper parentheses are not followed; real conditions have two or three.
const MAX_DEPTH: usize = 32;

/// What a condition may ask beside the event.
pub struct Facts<'f> {
    /// The name of the default branch, as far as the file uses one.
    pub default_branch: &'f str,
    /// What the file says of a variable.
    pub variables: &'f dyn Fn(&str) -> Known,
}

/// Whether a condition holds for an event.
pub fn holds(text: &str, event: &Event, facts: &Facts<'_>) -> Truth {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0, event, facts };
    let truth = parser.either(0);
    if parser.at == tokens.len() { truth } else { Truth::Unknown }
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'t> {
    Mark(&'static str),
    Variable(&'t str),
    Text(&'t str),
    Pattern(&'t str),
    Word(&'t str),
}

const MARKS: [&str; 8] = ["&&", "||", "==", "!=", "=~", "!~", "(", ")"];

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            (Token::Mark(mark), mark.len())
        } else if matches!(first, '"' | '\'') {
            let inner = enclosed(rest, first);
            (Token::Text(inner), inner.len() + 2)
        } else if first == '/' {
            let inner = enclosed(rest, '/');
            let flags = rest.get(inner.len() + 2..).unwrap_or("");
            let flags = flags.len() - flags.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
            (Token::Pattern(inner), inner.len() + 2 + flags)
        } else {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '{' | '}');
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len()).max(first.len_utf8());
            let word = rest.get(..length).unwrap_or(rest);
            match word.strip_prefix('$') {
                Some(name) => (Token::Variable(name.trim_matches(['{', '}'])), length),
                None => (Token::Word(word), length),
            }
        };
        found.push(token);
        rest = rest.get(length..).unwrap_or("").trim_start();
    }
    found
}

/// The text between two marks of a kind; a backslash hides a mark.
fn enclosed(text: &str, mark: char) -> &str {
    let inner = text.get(1..).unwrap_or("");
    let mut is_hidden = false;
    for (index, character) in inner.char_indices() {
        match character {
            _ if is_hidden => is_hidden = false,
            '\\' => is_hidden = true,
            _ if character == mark => return inner.get(..index).unwrap_or(inner),
            _ => {}
        }
    }
    inner
}

struct Parser<'p, 't> {
    tokens: &'p [Token<'t>],
    at: usize,
    event: &'p Event,
    facts: &'p Facts<'p>,
}

impl<'t> Parser<'_, 't> {
    fn next_is(&mut self, mark: &'static str) -> bool {
        let is_next = self.tokens.get(self.at) == Some(&Token::Mark(mark));
        self.at += usize::from(is_next);
        is_next
    }

    fn either(&mut self, depth: usize) -> Truth {
        let mut truth = self.both(depth);
        while self.next_is("||") {
            truth = truth | self.both(depth);
        }
        truth
    }

    fn both(&mut self, depth: usize) -> Truth {
        let mut truth = self.comparison(depth);
        while self.next_is("&&") {
            truth = truth & self.comparison(depth);
        }
        truth
    }

    fn comparison(&mut self, depth: usize) -> Truth {
        if self.next_is("(") {
            let truth = if depth < MAX_DEPTH { self.either(depth + 1) } else { Truth::Unknown };
            return if self.next_is(")") { truth } else { Truth::Unknown };
        }
        let Some(left) = self.operand() else { return Truth::Unknown };
        for (mark, is_negated) in [("==", false), ("!=", true)] {
            if self.next_is(mark) {
                let equals = match self.operand() {
                    Some(right) => left.equals(&right, false),
                    None => Truth::Unknown,
                };
                return if is_negated { !equals } else { equals };
            }
        }
        for (mark, is_negated) in [("=~", false), ("!~", true)] {
            if self.next_is(mark) {
                let matches = self.matches(&left);
                return if is_negated { !matches } else { matches };
            }
        }
        left.truth()
    }

    fn matches(&mut self, left: &Known) -> Truth {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match (token, left) {
            (_, Known::Null) => Truth::False,
            (Some(Token::Pattern(pattern)), Known::Text(text)) => matches_pattern(pattern, text),
            _ => Truth::Unknown,
        }
    }

    fn operand(&mut self) -> Option<Known> {
        let token = self.tokens.get(self.at).cloned()?;
        self.at += 1;
        match token {
            Token::Variable(name) => Some(self.variable(name)),
            Token::Text(text) => Some(match text.strip_prefix('$') {
                Some(name) => self.variable(name.trim_matches(['{', '}'])),
                None => Known::text(text),
            }),
            Token::Word("null") => Some(Known::Null),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Known {
        let event = self.event;
        let is_merge_request = event.event == "merge_request";
        match name {
            "CI_PIPELINE_SOURCE" => Known::Text(SmolStr::clone(&event.native)),
            "CI_DEFAULT_BRANCH" => Known::text(self.facts.default_branch),
            "CI_COMMIT_BRANCH" if is_merge_request || event.event == "tag" => Known::Null,
            "CI_COMMIT_REF_NAME" if is_merge_request || event.event == "tag" => Known::Set,
            "CI_COMMIT_BRANCH" | "CI_COMMIT_REF_NAME" | "CI_COMMIT_REF_SLUG" => match &event.branch {
                Branch::Named(name) => Known::Text(SmolStr::clone(name)),
                Branch::Other => Known::Other,
                Branch::None => Known::Unknown,
            },
            "CI_COMMIT_TAG" if event.event == "tag" => Known::Set,
            "CI_COMMIT_TAG" => Known::Null,
            _ if name.starts_with("CI_MERGE_REQUEST_") && !is_merge_request => Known::Null,
            "CI_MERGE_REQUEST_ID" | "CI_MERGE_REQUEST_IID" => Known::Set,
            _ if name.starts_with("CI_EXTERNAL_PULL_REQUEST_") && event.event != "external" => Known::Null,
            // The platform sets the others, or a run does.
            _ if name.starts_with("CI_") || name.starts_with("GITLAB_") => Known::Unknown,
            _ => (self.facts.variables)(name),
        }
    }
}

/// Whether a pattern of plain texts with anchors, alternatives in one pair of parentheses, and `.*` at its end matches.
fn matches_pattern(pattern: &str, text: &str) -> Truth {
    let anchored_start = pattern.starts_with('^');
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let anchored_end = inner.ends_with('$');
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let grouped = inner.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if grouped.is_none() && inner.contains('|') && (anchored_start || anchored_end) {
        return Truth::Unknown;
    }
    let mut truth = Truth::False;
    for part in grouped.unwrap_or(inner).split('|') {
        let (part, is_open) = match part.strip_suffix(".*").or_else(|| part.strip_suffix(".+")) {
            Some(part) => (part, true),
            None => (part, false),
        };
        let plain = part.replace("\\/", "/").replace("\\.", "\u{1}").replace("\\-", "-");
        if plain.contains(['\\', '.', '*', '+', '?', '[', ']', '(', ')', '{', '}', '^', '$']) {
            return Truth::Unknown;
        }
        let plain = plain.replace('\u{1}', ".");
        let is_found = match (anchored_start, anchored_end && !is_open) {
            (true, true) => text == plain,
            (true, false) => text.starts_with(&plain),
            (false, true) => text.ends_with(&plain),
            (false, false) => text.contains(&plain),
        };
        truth = truth | Truth::from(is_found);
    }
    truth
}

//! Commands that hold others.

use super::expansion::arithmetic_end;
use super::{MAX_DEPTH, Parser};
use crate::Word;
use crate::tree::{List, Node, NodeKind, Pipeline, Statement};
use crate::word::Quotes;

/// Words that begin a compound command.
pub const OPENING: [&str; 10] =
    ["{", "if", "while", "until", "for", "select", "case", "function", "[[", "coproc"];

impl Parser<'_> {
    /// Reads one command with its redirections.
    pub fn node(&mut self) -> Option<Node> {
        let start = self.cursor.position;
        let is_bracket = self.cursor.peek_byte() == b'(';
        let keyword = if is_bracket { None } else { self.keyword(&OPENING) };
        if !is_bracket && keyword.is_none() {
            return self.simple_or_function();
        }
        if self.depth >= MAX_DEPTH {
            match keyword {
                Some(word) => self.cursor.position += word.len(),
                None => self.skip_balanced(),
            }
            self.cursor.note("nested too deep to be read", start);
            return None;
        }
        self.depth += 1;
        let kind = match keyword {
            None => self.bracketed_command(start),
            Some(word) => {
                self.cursor.position += word.len();
                self.compound(word, start)
            }
        };
        self.depth -= 1;
        let kind = kind?;
        let redirects = self.redirects();
        Some(Node { kind, redirects, range: self.cursor.range_from(start) })
    }

    fn compound(&mut self, keyword: &str, start: usize) -> Option<NodeKind> {
        match keyword {
            "{" => {
                let list = self.list(&["}"]);
                self.expect("}", "the group is never closed");
                Some(NodeKind::Group(list))
            }
            "if" => Some(self.if_command()),
            "while" | "until" => {
                let condition = self.list(&["do"]);
                let body = self.loop_body();
                Some(NodeKind::Loop { condition, body })
            }
            "for" | "select" => Some(self.for_command()),
            "case" => Some(self.case_command()),
            "function" => self.function_command(start),
            "[[" => Some(self.test_command(start)),
            _ => self.coprocess(),
        }
    }

    /// A command in the background. Its optional name reads like a program.
    fn coprocess(&mut self) -> Option<NodeKind> {
        self.cursor.skip_blanks();
        let node = self.node()?;
        let range = node.range.start..node.range.end;
        let pipeline = Pipeline { is_negated: false, range: range.start..range.end, stages: vec![node] };
        let statement = Statement { pipelines: vec![(false, pipeline)], is_background: true, range };
        Some(NodeKind::Group(List { statements: vec![statement] }))
    }

    /// `( … )` or `((…))`.
    fn bracketed_command(&mut self, start: usize) -> Option<NodeKind> {
        let rest = self.cursor.rest();
        if rest.starts_with("((")
            && let Some(length) = arithmetic_end(rest)
        {
            self.cursor.position += 2;
            let outer = std::mem::replace(&mut self.cursor.end, start + length - 2);
            let inner = self.text_until('\0', Quotes::Double);
            self.cursor.end = outer;
            self.cursor.position = start + length;
            let words = vec![Word::plain("((", self.cursor.places.outer(start..start + 2)), inner];
            return Some(NodeKind::Simple { assignments: Vec::new(), words });
        }
        self.cursor.position += 1;
        let list = self.list(&[")"]);
        self.expect(")", "the subshell is never closed");
        Some(NodeKind::Subshell(list))
    }

    fn if_command(&mut self) -> NodeKind {
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.list(&["then", "elif", "else", "fi"]);
            if self.keyword(&["then"]).is_some() {
                self.cursor.position += "then".len();
            } else {
                self.cursor.note("`then` is missing", self.cursor.position);
            }
            let body = self.list(&["elif", "else", "fi"]);
            branches.push((condition, body));
            if self.keyword(&["elif"]).is_none() {
                break;
            }
            self.cursor.position += "elif".len();
        }
        if self.keyword(&["else"]).is_some() {
            self.cursor.position += "else".len();
            otherwise = Some(self.list(&["fi"]));
        }
        self.expect("fi", "`fi` is missing");
        NodeKind::If { branches, otherwise }
    }

    /// `do … done`, or a group in its place.
    fn loop_body(&mut self) -> List {
        self.skip_separators();
        if self.keyword(&["{"]).is_some() {
            self.cursor.position += 1;
            let list = self.list(&["}"]);
            self.expect("}", "the group is never closed");
            return list;
        }
        if !self.expect("do", "`do` is missing") {
            return List::default();
        }
        let list = self.list(&["done"]);
        self.expect("done", "`done` is missing");
        list
    }

    fn for_command(&mut self) -> NodeKind {
        self.cursor.skip_blanks();
        if self.cursor.is_at("((")
            && let Some(length) = arithmetic_end(self.cursor.rest())
        {
            let outer = std::mem::replace(&mut self.cursor.end, self.cursor.position + length);
            let variable = self.text_until('\0', Quotes::Double);
            self.cursor.end = outer;
            return NodeKind::For { variable, words: Vec::new(), body: self.loop_body() };
        }
        let variable = self.word(false).unwrap_or_default();
        self.skip_lines();
        let mut words = Vec::new();
        if self.keyword(&["in"]).is_some() {
            self.cursor.position += "in".len();
            self.cursor.skip_blanks();
            while let Some(word) = self.word(false) {
                words.push(word);
                self.cursor.skip_blanks();
            }
        }
        NodeKind::For { variable, words, body: self.loop_body() }
    }

    fn case_command(&mut self) -> NodeKind {
        self.cursor.skip_blanks();
        let subject = self.word(false).unwrap_or_default();
        self.expect("in", "`in` is missing");
        let mut arms = Vec::new();
        loop {
            self.skip_separators();
            if self.cursor.is_at_end() || self.keyword(&["esac"]).is_some() {
                break;
            }
            let start = self.cursor.position;
            arms.push(self.case_arm());
            if self.cursor.position == start {
                break;
            }
        }
        self.expect("esac", "`esac` is missing");
        NodeKind::Case { subject, arms }
    }

    /// A list of patterns with what follows it.
    fn case_arm(&mut self) -> (Vec<Word>, List) {
        let start = self.cursor.position;
        self.cursor.eat("(");
        let mut patterns = Vec::new();
        loop {
            self.cursor.skip_blanks();
            patterns.extend(self.word(false));
            self.cursor.skip_blanks();
            if !self.cursor.eat("|") {
                break;
            }
        }
        if !self.cursor.eat(")") {
            // Commands without a pattern: they count as an arm.
            self.cursor.note("the pattern is never closed", start);
            self.cursor.position = start;
            patterns.clear();
        }
        let body = self.list(&[";;", "esac"]);
        let _ = self.cursor.eat(";;&") || self.cursor.eat(";;") || self.cursor.eat(";&");
        (patterns, body)
    }

    fn function_command(&mut self, start: usize) -> Option<NodeKind> {
        self.cursor.skip_blanks();
        let Some(name) = self.word(false) else {
            self.cursor.note("the function has no name", start);
            return None;
        };
        self.cursor.skip_blanks();
        if self.cursor.eat("(") {
            self.cursor.skip_blanks();
            self.cursor.eat(")");
        }
        self.function_body(name, start)
    }

    fn function_body(&mut self, name: Word, start: usize) -> Option<NodeKind> {
        self.skip_lines();
        match self.node() {
            Some(body) => Some(NodeKind::Function { name, body: Box::new(body) }),
            None => {
                self.cursor.note("the function has no body", start);
                None
            }
        }
    }

    /// A simple command, or `name() …`.
    fn simple_or_function(&mut self) -> Option<Node> {
        let start = self.cursor.position;
        let rest = self.cursor.rest();
        let length =
            rest.find(|c: char| super::word::is_word_end(c) || matches!(c, '$' | '\'' | '"' | '`' | '='));
        let behind = rest.get(length.unwrap_or(rest.len())..).unwrap_or("");
        let inner = behind.trim_start_matches([' ', '\t']).strip_prefix('(');
        let closed = inner.and_then(|inner| inner.trim_start_matches([' ', '\t']).strip_prefix(')'));
        let Some(closed) = closed.filter(|_| length.is_some_and(|length| length > 0)) else {
            return self.simple_command();
        };
        if self.depth >= MAX_DEPTH {
            self.cursor.note("nested too deep to be read", start);
            self.cursor.position = self.cursor.end - closed.len();
            return None;
        }
        let name_range = start..start + length.unwrap_or(0);
        let text = self.cursor.text.get(name_range.start..name_range.end).unwrap_or("");
        let name = Word::plain(text, self.cursor.places.outer(name_range));
        self.cursor.position = self.cursor.end - closed.len();
        self.depth += 1;
        let kind = self.function_body(name, start);
        self.depth -= 1;
        Some(Node { kind: kind?, redirects: Vec::new(), range: self.cursor.range_from(start) })
    }

    /// `[[ … ]]`, as a program with its operands and operators as arguments.
    fn test_command(&mut self, start: usize) -> NodeKind {
        let mut words = vec![Word::plain("[[", self.cursor.range_from(start))];
        loop {
            self.skip_lines();
            let at = self.cursor.position;
            if self.keyword(&["]]"]).is_some() {
                self.cursor.position += 2;
                words.push(Word::plain("]]", self.cursor.range_from(at)));
                break;
            }
            if self.cursor.is_at_end() || self.cursor.is_at(";") {
                self.cursor.note("`]]` is missing", start);
                break;
            }
            if let Some(word) = self.word(false) {
                words.push(word);
                continue;
            }
            let _ = self.cursor.eat("&&") || self.cursor.eat("||") || self.cursor.advance().is_some();
            let text = self.cursor.text.get(at..self.cursor.position).unwrap_or("");
            words.push(Word::plain(text, self.cursor.range_from(at)));
        }
        NodeKind::Simple { assignments: Vec::new(), words }
    }
}

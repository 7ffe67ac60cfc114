//! Tokens → tree, as text/template's `parse.go` reads them.

use crate::error::ParseError;
use crate::functions::find;
use crate::lexer::{Keyword, Token, TokenKind, Tokens, tokens};
use crate::limits::MAX_NESTING;
use crate::node::{Branch, Command, Node, NodeKind, Nodes, Operand, OperandKind, Pipe};
use crate::number::Number;
use crate::template::{Source, is_blank};
use crate::unicode::{quote, unquote, unquote_character};
use smol_str::{SmolStr, format_smolstr};
use std::rc::Rc;

/// What a text holds.
#[derive(Debug)]
pub(crate) struct ParsedText {
    /// The templates that it defines, in order.
    pub defined: Vec<(SmolStr, Rc<Nodes>)>,
    /// Itself.
    pub body: Rc<Nodes>,
}

/// Reads a text; of the source, only errors show the name.
pub(crate) fn parse(source: &Source) -> Result<ParsedText, ParseError> {
    let mut parser = Parser {
        source,
        tokens: tokens(&source.text),
        next: 0,
        variables: vec![SmolStr::new_static("$")],
        range_depth: 0,
        depth: 0,
        defined: Vec::new(),
    };
    let body = parser.file()?;
    let shared = |(name, nodes)| (name, Rc::new(nodes));
    Ok(ParsedText { defined: parser.defined.into_iter().map(shared).collect(), body: Rc::new(body) })
}

struct Parser<'s> {
    source: &'s Source,
    tokens: Tokens,
    next: usize,
    variables: Vec<SmolStr>,
    range_depth: usize,
    depth: usize,
    defined: Vec<(SmolStr, Nodes)>,
}

/// What ends a list of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ListEnd {
    End,
    Else,
}

/// A node of a list, or what ends the list.
enum Item {
    Node(Node),
    End(ListEnd),
}

type Parsed<T> = Result<T, ParseError>;

impl<'s> Parser<'s> {
    fn file(&mut self) -> Parsed<Nodes> {
        let mut nodes = Nodes::new();
        loop {
            match self.peek().kind {
                TokenKind::End => return Ok(nodes),
                TokenKind::LeftDelimiter if self.peeks_define() => self.definition()?,
                _ => match self.text_or_action()? {
                    Item::Node(node) => nodes.push(node),
                    Item::End(ListEnd::End) => return self.fail("unexpected {{end}}"),
                    Item::End(ListEnd::Else) => return self.fail("unexpected {{else}}"),
                },
            }
        }
    }

    fn peeks_define(&self) -> bool {
        let mut behind = self.tokens.list.iter().skip(self.next + 1);
        behind
            .find(|token| token.kind != TokenKind::Space)
            .is_some_and(|token| token.kind == TokenKind::Keyword(Keyword::Define))
    }

    /// `{{define "name"}} … {{end}}`
    fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        self.advance();
        self.next_non_space();
        let name = self.template_name(CONTEXT)?;
        self.expect(TokenKind::RightDelimiter, CONTEXT)?;
        let kept = std::mem::replace(&mut self.variables, vec![SmolStr::new_static("$")]);
        let (body, end) = self.list()?;
        self.variables = kept;
        if end == ListEnd::Else {
            return self.fail("unexpected {{else}} in define clause");
        }
        self.define(name, body)
    }

    fn define(&mut self, name: SmolStr, body: Nodes) -> Parsed<()> {
        let is_blank = |nodes: &Nodes| is_blank(nodes, &self.source.text);
        let blank = is_blank(&body);
        match self.defined.iter().position(|(defined, _)| *defined == name) {
            Some(_) if blank => {}
            Some(place) if self.defined.get(place).is_some_and(|(_, old)| is_blank(old)) => {
                if let Some(slot) = self.defined.get_mut(place) {
                    slot.1 = body;
                }
            }
            Some(_) => {
                return self.fail(format!("template: multiple definition of template {}", quote(&name)));
            }
            None => self.defined.push((name, body)),
        }
        Ok(())
    }

    fn template_name(&mut self, context: &str) -> Parsed<SmolStr> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::String | TokenKind::RawString => self.literal_text(&token),
            _ => self.unexpected(&token, context),
        }
    }

    fn literal_text(&self, token: &Token) -> Parsed<SmolStr> {
        let literal = self.text_of(token);
        let text = match token.kind {
            TokenKind::RawString => {
                literal.get(1..literal.len().saturating_sub(1)).map(|raw| SmolStr::new(raw.replace('\r', "")))
            }
            _ => unquote(literal).map(SmolStr::new),
        };
        text.map_or_else(|| self.fail_at(token.start, "invalid syntax"), Ok)
    }

    /// Nodes up to `{{end}}` or `{{else}}`.
    fn list(&mut self) -> Parsed<(Nodes, ListEnd)> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return self.fail("template: nested too deeply");
        }
        let mut nodes = Nodes::new();
        while self.peek_non_space().kind != TokenKind::End {
            match self.text_or_action()? {
                Item::Node(node) => nodes.push(node),
                Item::End(end) => {
                    self.depth -= 1;
                    return Ok((nodes, end));
                }
            }
        }
        self.fail_at(self.source.text.len(), "unexpected EOF")
    }

    fn text_or_action(&mut self) -> Parsed<Item> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::Text => {
                Ok(Item::Node(Node { start: token.start, end: token.end, kind: NodeKind::Text }))
            }
            TokenKind::LeftDelimiter => self.action(token.start),
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self, start: usize) -> Parsed<Item> {
        let token = self.next_non_space();
        let TokenKind::Keyword(keyword) = token.kind else {
            self.step_back();
            // A declaration lives on until the list that holds it ends.
            let pipe = self.pipeline("command", TokenKind::RightDelimiter)?;
            return Ok(self.item(start, NodeKind::Action(pipe)));
        };
        let kind = match keyword {
            Keyword::If => NodeKind::If(self.branch("if")?),
            Keyword::With => NodeKind::With(self.branch("with")?),
            Keyword::Range => NodeKind::Range(self.branch("range")?),
            Keyword::Block => self.block()?,
            Keyword::Template => self.call()?,
            Keyword::Break => self.leave(&token, "break", NodeKind::Break)?,
            Keyword::Continue => self.leave(&token, "continue", NodeKind::Continue)?,
            Keyword::End => {
                self.expect(TokenKind::RightDelimiter, "end")?;
                return Ok(Item::End(ListEnd::End));
            }
            Keyword::Else => {
                let next = self.peek_non_space().kind;
                if !matches!(next, TokenKind::Keyword(Keyword::If | Keyword::With)) {
                    self.expect(TokenKind::RightDelimiter, "else")?;
                }
                return Ok(Item::End(ListEnd::Else));
            }
            Keyword::Define => return self.unexpected(&token, "command"),
        };
        Ok(self.item(start, kind))
    }

    fn item(&self, start: usize, kind: NodeKind) -> Item {
        let end = self.last().map_or(start, |last| last.end);
        Item::Node(Node { start, end, kind })
    }

    fn leave(&mut self, token: &Token, word: &str, kind: NodeKind) -> Parsed<NodeKind> {
        let next = self.next_non_space();
        if next.kind != TokenKind::RightDelimiter {
            return self.unexpected(&next, &format!("{{{{{word}}}}}"));
        }
        if self.range_depth == 0 {
            return self.fail_at(token.start, format!("{{{{{word}}}}} outside {{{{range}}}}"));
        }
        Ok(kind)
    }

    /// `{{if x}} … {{else if y}} … {{else}} … {{end}}`, and the like for `with` and `range`.
    fn branch(&mut self, context: &str) -> Parsed<Branch> {
        let known = self.variables.len();
        let pipe = self.pipeline(context, TokenKind::RightDelimiter)?;
        self.range_depth += usize::from(context == "range");
        let (body, end) = self.list()?;
        self.range_depth -= usize::from(context == "range");
        let mut otherwise = Nodes::new();
        if end == ListEnd::Else {
            otherwise = self.otherwise(context)?;
        }
        self.variables.truncate(known);
        Ok(Branch { pipe, body, otherwise })
    }

    fn otherwise(&mut self, context: &str) -> Parsed<Nodes> {
        let start = self.peek().start;
        let chained = match self.peek().kind {
            TokenKind::Keyword(Keyword::If) if context == "if" => NodeKind::If as fn(Branch) -> NodeKind,
            TokenKind::Keyword(Keyword::With) if context == "with" => NodeKind::With,
            _ => {
                let (nodes, end) = self.list()?;
                return match end {
                    ListEnd::End => Ok(nodes),
                    ListEnd::Else => self.fail("expected end; found {{else}}"),
                };
            }
        };
        self.advance();
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return self.fail("template: nested too deeply");
        }
        let branch = self.branch(context)?;
        self.depth -= 1;
        let end = self.last().map_or(start, |last| last.end);
        Ok(vec![Node { start, end, kind: chained(branch) }])
    }

    /// `{{block "name" x}} … {{end}}`: a definition that is called where it stands.
    fn block(&mut self) -> Parsed<NodeKind> {
        const CONTEXT: &str = "block clause";
        let name_at = self.peek_non_space().start;
        let name = self.template_name(CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelimiter)?;
        let kept = std::mem::replace(&mut self.variables, vec![SmolStr::new_static("$")]);
        let (body, end) = self.list()?;
        self.variables = kept;
        if end == ListEnd::Else {
            return self.fail("unexpected {{else}} in block clause");
        }
        self.define(SmolStr::clone(&name), body)?;
        Ok(NodeKind::Template { name, name_at, pipe: Some(pipe) })
    }

    /// `{{template "name" x}}`
    fn call(&mut self) -> Parsed<NodeKind> {
        const CONTEXT: &str = "template clause";
        let name_at = self.peek_non_space().start;
        let name = self.template_name(CONTEXT)?;
        if self.peek_non_space().kind == TokenKind::RightDelimiter {
            self.next_non_space();
            return Ok(NodeKind::Template { name, name_at, pipe: None });
        }
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelimiter)?;
        Ok(NodeKind::Template { name, name_at, pipe: Some(pipe) })
    }

    fn pipeline(&mut self, context: &str, end: TokenKind) -> Parsed<Pipe> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return self.fail("template: nested too deeply");
        }
        let mut pipe = Pipe { is_assignment: false, variables: Vec::new(), commands: Vec::new() };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_non_space();
            if token.kind == end {
                break;
            }
            match token.kind {
                TokenKind::Bool
                | TokenKind::Character
                | TokenKind::Dot
                | TokenKind::Field
                | TokenKind::Identifier
                | TokenKind::Number
                | TokenKind::Nil
                | TokenKind::RawString
                | TokenKind::String
                | TokenKind::Variable
                | TokenKind::LeftParenthesis => {
                    self.step_back();
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return self.unexpected(&token, context),
            }
        }
        self.depth -= 1;
        self.check_pipeline(pipe, context)
    }

    fn check_pipeline(&self, pipe: Pipe, context: &str) -> Parsed<Pipe> {
        if pipe.commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        for (index, command) in pipe.commands.iter().enumerate().skip(1) {
            let first = command.operands.first().map(|operand| &operand.kind);
            if let Some(
                OperandKind::Bool(_)
                | OperandKind::Dot
                | OperandKind::Nil
                | OperandKind::Number(_)
                | OperandKind::Text { .. },
            ) = first
            {
                return self.fail(format!("non executable command in pipeline stage {}", index + 1));
            }
        }
        Ok(pipe)
    }

    /// `$x :=`, `$x =`, and `$i, $x :=` in front of a range.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Parsed<()> {
        while self.peek_non_space().kind == TokenKind::Variable {
            let start = self.next;
            let variable = self.advance();
            let name = SmolStr::new(self.text_of(&variable));
            let next = self.peek_non_space();
            match next.kind {
                TokenKind::Assign | TokenKind::Declare => {
                    pipe.is_assignment = next.kind == TokenKind::Assign;
                    self.next_non_space();
                    pipe.variables.push(SmolStr::clone(&name));
                    self.variables.push(name);
                    return Ok(());
                }
                TokenKind::Punctuation if self.text_of(&next) == "," => {
                    self.next_non_space();
                    pipe.variables.push(SmolStr::clone(&name));
                    self.variables.push(name);
                    if context != "range" || pipe.variables.len() > 1 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    match self.peek_non_space().kind {
                        TokenKind::Variable | TokenKind::RightDelimiter | TokenKind::RightParenthesis => {}
                        _ => return self.fail("range can only initialize variables"),
                    }
                }
                _ => {
                    self.next = start;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Parsed<Command> {
        let mut operands = Vec::new();
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let token = self.advance();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelimiter | TokenKind::RightParenthesis => self.step_back(),
                TokenKind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if operands.is_empty() {
            return self.fail("empty command");
        }
        Ok(Command { operands })
    }

    /// A term with the fields behind it.
    fn operand(&mut self) -> Parsed<Option<Operand>> {
        let Some(mut operand) = self.term()? else { return Ok(None) };
        if self.peek().kind != TokenKind::Field {
            return Ok(Some(operand));
        }
        let at = self.peek().start;
        let mut names = Vec::new();
        while self.peek().kind == TokenKind::Field {
            let field = self.advance();
            operand.end = field.end;
            names.push(SmolStr::new(self.text_of(&field).trim_start_matches('.')));
        }
        match &mut operand.kind {
            OperandKind::Field(fields) | OperandKind::Variable(fields) => {
                fields.extend(names);
                operand.at = at;
            }
            OperandKind::Function(_) | OperandKind::Pipe(_) | OperandKind::Chain(..) => {
                let (start, end) = (operand.start, operand.end);
                operand = Operand { start, end, at, kind: OperandKind::Chain(Box::new(operand), names) };
            }
            _ => return self.fail(format!("unexpected . after term {}", quote(&operand.to_string()))),
        }
        Ok(Some(operand))
    }

    fn term(&mut self) -> Parsed<Option<Operand>> {
        let token = self.next_non_space();
        let text = self.text_of(&token);
        let kind = match token.kind {
            TokenKind::Identifier => match find(text) {
                Some(function) => OperandKind::Function(function),
                None => return self.fail_at(token.start, format!("function {} not defined", quote(text))),
            },
            TokenKind::Dot => OperandKind::Dot,
            TokenKind::Nil => OperandKind::Nil,
            TokenKind::Variable if self.variables.iter().any(|known| known == text) => {
                OperandKind::Variable(vec![SmolStr::new(text)])
            }
            TokenKind::Variable => {
                return self.fail_at(token.start, format!("undefined variable {}", quote(text)));
            }
            TokenKind::Field => OperandKind::Field(vec![SmolStr::new(text.trim_start_matches('.'))]),
            TokenKind::Bool => OperandKind::Bool(text == "true"),
            TokenKind::Number => match Number::parse(text) {
                Ok(number) => OperandKind::Number(number),
                Err(problem) => return self.fail_at(token.start, format!("{problem}: {}", quote(text))),
            },
            TokenKind::Character => match unquote_character(text) {
                Some(character) => OperandKind::Number(Number::character(text, character)),
                None => return self.fail_at(token.start, format!("malformed character constant: {text}")),
            },
            TokenKind::LeftParenthesis => {
                let pipe = self.pipeline("parenthesized pipeline", TokenKind::RightParenthesis)?;
                OperandKind::Pipe(Box::new(pipe))
            }
            TokenKind::String | TokenKind::RawString => {
                OperandKind::Text { text: self.literal_text(&token)?, literal: SmolStr::new(text) }
            }
            _ => {
                self.step_back();
                return Ok(None);
            }
        };
        let end = self.last().map_or(token.end, |last| last.end);
        Ok(Some(Operand { start: token.start, end, at: token.start, kind }))
    }

    fn peek(&self) -> Token {
        let at = self.source.text.len();
        let tokens = &self.tokens.list;
        let last = Token { kind: TokenKind::End, start: at, end: at };
        tokens.get(self.next).or(tokens.last()).copied().unwrap_or(last)
    }

    /// The token that was taken last.
    fn last(&self) -> Option<&Token> {
        self.next.checked_sub(1).and_then(|last| self.tokens.list.get(last))
    }

    fn advance(&mut self) -> Token {
        let token = self.peek();
        self.next += 1;
        token
    }

    fn step_back(&mut self) {
        self.next -= 1;
    }

    /// Steps over space; gives the token behind it without taking it.
    fn peek_non_space(&mut self) -> Token {
        while self.peek().kind == TokenKind::Space {
            self.next += 1;
        }
        self.peek()
    }

    fn next_non_space(&mut self) -> Token {
        self.peek_non_space();
        self.advance()
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Parsed<()> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(()) } else { self.unexpected(&token, context) }
    }

    fn text_of(&self, token: &Token) -> &'s str {
        self.source.text.get(token.start..token.end).unwrap_or("")
    }

    fn unexpected<T>(&self, token: &Token, context: &str) -> Parsed<T> {
        let message = match &token.kind {
            TokenKind::Error => self.tokens.problem.to_string(),
            _ => format!("unexpected {} in {context}", self.described(token)),
        };
        self.fail_at(token.start.max(token.end.min(token.start)), message)
    }

    /// A token as messages name it.
    fn described(&self, token: &Token) -> SmolStr {
        let text = self.text_of(token);
        match &token.kind {
            TokenKind::End => SmolStr::new_static("EOF"),
            TokenKind::Keyword(_) | TokenKind::Dot | TokenKind::Nil => format_smolstr!("<{text}>"),
            _ if text.chars().count() > 10 => {
                let short: String = text.chars().take(10).collect();
                format_smolstr!("{}...", quote(&short))
            }
            _ => SmolStr::new(quote(text)),
        }
    }

    fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        let last = self.last();
        self.fail_at(last.map_or(0, |token| token.start), message)
    }

    fn fail_at<T>(&self, at: usize, message: impl Into<String>) -> Parsed<T> {
        let before = self.source.text.get(..at.min(self.source.text.len())).unwrap_or("");
        Err(ParseError {
            template: SmolStr::clone(&self.source.name),
            line: before.matches('\n').count() + 1,
            at,
            message: message.into(),
        })
    }
}

//! From words to the compiled form: one function per level of binding.

use super::ConditionError;
use super::lexer::{Token, TokenKind};
use crate::{BinaryOperator, Expr, ExprKind, Literal, Macro, UnaryOperator};
use smol_str::SmolStr;

/// Deeper nesting is refused, so that hostile conditions cannot exhaust the stack here or in evaluation.
const MAX_DEPTH: u32 = 100;

/// Parses all of `tokens`, which end with [`TokenKind::End`].
pub(super) fn parse(text: &str, tokens: &[Token]) -> Result<Expr, ConditionError> {
    let mut parser = Parser { text, tokens, position: 0, depth: 0 };
    if parser.peek() == &TokenKind::End {
        return Err(ConditionError::new((0, 0), "the condition is empty"));
    }
    let expr = parser.expression()?;
    match parser.peek() {
        TokenKind::End => Ok(expr),
        _ => Err(parser.unexpected("an operator or the end of the condition")),
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    position: usize,
    depth: u32,
}

type Parse<T> = Result<T, ConditionError>;

/// The operators with two sides, loosest first; those of one level bind from the left.
const LEVELS: [&[(&str, BinaryOperator)]; 5] = [
    &[("||", BinaryOperator::Or)],
    &[("&&", BinaryOperator::And)],
    &[
        ("==", BinaryOperator::Equal),
        ("!=", BinaryOperator::NotEqual),
        ("<=", BinaryOperator::LessOrEqual),
        (">=", BinaryOperator::GreaterOrEqual),
        ("<", BinaryOperator::Less),
        (">", BinaryOperator::Greater),
        ("in", BinaryOperator::In),
    ],
    &[("+", BinaryOperator::Add), ("-", BinaryOperator::Subtract)],
    &[("*", BinaryOperator::Multiply), ("/", BinaryOperator::Divide), ("%", BinaryOperator::Remainder)],
];

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t TokenKind {
        self.tokens.get(self.position).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn range(&self) -> (u32, u32) {
        let token = self.tokens.get(self.position).or(self.tokens.last());
        token.map_or((0, 0), |token| token.range)
    }

    /// The end of the word before this one.
    fn last_end(&self) -> u32 {
        let last = self.position.checked_sub(1).and_then(|index| self.tokens.get(index));
        last.map_or(0, |token| token.range.1)
    }

    fn advance(&mut self) {
        self.position += 1;
    }

    fn is_at(&self, mark: &str) -> bool {
        matches!(self.peek(), TokenKind::Mark(found) if *found == mark)
    }

    fn accept(&mut self, mark: &str) -> bool {
        let is_there = self.is_at(mark);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn expect(&mut self, mark: &str) -> Parse<()> {
        if self.accept(mark) { Ok(()) } else { Err(self.unexpected(&format!("`{mark}`"))) }
    }

    fn unexpected(&self, wanted: &str) -> ConditionError {
        let (start, end) = self.range();
        let found = self.text.get(start as usize..end as usize).unwrap_or("");
        let message = match self.peek() {
            TokenKind::End => format!("the condition ends where {wanted} is needed"),
            _ => format!("found `{found}` where {wanted} is needed"),
        };
        ConditionError::new((start, end), message)
    }

    fn node(&self, start: u32, kind: ExprKind) -> Expr {
        Expr { kind, range: (start, self.last_end()) }
    }

    /// Runs `inner` one level deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("the condition nests deeper than {MAX_DEPTH} levels");
            return Err(ConditionError::new(self.range(), message));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn expression(&mut self) -> Parse<Expr> {
        self.deeper(|parser| {
            let start = parser.range().0;
            let condition = parser.binary(0)?;
            if !parser.accept("?") {
                return Ok(condition);
            }
            let then = parser.binary(0)?;
            parser.expect(":")?;
            let otherwise = parser.expression()?;
            let kind = ExprKind::Conditional(condition.into(), then.into(), otherwise.into());
            Ok(parser.node(start, kind))
        })
    }

    fn operator(&self, level: usize) -> Option<BinaryOperator> {
        let written = match self.peek() {
            TokenKind::Mark(mark) => mark,
            TokenKind::Name(name) if name == "in" => "in",
            _ => return None,
        };
        let operators = LEVELS.get(level)?;
        operators.iter().find(|(mark, _)| *mark == written).map(|(_, operator)| *operator)
    }

    fn binary(&mut self, level: usize) -> Parse<Expr> {
        if level == LEVELS.len() {
            return self.unary();
        }
        let start = self.range().0;
        let mut left = self.binary(level + 1)?;
        let mut length = 0;
        while let Some(operator) = self.operator(level) {
            // A chain leans to the left, so every link is a level for whoever walks the tree.
            length += 1;
            if length > MAX_DEPTH {
                let message = format!("more than {MAX_DEPTH} operators in a row");
                return Err(ConditionError::new(self.range(), message)
                    .with_help("use a list with `in`, or parentheses"));
            }
            self.advance();
            let right = self.binary(level + 1)?;
            left = self.node(start, ExprKind::Binary(operator, left.into(), right.into()));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parse<Expr> {
        let start = self.range().0;
        if self.accept("!") {
            let inner = self.deeper(Self::unary)?;
            return Ok(self.node(start, ExprKind::Unary(UnaryOperator::Not, inner.into())));
        }
        if self.accept("-") {
            return self.negative(start);
        }
        self.member()
    }

    /// What follows a minus; a number takes it in, so that the least of all whole numbers can be written.
    fn negative(&mut self, start: u32) -> Parse<Expr> {
        let literal = match self.peek() {
            TokenKind::Integer(value) => 0_i64.checked_sub_unsigned(*value).map(Literal::Integer),
            TokenKind::Float(value) => Some(Literal::Float(-value)),
            _ => None,
        };
        if let Some(literal) = literal {
            self.advance();
            let number = self.node(start, ExprKind::Literal(literal));
            return self.selectors(start, number);
        }
        let inner = self.deeper(Self::unary)?;
        Ok(self.node(start, ExprKind::Unary(UnaryOperator::Negate, inner.into())))
    }

    fn member(&mut self) -> Parse<Expr> {
        let start = self.range().0;
        let primary = self.primary()?;
        self.selectors(start, primary)
    }

    /// Everything behind a value: `.name`, `.method(…)`, `[index]`.
    fn selectors(&mut self, start: u32, mut value: Expr) -> Parse<Expr> {
        let mut length = 0;
        loop {
            length += 1;
            if length > MAX_DEPTH {
                let message = format!("the path is longer than {MAX_DEPTH} steps");
                return Err(ConditionError::new(self.range(), message));
            }
            if self.accept(".") {
                value = self.selection(start, value)?;
            } else if self.accept("[") {
                self.refuse_optional()?;
                let index = self.expression()?;
                self.expect("]")?;
                value = self.node(start, ExprKind::Index(value.into(), index.into()));
            } else {
                return Ok(value);
            }
        }
    }

    fn refuse_optional(&self) -> Parse<()> {
        if !self.is_at("?") {
            return Ok(());
        }
        let error = ConditionError::new(self.range(), "optional syntax is not supported");
        Err(error.with_help("leave the `?` away: reading what is absent gives absent"))
    }

    fn selection(&mut self, start: u32, value: Expr) -> Parse<Expr> {
        self.refuse_optional()?;
        let name_range = self.range();
        let TokenKind::Name(name) = self.peek() else { return Err(self.unexpected("a name")) };
        self.advance();
        if !self.accept("(") {
            return Ok(self.node(start, ExprKind::Member(value.into(), SmolStr::clone(name))));
        }
        let arguments = self.arguments(")")?;
        match macro_named(name) {
            Some(kind) => {
                self.finish_macro(start, MacroCall { kind, name, name_range, receiver: value, arguments })
            }
            None => {
                let mut all = Vec::with_capacity(arguments.len() + 1);
                all.push(value);
                all.extend(arguments);
                Ok(self.node(start, ExprKind::Call(SmolStr::clone(name), all)))
            }
        }
    }

    fn finish_macro(&self, start: u32, call: MacroCall<'_>) -> Parse<Expr> {
        let MacroCall { kind, name, name_range, receiver, arguments } = call;
        let usage = format!("write `list.{name}(x, condition on x)`");
        let count = arguments.len();
        if !(count == 2 || (count == 3 && kind == Macro::Map)) {
            let error = ConditionError::new(name_range, format!("`{name}` takes a variable and a condition"));
            return Err(error.with_help(usage));
        }
        let mut arguments = arguments.into_iter();
        let variable = match arguments.next() {
            Some(Expr { kind: ExprKind::Name(variable), .. }) => variable,
            other => {
                let range = other.map_or(name_range, |expr| expr.range);
                let error =
                    ConditionError::new(range, format!("the first argument of `{name}` is not a plain name"));
                return Err(error.with_help(usage));
            }
        };
        Ok(self.node(start, ExprKind::Macro(kind, receiver.into(), variable, arguments.collect())))
    }

    /// Expressions up to the closing mark, separated by commas; one comma may stand behind the last.
    fn arguments(&mut self, close: &str) -> Parse<Vec<Expr>> {
        let mut arguments = Vec::new();
        while !self.accept(close) {
            self.refuse_optional()?;
            arguments.push(self.expression()?);
            if !self.is_at(close) && !self.accept(",") {
                return Err(self.unexpected(&format!("`,` or `{close}`")));
            }
        }
        Ok(arguments)
    }

    fn primary(&mut self) -> Parse<Expr> {
        let (start, _) = self.range();
        let kind = match self.peek() {
            TokenKind::Integer(value) => {
                let value = i64::try_from(*value).map_err(|_| {
                    ConditionError::new(self.range(), "this is not a whole number that fits 64 bits")
                })?;
                ExprKind::Literal(Literal::Integer(value))
            }
            TokenKind::Float(value) => ExprKind::Literal(Literal::Float(*value)),
            TokenKind::String(text) => ExprKind::Literal(Literal::String(SmolStr::clone(text))),
            TokenKind::Name(name) => return self.name(name),
            TokenKind::Mark("(") => {
                self.advance();
                let inner = self.expression()?;
                self.expect(")")?;
                return Ok(Expr { kind: inner.kind, range: (start, self.last_end()) });
            }
            TokenKind::Mark("[") => {
                self.advance();
                let elements = self.arguments("]")?;
                return Ok(self.node(start, ExprKind::List(elements)));
            }
            TokenKind::Mark("{") => return self.map(),
            _ => return Err(self.unexpected("a value")),
        };
        self.advance();
        Ok(self.node(start, kind))
    }

    fn map(&mut self) -> Parse<Expr> {
        let (start, _) = self.range();
        self.advance();
        let mut entries = Vec::new();
        while !self.accept("}") {
            self.refuse_optional()?;
            let key = self.expression()?;
            self.expect(":")?;
            entries.push((key, self.expression()?));
            if !self.is_at("}") && !self.accept(",") {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
        Ok(self.node(start, ExprKind::Map(entries)))
    }

    fn name(&mut self, name: &SmolStr) -> Parse<Expr> {
        let range = self.range();
        self.advance();
        let literal = match name.as_str() {
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            "null" => Some(Literal::Null),
            "in" => return Err(ConditionError::new(range, "`in` needs a value on its left side")),
            _ => None,
        };
        if let Some(literal) = literal {
            return Ok(self.node(range.0, ExprKind::Literal(literal)));
        }
        if self.is_at("{") {
            let error = ConditionError::new(range, "message literals are not supported");
            return Err(error.with_help("a map is written `{\"key\": value}`"));
        }
        if !self.accept("(") {
            return Ok(self.node(range.0, ExprKind::Name(SmolStr::clone(name))));
        }
        let arguments = self.arguments(")")?;
        if name == "has" {
            self.has(range, arguments)
        } else {
            Ok(self.node(range.0, ExprKind::Call(SmolStr::clone(name), arguments)))
        }
    }

    fn has(&self, range: (u32, u32), arguments: Vec<Expr>) -> Parse<Expr> {
        let mut arguments = arguments.into_iter();
        match (arguments.next(), arguments.next()) {
            (Some(place), None) if matches!(place.kind, ExprKind::Member(..) | ExprKind::Index(..)) => {
                Ok(self.node(range.0, ExprKind::Has(place.into())))
            }
            _ => {
                let error = ConditionError::new(range, "`has` takes one attribute");
                Err(error.with_help("write `has(self.attribute)`"))
            }
        }
    }
}

struct MacroCall<'n> {
    kind: Macro,
    name: &'n SmolStr,
    name_range: (u32, u32),
    receiver: Expr,
    arguments: Vec<Expr>,
}

fn macro_named(name: &str) -> Option<Macro> {
    Some(match name {
        "all" => Macro::All,
        "exists" => Macro::Exists,
        "exists_one" | "existsOne" => Macro::ExistsOne,
        "filter" => Macro::Filter,
        "map" => Macro::Map,
        _ => return None,
    })
}

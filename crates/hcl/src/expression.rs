//! Expressions, by recursive descent.

use crate::cursor::{Cursor, Read};
use crate::{BinaryOperator, Expr, ExprKind, ForExpr, ObjectItem, Step, StepKind, UnaryOperator};
use smol_str::SmolStr;

/// Expressions inside each other. Operators in a row become a tree as high as the row is long, and all that walks the tree
/// recurses, its release included.
const MAX_HEIGHT: u32 = 600;

impl Cursor<'_> {
    /// An expression; what stands behind it is the caller's to judge.
    pub fn expression(&mut self) -> Read<Expr> {
        let expr = self.nested(Self::conditional)?;
        self.tallest = self.tallest.max(self.height);
        Ok(expr)
    }

    fn conditional(&mut self) -> Read<Expr> {
        let condition = self.operation(0)?;
        self.space();
        if !self.eat("?") {
            return Ok(condition);
        }
        let mut height = self.height;
        let then = self.expression()?;
        height = height.max(self.height);
        self.space();
        if !self.eat(":") {
            return Err(self.broken(format!(
                "a conditional `… ? … : …` needs `:` and a second value here, not {}",
                self.found()
            )));
        }
        let otherwise = self.expression()?;
        self.height = height.max(self.height) + 1;
        let span = condition.span.join(otherwise.span);
        Ok(Expr { kind: ExprKind::Conditional(Box::new([condition, then, otherwise])), span })
    }

    /// Operands joined by operators that bind at least as tightly as `least`.
    fn operation(&mut self, least: u8) -> Read<Expr> {
        let mut left = self.operand()?;
        let mut height = self.height;
        while height < MAX_HEIGHT {
            self.space();
            let Some((operator, precedence, length)) = self.operator().filter(|found| found.1 >= least)
            else {
                self.height = height;
                return Ok(left);
            };
            self.at += length;
            let right = self.operation(precedence + 1)?;
            height = height.max(self.height) + 1;
            let span = left.span.join(right.span);
            left = Expr { kind: ExprKind::Binary(operator, Box::new([left, right])), span };
        }
        Err(self.too_deep())
    }

    /// The operator here, how tightly it binds, and its length in bytes.
    fn operator(&self) -> Option<(BinaryOperator, u8, usize)> {
        use BinaryOperator as Op;
        Some(match (self.byte(0), self.byte(1)) {
            (b'|', b'|') => (Op::Or, 0, 2),
            (b'&', b'&') => (Op::And, 1, 2),
            (b'=', b'=') => (Op::Equal, 2, 2),
            (b'!', b'=') => (Op::NotEqual, 2, 2),
            (b'<', b'=') => (Op::LessEqual, 3, 2),
            (b'>', b'=') => (Op::GreaterEqual, 3, 2),
            (b'<', _) => (Op::Less, 3, 1),
            (b'>', _) => (Op::Greater, 3, 1),
            (b'+', _) => (Op::Plus, 4, 1),
            (b'-', _) => (Op::Minus, 4, 1),
            (b'*', _) => (Op::Times, 5, 1),
            (b'/', _) => (Op::Divide, 5, 1),
            (b'%', _) => (Op::Modulo, 5, 1),
            _ => return None,
        })
    }

    fn operand(&mut self) -> Read<Expr> {
        self.space();
        let start = self.at;
        let operator = match self.byte(0) {
            b'-' => UnaryOperator::Negate,
            b'!' => UnaryOperator::Not,
            _ => return self.with_steps(),
        };
        self.at += 1;
        let operand = self.nested(Self::operand)?;
        self.height += 1;
        let span = self.map.span(start..start + 1).join(operand.span);
        Ok(Expr { kind: ExprKind::Unary(operator, Box::new(operand)), span })
    }

    /// A term and the steps into its value.
    fn with_steps(&mut self) -> Read<Expr> {
        let outer = std::mem::replace(&mut self.tallest, 0);
        let expr = self.term_with_steps();
        self.height = self.tallest + 1;
        self.tallest = outer;
        expr
    }

    fn term_with_steps(&mut self) -> Read<Expr> {
        let start = self.at;
        let root = self.term()?;
        let mut steps = Vec::new();
        let mut is_in_splat = false;
        loop {
            let end = self.at;
            self.space();
            let step_start = self.at;
            let kind = match self.byte(0) {
                b'.' if self.byte(1) != b'.' => self.dot_step(&mut is_in_splat)?,
                b'[' => {
                    is_in_splat = false;
                    self.within(true, Self::bracket_step)?
                }
                _ => {
                    self.at = end;
                    break;
                }
            };
            steps.push(Step { kind, span: self.span_from(step_start) });
        }
        if steps.is_empty() {
            return Ok(root);
        }
        Ok(Expr { kind: ExprKind::Traversal(Box::new(root), steps), span: self.span_from(start) })
    }

    /// A step behind a dot. Behind `.*` a legacy index is a step into each element, as attributes are.
    fn dot_step(&mut self, is_in_splat: &mut bool) -> Read<StepKind> {
        self.at += 1;
        self.space();
        if self.eat("*") {
            *is_in_splat = true;
            return Ok(StepKind::AttributeSplat);
        }
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            self.at += digits;
            let text = self.text.get(start..self.at).unwrap_or("");
            if *is_in_splat {
                return Ok(StepKind::Attribute(SmolStr::new(text)));
            }
            let number = text.parse().ok();
            let kind = ExprKind::Integer(number.unwrap_or(i64::MAX));
            return Ok(StepKind::Index(Expr { kind, span: self.span_from(start) }));
        }
        match self.identifier() {
            Some(name) => Ok(StepKind::Attribute(name)),
            None => {
                Err(self.broken(format!("an attribute name is required after a dot, not {}", self.found())))
            }
        }
    }

    fn bracket_step(&mut self) -> Read<StepKind> {
        self.at += 1;
        self.space();
        let kind = if self.eat("*") { StepKind::FullSplat } else { StepKind::Index(self.expression()?) };
        self.space();
        if self.eat("]") {
            return Ok(kind);
        }
        Err(self.broken(format!("an index must end with `]`, not {}", self.found())))
    }

    fn term(&mut self) -> Read<Expr> {
        let start = self.at;
        let kind = match self.byte(0) {
            b'"' => self.quoted()?,
            b'<' if self.byte(1) == b'<' => self.heredoc()?,
            b'(' => self.within(true, Self::parenthesis)?,
            b'[' => self.within(true, Self::tuple)?,
            b'{' => self.object_or_for()?,
            b'0'..=b'9' => self.number(),
            _ => match self.identifier() {
                Some(name) => self.named(name)?,
                None => return Err(self.no_expression()),
            },
        };
        Ok(Expr { kind, span: self.span_from(start) })
    }

    fn no_expression(&self) -> crate::cursor::Broken {
        let help = match self.byte(0) {
            b'\'' => "; texts stand in double quotes",
            b'\n' | b'\r' => "; a value that goes on in the next line needs parentheses",
            _ => "",
        };
        self.broken(format!("an expression must begin here, not {}{help}", self.found()))
    }

    fn number(&mut self) -> ExprKind {
        let start = self.at;
        let digits = |cursor: &mut Self| {
            cursor.at += cursor.rest().bytes().take_while(u8::is_ascii_digit).count();
        };
        digits(self);
        let mut is_whole = true;
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            is_whole = false;
            self.at += 1;
            digits(self);
        }
        let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
        if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + sign).is_ascii_digit() {
            is_whole = false;
            self.at += 1 + sign;
            digits(self);
        }
        let text = self.text.get(start..self.at).unwrap_or("0");
        match text.parse() {
            Ok(integer) if is_whole => ExprKind::Integer(integer),
            _ => {
                ExprKind::Float(text.parse().ok().filter(|value: &f64| value.is_finite()).unwrap_or(f64::MAX))
            }
        }
    }

    fn parenthesis(&mut self) -> Read<ExprKind> {
        self.at += 1;
        let inner = self.expression()?;
        self.space();
        if self.eat(")") {
            return Ok(ExprKind::Parenthesis(Box::new(inner)));
        }
        Err(self.broken(format!("an expression in parentheses must end with `)`, not {}", self.found())))
    }

    fn tuple(&mut self) -> Read<ExprKind> {
        self.at += 1;
        self.space();
        if self.is_at_word("for") {
            return self.for_expression("]");
        }
        let mut elements = Vec::new();
        loop {
            self.space();
            if self.eat("]") {
                return Ok(ExprKind::Tuple(elements));
            }
            elements.push(self.expression()?);
            self.space();
            if !self.eat(",") && self.byte(0) != b']' {
                return Err(self.broken(format!("a comma or `]` must stand here, not {}", self.found())));
            }
        }
    }

    fn object_or_for(&mut self) -> Read<ExprKind> {
        self.at += 1;
        let start = self.at;
        self.blank();
        if self.is_at_word("for") {
            return self.within(true, |cursor| cursor.for_expression("}"));
        }
        self.at = start;
        self.within(false, Self::object)
    }

    fn object(&mut self) -> Read<ExprKind> {
        let mut items = Vec::new();
        loop {
            self.blank();
            if self.eat("}") {
                return Ok(ExprKind::Object(items));
            }
            let key = object_key(self.expression()?);
            self.space();
            if !self.eat("=") && !self.eat(":") {
                let found = self.found();
                return Err(self.broken(format!("`=` and a value must follow the key here, not {found}")));
            }
            let value = self.expression()?;
            items.push(ObjectItem { key, value });
            self.space();
            if !self.eat(",") && !self.eat_newline() && self.byte(0) != b'}' {
                let found = self.found();
                return Err(self.broken(format!("a newline, a comma or `}}` must stand here, not {found}")));
            }
        }
    }

    fn for_expression(&mut self, closer: &str) -> Read<ExprKind> {
        self.at += 3;
        let (key_name, value_name, collection) = self.for_intro()?;
        self.space();
        if !self.eat(":") {
            return Err(self.broken(format!("a `for` needs `:` behind its collection, not {}", self.found())));
        }
        let first = self.expression()?;
        self.space();
        let (key, value) = if closer == "}" {
            if !self.eat("=>") {
                let found = self.found();
                return Err(
                    self.broken(format!("a `for` in braces needs `key => value`, and here is {found}"))
                );
            }
            (Some(first), self.expression()?)
        } else {
            (None, first)
        };
        self.space();
        let is_grouping = key.is_some() && self.eat("...");
        self.space();
        let mut condition = None;
        if self.is_at_word("if") {
            self.at += 2;
            condition = Some(self.expression()?);
        }
        self.space();
        if !self.eat(closer) {
            return Err(self.broken(format!("a `for` must end with `{closer}` here, not {}", self.found())));
        }
        let expr = ForExpr { key_name, value_name, collection, key, value, is_grouping, condition };
        Ok(ExprKind::For(Box::new(expr)))
    }

    /// `k, v in collection`, behind the word `for`.
    pub fn for_intro(&mut self) -> Read<(Option<SmolStr>, SmolStr, Expr)> {
        let first = self.for_name()?;
        self.space();
        let (key_name, value_name) =
            if self.eat(",") { (Some(first), self.for_name()?) } else { (None, first) };
        self.space();
        if !self.is_at_word("in") {
            return Err(self.broken(format!("a `for` needs `in` behind its names, not {}", self.found())));
        }
        self.at += 2;
        Ok((key_name, value_name, self.expression()?))
    }

    fn for_name(&mut self) -> Read<SmolStr> {
        self.space();
        let found = self.found();
        self.identifier().ok_or_else(|| self.broken(format!("a `for` needs a name here, not {found}")))
    }

    /// A keyword, a function call, or a name.
    fn named(&mut self, name: SmolStr) -> Read<ExprKind> {
        let mut full = name;
        let is_bare = !self.rest().starts_with("::");
        while self.rest().starts_with("::") {
            self.at += 2;
            let found = self.found();
            let Some(next) = self.identifier() else {
                return Err(self.broken(format!("a function's name must go on here, not {found}")));
            };
            full = smol_str::format_smolstr!("{full}::{next}");
        }
        let end = self.at;
        self.space();
        if self.byte(0) == b'(' {
            return self.within(true, |cursor| cursor.call(full));
        }
        self.at = end;
        if !is_bare {
            return Err(self.broken(format!("`(` must follow the function `{full}`, not {}", self.found())));
        }
        Ok(match full.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ => ExprKind::Variable(full),
        })
    }

    fn call(&mut self, name: SmolStr) -> Read<ExprKind> {
        self.at += 1;
        let mut arguments = Vec::new();
        let mut expands_last = false;
        loop {
            self.space();
            if self.eat(")") {
                return Ok(ExprKind::Call { name, arguments, expands_last });
            }
            if !expands_last {
                arguments.push(self.expression()?);
                self.space();
                expands_last = self.eat("...");
                self.space();
                if (!expands_last && self.eat(",")) || self.byte(0) == b')' {
                    continue;
                }
            }
            let found = self.found();
            return Err(self.broken(format!("a comma or `)` must stand here in `{name}(…)`, not {found}")));
        }
    }
}

/// A bare name as a key is text, also where it looks like a keyword.
fn object_key(key: Expr) -> Expr {
    let name = match &key.kind {
        ExprKind::Variable(name) => SmolStr::clone(name),
        ExprKind::Null => SmolStr::new_static("null"),
        ExprKind::Bool(value) => SmolStr::new_static(if *value { "true" } else { "false" }),
        _ => return key,
    };
    Expr { kind: ExprKind::String(name), span: key.span }
}

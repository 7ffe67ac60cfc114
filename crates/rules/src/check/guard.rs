//! The trap of an order comparison under `!`.
//!
//! `self.days < 30` is false where `days` is absent, so `!(self.days < 30)` would pass on a setting that nobody made.
//! Whoever wants that says so with `has(self.days)`.

use crate::cel::ConditionError;
use crate::{BinaryOperator, Expr, ExprKind, Literal, UnaryOperator};

/// Reports every order comparison under an odd `!` whose attributes are not guarded by `has()` or `!= null`.
pub(super) fn check_negated_order(expr: &Expr, errors: &mut Vec<ConditionError>) {
    Visitor { guards: Vec::new(), errors }.visit(expr, false);
}

/// A walk through a condition.
struct Visitor<'e, 'r> {
    /// The places that are certainly there.
    guards: Vec<&'e Expr>,
    errors: &'r mut Vec<ConditionError>,
}

impl<'e> Visitor<'e, '_> {
    fn visit(&mut self, expr: &'e Expr, is_negated: bool) {
        match &expr.kind {
            ExprKind::Unary(UnaryOperator::Not, inner) => self.visit(inner, !is_negated),
            ExprKind::Binary(BinaryOperator::And, left, right) => {
                let count = self.guards.len();
                collect_guards(left, &mut self.guards);
                collect_guards(right, &mut self.guards);
                self.visit(left, is_negated);
                self.visit(right, is_negated);
                self.guards.truncate(count);
            }
            ExprKind::Binary(BinaryOperator::Or, left, right) => {
                // `!has(x) || …`: the right side is only asked where `x` is there.
                let count = self.guards.len();
                collect_absences(left, &mut self.guards);
                self.visit(right, is_negated);
                self.guards.truncate(count);
                self.visit(left, is_negated);
            }
            ExprKind::Binary(operator, left, right) if is_order(*operator) => {
                for side in [left, right] {
                    if is_negated {
                        check_side(side, expr, &self.guards, self.errors);
                    }
                    self.visit(side, false);
                }
            }
            ExprKind::Binary(BinaryOperator::Equal, left, right) => {
                self.visit_compared(left, right, false, is_negated);
            }
            ExprKind::Binary(BinaryOperator::NotEqual, left, right) => {
                self.visit_compared(left, right, true, is_negated);
            }
            ExprKind::Conditional(condition, then, otherwise) => {
                let count = self.guards.len();
                collect_guards(condition, &mut self.guards);
                self.visit(then, is_negated);
                self.guards.truncate(count);
                self.visit(condition, is_negated);
                self.visit(otherwise, is_negated);
            }
            ExprKind::Macro(_, range, _, bodies) => {
                self.visit(range, false);
                bodies.iter().for_each(|body| self.visit(body, is_negated));
            }
            ExprKind::Call(_, arguments) | ExprKind::List(arguments) => {
                arguments.iter().for_each(|argument| self.visit(argument, false));
            }
            ExprKind::Member(inner, _)
            | ExprKind::Has(inner)
            | ExprKind::Unary(UnaryOperator::Negate, inner) => {
                self.visit(inner, false);
            }
            ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
                self.visit(left, false);
                self.visit(right, false);
            }
            ExprKind::Map(entries) => entries.iter().for_each(|(_, value)| self.visit(value, false)),
            ExprKind::Literal(_) | ExprKind::Name(_) => {}
        }
    }

    /// `x == false` and `x != true` are `!x`.
    fn visit_compared(&mut self, left: &'e Expr, right: &'e Expr, negating: bool, is_negated: bool) {
        let negates = |side: &Expr| side.kind == ExprKind::Literal(Literal::Bool(negating));
        self.visit(left, is_negated != negates(right));
        self.visit(right, is_negated != negates(left));
    }
}

/// The places that are certainly there where `expr` is true.
fn collect_guards<'e>(expr: &'e Expr, guards: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Has(place) => guards.push(place),
        ExprKind::Binary(BinaryOperator::NotEqual, place, null) if is_null(null) => guards.push(place),
        ExprKind::Binary(BinaryOperator::And, left, right) => {
            collect_guards(left, guards);
            collect_guards(right, guards);
        }
        _ => {}
    }
}

/// The places that are certainly there where `expr` is false.
fn collect_absences<'e>(expr: &'e Expr, guards: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Unary(UnaryOperator::Not, inner) => collect_guards(inner, guards),
        ExprKind::Binary(BinaryOperator::Equal, place, null) if is_null(null) => guards.push(place),
        ExprKind::Binary(BinaryOperator::Or, left, right) => {
            collect_absences(left, guards);
            collect_absences(right, guards);
        }
        _ => {}
    }
}

fn is_null(expr: &Expr) -> bool {
    expr.kind == ExprKind::Literal(Literal::Null)
}

fn is_order(operator: BinaryOperator) -> bool {
    use BinaryOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    matches!(operator, Less | LessOrEqual | Greater | GreaterOrEqual)
}

/// Reports the attributes in one side of a comparison that may be absent and are not guarded.
fn check_side(side: &Expr, comparison: &Expr, guards: &[&Expr], errors: &mut Vec<ConditionError>) {
    match &side.kind {
        ExprKind::Member(base, _) | ExprKind::Index(base, _) => {
            let is_param =
                matches!(&base.kind, ExprKind::Name(name) if name == "params" || name == "resource");
            if is_param || guards.iter().any(|guard| reaches(guard, side)) {
                return;
            }
            let message = "an order comparison under `!` passes where the attribute is absent";
            let help = "turn the comparison round, or guard it: `has(self.x) && !(self.x < 1)`";
            errors.push(ConditionError::new(comparison.range, message).with_help(help));
        }
        // The size of what is absent is 0, never absent.
        ExprKind::Call(name, _) if name == "size" => {}
        ExprKind::Call(_, inner) | ExprKind::List(inner) => {
            inner.iter().for_each(|argument| check_side(argument, comparison, guards, errors));
        }
        ExprKind::Unary(_, inner) => check_side(inner, comparison, guards, errors),
        ExprKind::Binary(_, left, right) => {
            check_side(left, comparison, guards, errors);
            check_side(right, comparison, guards, errors);
        }
        _ => {}
    }
}

/// Whether a guard on `guard` says that `place` is there: it is that place, or lies inside it.
fn reaches(guard: &Expr, place: &Expr) -> bool {
    is_same(guard, place)
        || match &guard.kind {
            ExprKind::Member(base, _) | ExprKind::Index(base, _) => reaches(base, place),
            _ => false,
        }
}

/// Whether two places are written alike, wherever they stand.
fn is_same(left: &Expr, right: &Expr) -> bool {
    match (&left.kind, &right.kind) {
        (ExprKind::Member(left, a), ExprKind::Member(right, b)) => a == b && is_same(left, right),
        (ExprKind::Index(left, a), ExprKind::Index(right, b)) => is_same(a, b) && is_same(left, right),
        (ExprKind::Call(a, left), ExprKind::Call(b, right)) => {
            a == b
                && left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (left, right) => left == right,
    }
}

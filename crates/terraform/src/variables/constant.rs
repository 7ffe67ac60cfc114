//! Expressions that stand for themselves: the values of variables may name nothing and call nothing.

use crate::evaluator::Fault;
use proofmark_hcl::{Expr, ExprKind, ForExpr, Step, StepKind, TemplatePart};
use proofmark_model::SmolStr;

/// Names that a `for` binds, innermost first.
#[derive(Clone, Copy)]
struct Bound<'a> {
    names: [Option<&'a SmolStr>; 2],
    outer: Option<&'a Bound<'a>>,
}

/// Refuses an expression that names something or calls a function.
///
/// # Errors
/// The first place that does.
pub(super) fn check_constant(expr: &Expr) -> Result<(), Fault> {
    check(expr, None)
}

fn check(expr: &Expr, bound: Option<&Bound<'_>>) -> Result<(), Fault> {
    match &expr.kind {
        ExprKind::Variable(name) if !is_bound(name, bound) => {
            Err(Fault::new(expr.span, "the value of a variable may not refer to anything"))
        }
        ExprKind::Call { .. } => {
            Err(Fault::new(expr.span, "the value of a variable may not call a function"))
        }
        ExprKind::Template(parts) => check_parts(parts, bound),
        ExprKind::Tuple(elements) => check_all(elements, bound),
        ExprKind::Object(items) => {
            items.iter().try_for_each(|item| check(&item.key, bound).and_then(|()| check(&item.value, bound)))
        }
        ExprKind::Traversal(root, steps) => {
            check(root, bound)?;
            steps.iter().try_for_each(|step| check_step(step, bound))
        }
        ExprKind::Conditional(parts) => check_all(&**parts, bound),
        ExprKind::Binary(_, operands) => check_all(&**operands, bound),
        ExprKind::Unary(_, operand) | ExprKind::Parenthesis(operand) => check(operand, bound),
        ExprKind::For(for_expr) => check_for(for_expr, bound),
        _ => Ok(()),
    }
}

fn check_all(exprs: &[Expr], bound: Option<&Bound<'_>>) -> Result<(), Fault> {
    exprs.iter().try_for_each(|expr| check(expr, bound))
}

fn check_step(step: &Step, bound: Option<&Bound<'_>>) -> Result<(), Fault> {
    match &step.kind {
        StepKind::Index(index) => check(index, bound),
        _ => Ok(()),
    }
}

fn check_for(for_expr: &ForExpr, bound: Option<&Bound<'_>>) -> Result<(), Fault> {
    check(&for_expr.collection, bound)?;
    let inner = Bound { names: [for_expr.key_name.as_ref(), Some(&for_expr.value_name)], outer: bound };
    let parts = for_expr.key.iter().chain([&for_expr.value]).chain(&for_expr.condition);
    parts.into_iter().try_for_each(|part| check(part, Some(&inner)))
}

fn check_parts(parts: &[TemplatePart], bound: Option<&Bound<'_>>) -> Result<(), Fault> {
    parts.iter().try_for_each(|part| match part {
        TemplatePart::Literal(..) => Ok(()),
        TemplatePart::Interpolation(expr) => check(expr, bound),
        TemplatePart::If { condition, then, otherwise } => {
            check(condition, bound)?;
            check_parts(then, bound)?;
            check_parts(otherwise, bound)
        }
        TemplatePart::For { key_name, value_name, collection, body } => {
            check(collection, bound)?;
            check_parts(body, Some(&Bound { names: [key_name.as_ref(), Some(value_name)], outer: bound }))
        }
    })
}

fn is_bound(name: &SmolStr, mut bound: Option<&Bound<'_>>) -> bool {
    while let Some(current) = bound {
        if current.names.contains(&Some(name)) {
            return true;
        }
        bound = current.outer;
    }
    false
}

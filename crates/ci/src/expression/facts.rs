//! What can be told of an expression without running it.

use github_actions_expressions::call::{Call, Function};
use github_actions_expressions::op::{BinOp, UnOp};
use github_actions_expressions::{Evaluation, Expr, SpannedExpr};
use proofmark_model::{MapBuilder, SmolStr, Value};
use proofmark_source::Span;

/// A context and a constant that are compared.
pub struct Comparison {
    /// The context, in lower case with dots.
    pub context: String,
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`; `contains`, `startswith`, `endswith` (the context contains, … the value); `within`
    /// (the context's text is looked for in the value); `among` (the context is looked for in a list).
    pub operator: &'static str,
    /// The constant.
    pub value: String,
    /// Whether the whole is true only where this comparison holds.
    pub is_decisive: bool,
}

impl Comparison {
    /// The comparison as rules see it.
    pub fn value(&self, span: Span) -> Value {
        let mut fields = MapBuilder::default();
        fields.set_text("context", &self.context, span);
        fields.set_text("operator", self.operator, span);
        fields.set_text("value", &self.value, span);
        fields.set_bool("is_decisive", self.is_decisive, span);
        fields.finish(span, span)
    }
}

/// All comparisons of a context with a constant, in order of place.
pub fn comparisons(expression: &SpannedExpr<'_>) -> Vec<Comparison> {
    let mut found = Vec::new();
    collect(expression, true, &mut found);
    found
}

fn collect(expression: &SpannedExpr<'_>, is_decisive: bool, found: &mut Vec<Comparison>) {
    match &expression.inner {
        Expr::BinExpr(binary) => match operator(&binary.op) {
            Some(operator) => {
                let (left, right) = (&binary.lhs, &binary.rhs);
                let sides = sides(left, right, operator).or_else(|| sides(right, left, turned(operator)));
                if let Some((context, operator, value)) = sides {
                    found.push(Comparison { context, operator, value, is_decisive });
                }
            }
            None => {
                let is_decisive = is_decisive && binary.op == BinOp::And;
                collect(&binary.lhs, is_decisive, found);
                collect(&binary.rhs, is_decisive, found);
            }
        },
        Expr::UnExpr { expr, .. } => collect(expr, false, found),
        Expr::Call(call) => collect_call(call, is_decisive, found),
        _ => {}
    }
}

fn collect_call(call: &Call<'_>, is_decisive: bool, found: &mut Vec<Comparison>) {
    if let (Function::Contains, [list, needle]) = (call.func, call.args.as_slice()) {
        let operator = if text_of(list).is_some() { "within" } else { "among" };
        if let Some(context) = pattern_of(needle).filter(|_| pattern_of(list).is_none()) {
            let value = text_of(list).unwrap_or_else(|| list.origin.raw.to_owned());
            found.push(Comparison { context, operator, value, is_decisive });
            return;
        }
    }
    let operator = match call.func {
        Function::Contains => "contains",
        Function::StartsWith => "startswith",
        Function::EndsWith => "endswith",
        _ => return call.args.iter().for_each(|argument| collect(argument, false, found)),
    };
    if let [context, value] = call.args.as_slice()
        && let Some((context, operator, value)) = sides(context, value, operator)
    {
        found.push(Comparison { context, operator, value, is_decisive });
    }
}

fn sides(
    context: &SpannedExpr<'_>,
    value: &SpannedExpr<'_>,
    operator: &'static str,
) -> Option<(String, &'static str, String)> {
    Some((pattern_of(context)?, operator, text_of(value)?))
}

fn pattern_of(expression: &SpannedExpr<'_>) -> Option<String> {
    match &expression.inner {
        Expr::Context(context) => context.as_pattern(),
        _ => None,
    }
}

fn text_of(expression: &SpannedExpr<'_>) -> Option<String> {
    match &expression.inner {
        Expr::Literal(literal) => Some(literal.as_str().into_owned()),
        _ => None,
    }
}

fn operator(operator: &BinOp) -> Option<&'static str> {
    match operator {
        BinOp::And | BinOp::Or => None,
        BinOp::Eq => Some("=="),
        BinOp::Neq => Some("!="),
        BinOp::Gt => Some(">"),
        BinOp::Ge => Some(">="),
        BinOp::Lt => Some("<"),
        BinOp::Le => Some("<="),
    }
}

/// The operator with its sides exchanged.
fn turned(operator: &'static str) -> &'static str {
    match operator {
        ">" => "<",
        ">=" => "<=",
        "<" => ">",
        "<=" => ">=",
        same => same,
    }
}

/// The middles of `a && b || c` that count as false, so that the result is always `c`.
pub fn unsound_ternaries(expression: &SpannedExpr<'_>) -> Vec<SmolStr> {
    let mut found = Vec::new();
    collect_ternaries(expression, &mut found);
    found
}

fn collect_ternaries(expression: &SpannedExpr<'_>, found: &mut Vec<SmolStr>) {
    match &expression.inner {
        Expr::BinExpr(binary) => {
            if binary.op == BinOp::Or
                && let Expr::BinExpr(inner) = &binary.lhs.inner
                && inner.op == BinOp::And
                && inner.rhs.consteval().is_some_and(|value| !value.as_boolean())
            {
                found.push(SmolStr::new(inner.rhs.origin.raw));
            }
            collect_ternaries(&binary.lhs, found);
            collect_ternaries(&binary.rhs, found);
        }
        Expr::UnExpr { expr, .. } | Expr::Index(expr) => collect_ternaries(expr, found),
        Expr::Call(call) => call.args.iter().for_each(|argument| collect_ternaries(argument, found)),
        Expr::Context(context) => context.parts.iter().for_each(|part| collect_ternaries(part, found)),
        _ => {}
    }
}

/// Whether the expression counts as true, where that is certain whatever its contexts hold.
pub fn certain_truth(expression: &SpannedExpr<'_>) -> Option<bool> {
    match &expression.inner {
        Expr::BinExpr(binary) if matches!(binary.op, BinOp::And | BinOp::Or) => {
            let deciding = binary.op == BinOp::Or;
            match (certain_truth(&binary.lhs), certain_truth(&binary.rhs)) {
                (Some(left), _) if left == deciding => Some(deciding),
                (_, Some(right)) if right == deciding => Some(deciding),
                (Some(_), Some(_)) => Some(!deciding),
                _ => None,
            }
        }
        Expr::UnExpr { op: UnOp::Not, expr } => certain_truth(expr).map(|is_true| !is_true),
        _ => expression.consteval().map(|value| value.as_boolean()),
    }
}

/// Whether a result could be written as it is: lists and maps need `fromJSON`, also where they never change.
pub fn is_plain(value: &Evaluation) -> bool {
    !matches!(value, Evaluation::Array(_) | Evaluation::Object(_))
}

/// The functions that are called, in lower case, in order of place.
pub fn functions(expression: &SpannedExpr<'_>) -> Vec<SmolStr> {
    let mut found = Vec::new();
    collect_functions(expression, &mut found);
    found
}

fn collect_functions(expression: &SpannedExpr<'_>, found: &mut Vec<SmolStr>) {
    match &expression.inner {
        Expr::Call(Call { func, args }) => {
            found.push(SmolStr::new(format!("{func:?}").to_lowercase()));
            args.iter().for_each(|argument| collect_functions(argument, found));
        }
        Expr::Context(context) => context.parts.iter().for_each(|part| collect_functions(part, found)),
        Expr::BinExpr(binary) => {
            collect_functions(&binary.lhs, found);
            collect_functions(&binary.rhs, found);
        }
        Expr::UnExpr { expr, .. } | Expr::Index(expr) => collect_functions(expr, found),
        _ => {}
    }
}

/// The names of contexts that GitHub does not have, with their place in the text.
pub fn unknown_contexts<'e>(expression: &'e SpannedExpr<'_>) -> Vec<(&'e str, usize)> {
    let heads = expression.contexts().into_iter().filter_map(|(context, _)| {
        let head = context.parts.first()?;
        let Expr::Identifier(name) = &head.inner else { return None };
        let is_known = CONTEXTS.iter().any(|known| known.eq_ignore_ascii_case(name.as_str()));
        (!is_known).then_some((name.as_str(), head.origin.span.start))
    });
    heads.collect()
}

/// GitHub's "Contexts reference".
const CONTEXTS: [&str; 12] = [
    "github", "env", "vars", "job", "jobs", "steps", "runner", "secrets", "strategy", "matrix", "needs",
    "inputs",
];

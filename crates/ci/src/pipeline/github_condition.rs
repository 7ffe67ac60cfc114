//! `if` of GitHub, asked for one event.

use super::event::{Branch, Event, Known};
use super::truth::Truth;
use github_actions_expressions::call::{Call, Function};
use github_actions_expressions::literal::Literal;
use github_actions_expressions::op::{BinExpr, BinOp};
use github_actions_expressions::{Expr, SpannedExpr};
use proofmark_model::SmolStr;

/// How the steps or jobs before went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All succeeded.
    Success,
    /// One failed.
    Failure,
}

/// An `if`, parsed once.
pub struct Condition<'t> {
    expression: Option<SpannedExpr<'t>>,
    /// Without a function that asks for it, success is asked for.
    asks_for_status: bool,
}

impl<'t> Condition<'t> {
    /// The condition in a text, with or without its marks.
    pub fn new(text: &'t str) -> Self {
        let text = text.trim();
        let marked = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
        let inner = marked.filter(|inner| !inner.contains("${{")).unwrap_or(text);
        let expression = Expr::parse(inner).ok();
        let lower = text.to_ascii_lowercase();
        let names = ["always(", "failure(", "success(", "cancelled("];
        Self { expression, asks_for_status: names.iter().any(|name| lower.contains(name)) }
    }

    /// Whether it holds for an event, after things went so.
    pub fn holds(&self, event: &Event, status: Status) -> Truth {
        let own = match &self.expression {
            Some(expression) => evaluate(expression, event, status).truth(),
            None => Truth::Unknown,
        };
        match self.asks_for_status {
            true => own,
            false => own & Truth::from(status == Status::Success),
        }
    }

    /// When it lets something run: `automatic` (after success), `on_failure`, or `always`.
    pub fn start(&self, event: &Event) -> &'static str {
        let after = |status| self.holds(event, status) != Truth::False;
        match (after(Status::Success), after(Status::Failure)) {
            (true, true) => "always",
            (false, true) => "on_failure",
            _ => "automatic",
        }
    }
}

fn evaluate(expression: &SpannedExpr<'_>, event: &Event, status: Status) -> Known {
    match &expression.inner {
        Expr::Literal(Literal::String(text)) => Known::text(text),
        Expr::Literal(Literal::Boolean(value)) => Known::Truth(Truth::from(*value)),
        Expr::Literal(Literal::Null) => Known::Null,
        Expr::Context(context) => {
            context.as_pattern().map_or(Known::Unknown, |pattern| context_value(&pattern, event))
        }
        Expr::Call(call) => call_value(call, event, status),
        Expr::UnExpr { expr, .. } => Known::Truth(!evaluate(expr, event, status).truth()),
        Expr::BinExpr(binary) => binary_value(binary, event, status),
        _ => Known::Unknown,
    }
}

fn binary_value(binary: &BinExpr<'_>, event: &Event, status: Status) -> Known {
    let (left, right) = (evaluate(&binary.lhs, event, status), evaluate(&binary.rhs, event, status));
    Known::Truth(match binary.op {
        BinOp::And => left.truth() & right.truth(),
        BinOp::Or => left.truth() | right.truth(),
        BinOp::Eq => left.equals(&right, true),
        BinOp::Neq => !left.equals(&right, true),
        _ => Truth::Unknown,
    })
}

fn call_value(Call { func, args }: &Call<'_>, event: &Event, status: Status) -> Known {
    let argument = |index: usize| args.get(index).map(|value| evaluate(value, event, status));
    Known::Truth(match func {
        Function::Always => Truth::True,
        Function::Success => Truth::from(status == Status::Success),
        Function::Failure => Truth::from(status == Status::Failure),
        // Nobody asks here what happens to a run that was stopped.
        Function::Cancelled => Truth::False,
        Function::StartsWith => match (argument(0), argument(1)) {
            (Some(text), Some(prefix)) => text.starts_with(&prefix),
            _ => Truth::Unknown,
        },
        _ => Truth::Unknown,
    })
}

fn context_value(pattern: &str, event: &Event) -> Known {
    match pattern {
        "github.event_name" => Known::Text(SmolStr::clone(&event.native)),
        "github.ref" => match (event.event, &event.branch) {
            ("push" | "schedule", Branch::Named(name)) if is_plain(name) => {
                Known::text(&format!("refs/heads/{name}"))
            }
            ("push" | "schedule", Branch::Other) => Known::Other,
            ("tag" | "release", _) => Known::text("refs/tags/"),
            ("merge_request", _) if event.native == "pull_request" => Known::text("refs/pull/0/merge"),
            _ => Known::Unknown,
        },
        "github.ref_name" => match &event.branch {
            Branch::Named(name) if is_plain(name) => Known::Text(SmolStr::clone(name)),
            Branch::Other => Known::Other,
            _ => Known::Unknown,
        },
        "github.ref_type" => match event.event {
            "push" | "schedule" => Known::text("branch"),
            "tag" | "release" => Known::text("tag"),
            _ => Known::Unknown,
        },
        "github.base_ref" | "github.head_ref" => match event.event {
            "merge_request" => Known::Set,
            _ => Known::text(""),
        },
        "github.event.repository.default_branch" => match event.is_default {
            Truth::True => context_value("github.ref_name", event),
            _ => Known::Unknown,
        },
        _ if pattern.starts_with("github.event.pull_request") && event.event != "merge_request" => {
            Known::Null
        }
        _ => Known::Unknown,
    }
}

/// Whether a name is no pattern.
fn is_plain(name: &str) -> bool {
    !name.contains(['*', '?', '[', '!', '+'])
}

//! Rules as data: their files, packs, parameters, and the compiled form of their conditions.
//!
//! A [`Rule`] is one testable statement about a kind of resource, mapped to controls. Its conditions are CEL, compiled
//! once into [`Expr`]. A [`RuleSet`] holds rules, frameworks and packs; [`RuleSet::plan`] turns a selection (packs, rules,
//! parameters) into [`Instance`]s, each a rule with one set of parameter values and the names it speaks for.
//!
//! Deliberately absent: evaluation (`engine`), and any knowledge of formats.
//!
//! Start at [`Rule`], then [`Expr`].

mod rule;
mod expr;
mod cel;
mod functions;
mod check;
mod param;
mod load;
mod set;
mod plan;
mod nearest;
mod schema;

pub use cel::{ConditionError, MAX_CONDITION_BYTES, parse_condition};
pub use expr::{BinaryOperator, Condition, Expr, ExprKind, Literal, Macro, UnaryOperator};
pub use functions::{FUNCTIONS, Function, function_named};
pub use load::{
    RULE_CONDITION, RULE_KEY, RULE_REFERENCE, RULE_SYNTAX, hexadecimal, load_rule, load_rule_set,
    load_rules_beside,
};
pub use nearest::nearest;
pub use plan::{ALL_PACKS, Instance, Pack, PackId, PlanError, RuleSet, Selection};
pub use rule::{
    Alias, Confidence, EditTemplate, Param, ParamType, ParamValue, Params, Rule, RuleId, Severity, Stage,
};
pub use schema::rule_schema;
pub use set::{EncodingError, MergeError};

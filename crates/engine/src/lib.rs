//! Applies compiled rules to resources.
//!
//! An [`Evaluator`] holds the plan of a scan, indexed by resource kind; each resource meets the rules that speak about
//! its kind and gets one evaluation from each, or one for each element where the rule has `each`. Conditions follow
//! Kleene's three-valued logic: what is not known never becomes true or false, unless the rest decides. Reading what is
//! absent is no error, but a value of its own.
//!
//! While it evaluates, the engine notes what it reads, and of that keeps what decided: the failing side of `&&`, the
//! failing element of `all`, the absent attribute. Place, message and evidence of an evaluation come from there; nobody
//! writes them.
//!
//! The cast: [`Evaluator`] applies; [`Index`] knows the other resources and who points at whom; [`Context`] is what the
//! scan adds. Inside, `condition` evaluates expressions, `item` is what they compute, `compare` says what is equal,
//! `functions` is what rules may call, and `verdict` turns the end into words and places.
//!
//! Deliberately absent: formats, files, threads, waivers.
//!
//! Start at [`Evaluator::evaluate`], then `condition.rs`.

mod context;
mod evaluator;
mod index;
mod condition;
mod item;
mod truth;
mod compare;
mod version;
mod patterns;
mod functions;
mod verdict;
#[cfg(test)]
mod tests;

pub use context::Context;
pub use evaluator::Evaluator;
pub use index::Index;

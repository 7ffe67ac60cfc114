//! Terraform and OpenTofu modules as resources, evaluated as Terraform would.
//!
//! A root module is read into an [`Evaluator`](evaluator::Evaluator): variables get their values, local values and
//! outputs are computed when they are first asked for, `count` and `for_each` make instances, called modules are
//! evaluated with the caller's values. What no file contains becomes unknown with its reason; what Terraform would refuse
//! becomes a diagnostic and unknown. Every value keeps the way that it came.
//!
//! The cast: [`TerraformReader`] finds root modules; `config` is a module as it is written, `evaluator::Instance` a
//! module as it is called; `repetition` and `call` make instances; `expression`, `traversal` and `functions` evaluate;
//! `body` turns blocks into maps; `read` turns instances into resources. What Terraform itself evaluated is read by
//! `plan`, what follows from a provider without asking it by `data`, `policy`, `provider` and `defaults`. Deliberately
//! absent: providers (what only they know is unknown), and rules.
//!
//! Start at [`TerraformReader`], then `read`, then `evaluator`.

#[cfg(test)]
mod tests;

mod reader;
mod roots;
mod read;
mod variables;
mod files;
mod json;
mod config;
mod check;
mod evaluator;
mod scope;
mod expression;
mod conditional;
mod operators;
mod template;
mod traversal;
mod module;
mod validation;
mod call;
mod repetition;
mod resource;
mod body;
mod data;
mod policy;
mod provider;
mod version;
mod defaults;
mod pod;
mod plan;
mod types;
mod conversion;
mod functions;
mod value;
mod limits;

pub use reader::TerraformReader;

//! GitHub Actions: workflows, jobs, steps, action files, Dependabot.
//!
//! Follows GitHub's "Workflow syntax for GitHub Actions", "Metadata syntax for GitHub Actions" and "Dependabot options
//! reference".

mod action;
mod called;
mod check;
mod dependabot;
mod home;
mod job;
mod lookalike;
mod matrix;
mod permissions;
mod read;
mod repository;
mod standing;
mod step;
mod triggers;
mod uses;
mod workflow;

pub use read::read_repository;
pub use standing::standing_in_script;

#[cfg(test)]
mod tests;

//! CI pipelines as resources.
//!
//! A workflow file says the same thing in several spellings (`on: push`, `on: [push]`, `on: {push: }`), inherits settings
//! from the level above, and mixes in expressions that only a run decides. Rules see one normalised tree: triggers as a
//! map, steps with the action they use taken apart, scripts split into commands, each `${{ … }}` with the contexts that
//! flow into it and its own bytes. Values that a run decides are unknown; scripts and conditions stay text. Files that call
//! one another are read together: a script sees what each caller in the repository hands it.
//!
//! The cast: [`CiReader`] claims files and groups them by the folder that holds `.github`; [`Scalar`] finds the bytes of
//! a decoded text; the module `expression` reads expressions. Deliberately absent: running anything, and looking up actions
//! that are not in the workspace.
//!
//! Start at [`CiReader`].

mod calls;
mod class;
mod context;
mod expression;
mod github;
mod gitlab;
mod pipeline;
mod places;
mod reader;
mod scalar;
mod secret_name;
mod shells;

pub use github::standing_in_script;
pub use reader::CiReader;
pub use scalar::Scalar;

#[cfg(test)]
mod tests;

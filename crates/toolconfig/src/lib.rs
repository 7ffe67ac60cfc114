//! Lint, type, test, format and dependency settings, Dockerfiles and Compose files as resources.
//!
//! Every tool has its own names for the same facts. This crate reads each tool's own files and gives them as one resource
//! per tool (`tsconfig`, `eslint_config`, `npm_package`, `dockerfile`, …), with the spellings evened out and inheritance
//! followed; facts that several tools share come as a kind of their own (`coverage_threshold`, `git_hook`). Settings that
//! are programs (`jest.config.js`) are recognised, and what they set is unknown.
//!
//! The cast: [`ToolConfigReader`] claims files by name; one module per tool turns trees into resources;
//! [`dockerfile`] holds a parser of its own. Deliberately absent: running settings that are programs, and looking up
//! packages that are not in the workspace.
//!
//! Start at [`ToolConfigReader`].

mod class;
mod compose;
mod context;
mod coverage;
mod dockerfile;
mod editor;
mod eslint;
mod hooks;
mod package;
mod python;
mod reader;
mod renovate;
mod scripted;
mod settings;
mod tsconfig;

pub use reader::ToolConfigReader;

#[cfg(test)]
mod tests;

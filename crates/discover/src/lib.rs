//! The door to the disk: which files a scan may see, their bytes, and what Git knows about them.
//!
//! [`Scope::find`] fixes the root (the Git root, or what the user says) and the paths that were named below it.
//! [`DiskWorkspace::open`] walks the root once, obeys Git's ignore rules and the user's own patterns, and accounts for
//! everything that it leaves out. Text is read when somebody asks for it, at most once. [`git`] asks Git for the commit,
//! for changed files and for dates, in a way that lets the repository execute nothing.
//!
//! Nothing outside the root is opened: links are resolved first, and refused when they lead out or in a circle. What
//! cannot be read stays in the list of files and answers with the reason.
//!
//! Deliberately absent: any knowledge of formats, and the decision what a file is.
//!
//! Start at [`Scope`], then [`DiskWorkspace`].

mod disk;
pub mod git;
mod ignore_rules;
mod limit;
mod link;
mod patterns;
mod scope;
#[cfg(test)]
mod tests;
mod text;
mod walk;

pub use disk::{DiskWorkspace, WalkSettings};
pub use limit::{FILE_SIZE_LIMIT_BYTES, PLAN_SIZE_LIMIT_BYTES};
pub use patterns::{PatternError, Patterns};
pub use scope::{Scope, ScopeError};
pub use walk::Excluded;

//! Dockerfiles.
//!
//! Follows Docker's "Dockerfile reference". The parser is our own, because a compliance scan needs what builders do not
//! offer: comments, the rest of a file behind a line that is wrong, and files that a builder refuses (two stages of one
//! name), since refusing them is what a rule is for.

mod instruction;
mod lines;
mod stage;
mod value;
mod words;

pub use lines::parse_dockerfile;
pub use stage::dockerfile_value;

//! What can be odd about a pipeline.

use proofmark_source::Code;

/// An included file is missing, includes itself, or is beyond the limit.
pub const INCLUDE: Code = Code("gitlab-include");
/// An input is missing or does not fit its declaration.
pub const INPUT: Code = Code("gitlab-input");
/// A base of `extends` is missing, leads back to itself, or lies too deep.
pub const EXTENDS: Code = Code("gitlab-extends");
/// The target of a `!reference` is missing, leads back to itself, or lies too deep.
pub const REFERENCE: Code = Code("gitlab-reference");
/// A matrix makes too many jobs.
pub const MATRIX: Code = Code("gitlab-matrix");
/// A keyword that GitLab does not know, or not in this place.
pub const KEYWORD: Code = Code("gitlab-keyword");
/// A value that its keyword does not take.
pub const VALUE: Code = Code("gitlab-value");
/// A job that GitLab would refuse.
pub const JOB: Code = Code("gitlab-job");
/// A job in a stage that does not exist.
pub const STAGE: Code = Code("gitlab-stage");
/// A job that needs what does not exist, comes later, or needs it in turn.
pub const NEEDS: Code = Code("gitlab-needs");
/// A pipeline has too many jobs, or starts too many others.
pub const LIMIT: Code = Code("gitlab-limit");

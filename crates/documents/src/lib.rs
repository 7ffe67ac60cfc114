//! What a repository says in words and records, as resources.
//!
//! Three readers: [`DocumentReader`] turns Markdown and text into resources of kind `document`, with front matter,
//! headings, links and tasks; [`RepositoryReader`] makes the one resource `repository` from the list of files and from code
//! owners and ignore rules; [`RecordReader`] recognizes records by their structure: alert rules, dashboards,
//! observability settings, rotation policies, sample responses, and infrastructure described as plain YAML, which becomes
//! the resources that Terraform would make of it.
//!
//! Deliberately absent: judgement, and whatever another reader reads already.
//!
//! Start at [`DocumentReader`], then `record.rs`.

mod facts;
mod classify;
mod front_matter;
mod outline;
mod prose;
mod document;
mod ownership;
mod inventory;
mod repository;
mod record;
mod descriptor;

#[cfg(test)]
mod tests;

pub use document::DocumentReader;
pub use front_matter::FRONT_MATTER;
pub use record::RecordReader;
pub use repository::{REPOSITORY_FILE, RepositoryReader};

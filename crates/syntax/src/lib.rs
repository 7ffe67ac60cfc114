//! YAML, JSON, TOML and INI as one tree with spans and comments.
//!
//! Readers see one [`Node`] type, whatever the format. Every node knows its bytes, its tag and how a scalar was written.
//! Broken input gives the part that can be read and located diagnostics; no parser here fails. [`translate_re2`] stands here
//! because readers of two languages take Go's regular expressions.
//!
//! Deliberately absent: any meaning of keys, and error types.
//!
//! Start at [`Node`], then [`parse_yaml`].

mod ini;
mod json;
mod keys;
mod re2;
mod scalar;
mod toml;
mod tree;
mod yaml;

pub use ini::parse_ini;
pub use json::{parse_json, parse_json_part};
pub use re2::translate_re2;
pub use scalar::YamlDialect;
pub use toml::parse_toml;
pub use tree::{Comment, Document, Entry, Node, NodeData, Parsed, Style};
pub use yaml::{parse_yaml, parse_yaml_template, parse_yaml_without_comments};

#[cfg(test)]
mod tests;

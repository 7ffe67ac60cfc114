//! The user's own include and exclude patterns.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Path patterns, compiled. `*` stays within a folder, `**` crosses folders; a pattern without `/` matches names in
/// every folder, and a pattern that matches a folder covers all that it holds.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    set: GlobSet,
}

/// A pattern that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not a path pattern: {problem}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Patterns {
    /// Compiles patterns over paths relative to the root.
    ///
    /// # Errors
    /// Names the first pattern that cannot be understood.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, PatternError> {
        let mut builder = GlobSetBuilder::new();
        for pattern in patterns {
            let pattern = pattern.as_ref();
            for form in forms(pattern) {
                let glob = GlobBuilder::new(&form).literal_separator(true).build();
                builder.add(glob.map_err(|error| bad(pattern, &error))?);
            }
        }
        Ok(Self { set: builder.build().map_err(|error| bad("", &error))? })
    }

    /// Whether there is no pattern at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Whether a pattern covers `path` (relative to the root).
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.set.is_match(path)
    }
}

fn bad(pattern: &str, error: &globset::Error) -> PatternError {
    PatternError { pattern: pattern.to_owned(), problem: error.kind().to_string() }
}

/// The globs that one pattern stands for: what it matches, and all that lies below it.
fn forms(pattern: &str) -> [String; 2] {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
    let anchored = match pattern.strip_prefix('/') {
        Some(anchored) => anchored.to_owned(),
        None if pattern.contains('/') => pattern.to_owned(),
        None => format!("**/{pattern}"),
    };
    let below = format!("{anchored}/**");
    [anchored, below]
}

//! Git's ignore files, from the root down to a folder.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;
use std::sync::Arc;

/// The ignore files that count in a folder: its own before those above it.
#[derive(Clone, Default)]
pub(crate) struct IgnoreRules {
    nearest: Option<Arc<Level>>,
}

struct Level {
    /// Where the file stands, relative to the root.
    source: String,
    matcher: Gitignore,
    above: Option<Arc<Level>>,
}

impl IgnoreRules {
    /// These rules with the lines of one more ignore file, which stands in `folder` (relative to the root). Lines that
    /// Git would not understand are passed over, as Git does.
    pub(crate) fn with_file(&self, folder: &str, source: String, text: &str) -> Self {
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.lines() {
            let _ = builder.add_line(None, line);
        }
        match builder.build() {
            Ok(matcher) if !matcher.is_empty() => {
                let above = self.nearest.as_ref().map(Arc::clone);
                Self { nearest: Some(Arc::new(Level { source, matcher, above })) }
            }
            _ => Self { nearest: self.nearest.as_ref().map(Arc::clone) },
        }
    }

    /// The ignore file that hides `path` (relative to the root), if one does.
    pub(crate) fn hidden_by(&self, path: &str, is_folder: bool) -> Option<&str> {
        let mut level = self.nearest.as_deref();
        while let Some(current) = level {
            match current.matcher.matched(Path::new(path), is_folder) {
                Match::Ignore(_) => return Some(&current.source),
                Match::Whitelist(_) => return None,
                Match::None => level = current.above.as_deref(),
            }
        }
        None
    }
}

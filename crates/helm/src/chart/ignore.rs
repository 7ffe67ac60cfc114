//! `.helmignore`.

use globset::{GlobBuilder, GlobMatcher};

/// Which files of a chart Helm does not look at.
#[derive(Debug, Default)]
pub(crate) struct IgnoreRules {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    matcher: GlobMatcher,
    is_negated: bool,
    folders_only: bool,
    /// Whether the whole path must match, and not its last name alone.
    is_anchored: bool,
}

impl IgnoreRules {
    /// Reads the rules; what is no pattern is skipped. Helm always ignores hidden files under `templates/`.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self { rules: lines.chain(["templates/.?*"]).filter_map(rule).collect() }
    }

    /// Whether a file is ignored, by itself or with a folder that holds it.
    pub fn ignores(&self, path: &str) -> bool {
        let folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        folders
            .map(|folder| (folder, true))
            .chain([(path, false)])
            .any(|(path, is_folder)| self.rules.iter().any(|rule| rule.matches(path, is_folder)))
    }
}

impl Rule {
    fn matches(&self, path: &str, is_folder: bool) -> bool {
        let candidate = if self.is_anchored { path } else { path.rsplit('/').next().unwrap_or(path) };
        let is_match = self.matcher.is_match(candidate) && (is_folder || !self.folders_only);
        // As in Helm, a negated rule ignores everything that it does not match.
        is_match != self.is_negated && (!self.is_negated || is_folder == self.folders_only)
    }
}

fn rule(line: &str) -> Option<Rule> {
    let (line, is_negated) = line.strip_prefix('!').map_or((line, false), |rest| (rest, true));
    let (line, folders_only) = line.strip_suffix('/').map_or((line, false), |rest| (rest, true));
    let (pattern, is_rooted) = line.strip_prefix('/').map_or((line, false), |rest| (rest, true));
    let matcher = GlobBuilder::new(pattern).literal_separator(true).build().ok()?.compile_matcher();
    Some(Rule { matcher, is_negated, folders_only, is_anchored: is_rooted || pattern.contains('/') })
}

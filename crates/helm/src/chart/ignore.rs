//! `.helmignore`.

use std::str::Chars;

/// Which files of a chart Helm does not look at.
#[derive(Debug, Default)]
pub(crate) struct IgnoreRules {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
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
        let is_match = self.pattern.fits(candidate) && (is_folder || !self.folders_only);
        // As in Helm, a negated rule ignores everything that it does not match.
        is_match != self.is_negated && (!self.is_negated || is_folder == self.folders_only)
    }
}

fn rule(line: &str) -> Option<Rule> {
    let (line, is_negated) = line.strip_prefix('!').map_or((line, false), |rest| (rest, true));
    let (line, folders_only) = line.strip_suffix('/').map_or((line, false), |rest| (rest, true));
    let (pattern, is_rooted) = line.strip_prefix('/').map_or((line, false), |rest| (rest, true));
    let is_anchored = is_rooted || pattern.contains('/');
    Some(Rule { pattern: Pattern::parse(pattern)?, is_negated, folders_only, is_anchored })
}

/// A pattern of Go's `filepath.Match`, which knows fewer signs than patterns of Git.
#[derive(Debug)]
struct Pattern(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Character(char),
    /// `?`
    Any,
    /// `*`
    Star,
    /// `[a-z]`, `[^a-z]`
    Class {
        is_negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Pattern {
    /// Reads a pattern; `None` where Go would refuse it.
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text.chars();
        let mut pieces = Vec::new();
        while let Some(character) = rest.next() {
            pieces.push(match character {
                '?' => Piece::Any,
                '*' => Piece::Star,
                '[' => class(&mut rest)?,
                '\\' => Piece::Character(rest.next()?),
                _ => Piece::Character(character),
            });
        }
        Some(Self(pieces))
    }

    /// Whether a pattern fits a whole name. Nothing but `/` fits `/`.
    fn fits(&self, name: &str) -> bool {
        let (mut at, mut rest) = (0, name.chars());
        // Behind the last star, with what it has not taken yet. What earlier stars took need not be tried again.
        let mut retry: Option<(usize, Chars<'_>)> = None;
        loop {
            let mut ahead = rest.clone();
            match (self.0.get(at), ahead.next()) {
                (None, None) => return true,
                (Some(Piece::Star), _) => {
                    at += 1;
                    retry = Some((at, rest.clone()));
                    continue;
                }
                (Some(piece), Some(character)) if piece.takes(character) => {
                    at += 1;
                    rest = ahead;
                    continue;
                }
                _ => {}
            }
            let Some((behind, left)) = &mut retry else { return false };
            if left.next().is_none_or(|taken| taken == '/') {
                return false;
            }
            at = *behind;
            rest = left.clone();
        }
    }
}

impl Piece {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Character(own) => *own == character,
            Self::Any | Self::Star => character != '/',
            Self::Class { is_negated, ranges } => {
                let is_in = ranges.iter().any(|(first, last)| (*first..=*last).contains(&character));
                is_in != *is_negated && character != '/'
            }
        }
    }
}

/// A class behind its `[`.
fn class(rest: &mut Chars<'_>) -> Option<Piece> {
    let is_negated = rest.as_str().starts_with('^');
    if is_negated {
        rest.next();
    }
    let mut ranges = Vec::new();
    while ranges.is_empty() || !rest.as_str().starts_with(']') {
        let first = class_character(rest)?;
        let is_range = rest.as_str().starts_with('-');
        if is_range {
            rest.next();
        }
        ranges.push((first, if is_range { class_character(rest)? } else { first }));
    }
    rest.next();
    Some(Piece::Class { is_negated, ranges })
}

fn class_character(rest: &mut Chars<'_>) -> Option<char> {
    match rest.next()? {
        '\\' => rest.next(),
        '-' | ']' => None,
        character => Some(character),
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_fit_as_in_go() {
        let cases = [
            ("*.bak", "a.bak", true),
            ("*.bak", "x/a.bak", false),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "ab/c", false),
            ("*/x*", "ab/xy", true),
            ("?[a-c]", "xb", true),
            ("?[^a-c]", "xb", false),
            ("[^a]", "/", false),
            ("\\*", "*", true),
            ("**", "a/b", false),
            ("{a,b}", "a", false),
            ("", "", true),
            ("*", "", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(Pattern::parse(pattern).unwrap().fits(name), expected, "{pattern} {name}");
        }
        for refused in ["[", "[]", "[a", "[a-]", "[-a]", "\\"] {
            assert!(Pattern::parse(refused).is_none(), "{refused}");
        }
    }
}

//! Patterns of paths.

/// A part of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This character.
    One(char),
    /// Any character but a slash.
    Any,
    /// Any characters but slashes.
    Star,
    /// Any characters.
    Deep,
    /// Before any folders, each with its slash, or none: [`Token::Inside`] follows.
    Folders,
    /// Inside the folders that [`Token::Folders`] stands for.
    Inside,
}

/// What `**/` means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Folders {
    /// At least one folder, as in the paths of `include:local`.
    Some,
    /// Any number of folders, as in `rules:exists`.
    Any,
}

/// A pattern of paths.
pub struct Pattern(Vec<Token>);

impl Pattern {
    /// Reads a pattern: `*` and `?` stay inside a folder, `**` does not.
    pub fn new(text: &str, folders: Folders) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (token, length) = match first {
                '*' if folders == Folders::Any && rest.starts_with("**/") => (Token::Folders, 3),
                '*' if rest.starts_with("**") => (Token::Deep, 2),
                '*' => (Token::Star, 1),
                '?' => (Token::Any, 1),
                other => (Token::One(other), other.len_utf8()),
            };
            tokens.push(token);
            if token == Token::Folders {
                tokens.push(Token::Inside);
            }
            rest = rest.get(length..).unwrap_or("");
        }
        Self(tokens)
    }

    /// Whether the whole path fits, in time proportional to path times pattern.
    pub fn matches(&self, path: &str) -> bool {
        let mut states = vec![false; self.0.len() + 1];
        if let Some(start) = states.first_mut() {
            *start = true;
        }
        self.skip_empty(&mut states);
        for character in path.chars() {
            states = self.step(&states, character);
        }
        states.last().copied().unwrap_or(false)
    }

    /// The states behind `character`. State `n` means that `n` tokens are used up.
    fn step(&self, states: &[bool], character: char) -> Vec<bool> {
        let mut next = vec![false; states.len()];
        for (index, token) in self.0.iter().enumerate() {
            if !states.get(index).copied().unwrap_or(false) {
                continue;
            }
            let (stays, goes_on) = match token {
                Token::One(wanted) => (false, *wanted == character),
                Token::Any => (false, character != '/'),
                Token::Star => (character != '/', false),
                Token::Deep => (true, false),
                Token::Folders => (false, false),
                Token::Inside => (true, character == '/'),
            };
            for (state, is_reached) in [(index, stays), (index + 1, goes_on)] {
                if let Some(slot) = next.get_mut(state) {
                    *slot |= is_reached;
                }
            }
        }
        self.skip_empty(&mut next);
        next
    }

    /// Passes over tokens that may stand for nothing.
    fn skip_empty(&self, states: &mut [bool]) {
        for (index, token) in self.0.iter().enumerate() {
            if !states.get(index).copied().unwrap_or(false) {
                continue;
            }
            let reached = match token {
                Token::Star | Token::Deep => index + 1..index + 2,
                Token::Folders => index + 1..index + 3,
                Token::One(_) | Token::Any | Token::Inside => 0..0,
            };
            states.get_mut(reached).into_iter().flatten().for_each(|state| *state = true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Folders, Pattern};

    #[test]
    fn includes_tell_folders_apart() {
        let matches = |pattern: &str, path: &str| Pattern::new(pattern, Folders::Some).matches(path);
        assert!(matches("ci/*.yml", "ci/a.yml"));
        assert!(!matches("ci/*.yml", "ci/b/a.yml"));
        assert!(matches("ci/**.yml", "ci/a.yml"));
        assert!(matches("ci/**.yml", "ci/b/c/a.yml"));
        assert!(matches("ci/**/*.yml", "ci/b/c/a.yml"));
        assert!(!matches("ci/**/*.yml", "ci/a.yml"));
    }

    #[test]
    fn conditions_take_no_folder_for_any_number() {
        let matches = |pattern: &str, path: &str| Pattern::new(pattern, Folders::Any).matches(path);
        assert!(matches("**/Dockerfile", "Dockerfile"));
        assert!(matches("**/Dockerfile", "a/b/Dockerfile"));
        assert!(!matches("**/Dockerfile", "a/NotDockerfile"));
        assert!(matches("src/**/*.r?", "src/a.rs"));
    }
}

//! What variables that hold secrets are called.

/// Words that a name of a secret ends in, joined to what stands before or not: `DB_PASSWORD`, `PGPASSWORD`.
const ENDINGS: [&str; 3] = ["password", "passwd", "passphrase"];

/// Words that name a secret as the last of a name: `SONAR_TOKEN`.
const LAST: [&str; 4] = ["credential", "credentials", "secret", "token"];

/// Words that do so behind another: `PWD` alone is the folder.
const LAST_OF_SEVERAL: [&str; 2] = ["pass", "pwd"];

/// What a key opens something with is called. Other keys are names: `CACHE_KEY`, `SONAR_PROJECT_KEY`.
const KEYS: [&str; 7] = ["access", "api", "deploy", "private", "secret", "signing", "ssh"];

/// Words behind the name that change nothing about it.
const TAILS: [&str; 7] = ["b64", "base", "base64", "dev", "prod", "production", "staging"];

/// Whether a variable of that name holds a secret, as names go.
pub fn names_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if lower == "docker_auth_config" {
        return true;
    }
    let mut words: Vec<&str> = lower.split('_').collect();
    let is_tail = |word: &str| TAILS.contains(&word) || word.chars().all(|letter| letter.is_ascii_digit());
    if words.len() > 1 && words.last().is_some_and(|word| is_tail(word)) {
        words.pop();
    }
    let (last, before) = match words.as_slice() {
        [] => return false,
        [last] => (*last, None),
        [.., before, last] => (*last, Some(*before)),
    };
    let is_key = |kind: &str| KEYS.contains(&kind);
    ENDINGS.iter().any(|ending| last.ends_with(ending))
        || LAST.contains(&last)
        || before.is_some() && LAST_OF_SEVERAL.contains(&last)
        || last == "key" && before.is_some_and(is_key)
        || last.strip_suffix("key").is_some_and(is_key)
}

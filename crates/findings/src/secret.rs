//! Texts that must not be shown.

/// Whether a text under a name looks like a secret: by the name it stands under, or by its own form.
///
/// `name` is the attribute's path or the name of an environment variable; its last word decides. References
/// (`${{ secrets.X }}`, `$TOKEN`, `var.x`, ARNs, paths) are evidence, not secrets.
#[must_use]
pub fn looks_secret(name: &str, text: &str) -> bool {
    let text = text.trim();
    if has_secret_form(text) {
        return true;
    }
    // The name is asked last: taking it apart costs most, and reports ask for every value that they show.
    text.chars().count() >= MIN_SECRET_CHARS
        && !is_reference(text)
        && !is_setting(text)
        && is_secret_name(name)
}

/// Shorter texts under a telling name are settings such as `write`.
const MIN_SECRET_CHARS: usize = 6;

/// Last words of names that hold secrets.
const SECRET_WORDS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "credential",
    "credentials",
    "privatekey",
    "accesskey",
    "secretkey",
    "connectionstring",
];

/// The same as two words.
const SECRET_PAIRS: [(&str, &str); 8] = [
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("secret", "key"),
    ("encryption", "key"),
    ("signing", "key"),
    ("connection", "string"),
    ("secret", "string"),
];

fn is_secret_name(name: &str) -> bool {
    let words = last_words(name);
    let Some(last) = words.last() else { return false };
    let before = words.len().checked_sub(2).and_then(|index| words.get(index));
    SECRET_WORDS.contains(&last.as_str())
        || before.is_some_and(|before| SECRET_PAIRS.contains(&(before.as_str(), last.as_str())))
}

/// The words of the last part of a path that is not an index: `env[0].dbPassword` → `db`, `password`.
fn last_words(path: &str) -> Vec<String> {
    let parts = path.split(['.', '/', '[', ']', '"']);
    let mut named =
        parts.rev().filter(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(part) = named.next() else { return Vec::new() };
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in part.chars() {
        let is_break = !character.is_alphanumeric();
        if is_break || (character.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| !is_break) {
            word.extend(character.to_lowercase());
        }
        was_lower = character.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Forms that issuers gave to their keys so that they can be found: the prefix, and the least length of what follows.
const SECRET_PREFIXES: [(&str, usize); 17] = [
    ("AKIA", 16),
    ("ASIA", 16),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("ghu_", 30),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("npm_", 30),
    ("pypi-", 40),
    ("AIza", 30),
    ("hvs.", 20),
    ("eyJ", 60),
];

/// The least length of a prefix with what follows; most words are shorter.
const MIN_KEY_BYTES: usize = 20;

/// The header of a private key in PEM has more bytes than this.
const MIN_PEM_BYTES: usize = 20;
/// The shortest URL with a user and a password: `a://:p@`.
const MIN_URL_BYTES: usize = 7;

fn has_secret_form(text: &str) -> bool {
    // Reports ask for every value that they show, and most are words.
    if text.len() < MIN_URL_BYTES {
        return false;
    }
    if text.len() >= MIN_PEM_BYTES && text.contains("-----BEGIN ") && text.contains("PRIVATE KEY") {
        return true;
    }
    // A URL with a password between `:` and `@`.
    if let Some((_, rest)) = text.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        if user.split_once(':').is_some_and(|(_, password)| !password.is_empty() && !is_reference(password)) {
            return true;
        }
    }
    let is_key_character = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let words = text.split(|c: char| !is_key_character(c));
    words.filter(|word| word.len() >= MIN_KEY_BYTES).any(|word| {
        SECRET_PREFIXES
            .iter()
            .any(|(prefix, length)| word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= *length))
    })
}

fn is_reference(text: &str) -> bool {
    const STARTS: [&str; 12] =
        ["$", "{{", "<", "arn:", "/", "./", "var.", "local.", "data.", "module.", "projects/", "https://"];
    STARTS.iter().any(|start| text.starts_with(start)) || text.contains("${")
}

/// Words that switch something, under whatever name.
fn is_setting(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "required",
        "optional",
        "enabled",
        "disabled",
        "inherit",
        "default",
        "rotate",
        "managed",
        "preferred",
        "(sensitive)",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;

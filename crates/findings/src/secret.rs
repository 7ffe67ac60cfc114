//! Texts that must not be shown.

mod inline;
mod json;

use inline::without_secrets;
use json::json_without_secrets;
use proofmark_model::{Data, Map, Value};
use std::borrow::Cow;
use std::fmt;

/// What stands for a value that must not be shown.
pub const SENSITIVE: &str = "(sensitive)";

/// A text under a name as it may be shown: a secret gives way to [`SENSITIVE`], and so does one inside of the text, such as
/// the password in `docker login -p hunter2hunter2`.
#[must_use]
pub fn masked<'t>(name: &str, text: &'t str) -> Cow<'t, str> {
    if looks_secret(name, text) {
        return Cow::Borrowed(SENSITIVE);
    }
    json_without_secrets(name, text).map_or_else(|| without_secrets(text), Cow::Owned)
}

/// A value under a name as people read it: as [`Value`] shows itself, without secrets.
#[derive(Clone, Copy, Debug)]
pub struct Masked<'v> {
    /// The path or name that the value stands under; the last word decides.
    pub name: &'v str,
    /// The value.
    pub value: &'v Value,
}

impl fmt::Display for Masked<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.is_sensitive {
            return formatter.write_str(SENSITIVE);
        }
        let separator = |index: usize| if index > 0 { ", " } else { "" };
        match &self.value.data {
            Data::String(text) => match masked(self.name, text) {
                secret if secret == SENSITIVE => formatter.write_str(SENSITIVE),
                text => write!(formatter, "{text:?}"),
            },
            Data::List(elements) => {
                formatter.write_str("[")?;
                for (index, value) in elements.iter().enumerate() {
                    formatter.write_str(separator(index))?;
                    match is_secret_argument(elements, index) {
                        true => formatter.write_str(SENSITIVE)?,
                        false => write!(formatter, "{}", Self { value, ..*self })?,
                    }
                }
                formatter.write_str("]")
            }
            Data::Map(map) => {
                formatter.write_str("{")?;
                for (index, entry) in map.entries().iter().enumerate() {
                    let shown = Self { name: entry_name(map, &entry.name), value: &entry.value };
                    write!(formatter, "{}{} = {shown}", separator(index), entry.name)?;
                }
                formatter.write_str("}")
            }
            data => write!(formatter, "{data}"),
        }
    }
}

/// The entries that name what stands under `value` beside them.
const NAMING: [&str; 4] = ["name", "key", "Name", "Key"];

/// The name that an entry's value goes by: in `{name: DB_PASSWORD, value: x}` that of `x` is `DB_PASSWORD`.
#[must_use]
pub fn entry_name<'m>(map: &'m Map, name: &'m str) -> &'m str {
    if name != "value" {
        return name;
    }
    let naming = NAMING.iter().find_map(|key| map.value(key));
    naming.and_then(Value::as_str).unwrap_or(name)
}

/// Whether the entry is the value of a secret that its neighbor names, as in `{name: DB_PASSWORD, value: x}`.
#[must_use]
pub fn is_secret_entry(map: &Map, name: &str, value: &Value) -> bool {
    name == "value" && value.as_str().is_some_and(|text| looks_secret(entry_name(map, name), text))
}

/// Whether the element of a command's arguments is what an option for secrets is given: `x` behind `--password`, or `-px`.
#[must_use]
pub fn is_secret_argument(arguments: &[Value], index: usize) -> bool {
    is_secret_word(arguments, index, Value::as_str)
}

/// The same for any form of arguments.
fn is_secret_word<T>(arguments: &[T], index: usize, text_of: fn(&T) -> Option<&str>) -> bool {
    let text = |index: usize| arguments.get(index).and_then(text_of).unwrap_or("");
    let before = index.checked_sub(1).map_or("", text);
    let joined = text(index).strip_prefix("-p").filter(|secret| is_written_out(secret));
    if joined.is_none() && !(before.starts_with('-') && is_written_out(text(index))) {
        return false;
    }
    // `-p` is the password only where somebody logs in.
    let is_login = || arguments.iter().any(|word| matches!(text_of(word), Some("login" | "-u" | "--user")));
    let is_behind = before == "-p" && is_login() || is_secret_name(before.trim_start_matches('-'));
    is_behind || joined.is_some() && is_login()
}

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
    is_written_out(text) && is_secret_name(name)
}

/// Whether a text under the name of a secret is the secret itself.
fn is_written_out(text: &str) -> bool {
    text.chars().count() >= MIN_SECRET_CHARS && !is_reference(text) && !is_setting(text)
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

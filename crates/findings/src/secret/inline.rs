//! Secrets inside of longer texts: commands, headers, assignments.

use super::{SENSITIVE, is_written_out};
use regex::{Captures, Regex, RegexBuilder};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What introduces a secret (`before`), and the secret. Its first character rules out variables, paths and options.
const SECRETS: &str = r#"(?x)
    (?P<before>
        (?: ^ | [^a-z0-9] ) (?: [a-z0-9]+ [_-] )*
            (?: password | passwd | passphrase | token | secret | api[_-]?key | access[_-]?key | private[_-]?key )
            ["']? \s* [:=] \s* ["']?
        | \s --? (?: [a-z0-9]+ - )* (?: password | passwd | passphrase | token | secret | api-?key | access-?key ) \s+ ["']?
        | \b authorization: \s* (?: bearer | basic | token ) \s+
        | \b login \b [^\n;&|]* \s -p \s* ["']?
        | \b (?: mysql | mysqldump | mysqladmin | mariadb ) \b [^\n;&|]* \s -p
    )
    (?P<secret> [^\s"'$`<>{}()%/.:=-] [^\s"'$`]{5,} )
"#;

static PATTERN: LazyLock<Option<Regex>> =
    LazyLock::new(|| RegexBuilder::new(SECRETS).case_insensitive(true).build().ok());

/// The text with [`SENSITIVE`] in the place of what is written out behind options, in headers and in assignments for secrets.
pub(super) fn without_secrets(text: &str) -> Cow<'_, str> {
    // Most texts that are shown are single words.
    if !text.contains([' ', '=', ':']) {
        return Cow::Borrowed(text);
    }
    let Some(pattern) = &*PATTERN else { return Cow::Borrowed(text) };
    pattern.replace_all(text, |found: &Captures<'_>| {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let secret = part("secret");
        let shown = if is_written_out(secret) { SENSITIVE } else { secret };
        format!("{}{shown}", part("before"))
    })
}

//! What an environment is for.

/// Words of names, and the tier that they speak of, in the order in which they count (`pre-prod` is no production).
const WORDS: [(&str, &[&str]); 4] = [
    (
        "staging",
        &["staging", "stage", "stg", "preprod", "uat", "acceptance", "demo", "model", "canary", "rc"],
    ),
    (
        "development",
        &["development", "dev", "review", "preview", "sandbox", "ephemeral", "pr", "local", "develop"],
    ),
    ("testing", &["testing", "test", "tst", "qa", "qc", "int", "integration", "e2e"]),
    ("production", &["production", "prod", "prd", "live"]),
];

/// The tier of an environment of that name: `production`, `staging`, `testing`, `development`, or `other`.
pub fn tier_of_name(name: &str) -> &'static str {
    tier_in(name).unwrap_or("other")
}

/// The tier that the name of a job speaks of, or `unknown`.
pub fn tier_of_job(name: &str) -> &'static str {
    tier_in(name).unwrap_or("unknown")
}

fn tier_in(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.windows(2).any(|pair| matches!(pair, ["pre" | "non", "prod" | "production"])) {
        return Some("staging");
    }
    let is_word =
        |known: &str| words.iter().any(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()) == known);
    WORDS.iter().find(|(_, known)| known.iter().any(|word| is_word(word))).map(|(tier, _)| *tier)
}

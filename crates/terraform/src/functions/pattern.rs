//! Regular expressions as Go's `regexp` writes them.

use super::{Refusal, check_size, wrong};
use proofmark_syntax::translate_re2;
use regex::{Regex, RegexBuilder};

/// How large a compiled pattern may become, in bytes. Real ones stay below a tenth; repetitions in repetitions multiply.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// How long a pattern may be, in bytes. A longer one would not fit into [`MAX_PATTERN_BYTES`], and parsing it takes a hundred
/// times its length.
const MAX_PATTERN_LENGTH: usize = 64 << 10;

pub(super) struct Pattern {
    pub expression: Regex,
}

impl Pattern {
    /// How many groups it has.
    pub fn group_count(&self) -> usize {
        self.expression.captures_len().saturating_sub(1)
    }

    /// Whether its groups have names.
    pub fn has_names(&self) -> bool {
        self.expression.capture_names().any(|name| name.is_some())
    }

    /// The text with every match replaced; `$1` and `${name}` stand for what groups hold.
    pub fn replace_all(&self, text: &str, replacement: &str) -> Result<String, Refusal> {
        let mut made = String::with_capacity(text.len());
        // Each `$` stands for a group, none of which is longer than the match: one `expand` could make terabytes.
        let references = replacement.matches('$').count();
        let mut end = 0;
        for captures in self.expression.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            made.push_str(text.get(end..whole.start()).unwrap_or(""));
            let most = replacement.len().saturating_add(references.saturating_mul(whole.len()));
            check_size(made.len().saturating_add(most))?;
            captures.expand(replacement, &mut made);
            end = whole.end();
        }
        made.push_str(text.get(end..).unwrap_or(""));
        check_size(made.len())?;
        Ok(made)
    }
}

/// Compiles a pattern.
pub(super) fn compile(pattern: &str) -> Result<Pattern, Refusal> {
    if pattern.len() > MAX_PATTERN_LENGTH {
        return Err(Refusal::Limit(format!("the pattern is longer than {MAX_PATTERN_LENGTH} bytes")));
    }
    let translated =
        translate_re2(pattern).map_err(|why| format!("`{pattern}` is no regular expression: {why}"))?;
    let built = RegexBuilder::new(&translated)
        .size_limit(MAX_PATTERN_BYTES)
        .dfa_size_limit(MAX_PATTERN_BYTES)
        .build();
    let expression = match built {
        Ok(expression) => expression,
        Err(regex::Error::CompiledTooBig(_)) => {
            return Err(Refusal::Limit(format!("the pattern takes more than {MAX_PATTERN_BYTES} bytes")));
        }
        Err(_) => return wrong(format!("`{pattern}` is no regular expression")),
    };
    let pattern = Pattern { expression };
    let named = pattern.expression.capture_names().flatten().count();
    if named > 0 && named != pattern.group_count() {
        return wrong("the pattern mixes groups with and without names");
    }
    Ok(pattern)
}

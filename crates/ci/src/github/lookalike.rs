//! Names of actions that look like those of others.

use proofmark_source::is_one_edit_off;

/// The well-known action that a name, `owner/repo` in lower case, may be a misspelling of: the same repository, and an owner
/// that is one letter off.
pub fn resembled(name: &str) -> Option<&'static str> {
    let (owner, repo) = name.split_once('/')?;
    let known = include_str!("well_known_actions.txt").lines().filter(|line| !line.starts_with('#'));
    let mut alike = None;
    for known in known {
        if known == name {
            return None;
        }
        let is_alike =
            known.split_once('/').is_some_and(|(other, its)| its == repo && is_one_edit_off(owner, other));
        alike = alike.or(is_alike.then_some(known));
    }
    alike
}

#[cfg(test)]
mod tests {
    use super::resembled;

    #[test]
    fn one_letter_makes_a_lookalike() {
        for name in ["action/checkout", "actionss/checkout", "actoins/checkout", "action5/checkout"] {
            assert_eq!(resembled(name), Some("actions/checkout"), "{name}");
        }
        for name in ["actions/checkout", "acme/checkout", "actions/chekout", "action/tool", "é/checkout", ""]
        {
            assert_eq!(resembled(name), None, "{name}");
        }
    }
}

//! Names of actions that look like those of others.

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
            known.split_once('/').is_some_and(|(other, its)| its == repo && is_one_letter_off(owner, other));
        alike = alike.or(is_alike.then_some(known));
    }
    alike
}

/// Whether one letter too many, one too few, a wrong one, or two that changed places make the difference.
fn is_one_letter_off(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let start = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    let (one, other) = (one.get(start..).unwrap_or(&[]), other.get(start..).unwrap_or(&[]));
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(left, right)| left == right).count();
    let one = one.get(..one.len() - end).unwrap_or(&[]);
    let other = other.get(..other.len() - end).unwrap_or(&[]);
    match (one, other) {
        ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([first, second], [third, fourth]) => first == fourth && second == third,
        _ => false,
    }
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

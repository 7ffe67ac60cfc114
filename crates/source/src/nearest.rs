//! How near names are: for messages about a name that does not exist, and for names that pass for others.

/// Longer names are not compared: nobody mistypes them by a letter.
const MAX_COMPARED: usize = 128;

/// The candidate that takes the fewest edits to become `name`, if that is few enough to be a slip: a third of the
/// letters. Of equally near ones the first in order of the alphabet; case does not count.
#[must_use]
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted: Vec<char> = name.to_lowercase().chars().take(MAX_COMPARED).collect();
    let allowed = wanted.len() / 3;
    candidates
        .into_iter()
        .map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().take(MAX_COMPARED).collect();
            (distance(&wanted, &letters), candidate)
        })
        .filter(|(edits, _)| *edits <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether one letter to insert, delete, replace or swap with its neighbor makes the difference.
#[must_use]
pub fn is_one_edit_off(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.chars().take(MAX_COMPARED).collect::<Vec<char>>();
    distance(&letters(one), &letters(other)) == 1
}

/// Letters to insert, delete, replace or swap with their neighbor (optimal string alignment).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous_letter = None;
    for (row, letter) in from.iter().enumerate() {
        let mut current = Vec::with_capacity(last.len());
        current.push(row + 1);
        let mut left_letter = None;
        for (column, other) in to.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&last, column) + usize::from(letter != other);
            let mut best = replaced.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            let is_swap = previous_letter == Some(other) && left_letter == Some(letter);
            if is_swap && column > 0 {
                best = best.min(at(&before_last, column - 1).saturating_add(1));
            }
            current.push(best);
            left_letter = Some(other);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_letter = Some(letter);
    }
    last.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["startsWith", "size", "self", "severity"];
        assert_eq!(nearest("startWith", names), Some("startsWith"));
        assert_eq!(nearest("serevity", names), Some("severity"));
        assert_eq!(nearest("slef", names), Some("self"));
        assert_eq!(nearest("require", names), None);
        assert_eq!(nearest("", names), None);
    }
}

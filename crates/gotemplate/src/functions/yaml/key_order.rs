//! The order in which go-yaml writes keys: numbers inside names count as numbers.

use std::cmp::Ordering;

/// go-yaml's `keyList.Less`, for text keys.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let Some(place) = left.iter().zip(&right).position(|(left, right)| left != right) else {
        return left.len().cmp(&right.len());
    };
    let (Some(first), Some(second)) = (left.get(place), right.get(place)) else { return Ordering::Equal };
    match (first.is_alphabetic(), second.is_alphabetic()) {
        (true, true) => return first.cmp(second),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // Behind a digit that is no zero, a zero is a digit like any other.
    let is_zero = *first == '0' || *second == '0';
    let before = left.get(..place).unwrap_or(&[]).iter().rev().take_while(|digit| digit.is_numeric());
    let start = u64::from(is_zero && before.into_iter().any(|digit| *digit != '0'));
    let (number, length) = digits(left.get(place..).unwrap_or(&[]), start);
    let (other, other_length) = digits(right.get(place..).unwrap_or(&[]), start);
    number.cmp(&other).then(length.cmp(&other_length)).then(first.cmp(second))
}

/// The number that begins here, behind `start`, and how many digits it has.
fn digits(characters: &[char], start: u64) -> (u64, usize) {
    let digits = characters.iter().map_while(|character| character.to_digit(10));
    digits.fold((start, 0), |(number, length), digit| {
        (number.wrapping_mul(10).wrapping_add(u64::from(digit)), length + 1)
    })
}

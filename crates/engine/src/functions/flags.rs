//! Command lines.

use super::not_text;
use crate::condition::{Run, as_list};
use crate::item::{Item, Record, View};
use proofmark_model::{SmolStr, Unknown};
use std::sync::Arc;

/// The flags of a command line, given as a list of words: `--name=value`, `--name value`, and `--name` alone, which is
/// `"true"`. Names come without their dashes; of equal names the last one counts. A word that is not known may be any
/// flag, and so leaves open what is not there.
pub(super) fn flags<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Item<'a> {
    let Some(words) = as_list(item) else { return not_text(item.view()) };
    let mut open: Option<Arc<Unknown>> = words.open().map(Arc::clone);
    let mut found: Vec<(SmolStr, Item<'a>)> = Vec::new();
    // Whether the last word was a flag that still waits for its value.
    let mut is_waiting = false;
    for number in 0..words.len() {
        let word = run.element(item, number);
        match word.view() {
            View::Text(text) => match text.strip_prefix('-') {
                Some(flag) => is_waiting = add_flag(flag.trim_start_matches('-'), &mut found),
                None => {
                    if let Some((_, value)) = found.last_mut().filter(|_| is_waiting) {
                        *value = Item::text(text);
                    }
                    is_waiting = false;
                }
            },
            View::Unknown(unknown) => {
                match found.last_mut().filter(|_| is_waiting) {
                    Some((_, value)) => *value = Item::Unknown(Arc::clone(unknown)),
                    None => open = open.or_else(|| Some(Arc::clone(unknown))),
                }
                is_waiting = false;
            }
            _ => is_waiting = false,
        }
    }
    let mut record = Record::new(found);
    record.open = open;
    Item::Map(Arc::new(record))
}

/// Adds `name=value` or `name`; true for the latter, whose value may follow.
fn add_flag(flag: &str, found: &mut Vec<(SmolStr, Item<'_>)>) -> bool {
    match flag.split_once('=') {
        Some((name, value)) => {
            found.push((SmolStr::new(name), Item::text(value)));
            false
        }
        None => {
            found.push((SmolStr::new(flag), Item::text("true")));
            true
        }
    }
}

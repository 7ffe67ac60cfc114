use super::*;
use crate::testing::{Scene, evaluation};

#[test]
fn states_add_up_and_empty_ones_are_left_out() {
    let mut result = Scene::new().result(Vec::new());
    let record = |path: &str, state| FileRecord {
        path: path.to_owned(),
        file: None,
        size_bytes: 0,
        sha256: None,
        classes: Vec::new(),
        state,
    };
    result.files.push(record("a.bin", FileState::NotRead("the file is binary".to_owned())));
    result.files.push(record("b.txt", FileState::Unrecognized));
    let ledger = Ledger::of(&result.files);
    assert_eq!(ledger.to_string(), "3 files: 1 read, 1 not read, 1 unrecognized");
    assert!(ledger.is_balanced() && !ledger.is_complete());
    assert_eq!(Ledger::default().to_string(), "0 files");
}

#[test]
fn a_judged_file_that_was_not_read_is_told() {
    let mut result = Scene::new().result(vec![evaluation(3)]);
    assert!(check_ledger(&result).is_empty());
    result.files[0].state = FileState::Unrecognized;
    assert_eq!(check_ledger(&result), ["`main.tf` was judged, but the ledger does not say that it was read"]);
    let twice = crate::FileRecord { file: None, ..result.files[0].clone() };
    result.files.push(twice);
    assert_eq!(check_ledger(&result)[0], "`main.tf` stands twice in the ledger");
}

//! Roots of small repositories: which folder calls which, and which are selected.

use super::*;

/// The roots where `a>b` says that `a` calls `b`, and every folder is selected or only those of `selected`.
fn roots(folders: &[&str], calls: &[&str], selected: Option<&[&str]>) -> String {
    let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
    let mut called = Calls::new();
    for (caller, callee) in calls.iter().filter_map(|call| call.split_once('>')) {
        called.entry(caller.to_owned()).or_default().insert(callee.to_owned());
    }
    let is_selected = |folder: &str| selected.is_none_or(|selected| selected.contains(&folder));
    root_folders(&folders, &called, is_selected).into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_nobody_calls_is_a_root() {
    assert_eq!(roots(&["app", "lib", "net"], &["app>lib", "lib>net"], None), "app");
    assert_eq!(roots(&["app", "lib"], &[], None), "app lib");
}

#[test]
fn of_a_circle_the_first_is_a_root() {
    assert_eq!(roots(&["a", "b", "c"], &["a>b", "b>a", "c>c"], None), "a c");
}

#[test]
fn a_module_that_is_asked_for_is_a_root_too() {
    let (folders, calls) = (["app", "lib", "net"], ["app>lib", "lib>net"]);
    assert_eq!(roots(&folders, &calls, Some(&["lib"])), "app lib");
    assert_eq!(roots(&folders, &calls, Some(&["lib", "net"])), "app lib");
    assert_eq!(roots(&folders, &calls, Some(&["app", "net"])), "app");
}

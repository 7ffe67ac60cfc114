//! Roots of small repositories: which folder calls which.

use super::*;

/// The roots where `a>b` says that `a` calls `b`.
fn roots(folders: &[&str], calls: &[&str]) -> String {
    let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
    let mut called = Calls::new();
    for (caller, callee) in calls.iter().filter_map(|call| call.split_once('>')) {
        called.entry(caller.to_owned()).or_default().insert(callee.to_owned());
    }
    root_folders(&folders, &called).into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_nobody_calls_is_a_root() {
    assert_eq!(roots(&["app", "lib", "net"], &["app>lib", "lib>net"]), "app");
    assert_eq!(roots(&["app", "lib"], &[]), "app lib");
}

#[test]
fn of_a_circle_the_first_is_a_root() {
    assert_eq!(roots(&["a", "b", "c"], &["a>b", "b>a", "c>c"]), "a c");
}

//! What is far too large, or never ends, is cut off with a word about it.

use super::read_all;
use proofmark_model::UnitModel;

/// Reads these files, and says how many resources of that kind they made and what was told.
fn read(files: &[(&str, &str)], kind: &str) -> (usize, Vec<String>) {
    let models: Vec<UnitModel> = read_all(files);
    let resources = models.iter().flat_map(|model| &model.resources);
    let told = models.iter().flat_map(|model| &model.diagnostics);
    let count = resources.filter(|resource| resource.kind.0 == kind).count();
    (count, told.map(|diagnostic| diagnostic.message.clone()).collect())
}

#[test]
fn a_million_instances_are_cut() {
    let (count, told) = read(&[("main.tf", "resource \"r\" \"million\" {\n  count = 1000000\n}\n")], "r");
    assert_eq!(count, 10_000);
    assert_eq!(told, ["`count` is 1000000; only the first 10000 instances are read"]);
}

#[test]
fn a_million_elements_are_not_made() {
    let text = "resource \"r\" \"range\" {\n  for_each = toset([for n in range(1000000) : tostring(n)])\n}\n";
    let (count, told) = read(&[("main.tf", text)], "r");
    assert_eq!(count, 1);
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn instances_of_instances_end_at_one_limit() {
    let (count, told) = read(
        &[
            ("main.tf", "module \"m\" {\n  source = \"./m\"\n  count = 20\n}\n"),
            ("m/main.tf", "resource \"r\" \"r\" {\n  count = 9000\n}\nresource \"r\" \"after\" {}\n"),
        ],
        "r",
    );
    assert!((20_000..=30_000).contains(&count), "{count}");
    assert!(told.iter().any(|told| told.contains("more than 20000 instances")), "{told:?}");
}

#[test]
fn modules_that_double_at_every_level_end_at_the_same_limit() {
    let call = |name: &str, folder: &str| format!("module \"{name}\" {{\n  source = \"{folder}\"\n}}\n");
    let level = |number: usize| {
        let next = format!("../m{}", number + 1);
        call("a", &next) + &call("b", &next)
    };
    let mut files: Vec<(String, String)> = (0..22).map(|n| (format!("m{n}/main.tf"), level(n))).collect();
    files.push(("m22/main.tf".to_owned(), "resource \"r\" \"r\" {}\n".to_owned()));
    files.push(("main.tf".to_owned(), call("m", "./m0")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (_, told) = read(&files, "r");
    assert!(told.iter().any(|told| told.contains("more than 20000 instances")), "{told:?}");
}

#[test]
fn modules_in_modules_end_at_their_limit() {
    let mut files: Vec<(String, String)> = (0..40)
        .map(|n| (format!("m{n}/main.tf"), format!("module \"next\" {{\n  source = \"../m{}\"\n}}\n", n + 1)))
        .collect();
    files.push(("m40/main.tf".to_owned(), "resource \"r\" \"r\" {}\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (_, told) = read(&files, "r");
    assert_eq!(told, ["modules call each other more than 24 levels deep"]);
}

use super::*;
use crate::testing::{scan, workspace};

#[test]
fn what_changes_shows() {
    let workspace = workspace();
    let result = scan(&workspace);
    let manifest = Manifest::build(&result, &workspace, &[("soc2.md", b"# Evidence")]);
    assert_eq!(Manifest::parse(&manifest.render()).unwrap(), manifest);
    assert_eq!(
        manifest.files.iter().map(|file| &*file.path).collect::<Vec<_>>(),
        ["infra/main.tf", "infra/variables.tf", "policies/encryption policy.md"]
    );
    let same = |path: &str| workspace.load_bytes(workspace.find(path)?);
    let report = |_: &str| Some(b"# Evidence".to_vec());
    assert_eq!(manifest.verify(&manifest.rule_set_digest, same, report), []);
    let changed = |path: &str| if path.ends_with(".md") { None } else { Some(b"other".to_vec()) };
    let found = manifest.verify("other", changed, |_| None);
    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "the rules have changed",
            "`soc2.md` is missing",
            "`infra/main.tf` has changed",
            "`infra/variables.tf` has changed",
            "`policies/encryption policy.md` is missing"
        ]
    );
}

#[test]
fn what_is_no_manifest_is_refused() {
    assert!(Manifest::parse("{").is_err());
    let workspace = workspace();
    let newer = Manifest::build(&scan(&workspace), &workspace, &[]).render().replace("\"1\"", "\"9\"");
    let error = Manifest::parse(&newer).unwrap_err().to_string();
    assert_eq!(error, "this is no manifest of version 1: it has version `9`");
}

//! Which overlays are one thing in several environments, and what these are called.
//!
//! Overlays that stand on the same base are its environments, and so is one that lies in a folder which says so. The
//! environment is called after the folder of the overlay: `overlays/prod` is `prod`.

use proofmark_kubernetes::{kustomization, overlay_bases};
use proofmark_model::{SmolStr, Unit, Variant};
use proofmark_source::{Workspace, parent_path};
use std::collections::BTreeSet;

/// Folders that hold one folder for each environment.
const ENVIRONMENT_FOLDERS: [&str; 7] =
    ["clusters", "env", "environment", "environments", "envs", "overlays", "stages"];

/// What the folder above all others is called.
const ROOT: &str = ".";

/// The units that are environments. `units` are overlays that no other one uses.
pub(crate) fn variants(workspace: &dyn Workspace, units: &[&Unit]) -> Vec<Variant> {
    let mut variants = Vec::new();
    for family in families(workspace, units) {
        let is_environment = family.len() > 1 || family.iter().all(|path| is_in_environments(path));
        let Some(first) = family.first().filter(|_| is_environment) else { continue };
        for (path, environment) in family.iter().zip(names(&family)) {
            let environment = SmolStr::new(environment);
            variants.push(Variant { unit: (*path).to_owned(), environment, family: (*first).to_owned() });
        }
    }
    variants
}

/// The folders of overlays, those together that stand on the same base. Each family is sorted.
fn families<'u>(workspace: &dyn Workspace, units: &[&'u Unit]) -> Vec<Vec<&'u str>> {
    let mut families: Vec<(BTreeSet<String>, Vec<&str>)> = Vec::new();
    for unit in units {
        let mut bases = BTreeSet::new();
        add_bases(workspace, &unit.path, &mut bases);
        let mut members = vec![unit.path.as_str()];
        // An overlay of two bases brings their families together.
        families.retain_mut(|(known, others)| {
            let is_apart = known.is_disjoint(&bases);
            if !is_apart {
                bases.append(known);
                members.append(others);
            }
            is_apart
        });
        members.sort_unstable();
        families.push((bases, members));
    }
    families.into_iter().map(|(_, members)| members).collect()
}

/// Adds the files and folders that the overlay in `folder` stands on, and what these stand on.
fn add_bases(workspace: &dyn Workspace, folder: &str, bases: &mut BTreeSet<String>) {
    let Some(file) = kustomization(workspace, folder) else { return };
    for base in overlay_bases(workspace, file) {
        let is_there = workspace.find(&base).is_some() || kustomization(workspace, &base).is_some();
        if is_there && bases.insert(base.to_owned()) {
            add_bases(workspace, &base, bases);
        }
    }
}

fn is_in_environments(path: &str) -> bool {
    let parent = parent_path(path);
    ENVIRONMENT_FOLDERS.contains(&parent.rsplit('/').next().unwrap_or(parent))
}

/// What the members of a family are called: after their folders, and where two of these have the same name, after the part
/// of their paths in which they differ: `prod` and `dev` for `prod/web` and `dev/web`.
fn names(family: &[&str]) -> Vec<String> {
    let folders: Vec<&str> = family.iter().map(|path| path.rsplit('/').next().unwrap_or(path)).collect();
    let names = match folders.iter().collect::<BTreeSet<_>>().len() == folders.len() {
        true => folders.into_iter().map(str::to_owned).collect(),
        false => differing(family),
    };
    let in_words = |name: String| if name.is_empty() { ROOT.to_owned() } else { name };
    names.into_iter().map(in_words).collect()
}

/// The paths without the folders that all of them begin and end with.
fn differing(paths: &[&str]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').collect()).collect();
    let shortest = parts.iter().map(Vec::len).min().unwrap_or(0);
    let is_one = |words: BTreeSet<Option<&&str>>| words.len() == 1;
    let begins_alike = |index: &usize| is_one(parts.iter().map(|parts| parts.get(*index)).collect());
    let ends_alike =
        |index: &usize| is_one(parts.iter().map(|parts| parts.iter().nth_back(*index)).collect());
    let start = (0..shortest).take_while(begins_alike).count();
    let end = (0..shortest - start).take_while(ends_alike).count();
    let middle = |parts: &Vec<&str>| parts.get(start..parts.len() - end).unwrap_or(parts).join("/");
    parts.iter().map(middle).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn environments_are_called_after_folders_or_what_differs() {
        assert_eq!(names(&["k8s/overlays/dev", "k8s/overlays/prod"]), ["dev", "prod"]);
        assert_eq!(names(&["k8s/dev/web", "k8s/prod/web"]), ["dev", "prod"]);
        assert_eq!(names(&["o/dev/eu", "o/prod/eu", "o/prod/us"]), ["dev/eu", "prod/eu", "prod/us"]);
        assert_eq!(names(&["", "overlays/prod"]), [".", "prod"]);
        assert_eq!(names(&["web", "x/web"]), [".", "x"]);
    }
}

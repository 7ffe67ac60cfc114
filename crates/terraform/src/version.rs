//! Provider versions: what the lock file and the constraints say.

use crate::evaluator::{Evaluator, Instance};
use crate::files::{FileKind, files_in};
use proofmark_hcl::{Block, Expr, ExprKind};
use proofmark_source::Span;
use std::rc::Rc;

/// The numbers of a version; missing ones are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u32; 3]);

/// The versions that a provider may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    /// The least one.
    pub from: Option<Version>,
    /// The first one that is too high.
    pub before: Option<Version>,
    /// Where that is said.
    pub place: Span,
}

impl Version {
    /// Reads `1`, `1.2` or `1.2.3`, with anything behind a `-` or `+` left out.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let text = text.split(['-', '+']).next().unwrap_or(text);
        let mut numbers = [0; 3];
        let mut parts = text.split('.');
        for number in &mut numbers {
            match parts.next() {
                Some(part) => *number = part.parse().ok()?,
                None => break,
            }
        }
        parts.next().is_none().then_some(Self(numbers))
    }

    /// The version behind this one.
    fn next(self) -> Self {
        let Self([major, minor, patch]) = self;
        Self([major, minor, patch.saturating_add(1)])
    }

    /// The first version beyond what `~>` allows: it lets the last number that is written grow.
    fn pessimistic_end(self, written: &str) -> Self {
        let Self([major, minor, _]) = self;
        match written.matches('.').count() {
            0 => Self([u32::MAX, 0, 0]),
            1 => Self([major.saturating_add(1), 0, 0]),
            _ => Self([major, minor.saturating_add(1), 0]),
        }
    }
}

impl Versions {
    /// The versions that a constraint such as `>= 5.0, < 7` allows.
    pub fn allowed_by(constraint: &str, place: Span) -> Self {
        let mut versions = Self { from: None, before: None, place };
        for part in constraint.split(',') {
            let part = part.trim();
            let text = part.trim_start_matches(['~', '>', '<', '=', '!', ' ']);
            let Some(version) = Version::parse(text) else { continue };
            let operator = part.get(..part.len() - text.len()).unwrap_or("").trim();
            let (from, before) = match operator {
                "" | "=" => (Some(version), Some(version.next())),
                ">=" => (Some(version), None),
                ">" => (Some(version.next()), None),
                "<" => (None, Some(version)),
                "<=" => (None, Some(version.next())),
                "~>" => (Some(version), Some(version.pessimistic_end(text))),
                _ => (None, None),
            };
            versions = versions.both(Self { from, before, place });
        }
        versions
    }

    /// The versions that both allow.
    fn both(self, other: Self) -> Self {
        let place = if other.from > self.from { other.place } else { self.place };
        let before = match (self.before, other.before) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { from: self.from.max(other.from), before, place }
    }

    /// Whether all of them are at least `from` and lie below `before`.
    pub fn lie_within(&self, from: Option<Version>, before: Option<Version>) -> bool {
        let is_high = from.is_none_or(|from| self.from.is_some_and(|least| least >= from));
        let is_low = before.is_none_or(|before| self.before.is_some_and(|end| end <= before));
        is_high && is_low
    }
}

impl<'r> Evaluator<'r> {
    /// The versions that HashiCorp's provider of that name may have for a module: the one of the root's lock file, else what
    /// the module and those that call it allow. `None` where nobody says, or where the name means another provider.
    pub fn provider_versions(&self, module: &Rc<Instance<'r>>, name: &str) -> Option<Versions> {
        if let Some(locked) = self.locked_version(name) {
            return Some(locked);
        }
        let mut found: Option<Versions> = None;
        let mut current = Some(Rc::clone(module));
        while let Some(instance) = current {
            for requirement in instance.config.settings.iter().flat_map(|block| requirements(block, name)) {
                let own = versions_of(requirement, name)?;
                found = Some(found.map_or(own, |found| found.both(own)));
            }
            current = instance.caller.as_ref().map(|caller| Rc::clone(&caller.module));
        }
        found
    }

    fn locked_version(&self, name: &str) -> Option<Versions> {
        let root = self.root()?;
        let lock = files_in(self.workspace, &root.folder, FileKind::Lock).next()?;
        let source = self.files.parsed(self.workspace, lock)?;
        let is_this = |block: &&Block| {
            block.label(0).is_some_and(|label| label.ends_with(&format!("/hashicorp/{name}")))
        };
        let block = source.body.blocks_of("provider").find(is_this)?;
        let version = &block.body.attribute("version")?.value;
        let written = version.as_str()?;
        Version::parse(written).map(|_| Versions::allowed_by(written, version.span))
    }
}

/// What the `required_providers` of a `terraform` block say about a provider.
fn requirements<'b>(block: &'b Block, name: &'b str) -> impl Iterator<Item = &'b Expr> {
    let lists = block.body.blocks_of("required_providers");
    lists.filter_map(move |list| list.body.attribute(name)).map(|attribute| &attribute.value)
}

/// The versions that a requirement allows; `None` where it means a provider of somebody else.
fn versions_of(requirement: &Expr, name: &str) -> Option<Versions> {
    let ExprKind::Object(items) = &requirement.kind else {
        return Some(Versions::allowed_by(requirement.as_str()?, requirement.span));
    };
    let member = |wanted: &str| {
        let is_it = |key: &Expr| match &key.kind {
            ExprKind::Variable(name) | ExprKind::String(name) => name == wanted,
            _ => false,
        };
        items.iter().find(|item| is_it(&item.key)).map(|item| &item.value)
    };
    let source = member("source").and_then(Expr::as_str);
    if source.is_some_and(|source| !source.to_ascii_lowercase().ends_with(&format!("hashicorp/{name}"))) {
        return None;
    }
    let open = Versions { from: None, before: None, place: requirement.span };
    Some(
        member("version")
            .and_then(|version| Some(Versions::allowed_by(version.as_str()?, version.span)))
            .unwrap_or(open),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proofmark_source::FileId;

    fn range(constraint: &str) -> (Option<[u32; 3]>, Option<[u32; 3]>) {
        let versions = Versions::allowed_by(constraint, Span::file_start(FileId(0)));
        (versions.from.map(|version| version.0), versions.before.map(|version| version.0))
    }

    #[test]
    fn constraints_are_ranges() {
        assert_eq!(range("~> 5.0"), (Some([5, 0, 0]), Some([6, 0, 0])));
        assert_eq!(range("~> 5.1.2"), (Some([5, 1, 2]), Some([5, 2, 0])));
        assert_eq!(range(">= 4.0, < 6.0, != 5.1"), (Some([4, 0, 0]), Some([6, 0, 0])));
        assert_eq!(range("5.31.0"), (Some([5, 31, 0]), Some([5, 31, 1])));
        assert_eq!(range("> 3, <= 4.1"), (Some([3, 0, 1]), Some([4, 1, 1])));
        assert_eq!(range("latest"), (None, None));
    }

    #[test]
    fn a_range_lies_on_one_side_of_a_change() {
        let change = Version::parse("6.0.0");
        let lies = |constraint: &str, from, before| {
            Versions::allowed_by(constraint, Span::file_start(FileId(0))).lie_within(from, before)
        };
        assert!(lies("~> 6.2", change, None) && !lies("~> 6.2", None, change));
        assert!(lies("~> 5.0", None, change) && !lies("~> 5.0", change, None));
        assert!(!lies(">= 5.0", change, None) && !lies(">= 5.0", None, change));
    }
}

//! Values that no file contains.

use crate::Address;
use smol_str::SmolStr;
use std::fmt;

/// What stands in [`Known::skeleton`] for a part that is not known: the object replacement character.
pub const HOLE: char = '\u{fffc}';

/// Why a value is not known, and what is known of it all the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Why, in words that help: ``variable `x` has no default and no variable file sets it``.
    pub reason: SmolStr,
    /// The resources that the value is made from, where it is a reference to them or a text with references in it.
    pub references: Vec<Reference>,
    /// What is known.
    pub known: Known,
}

/// What is known of a value that is itself not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Its type.
    pub shape: Option<Shape>,
    /// Whether it is certainly set: an attribute with such a value is present.
    pub is_set: bool,
    /// How its text begins.
    pub prefix: Option<SmolStr>,
    /// The whole text with [`HOLE`] in place of each part that is not known: what a template makes.
    pub skeleton: Option<SmolStr>,
    /// The least number of characters or elements.
    pub min_length: Option<u64>,
    /// The greatest number of characters or elements.
    pub max_length: Option<u64>,
    /// Which unknown it is, where one comes up in several places: those of one identity are equal. What is made from such
    /// a value has another identity, or none.
    pub identity: Option<SmolStr>,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it")]
pub enum Shape {
    Bool,
    Number,
    String,
    List,
    Map,
}

/// A pointer to a resource, or to one of its attributes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// The resource, within the same unit; without an instance key it means every instance.
    pub address: Address,
    /// The path to the attribute behind it, such as `arn`; empty for the resource itself.
    pub attribute: SmolStr,
}

impl Known {
    /// How its text ends, as far as the skeleton tells.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        let (_, suffix) = self.skeleton.as_deref()?.rsplit_once(HOLE)?;
        (!suffix.is_empty()).then_some(suffix)
    }

    /// Whether what is known of its text surely holds `part`.
    #[must_use]
    pub fn contains(&self, part: &str) -> bool {
        let segments = self.skeleton.as_deref().unwrap_or("").split(HOLE);
        segments.chain(self.prefix.as_deref()).any(|segment| segment.contains(part))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attribute.is_empty() {
            write!(formatter, "{}", self.address)
        } else {
            write!(formatter, "{}.{}", self.address, self.attribute)
        }
    }
}

impl Unknown {
    /// Not known for this reason, and nothing more said.
    #[must_use]
    pub fn because(reason: impl Into<SmolStr>) -> Self {
        Self { reason: reason.into(), references: Vec::new(), known: Known::default() }
    }

    /// The attribute of a resource that only its provider computes: set, but not known.
    #[must_use]
    pub fn computed(reference: Reference) -> Self {
        let reason = smol_str::format_smolstr!("`{reference}` is computed by the provider");
        // No provider gives a resource an empty name.
        let min_length = matches!(reference.attribute.as_str(), "id" | "arn").then_some(1);
        let known = Known { is_set: true, min_length, ..Known::default() };
        Self { reason, references: vec![reference], known }
    }
}

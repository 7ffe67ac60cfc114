//! Verdicts on single resources.

use proofmark_model::{Address, Kind, Value};
use proofmark_source::Span;
use smol_str::SmolStr;

/// What a rule says about a resource. Ordered as a control's status is derived: worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// The requirement is not met.
    Fail,
    /// A value that no file contains decides it.
    Unknown,
    /// The requirement is met.
    Pass,
    /// The rule does not speak about this resource.
    NotApplicable,
}

/// How the environments of an evaluation stand to the others that are about its unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Extent {
    /// They are all of them, or there are none.
    #[default]
    Everywhere,
    /// The verdict is another in the others.
    Only,
    /// The verdict is the same in another one, for other values.
    Partly,
}

/// The meeting of a rule and a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The rule with its parameters, by its place in [`ScanResult::instances`](crate::ScanResult::instances).
    pub instance: usize,
    /// What came out.
    pub verdict: Verdict,
    /// The judged resource.
    pub subject: Subject,
    /// The judged element's key, where the rule goes through a list: its name, else its number from 0.
    pub element: Option<SmolStr>,
    /// The environments for which this holds, sorted; empty where none is about the unit.
    pub environments: Vec<SmolStr>,
    /// How these stand to the other environments that are about the unit.
    pub extent: Extent,
    /// The place it points at: inside the resource's block, and no larger than needed.
    pub span: Span,
    /// The verdict in words.
    pub message: String,
    /// The values that decided, in the order in which they were read.
    pub observations: Vec<Observation>,
    /// Further places that matter: where a value came from, the calls of a module.
    pub related: Vec<Related>,
    /// The identity of the evaluation across edits, in hexadecimal.
    pub fingerprint: String,
    /// The waiver that accepts the failure, by its place in [`ScanResult::waivers`](crate::ScanResult::waivers).
    pub waiver: Option<usize>,
    /// Whether the baseline holds it already.
    pub is_known: bool,
    /// What the rule's edit asks for, where the requirement is not met.
    pub changes: Vec<Change>,
}

/// A change that an edit asks for, in terms of values. Whether the text takes it is for others to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An attribute is given a value.
    Set {
        /// All that is written of the map that gets it.
        target: Span,
        /// The attribute, as a path of names with dots; in backticks a name that holds a dot.
        path: SmolStr,
        /// Its value.
        value: Value,
        /// The entry before which a new one is written.
        before: Option<SmolStr>,
    },
    /// An expression leaves the text that holds it, and becomes an entry of a map beside that text.
    Extract {
        /// The expression with its marks.
        expression: Span,
        /// The map.
        into: SmolStr,
    },
}

/// The judged resource, as far as reports need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Its address.
    pub address: Address,
    /// Its kind.
    pub kind: Kind,
    /// Its whole block.
    pub span: Span,
    /// The part that names it.
    pub header: Span,
    /// The unit it belongs to, by its place in [`ScanResult::units`](crate::ScanResult::units); of units that are one thing
    /// in several environments, the first.
    pub unit: usize,
}

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// What was read, as a path in the resource: `ingress[0].cidr_blocks`.
    pub path: SmolStr,
    /// The value with its origin; `None` where the attribute is absent.
    pub value: Option<Value>,
    /// Where it stands; for an absent one, the header of the block that lacks it.
    pub span: Span,
}

/// A further place that matters.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// What it has to do with it.
    pub message: String,
}

impl Evaluation {
    /// Where this holds, as reports say it: `only in prod`, `in dev, prod`; nothing where it holds in every environment.
    #[must_use]
    pub fn where_it_holds(&self) -> Option<String> {
        let names = || self.environments.join(", ");
        match self.extent {
            Extent::Everywhere => None,
            Extent::Only => Some(format!("only in {}", names())),
            Extent::Partly => Some(format!("in {}", names())),
        }
    }
}

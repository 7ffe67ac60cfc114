//! The elements of a list.

use crate::Value;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The elements of a list, tuple or set, in the order that the source format gives them. Copies share them.
#[derive(Clone)]
pub struct Elements(Arc<Shared>);

struct Shared {
    kind: ListKind,
    values: Box<[Value]>,
}

/// What the source format calls a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListKind {
    /// Each element has a type of its own, as in any format that does not say more.
    #[default]
    Tuple,
    /// All elements have one type.
    List,
    /// All elements have one type, each stands once, and their places mean nothing.
    Set,
    /// A text of JSON, kept as the list that it encodes, because not all of it is known.
    Encoded,
}

impl Elements {
    /// These elements as a list of that kind.
    #[must_use]
    pub fn new(kind: ListKind, values: Vec<Value>) -> Self {
        Self(Arc::new(Shared { kind, values: values.into_boxed_slice() }))
    }

    /// What the source format calls them.
    #[must_use]
    pub fn kind(&self) -> ListKind {
        self.0.kind
    }
}

impl Deref for Elements {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.values
    }
}

impl From<Vec<Value>> for Elements {
    fn from(values: Vec<Value>) -> Self {
        Self::new(ListKind::default(), values)
    }
}

impl<const N: usize> From<[Value; N]> for Elements {
    fn from(values: [Value; N]) -> Self {
        Self::from(Vec::from(values))
    }
}

impl FromIterator<Value> for Elements {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Self::from(values.into_iter().collect::<Vec<Value>>())
    }
}

impl PartialEq for Elements {
    /// Equal elements in equal order; rules do not tell lists from sets.
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Elements {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

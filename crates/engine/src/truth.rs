//! Three-valued truth (Kleene's strong logic).

use crate::item::Item;
use proofmark_model::Unknown;
use std::sync::Arc;

/// Whether something holds.
#[derive(Clone, Debug)]
pub(crate) enum Truth {
    True,
    False,
    Unknown(Arc<Unknown>),
}

impl Truth {
    pub fn unknown(reason: impl Into<proofmark_model::SmolStr>) -> Self {
        Self::Unknown(Arc::new(Unknown::because(reason)))
    }

    pub fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown(unknown) => Self::Unknown(unknown),
        }
    }

    /// Whether all hold. Stops at the first that does not.
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Self {
        Self::fold(truths, false)
    }

    /// Whether any holds. Stops at the first that does.
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Self {
        Self::fold(truths, true)
    }

    fn fold(truths: impl IntoIterator<Item = Truth>, decisive: bool) -> Self {
        let mut result = Self::from(!decisive);
        for truth in truths {
            match truth {
                Self::Unknown(_) if matches!(result, Self::Unknown(_)) => {}
                Self::Unknown(_) => result = truth,
                _ if truth.is(decisive) => return truth,
                _ => {}
            }
        }
        result
    }

    pub fn is(&self, value: bool) -> bool {
        matches!((self, value), (Self::True, true) | (Self::False, false))
    }

    pub fn into_item<'a>(self) -> Item<'a> {
        match self {
            Self::True => Item::Bool(true),
            Self::False => Item::Bool(false),
            Self::Unknown(unknown) => Item::Unknown(unknown),
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

//! Truth of three values.

use proofmark_model::{Data, SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::ops::{BitAnd, BitOr, Not};

/// True, false, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Only a run decides.
    Unknown,
}

impl Truth {
    /// The truth value, unknown where `reason` says why.
    pub fn value(self, reason: &str, span: Span) -> Value {
        match self {
            Self::True => Value::new(Data::Bool(true), span),
            Self::False => Value::new(Data::Bool(false), span),
            Self::Unknown => Value::unknown(Unknown::because(SmolStr::new(reason)), span),
        }
    }

    /// The truth value that a value is: absent and anything else is false.
    pub fn of(value: Option<&Value>) -> Self {
        match value.map(|value| &value.data) {
            Some(Data::Bool(true)) => Self::True,
            Some(Data::String(text)) if text == "true" => Self::True,
            Some(Data::Unknown(_)) => Self::Unknown,
            _ => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl BitAnd for Truth {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }
}

impl BitOr for Truth {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        !(!self & !other)
    }
}

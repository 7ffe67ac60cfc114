//! Values and types of parameters.

use crate::{ParamType, ParamValue};
use std::fmt;

impl ParamValue {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> ParamType {
        match self {
            Self::Boolean(_) => ParamType::Boolean,
            Self::Integer(_) => ParamType::Integer,
            Self::Number(_) => ParamType::Number,
            Self::String(_) => ParamType::String,
            Self::List(_) => ParamType::List,
            Self::Map(_) => ParamType::Map,
        }
    }

    /// Whether [`Self::fit`] gives a value.
    #[must_use]
    pub fn fits(&self, kind: ParamType) -> bool {
        self.kind() == kind || (self.kind() == ParamType::Integer && kind == ParamType::Number)
    }

    /// The value as one of type `kind`; a whole number is a number too. `None` where it is of another type.
    #[must_use]
    pub fn fit(self, kind: ParamType) -> Option<Self> {
        match (self, kind) {
            #[expect(clippy::cast_precision_loss, reason = "parameters are small numbers that people write")]
            (Self::Integer(value), ParamType::Number) => Some(Self::Number(value as f64)),
            (value, kind) => (value.kind() == kind).then_some(value),
        }
    }
}

impl fmt::Display for ParamValue {
    /// The value as JSON writes it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(formatter, "{value}"),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::Number(value) => write!(formatter, "{value}"),
            Self::String(value) => write!(formatter, "{value:?}"),
            Self::List(values) => {
                formatter.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    write!(formatter, "{separator}{value}")?;
                }
                formatter.write_str("]")
            }
            Self::Map(entries) => {
                formatter.write_str("{")?;
                for (index, (name, value)) in entries.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    write!(formatter, "{separator}{name:?}: {value}")?;
                }
                formatter.write_str("}")
            }
        }
    }
}

impl fmt::Display for ParamType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::String => "string",
            Self::List => "list",
            Self::Map => "map",
        })
    }
}

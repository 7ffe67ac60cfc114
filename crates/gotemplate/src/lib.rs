//! The Go template language with the functions of Sprig and Helm, and a way back from every byte of output.
//!
//! Charts are programs. To say which line of a template and which entry of a values file a finding comes from, we run
//! the program ourselves and let every value carry its [`Trace`]: where it was written, and the actions that it passed.
//! Texts carry a trace for each stretch of theirs, so that `include`, `tpl`, `toYaml`, `nindent` and `printf` hand it on.
//!
//! The cast: [`Templates`] holds what was parsed; [`execute`] runs one of them over a [`Value`]; the result is a
//! [`Text`]. What only a real run decides (random values, certificates, the time) becomes a placeholder whose bytes
//! stay marked as [`Place::Unknown`].
//!
//! Behaviour follows text/template of Go 1.25, Sprig 3.3 and Helm 4, quirks included. Deliberately absent: charts,
//! values files and Kubernetes, which are the business of `helm`; and any door to the outside, which functions of
//! templates could otherwise open.
//!
//! Start at [`execute`].

mod limits;
mod trace;
mod text;
mod value;
mod unicode;
mod number;
mod lexer;
mod node;
mod parse;
mod cache;
mod template;
mod error;
mod print;
mod functions;
mod execute;
mod survey;

pub use error::{ErrorKind, ExecuteError, Frame, Limit, ParseError};
pub use execute::{Run, execute};
pub use functions::{function_names, to_yaml, version_fits, without_no_value};
pub use survey::{Action, Manner, Reading, Survey, survey};
pub use template::{Origin, Source, Templates};
pub use text::{Mark, Text, TextBuilder};
pub use trace::{Place, Trace};
pub use value::{ANY_TYPE, Data, Dict, IntType, List, MAP_TYPE, Object, TEXT_MAP_TYPE, Time, Value};

#[cfg(test)]
mod tests;

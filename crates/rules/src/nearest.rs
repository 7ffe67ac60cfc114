//! The nearest name, as the help of a diagnostic about a name that does not exist.

pub use proofmark_source::nearest;

/// The nearest candidate as the help of a diagnostic.
pub(crate) fn did_you_mean<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(name, candidates).map(|near| format!("did you mean `{near}`?"))
}

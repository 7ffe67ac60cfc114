//! The bounds that keep hostile charts harmless.

/// The most bytes that an archive may unfold to.
pub(crate) const MAX_ARCHIVE_BYTES: u64 = 64 << 20;

/// The most files that an archive may hold.
pub(crate) const MAX_ARCHIVE_FILES: usize = 10_000;

/// How deep charts may hold charts.
pub(crate) const MAX_CHART_DEPTH: usize = 16;

/// The longest list that `--set` may make with an index, as in Helm itself.
pub(crate) const MAX_SET_INDEX: usize = 65_536;

//! The bounds that keep hostile charts harmless.

use proofmark_source::Code;

/// The diagnostic of a limit that was reached.
pub(crate) const LIMIT: Code = Code("helm-limit");

/// The most bytes that the archives of a chart may unfold to together. Helm stops at 100 MiB.
pub(crate) const MAX_ARCHIVE_BYTES: u64 = 64 << 20;

/// The largest file in an archive, as in Helm itself.
pub(crate) const MAX_ARCHIVE_FILE_BYTES: u64 = 5 << 20;

/// The most files that the archives of a chart may hold together.
pub(crate) const MAX_ARCHIVE_FILES: usize = 10_000;

/// How deep charts may hold charts.
pub(crate) const MAX_CHART_DEPTH: usize = 16;

/// How many charts one may consist of. Aliases use a chart several times, and so may the charts within it.
pub(crate) const MAX_CHARTS: usize = 1_000;

/// How many templates of a chart may reach a limit of the template language before the others are left out: each of
/// them costs seconds.
pub(crate) const MAX_ENDLESS_TEMPLATES: usize = 8;

/// The longest list that `--set` may make with an index, as in Helm itself.
pub(crate) const MAX_SET_INDEX: usize = 65_536;

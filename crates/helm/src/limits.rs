//! The bounds that keep hostile charts harmless.

use proofmark_gotemplate::Limit;
use proofmark_source::Code;

/// Why a template did not come to its end.
pub(crate) const STEPS: Code = Code("helm-limit-steps");
pub(crate) const CALLS: Code = Code("helm-limit-calls");
pub(crate) const TEXT: Code = Code("helm-limit-text");
pub(crate) const ITEMS: Code = Code("helm-limit-items");
/// Why a template was not begun.
pub(crate) const ACTIONS: Code = Code("helm-limit-actions");
/// Why charts were left out.
pub(crate) const ARCHIVE: Code = Code("helm-limit-archive");
pub(crate) const CHARTS: Code = Code("helm-limit-charts");
pub(crate) const VALUES: Code = Code("helm-limit-values");
/// Why values were not checked.
pub(crate) const SCHEMA: Code = Code("helm-limit-schema");

/// The diagnostic of a limit of the template language.
pub(crate) fn code_of(limit: Limit) -> Code {
    match limit {
        Limit::Steps => STEPS,
        Limit::Calls => CALLS,
        Limit::Text => TEXT,
        Limit::Items => ITEMS,
    }
}

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

/// How many bytes the actions of a chart's templates may take up together, without comments. A tree is a hundred times as
/// large as its text; those of the largest public charts take up a tenth of this.
pub(crate) const MAX_ACTION_BYTES: usize = 3 << 20;

/// How many bytes those of a single template may take up.
pub(crate) const MAX_TEMPLATE_ACTION_BYTES: usize = 512 << 10;

/// How many values a chart and its subcharts may see together. Each subchart sees the globals of those above it, and one
/// that is used under several names sees its own several times. Large public charts have a few thousand.
pub(crate) const MAX_VALUES: usize = 200_000;

/// How many places of schemas may meet how many values. Schemas that refer to themselves may need more than there is time.
pub(crate) const MAX_SCHEMA_STEPS: usize = 1_000_000;

/// How many complaints of a schema are told.
pub(crate) const MAX_COMPLAINTS: usize = 100;

/// The most memory that a pattern of `.Files.Glob` may take.
pub(crate) const MAX_PATTERN_BYTES: usize = 1 << 20;

/// The longest list that `--set` may make with an index, as in Helm itself.
pub(crate) const MAX_SET_INDEX: usize = 65_536;

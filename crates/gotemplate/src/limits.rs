//! The bounds that keep hostile templates harmless.

/// How deep the tree of one template may nest: far above what people write, low enough for recursion on any thread.
pub(crate) const MAX_NESTING: usize = 200;

/// How deep templates may call each other, by `template`, `include` and `tpl`. Real charts stay below 30; Helm itself
/// gives up on a template that calls itself 1,000 times.
pub(crate) const MAX_CALLS: usize = 100;

/// How much one template may do: nodes and functions executed, elements and texts made, loops included. The templates of
/// large public charts stay far below a tenth of it.
pub(crate) const MAX_STEPS: u64 = 2_000_000;

/// How much the templates of a chart may do together, so that a chart of a thousand slow templates stays one slow chart.
pub(crate) const MAX_TOTAL_STEPS: u64 = 5_000_000;

/// How many bytes of text count as a step where they are read, compared or made.
pub(crate) const BYTES_PER_STEP: usize = 32;

/// How many elements of a list or map count as a step where they are merely walked over.
pub(crate) const ITEMS_PER_STEP: usize = 8;

/// How many steps a map counts for when it is made: with one entry it takes up a kilobyte.
pub(crate) const STEPS_PER_MAP: usize = 8;

/// How many steps a pattern counts for when it is compiled, which takes milliseconds where it repeats much.
pub(crate) const STEPS_PER_PATTERN: usize = 10_000;

/// The most that the templates of a chart may write together, in bytes.
pub(crate) const MAX_TOTAL_BYTES: usize = 16 << 20;

/// The longest text that may be built, in bytes. A release of Helm holds one megabyte.
pub(crate) const MAX_TEXT_BYTES: usize = 8 << 20;

/// The longest list that a function may make, in elements.
pub(crate) const MAX_ITEMS: usize = 1_000_000;

/// How many compiled patterns are kept. Charts have a dozen; each may take a few megabytes.
pub(crate) const MAX_KEPT_PATTERNS: usize = 32;

/// How much text is kept as a tree, which is some twenty times as large. All templates of a large chart are a third of it.
pub(crate) const MAX_KEPT_TEXT_BYTES: usize = 1 << 20;

//! The bounds that keep hostile templates harmless.

/// How deep the tree of one template may nest: far above what people write, low enough for recursion on any thread.
pub(crate) const MAX_NESTING: usize = 200;

/// How deep templates may call each other, by `template`, `include` and `tpl`. Real charts stay below 30; Helm itself
/// gives up on a template that calls itself 1,000 times.
pub(crate) const MAX_CALLS: usize = 100;

/// How much one rendering may do: nodes and functions executed, elements and 64 bytes of text made, loops included. Large
/// public charts stay far below a million.
pub(crate) const MAX_STEPS: u64 = 5_000_000;

/// The longest text that may be built, in bytes. A release of Helm holds one megabyte.
pub(crate) const MAX_TEXT_BYTES: usize = 8 << 20;

/// The longest list that a function may make, in elements.
pub(crate) const MAX_ITEMS: usize = 1_000_000;

/// How many compiled patterns are kept. Charts have a dozen; each may take a few megabytes.
pub(crate) const MAX_KEPT_PATTERNS: usize = 32;

/// How much text is kept as a tree, which is some twenty times as large. All templates of a large chart are a third of it.
pub(crate) const MAX_KEPT_TEXT_BYTES: usize = 1 << 20;

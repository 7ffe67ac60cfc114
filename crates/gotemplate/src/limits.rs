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

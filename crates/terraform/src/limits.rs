//! How far evaluation goes. Each limit has a diagnostic of its own.

/// Expressions inside expressions, through local values, variables and modules. Real configurations stay below 100.
pub(crate) const MAX_DEPTH: u32 = 1_000;

/// Bytes of stack that evaluation may use. How much one level needs differs tenfold between a local value and a resource
/// in a module, and between builds, so that a number of levels alone would be too low for the one or too high for the
/// other. Worker threads have 2 MiB, and the main thread on Windows 1 MiB.
pub(crate) const MAX_STACK_BYTES: usize = 640 << 10;

/// Module calls inside module calls. Real ones stay below 10; more is recursion.
pub(crate) const MAX_MODULE_DEPTH: usize = 24;

/// Instances that one `count` or `for_each` may make. Terraform itself becomes unusable before that.
pub(crate) const MAX_REPETITIONS: usize = 10_000;

/// Instances of modules and resources in one root module. Terraform needs hours for as many; calls that double at each
/// level would make billions.
pub(crate) const MAX_INSTANCES: usize = 20_000;

/// Elements that one function or `for` expression may make (`range`, `setproduct`); Terraform's own limit for `range`
/// is 1,024.
pub(crate) const MAX_ELEMENTS: usize = 50_000;

/// Bytes of text that one expression may make.
pub(crate) const MAX_TEXT_BYTES: usize = 4 << 20;

/// Expressions that are evaluated for one root module. Bounds doubling (`x = [y, y]`, `y = [z, z]`, …) and loops in loops.
pub(crate) const MAX_STEPS: u64 = 8_000_000;

/// Values that a function walks through in about the time that an expression takes.
pub(crate) const VALUES_IN_STEP: usize = 16;

/// Values inside one value. Sharing makes large ones cheap to write (`x = [y, y]`, `y = [z, z]`, …) and dear to walk.
pub(crate) const MAX_NODES: usize = 200_000;

/// Lists and maps inside each other. Real values stay below 20; everything that walks a value recurses.
pub(crate) const MAX_LEVELS: usize = 96;

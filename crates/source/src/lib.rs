//! Where everything stands: files, spans, line tables, diagnostics, and the view of files that a scan may see.
//!
//! Every later stage speaks about text through a [`Span`]: half-open bytes in one file. Lines and columns exist only in
//! reports, which ask a [`LineIndex`]. Files are reached through [`Workspace`] and never through the disk, so that
//! everything above this crate runs the same over a checkout, over a test's few strings, and inside another tool.
//!
//! The cast: [`FileId`] and [`Span`] say where; [`Workspace`] gives text; [`Diagnostic`] tells what was odd about the
//! input; [`TextEdit`] changes it. Deliberately absent: walking folders and reading the disk (`discover`).
//!
//! Start at [`Span`], then [`Workspace`].

mod span;
mod line_index;
mod diagnostic;
mod edit;
mod nearest;
mod workspace;

pub use diagnostic::{Code, Diagnostic, Impact};
pub use edit::{EditError, TextEdit, apply_edits};
pub use line_index::{LineColumn, LineIndex};
pub use nearest::{is_one_edit_off, nearest};
pub use span::{FileId, Span};
pub use workspace::{
    FileEntry, LoadError, MemoryWorkspace, Workspace, join_path, normalize_path, parent_path,
};

//! The progress bar of a long scan.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use proofmark_scan::Progress;
use std::io::IsTerminal as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A scan that is shorter shows none.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error that appears when a scan takes long, and only on a terminal.
pub struct Bar {
    started: Instant,
    is_terminal: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    /// A bar that has not appeared yet.
    #[expect(clippy::disallowed_methods, reason = "this crate is the door to the clock")]
    pub fn new() -> Self {
        Self { started: Instant::now(), is_terminal: std::io::stderr().is_terminal(), bar: OnceLock::new() }
    }

    /// Shows how far the scan is.
    pub fn show(&self, progress: Progress) {
        if !self.is_terminal || self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar =
                ProgressBar::with_draw_target(Some(progress.total as u64), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} units");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(bar.position().max(progress.done as u64));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

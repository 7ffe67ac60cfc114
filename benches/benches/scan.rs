//! The library in one process: what rules cost at start-up, and scans from one file to thousands.

use divan::{Bencher, black_box};
use proofmark_benches::{instances, repository};
use proofmark_scan::{MemoryWorkspace, Settings, builtin_rules, scan};

fn main() {
    divan::main();
}

/// The rules from the binary to their compiled form, as every start of the command pays for them.
#[divan::bench]
fn load_rules() {
    black_box(proofmark_scan::decode_builtin_rules());
}

/// Scans of generated repositories of so many files.
#[divan::bench(args = [4, 300, 3000])]
fn scan_repository(bencher: Bencher<'_, '_>, count: usize) {
    bench_scan(bencher, &repository(count));
}

/// Scans of one Terraform root with so many resources from nested modules; the time per instance should stay flat.
#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn scan_instances(bencher: Bencher<'_, '_>, count: usize) {
    bench_scan(bencher, &instances(count));
}

fn bench_scan(bencher: Bencher<'_, '_>, files: &[(String, String)]) {
    let settings = Settings::new(builtin_rules(), "2026-11-22");
    // A workspace keeps what it loaded, so each round gets a new one.
    let workspace = || MemoryWorkspace::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    bencher.with_inputs(workspace).bench_values(|files| scan(&files, &settings));
}

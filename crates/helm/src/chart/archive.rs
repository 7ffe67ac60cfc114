//! Charts packed as `.tgz`.

use crate::limits::{MAX_ARCHIVE_BYTES, MAX_ARCHIVE_FILES};
use flate2::read::GzDecoder;
use std::io::Read;

/// Why an archive was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArchiveProblem {
    /// It is no gzipped tar file, or it is cut short.
    Broken(String),
    /// It unfolds to more than is sensible.
    TooLarge,
    /// An entry leads out of the archive.
    Escapes(String),
}

/// The files of an archive, by their path within it. Links and devices are skipped.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveProblem> {
    let broken = |error: std::io::Error| ArchiveProblem::Broken(error.to_string());
    // One byte more than is allowed tells that there is more.
    let mut archive = tar::Archive::new(GzDecoder::new(bytes).take(MAX_ARCHIVE_BYTES + 1));
    let mut files = Vec::new();
    let mut total: u64 = 0;
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).replace('\\', "/");
        let path = path.trim_start_matches("./").to_owned();
        if path.starts_with('/') || path.split('/').any(|part| part == "..") {
            return Err(ArchiveProblem::Escapes(path));
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(broken)?;
        total = total.saturating_add(content.len() as u64);
        if total > MAX_ARCHIVE_BYTES || files.len() >= MAX_ARCHIVE_FILES {
            return Err(ArchiveProblem::TooLarge);
        }
        files.push((path, content));
    }
    Ok(files)
}

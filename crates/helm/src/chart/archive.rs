//! Charts packed as `.tgz`.

use crate::limits::{MAX_ARCHIVE_BYTES, MAX_ARCHIVE_FILE_BYTES, MAX_ARCHIVE_FILES};
use flate2::read::GzDecoder;
use proofmark_source::normalize_path;
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

/// What all archives of a chart may still unfold to, those within archives included.
#[derive(Debug)]
pub(crate) struct Allowance {
    bytes: u64,
    files: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { bytes: MAX_ARCHIVE_BYTES, files: MAX_ARCHIVE_FILES }
    }
}

/// The files of an archive, by their path within the folder that holds them all. Links and devices are skipped.
pub(crate) fn unpack(
    bytes: &[u8],
    allowance: &mut Allowance,
) -> Result<Vec<(String, Vec<u8>)>, ArchiveProblem> {
    let broken = |error: std::io::Error| ArchiveProblem::Broken(error.to_string());
    // One byte more than is allowed tells that there is more.
    let mut counted = GzDecoder::new(bytes).take(allowance.bytes + 1);
    let mut files = Vec::new();
    let outcome = read_entries(&mut counted, allowance.files, &mut files);
    let unfolded = allowance.bytes + 1 - counted.limit();
    if unfolded > allowance.bytes {
        return Err(ArchiveProblem::TooLarge);
    }
    allowance.bytes -= unfolded;
    allowance.files -= files.len();
    match outcome {
        Ok(None) => Ok(files),
        Ok(Some(problem)) => Err(problem),
        Err(error) => Err(broken(error)),
    }
}

/// Adds the files of a tar file, up to `most`; gives what is wrong with one of them.
fn read_entries(
    tar: &mut impl Read,
    most: usize,
    files: &mut Vec<(String, Vec<u8>)>,
) -> std::io::Result<Option<ArchiveProblem>> {
    for entry in tar::Archive::new(tar).entries()? {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).replace('\\', "/");
        let Some(inner) = path_within(&path) else { return Ok(Some(ArchiveProblem::Escapes(path))) };
        let mut content = Vec::new();
        let read = entry.take(MAX_ARCHIVE_FILE_BYTES + 1).read_to_end(&mut content)?;
        if read as u64 > MAX_ARCHIVE_FILE_BYTES || files.len() >= most {
            return Ok(Some(ArchiveProblem::TooLarge));
        }
        files.extend(inner.map(|inner| (inner, content)));
    }
    Ok(None)
}

/// A path without the folder that holds all; `None` where it leads out, `Some(None)` for a file beside that folder.
fn path_within(path: &str) -> Option<Option<String>> {
    let path = path.trim_start_matches("./");
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    let inner = normalize_path(path).filter(|_| !has_drive)?;
    let Some((_, rest)) = path.split_once('/') else { return Some(None) };
    // The folder must not be left either, not even to come back.
    normalize_path(rest)?;
    Some(inner.split_once('/').map(|(_, inner)| inner.to_owned()))
}

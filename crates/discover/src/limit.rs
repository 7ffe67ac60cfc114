//! How large a file may be.

use proofmark_source::LoadError;

/// The largest file that is read. Configuration written by people stays far below it, and parsing costs a multiple of
/// the size in memory.
pub const FILE_SIZE_LIMIT_BYTES: u64 = 20_000_000;

/// The largest plan or state of Terraform that is read. It grows with everything that is deployed, and its reader takes one
/// resource at a time, so that it costs little more than its size.
pub const PLAN_SIZE_LIMIT_BYTES: u64 = 200_000_000;

/// How many of a file's first bytes tell what it is.
pub(crate) const HEAD_BYTES: usize = 256;

/// The keys with which `terraform show -json` begins.
const PLAN_KEYS: [&str; 2] = ["\"format_version\"", "\"terraform_version\""];

/// Refuses a file of that size that begins with `head`, if it is too large for what it is.
pub(crate) fn check_size(size_bytes: u64, head: &[u8]) -> Result<(), LoadError> {
    if size_bytes <= FILE_SIZE_LIMIT_BYTES {
        return Ok(());
    }
    let head = String::from_utf8_lossy(head.get(..HEAD_BYTES).unwrap_or(head));
    let is_plan = head.trim_start().starts_with('{') && PLAN_KEYS.iter().all(|key| head.contains(key));
    let limit_bytes = if is_plan { PLAN_SIZE_LIMIT_BYTES } else { FILE_SIZE_LIMIT_BYTES };
    if size_bytes > limit_bytes { Err(LoadError::TooLarge { size_bytes, limit_bytes }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_may_be_larger() {
        let plan = br#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"#;
        assert!(check_size(FILE_SIZE_LIMIT_BYTES, b"").is_ok());
        assert!(check_size(FILE_SIZE_LIMIT_BYTES + 1, b"{\"a\": 1").is_err());
        assert!(check_size(FILE_SIZE_LIMIT_BYTES + 1, plan).is_ok());
        assert!(check_size(PLAN_SIZE_LIMIT_BYTES + 1, plan).is_err());
    }
}

//! `proofmark init`.

use super::Status;
use crate::failure::Failure;
use crate::output::{print, write_file};
use proofmark_scan::CONFIGURATION_FILE;
use std::path::Path;

/// A configuration that changes nothing, and shows what can be changed.
const FIRST_CONFIGURATION: &str = "\
# Settings of Proofmark for this repository. Every key may be left out.

# The packs of rules to evaluate; `all` is every rule.
packs: [soc2, hipaa, gdpr, engineering]

# The least severity that makes a scan exit with 1: info, low, medium, high, critical.
fail_on: medium

# Files and folders to leave out. The ledger of each report lists them.
exclude: []

# Values for the parameters of rules; `proofmark explain RULE` lists them.
params: {}
#  aws/rds-instance-backups-kept: { min_days: 14 }

# How the same Terraform files are deployed; every verdict then names the environments that it is about.
environments: {}
#  prod:
#    variable_files: [infra/environments/prod.tfvars]
#    workspace: prod

# Accepted failures, each with a reason, an approver and an end.
waivers: []
#  - rule: aws/s3-bucket-versioned
#    address: aws_s3_bucket.scratch
#    reason: Holds nothing that is not made anew each night.
#    approver: Data platform lead
#    approved: 2026-10-01
#    expires: 2027-04-01
";

/// Writes a first configuration, unless there is one.
///
/// # Errors
/// When there is one already, or the folder takes no file.
pub fn run(folder: &Path) -> Result<Status, Failure> {
    let file = folder.join(CONFIGURATION_FILE);
    if file.exists() {
        return Err(Failure::new(format!("`{}` exists already", file.display())));
    }
    write_file(&file, FIRST_CONFIGURATION)?;
    print(&format!("wrote {}\n", file.display())).map(|()| Status::Clean)
}

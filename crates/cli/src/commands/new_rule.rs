//! `proofmark rules new`.

use super::Status;
use crate::failure::Failure;
use crate::output::{print, write_file};
use std::path::Path;

/// Makes a rule with an example of each kind.
///
/// # Errors
/// When the id is none, a rule of that id exists, or a file cannot be written.
pub fn run(id: &str, folder: &Path) -> Result<Status, Failure> {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if id.split('/').count() != 2 || !id.split('/').all(is_part) {
        let help =
            "write it as area/requirement, in lower case with dashes, such as `acme/bucket-names-its-owner`";
        return Err(Failure::new(format!("`{id}` is no rule id")).with_help(help));
    }
    let rule = folder.join(format!("{id}.yaml"));
    if rule.exists() {
        return Err(Failure::new(format!("`{}` exists already", rule.display())));
    }
    let fixtures = match folder.join("../fixtures/rules").is_dir() {
        true => folder.join("../fixtures/rules"),
        false => folder.join("fixtures"),
    };
    let (pass, fail) = (fixtures.join(id).join("pass/main.tf"), fixtures.join(id).join("fail/main.tf"));
    for (path, text) in [(&rule, RULE), (&pass, PASS), (&fail, FAIL)] {
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(|error| Failure::file("make", parent, &error))?;
        write_file(path, text)?;
    }
    let written = format!("wrote {}\n      {}\n      {}\n", rule.display(), pass.display(), fail.display());
    print(&written).map(|()| Status::Clean)
}

const RULE: &str = "\
title: S3 bucket names its owner
severity: low
resource: aws_s3_bucket
require: self.tags.owner != null
controls: [soc2/CC1.3]
why: Without an owner nobody answers for the data in the bucket.
fix: Set the tag `owner` to the team that answers for the bucket.
sources: [https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html]
";

const PASS: &str = "\
resource \"aws_s3_bucket\" \"logs\" {
  tags = { owner = \"platform\" }
}
";

const FAIL: &str = "\
resource \"aws_s3_bucket\" \"logs\" { # expect: fail
}
";

//! One Terraform root whose nested modules make many resources, in the style of platform teams.
//!
//! A map of objects in `locals` describes services; a module is called `for_each` of them, and calls modules itself. So
//! every way of making instances is in it, at a fixed proportion.

use std::fmt::Write;

/// The resource instances that one service makes.
pub const INSTANCES_PER_SERVICE: usize = 10;

/// The lines of local values that stand beside the services, whatever their number.
const SETTINGS: usize = 300;

/// A root module with about `count` resource instances: paths and texts.
#[must_use]
pub fn instances(count: usize) -> Vec<(String, String)> {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    vec![
        file("main.tf", ROOT),
        ("services.tf".to_owned(), services(count.div_ceil(INSTANCES_PER_SERVICE))),
        ("settings.tf".to_owned(), settings()),
        file("modules/service/main.tf", SERVICE),
        file("modules/database/main.tf", DATABASE),
        file("modules/alarms/main.tf", ALARMS),
    ]
}

fn services(count: usize) -> String {
    let mut text = String::from("locals {\n  services = {\n");
    for number in 0..count {
        let _ = write!(
            text,
            r#"    "service-{number}" = {{
      port      = {}
      tier      = "{}"
      buckets   = {{ data = {{ versioned = true }}, logs = {{ versioned = {} }} }}
      databases = ["main", "audit"]
      ingress   = [{{ port = 443, cidr = "10.0.0.0/8" }}, {{ port = 80, cidr = "10.1.0.0/16" }}]
    }}
"#,
            8000 + number % 100,
            if number % 3 == 0 { "gold" } else { "silver" },
            number % 2 == 0,
        );
    }
    text.push_str("  }\n}\n");
    text
}

/// Local values that lean on each other, as large configurations have them.
fn settings() -> String {
    let mut text = String::from("locals {\n  setting_0 = { enabled = true, size = 1 }\n");
    for number in 1..SETTINGS {
        let before = if number % 10 == 0 { 0 } else { number - 1 };
        let _ = writeln!(
            text,
            "  setting_{number} = merge(local.setting_{before}, {{ size = {number}, name = \"s-${{var.stage}}-{number}\" }})"
        );
    }
    text.push_str("  all_settings = {\n");
    for number in 0..SETTINGS {
        let _ = writeln!(text, "    s{number} = local.setting_{number}");
    }
    text.push_str("  }\n}\n");
    text
}

const ROOT: &str = r#"
variable "stage" {
  type    = string
  default = "production"
}

provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = { Stage = var.stage }
  }
}

locals {
  defaults = { port = 80, tier = "bronze", buckets = {}, databases = [], ingress = [] }
  merged   = { for name, service in local.services : name => merge(local.defaults, service) }
  gold     = { for name, service in local.merged : name => service if service.tier == "gold" }
}

resource "aws_kms_key" "main" {
  enable_key_rotation = true
}

module "service" {
  source   = "./modules/service"
  for_each = local.merged
  name     = each.key
  config   = each.value
  key_arn  = aws_kms_key.main.arn
  settings = local.all_settings
  tags     = { Service = each.key, Gold = try(local.gold[each.key].tier, "") == "gold" }
}

output "buckets" {
  value = { for name, service in module.service : name => service.buckets }
}
"#;

const SERVICE: &str = r#"
variable "name" { type = string }
variable "config" {
  type = object({
    port      = number
    tier      = string
    buckets   = map(object({ versioned = bool, lifecycle_days = optional(number, 30) }))
    databases = list(string)
    ingress   = list(object({ port = number, cidr = string }))
  })
}
variable "key_arn" { type = string }
variable "settings" { type = any }
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  tags   = merge(var.tags, { Name = var.name, Tier = upper(var.config.tier) })
  prefix = join("-", [var.settings.s7.name, var.name])
}

resource "aws_s3_bucket" "this" {
  for_each = var.config.buckets
  bucket   = "${local.prefix}-${each.key}"
  tags     = local.tags
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = var.config.buckets
  bucket   = aws_s3_bucket.this[each.key].id
  versioning_configuration {
    status = each.value.versioned ? "Enabled" : "Suspended"
  }
}

resource "aws_security_group" "this" {
  name = local.prefix
  tags = local.tags
  dynamic "ingress" {
    for_each = var.config.ingress
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [ingress.value.cidr]
    }
  }
}

resource "aws_sqs_queue" "this" {
  name              = local.prefix
  kms_master_key_id = var.key_arn
  tags              = local.tags
}

module "database" {
  source   = "../database"
  count    = length(var.config.databases)
  name     = "${var.name}-${var.config.databases[count.index]}"
  key_arn  = var.key_arn
  group_id = aws_security_group.this.id
  tags     = local.tags
}

output "buckets" {
  value = [for bucket in aws_s3_bucket.this : bucket.bucket]
}
"#;

const DATABASE: &str = r#"
variable "name" { type = string }
variable "key_arn" { type = string }
variable "group_id" { type = string }
variable "tags" { type = map(string) }

resource "aws_db_instance" "this" {
  identifier              = var.name
  engine                  = "postgres"
  storage_encrypted       = true
  kms_key_id              = var.key_arn
  backup_retention_period = 35
  vpc_security_group_ids  = [var.group_id]
  tags                    = var.tags
}

module "alarms" {
  source   = "../alarms"
  for_each = toset(["cpu"])
  name     = "${var.name}-${each.key}"
  database = aws_db_instance.this.identifier
}
"#;

const ALARMS: &str = r#"
variable "name" {}
variable "database" {}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = var.name
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  dimensions          = { DBInstanceIdentifier = var.database }
}
"#;

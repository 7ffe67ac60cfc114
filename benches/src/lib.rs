//! Inputs for measurements, made anew each time so that none of them need be kept.
//!
//! [`repository`] writes nothing: it gives paths and texts, for a workspace in memory or for a folder on disk. Its files
//! are what a platform team's repository holds, in its usual proportions: Terraform roots that share modules, manifests
//! of a few services in several environments, workflows, tool settings and policy documents.
//!
//! [`instances`] is the other extreme: one Terraform root with as many resources as one asks for.
//!
//! Start at [`repository`].

mod instances;

pub use instances::instances;

use std::fmt::Write;

/// A repository of about `count` files: paths and texts.
#[must_use]
pub fn repository(count: usize) -> Vec<(String, String)> {
    let mut files = vec![
        ("modules/database/main.tf".to_owned(), DATABASE.to_owned()),
        ("modules/database/variables.tf".to_owned(), DATABASE_VARIABLES.to_owned()),
        ("package.json".to_owned(), r#"{"name": "shop", "engines": {"node": ">=20"}}"#.to_owned()),
        ("tsconfig.json".to_owned(), r#"{"compilerOptions": {"strict": true}}"#.to_owned()),
    ];
    for number in 0.. {
        if files.len() >= count {
            break;
        }
        files.push((format!("stacks/s{number}/main.tf"), stack(number)));
        files.push((
            format!("stacks/s{number}/terraform.tfvars"),
            format!("retention = {}\n", 7 + number % 40),
        ));
        files.push((format!("apps/a{number}/deployment.yaml"), deployment(number)));
        files.push((format!("apps/a{number}/service.yaml"), service(number)));
        files.push((format!(".github/workflows/w{number}.yml"), workflow(number)));
        files.push((format!("docs/runbooks/r{number}.md"), runbook(number)));
    }
    files
}

const DATABASE: &str = r#"
resource "aws_db_instance" "this" {
  count                   = var.replicas
  identifier              = "${var.name}-${count.index}"
  engine                  = "postgres"
  storage_encrypted       = var.encrypted
  backup_retention_period = var.retention
  multi_az                = var.environment == "production"
  tags                    = merge(var.tags, { Name = var.name })
}

resource "aws_security_group" "this" {
  name = var.name
  dynamic "ingress" {
    for_each = toset(var.cidrs)
    content {
      from_port   = 5432
      to_port     = 5432
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}
"#;

const DATABASE_VARIABLES: &str = r#"
variable "name" { type = string }
variable "replicas" {
  type    = number
  default = 1
}
variable "encrypted" {
  type    = bool
  default = true
}
variable "retention" { type = number }
variable "environment" { type = string }
variable "tags" {
  type    = map(string)
  default = {}
}
variable "cidrs" {
  type    = list(string)
  default = ["10.0.0.0/8"]
}
"#;

fn stack(number: usize) -> String {
    let mut text = format!(
        r#"
variable "retention" {{ type = number }}

locals {{
  environments = ["staging", "production"]
}}

module "database" {{
  source      = "../../modules/database"
  for_each    = toset(local.environments)
  name        = "db-{number}-${{each.key}}"
  environment = each.key
  retention   = var.retention
  replicas    = 2
}}
"#
    );
    for bucket in 0..4 {
        let _ = write!(
            text,
            r#"
resource "aws_s3_bucket" "b{bucket}" {{
  bucket = "data-{number}-{bucket}"
}}

resource "aws_s3_bucket_public_access_block" "b{bucket}" {{
  bucket              = aws_s3_bucket.b{bucket}.id
  block_public_acls   = true
  block_public_policy = {}
}}
"#,
            bucket % 2 == 0
        );
    }
    text
}

fn deployment(number: usize) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{number}
  namespace: shop
  labels: {{app: app-{number}}}
spec:
  replicas: 3
  selector:
    matchLabels: {{app: app-{number}}}
  template:
    metadata:
      labels: {{app: app-{number}}}
    spec:
      containers:
        - name: web
          image: ghcr.io/shop/app:{number}
          ports: [{{containerPort: 8080}}]
          securityContext:
            runAsNonRoot: true
            allowPrivilegeEscalation: false
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{cpu: 500m, memory: 256Mi}}
"
    )
}

fn service(number: usize) -> String {
    format!(
        "apiVersion: v1
kind: Service
metadata:
  name: app-{number}
  namespace: shop
spec:
  selector: {{app: app-{number}}}
  ports: [{{port: 80, targetPort: 8080}}]
"
    )
}

fn workflow(number: usize) -> String {
    format!(
        "name: w{number}
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
      - run: echo \"${{{{ github.event.pull_request.title }}}}\"
"
    )
}

fn runbook(number: usize) -> String {
    format!(
        "---
owner: platform
reviewed: 2026-06-01
---
# Runbook {number}

## Symptoms

The queue grows.

## Steps

1. Look at the dashboard.
2. Restart the consumer.
"
    )
}

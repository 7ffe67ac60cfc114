//! What is known of what data sources find, without asking anybody: its type, how its text is built, whether it is secret.
//!
//! From the documentation of the providers and, for resource names, of the clouds. In a pattern `*` is what is not known,
//! `{x}` the argument `x` of the data source, `{provider.x}` that of its provider's configuration. An unknown part stands
//! between separators where it can, so that a text still points at the data source that it is from.

use proofmark_model::Shape;

/// A row of the table.
pub(super) struct Fact {
    kind: &'static str,
    attribute: &'static str,
    pub holds: Holds,
    /// Why it is not known, behind the address, where that is not for the provider to compute.
    pub reason: Option<&'static str>,
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Text of this pattern.
    Text(&'static str),
    /// Text of that many characters.
    Characters(u64),
    /// Text that must not be shown.
    Secret,
    List,
    Map,
}

impl Holds {
    pub fn shape(self) -> Shape {
        match self {
            Self::Text(_) | Self::Characters(_) | Self::Secret => Shape::String,
            Self::List => Shape::List,
            Self::Map => Shape::Map,
        }
    }
}

const fn fact(kind: &'static str, attribute: &'static str, holds: Holds) -> Fact {
    Fact { kind, attribute, holds, reason: None }
}

/// What somebody else keeps, and gives when Terraform runs.
const fn elsewhere(kind: &'static str, attribute: &'static str, holds: Holds, reason: &'static str) -> Fact {
    Fact { kind, attribute, holds, reason: Some(reason) }
}

const STATE: &str = "is read from another state when Terraform runs";
const PROGRAM: &str = "is what a program prints when Terraform runs";
const FETCHED: &str = "is fetched when Terraform runs";

/// The fact about an attribute.
pub(super) fn find(kind: &str, attribute: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|fact| fact.kind == kind && fact.attribute == attribute)
}

use Holds::{Characters, List, Map, Secret, Text};

const FACTS: &[Fact] = &[
    fact("aws_acm_certificate", "arn", Text("arn:*:acm:*:*:certificate/*")),
    fact("aws_availability_zone", "name", Text("*")),
    fact("aws_availability_zone", "region", Text("*")),
    fact("aws_availability_zones", "group_names", List),
    fact("aws_availability_zones", "names", List),
    fact("aws_availability_zones", "zone_ids", List),
    fact("aws_caller_identity", "account_id", Characters(12)),
    fact("aws_caller_identity", "arn", Text("arn:*:*::*:*")),
    fact("aws_caller_identity", "id", Characters(12)),
    fact("aws_caller_identity", "user_id", Text("*")),
    fact("aws_canonical_user_id", "id", Text("*")),
    fact("aws_cloudfront_log_delivery_canonical_user_id", "id", Text("*")),
    fact("aws_cloudtrail_service_account", "arn", Text("arn:*:iam::*:root")),
    fact("aws_ecr_authorization_token", "authorization_token", Secret),
    fact("aws_ecr_authorization_token", "password", Secret),
    fact("aws_eks_cluster", "arn", Text("arn:*:eks:*:*:cluster/{name}")),
    fact("aws_eks_cluster_auth", "token", Secret),
    fact("aws_elb_service_account", "arn", Text("arn:*:iam::*:root")),
    fact("aws_iam_openid_connect_provider", "arn", Text("arn:*:iam::*:oidc-provider/*")),
    fact("aws_iam_policy", "arn", Text("arn:*:iam::*:policy/*{name}")),
    fact("aws_iam_role", "arn", Text("arn:*:iam::*:role/*{name}")),
    fact("aws_iam_session_context", "issuer_arn", Text("arn:*:iam::*:*")),
    fact("aws_iam_user", "arn", Text("arn:*:iam::*:user/*{user_name}")),
    fact("aws_kms_alias", "arn", Text("arn:*:kms:*:*:{name}")),
    fact("aws_kms_alias", "target_key_arn", Text("arn:*:kms:*:*:key/*")),
    fact("aws_kms_alias", "target_key_id", Text("*")),
    fact("aws_kms_key", "arn", Text("arn:*:kms:*:*:key/*")),
    fact("aws_lambda_function", "arn", Text("arn:*:lambda:*:*:function:{function_name}")),
    fact("aws_organizations_organization", "id", Text("*")),
    fact("aws_partition", "dns_suffix", Text("*")),
    fact("aws_partition", "id", Text("aws*")),
    fact("aws_partition", "partition", Text("aws*")),
    fact("aws_partition", "reverse_dns_prefix", Text("*")),
    fact("aws_region", "description", Text("*")),
    fact("aws_region", "endpoint", Text("ec2.{provider.region}.*")),
    fact("aws_region", "id", Text("{provider.region}")),
    fact("aws_region", "name", Text("{provider.region}")),
    fact("aws_region", "region", Text("{provider.region}")),
    fact("aws_s3_bucket", "arn", Text("arn:*:s3:::{bucket}")),
    fact("aws_secretsmanager_random_password", "random_password", Secret),
    fact("aws_secretsmanager_secret", "arn", Text("arn:*:secretsmanager:*:*:secret:*")),
    fact("aws_secretsmanager_secret_version", "secret_binary", Secret),
    fact("aws_secretsmanager_secret_version", "secret_string", Secret),
    fact("aws_security_groups", "ids", List),
    fact("aws_service_principal", "name", Text("{service_name}.*")),
    fact("aws_sns_topic", "arn", Text("arn:*:sns:*:*:{name}")),
    fact("aws_sqs_queue", "arn", Text("arn:*:sqs:*:*:{name}")),
    fact("aws_ssm_parameter", "value", Secret),
    fact("aws_subnets", "ids", List),
    fact("aws_vpcs", "ids", List),
    fact("azurerm_client_config", "client_id", Characters(36)),
    fact("azurerm_client_config", "object_id", Characters(36)),
    fact("azurerm_client_config", "subscription_id", Characters(36)),
    fact("azurerm_client_config", "tenant_id", Characters(36)),
    fact("azurerm_key_vault", "id", Text("/subscriptions/*")),
    fact("azurerm_key_vault", "vault_uri", Text("https://*/")),
    fact("azurerm_key_vault_secret", "value", Secret),
    fact("azurerm_resource_group", "id", Text("/subscriptions/*/resourceGroups/{name}")),
    fact("azurerm_resource_group", "location", Text("*")),
    fact("azurerm_storage_account", "primary_access_key", Secret),
    fact("azurerm_storage_account", "primary_connection_string", Secret),
    fact("azurerm_subscription", "display_name", Text("*")),
    fact("azurerm_subscription", "id", Text("/subscriptions/*")),
    fact("azurerm_subscription", "subscription_id", Characters(36)),
    fact("azurerm_subscription", "tenant_id", Characters(36)),
    elsewhere("external", "result", Map, PROGRAM),
    fact("google_client_config", "access_token", Secret),
    fact("google_client_config", "project", Text("{provider.project}")),
    fact("google_client_config", "region", Text("{provider.region}")),
    fact("google_client_config", "zone", Text("{provider.zone}")),
    fact("google_compute_default_service_account", "email", Text("*")),
    fact("google_compute_zones", "names", List),
    fact("google_project", "name", Text("*")),
    fact("google_project", "number", Text("*")),
    fact("google_project", "project_id", Text("{provider.project}")),
    fact("google_secret_manager_secret_version", "secret_data", Secret),
    fact("google_service_account_access_token", "access_token", Secret),
    elsewhere("http", "body", Text("*"), FETCHED),
    elsewhere("http", "response_body", Text("*"), FETCHED),
    elsewhere("http", "response_body_base64", Text("*"), FETCHED),
    elsewhere("http", "response_headers", Map, FETCHED),
    elsewhere("terraform_remote_state", "outputs", Map, STATE),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attribute_has_one_fact_in_order_of_name() {
        let names: Vec<(&str, &str)> = FACTS.iter().map(|fact| (fact.kind, fact.attribute)).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}

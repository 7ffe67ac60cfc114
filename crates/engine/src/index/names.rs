//! Addresses with and without instance keys, and the names by which resources are called.

use proofmark_model::{Resource, Value};

/// An address without its instance keys: `module.a["x"].t.n[0]` → `module.a.t.n`.
pub(super) fn without_keys(address: &str) -> String {
    parts(address).map(|(name, _)| name).collect::<Vec<_>>().join(".")
}

/// Whether two addresses with the same names may mean the same instance: no two keys contradict each other.
pub(super) fn keys_agree(left: &str, right: &str) -> bool {
    parts(left)
        .zip(parts(right))
        .all(|((_, left), (_, right))| left.is_none() || right.is_none() || left == right)
}

/// The names of an address with their keys. Dots inside keys do not separate.
fn parts(address: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(address);
    std::iter::from_fn(move || {
        let text = rest?;
        let name_end = text.find(['.', '[']).unwrap_or(text.len());
        let (name, behind) = text.split_at_checked(name_end)?;
        let (key, behind) = match behind.strip_prefix('[') {
            Some(inner) => {
                let end = key_end(inner);
                let (key, behind) = inner.split_at_checked(end)?;
                (Some(key), behind.strip_prefix(']').unwrap_or(behind))
            }
            None => (None, behind),
        };
        rest = behind.strip_prefix('.').filter(|behind| !behind.is_empty());
        Some((name, key))
    })
}

/// The end of a key: the bracket that is not inside its quotes.
fn key_end(inner: &str) -> usize {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (index, character) in inner.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ']' if !is_quoted => return index,
            _ => {}
        }
    }
    inner.len()
}

/// The attributes by which others call a resource, whatever its kind.
const NAME_ATTRIBUTES: [&str; 4] = ["name", "id", "identifier", "arn"];
/// Those that name a resource whose kind ends the same way: `bucket` names an `aws_s3_bucket`, and in an
/// `aws_s3_bucket_policy` it points at one.
const KIND_ATTRIBUTES: [&str; 1] = ["bucket"];
/// What stands behind a part of the kind in such an attribute: `cluster_identifier`, `function_name`.
const NAME_ENDINGS: [&str; 3] = ["_identifier", "_name", "_id"];

/// The values of the attributes that name a resource.
pub(super) fn name_values(resource: &Resource) -> impl Iterator<Item = &Value> {
    let kind = resource.kind.0.as_str();
    let entries = resource.attributes.as_map().map_or(&[][..], |map| map.entries());
    let own = entries.iter().filter(move |entry| is_name(kind, &entry.name)).map(|entry| &entry.value);
    own.chain(resource.attributes.at_path(&["metadata", "name"]))
}

fn is_name(kind: &str, attribute: &str) -> bool {
    // `cluster_identifier` names an `aws_rds_cluster`; `subnet_id` does not name an `aws_instance`.
    let ends_kind = |part: &str| {
        kind.strip_suffix(part).is_some_and(|before| before.is_empty() || before.ends_with(['_', '.']))
    };
    NAME_ATTRIBUTES.contains(&attribute)
        || (KIND_ATTRIBUTES.contains(&attribute) && ends_kind(attribute))
        || NAME_ENDINGS.iter().any(|ending| attribute.strip_suffix(ending).is_some_and(ends_kind))
}

/// Whether an attribute of such a resource is what others call it by; the resource itself is too.
pub(super) fn is_identity(kind: &str, attribute: &str) -> bool {
    attribute.is_empty() || is_name(kind, attribute)
}

/// The literal texts among them.
pub(super) fn literal_names(resource: &Resource) -> impl Iterator<Item = &str> {
    name_values(resource).filter_map(Value::as_str).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_no_part_of_the_base() {
        assert_eq!(
            without_keys(r#"module.db["a.b]"].aws_db_instance.main[0]"#),
            "module.db.aws_db_instance.main"
        );
        assert_eq!(without_keys("Deployment.default.web"), "Deployment.default.web");
    }

    #[test]
    fn keys_agree_unless_both_are_there_and_differ() {
        assert!(keys_agree("t.n", "t.n[0]"));
        assert!(keys_agree(r#"module.a["x"].t.n"#, r#"module.a["x"].t.n[1]"#));
        assert!(!keys_agree("t.n[1]", "t.n[0]"));
    }

    #[test]
    fn a_name_attribute_belongs_to_its_kind() {
        assert!(is_name("aws_rds_cluster", "cluster_identifier"));
        assert!(is_name("aws_lambda_function", "function_name"));
        assert!(is_name("aws_elasticache_replication_group", "replication_group_id"));
        assert!(is_name("data.aws_s3_bucket", "bucket"));
        assert!(!is_name("aws_s3_bucket_policy", "bucket"));
        assert!(!is_name("aws_instance", "subnet_id"));
        assert!(!is_name("aws_subcluster", "cluster_identifier"));
    }
}

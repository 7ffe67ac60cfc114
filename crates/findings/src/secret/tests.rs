use super::*;

#[test]
fn secrets_are_known_by_name_or_form() {
    for (name, text) in [
        ("master_password", "hunter2hunter2"),
        ("containers[0].env[1].DB_PASSWORD", "hunter2hunter2"),
        ("environment.dbPassword", "hunter2"),
        ("client_secret", "abcdef123456"),
        ("auth.api_key", "abcdef123456"),
        ("url", "postgres://admin:hunter2@db/app"),
        ("url", "a://:p@"),
        ("note", "AKIAABCDEFGHIJKLMNOP"),
        ("key", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
    ] {
        assert!(looks_secret(name, text), "{name}");
    }
}

#[test]
fn references_and_settings_are_evidence() {
    for (name, text) in [
        ("token", "${{ secrets.GITHUB_TOKEN }}"),
        ("permissions.id-token", "write"),
        ("http_tokens", "required"),
        ("password", "var.password"),
        ("secret", "arn:aws:secretsmanager:eu-west-1:1:secret:x"),
        ("kms_key_id", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("image", "registry.example.com/app:1.2.3"),
        ("url", "https://example.com/path"),
        ("secret_name", "db-credentials-main"),
    ] {
        assert!(!looks_secret(name, text), "{name}");
    }
}

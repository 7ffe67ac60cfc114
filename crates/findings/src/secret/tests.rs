use super::*;
use proofmark_source::{FileId, Span};

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

#[test]
fn secrets_inside_of_texts_give_way() {
    for (text, shown) in [
        (
            "docker login -u me -p hunter2 reg.example.com",
            "docker login -u me -p (sensitive) reg.example.com",
        ),
        ("deploy --api-key=hunter2hunter2 now", "deploy --api-key=(sensitive) now"),
        ("curl -H 'PRIVATE-TOKEN: hunter2hunter2' x", "curl -H 'PRIVATE-TOKEN: (sensitive)' x"),
        ("curl -H 'Authorization: Bearer hunter2hunter2'", "curl -H 'Authorization: Bearer (sensitive)'"),
        ("DB_PASSWORD=\"hunter2hunter2\" ./run", "DB_PASSWORD=\"(sensitive)\" ./run"),
        ("mysql -u root -phunter2hunter2 shop", "mysql -u root -p(sensitive) shop"),
    ] {
        assert_eq!(masked("run", text), shown);
    }
}

#[test]
fn texts_about_secrets_are_evidence() {
    for text in [
        "docker login -u me -p \"$REGISTRY_PASSWORD\" reg.example.com",
        "docker login --password-stdin reg.example.com",
        "the token expires after an hour",
        "vault kv get -field=password secret/app",
        "mkdir -p build/output && helm registry login -p $PASSWORD",
        "--token-file /run/secrets/token",
        "id-token: write",
        "password: required",
        "TOKEN=$(cat token.txt)",
        "secretName: shop-tls",
    ] {
        assert_eq!(masked("run", text), text);
    }
}

#[test]
fn what_an_option_for_secrets_is_given_gives_way() {
    let list = |texts: &[&str]| {
        let place = Span::file_start(FileId(0));
        Value::list(texts.iter().map(|text| Value::string(*text, place)).collect(), place)
    };
    let shown = |texts: &[&str]| Masked { name: "command", value: &list(texts) }.to_string();
    assert_eq!(shown(&["serve", "--password", "hunter2"]), "[\"serve\", \"--password\", (sensitive)]");
    assert_eq!(shown(&["login", "-p", "hunter2"]), "[\"login\", \"-p\", (sensitive)]");
    assert_eq!(shown(&["-u", "root", "-phunter2"]), "[\"-u\", \"root\", (sensitive)]");
    assert_eq!(shown(&["-parallel"]), "[\"-parallel\"]");
    assert_eq!(shown(&["mkdir", "-p", "folder"]), "[\"mkdir\", \"-p\", \"folder\"]");
    assert_eq!(shown(&["--token", "$TOKEN_OF_APP"]), "[\"--token\", \"$TOKEN_OF_APP\"]");
}

#[test]
fn secrets_inside_of_json_give_way() {
    let text = r#"[{"command":["serve","--password","hunter2"],"environment":[{"name":"DB_PASSWORD","value":"hunter2"}]}]"#;
    let shown = r#"[{"command":["serve","--password","(sensitive)"],"environment":[{"name":"DB_PASSWORD","value":"(sensitive)"}]}]"#;
    assert_eq!(masked("container_definitions", text), shown);
    let plain = r#"{"b": "x", "a": ["--verbose", "word"]}"#;
    assert_eq!(masked("policy", plain), plain);
}

//! What documents and records become.

mod fixtures;

use crate::{DocumentReader, RecordReader, RepositoryReader};
use proofmark_model::{ReadSettings, Reader, Resource, UnitModel, Value};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};

const RECORDS: RecordReader = RecordReader;

/// All units of a reader over these files.
fn read(reader: &dyn Reader, files: &[(&str, &str)]) -> (MemoryWorkspace, Vec<UnitModel>) {
    let workspace = MemoryWorkspace::new(files.iter().copied());
    let settings = ReadSettings::default();
    let count = u32::try_from(workspace.files().len()).expect("few files");
    let claimed: Vec<FileId> =
        (0..count).map(FileId).filter(|id| reader.claim(&workspace, *id).is_some()).collect();
    let units = reader.units(&workspace, &claimed, &settings);
    let models = units.iter().map(|unit| reader.read(&workspace, unit, &settings)).collect();
    (workspace, models)
}

/// The resources of a reader, one a line: line number of the header, address, and the attributes named.
fn print(reader: &dyn Reader, files: &[(&str, &str)], names: &[&str]) -> String {
    let (workspace, models) = read(reader, files);
    let mut lines = Vec::new();
    for resource in models.iter().flat_map(|model| &model.resources) {
        lines.push(format!("{} {}", line(&workspace, resource), resource.address));
        for name in names {
            if let Some(value) = value(resource, name) {
                lines.push(format!("  {name} = {value}"));
            }
        }
    }
    lines.extend(
        models.iter().flat_map(|model| &model.diagnostics).map(|diagnostic| diagnostic.message.clone()),
    );
    lines.join("\n")
}

fn line(workspace: &MemoryWorkspace, resource: &Resource) -> u32 {
    workspace.line_index(resource.header.file).line_number(resource.header.start)
}

fn value<'r>(resource: &'r Resource, path: &str) -> Option<&'r Value> {
    resource.attributes.at_path(&path.split('.').collect::<Vec<_>>())
}

#[test]
fn a_document_has_front_matter_headings_tasks_links_and_tables() {
    let text = "---\nOwner: Platform\nlast-reviewed: 2026-03-01\n---\n# Backup policy\n\n**Version:** 2\n\n## Scope\nSee [the plan](../plan.md) and [gone](x.md#a).\n\n- [x] done\n- [ ] open\n  more\n\n| Class | Days |\n|---|---|\n| logs | 90 |\n\n```sql\nselect 1;\n```\n";
    let names = [
        "class",
        "title",
        "front_matter",
        "metadata",
        "headings",
        "links",
        "tasks",
        "tables",
        "code_blocks",
        "lines",
        "words",
    ];
    let files = [("docs/policies/backup.md", text), ("docs/plan.md", "")];
    let (workspace, models) = read(&DocumentReader, &files);
    let policy =
        models.iter().flat_map(|model| &model.resources).find(|r| r.address.0 == "docs/policies/backup.md");
    let policy = policy.expect("the policy is read");
    let printed: Vec<String> =
        names.iter().map(|name| format!("{name}: {}", value(policy, name).expect("it is there"))).collect();
    insta::assert_snapshot!(printed.join("\n"), @r###"
        class: "policy"
        title: "Backup policy"
        front_matter: {Owner = "Platform", last-reviewed = "2026-03-01"}
        metadata: {last_reviewed = "2026-03-01", owner = "Platform", version = "2"}
        headings: [{level = 1, text = "Backup policy"}, {level = 2, text = "Scope"}]
        links: [{exists = true, is_image = false, is_relative = true, path = "docs/plan.md", target = "../plan.md", text = "the plan"}, {exists = false, is_image = false, is_relative = true, path = "docs/policies/x.md", target = "x.md#a", text = "gone"}]
        tasks: [{is_done = true, names_file = false, text = "done"}, {is_done = false, names_file = false, text = "open more"}]
        tables: [{header = ["Class", "Days"], rows = [["logs", "90"]]}]
        code_blocks: [{is_closed = true, language = "sql", text = "select 1;\n"}]
        lines: ["# Backup policy", "**Version:** 2", "## Scope", "See [the plan](../plan.md) and [gone](x.md#a).", "- [x] done", "- [ ] open", "more", "| Class | Days |", "|---|---|", "| logs | 90 |"]
        words: 21
    "###);
    let owner = value(policy, "metadata.owner").expect("folded");
    assert_eq!(workspace.line_index(owner.origin.span.file).line_number(owner.origin.span.start), 2);
}

#[test]
fn plain_text_is_a_document_only_among_documents() {
    let files = [
        ("docs/sla.txt", "Title: SLA\n\nUptime: 99.9%\nas of 2026-02-30 or 2026-13-01"),
        ("requirements.txt", "x"),
    ];
    insta::assert_snapshot!(print(&DocumentReader, &files, &["title", "metadata", "dates"]), @r#"
        1 docs/sla.txt
          title = "SLA"
          metadata = {title = "SLA", uptime = "99.9%"}
          dates = ["2026-02-30"]
    "#);
}

#[test]
fn front_matter_that_is_no_mapping_is_told() {
    let files =
        [("a.md", "---\n- x\n---\n# A\n"), ("b.md", "---\nprose\n---\n"), ("c.md", "---\nnever closed\n")];
    insta::assert_snapshot!(print(&DocumentReader, &files, &["title", "front_matter"]), @r#"
        1 a.md
          title = "A"
        1 b.md
          title = "prose"
        1 c.md
          title = "---"
        the front matter is not a mapping of keys to values
    "#);
}

#[test]
fn the_repository_lists_files_owners_and_ignored_patterns() {
    let files = [
        (".github/CODEOWNERS", "# owners\n*  @org/core # all\n/infra/ @org/ops @jane\n"),
        (".gitignore", "*.tfstate\n\n# x\n.terraform/\n"),
        ("app/package.json", "{}"),
        ("app/yarn.lock", ""),
        ("app/src/a.ts", ""),
        ("SECURITY.md", ""),
    ];
    let names = [
        "files",
        "folders",
        "lock_files",
        "manifests",
        "languages",
        "security_policy",
        "readme",
        "code_owners",
        "ignored",
    ];
    insta::assert_snapshot!(print(&RepositoryReader, &files, &names), @r#"
        1 repository
          files = [".github/CODEOWNERS", ".gitignore", "SECURITY.md", "app/package.json", "app/src/a.ts", "app/yarn.lock"]
          folders = [".github", "app", "app/src"]
          lock_files = ["app/yarn.lock"]
          manifests = ["app/package.json"]
          languages = {typescript = 1}
          security_policy = "SECURITY.md"
          code_owners = {entries = [{owners = ["@org/core"], pattern = "*"}, {owners = ["@org/ops", "@jane"], pattern = "/infra/"}], path = ".github/CODEOWNERS"}
          ignored = ["*.tfstate", ".terraform/"]
    "#);
}

#[test]
fn alerts_of_every_shape_have_the_same_keys() {
    let prometheus = "groups:\n  - name: g\n    rules:\n      - alert: Down\n        expr: up == 0\n        for: 5m\n        labels: { severity: critical }\n        annotations: { runbook_url: 'https://git.example.com/org/repo/blob/main/runbooks/down.md' }\n      - record: x\n        expr: y\n";
    let list = "alerts:\n  - name: slow\n    condition: p95 > 1s\n    severity: WARNING\n    runbook: runbooks/slow.md\n";
    let files = [
        ("a/rules.yml", prometheus),
        ("b/alerts.yaml", list),
        ("runbooks/down.md", ""),
        ("c/list.yaml", "alerts: [1]\n"),
    ];
    insta::assert_snapshot!(print(&RECORDS, &files, &["format", "alerts"]), @r#"
        1 alert_rules.rules
          format = "prometheus"
          alerts = [{annotations = {runbook_url = "https://git.example.com/org/repo/blob/main/runbooks/down.md"}, condition = "up == 0", labels = {severity = "critical"}, name = "Down", pending = "5m", runbook = "https://git.example.com/org/repo/blob/main/runbooks/down.md", runbook_exists = true, severity = "critical"}]
        1 alert_rules.alerts
          format = "list"
          alerts = [{condition = "p95 > 1s", name = "slow", runbook = "runbooks/slow.md", runbook_exists = false, severity = "WARNING"}]
    "#);
}

#[test]
fn dashboards_open_their_envelope_and_rows() {
    let text = "{\n \"dashboard\": {\n  \"title\": \"T\",\n  \"panels\": [\n   {\"type\": \"row\", \"panels\": [{\"type\": \"graph\", \"title\": \"P\", \"targets\": [{\"expr\": \"up\"}]}]}\n  ]\n }\n}\n";
    insta::assert_snapshot!(print(&RECORDS, &[("d.json", text)], &["wrapper", "queries"]), @r#"
        4 grafana_dashboard.d
          wrapper = "dashboard"
          queries = [{expression = "up", panel = "P"}]
    "#);
}

#[test]
fn rotation_schedules_are_read_as_days() {
    let text = "rotation_policies:\n  a: { schedule: every 90 days }\n  b: { interval: P3M }\n  c: { schedule: quarterly }\n  d: { schedule: '0 0 1 * *' }\n  e: { method: manual }\n";
    let (_, models) = read(&RECORDS, &[("rotation.yml", text)]);
    let classes = value(&models[0].resources[0], "classes").and_then(Value::as_list).expect("classes");
    let days: Vec<String> = classes
        .iter()
        .map(|class| class.at_path(&["interval_days"]).map_or_else(|| "-".to_owned(), Value::to_string))
        .collect();
    assert_eq!(days, ["90", "93", "92", "-"]);
}

#[test]
fn settings_samples_and_dictionaries_are_recognized_by_structure() {
    let files = [
        ("config/o.yaml", "tracing: { enabled: true }\nlogging: { retention_days: 9 }\n"),
        ("tags.yml", "tags:\n  env: a | b\n  team: [x]\n"),
        ("docs/health.json", "{\"status\": \"ok\", \"checks\": {\"db\": \"ok\"}}"),
        ("docs/log.json", "{\"level\": \"info\", \"message\": \"m\", \"timestamp\": \"t\"}"),
        ("values.yaml", "stack:\n  prometheus:\n    prometheusSpec: { retention: 30d }\n"),
        ("am.yml", "route: { receiver: x }\nreceivers: [{ name: x }]\n"),
        ("api.yaml", "openapi: 3.1.0\ninfo: { title: t }\npaths:\n  /a:\n    get: { responses: {} }\n"),
        ("other.yaml", "logs: text\nmetrics: 1\n"),
    ];
    let names = [
        "traces",
        "logs",
        "tags",
        "components",
        "fields",
        "prometheus",
        "receivers",
        "version",
        "operations",
    ];
    insta::assert_snapshot!(print(&RECORDS, &files, &names), @r#"
        1 alertmanager_config.am
          receivers = [{name = "x"}]
        1 openapi.api
          version = "3.1.0"
          operations = [{method = "get", path = "/a", responses = {}}]
        1 tag_dictionary.tags
          tags = [{key = "env", values = ["a", "b"]}, {key = "team", values = ["x"]}]
        1 prometheus_stack.values
          prometheus = {prometheusSpec = {retention = "30d"}}
        1 observability_config.o
          traces = {enabled = true}
          logs = {retention_days = 9}
        1 health_response.health
          components = {db = "ok"}
          fields = [{name = "status", value = "ok"}, {name = "checks", value = {db = "ok"}}]
        1 log_record.log
          fields = [{name = "level", value = "info"}, {name = "message", value = "m"}, {name = "timestamp", value = "t"}]
    "#);
}

#[test]
fn descriptors_become_resources_with_unknown_rest() {
    let text = "staging:\n  database:\n    engine: postgres\n    multi_az: false\n    backup_retention: 7\n  cache: { node_type: t, num_cache_clusters: 1 }\n  kubernetes:\n    cluster_version: '1.28'\n    node_groups: [{ name: app, min_size: 2, max_size: 4 }]\n";
    let (_, models) = read(&RECORDS, &[("env/staging.yml", text)]);
    let database = models[0].resources.iter().find(|r| r.kind.0 == "aws_db_instance").expect("a database");
    assert!(database.attributes.as_map().is_some_and(|map| map.unknown_rest.is_some()));
    let names =
        ["backup_retention_period", "transit_encryption_enabled", "version", "scaling_config", "regions"];
    insta::assert_snapshot!(print(&RECORDS, &[("env/staging.yml", text)], &names), @r#"
        1 environment_descriptor.staging
          regions = []
        2 aws_db_instance.staging
          backup_retention_period = 7
        6 aws_elasticache_replication_group.staging
          transit_encryption_enabled = null
        7 aws_eks_cluster.staging
          version = "1.28"
        9 aws_eks_node_group.staging.app
          scaling_config = [{max_size = 4, min_size = 2}]
    "#);
}

#[test]
fn security_groups_and_roles_resolve_references_and_statements() {
    let text = "security_groups:\n  web:\n    egress:\n      - protocol: all\n        security_groups: [\"${aws_security_group.db.id}\"]\niam_roles:\n  pod:\n    policies: [a]\n    inline_policies:\n      read: { effect: Allow, actions: [s3:GetObject], resources: ['*'] }\n";
    let names = ["label", "ingress", "egress", "managed_policy_arns", "policy", "references", "undeclared"];
    insta::assert_snapshot!(print(&RECORDS, &[("x.yml", text)], &names), @r#"
        2 aws_security_group.web
          label = "web"
          ingress = null
          egress = [{protocol = "-1", security_groups = [(unknown: `aws_security_group.db.id` is computed by the provider)]}]
        7 aws_iam_role.pod
          label = "pod"
          managed_policy_arns = ["a"]
        10 aws_iam_role_policy.pod.read
          policy = {Statement = [{Action = ["s3:GetObject"], Effect = "Allow", Resource = ["*"]}]}
        1 descriptor_file.x
          references = ["aws_security_group.db.id"]
          undeclared = ["aws_security_group.db.id"]
    "#);
}

#[test]
fn environments_of_a_folder_are_compared() {
    let production = "production:\n  regions: { primary: a, secondary: b }\n  database: { multi_az: true, backup_retention: 1, engine: p }\n";
    let staging =
        "staging:\n  regions:\n    primary: a\n  database: { multi_az: true, backup_retention: 1 }\n";
    let files = [("e/production.yml", production), ("e/staging.yml", staging)];
    insta::assert_snapshot!(print(&RECORDS, &files, &["missing"]), @r#"
        1 environment_descriptor.production
          missing = []
        3 aws_db_instance.production
        1 environment_descriptor.staging
          missing = [{key = "engine", path = "database.engine", peer = "production"}, {key = "secondary", path = "regions.secondary", peer = "production"}]
        4 aws_db_instance.staging
    "#);
}

#[test]
fn settings_of_applications_are_no_descriptors() {
    let files = [
        ("config/database.yml", "production:\n  adapter: postgresql\n  database: app\n"),
        ("app.yml", "database:\n  url: x\n  engine: postgres\ncache:\n  ttl: 5\n"),
        ("k.yml", "apiVersion: v1\nkind: ConfigMap\ndatabase: { multi_az: true, instance_class: x }\n"),
    ];
    assert_eq!(print(&RECORDS, &files, &[]), "");
}

#[test]
fn broken_and_empty_input_gives_nothing_and_does_not_panic() {
    for text in
        ["", "alerts: [", "\"panels\" \"title\" {", "vpc:\n\t- x", "---\n---\n", "# \n[a](", "| |\n|-|\n"]
    {
        for path in ["a.md", "a.yml", "a.json", "docs/a.txt", "CODEOWNERS", ".gitignore"] {
            read(&DocumentReader, &[(path, text)]);
            read(&RECORDS, &[(path, text)]);
            read(&RepositoryReader, &[(path, text)]);
        }
    }
}

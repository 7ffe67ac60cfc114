use crate::{
    MemoryWorkspace, RuleSet, Settings, Workspace, builtin_rules, load_own_rules, propose_edits, repair, scan,
};
use proofmark_source::apply_edits;
use std::sync::Arc;

/// A rule on each kind of edit.
const RULES: [(&str, &str); 5] = [
    (
        "acme/permissions-declared.yaml",
        "resource: github_workflow\nrequire: has(self.permissions)\nedit: { set: { permissions: '{}' }, before: jobs }\n",
    ),
    (
        "acme/checkout-drops-token.yaml",
        "resource: github_job\neach: 'self.steps.filter(s, s.uses.startsWith(\"actions/checkout@\"))'\n\
         require: it.with[\"persist-credentials\"] == false\nedit: { set: { with.persist-credentials: false } }\n",
    ),
    (
        "acme/scripts-take-variables.yaml",
        "resource: github_job\neach: 'self.expressions.filter(e, e.in == \"run\")'\nrequire: it.text == ''\n\
         edit: { extract: env }\n",
    ),
    (
        "acme/database-encrypted.yaml",
        "resource: aws_db_instance\nrequire: self.storage_encrypted == true\nedit: { set: { storage_encrypted: true } }\n",
    ),
    (
        "acme/tokens-required.yaml",
        "resource: aws_instance\nrequire: self.metadata_options.http_tokens == 'required'\n\
         edit: { set: { metadata_options.http_tokens: \"'required'\" } }\n",
    ),
];

const REST: &str = "title: It is so\nseverity: high\ncontrols: [engineering/backup]\nwhy: It matters.\nfix: Do it.\n\
                    sources: [https://example.com]\n";

fn rules() -> Arc<RuleSet> {
    let rules = RULES.map(|(path, text)| (path, format!("{text}{REST}")));
    Arc::new(load_own_rules(&MemoryWorkspace::new(rules), &builtin_rules()).unwrap())
}

fn settings() -> Settings {
    let mut settings = Settings::new(rules(), "2026-11-22");
    settings.rules = RULES.iter().map(|(path, _)| path.trim_end_matches(".yaml").into()).collect();
    settings
}

/// What a file becomes, and how many findings were repaired and are left. What was repaired stays as it is from then on.
fn repaired(path: &str, text: &str) -> (String, usize, usize) {
    let workspace = MemoryWorkspace::new([(path, text)]);
    let repairs = repair(&workspace, &settings()).unwrap();
    let file = workspace.find(path).unwrap();
    let after = repairs.texts.get(&file).map_or(text, String::as_str).to_owned();
    let again = repair(&MemoryWorkspace::new([(path, after.as_str())]), &settings()).unwrap();
    assert!(again.texts.is_empty(), "a second time changes {path} again:\n{after}");
    (after, repairs.repaired.len(), repairs.left)
}

fn workflow(text: &str) -> (String, usize, usize) {
    repaired(".github/workflows/ci.yml", text)
}

#[test]
fn entries_are_added_where_readers_expect_them() {
    let before = "name: CI\non: push # always\n\n# What runs.\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      \
                  - uses: actions/checkout@v4 # pinned\n      - uses: actions/checkout@v4\n        with:\n          \
                  fetch-depth: 0\n      - { uses: actions/checkout@v4 }\n      - uses: actions/checkout@v4\n        \
                  with: {}\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: true # no\n";
    let after = "name: CI\non: push # always\n\npermissions: {}\n\n# What runs.\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    \
                 steps:\n      - uses: actions/checkout@v4 # pinned\n        with:\n          \
                 persist-credentials: false\n      - uses: actions/checkout@v4\n        with:\n          \
                 fetch-depth: 0\n          persist-credentials: false\n      \
                 - { uses: actions/checkout@v4, with: { persist-credentials: false } }\n      \
                 - uses: actions/checkout@v4\n        with: { persist-credentials: false }\n      \
                 - uses: actions/checkout@v4\n        with:\n          persist-credentials: false # no\n";
    assert_eq!(workflow(before), (after.to_owned(), 6, 0));
}

#[test]
fn line_breaks_stay_what_they_are() {
    let before =
        "on: push\r\njobs:\r\n  a:\r\n    runs-on: x\r\n    steps:\r\n      - uses: actions/checkout@v4\r\n";
    let after = "on: push\r\npermissions: {}\r\njobs:\r\n  a:\r\n    runs-on: x\r\n    steps:\r\n      \
                 - uses: actions/checkout@v4\r\n        with:\r\n          persist-credentials: false\r\n";
    assert_eq!(workflow(before), (after.to_owned(), 2, 0));
}

/// The steps of a job with permissions, before and after.
fn steps(steps: &str) -> (String, usize, usize) {
    let head = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n";
    let (after, repaired, left) = workflow(&format!("{head}{steps}"));
    (after.strip_prefix(head).unwrap().to_owned(), repaired, left)
}

#[test]
fn expressions_move_into_the_environment() {
    let before = "      - name: Greet\n        run: |\n          echo ${{ github.head_ref }} \"by ${{ github.actor_name }}\"\n          \
                  echo 'again ${{ github.head_ref }}'\n";
    let after = "      - name: Greet\n        env:\n          HEAD_REF: ${{ github.head_ref }}\n          \
                 ACTOR_NAME: ${{ github.actor_name }}\n        run: |\n          \
                 echo \"${HEAD_REF}\" \"by ${ACTOR_NAME}\"\n          \
                 echo 'again '\"${HEAD_REF}\"''\n";
    assert_eq!(steps(before), (after.to_owned(), 3, 0));
}

#[test]
fn variables_that_are_there_are_used() {
    let before = "      - run: echo ${{ github.event.issue.title }} ${{ inputs.a-b }}\n        env:\n          \
                  TITLE: ${{ github.event.issue.title }}\n          INPUTS_A_B: taken\n";
    let after = "      - run: echo \"${TITLE}\" \"${INPUTS_A_B_2}\"\n        env:\n          \
                 TITLE: ${{ github.event.issue.title }}\n          INPUTS_A_B: taken\n          \
                 INPUTS_A_B_2: ${{ inputs.a-b }}\n";
    assert_eq!(steps(before), (after.to_owned(), 2, 0));
}

/// What stands in the environment already is read from there: a step's `env` does not see its own entries.
#[test]
fn the_environment_itself_is_not_extracted() {
    let before =
        "      - run: echo ${{ env.MESSAGE }}\n        env:\n          MESSAGE: ${{ github.head_ref }}\n";
    let after = before.replace("echo ${{ env.MESSAGE }}", "echo \"${MESSAGE}\"");
    assert_eq!(steps(before), (after, 1, 0));
}

#[test]
fn scripts_of_other_languages_stay() {
    let python = "      - run: print('${{ github.head_ref }}')\n        shell: python\n";
    assert_eq!(steps(python), (python.to_owned(), 0, 1));
    let quoted = "      - run: \"echo ${{ github.head_ref }}\"\n";
    assert_eq!(steps(quoted), (quoted.to_owned(), 0, 1));
    let dead = "      - run: |\n          cat <<'END'\n          ${{ github.head_ref }}\n          END\n";
    assert_eq!(steps(dead), (dead.to_owned(), 0, 1));
}

/// Each expression wants an `env` at the same place: every finding has its own edit in a report all the same.
#[test]
fn edits_at_one_place_are_proposed_each() {
    let text = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: \
                echo ${{ github.head_ref }} ${{ github.event.issue.title }}\n";
    let workspace = MemoryWorkspace::new([(".github/workflows/ci.yml", text)]);
    let result = scan(&workspace, &settings()).unwrap();
    let edits = propose_edits(&workspace, &settings(), &result).unwrap();
    let texts: Vec<String> = edits.values().map(|edits| apply_edits(text, edits).unwrap()).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts[0].contains("echo \"${HEAD_REF}\" ${{ github.event.issue.title }}"), "{}", texts[0]);
    assert!(texts[1].contains("echo ${{ github.head_ref }} \"${ISSUE_TITLE}\""), "{}", texts[1]);
}

/// A token that loses scopes which something needs breaks the workflow.
#[test]
fn permissions_are_declared_where_nothing_needs_more() {
    let mut settings = Settings::new(builtin_rules(), "2026-11-22");
    settings.rules = vec!["github/workflow-permissions-declared".into()];
    let head =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n";
    let rows = [
        ("      - uses: actions/setup-node@v4\n      - run: npm ci && npm test\n", true),
        ("      - run: git push origin HEAD\n", false),
        (
            "      - run: gh pr comment\n        env:\n          GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n",
            false,
        ),
        ("      - uses: someone/comments@v1\n", false),
        ("  b:\n    uses: ./.github/workflows/other.yml\n", false),
        (
            "  b:\n    permissions: { contents: write }\n    runs-on: x\n    steps: [{ run: git push }]\n",
            true,
        ),
    ];
    for (rest, is_offered) in rows {
        let text = format!("{head}{rest}");
        let workspace = MemoryWorkspace::new([(".github/workflows/ci.yml", text.as_str())]);
        let repairs = repair(&workspace, &settings).unwrap();
        let after = format!("{}{rest}", head.replace("jobs:", "permissions:\n  contents: read\njobs:"));
        assert_eq!(repairs.texts.into_values().next(), is_offered.then_some(after), "{rest}");
    }
}

/// `make -k test` is not `make "-k test"`; what an interpreter runs is no better off in a variable.
#[test]
fn expressions_stay_where_a_variable_is_something_else() {
    for script in
        ["make ${{ inputs.targets }}", "bash -c \"echo ${{ github.head_ref }}\"", "${{ inputs.command }}"]
    {
        let step = format!("      - run: {script}\n");
        assert_eq!(steps(&step), (step.clone(), 0, 1));
    }
    let (after, repaired, _) = steps("      - run: git checkout ${{ github.head_ref }}\n");
    assert!(after.contains("git checkout \"${HEAD_REF}\""), "{after}");
    assert_eq!(repaired, 1);
}

#[test]
fn windows_reads_variables_its_own_way() {
    let before = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: windows-2025\n    steps:\n      \
                  - run: echo \"by ${{ github.event.sender.login }}\"\n";
    let (after, repaired, left) = workflow(before);
    assert!(
        after.ends_with(
            "- env:\n          SENDER_LOGIN: ${{ github.event.sender.login }}\n        \
                             run: echo \"by ${env:SENDER_LOGIN}\"\n"
        ) || after.contains("${env:SENDER_LOGIN}"),
        "{after}"
    );
    assert_eq!((repaired, left), (1, 0));
}

#[test]
fn blocks_of_terraform_keep_their_layout() {
    let before = "resource \"aws_db_instance\" \"a\" {}\n\nresource \"aws_db_instance\" \"b\" {\n  # Small.\n  engine = \"mysql\"\n  \
                  multi_az = true # both\n\n  timeouts {\n    create = \"1h\"\n  }\n}\n\nresource \"aws_db_instance\" \"c\" {\n  \
                  storage_encrypted = false # later\n}\n\nresource \"aws_db_instance\" \"d\" {\n  storage_encrypted = \
                  var.encrypted\n}\n\nvariable \"encrypted\" {\n  default = false\n}\n";
    let after = "resource \"aws_db_instance\" \"a\" {\n  storage_encrypted = true\n}\n\nresource \"aws_db_instance\" \"b\" {\n  # Small.\n  \
                 engine            = \"mysql\"\n  multi_az          = true # both\n  storage_encrypted = true\n\n  \
                 timeouts {\n    create = \"1h\"\n  }\n}\n\nresource \"aws_db_instance\" \"c\" {\n  \
                 storage_encrypted = true # later\n}\n\nresource \"aws_db_instance\" \"d\" {\n  storage_encrypted = \
                 var.encrypted\n}\n\nvariable \"encrypted\" {\n  default = false\n}\n";
    assert_eq!(repaired("main.tf", before), (after.to_owned(), 3, 1));
}

#[test]
fn nested_blocks_are_set_where_they_stand() {
    let before = "resource \"aws_instance\" \"a\" {\n  metadata_options {\n    http_tokens = \"optional\"\n  }\n}\n\n\
                  resource \"aws_instance\" \"b\" {}\n";
    let after = before.replace("optional", "required");
    assert_eq!(repaired("main.tf", before), (after, 1, 1));
}

/// Two instances of a block that differ, of which an edit would mend one: the other stays as it is only if the text does.
#[test]
fn a_change_that_does_not_mend_is_taken_back() {
    let before = "resource \"aws_instance\" \"a\" {\n  metadata_options {\n    http_tokens = \"optional\"\n  }\n  \
                  dynamic \"metadata_options\" {\n    for_each = [1]\n    content {}\n  }\n}\n";
    let (after, repaired, _) = repaired("main.tf", before);
    assert_eq!((after.as_str(), repaired), (before, 0));
}

#[test]
fn each_proposed_edit_stands_alone() {
    let text = "resource \"aws_db_instance\" \"a\" {}\nresource \"aws_db_instance\" \"b\" {}\n";
    let workspace = MemoryWorkspace::new([("main.tf", text)]);
    let result = scan(&workspace, &settings()).unwrap();
    let edits = propose_edits(&workspace, &settings(), &result).unwrap();
    let texts: Vec<String> = edits.values().map(|edits| apply_edits(text, edits).unwrap()).collect();
    let block = |name: &str| format!("resource \"aws_db_instance\" \"{name}\" {{}}\n");
    let open = |name: &str| block(name).replace("{}", "{\n  storage_encrypted = true\n}");
    assert_eq!(texts, [open("a") + &block("b"), block("a") + &open("b")]);
}

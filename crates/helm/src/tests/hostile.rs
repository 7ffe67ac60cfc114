//! Charts that want to do harm: `fixtures/broken/helm-*`, and some that are made here because they are large.

use super::{Folder, fixtures, folder_at, read};

/// What a chart becomes that has one template beside a harmless one.
fn read_beside(path: &str, text: impl Into<Vec<u8>>) -> String {
    let files = [
        ("Chart.yaml".to_owned(), b"apiVersion: v2\nname: c\nversion: 1.0.0\n".to_vec()),
        (
            "templates/own.yaml".to_owned(),
            b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n".to_vec(),
        ),
        (path.to_owned(), text.into()),
    ];
    read(&Folder::new(files))
}

/// What a chart of `fixtures/broken` becomes.
fn broken(name: &str) -> String {
    read(&folder_at(&fixtures("broken").join(name)))
}

#[test]
fn templates_that_never_end_reach_a_limit() {
    for name in ["helm-recursion", "helm-expansion"] {
        let read = broken(name);
        let limits = read.matches("(helm-limit-").count();
        assert!(limits >= 3 && read.contains("ConfigMap.default.harmless"), "{name}: {read}");
    }
}

#[test]
fn files_outside_of_a_chart_are_not_there() {
    let read = broken("helm-outside");
    for name in ["parent", "absolute", "host", "object"] {
        assert!(read.contains(&format!("data.{name} = \"\"")), "{name}: {read}");
    }
}

#[test]
fn alias_bombs_reach_a_limit() {
    let read = broken("helm-alias-bomb");
    assert!(read.contains("alias") && read.contains("ConfigMap.default.harmless"), "{read}");
}

#[test]
fn values_that_are_no_map_are_told() {
    for name in ["helm-values-list", "helm-values-scalar"] {
        let read = broken(name);
        assert!(
            read.contains("values.yaml:1: ") && read.contains("ConfigMap.default.harmless"),
            "{name}: {read}"
        );
    }
}

#[test]
fn charts_without_a_name_are_told() {
    for name in ["helm-chart-empty", "helm-chart-list", "helm-chart-nameless"] {
        let read = broken(name);
        assert!(
            read.contains("has no `name`") && read.contains("ConfigMap.default.harmless"),
            "{name}: {read}"
        );
    }
}

#[test]
fn a_chart_in_its_own_charts_is_rendered_once_each() {
    let read = broken("helm-itself");
    assert!(read.contains("ConfigMap.default.harmless"), "{read}");
}

#[test]
fn charts_within_charts_reach_a_limit() {
    let mut files = Vec::new();
    for depth in 0..100 {
        let folder = "charts/c/".repeat(depth);
        files.push((format!("{folder}Chart.yaml"), b"apiVersion: v2\nname: c\nversion: 1.0.0\n".to_vec()));
        let object = format!("kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: n{depth}\n");
        files.push((format!("{folder}templates/o.yaml"), object.into_bytes()));
    }
    let read = read(&Folder::new(files));
    assert!(read.contains("ConfigMap.default.n9") && !read.contains("ConfigMap.default.n99"), "{read}");
    assert!(read.contains("(helm-limit-charts)"), "{read}");
}

#[test]
fn aliases_of_aliases_reach_a_limit() {
    let read = broken("helm-aliases");
    assert!(read.contains("more than 1000") && read.contains("ConfigMap.default.harmless"), "{read}");
}

#[test]
fn binary_templates_write_nothing() {
    let read = read_beside("templates/b.yaml", vec![0xff, 0xfe, 0x00, 0x7b, 0x7b]);
    assert!(read.contains("ConfigMap.default.own"), "{read}");
}

#[test]
fn work_that_makes_little_is_counted() {
    let read = broken("helm-costs");
    for name in ["compare", "computed", "copies", "digest", "marks", "patterns", "search", "unique", "walk"] {
        let is_told =
            |line: &str| line.starts_with(&format!("templates/{name}.yaml:")) && line.contains("more than");
        assert!(read.lines().any(is_told), "{name}: {read}");
    }
}

#[test]
fn maps_that_hold_themselves_and_deep_ones_are_harmless() {
    let read = broken("helm-circles");
    for name in ["harmless", "same", "deep"] {
        assert!(read.contains(&format!("ConfigMap.default.{name}")), "{name}: {read}");
    }
    assert!(read.contains("data.equal = \"true\""), "{read}");
    for name in ["format", "write", "equal"] {
        assert!(read.contains(&format!("templates/{name}.yaml:1: ")), "{name}: {read}");
    }
}

#[test]
fn schemas_that_ask_too_much_are_not_asked() {
    for name in ["helm-schema-endless", "helm-schema-circle", "helm-schema-doubled"] {
        let read = broken(name);
        let is_told = read.contains("(helm-limit-schema)") && read.contains("ConfigMap.default.harmless");
        assert!(is_told, "{name}: {read}");
    }
}

#[test]
fn schemas_from_elsewhere_are_not_fetched() {
    for name in ["helm-schema-file", "helm-schema-remote"] {
        let read = broken(name);
        assert!(read.contains("nothing is fetched (helm-schema-unread)"), "{name}: {read}");
        assert!(!read.contains("read in part"), "{name}: {read}");
    }
}

#[test]
fn templates_of_many_actions_are_left_out() {
    let read = read_beside("templates/t.yaml", "{{ $x := list ".to_owned() + &"1 ".repeat(2_000_000) + "}}");
    assert!(read.contains("ConfigMap.default.own") && read.contains("(helm-limit-actions)"), "{read}");
}

#[test]
fn large_texts_and_outputs_are_bounded() {
    let read = read_beside("templates/t.yaml", "# a comment\n".repeat(400_000));
    assert!(!read.contains("helm-limit"), "{read}");
    let read = read_beside("templates/t.yaml", "{{ range until 1000 }}{{ repeat 100000 \"y\" }}{{ end }}");
    assert!(read.contains("ConfigMap.default.own") && read.contains("(helm-limit-text)"), "{read}");
}

#[test]
fn globals_of_many_charts_are_bounded() {
    let chart = |name: &str| format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n").into_bytes();
    let globals: String = (0..1_000).map(|index| format!("  k{index}: 1\n")).collect();
    let mut files = vec![("Chart.yaml".to_owned(), chart("c"))];
    files.push(("values.yaml".to_owned(), format!("global:\n{globals}").into_bytes()));
    files.extend((0..300).map(|index| (format!("charts/s{index}/Chart.yaml"), chart(&format!("s{index}")))));
    let read = read(&Folder::new(files));
    assert!(read.contains("(helm-limit-values)"), "{read}");
}

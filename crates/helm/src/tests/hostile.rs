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
        let limits = read.matches("(helm-limit)").count();
        assert!(limits >= 3 && read.contains("ConfigMap.default.harmless"), "{name}: {read}");
    }
}

#[test]
fn files_outside_of_a_chart_are_not_there() {
    let read = broken("helm-outside");
    assert!(read.contains("data.parent = \"\"") && read.contains("data.absolute = \"\""), "{read}");
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
    assert!(read.contains("(helm-limit)"), "{read}");
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

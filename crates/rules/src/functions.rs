//! The functions that conditions may call. Their meaning lives in `engine`; a test there compares the two lists.

/// A function's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The least number of arguments, the receiver of a method included.
    pub min_arguments: usize,
    /// The greatest number of arguments, the receiver of a method included.
    pub max_arguments: usize,
    /// How it is written.
    pub usage: &'static str,
    /// What it gives.
    pub summary: &'static str,
}

const fn function(
    name: &'static str,
    arguments: (usize, usize),
    usage: &'static str,
    summary: &'static str,
) -> Function {
    Function { name, min_arguments: arguments.0, max_arguments: arguments.1, usage, summary }
}

/// Every function, in order of name. Each may be called as `f(x, y)` and as `x.f(y)`.
pub const FUNCTIONS: &[Function] = &[
    function(
        "address",
        (1, 1),
        "address(value)",
        "the address of the resource that a value points at, or absent",
    ),
    function("age_days", (1, 1), "age_days(text)", "days from a date to the day of the scan"),
    function("base64", (1, 1), "base64(text)", "the text that a base64 text stands for, or absent"),
    function("cidr", (1, 1), "cidr(text)", "a network: `address`, `prefix`, `version`, `is_public`, `size`"),
    function(
        "containers",
        (1, 1),
        "containers(pod)",
        "containers, init containers and ephemeral containers of a pod",
    ),
    function("contains", (2, 2), "text.contains(part)", "whether a text holds another, or a list an element"),
    function("cron_interval", (1, 1), "cron_interval(text)", "the longest gap between two runs, in seconds"),
    function("date", (1, 1), "date(text)", "a date as a number of days, for comparisons"),
    function("double", (1, 1), "double(value)", "the number that a text or number stands for"),
    function("duration", (1, 1), "duration(text)", "a span of time such as `1h30m` or `P1D`, in seconds"),
    function("endsWith", (2, 2), "text.endsWith(part)", "whether a text ends so"),
    function(
        "flags",
        (1, 1),
        "flags(words)",
        "the flags of a command line, from name without dashes to value; `true` for one without value",
    ),
    function("flatten", (1, 1), "list.flatten()", "the elements of the lists in a list"),
    function("glob", (2, 2), "glob(pattern, text)", "whether a path or name matches `*`, `**`, `?`, `{a,b}`"),
    function("image", (1, 1), "image(text)", "an image name: `registry`, `repository`, `tag`, `digest`"),
    function("int", (1, 1), "int(value)", "the whole number that a text or number stands for"),
    function(
        "is_public",
        (1, 1),
        "is_public(cidr)",
        "whether a network holds addresses of the public internet",
    ),
    function("join", (1, 2), "list.join(separator)", "the texts of a list in one"),
    function("json", (1, 1), "json(text)", "the value that a JSON text holds"),
    function("kind", (1, 1), "kind(value)", "the kind of the resource that a value points at, or absent"),
    function(
        "linked",
        (2, 2),
        "linked(kind, attribute)",
        "the resources of that kind whose attribute points at `self`",
    ),
    function("lower", (1, 1), "lower(text)", "a text in lower case"),
    function("lowerAscii", (1, 1), "text.lowerAscii()", "a text with A to Z in lower case"),
    function("matches", (2, 2), "text.matches(pattern)", "whether a regular expression is found in a text"),
    function("policy", (1, 1), "policy(value)", "an access policy with normalized `statements`"),
    function(
        "quantity",
        (1, 1),
        "quantity(text)",
        "a Kubernetes quantity such as `500m` or `1Gi` as a number",
    ),
    function("replace", (3, 3), "text.replace(from, to)", "a text with parts replaced"),
    function("resources", (1, 1), "resources(kind)", "all resources of a kind"),
    function("semver", (1, 1), "semver(text)", "a version that compares by its numbers"),
    function(
        "size",
        (1, 1),
        "size(value)",
        "the number of characters, elements or entries; 0 of what is absent",
    ),
    function("split", (2, 2), "text.split(separator)", "the parts of a text"),
    function("startsWith", (2, 2), "text.startsWith(part)", "whether a text begins so"),
    function("string", (1, 1), "string(value)", "the text of a scalar"),
    function("target", (1, 1), "target(value)", "the resource that a value points at, or absent"),
    function("trim", (1, 1), "text.trim()", "a text without space around it"),
    function("upper", (1, 1), "upper(text)", "a text in upper case"),
    function("upperAscii", (1, 1), "text.upperAscii()", "a text with a to z in upper case"),
    function("within", (2, 2), "within(inner, outer)", "whether a network lies inside another"),
];

/// The function of that name.
#[must_use]
pub fn function_named(name: &str) -> Option<&'static Function> {
    let index = FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok()?;
    FUNCTIONS.get(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_names_are_found() {
        assert!(FUNCTIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert_eq!(function_named("size").map(|function| function.usage), Some("size(value)"));
    }
}
